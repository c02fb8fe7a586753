"""The journal for what Octopus matched without a bank goes from everybody's dashboard,
unless somebody chose a real bank for it."""


def migrate(cr, _version):
    cr.execute(
        """
        UPDATE account_journal AS journal SET show_on_dashboard = FALSE
          FROM res_company AS company
         WHERE company.octopus_clearing_journal_id = journal.id
           AND journal.bank_account_id IS NULL
        """
    )
