"""What is there in Odoo already: what balancings made, what people made themselves, and
what went to Octopus from here. Nothing is written."""

from decimal import Decimal
from functools import cached_property

from ...core import codes
from ...core.findings import Finding, FindingError
from ...core.money import exact
from ...prepare.payment_items import documents_of, items_of, wanted_of
from .desired import about, sides_of

ZERO = Decimal(0)
LIVE = ("in_process", "paid")


def of_row(code, row, **params):
    """Return what is to be told about what a balancing made, or about its document.

    :param code: one of ``core.codes``
    :param row: ``octopus.balancing``
    :param params: of the text of that code, beside document and payment
    :return: ``Finding``
    """
    made = row.payment_id or row.entry_id
    target = made or _document_of(row)
    return Finding(
        code,
        {
            "document": ", ".join(_document_of(row).octopus_names()),
            "payment": made.name or "",
            **params,
        },
        target._name,
        target.ids,
    )


def _document_of(row):
    return (row.debit_booking_id or row.credit_booking_id).move_id


def registered(make, used):
    """Return the payment that a person registered and that is just what is wanted:
    without an account to wait on, it has no entry, and leaves the document open.

    :param make: the ``Payment`` that is wanted
    :param used: ``account.payment`` that others of the batch are already
    :return: ``account.payment``, empty when none is registered
    :raises FindingError: one is registered that is not just this
    """
    without = make.move.matched_payment_ids.filtered(
        lambda payment: payment.state in LIVE and not payment.move_id
    )
    without -= used
    if not without:
        return without
    same = without.filtered(lambda payment: _is_same_payment(payment, make))
    if not same:
        raise FindingError(_about_registered(make, without))
    return same.sorted(lambda it: (it.date, it.id))[0]


def _is_same_payment(payment, make):
    return (
        payment.invoice_ids == make.move
        and payment.company_id == make.move.company_id
        and payment.journal_id == make.journal
        and payment.payment_type == ("inbound" if make.inbound else "outbound")
        and payment.currency_id == make.currency
        and exact(payment.amount, payment.currency_id) == make.paid
        and payment.partner_id.commercial_partner_id == make.move.commercial_partner_id
    )


def _about_registered(make, payments):
    facts = {
        "document": make.move.name,
        "counterpart": make.memo,
        "amount": make.amount,
        "currency": make.move.currency_id.name,
        "payment": payments.mapped("display_name"),
        "registered": sum(exact(it.amount, it.currency_id) for it in payments),
    }
    return Finding(codes.PAYMENT_REGISTERED, facts, payments._name, payments.ids)


def is_by_hand(wanted) -> bool:
    """Whether a person reconciled two documents for that amount already.

    :param wanted: the ``Reconciliation`` of them
    """
    partials = wanted.debit_lines.matched_credit_ids.filtered(
        lambda partial: partial.credit_move_id in wanted.credit_lines
    )
    by_hand = partials - partials.octopus_balancing_ids.partial_ids
    amount = sum(by_hand.mapped("debit_amount_currency"))
    currency = wanted.debit_lines.currency_id[:1]
    return bool(by_hand) and exact(amount, currency) >= wanted.amount


def is_in_force(row) -> bool:
    """Whether the payment or write-off that a row made counts.

    :param row: ``octopus.balancing``
    """
    return row.payment_id.state in LIVE or row.entry_id.state == "posted"


