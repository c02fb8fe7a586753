"""What can be done to a dossier by hand, by name.

Each act takes the books and the fields given (JSON values, or texts of a form) and
returns what it made, as a text. Refusals and wrong fields are exceptions.
"""

import datetime
import inspect
from decimal import Decimal, InvalidOperation

from ..state.booking import BookingLine
from ..state.financial_booking import ACCOUNT, FinancialLine
from ..state.keys import WHOLE_DOCUMENT, DocumentKey, LineKey
from ..state.money import ZERO

ACTS = {}
_TRUE = ("1", "true", "on", "yes")


class WrongField(Exception):
    """A field is missing, unknown, or not what it should be."""


def act(function):
    """Make a function an act of its name."""
    ACTS[function.__name__] = function
    return function


def perform(name, books, fields):
    """Do an act; :class:`WrongField` names what is wrong with the request."""
    if name not in ACTS:
        raise WrongField(f"there is no act {name!r}; there are {', '.join(ACTS)}")
    try:
        inspect.signature(ACTS[name]).bind(books, **fields)
    except TypeError as error:
        raise WrongField(f"{name}: {error}") from error
    return str(ACTS[name](books, **fields) or "done")


# -- reading fields --------------------------------------------------------------


def money(value):
    """An amount with a point or a comma."""
    try:
        return Decimal(str(value).replace(",", "."))
    except InvalidOperation as error:
        raise WrongField(f"{value!r} is not an amount") from error


def whole(value):
    """A whole number."""
    try:
        return int(value)
    except (TypeError, ValueError) as error:
        raise WrongField(f"{value!r} is not a number") from error


def yes(value):
    """A yes or no."""
    return str(value).lower() in _TRUE


def day(value):
    """A date."""
    try:
        return datetime.date.fromisoformat(str(value))
    except ValueError as error:
        raise WrongField(f"{value!r} is not a date") from error


def document(text):
    """A document's key, written ``2/V1/15``."""
    parts = str(text).split("/")
    if len(parts) != 3:
        raise WrongField(f"{text!r} is not bookyear/journal/number")
    return DocumentKey(whole(parts[0]), parts[1], whole(parts[2]))


def line(text):
    """A line's key, written ``2/F1/3/1``; without the last part the document."""
    head, _slash, tail = str(text).rpartition("/")
    if str(text).count("/") == 3:
        return LineKey(*document(head), whole(tail))
    return LineKey(*document(text), WHOLE_DOCUMENT)


_JOURNAL_FIELDS = {
    "closed": yes,
    "opened_by": str,
    "protected_period": whole,
    "closed_period": whole,
    "next_number": whole,
}
_DOCUMENT_FIELDS = {
    "comment": str,
    "reference": str,
    "document_date": day,
    "expiry_date": day,
    "period": whole,
    "relation": whole,
    "amount": money,
}


def _read(readers, fields):
    """The given fields by their readers; empty texts are left out."""
    return {
        name: readers[name](value)
        for name, value in fields.items()
        if value is not None and (value != "" or readers[name] is str)
    }


# -- journals and years ----------------------------------------------------------


@act
def set_journal(
    books,
    bookyear,
    journal,
    closed=None,
    opened_by=None,
    protected_period=None,
    closed_period=None,
    next_number=None,
):
    """Open, close, lock or protect a journal."""
    given = {
        "closed": closed,
        "opened_by": opened_by,
        "protected_period": protected_period,
        "closed_period": closed_period,
        "next_number": next_number,
    }
    books.accountant.set_journal(
        whole(bookyear), journal, **_read(_JOURNAL_FIELDS, given)
    )


@act
def protect_period(books, bookyear, period):
    """Protect every journal of a bookyear until a period; 0 frees them."""
    books.accountant.protect_period(whole(bookyear), whole(period))


@act
def close_year(books, bookyear, closed=True):
    """Close a bookyear, or open it again."""
    books.accountant.close_year(whole(bookyear), yes(closed))


@act
def carry_over(books, bookyear, done=True):
    """Carry over what is open to a bookyear, or show that it is not done yet."""
    books.accountant.carry_over(whole(bookyear), yes(done))


