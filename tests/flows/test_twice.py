"""Nothing is booked twice when Odoo gives a name again, or Octopus a number (Z.4)."""

from datetime import timedelta
from decimal import Decimal

from odoo.exceptions import UserError

from odoo.addons.octopus_connector.call_log import quota_day

from octopus_sandbox.state.booking import BookingLine
from octopus_sandbox.state.keys import DocumentKey

from .outbox_case import INSERT, READ
from .remittance_case import INSERT as INSERT_PAYMENT
from .remittance_case import RemittanceCase
from .test_restore import RestoreCase
from .test_standing import StandingCase

FEEDS = ("delete_and_modify", "modify")


class TwiceCase(StandingCase):
    """Documents that are booked and taken away."""

    def tomorrow(self):
        """Let the day's calls be those of yesterday."""
        calls = self.env["octopus.call"].sudo().search([])
        calls.write({"quota_day": quota_day() - timedelta(days=1)})
        self.env.flush_all()


class TestNameAgain(TwiceCase):
    """Odoo gives the number of a deleted document to the next one (X.31, X.78)."""

    def delete(self, row):
        """Reset a document and delete it."""
        row.move_id.button_draft()
        row.move_id.unlink()

    def named_again(self, row, **values):
        """Book another document under the name of one that was deleted."""
        name = row.document_name
        again = self.booked(**values)
        self.assertEqual(again.document_name, name)
        return again

    def gone_and_named_again(self, **values):
        """A document that is gone on both sides, and the next one with its name."""
        old = self.booked()
        self.delete(old)
        self.books.accountant.delete_last(self.year, "V1")
        self.refresh()
        self.assertEqual(old.state, "gone")
        return old, self.named_again(old, **values)

    def renumber(self, row, by):
        """Give a document another number there; return it."""
        number = row.number + by
        self.books.accountant.renumber(self.there(row).key, number)
        return number

    def both_feeds(self):
        """Both ways in which the feeds may tell of a renumbering, §2.2."""
        for feed in FEEDS:
            with self.subTest(renumber_feed=feed):
                self.sandbox.world.set_switches({"renumber_feed": feed})
                yield feed

    def assert_follows(self, row, other, number):
        """A row has its booking, and another one of its name was left alone."""
        before = other.read(["state", "number"])
        self.pull()
        self.assertEqual((row.state, row.number), ("booked", number))
        self.assert_booked(row)
        self.assertEqual(other.read(["state", "number"]), before)

    def test_x31_renumbered_it_goes_to_the_document_that_is_there(self):
        """And is followed back, without a word of a second booking."""
        for _feed in self.both_feeds():
            old, new = self.gone_and_named_again()
            # And back, which leaves no gap behind.
            for by in (5, -5):
                self.assert_follows(new, old, self.renumber(new, by))
            self.assertFalse(old.entry_ids)
            self.pull()
            self.assertNotIn("twice", self.history(new))
            self.assertEqual(len(self.copies(new.move_id)), 1)

    def test_x31_two_change_places_and_the_journal_was_read_before(self):
        """What stands on its number is another document: it is followed, and neither
        gone nor there twice. Found by chaos, seed 9905."""
        for _feed in self.both_feeds():
            row = self.booked()
            other = self.by_hand()
            places = row.number, other
            spare = self.last() + 5
            there = self.there(row).key
            accountant = self.books.accountant
            accountant.renumber(there, spare)
            accountant.renumber(there._replace(number=other), places[0])
            accountant.renumber(there._replace(number=spare), other)
            self.dossier.action_look_for_existing()
            self.pull()
            self.assertEqual((row.state, row.number), ("booked", other))
            self.assertNotIn("twice", self.history(row))
            self.pull()
            self.assertEqual((row.state, row.number), ("booked", other))

    def test_x31_renumbered_and_edited_it_differs_and_is_not_another(self):
        for _feed in self.both_feeds():
            old, new = self.gone_and_named_again(lines=[(50.0, None)])
            # As if it were the old one.
            amount = Decimal(old.payload["amount"])
            self.edit(new, amount=amount)
            for by in (5, -5):
                number = self.renumber(new, by)
                self.pull()
                self.assertEqual((new.state, new.number), ("differs", number))
                self.assertEqual(old.state, "gone")

    def test_x78_the_old_one_stands_and_the_new_one_is_renumbered(self):
        for _feed in self.both_feeds():
            old = self.booked()
            self.delete(old)
            new = self.send(self.document(lines=[(50.0, None)]))
            for by in (5, -5):
                self.assert_follows_apart(new, old, self.renumber(new, by))
            self.take_away(old, new)

    def test_x78_the_old_one_is_renumbered_and_the_new_one_stands(self):
        """A document that Odoo deleted is still followed, and nobody else has it."""
        for _feed in self.both_feeds():
            old = self.booked()
            self.delete(old)
            new = self.send(self.document(lines=[(50.0, None)]))
            free = self.last() + 3
            taken = old.number
            self.books.accountant.renumber(self.there(old).key, free)
            self.assert_follows_apart(old, new, free)
            self.books.accountant.renumber(self.there(old).key, taken)
            self.assert_follows_apart(old, new, taken)
            self.take_away(old, new)

    def take_away(self, *rows):
        """Leave nothing of documents of one name, which look like one that is there
        twice."""
        for _row in rows:
            self.books.accountant.delete_last(self.year, "V1")
        self.refresh()
        self.assertEqual({row.state for row in rows}, {"gone"})

    def assert_follows_apart(self, row, other, number):
        before = other.read(["state", "number"])
        self.pull()
        self.pull()
        self.assertEqual(row.number, number)
        self.assertEqual(other.read(["state", "number"]), before)
        self.assertEqual(row.state, "booked" if row.move_id else "changed")
        self.assertNotIn("twice", self.history(row | other))

    def test_x31_both_are_deleted_the_last_one_has_it(self):
        for _feed in self.both_feeds():
            old, new = self.gone_and_named_again()
            self.delete(new)
            for by in (5, -5):
                number = self.renumber(new, by)
                self.pull()
                self.assertEqual((new.state, new.number), ("changed", number))
                self.assertEqual(old.state, "gone")
            # Nothing is left behind for the next test.
            self.books.accountant.delete_last(self.year, "V1")
            self.refresh()

    def test_x31_while_nobody_can_tell_neither_has_it(self):
        """The number may be read ten times a day; the next reading tells."""
        self.sandbox.world.set_switches({"renumber_feed": "modify"})
        old, new = self.gone_and_named_again()
        was = new.number
        number = self.renumber(new, 5)
        self.faults.add("quota", operation=READ)
        self.pull()
        self.assertEqual((new.number, old.state), (was, "gone"))
        self.tomorrow()
        self.assert_follows(new, old, number)
        self.assert_follows(new, old, self.renumber(new, -5))

    def test_x31_what_was_put_under_another_name_here_is_followed(self):
        """Its booking has the name that it was sent with."""
        for _feed in self.both_feeds():
            row = self.booked()
            sent = row.document_name
            row.move_id.button_draft()
            row.move_id.name = f"{sent}-B"
            row.move_id.action_post()
            self.assertEqual(row.document_name, f"{sent}-B")
            for by in (5, -5):
                number = self.renumber(row, by)
                self.pull()
                self.assertEqual(row.number, number)
                self.assertIn(row.state, ("booked", "changed"))


