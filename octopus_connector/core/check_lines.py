"""The check-list: what must be there before the first document, in words.

No Odoo. A text is marked for translation here, and put into its reader's language when
it is shown; ``%(name)s`` is a value of the line. Names of menus are those of Octopus,
which speaks Dutch and French: each translation has the menu of its language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

DONE = "done"
OPEN = "open"  # stands in the way of documents
LATER = "later"  # can wait, and will be asked for
UNKNOWN = "unknown"  # Octopus does not tell, or was not asked yet

YOU = "you"
ACCOUNTANT = "accountant"

# Chapters of the page ``first-day`` of the manual.
LOGIN = "login"
NUMBER = "number"
BOOKYEARS = "bookyears"
JOURNALS = "journals"
BANKS = "banks"
ACCOUNTS = "accounts"
VAT_CODES = "vat-codes"


class CheckKind(NamedTuple):
    """What a code of the check-list stands for.

    :param chapter: of the manual
    :param text: what is there, or lacking
    :param who: who mends it; nobody needs to where it is empty
    :param fix: how, with the menu
    """

    chapter: str
    text: str
    who: str = ""
    fix: str = ""


@dataclass(frozen=True)
class CheckLine:
    """One line: a code of :data:`CHECKS`, one of the four states, values of its text.

    ``key`` tells lines of one code apart, such as the journals of each kind.
    """

    code: str
    state: str
    params: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""


def _lt(text: str) -> str:
    """Mark a text for translation, as Odoo's extraction looks for it."""
    return text


