import logging
from functools import partial

from odoo import api, models
from odoo.service.model import retrying

from ..api.client import ALL_BOOKYEARS
from ..api.errors import NO_FEED
from ..api.types import is_whole
from ..core import codes
from ..core.bank_money import currency_of
from ..core.compare_booking import Match
from ..core.compare_payment import total
from ..core.findings import Finding
from ..core.money import exact
from ..core.states import AT_HAND, PAYMENT_BOOKED
from ..sync.payments.apply import answer, ask

_logger = logging.getLogger(__name__)


class OctopusPayment(models.Model):
    """What became of a payment in Octopus after it was booked.

    Nothing here or there is changed by it: a person decides.
    """

    _inherit = "octopus.payment"

    @api.model
    def _compare(self, dossier, octopus, freed, taken, since):
        """Look at payments of which Octopus tells that something happened to them: one
        call when there are any.

        :param octopus: ``api.DossierClient``
        :param freed: (bookyear, journal, number) of what was deleted
        :param taken: those of what was booked or edited
        :param since: aware moment from which on the keys were told
        :return: whether all of them could be looked at
        :raises OctopusError: they cannot be read now
        """
        told = {key for key in freed | taken if key[1][:1] == "F"}
        if not told:
            return True
        entries = self.env["octopus.payment.entry"]
        retrying(partial(entries._note_told, dossier, freed, taken), self.env)
        ours = self._keys(dossier, told)
        if not any(row.state in PAYMENT_BOOKED for row in ours.values()):
            return True
        try:
            listed = octopus.financial_bookings_modified(
                ALL_BOOKYEARS, None, since, partial=True
            )
        except NO_FEED as error:
            # The documents were compared; these are asked for again.
            _logger.info("Payments cannot be listed: %s", error)
            return False
        found = {
            (booking.bookyear_id, booking.journal, booking.number): booking
            for booking in listed
        }
        whole = is_whole(listed)
        for key, row in ours.items():
            # What is not listed may be what could not be read.
            if whole or key in found:
                retrying(partial(row._judge, found.get(key)), self.env)
        return whole

    def _judge(self, booking):
        """Note how what stands on the number compares with what was sent.

        :param booking: ``api.FinancialBooking``; ``None`` when nothing does any more
        """
        self.ensure_one()
        if self.state not in PAYMENT_BOOKED:
            return
        match = self._likeness(booking) if booking else Match.OTHER
        if match is Match.OTHER:
            journal_year, number = self.journal_year_id, self.number
            self._set_gone()
            if booking:
                self.env["octopus.payment.entry"]._keep(journal_year, [booking])
            else:
                journal_year._note_freed([number])
        elif match is Match.ALTERED:
            self._ask_edited(booking)
        else:
            self._no_question()

    def _ask_edited(self, booking):
        """Ask a person what is right: the payment here, or what became of it there."""
        currency = self.company_id.currency_id
        here, there = (
            exact(float(total(it)), currency) for it in (self._booking(), booking)
        )
        facts = {
            "payment": self.document_name,
            "number": self.octopus_number,
            "here": here,
            "there": there,
            "currency": currency_of(self.journal_id),
        }
        code = codes.PAYMENT_EDITED if here != there else codes.PAYMENT_EDITED_OTHERWISE
        finding = Finding(code, facts, self._name, self.ids)
        values = {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.commercial_partner_id.id,
            "amount": float(abs(there - here)),
        }
        ask(self.dossier_id, {self._question_key(): (finding, values)})

    def _edited(self):
        """Return what stops the booking that takes this one back: it would not undo
        what stands in Octopus now. ``None`` when both are the same."""
        key = self._question_key()
        question = (
            self.env["octopus.payment.question"]
            .of_keys(self.dossier_id, [key])
            .get(key)
        )
        if not question or question.state == "closed":
            return None
        facts = question.finding["params"]
        return Finding(codes.PAYMENT_UNDO_EDITED, facts, self._name, self.ids)

    def _no_question(self):
        keys = [self._question_key()]
        answer(self.dossier_id, keys)
        # Also one that is not stopped yet: a pass may be about to stop it.
        self.reversal_ids.filtered(lambda row: row.state in AT_HAND)._may_go()

    def _question_key(self):
        return f"payment:{self.id}"

    def _set_gone(self):
        # EXTENDS: what is not there any more is no other there
        for row in self:
            row._no_question()
        return super()._set_gone()
