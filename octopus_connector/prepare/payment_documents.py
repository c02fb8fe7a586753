"""What is told of documents of a payment that its dossier has not got."""

from __future__ import annotations

from dataclasses import replace

from ..core import codes
from ..core.codes import INFO
from ..core.findings import Finding
from ..core.states import BOOKED, NOT_THERE
from .payment_items import parts_of
from .scope import concerned

# Told of a payment that goes without one of its documents.
UNMATCHED, ELSEWHERE = codes.PAYMENT_UNMATCHED, codes.PAYMENT_ELSEWHERE


def told_of_documents(items, without, dossier) -> list[Finding]:
    """Return what is to be told of documents that the dossier has not got: for those
    that it will get the payment waits.

    :param without: what :func:`documents_of` returned
    """
    coming = waiting_for(items, without, dossier)
    elsewhere = _elsewhere(without, dossier)
    alone = without.filtered(lambda move: move not in elsewhere) - coming
    for row, _amount in parts_of(items):
        if row.state in NOT_THERE:
            alone |= row.move_id
    findings = [
        Finding(code, {"documents": moves.octopus_names()}, moves._name, moves.ids)
        for code, moves in ((codes.PAYMENT_WAITS, coming), (UNMATCHED, alone))
        if moves
    ]
    if elsewhere:
        moves = without.filtered(elsewhere.get)
        facts = {
            "documents": moves.octopus_names(),
            "others": [it.name for it in dict.fromkeys(elsewhere.values())],
            "dossier": dossier.name,
        }
        findings.append(Finding(ELSEWHERE, facts, moves._name, moves.ids))
    return findings


def once_documents_went(findings) -> tuple[Finding, ...]:
    """Return what there is to tell of a payment once its documents went, which go
    before it: that it waits for them is no more than told.

    :param findings: ``Finding`` values of the payment as it is now
    """
    return tuple(
        replace(found, severity=INFO) if found.code == codes.PAYMENT_WAITS else found
        for found in findings
    )


def _elsewhere(without, dossier):
    """Return ``{document: octopus.dossier}`` of those that are in another dossier, or
    go there, as those of a branch with its own."""
    found = {}
    for move in without:
        booked = move.octopus_booking_ids.filtered(lambda row: row.state in BOOKED)
        there = booked.dossier_id[:1] or move.company_id.octopus_dossier()
        if there and there != dossier:
            found[move] = there
    return found


def waiting_for(items, without, dossier):
    """Return the documents that the dossier has not got yet, and will get: drafts too,
    for a bank line may be reconciled with one before it is confirmed.

    :param items: the counterparts of a payment, with the documents they pay
    :param without: what :func:`documents_of` returned
    :param dossier: ``octopus.dossier``
    :return: ``account.move``
    """
    elsewhere = _elsewhere(without, dossier)
    here = without.filtered(lambda move: move not in elsewhere)
    coming = concerned(here)
    for row, _amount in parts_of(items):
        if row.state not in (*BOOKED, *NOT_THERE):
            coming |= row.move_id
    return coming