class TestTextAfterNumber(TwiceCase):
    """The accountant changes a number, and the text after that was read."""

    def test_x31_what_was_read_under_its_name_is_followed(self):
        """The feed that tells the deletion, if one does, tells the new text, too: found
        by chaos, seeds 770019 and (SOAP) 2033."""
        for feed in ("delete_and_modify", "modify"):
            with self.subTest(renumber_feed=feed):
                self.sandbox.world.set_switches({"renumber_feed": feed})
                self.check_text_after_number()

    def check_text_after_number(self):
        row = self.booked()
        number = row.number
        self.pull()
        self.books.accountant.renumber(self.there(row).key, number + 1)
        # Its number is refused, and the journal is read.
        other = self.booked()
        self.assertEqual(other.number, number + 2)
        there = self.copies(row.move_id)[0].key
        self.books.accountant.edit(there, comment=f"{row.document_name} checked")
        self.pull()
        self.assertEqual((row.state, row.number), ("booked", number + 1))
        self.pull()
        self.assertEqual((row.state, row.number), ("booked", number + 1))
        self.assertNotIn("twice", self.history(row))
        # And back, which leaves no gap behind.
        self.books.accountant.edit(there, comment=row.document_name)
        self.books.accountant.delete_last(self.year, "V1")
        self.books.accountant.renumber(there, number)
        self.pull()
        self.assertEqual((row.state, row.number), ("booked", number))
        other.sudo().set_gone()


