"""What is paid, held against the books of Octopus themselves."""

from collections import Counter
from decimal import Decimal

from .acts.receipts import OUR_BANK, documents_of_ours
from .states import BOOKED, LIVE, MOVING

ZERO, CENT = Decimal(0), Decimal("0.01")
# Why a document may be open for another amount on both sides: the code of a question,
# and the events of which one must have been done to one of the two that were matched.
ASKED = {
    "payment_residual": ("paid_here", "touched", "changed"),
    "payment_write_off": ("written_off",),
    # What a person registered without an entry is another amount, or bank; or is for
    # other documents, and Odoo linked it with this one, too (seed 9602).
    "payment_registered": ("registered", "linked"),
    "payment_changed": ("touched", "changed"),
    "payment_document_not_posted": ("changed",),
    "payment_undo_changed": ("touched", "changed"),
    "payment_dropped": ("dropped",),
    "payment_unmatched_there": ("unmatched", "bereft"),
    # Also when a booking of ours was edited, and matched anew for less (seed 933).
    "payment_matched_less": ("unmatched", "bereft"),
    "payment_matched_there": ("received",),
    "documents_unmatched": ("received", "written_off", "unmatched", "bereft"),
}
# Why a payment of ours may be held, in the same way.
HELD = {
    "match_refused": ("received", "written_off", "unmatched", "bereft"),
    "payment_disputed": ("bereft",),
}


def judge_payments(world, result):
    """Hold every document, match and payment against Octopus's books."""
    result.states.clear()
    result.documents = result.bookings = 0
    for side in world.sides:
        with world.admin() as env:
            _Judge(env, world, result, side).judge()
    for number, audit in world.octopus.ask("/audit").items():
        for problem in audit["problems"]:
            kind = "doubled" if problem["kind"] == "duplicate" else "wrong"
            result.note(kind, f"{problem['kind']} in {number}: {problem['text']}")
    for violation in world.octopus.ask("/violations"):
        result.note("wrong", f"{violation['operation']}: {violation['message']}")