CHECKS: dict[str, CheckKind] = {
    "connected": CheckKind(LOGIN, _lt("The login works and opens %(dossier)s.")),
    "not_connected": CheckKind(
        LOGIN,
        _lt("The login of %(dossier)s does not work."),
        YOU,
        _lt("Go back to the step Login, or test the connection."),
    ),
    "number_valid": CheckKind(NUMBER, _lt("The number %(number)s is a valid one.")),
    "number_missing": CheckKind(
        NUMBER,
        _lt("%(company)s has no VAT or company number."),
        YOU,
        _lt("Fill it in: Settings > Companies > %(company)s, Tax ID."),
    ),
    "number_wrong": CheckKind(
        NUMBER,
        _lt(
            "The number %(number)s of %(company)s cannot be right: its check digits are"
            " wrong."
        ),
        YOU,
        _lt("Correct it: Settings > Companies > %(company)s, Tax ID."),
    ),
    "number_same": CheckKind(
        NUMBER, _lt("Octopus has the same number for %(dossier)s.")
    ),
    "number_differs": CheckKind(
        NUMBER,
        _lt(
            "%(company)s has the number %(number)s, and %(dossier)s has %(theirs)s in"
            " Octopus."
        ),
        ACCOUNTANT,
        _lt("Correct the side that is wrong; in Octopus: Management > Dossier."),
    ),
    "number_untold": CheckKind(
        NUMBER,
        _lt("Octopus does not tell the VAT number of %(dossier)s."),
        ACCOUNTANT,
        _lt(
            "Look whether it is the right dossier; the number stands in Octopus under"
            " Management > Dossier."
        ),
    ),
    "bookyear_now": CheckKind(
        BOOKYEARS, _lt("Bookyear %(bookyear)s of today is there and open.")
    ),
    "bookyear_now_missing": CheckKind(
        BOOKYEARS,
        _lt("There is no bookyear for today, %(date)s."),
        ACCOUNTANT,
        _lt(
            "Make it in Octopus under Management > Bookyears, or here. Bookyears follow"
            " each other without a gap and none can come before the first: years in"
            " between are made first."
        ),
    ),
    "bookyear_now_closed": CheckKind(
        BOOKYEARS,
        _lt("Bookyear %(bookyear)s of today is closed."),
        ACCOUNTANT,
        _lt("Open it in Octopus under Management > Bookyears."),
    ),
    "bookyear_next": CheckKind(
        BOOKYEARS, _lt("The next bookyear, %(bookyear)s, is there.")
    ),
    "bookyear_next_missing": CheckKind(
        BOOKYEARS,
        _lt("There is no bookyear from %(date)s on yet."),
        ACCOUNTANT,
        _lt(
            "Make it in Octopus under Management > Bookyears, or here, before that day."
        ),
    ),
    "journal_there": CheckKind(JOURNALS, _lt("%(kind)s: journal %(journal)s.")),
    "journal_missing": CheckKind(
        JOURNALS,
        _lt("Octopus has no journal for: %(kind)s."),
        ACCOUNTANT,
        _lt(
            "Make one in Octopus under Management > Journals, or here. Look first that"
            " the right bookyear is open there (Bookyear > Open bookyear); a journal"
            " that was just made shows only after File > Synchronise."
        ),
    ),
    "journal_mode": CheckKind(
        JOURNALS,
        _lt(
            "The sales journals of Octopus make invoices; for %(kind)s one that takes"
            " bookings is needed."
        ),
        ACCOUNTANT,
        _lt(
            "In Octopus, under Management > Journals, give a journal the entry type"
            " Sales entries, or make one here."
        ),
    ),
    "journal_not_in_year": CheckKind(
        JOURNALS,
        _lt("%(kind)s: journal %(journal)s is not in bookyear %(bookyear)s."),
        ACCOUNTANT,
        _lt("Make it there in Octopus under Management > Journals, or here."),
    ),
    "journal_closed": CheckKind(
        JOURNALS,
        _lt("%(kind)s: journal %(journal)s is closed in bookyear %(bookyear)s."),
        ACCOUNTANT,
        _lt("Open it in Octopus under Management > Journals."),
    ),
    "banks_there": CheckKind(
        BANKS, _lt("Each bank account of Odoo has its journal in Octopus (%(count)s).")
    ),
    "banks_missing": CheckKind(
        BANKS,
        _lt("Octopus has no financial journal with: %(banks)s."),
        ACCOUNTANT,
        _lt(
            "Enter the IBAN on the financial journal in Octopus, under Management >"
            " Journals, or make one here. Needed only for payments."
        ),
    ),
    "banks_untold": CheckKind(
        BANKS,
        _lt("Octopus tells no bank accounts over this web service."),
        YOU,
        _lt("Choose the journal of each bank in the list Journals and banks."),
    ),
    "accounts_there": CheckKind(
        ACCOUNTS,
        _lt(
            "Ledger accounts of the last twelve months: %(count)s. Octopus has all of"
            " them."
        ),
    ),
    "accounts_missing": CheckKind(
        ACCOUNTS,
        _lt(
            "Ledger accounts of the last twelve months that Octopus lacks: %(count)s"
            " (%(accounts)s)."
        ),
        ACCOUNTANT,
        _lt(
            "Make them in Octopus under Management > Accounts, or choose another"
            " account for each in the list Accounts."
        ),
    ),
    "vat_codes_there": CheckKind(
        VAT_CODES,
        _lt(
            "Taxes of the last twelve months: %(count)s. All have a VAT code or a"
            " proposal."
        ),
    ),
    "vat_codes_missing": CheckKind(
        VAT_CODES,
        _lt("No VAT code was found for: %(taxes)s."),
        YOU,
        _lt(
            "Choose it in the list Taxes and VAT codes. If the code is missing, the"
            " accountant makes it in Octopus under Management > VAT codes."
        ),
    ),
    "peppol_two_receivers": CheckKind(
        JOURNALS,
        _lt(
            "Peppol: Odoo and Octopus both receive the bills of %(participant)s. A"
            " number has one receiver: bills arrive in one of them only."
        ),
        ACCOUNTANT,
        _lt(
            "Keep one: end it in Odoo (Settings > Invoicing > Peppol), or in Octopus"
            " under Management > Dossier; then correct the answer in the settings of"
            " Octopus."
        ),
    ),
    "peppol_odoo_receives": CheckKind(
        JOURNALS, _lt("Peppol: Odoo receives the bills of %(participant)s.")
    ),
    "peppol_octopus_receives": CheckKind(
        JOURNALS,
        _lt(
            "Peppol: Octopus receives the bills of %(participant)s, and Odoo does not."
        ),
    ),
    "peppol_nobody_receives": CheckKind(
        JOURNALS,
        _lt("Peppol: neither Odoo nor Octopus receives the bills of %(participant)s."),
        YOU,
        _lt("Register one of them, unless another program receives your bills."),
    ),
    "peppol_receiver_untold": CheckKind(
        JOURNALS,
        _lt(
            "Peppol: Octopus does not tell whether its access point receives the bills"
            " of %(participant)s."
        ),
        YOU,
        _lt(
            "Ask the accountant, and answer in Invoicing > Configuration > Octopus >"
            " Settings, under Peppol."
        ),
    ),
    "peppol_two_senders": CheckKind(
        JOURNALS,
        _lt(
            "Peppol: Octopus sends the invoices of %(participant)s, and Odoo could,"
            " too: Odoo holds back what would go by Peppol."
        ),
        YOU,
        _lt(
            "Keep it so if Octopus is to send them. Else agree with the accountant that"
            " Odoo does, and correct the answer in the settings of Octopus."
        ),
    ),
    "peppol_odoo_sends": CheckKind(
        JOURNALS, _lt("Peppol: Odoo sends the invoices of %(participant)s.")
    ),
    "peppol_sender_untold": CheckKind(
        JOURNALS,
        _lt(
            "Peppol: Octopus does not tell whether the invoices of %(participant)s are"
            " also sent from there."
        ),
        YOU,
        _lt(
            "Ask the accountant, and answer in Invoicing > Configuration > Octopus >"
            " Settings, under Peppol."
        ),
    ),
}


def stands_in_the_way(lines) -> list[CheckLine]:
    """Return the lines that keep documents from being sent.

    :param lines: of :class:`CheckLine`
    """
    return [line for line in lines if line.state == OPEN]
