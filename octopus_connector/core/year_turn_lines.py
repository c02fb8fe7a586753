"""The turn of the year, in words: what the bookyear that comes needs.

No Odoo; see ``check_lines``, of which these are more lines.
"""

from __future__ import annotations

from .check_lines import (
    ACCOUNTANT,
    ACCOUNTS,
    BOOKYEARS,
    JOURNALS,
    YOU,
    CheckKind,
)


def _lt(text: str) -> str:
    """Mark a text for translation, as Odoo's extraction looks for it."""
    return text


TURN_CHECKS: dict[str, CheckKind] = {
    "turn_no_bookyear": CheckKind(
        BOOKYEARS,
        _lt("No bookyear of this dossier has begun, as far as Octopus told."),
        YOU,
        _lt("Check again, or look at the check-list of the dossier."),
    ),
    "turn_not_yet": CheckKind(
        BOOKYEARS,
        _lt(
            "Bookyear %(ending)s ends on %(end_date)s. From %(from_date)s on, what the"
            " next one needs is asked for here."
        ),
    ),
    "turn_bookyear_there": CheckKind(
        BOOKYEARS,
        _lt(
            "Bookyear %(bookyear)s, from %(start_date)s until %(end_date)s, is there"
            " and open."
        ),
    ),
    "turn_bookyear_missing": CheckKind(
        BOOKYEARS,
        _lt("There is no bookyear from %(date)s on yet."),
        ACCOUNTANT,
        _lt("Make it in Octopus under Management > Bookyears, or here."),
    ),
    "turn_bookyear_closed": CheckKind(
        BOOKYEARS,
        _lt("Bookyear %(bookyear)s is closed."),
        ACCOUNTANT,
        _lt("Open it in Octopus under Management > Bookyears."),
    ),
    "turn_journal_there": CheckKind(
        JOURNALS,
        _lt(
            "Journal %(journal)s is in bookyear %(bookyear)s; its last number there is"
            " %(number)s."
        ),
    ),
    "turn_journal_missing": CheckKind(
        JOURNALS,
        _lt("Journal %(journal)s is not in bookyear %(bookyear)s."),
        ACCOUNTANT,
        _lt(
            "Make it there in Octopus under Management > Journals, or here. If another"
            " journal takes its place, an Octopus administrator chooses that one on the"
            " dossier, under Other journals in a bookyear."
        ),
    ),
    "turn_journal_closed": CheckKind(
        JOURNALS,
        _lt("Journal %(journal)s is closed in bookyear %(bookyear)s."),
        ACCOUNTANT,
        _lt("Open it in Octopus under Management > Journals."),
    ),
    "turn_numbers": CheckKind(
        JOURNALS, _lt("The last numbers of bookyear %(ending)s: %(numbers)s.")
    ),
    "turn_accounts_there": CheckKind(
        ACCOUNTS,
        _lt(
            "Accounts of the settings and mappings: %(count)s. Bookyear %(bookyear)s"
            " has all of them."
        ),
    ),
    "turn_accounts_missing": CheckKind(
        ACCOUNTS,
        _lt(
            "Accounts of the settings and mappings that bookyear %(bookyear)s lacks:"
            " %(count)s (%(accounts)s)."
        ),
        ACCOUNTANT,
        _lt(
            "Make them in Octopus under Management > Accounts, or choose others in the"
            " settings or in the list Accounts."
        ),
    ),
    "turn_accounts_unread": CheckKind(
        ACCOUNTS,
        _lt("The accounts of bookyear %(bookyear)s were not read yet."),
        YOU,
        _lt(
            "Wait until tomorrow: they are read by themselves. Octopus lets accounts be"
            " read twice a day."
        ),
    ),
    "turn_documents_left": CheckKind(
        BOOKYEARS,
        _lt("Documents of bookyear %(ending)s that are not in Octopus yet: %(count)s."),
        YOU,
        _lt(
            "See what they wait for under Invoicing > Octopus > Documents, before the"
            " accountant closes that bookyear."
        ),
    ),
    "turn_documents_sent": CheckKind(
        BOOKYEARS, _lt("No document of bookyear %(ending)s waits to be sent.")
    ),
    "turn_open_items_none": CheckKind(
        BOOKYEARS, _lt("No document of bookyear %(ending)s is open here.")
    ),
    "turn_open_items_listed": CheckKind(
        BOOKYEARS,
        _lt(
            "Octopus lists the open items of bookyear %(ending)s together with those of"
            " %(bookyear)s, as seen on %(seen_at)s."
        ),
    ),
    "turn_open_items_untold": CheckKind(
        BOOKYEARS,
        _lt(
            "Not known: whether the open items of bookyear %(ending)s were carried over"
            " (open here: %(count)s documents). The web service does not tell it."
        ),
        ACCOUNTANT,
        _lt(
            "Look in Octopus under Management > Bookyears whether bookyear %(ending)s"
            " was booked to the next one."
        ),
    ),
    "turn_open_items_left_out": CheckKind(
        BOOKYEARS,
        _lt(
            "The list of open items of Octopus leaves out documents of bookyear"
            " %(ending)s that are open here: they may not be carried over yet."
        ),
        ACCOUNTANT,
        _lt(
            "Look in Octopus under Management > Bookyears whether bookyear %(ending)s"
            " was booked to the next one."
        ),
    ),
    "turn_old_year_read": CheckKind(
        BOOKYEARS,
        _lt(
            "Bookyear %(ending)s is still read: payments on %(payments_at)s, bookings"
            " on %(bookings_at)s."
        ),
    ),
    "turn_old_year_unread": CheckKind(
        BOOKYEARS,
        _lt(
            "Payments or bookings of bookyear %(ending)s were not read from Octopus"
            " yet."
        ),
        YOU,
        _lt(
            "Needed only if payments are followed in Octopus: see under Invoicing >"
            " Octopus > Log whether the readings succeed."
        ),
    ),
}