class _Judge:
    """Judges one company; what it finds goes to the result."""

    def __init__(self, env, world, result, side):
        self.env = env(su=True)
        self.world = world
        self.result = result
        self.side = side
        self.bank = world.money.own_banks[side.number]
        self.dossier = self.env["octopus.dossier"].browse(side.dossier_id)
        found = documents_of_ours(world, side)
        self.documents = {
            world.owners.of(side, key)[1]: it for key, it in found.items()
        }
        books = f"/dossiers/{side.number}"
        self.matches = {
            (match["debit"], match["credit"]): Decimal(match["amount"])
            for match in world.octopus.ask(f"{books}/matches")
        }
        self.money = world.octopus.ask(f"{books}/payments")

    def judge(self):
        self._judge_documents()
        self._judge_received()
        self._judge_registered_questions()
        self._judge_rest()
        self._judge_sent()

    def _is(self, move, events):
        """Whether one of these events was done to a document."""
        known = vars(self.world.money) | {
            "changed": self.world.event_log.touched_in_odoo
        }
        return any((self.side.number, move.id) in known[event] for event in events)

    def _rows(self, model, *domain):
        mine = ("dossier_id", "=", self.dossier.id)
        return self.env[model].search([mine, *domain], order="id")

    # Documents

    def _judge_documents(self):
        rows = self._rows("octopus.booking", ("move_id.state", "=", "posted"))
        self.result.documents += len(rows)
        for row in rows:
            move = row.move_id
            self.result.states[f"{row.state}, {move.payment_state}"] += 1
            there = self.documents.get(move.id)
            if row.state not in BOOKED:
                continue
            if not there:
                self.result.note("lost", f"{move.name} is not {row.octopus_number}")
                continue
            here, theirs = self._paid(move), self._paid_there(there)
            allowed = ZERO if move.currency_id.name == "EUR" else CENT
            if abs(here - theirs) <= allowed or self._is_told(row):
                continue
            self.result.note(
                "false_paid" if here > theirs else "missed",
                f"{move.name} in {self.side.number} ({row.octopus_number}, {row.state}"
                f"): {here} is paid here, {theirs} there {self._told(row)}",
            )

    @staticmethod
    def _paid(move):
        return Decimal(f"{move.amount_total - move.amount_residual:.2f}")

    @staticmethod
    def _paid_there(document):
        return abs(Decimal(document["amount"])) - Decimal(document["open_document"])

    def _questions(self, row):
        return self._rows(
            "octopus.payment.question",
            ("state", "!=", "closed"),
            "|",
            "|",
            ("key", "in", self._pairs(row).mapped(lambda it: f"documents:{it.id}")),
            ("balancing_id.debit_booking_id", "=", row.id),
            ("balancing_id.credit_booking_id", "=", row.id),
        )

    def _pairs(self, row):
        """Return what documents are to be matched with a document."""
        return self._rows(
            "octopus.document.match",
            "|",
            ("debit_move_id", "=", row.move_id.id),
            ("credit_move_id", "=", row.move_id.id),
        )

    def _payments(self, row):
        """Return the payments of ours that touch a document."""
        lines = row.move_id.line_ids
        partials = lines.matched_debit_ids | lines.matched_credit_ids
        moves = (partials.debit_move_id | partials.credit_move_id).move_id
        found = self._rows(
            "octopus.payment",
            "|",
            ("move_id", "in", moves.ids),
            ("match_ids.booking_id", "=", row.id),
        )
        return found

    def _is_told(self, row):
        """Whether a person is told why, and somebody really did something to it."""
        return (
            any(map(self._is_asked, self._questions(row)))
            or any(self._is_held(it, row.move_id) for it in self._payments(row))
            or any(map(self._waits_for_document, self._pairs(row)))
        )

    @staticmethod
    def _waits_for_document(pair):
        """Whether documents cannot be matched yet, as one of them is held itself;
        whether it is so rightly is judged with the documents."""
        states = (pair.debit_move_id | pair.credit_move_id).mapped("octopus_state")
        return pair.due and bool({"blocked", "excluded"} & set(states))

    def _is_asked(self, question):
        """Whether a question has its reason in an event, to either of the two documents
        that Octopus matched."""
        documents = question.balancing_id.bookings().move_id
        if question.code == "documents_unmatched":
            if self.result.switches["document_match"] == "refuse":
                # This dossier takes no match of a document with a document.
                return True
            documents = self.env["account.move"].browse(question.finding["ids"])
            if self._is_held_by_hand(documents):
                return True
        if question.code == "match_by_hand":
            # Two documents are no longer reconciled here: no call of SOAP takes their
            # match back, and the accountant is asked to (seed 15001).
            return self.world.login["transport"] == "soap"
        if question.code == "payment_undo_changed":
            # The accountant took back what a person reconciled here (seed 7104), or
            # registered: that stays, whatever Octopus says.
            event = "settled"
            if self._is_registration(question.balancing_id.payment_id):
                event = "registered"
            both = [it for it in documents if self._is(it, (event,))]
            if any(self._is(it, ("unmatched",)) for it in both):
                return True
        if question.code == "payment_amount_unclear":
            return len(documents.currency_id) > 1
        events = ASKED.get(question.code, ())
        if question.state == "ignored" and question.code != "payment_dropped":
            events = ("ignored",)
        return any(self._is(document, events) for document in documents)

    def _is_held_by_hand(self, documents):
        """Whether a payment that was taken back here still pays one of these there: no
        call of SOAP takes its match back, and until the accountant does, Octopus
        refuses another one (seed 14014)."""
        held = self._rows(
            "octopus.payment",
            ("match_state", "=", "blocked"),
            ("cause", "=", "match_by_hand"),
            ("match_ids.booking_id.move_id", "in", documents.ids),
        )
        return self.world.login["transport"] == "soap" and bool(held)

    def _is_held(self, payment, document):
        if payment.state == "gone":
            return self._was_deleted(_place(payment))
        if self._waits_for_held(payment):
            return True
        if "blocked" not in (payment.state, payment.match_state):
            return False
        if payment.cause == "match_by_hand":
            return self.world.login["transport"] == "soap"
        if payment.cause == "payment_disputed" and self._was_edited_unheard(payment):
            return True
        place = (self.side.number, _place(payment))
        in_use = place in self.world.money.used | self.world.money.edited
        if in_use and payment.cause == "match_refused":
            return True
        return self._is(document, HELD.get(payment.cause, ()))

    def _told(self, row):
        questions = self._questions(row).mapped("code")
        payments = [
            (payment.document_name, payment.state, payment.match_state, payment.cause)
            for payment in self._payments(row)
        ]
        return f"{questions} {payments}"

    # What came from Octopus

    def _judge_received(self):
        """No payment, entry or reconciliation is there but what Octopus matched."""
        payments = self.env["account.payment"].search(
            [
                ("company_id", "=", self.side.company_id),
                ("state", "in", LIVE),
                ("journal_id", "!=", self.bank),
            ]
        )
        for payment in payments:
            rows = payment.octopus_balancing_ids
            self._judge_registration(payment)
            if not payment.move_id and self._is_registration(payment):
                self._judge_waiting(payment)
            if not payment.move_id:
                continue
            amount = Decimal(f"{abs(payment.amount_company_currency_signed):.2f}")
            self._judge_made(rows, amount, payment.name)
        for row in self._rows("octopus.balancing", ("made", "!=", False)):
            if row.entry_id.state == "posted":
                amount = Decimal(row.made["balance"])
                self._judge_made(row, amount, row.entry_id.name)
            elif row.partial_ids:
                self._judge_made(row, None, row.display_name)

    # What people registered without an entry

    def _is_registration(self, payment):
        return (self.side.number, payment.id) in self.world.money.registrations

    def _judge_registration(self, payment):
        """A payment without an entry is a person's; one that got its entry is the
        evidence of one match, and nothing else is."""
        used = [row.made for row in payment.octopus_balancing_ids if row.made]
        by_person = self._is_registration(payment)
        state = "used" if used else "waits"
        if by_person:
            self.result.states[f"registered, {state}"] += 1
        where = f"{payment.name} in {self.side.number}"
        if not payment.move_id and not by_person:
            self.result.note("wrong", f"{where} has no entry, and is no person's")
        if any(bool(made.get("registered")) != by_person for made in used):
            self.result.note("wrong", f"{where}: {by_person} is not what is noted")

    def _judge_waiting(self, payment):
        """A payment that waits for the bank is no evidence, and nothing was paid beside
        it: what Octopus has of its documents is asked about."""
        where = f"{payment.name} in {self.side.number}"
        if payment.octopus_balancing_ids:
            self.result.note("false_paid", f"{where} is evidence without an entry")
        if (self.side.number, payment.id) in self.world.money.confirmed_again:
            return  # it was a draft, and none that counts, when others were made
        documents = self.world.money.registrations[self.side.number, payment.id]
        rows = self._rows(
            "octopus.balancing",
            ("payment_id.id", ">", payment.id),
            ("payment_id.state", "in", LIVE),
        )
        for row in rows:
            paid = row.bookings().move_id.filtered(lambda it: it.id in documents)
            if paid and not self._is_registration(row.payment_id):
                told = f"{paid.name} was paid by {row.payment_id.name} beside it"
                self.result.note("doubled", f"{where}: {told}")

    def _judge_registered_questions(self):
        """Who is asked about a payment without an entry can still answer: it is there,
        and pays nothing yet."""
        questions = self._rows(
            "octopus.payment.question",
            ("code", "=", "payment_registered"),
            ("state", "!=", "closed"),
        )
        for question in questions:
            payments = self.env["account.payment"].browse(question.finding["ids"])
            payments = payments.exists()
            where = f"{question.balancing_id.display_name} in {self.side.number}"
            used = payments.filtered("octopus_balancing_ids")
            if used:
                told = f"{where} is asked: {used.mapped('name')} is used"
                self.result.note("doubled", told)
            waits = payments.filtered(lambda it: it.state in LIVE and not it.move_id)
            paid = question.balancing_id.bookings().move_id
            if question.state == "open" and not waits.invoice_ids & paid:
                self.result.note("stuck", f"{where} is asked, and nothing waits")

    def _judge_made(self, rows, amount, name):
        if len(rows) != 1:
            self.result.note("false_paid", f"{name} has {len(rows)} matches")
            return
        there = self.matches.get(_keys(rows))
        if there is not None and amount in (None, there):
            return
        asked = self._rows(
            "octopus.payment.question",
            ("balancing_id", "=", rows.id),
            ("state", "!=", "closed"),
        )
        names = rows.bookings().move_id.mapped("name")
        if not any(map(self._is_asked, asked)):
            self.result.note(
                "false_paid" if there is None else "wrong",
                f"{name} of {names} in {self.side.number}: {amount} is made of"
                f" {there} {asked.mapped('code')}",
            )

    def _judge_rest(self):
        """Everything was looked at, and nothing waits for a person who was there."""
        for row in self._rows("octopus.balancing", ("pending", "=", True)):
            names = row.bookings().mapped("document_name")
            self.result.note("stuck", f"{row.display_name} of {names} is pending")
        for plan in self._rows("octopus.payment.plan", ("state", "=", "open")):
            codes = [reason["code"] for reason in plan.reasons or []]
            self.result.note("stuck", f"plan {plan.id} {codes}: {plan.count}")
        for row in self._rows("octopus.balancing", ("problem", "!=", False)):
            self.result.states[row.problem["code"]] += 1
            if row.problem["code"] == "payment_failed":
                self.result.note("stuck", f"{row.display_name}: {row.problem}")

    # What went to Octopus

    def _judge_sent(self):
        """Every payment of ours is there as often as Odoo says: once, or once and
        back."""
        there, amounts = Counter(), {}
        for booking in self.money:
            if booking["key"].split("/")[1] == OUR_BANK:
                there.update(_references(booking))
                amounts[booking["key"]] = sum(
                    Decimal(line["amount"]) for line in booking["lines"]
                )
        self.result.bookings += sum(there.values())
        for row in self._rows("octopus.payment"):
            self.result.states[f"payment {row.state}, {row.match_state}"] += 1
            self._judge_payment(row, there.pop(row.reference, 0), amounts)
        for reference in there:
            self.result.note("doubled", f"{reference} is there, and not in Odoo")

    def _judge_payment(self, row, count, amounts):
        key = _place(row)
        where = f"payment {row.reference} ({row.state}, {row.cause}) {key}"
        where += f" in {self.side.number}"
        booked = row.state in ("booked", "reversing")
        if count > 1:
            self.result.note("doubled", f"{where} is there {count} times")
        elif booked and not count:
            kind = "unseen" if self._was_deleted(key) else "lost"
            self.result.note(kind, f"{where} is not there")
        elif count and not booked and row.state != "reversed":
            disputed = row.cause == "payment_disputed"
            if not (disputed and self._was_edited_unheard(row)):
                self.result.note("lost", f"{where} is there")
        elif row.state == "reversed" and not count and not self.world.money.deleted:
            self.result.note("lost", f"{where} is not there")
        elif row.state == "booked" and count:
            self._judge_amount(row, amounts.get(key), where)
        elif row.state == "reversed" and count:
            self._judge_undone(row, amounts, where)
        if row.cause == "payment_undo_edited":
            undone = row.reversal_of_id
            if amounts.get(_place(undone)) == _amount(undone):
                self.result.note("stuck", f"{where}: it is what it was")
        moves = row.state in MOVING or row.match_state in ("todo", "waiting")
        if moves and not self._waits_for_held(row):
            told = f"{where}: {row.match_state} {row.findings}"
            self.result.note("stuck", told)

    def _was_deleted(self, key):
        return (self.side.number, key) in self.world.money.deleted

    def _was_edited(self, row):
        return (self.side.number, _place(row)) in self.world.money.edited

    def _was_edited_unheard(self, row):
        """Whether the accountant edited a payment of ours of which Odoo had no answer:
        what stands there is another one then, and a person is asked (seed 9531)."""
        return any(
            row.reference in _references(booking)
            and (self.side.number, booking["key"]) in self.world.money.edited
            for booking in self.money
        )

    def _judge_amount(self, row, there, where):
        here = _amount(row)
        if there == here:
            return
        if not self._was_edited(row):
            self.result.note("wrong", f"{where}: {here} here, {there} there")
        elif not self._is_questioned(row):
            self.result.note("unseen", f"{where}: {here} here, {there} there")

    def _judge_undone(self, row, amounts, where):
        """A payment and what takes it back leave nothing, or a person is asked: also
        where the accountant deleted one of the two."""
        back = row.reversal_ids.filtered(lambda it: it.state == "booked")
        both = [amounts.get(_place(it)) for it in row | back]
        if back and None not in both and sum(both) and not self._is_questioned(row):
            self.result.note("wrong", f"{where}: {both} are there")

    def _is_questioned(self, row):
        asked = self._rows(
            "octopus.payment.question",
            ("key", "in", [f"payment:{it.id}" for it in row | row.reversal_ids]),
            ("state", "in", ("open", "ignored")),
        )
        return bool(asked)

    def _waits_for_held(self, row):
        """Whether a payment waits for documents that are held themselves; whether those
        are so rightly is judged with the documents."""
        found = [it for it in row.findings or () if it["code"] == "payment_waits"]
        moves = self.env["account.move"].browse(
            id_ for it in found for id_ in it["ids"]
        )
        held = {"blocked", "excluded"}
        return bool(moves) and set(moves.mapped("octopus_state")) <= held


def _references(booking):
    """Return the references of our payments in a booking of the sandbox."""
    return {line["reference"] for line in booking["lines"]} - {None, ""}


def _amount(row):
    """Return what a payment moves here."""
    return Decimal(f"{row.amount:.2f}")


def _place(row):
    """Return the key of a payment of ours in Octopus."""
    return f"{row.bookyear_id.octopus_id}/{row.journal_id.key}/{row.number}"


def _keys(row):
    """Return both keys of a match as the sandbox writes them."""
    parts = ("bookyear", "journal", "number", "line")
    return tuple(
        "/".join(str(row[f"{side}_{part}"]) for part in parts)
        for side in ("debit", "credit")
    )