class TextAndNumberCase(TwiceCase):
    """Documents of which the accountant changes the text and the number."""

    tells_deletions = True

    def feeds(self):
        """Both ways in which the feeds may tell of a renumbering, §2.2."""
        for feed in FEEDS if self.tells_deletions else FEEDS[:1]:
            with self.subTest(renumber_feed=feed):
                self.sandbox.world.set_switches({"renumber_feed": feed})
                yield feed

    def move(self, row, **values):
        """Change texts and number of a document there; return the new number."""
        there = self.there(row)
        self.books.accountant.edit(there.key, **values)
        self.books.accountant.renumber(there.key, row.number + 5)
        return row.number + 5

    def put_back(self, row, number, **values):
        """Undo it, which leaves no gap behind."""
        key = self.there(row).key
        self.books.accountant.edit(key, comment=row.document_name, **values)
        self.books.accountant.renumber(key, number)
        self.pull()
        self.assert_booked(row)
        self.assertEqual(row.number, number)

    def assert_moved(self, row, number):
        """It was followed, and is told to be there once."""
        self.assertEqual((row.state, row.number), ("booked", number))
        self.assertEqual(row.entry_ids.mapped("number"), [number])
        self.assertIn("Renumbered in Octopus", self.history(row))
        self.assertNotIn("twice", self.history(row))


