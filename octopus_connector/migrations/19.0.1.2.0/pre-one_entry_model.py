"""Bookings of banks are kept where those of documents are: one table for both.

Before the models are there, so that what refers to them leads to the rows that stay.
Done twice it does nothing the second time: the former table is gone.
"""

from odoo.tools import sql

# Constraints that would keep what refers to the former rows from leading elsewhere.
REFERENCES = """
    SELECT conrelid::regclass::text, conname FROM pg_constraint
     WHERE contype = 'f' AND confrelid = 'octopus_payment_entry'::regclass
"""
JOURNAL_TYPE = """
    ALTER TABLE octopus_journal_entry ADD COLUMN IF NOT EXISTS journal_type varchar;
    UPDATE octopus_journal_entry AS entry SET journal_type = journal.type
      FROM octopus_journal_year AS year
      JOIN octopus_journal AS journal ON journal.id = year.journal_id
     WHERE year.id = entry.journal_year_id
       AND entry.journal_type IS DISTINCT FROM journal.type;
"""
ROWS = """
    INSERT INTO octopus_journal_entry (
        journal_year_id, dossier_id, journal_id, journal_type, number, octopus_number,
        relation_octopus_id, document_date, amount, reference, deleted, data,
        create_uid, create_date, write_uid, write_date)
    SELECT former.journal_year_id, journal.dossier_id, journal.id, journal.type,
           former.number, former.octopus_number, 0, former.document_date,
           former.amount, former.reference, FALSE, former.payload,
           former.create_uid, former.create_date, former.write_uid, former.write_date
      FROM octopus_payment_entry AS former
      JOIN octopus_journal_year AS year ON year.id = former.journal_year_id
      JOIN octopus_journal AS journal ON journal.id = year.journal_id
     WHERE NOT EXISTS (
               SELECT 1 FROM octopus_journal_entry AS entry
                WHERE entry.journal_year_id = former.journal_year_id
                  AND entry.number = former.number)
     ORDER BY former.id;
    -- A number of a journal is kept once: by it each row is found again.
    CREATE TEMPORARY TABLE octopus_moved_entry ON COMMIT DROP AS
    SELECT former.id AS former_id, entry.id
      FROM octopus_payment_entry AS former
      JOIN octopus_journal_entry AS entry USING (journal_year_id, number);
"""
# As Odoo makes such a table.
OTHER_PAYMENTS = """
    CREATE TABLE IF NOT EXISTS octopus_journal_entry_other_payment_rel (
        entry_id integer NOT NULL, payment_id integer NOT NULL,
        PRIMARY KEY (entry_id, payment_id));
    COMMENT ON TABLE octopus_journal_entry_other_payment_rel
         IS 'RELATION BETWEEN octopus_journal_entry AND octopus_payment';
    CREATE INDEX IF NOT EXISTS
        octopus_journal_entry_other_payment_rel_payment_id_entry_id_idx
        ON octopus_journal_entry_other_payment_rel (payment_id, entry_id);
    INSERT INTO octopus_journal_entry_other_payment_rel (entry_id, payment_id)
    SELECT moved.id, other.payment_id
      FROM octopus_payment_entry_other_rel AS other
      JOIN octopus_moved_entry AS moved ON moved.former_id = other.entry_id
        ON CONFLICT DO NOTHING;
"""
PAYMENTS = """
    UPDATE octopus_payment AS payment SET entry_id = moved.id
      FROM octopus_moved_entry AS moved WHERE moved.former_id = payment.entry_id;
"""
# What a payment tells of the booking that it may be leads there, too.
FINDINGS = """
    UPDATE octopus_payment AS payment SET findings = (
        SELECT jsonb_agg(
                   CASE WHEN finding->>'model' = 'octopus.payment.entry'
                        THEN finding || jsonb_build_object(
                            'model',
                            CASE WHEN ids IS NOT NULL THEN 'octopus.journal.entry' END,
                            'ids', coalesce(ids, '[]'))
                        ELSE finding END
                   ORDER BY place)
          FROM jsonb_array_elements(payment.findings)
               WITH ORDINALITY AS told(finding, place)
     LEFT JOIN LATERAL (
                   SELECT jsonb_agg(moved.id) AS ids FROM octopus_moved_entry AS moved
                    WHERE finding->'ids' @> to_jsonb(moved.former_id)) AS now ON TRUE)
     WHERE findings @> '[{"model": "octopus.payment.entry"}]';
"""
FORMER = """
    DROP TABLE octopus_payment_entry_other_rel;
    DROP TABLE octopus_payment_entry;
    DROP TABLE octopus_moved_entry;
"""


def migrate(cr, _version):
    if not sql.table_exists(cr, "octopus_payment_entry"):
        return
    cr.execute(REFERENCES)
    for table, name in cr.fetchall():
        sql.drop_constraint(cr, table, name)
    for step in (JOURNAL_TYPE, ROWS, OTHER_PAYMENTS, PAYMENTS, FINDINGS, FORMER):
        cr.execute(step)