@act
def add_year(books):
    """Open the bookyear that follows the last one."""
    return books.accountant.add_year()


@act
def delete_journal(books, bookyear, journal):
    """Delete a journal that has no documents."""
    books.accountant.delete_journal(whole(bookyear), journal)


@act
def disable(books, disabled=True):
    """Disable the dossier, or enable it again."""
    books.dossier.disabled = yes(disabled)


# -- documents -------------------------------------------------------------------


@act
def book(
    books,
    journal,
    date,
    relation,
    base,
    account,
    vat_code="",
    vat=ZERO,
    comment=None,
    credit_note=False,
):
    """Enter a purchase or sale by hand."""
    one = BookingLine(whole(account), money(base), vat_code or None, money(vat or 0))
    return books.accountant.book_document(
        journal,
        day(date),
        whole(relation),
        [one],
        comment,
        -one.total if yes(credit_note) else None,
    )


@act
def delete_last(books, bookyear, journal):
    """Delete the last document of a journal."""
    return books.accountant.delete_last(whole(bookyear), journal)


@act
def renumber(books, key, number):
    """Give a document another number."""
    books.accountant.renumber(document(key), whole(number))


@act
def edit(
    books,
    key,
    comment=None,
    reference=None,
    document_date=None,
    expiry_date=None,
    period=None,
    relation=None,
    amount=None,
):
    """Change a document by hand."""
    given = {
        "comment": comment,
        "reference": reference,
        "document_date": document_date,
        "expiry_date": expiry_date,
        "period": period,
        "relation": relation,
        "amount": amount,
    }
    books.accountant.edit(document(key), **_read(_DOCUMENT_FIELDS, given))


@act
def enter_relations(books, relations):
    """Enter relations in the program, each with the fields of a
    :class:`~octopus_sandbox.state.relation.Relation`; gives their numbers."""
    if any("id" in values for values in relations):
        raise WrongField("a relation gets its number from Octopus")
    return ",".join(str(books.relations.enter(values).id) for values in relations)


@act
def delete_relation(books, relation):
    """Delete a relation that has no bookings."""
    books.relations.delete(whole(relation))


# -- money -----------------------------------------------------------------------


@act
def pay(books, journal, date, lines, rate="1"):
    """Book a receipt or payment, and match it.

    ``lines``: ``[{type, relation|account, amount, reference, pays: {key: amount}}]``;
    ``rate``: of a journal in another currency.
    """
    counterparts, targets = [], []
    for fields in lines:
        counterparts.append(
            FinancialLine(
                type=fields["type"],
                amount=money(fields["amount"]),
                account=whole(fields.get("account", 0)),
                relation=(
                    None if fields["type"] == ACCOUNT else whole(fields["relation"])
                ),
                reference=fields.get("reference"),
            )
        )
        pays = fields.get("pays", {})
        targets.append({line(key): money(paid) for key, paid in pays.items()})
    accountant = books.accountant
    return accountant.pay(journal, day(date), counterparts, targets, money(rate))


@act
def book_line(books, journal, date, account, amount):
    """Book money of an account in an F journal, such as costs of the bank."""
    one = FinancialLine(ACCOUNT, money(amount), account=whole(account))
    return books.accountant.book_lines(journal, day(date), [one])


@act
def edit_line(books, key, line, amount):
    """Change the amount of a line of an F or D booking."""
    books.accountant.edit_line(document(key), whole(line), money(amount))


@act
def match(books, debit, credit, amount):
    """Match two items."""
    books.matching.balance(line(debit), line(credit), money(amount))


@act
def unmatch(books, debit, credit):
    """Undo the match of two items."""
    books.matching.unbalance(line(debit), line(credit))


@act
def unmatch_document(books, key):
    """Undo every match of a document."""
    return books.matching.unbalance_document(document(key))


@act
def write_off(books, key, account, date, journal="D1"):
    """Book what is open of an item to an account."""
    return books.accountant.write_off(line(key), whole(account), day(date), journal)
