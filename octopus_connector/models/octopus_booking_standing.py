from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..api.errors import OctopusError, OctopusMissing, OctopusUnknownOutcome
from ..api.stored import from_json, to_json
from ..api.types import Booking, RelationRef
from ..core import codes
from ..core.compare_booking import Match, compare_moved
from ..core.differences import differences
from ..core.find_booking import likeness, same_relation, words
from ..core.findings import Finding, FindingError
from ..core.states import OPEN, TO_DECIDE
from ..prepare.duplicates import BILLS
from ..send.relations import RelationSender
from ..transaction import own_transaction

ASKED = (codes.MAYBE_BOOKED, codes.NUMBER_DISPUTED)
# A booking that is nobody's yet shows only next to the document that it may be: the
# reader of that one may not see all of the dossier.
CANDIDATE = {"compute": "_compute_candidate", "compute_sudo": True}
# What a row no longer says once Octopus has nothing of its document.
NOT_THERE = {
    "number": False,
    "payload": False,
    "sent_at": False,
    "payments_linked": False,
}


class OctopusBooking(models.Model):
    """What stands in Octopus for a document, and what a person decides about it.

    Nothing here happens by itself: Octopus and Odoo are only changed by a person who
    chose so.
    """

    _inherit = "octopus.booking"

    candidate_id = fields.Many2one(
        "octopus.journal.entry",
        string="Perhaps in Octopus as",
        **CANDIDATE,
    )
    document_amount = fields.Float(
        string="Amount here",
        digits=(16, 2),
        compute="_compute_document_amount",
        help="Total in the document's currency; negative on credit notes.",
    )
    candidate_amount = fields.Float(string="Amount there", digits=(16, 2), **CANDIDATE)
    candidate_date = fields.Date(string="Date there", **CANDIDATE)
    candidate_comment = fields.Char(string="Comment there", **CANDIDATE)
    candidate_score = fields.Integer(string="Score", **CANDIDATE)
    candidate_reason = fields.Text(string="Agrees", **CANDIDATE)
    candidate_told = fields.Text(string="Found there", **CANDIDATE)
    other_bill_ids = fields.Many2many(
        "octopus.booking",
        "octopus_booking_other_bill_rel",
        "booking_id",
        "other_id",
        string="Not the same bill as",
        readonly=True,
        copy=False,
        help="Bills of which a person said that they are another one.",
    )
    differences = fields.Json(
        readonly=True,
        copy=False,
        help="In what Octopus has something else than was sent.",
    )
    differences_text = fields.Char(
        string="Difference", compute="_compute_differences_text"
    )

    @api.depends("move_id.amount_total", "kind")
    def _compute_document_amount(self):
        for row in self:
            sign = -1 if row.kind.endswith("refund") else 1
            row.document_amount = sign * row.move_id.amount_total

    @api.depends("findings", "cause")
    @api.depends_context("lang")
    def _compute_candidate(self):
        """Show the booking of others that may be this document."""
        entries = self.env["octopus.journal.entry"]
        names = self._agreeing()
        for row in self:
            asked = row.cause in ASKED and row._deciding()
            found = asked or {}
            entry = entries.browse(found.get("ids", ())).exists()[:1]
            row.candidate_id = entry
            row.candidate_amount = entry.amount
            row.candidate_date = entry.document_date
            row.candidate_comment = entry.comment
            told = entry.octopus_number, entry.comment
            row.candidate_told = "\n".join(filter(None, told))
            params = found.get("params", {})
            row.candidate_score = params.get("score", 0)
            reasons = params.get("reasons", ())
            row.candidate_reason = ", ".join(names[reason] for reason in reasons)

    def _agreeing(self):
        return {
            "number": self.env._("number"),
            "reference": self.env._("reference"),
            "relation": self.env._("relation"),
            "amount": self.env._("amount"),
            "date": self.env._("date"),
            "near_date": self.env._("date, nearly"),
        }

    @api.depends("differences")
    @api.depends_context("lang")
    def _compute_differences_text(self):
        for row in self:
            told = [row._difference_text(found) for found in row.differences or ()]
            row.differences_text = "; ".join(told)

    def _difference_text(self, found):
        here, there = found["here"], found["there"]
        if found["what"] == "date":
            here, there = (
                format_date(self.env, fields.Date.to_date(day)) for day in (here, there)
            )
        elif found["what"] in ("amount", "vat"):
            ours = self.currency_id.name or ""
            currencies = (it for it in self.differences if it["what"] == "currency")
            theirs = next(currencies, {"there": ours})["there"]
            here, there = f"{here} {ours}", f"{there} {theirs}"
        values = {"here": here, "there": there, "code": found["code"]}
        texts = {
            "amount": self.env._("amount %(there)s instead of %(here)s", **values),
            "currency": self.env._("currency %(there)s instead of %(here)s", **values),
            "date": self.env._("date %(there)s instead of %(here)s", **values),
            "relation": self.env._("relation %(there)s instead of %(here)s", **values),
            "vat": self.env._("VAT %(code)s %(there)s instead of %(here)s", **values),
        }
        return texts[found["what"]]

    # Already in Octopus

    @api.model
    def _look_for_existing(self, dossier):
        """Hold what may be in Octopus already, before anything is sent.

        :param dossier: of which the journals were read
        :return: the rows of which a person must say whether they are
        """
        self._collect(dossier)
        entries = self.env["octopus.journal.entry"]
        rows = self.search([("dossier_id", "=", dossier.id), ("state", "in", OPEN)])
        documents = rows.move_id.octopus_prepare(find_relations=True)
        asked = self.browse()
        for row in rows:
            document = documents.get(row.move_id.id)
            if document is None or document.stops:
                continue
            ref = RelationRef(id=document.relation.octopus_id or None)
            finding = entries._ask(row, document.booking(0, ref))
            if finding:
                row._hold("blocked", [finding])
                asked |= row
        return asked

    def action_adopt(self):
        """Say that these documents are what Octopus has: they are linked, and nothing
        is sent."""
        self._check_decides()
        rows = (
            self.sudo()
            ._locked(*OPEN)
            .filtered(lambda row: row.candidate_id and row.move_id)
        )
        documents = rows.move_id.octopus_prepare()
        for row in rows:
            entry = row.candidate_id
            if entry.booking_id:
                raise UserError(
                    self.env._(
                        "%(number)s is %(document)s already.",
                        number=entry.octopus_number,
                        document=entry.booking_id.document_name,
                    )
                )
            if entry.deleted:
                raise UserError(
                    self.env._(
                        "%(number)s was deleted in Octopus meanwhile: it can only be"
                        " another document.",
                        number=entry.octopus_number,
                    )
                )
            row._adopt(entry, documents[row.move_id.id].fingerprint)
        rows.filtered(lambda row: row.move_id.state != "posted")._note_withdrawn()

    def action_other_document(self):
        """Say that these documents are not what Octopus has, or not the same bill as
        another one in Odoo: they may be sent."""
        self._check_decides()
        rows = self.sudo()._locked(*OPEN)
        bills = rows.filtered(lambda row: row.cause == codes.BILL_TWICE)
        bills._set_other_bills()
        rows = rows.filtered("candidate_id")
        for row in rows:
            entry = row.candidate_id
            entry.other_booking_ids += row
            note = self.env._(
                "%(user)s says that %(number)s in Octopus is another document.",
                user=self.env.user.name,
                number=entry.octopus_number,
            )
            row._tell(note)
        (rows | bills)._may_go()

    # Twice in Odoo

    def _set_other_bills(self):
        """Keep that these bills are not the same as those that they were shown with."""
        for row in self:
            others = self.browse(row._deciding()["ids"]).exists()
            row.other_bill_ids |= others
            note = self.env._(
                "%(user)s says that it is another bill than %(documents)s.",
                user=self.env.user.name,
                documents=", ".join(others.mapped("document_name")),
            )
            row._tell(note)

    def _let_twins_go(self):
        """Look again at bills that may be the same as these, which do not go now."""
        bills = self.filtered(lambda row: row.kind in BILLS)
        if not bills:
            return
        asked = self.search(
            [
                ("company_id", "in", bills.company_id.ids),
                ("state", "=", "blocked"),
                ("cause", "=", codes.BILL_TWICE),
                ("queued", "=", True),
            ]
        )
        asked = asked.filtered(lambda row: {*row._deciding()["ids"]} & {*bills.ids})
        asked.write({"state": "ready", "attempts": 0})
        for dossier in asked.dossier_id:
            dossier.push_cron_id._trigger()

    def _check_decides(self):
        self.check_access("read")
        self.move_id._octopus_check_user()

    # After sending

    def _judge(self, booking, freed=False):
        """Note how what stands on the number of a document compares with what was
        sent; what it is not at all means that ours is gone.

        :param booking: ``api.Booking`` that was read
        :param freed: Octopus told that the number was deleted since
        :return: whether it still is this document
        """
        self.ensure_one()
        sent = from_json(Booking, self.payload)
        found = [difference.as_json() for difference in differences(sent, booking)]
        if found and not likeness(sent, booking).asks:
            if freed or not self._may_be_edited(sent, booking):
                return False
        if found and found != self.differences:
            self.write({"state": "differs", "differences": found})
            note = self.env._(
                "Octopus has something else now: %(text)s.", text=self.differences_text
            )
            self._tell(note)
        elif not found and self.state == "differs":
            # Changed, unless the document here still is what was sent.
            self.write({"state": "changed", "differences": False})
            self._note_reposted()
        return True

    def _may_be_edited(self, sent, booking):
        """Whether what has hardly anything of a document still may be it, text and all
        changed by the accountant: to call it gone would invite a second booking."""
        if same_relation(sent, booking) is False:
            return False
        texts = {words(booking.comment), words(booking.reference)} - {""}
        another = [
            ("dossier_id", "=", self.dossier_id.id),
            ("document_name", "in", list(texts)),
            ("id", "!=", self.id),
        ]
        return not (self.search_count(another, limit=1) or self._is_elsewhere(sent))

    def _is_elsewhere(self, sent):
        """Whether another number of the journal has the name of a document, or says in
        all but a part of the text the same."""
        name = words(sent.comment)
        if not name:
            return False
        elsewhere = [
            ("journal_year_id", "=", self.journal_year_id.id),
            ("number", "!=", self.number),
            ("deleted", "=", False),
            "|",
            ("comment", "like", name),
            ("reference", "like", name),
        ]
        return any(
            entry.comment == name
            or compare_moved(sent, entry._booking(), name) is not Match.OTHER
            for entry in self.env["octopus.journal.entry"].search(elsewhere)
        )

    def _standing(self):
        """Return what stands on the number of a document in Octopus, is of its own
        relation, and perhaps is it: a person must say."""
        self.ensure_one()
        here = [
            ("journal_year_id", "=", self.journal_year_id.id),
            ("number", "=", self.number),
            ("deleted", "=", False),
            ("booking_id", "in", (False, self.id)),
        ]
        entry = self.env["octopus.journal.entry"].search(here)
        if not entry or not self.payload:
            return entry.browse()
        other = (
            same_relation(from_json(Booking, self.payload), entry._booking()) is False
        )
        edited = self.state != "gone" and self._is_alike(entry._booking())
        return entry.browse() if other or edited else entry

    def _follow(self, entry):
        """Follow a document that is not under its number any more."""
        self.ensure_one()
        if self.state != "gone":
            entry._delete(self.journal_year_id, [self.number])
        if self._frees_number(entry):
            self._renumber(entry)
            entry._judge(())
        elif self.state != "gone":
            self._set_gone()

    def _renumber(self, entry):
        old = self.octopus_number
        self.entry_ids.booking_id = False
        entry.booking_id = self
        self.write(
            {
                "journal_year_id": entry.journal_year_id.id,
                "number": entry.number,
                "payments_linked": False,
            }
        )
        if self.state == "gone":
            # What it differs in is looked at anew; changed, unless the document here
            # still is what was sent.
            self.write({"state": "changed", "differences": False})
            self._note_reposted()
        note = self.env._(
            "Renumbered in Octopus: %(old)s is %(new)s now.",
            old=old,
            new=self.octopus_number,
        )
        self._tell(note)

    def _note_merged(self):
        """Keep documents booked of which the contact was merged with another: for
        Octopus they are of the same relation."""
        documents = self.move_id.octopus_prepare()
        for row in self:
            row.fingerprint = documents[row.move_id.id].fingerprint

    def _note_withdrawn(self, reason=None):
        """Mark that Odoo took documents back that Octopus has."""
        self._note_changed()
        note = self.env._("Taken back in Odoo; Octopus still has the booking.")
        if reason:
            note = self.env._(
                "Taken back in Odoo; Octopus still has the booking. Reason: %(reason)s",
                reason=reason,
            )
        for row in self:
            row._message_log(body=note)
        self._tell(note)

    def _tell(self, note):
        """Write a note in the history of the documents, as far as they still exist."""
        self.move_id._message_log_batch({move.id: note for move in self.move_id})

    # What a person decides

    def action_decide(self):
        """Ask what must happen with documents that are not the same on both sides."""
        return self.env["octopus.difference"]._open(self)

    def _settle_with_accountant(self, reason):
        """Agree that both sides stay as they are; the reason is kept.

        :raises UserError: no reason was given, or nothing is different
        """
        reason = self._checked_reason(reason)
        rows = self._locked(*TO_DECIDE)
        documents = rows.move_id.octopus_prepare()
        note = self.env._("Settled with the accountant: %(reason)s", reason=reason)
        for row in rows:
            values = {"differences": False}
            if row.state == "gone":
                # Its number is another document's now.
                values |= {**NOT_THERE, "state": "excluded", "queued": False}
            else:
                values["state"] = "booked"
                stands = row.entry_ids.filtered(lambda it: not it.deleted)[:1]
                if stands and row._is_told(stands._booking()):
                    values |= {"payload": stands.data, "amount": stands.amount}
                if row.move_id:
                    values["fingerprint"] = documents[row.move_id.id].fingerprint
            row.write(values)
            row._message_log(body=note)
            row._tell(note)

    def _is_told(self, booking):
        """Whether people know all in which a booking differs; what they do not, the
        next comparison tells."""
        found = differences(from_json(Booking, self.payload), booking)
        return [difference.as_json() for difference in found] == (
            self.differences or []
        )

    def _send_anew(self):
        """Send documents again that are gone in Octopus, as new ones; what stands on
        their numbers is another document.

        :raises UserError: one of them is in Octopus
        """
        rows = self._locked(*TO_DECIDE)
        standing = {row: row._standing() for row in rows}
        if any(row.state != "gone" and not standing[row] for row in rows):
            raise UserError(self.env._("They are in Octopus: update or credit them."))
        for row, entry in standing.items():
            entry.other_booking_ids += row
            entry.booking_id = False
            if row.state == "gone":
                row.journal_year_id._note_freed(row._left_to_others())
        rows.write({**NOT_THERE, "state": "ready", "differences": False})
        self.env["octopus.document.match"]._note_gone(rows)
        rows._queue(self.env.user)
        for dossier in rows.dossier_id:
            dossier.push_cron_id._trigger()

    def _left_to_others(self):
        """Return the number of a document that is gone, unless it is another one's of
        ours: somebody may have booked there since."""
        here = [self.number]
        return {*here} - {*self._by_number(self.journal_year_id, here)}

    def _update_in_octopus(self):
        """Write a document over the booking that Octopus has of it (10 a day).

        Writing the same twice changes nothing, so after a lost answer it may be done
        again.

        :raises UserError: what Octopus, or the document itself, has against it
        """
        self.ensure_one()
        with own_transaction(self.env) as env:
            finding = self.with_env(env).sudo()._write_over()
        if finding:
            raise UserError(self.env["octopus.finding"].sentences(finding))

    def _write_over(self):
        """Carry the update out; return the finding, as JSON, that kept it.

        :raises UserError: Octopus does not have the document, or has it as it is here
        """
        self._locked("changed", "differs")
        document = self.move_id.octopus_prepare()[self.move_id.id]
        if document.stops:
            return document.stops[0].as_json()
        if document.journal_year != self.journal_year_id:
            raise UserError(
                self.env._(
                    "%(document)s now belongs in another journal or bookyear: credit it"
                    " and make it anew.",
                    document=self.document_name,
                )
            )
        try:
            with self.dossier_id.client() as octopus:
                self._check_stands(octopus)
                relation = self._relation_for(octopus)
                booking = document.booking(
                    self.number, RelationRef(id=relation.octopus_id)
                )
                octopus.update_booking(booking)
        except OctopusUnknownOutcome:
            return Finding(codes.UPDATE_UNKNOWN).as_json()
        except OctopusError as error:
            return self.dossier_id.note_error(error)
        except FindingError as error:
            return error.findings[0].as_json()
        self._set_updated(document, booking, relation)
        return None

    def _check_stands(self, octopus):
        """Look first what would be written over: it may be another document by now.

        :raises FindingError: it is, or nothing is there
        """
        try:
            there = octopus.booking(
                self.bookyear_id.octopus_id, self.journal_id.key, self.number
            )
        except OctopusMissing:
            there = None
        number = {"number": self.octopus_number}
        if there is None or not self._judge(there):
            entries = self.env["octopus.journal.entry"]
            entries._delete(self.journal_year_id, [self.number])
            self._set_gone()
            if there:
                entries._keep(self.journal_year_id, [there])
            raise FindingError(Finding(codes.UPDATE_OTHER, number))
        if not self._is_alike(there):
            raise FindingError(Finding(codes.UPDATE_UNLIKE, number))

    def _is_alike(self, booking):
        """Whether a booking certainly is this document, edited or not."""
        sent = from_json(Booking, self.payload)
        return not differences(sent, booking) or likeness(sent, booking).asks

    def _relation_for(self, octopus):
        move = self.move_id.with_company(self.company_id)
        relations = RelationSender(move.env, self.dossier_id, octopus)
        return relations.ensure(
            move.commercial_partner_id,
            client=move.is_sale_document(include_receipts=True),
            supplier=move.is_purchase_document(include_receipts=True),
            fiscal_position=move.fiscal_position_id,
        )

    def _set_updated(self, document, booking, relation):
        self.write(
            {
                "state": "booked",
                "differences": False,
                "payload": to_json(booking),
                "fingerprint": document.fingerprint,
                "amount": float(booking.amount),
                "currency_id": document.currency.id,
                "period_number": booking.period,
                "relation_id": relation.id,
            }
        )
        note = self.env._("Updated in Octopus: %(number)s.", number=self.octopus_number)
        self._tell(note)
