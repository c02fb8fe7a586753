"""What the accountant of a dossier is told, as values: texts in their language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Document:
    """One document or payment, as text.

    :param name: its number in Odoo
    :param number: its number in Octopus, such as ``V1/74``; empty before that
    """

    name: str
    date: str
    relation: str
    amount: str
    number: str = ""


@dataclass(frozen=True)
class Waiting:
    """What waits for one act of the accountant.

    :param key: names it in the page
    :param told: how many documents, and how much
    :param said: what is known since somebody said that it is open
    :param looked: whether it is being looked at, so that nobody need say it again
    :param more: says how many documents are not named
    """

    key: str
    title: str
    to_do: str
    told: str
    documents: tuple[Document, ...]
    more: str
    said: str
    looked: bool
    is_closed: bool


@dataclass(frozen=True)
class Sent:
    """What went to one journal: how much, from which number to which."""

    journal: str
    numbers: str
    count: int
    amount: str


@dataclass(frozen=True)
class Side:
    """One fact that both sides have otherwise."""

    what: str
    here: str
    there: str


@dataclass(frozen=True)
class Differing:
    """A document that is not the same on both sides."""

    document: Document
    sides: tuple[Side, ...]
    told: str


@dataclass(frozen=True)
class Question:
    """What a bookkeeper asks about a document; the answer, once there is one."""

    id: int
    document: Document
    company: str
    text: str
    asked: str
    answer: str
    answered: str
