"""What Octopus looks at before it books.

The number comes first (recorded, docs/octopus.md §6); the order of what follows is not
known and is the switch ``check_order``.
"""

from decimal import Decimal

from .account import COST_CENTRE_MANDATORY, COST_CENTRE_NONE
from .booking import BookingLine
from .codes import Code
from .errors import Refusal
from .financial_booking import ACCOUNT, CLIENT, SUPPLIER
from .journal import DIVERS, SELL
from .money import has_cents_only, to_cents

_HUNDRED = Decimal(100)
# How far the VAT of a line may be from its rate when switch vat_amount is "checked".
_VAT_TOLERANCE = Decimal("0.05")


class Checks:
    """Checks of one act on one dossier; each raises :class:`Refusal`.

    ``act`` starts the technical text, e.g. ``Unable to insert booking``.
    """

    def __init__(self, dossier, switches, act):
        self.dossier = dossier
        self.switches = switches
        self.act = act

    def refuse(self, code, detail):
        """The refusal with the technical text in the recorded form."""
        return Refusal(code, f"{self.act} in dossier {self.dossier.id}.  {detail}")

    # -- where ---------------------------------------------------------------

    def journal(self, document, types, insertion_types):
        """The journal of a document, of the right type and mode."""
        if document.bookyear not in self.dossier.bookyears:
            raise self.refuse(Code.UNKNOWN_BOOKYEAR, "Bookyear unknown")
        journal = self.dossier.journals.get((document.bookyear, document.journal))
        if not journal:
            raise self.refuse(Code.UNKNOWN_JOURNAL, "Journal unknown")
        if journal.type not in types:
            raise self.refuse(Code.INVALID_JOURNAL, f"Journal type {journal.type}")
        if journal.type == SELL and journal.insertion_type not in insertion_types:
            raise self.refuse(
                Code.WRONG_JOURNAL_MODE,
                f"Journal insertion type {journal.insertion_type}",
            )
        return journal

    def lock(self, journal):
        """The journal is neither closed nor open at somebody's."""
        if journal.closed:
            raise self.refuse(Code.JOURNAL_CLOSED, "Journal closed")
        if journal.opened_by:
            raise self.refuse(Code.JOURNAL_OPEN, "Journal open by other user")

    def number(self, document, journal, wording):
        """The number is the one that follows; ``wording(last, new)`` is the text."""
        last = self.dossier.last_number(*document.key.series)
        if self.switches["next_number"] == "obeyed":
            last = max(last, journal.next_number - 1)
        if document.number != last + 1:
            raise self.refuse(Code.ILLEGAL_NUMBER, wording(last, document.number))

    def period(self, document, journal, also_protected=False):
        """The period exists and may be booked in."""
        year = self.dossier.bookyears[document.bookyear]
        if not year.period(document.period):
            raise self.refuse(Code.UNKNOWN_PERIOD, "Bookyear period unknown")
        if year.closed:
            code = Code(int(self.switches["closed_year_code"]))
            raise self.refuse(code, "Bookyear closed")
        if not also_protected and document.period <= journal.protected_period:
            raise self.refuse(Code.PERIOD_PROTECTED, "Bookyear period protected")
        if self._in_closed_period(document.period, journal.closed_period):
            raise self.refuse(Code.PERIOD_PROTECTED, "Bookyear period closed")

    def _in_closed_period(self, period, closed):
        if not closed:
            return False
        until = self.switches["closed_period"] == "until"
        return period <= closed if until else period >= closed

    # -- header --------------------------------------------------------------

    def relation(self, number, client):
        """The relation exists, and is a customer (or supplier) where it must be."""
        relation = self.dossier.relations.get(number)
        if not relation:
            raise self.refuse(Code.UNKNOWN_RELATION, "Relation unknown")
        fits = relation.client if client else relation.supplier
        if not fits and self.switches["relation_role"] == "strict":
            role = "client" if client else "supplier"
            raise self.refuse(
                Code.UNKNOWN_RELATION, f"Relation {number} is not a {role}"
            )
        return relation

    def rate(self, rate):
        """The exchange rate is above zero."""
        if rate <= 0:
            raise self.refuse(Code.ILLEGAL_EXCHANGE_RATE, f"Exchange rate {rate}")

    def currency(self, code):
        """The dossier knows the currency."""
        if code not in self.dossier.currencies:
            raise self.refuse(Code.UNKNOWN_CURRENCY, f"Currency {code} unknown")

    def text(self, name, text):
        """The text is not too long (switch ``text_limit``)."""
        limit = self.switches["text_limit"]
        if limit and text and len(text) > limit:
            raise self.refuse(Code.INVALID_PARAMETER, f"{name} longer than {limit}")

    # -- lines ---------------------------------------------------------------

    def account(self, bookyear, number):
        """The account exists in the bookyear and can be booked on."""
        account = self.dossier.accounts.get((bookyear, number))
        if not account:
            raise self.refuse(Code.UNKNOWN_ACCOUNT, f"Account {number} unknown")
        if not account.booking:
            raise self.refuse(
                Code.NOT_A_BOOKING_ACCOUNT, f"Account {number} is a heading"
            )

    def cost_centre(self, number):
        """The cost centre exists and is open."""
        if number is None:
            return
        centre = self.dossier.cost_centres.get(number)
        if not centre:
            raise self.refuse(Code.UNKNOWN_COST_CENTRE, f"Costcentre {number} unknown")
        if centre.closed:
            raise self.refuse(Code.COST_CENTRE_CLOSED, f"Costcentre {number} closed")

    def cost_centre_of(self, bookyear, line):
        """The cost centre of a line exists, is open and fits its account (switches
        ``cost_centre_missing`` and ``cost_centre_unwanted``)."""
        self.cost_centre(line.cost_centre)
        account = self.dossier.accounts[bookyear, line.account]
        kind, given = account.cost_centre_type, line.cost_centre is not None
        missing = kind == COST_CENTRE_MANDATORY and not given
        unwanted = kind == COST_CENTRE_NONE and given
        if missing and self.switches["cost_centre_missing"] == "refuse":
            detail = f"Costcentre missing on account {line.account}"
        elif unwanted and self.switches["cost_centre_unwanted"] == "refuse":
            detail = f"Account {line.account} has no costcentre"
        else:
            return
        raise self.refuse(Code.UNKNOWN_COST_CENTRE, detail)

    def overflow(self, bookyear, told):
        """The days of a line that is spread over time are in order, and its account
        exists (switch ``overflow_account``)."""
        if not told:
            return
        begin, end = told.get("beginDate"), told.get("endDate")
        if not begin or not end or begin > end:
            raise self.refuse(Code.BOOKING_NOT_SAVED, f"Overflow {begin} - {end}")
        if told.get("accountNr"):
            self.account(bookyear, told["accountNr"])
        elif self.switches["overflow_account"] == "required":
            raise self.refuse(Code.UNKNOWN_ACCOUNT, "Overflow account missing")

    def line(self, booking, line):
        """One line of a purchase or sales booking."""
        self.account(booking.bookyear, line.account)
        self.cost_centre_of(booking.bookyear, line)
        self.overflow(booking.bookyear, line.overflow or {})
        self._vat(booking, line)
        self.cents(line.base, line.vat)
        if line.base * line.vat < 0:
            raise self.refuse(Code.OTHER_SIGN, "Base and VAT have another sign")
        recup = line.vat_recup
        if recup is not None and not 0 <= recup <= _HUNDRED:
            raise self.refuse(Code.INVALID_VAT_RECUP, f"VAT recuperation {recup}")

    def _vat(self, booking, line: BookingLine):
        if not line.vat_code:
            allowed = self.switches["line_without_vat_code"] == "accept"
            if line.vat or not allowed:
                raise self.refuse(Code.UNKNOWN_VAT_CODE, "VAT code missing")
            return
        codes = [
            code
            for (name, _t), code in self.dossier.vat_codes.items()
            if name == line.vat_code
        ]
        if not codes:
            raise self.refuse(
                Code.UNKNOWN_VAT_CODE, f"VAT code {line.vat_code} unknown"
            )
        code = next((c for c in codes if c.is_sale == booking.is_sale), None)
        if not code:
            raise self.refuse(
                Code.WRONG_VAT_CODE_TYPE, f"VAT code {line.vat_code} wrong type"
            )
        if self.switches["vat_amount"] == "checked":
            self._vat_amount(line, code)

    def _vat_amount(self, line, code):
        rate = Decimal(0) if code.reverse_charge else code.percentage
        expected = to_cents(line.base * rate / _HUNDRED)
        if abs(line.vat - expected) > _VAT_TOLERANCE:
            raise self.refuse(
                Code.BOOKING_NOT_SAVED, f"VAT amount {line.vat}, expected {expected}"
            )

    def cents(self, *amounts):
        """No amount is smaller than a cent (switch ``decimals``)."""
        for amount in amounts:
            if not has_cents_only(amount):
                raise self.refuse(
                    Code.BOOKING_NOT_SAVED, f"Amount {amount} has too many decimals"
                )

    def lines_meet_header(self, booking):
        """The header's amount is the sum of the lines (switch ``header_balance``)."""
        if self.switches["header_balance"] == "accept":
            return
        difference = abs(booking.amount - booking.lines_total)
        if difference > self.switches["header_tolerance"]:
            raise self.refuse(
                Code.BOOKING_NOT_SAVED,
                f"Amount {booking.amount}, lines {booking.lines_total}",
            )

    def financial_line(self, booking, line):
        """One line of a financial or divers booking."""
        if line.type not in (ACCOUNT, CLIENT, SUPPLIER):
            raise self.refuse(Code.UNKNOWN_LINE_TYPE, f"Line type {line.type}")
        if line.type == ACCOUNT:
            self.account(booking.bookyear, line.account)
            self.cost_centre_of(booking.bookyear, line)
        else:
            self.relation(line.relation, line.type == CLIENT)
            self.cost_centre(line.cost_centre)
        self.cents(line.amount)

    def divers_is_zero(self, booking):
        """The lines of a D journal cancel out (switch ``divers_balance``)."""
        enforced = self.switches["divers_balance"] == "refuse"
        if enforced and booking.journal.startswith(DIVERS) and booking.total:
            raise self.refuse(
                Code.BOOKING_NOT_SAVED, f"Divers booking not zero: {booking.total}"
            )