class TestTextAndNumber(TextAndNumberCase):
    """The text was added to: it still says which document it is. Found by chaos, seed
    9103."""

    def test_x31_at_once_it_is_followed(self):
        for _feed in self.feeds():
            for kind in ("out_invoice", "in_invoice"):
                row = self.send(self.document(kind))
                was = row.number
                new = self.move(row, comment=f"{row.document_name} checked")
                self.pull()
                self.assert_moved(row, new)
                self.put_back(row, was)

    def test_x31_the_text_was_read_first(self):
        for _feed in self.feeds():
            row = self.booked()
            was = row.number
            self.edit(row, comment=f"Els: ({row.document_name}), ok")
            self.pull()
            new = self.move(row)
            self.pull()
            self.assert_moved(row, new)
            self.put_back(row, was)

    def test_x31_its_name_is_in_the_reference_now(self):
        for _feed in self.feeds():
            row = self.booked()
            was, reference = row.number, self.there(row).reference
            new = self.move(row, comment="see file", reference=row.document_name)
            self.pull()
            self.assert_moved(row, new)
            self.put_back(row, was, reference=reference)

    def test_x32_no_other_document_is_taken_for_it(self):
        """The same contact, amount and day: nobody is asked whether it is that one."""
        for _feed in self.feeds():
            row = self.booked()
            was = row.number
            new = self.move(row, comment=f"{row.document_name} checked")
            self.pull()
            other = self.booked(partner_id=row.partner_id.id)
            self.assertEqual(other.number, new + 1)
            self.books.accountant.delete_last(self.year, "V1")
            self.refresh()
            self.put_back(row, was)

    def test_x31_its_number_is_another_booking_s_now(self):
        """Of the same contact, so that it might be the document, edited."""
        for feed in self.feeds():
            row = self.booked()
            was = row.number
            relation = self.there(row).relation
            new = self.move(row, comment=f"{row.document_name} checked")
            accountant = self.books.accountant
            key = accountant.book_document(
                "V1", self.today, relation, [], f"see file {feed}", Decimal(0)
            )
            accountant.renumber(key, was)
            self.pull()
            self.assertEqual((row.state, row.number), ("booked", new))
            accountant.edit(self.there(row).key, comment=row.document_name)
            accountant.renumber(self.there(row).key, was + 1)
            self.pull()
            self.assert_booked(row)

    def test_x31_what_only_speaks_of_it_is_another_one(self):
        """A correction with its own amount, another contact's, a longer number."""
        row = self.booked()
        there = self.there(row)
        relations = {relation.id for relation in self.books.dossier.relations.values()}
        others = (
            {"comment": f"correction {row.document_name}", "amount": Decimal(5)},
            {
                "comment": f"with {row.document_name}",
                "relation": min(relations - {there.relation}),
            },
            {"comment": f"{row.document_name}0 checked"},
        )
        for values in others:
            facts = {"relation": there.relation, "amount": there.amount, **values}
            lines = [BookingLine(700000, facts["amount"])]
            self.books.accountant.book_document("V1", self.today, lines=lines, **facts)
        self.pull()
        self.sandbox.world.calls.clear()
        self.pull()
        self.assert_booked(row)
        self.assertFalse(self.calls(READ))
        self.assertNotIn("twice", self.history(row))
        if self.tells_deletions:
            self.books.accountant.renumber(there.key, self.last() + 1)
            self.books.accountant.delete_last(self.year, "V1")
            self.pull()
            self.assertEqual(row.state, "gone")
            for _booking in others:
                self.books.accountant.delete_last(self.year, "V1")

    def test_x31_a_second_one_that_says_the_same_is_told_once(self):
        row = self.booked()
        there = self.there(row)
        self.books.accountant.book_document(
            "V1",
            self.today,
            there.relation,
            [BookingLine(700000, there.amount)],
            f"{row.document_name} once more",
        )
        for _time in range(3):
            self.pull()
        self.assert_booked(row)
        self.assertEqual(self.history(row).count("Octopus has it twice"), 1)
        self.assertEqual(len(self.calls(READ)), 1)


class TestTextNumberAndAmount(TextAndNumberCase, RestoreCase):
    """Nothing says for sure any more which document it is."""

    def close_up(self, number, start):
        """Leave no gap behind."""
        for taken in range(start, self.last() + 1):
            key = DocumentKey(self.year, "V1", taken)
            self.books.accountant.renumber(key, number + taken - start)

    def test_x31_x32_with_another_amount_too_a_person_says_which_it_is(self):
        """It is called gone, for a correction would look the same; whoever sends it
        again is asked first, also when nothing but its name in a text is left."""
        for choice in ("adopt", "other_document"):
            with self.subTest(choice=choice):
                row = self.booked()
                was = row.number
                values = {"amount": Decimal("60.50"), "reference": "seen"}
                text = f"{row.document_name} checked"
                new = self.move(row, comment=text, **values)
                self.pull()
                self.assertEqual((row.state, row.number), ("gone", was))
                self.sandbox.world.calls.clear()
                self.decide(row, "send_again")
                self.push()
                self.assertEqual((row.state, row.cause), ("blocked", "maybe_booked"))
                self.assertEqual(self.entry(row).number, new)
                self.assertFalse(self.calls(INSERT))
                getattr(row, f"action_{choice}")()
                self.push()
                number = new if choice == "adopt" else new + 1
                self.assertEqual((row.state, row.number), ("booked", number))
                self.close_up(was, new)
                self.pull()


class TestTextAndNumberSoap(TestTextAndNumber):
    """No feed tells of deletions."""

    transport = "soap"
    tells_deletions = False


class TestTextAfterNumberSoap(TestTextAfterNumber):
    """No feed tells of deletions."""

    transport = "soap"