class Existing:
    """What there is of a batch of balancings; queries do not grow with it.

    :param rows: ``octopus.balancing``, in sudo
    :param journals: ``Journals``
    """

    def __init__(self, rows, journals):
        self.env = rows.env
        self.rows = rows
        self._journals = journals

    # What went to Octopus from here

    @cached_property
    def _sent_rows(self):
        """``{row id: octopus.payment}`` of rows that tell of a payment which went from
        here to Octopus: it is in Odoo already."""
        keys = {}
        for row in self.rows:
            for side in ("debit", "credit"):
                if row[f"{side}_journal"][:1] == "F":
                    keys[row.id] = row.side_key(side)
        payments = self.env["octopus.payment"]
        ours = (
            payments.of_keys(self.rows.dossier_id, set(keys.values())) if keys else {}
        )
        return {row_id: ours[key] for row_id, key in keys.items() if key in ours}

    def is_sent(self, row) -> bool:
        """Whether a row tells of a payment which went from here to Octopus.

        :param row: ``octopus.balancing`` of the batch
        """
        return row.id in self._sent_rows

    def about_sent(self, row, there):
        """Return what a match of a payment of ours has to tell a person, if anything:
        Odoo's own payment is never touched.

        :param row: one that :meth:`is_sent`
        :param there: what Octopus matched, in euro; ``None`` when it does not tell
        :return: ``Finding``, or ``None``
        """
        matches = self._sent_rows[row.id].match_ids.filtered(
            lambda match: (
                match.booking_id in row.bookings()
                and match.line in (row.debit_line, row.credit_line)
            )
        )
        if there is None or any(match.state != "made" for match in matches):
            return None
        currency = matches.payment_id.company_id.currency_id
        held = sum((exact(it.amount, currency) for it in matches), ZERO)
        if there < held:
            return self._undone_there(matches, there, held)
        return self._matched_there(row, there) if there > held else None

    def _matched_there(self, row, there):
        """Return the finding that somebody matched it in Octopus with a document, of
        which Odoo does not know that it is paid; ``None`` if Odoo does."""
        payment, (booking, _debit) = self._sent_rows[row.id], sides_of(row)[0]
        items = items_of(payment.move_id) if payment.move_id else []
        documents_of(items, row.dossier_id)
        here = wanted_of(items).items()
        paid = sum(part for (_item, row_id), part in here if row_id == booking.id)
        if paid >= there:
            return None
        return about(
            codes.PAYMENT_MATCHED_THERE,
            booking.move_id,
            payment=payment.octopus_number,
            amount=there,
        )

    @staticmethod
    def _undone_there(matches, there, held):
        """Return the finding that matches of ours were taken back in Octopus, or all
        but a part of them."""
        payment = matches.payment_id
        facts = {
            "document": matches.booking_id[:1].document_name,
            "payment": payment.octopus_number,
        }
        code = codes.PAYMENT_UNMATCHED_THERE
        if there:
            code, facts = (
                codes.PAYMENT_MATCHED_LESS,
                {**facts, "there": there, "here": held},
            )
        return Finding(code, facts, "octopus.payment", payment.ids)

    @cached_property
    def leant_on(self):
        """The rows (``octopus.balancing``) of two documents that Octopus took back,
        while what is reconciled here counts as matched there: by somebody there before
        us, and for more, so that nothing was made of it, or by us, and taken back
        before it was read."""
        gone = self.rows.filtered(
            lambda row: (
                row.deleted
                and not row.made
                and row.debit_booking_id
                and row.credit_booking_id
            )
        )
        pairs = self.env["octopus.document.match"]
        if gone:
            pairs = pairs.search(
                [
                    ("amount", "!=", 0),
                    ("debit_booking_id", "in", gone.debit_booking_id.ids),
                    ("credit_booking_id", "in", gone.credit_booking_id.ids),
                ]
            )
        held = {(pair.debit_booking_id, pair.credit_booking_id) for pair in pairs}
        return gone.filtered(
            lambda row: (row.debit_booking_id, row.credit_booking_id) in held
        )

    # What a row made

    def altered(self, row):
        """Tell whether a person changed what the row made.

        :param row: ``octopus.balancing`` that made something
        :return: the ``Finding``, or ``None``
        """
        if row.made["kind"] == "payment":
            same = self._is_untouched(row)
        elif row.made["kind"] == "write_off":
            same = self._is_entry_untouched(row)
        else:
            same = row.made.get("by_hand") or row.partial_ids
        return None if same else of_row(codes.PAYMENT_CHANGED, row)

    def _is_untouched(self, row):
        payment, made = row.payment_id, row.made
        if payment.state not in LIVE:
            return False
        now = {
            "amount": str(exact(payment.amount, payment.currency_id)),
            "currency": payment.currency_id.name,
            "date": payment.date.isoformat(),
            "journal": payment.journal_id.id,
        }
        then = dict(made)
        if "foreign" in made:
            # The bank's own currency, where that pays a document in euro.
            currency = payment.journal_id.currency_id.name
            then |= {"amount": made["foreign"], "currency": currency}
        return now.items() <= then.items() and self._pays_its_document(row)

    def _is_entry_untouched(self, row):
        entry = row.entry_id
        return (
            entry.state == "posted"
            and entry.date.isoformat() == row.made["date"]
            and self._pays_its_document(row)
        )

    def _pays_its_document(self, row):
        lines = self._counterpart_lines(row.payment_id.move_id or row.entry_id)
        partials = lines.matched_debit_ids | lines.matched_credit_ids
        paid = (partials.debit_move_id | partials.credit_move_id).move_id
        return (
            bool(lines)
            and all(lines.mapped("reconciled"))
            and _document_of(row) in paid
        )

    @staticmethod
    def _counterpart_lines(entry):
        return entry.line_ids.filtered(
            lambda line: line.account_type in ("asset_receivable", "liability_payable")
        )

    def why_it_must_stay(self, row):
        """Tell why what the row made is not taken back.

        :param row: ``octopus.balancing`` that made something
        :return: the ``Finding``, or ``None``
        """
        if row.made["kind"] == "reconciliation":
            by_hand = row.made.get("by_hand")
            return of_row(codes.PAYMENT_UNDO_CHANGED, row) if by_hand else None
        if not is_in_force(row):
            return None  # a person took it back before
        made = row.payment_id or row.entry_id
        if row.payment_id.reconciled_statement_line_ids:
            return of_row(codes.PAYMENT_UNDO_STATEMENT, row)
        if row.made.get("registered") or self.altered(row):
            return of_row(codes.PAYMENT_UNDO_CHANGED, row)
        lock = self._journals.lock_date(made.company_id, made.date, made.journal_id)
        if lock:
            return of_row(codes.PAYMENT_UNDO_LOCKED, row, lock_date=lock)
        return None
