"""Bookings of banks move to the table of those of documents, and nothing is booked
twice for it (X.23, H.1)."""

from ..common import upgrade
from .remittance_case import RemittanceCase

# As 19.0.1.0.0 kept what stands in the journal of a bank: the tables, and the
# constraint by which a payment referred to them.
FORMER = """
    CREATE TABLE octopus_payment_entry (
        id serial PRIMARY KEY,
        journal_year_id integer NOT NULL
            REFERENCES octopus_journal_year ON DELETE CASCADE,
        number integer NOT NULL,
        create_uid integer REFERENCES res_users ON DELETE SET NULL,
        write_uid integer REFERENCES res_users ON DELETE SET NULL,
        octopus_number varchar,
        reference varchar,
        document_date date,
        payload jsonb,
        amount numeric,
        create_date timestamp,
        write_date timestamp,
        CONSTRAINT octopus_payment_entry_number_uniq UNIQUE (journal_year_id, number));
    CREATE TABLE octopus_payment_entry_other_rel (
        entry_id integer NOT NULL REFERENCES octopus_payment_entry ON DELETE CASCADE,
        payment_id integer NOT NULL REFERENCES octopus_payment ON DELETE CASCADE,
        PRIMARY KEY (entry_id, payment_id));
"""
# Each former row has a number that is another's in the table of documents.
MOVE_BACK = """
    CREATE TEMPORARY TABLE moved_back ON COMMIT DROP AS
    SELECT id, row_number() OVER (ORDER BY id DESC) + %(before)s AS former_id
      FROM octopus_journal_entry WHERE journal_type = 'F';
    INSERT INTO octopus_payment_entry (
        id, journal_year_id, number, octopus_number, reference, document_date, payload,
        amount, create_uid, create_date)
    SELECT former_id, journal_year_id, number, octopus_number, reference,
           document_date, data, amount, create_uid, create_date
      FROM octopus_journal_entry JOIN moved_back USING (id);
    INSERT INTO octopus_payment_entry_other_rel (entry_id, payment_id)
    SELECT former_id, payment_id FROM octopus_journal_entry_other_payment_rel AS other
      JOIN moved_back ON moved_back.id = other.entry_id;
    ALTER TABLE octopus_payment DROP CONSTRAINT octopus_payment_entry_id_fkey;
    UPDATE octopus_payment AS payment SET entry_id = former_id
      FROM moved_back WHERE moved_back.id = payment.entry_id;
    ALTER TABLE octopus_payment ADD CONSTRAINT octopus_payment_entry_id_fkey
        FOREIGN KEY (entry_id) REFERENCES octopus_payment_entry ON DELETE SET NULL;
    UPDATE octopus_payment SET findings = jsonb_set(
            jsonb_set(findings, '{0,model}', '"octopus.payment.entry"'),
            '{0,ids}', jsonb_build_array(entry_id))
     WHERE entry_id IS NOT NULL;
    DELETE FROM octopus_journal_entry WHERE journal_type = 'F';
    DROP TABLE octopus_journal_entry_other_payment_rel;
    ALTER TABLE octopus_journal_entry DROP COLUMN journal_type;
"""
SCRIPT = "19.0.1.2.0", "pre-one_entry_model"


class TestEntryUpgrade(RemittanceCase):
    """A database of 19.0.1.0.0 with payments of which a person must say what they
    are."""

    def setUp(self):
        super().setUp()
        self.entries = self.env["octopus.journal.entry"].sudo()
        sales = self.dossier.journal_ids.filtered(lambda row: row.key == "V1")
        self.by_hand = self.entries.create(
            {
                "journal_year_id": sales.year_ids[:1].id,
                "number": 900,
                "comment": "by hand",
                "amount": 12.5,
            }
        )
        self.asked, self.invoice = self.disputed(text="paid, thanks")
        self.answered, _invoice = self.disputed(text="thank you", amount=20.0)
        self.entry_of_other = self.facts(self.answered.entry_id)
        self.answered.action_other_payment()
        self.facts_before = self.facts(self.asked.entry_id)
        self.install_before()

    def install_before(self):
        """Bring the tables to what they were in 19.0.1.0.0."""
        self.env.flush_all()
        self.env.cr.execute(FORMER)
        self.env.cr.execute(MOVE_BACK, {"before": self.by_hand.id - 1})
        self.env.invalidate_all()

    def facts(self, entry):
        names = "number octopus_number reference document_date amount data".split()
        return {
            **{name: entry[name] for name in names},
            "journal_year_id": entry.journal_year_id.id,
        }

    def former(self):
        """Return which tables of before there are."""
        self.env.cr.execute(
            "SELECT relname FROM pg_class WHERE relname LIKE 'octopus_payment_entry%%'"
            " AND relkind = 'r'"
        )
        return [name for (name,) in self.env.cr.fetchall()]

    def test_x23_what_a_payment_may_be_is_found_again(self):
        upgrade(self.env, *SCRIPT)
        entry = self.asked.entry_id
        self.assertEqual(self.facts(entry), self.facts_before)
        self.assertEqual(
            (entry.journal_type, entry.journal_id.key, entry.dossier_id),
            ("F", "F1", self.dossier),
        )
        self.assertEqual(entry.payment_ids, self.asked)
        self.assertFalse(self.former())

    def test_x23_what_a_person_said_is_kept(self):
        upgrade(self.env, *SCRIPT)
        said = [("other_payment_ids", "in", self.answered.ids)]
        entry = self.entries.search(said)
        self.assertEqual(self.facts(entry), self.entry_of_other)
        self.assertFalse(self.answered.entry_id)

    def test_z2_what_a_payment_tells_leads_to_the_booking(self):
        upgrade(self.env, *SCRIPT)
        [finding] = self.asked.findings
        self.assertEqual(
            (finding["model"], finding["ids"]),
            ("octopus.journal.entry", self.asked.entry_id.ids),
        )
        link = f"/odoo/octopus-bookings/{self.asked.entry_id.id}"
        self.assertIn(link, self.asked.findings_html)

    def test_x23_documents_stay_what_they_were(self):
        before = self.by_hand.id
        upgrade(self.env, *SCRIPT)
        documents = self.entries.search([("journal_type", "!=", "F")])
        self.assertEqual(
            [(it.id, it.journal_type, it.number, it.comment) for it in documents],
            [(before, "V", 900, "by hand")],
        )
        self.assertEqual(documents.amount, 12.5)

    def test_x23_done_twice_it_moves_nothing_again(self):
        upgrade(self.env, *SCRIPT)
        entries = self.entries.search([])
        upgrade(self.env, *SCRIPT)
        self.assertEqual(self.entries.search([]), entries)
        self.assertEqual(self.asked.entry_id.journal_type, "F")

    def test_h1_a_person_says_afterwards_that_it_is_this_one(self):
        """It is linked and matched; nothing is booked. The other one is booked."""
        upgrade(self.env, *SCRIPT)
        before = self.last()
        number = self.asked.entry_id.number
        self.asked.action_adopt()
        self.push()
        self.assertEqual((self.asked.state, self.asked.number), ("booked", number))
        self.assertEqual(self.asked.match_state, "done", self.asked.findings)
        self.assert_booked(self.answered)
        self.assertEqual(self.last(), before + 1)
        self.assert_same_open(self.invoice)