class TestNameAgainSoap(TestNameAgain):
    """No feed tells of deletions."""

    transport = "soap"


class FreedCase(TwiceCase, RestoreCase):
    """A number that became empty, and an accountant who books on it."""

    def gone(self, **values):
        """A document that was the last of its journal, and was deleted there."""
        row = self.booked(**values)
        self.books.accountant.delete_last(self.year, "V1")
        self.note(row)
        self.assertEqual(row.state, "gone")
        return row

    def note(self, _row):
        """Let Odoo see it."""
        self.pull()

    def assert_asked(self, row):
        """Nothing was sent: a person is asked for what stands there."""
        self.assertEqual((row.state, row.cause), ("blocked", "maybe_booked"))
        self.assertEqual(self.entry(row).number, self.last())


class TestFreed(FreedCase):
    """What stands on a number that was freed is looked at before the next is taken."""

    def test_x32_typed_on_the_number_that_was_freed(self):
        row = self.gone()
        number = row.number
        self.assertEqual(self.typed(row.move_id).number, number)
        self.decide(row, "send_again")
        self.push()
        self.assert_asked(row)
        row.action_adopt()
        self.assertEqual((row.state, row.number), ("booked", number))

    def test_x32_another_document_was_typed_there(self):
        """It was not sent yet, and the accountant did not wait for it."""
        gone = self.gone()
        row = self.queue(self.document(partner_id=gone.partner_id.id))
        number = gone.number
        self.assertEqual(self.typed(row.move_id).number, number)
        self.push()
        self.assert_asked(row)
        row.action_other_document()
        self.push()
        self.assert_booked(row)
        self.assertEqual(row.number, number + 1)

    def test_x32_z4_after_a_backup_of_then_was_restored(self):
        row = self.gone()
        with self.restored():
            self.decide(row, "send_again")
            self.push()
            self.assert_booked(row)
            self.books.accountant.delete_last(self.year, "V1")
        self.assertEqual(row.state, "gone")
        self.typed(row.move_id)
        self.decide(row, "send_again")
        self.push()
        self.assert_asked(row)

    def test_x32_renumbered_and_the_number_used_by_hand(self):
        other = self.booked()
        row = self.queue(self.document(partner_id=other.partner_id.id))
        number = other.number
        self.books.accountant.renumber(self.there(other).key, number + 1)
        self.pull()
        self.assertEqual(other.number, number + 1)
        key = self.typed(row.move_id)
        self.books.accountant.renumber(key, number)
        self.push()
        self.assertEqual((row.state, row.cause), ("blocked", "maybe_booked"))
        self.assertEqual(self.entry(row).number, number)

    def test_x32_nothing_was_booked_there(self):
        """It is the next number: one call says so, once."""
        row = self.gone()
        number = row.number
        self.decide(row, "send_again")
        self.sandbox.world.calls.clear()
        self.push()
        self.assert_booked(row)
        self.assertEqual(row.number, number)
        self.assertEqual(self.statuses(INSERT), [201])
        self.assertEqual(len(self.calls("getJournals")), 1)
        self.assertFalse(self.calls(READ))
        self.sandbox.world.calls.clear()
        self.assert_booked(self.send(self.document()))
        self.assertEqual({call.operation for call in self.calls()}, {INSERT})

    def test_x32_what_can_not_be_read_singly_is_read_in_the_list(self):
        row = self.gone()
        self.typed(row.move_id)
        self.decide(row, "send_again")
        self.faults.add("quota", operation=READ)
        self.push()
        self.assert_asked(row)

    def test_x32_what_octopus_does_not_show_waits(self):
        row = self.gone()
        self.typed(row.move_id)
        self.decide(row, "send_again")
        self.faults.add("quota", operation=READ)
        self.faults.add("status", operation="getModifiedBuySellBookings", status=404)
        self.push()
        self.assertEqual((row.state, row.cause), ("waiting", "journal_unread"))
        self.tomorrow()
        self.later(row)
        self.push()
        self.assert_asked(row)

    def test_x32_each_pull_tells_a_deletion_again_and_nobody_asks_again(self):
        """The feed is read from an hour before."""
        self.gone()
        self.assert_booked(self.send(self.document()))
        for _time in range(2):
            self.pull()
            self.sandbox.world.calls.clear()
            self.assert_booked(self.send(self.document()))
            self.assertEqual({call.operation for call in self.calls()}, {INSERT})


class TestFreedSoap(FreedCase):
    """No feed tells of deletions: who would update a document finds nothing there."""

    transport = "soap"

    def note(self, row):
        row.move_id.button_draft()
        row.move_id.invoice_line_ids[0].price_unit = 100.5
        row.move_id.action_post()
        with self.failing(UserError):
            self.decide(row, "update")
        row.move_id.button_draft()
        row.move_id.invoice_line_ids[0].price_unit = 100
        row.move_id.action_post()

    def test_x32_typed_on_the_number_that_was_freed(self):
        row = self.gone()
        number = row.number
        self.assertEqual(self.typed(row.move_id).number, number)
        self.decide(row, "send_again")
        self.push()
        self.assert_asked(row)
        row.action_adopt()
        self.assertEqual((row.state, row.number), ("booked", number))


class TestFreedPayments(RemittanceCase):
    """The same in a bank journal."""

    def gone(self):
        """A payment that was the last of its journal, and was deleted there; with what
        it pays."""
        invoice = self.booked()
        payment = self.pay(invoice)
        self.push()
        self.pull()
        row = self.row(payment)
        self.act("delete_last", bookyear=self.year, journal="F1")
        self.pull()
        self.assertEqual(row.state, "gone")
        return row, invoice

    def assert_asked(self, row):
        """Nothing was sent: a person is asked for what stands there."""
        self.assertEqual((row.state, row.cause), ("blocked", "payment_disputed"))
        self.assertEqual(row.entry_id.number, self.last())

    def test_x32_typed_on_the_number_that_was_freed(self):
        row, invoice = self.gone()
        number = row.number
        self.receive((invoice, 121))
        self.assertEqual(self.last(), number)
        row.action_send_again()
        self.push()
        self.assert_asked(row)

    def test_x32_another_payment_was_typed_there(self):
        """It was not sent yet, and the accountant did not wait for it."""
        self.gone()
        invoice = self.booked(amount=20.0)
        payment = self.pay(invoice)
        self.receive((invoice, 20))
        self.push()
        self.assert_asked(self.row(payment))

    def test_x32_renumbered_onto_a_number_that_was_freed(self):
        """It was there all the time, and is linked."""
        payments = [self.pay(self.booked(amount=it)) for it in (10.0, 20.0)]
        self.push()
        self.pull()
        row, other = sorted(map(self.row, payments), key=lambda it: it.number)
        key, number = self.there(row).key, row.number
        self.assertEqual(other.number, number + 1)
        self.books.accountant.renumber(key, number + 2)
        self.pull()
        self.assertEqual(row.state, "gone")
        self.books.accountant.renumber(key._replace(number=number + 2), number)
        row.action_send_again()
        self.push()
        self.assert_booked(row)
        self.assertEqual((row.number, self.last()), (number, number + 1))

    def test_x32_nothing_was_booked_there(self):
        """It is the next number: one call says so, once."""
        row, _invoice = self.gone()
        number = row.number
        self.sandbox.world.calls.clear()
        row.action_send_again()
        self.push()
        self.assert_booked(row)
        self.assertEqual(row.number, number)
        made = self.calls_made()
        self.assertEqual(made.count(INSERT_PAYMENT), 1)
        self.assertEqual(made.count("getJournals"), 1)
        self.assertFalse([it for it in made if "Financial" in it and "get" in it])
        self.pull()
        self.sandbox.world.calls.clear()
        later = self.pay(self.booked(amount=30.0))
        self.push()
        self.assert_booked(self.row(later))
        self.assertNotIn("getJournals", self.calls_made())
