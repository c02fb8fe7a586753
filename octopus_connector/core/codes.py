"""The one table of findings: what stands in the way, who can mend it, and how.

No Odoo. A text is marked for translation here, and put into its reader's language when
it is shown (model ``octopus.finding``); ``%(name)s`` is a value of the finding.
"""

from __future__ import annotations

from typing import NamedTuple

BLOCK = "block"  # a person must mend something first
WAIT = "wait"  # nothing is wrong with the document; it goes when this has passed
WARN = "warn"  # it goes, but somebody should know
INFO = "info"  # it goes; worth telling

YOU = "you"
ADMINISTRATOR = "administrator"
ACCOUNTANT = "accountant"
OCTOPUS = "octopus"


class FindingKind(NamedTuple):
    """What a code stands for.

    :param severity: one of the four above, unless a finding has its own
    :param who: who can mend it
    :param title: what is wrong
    :param fix: how to mend it
    :param question: under which heading a person is asked about a payment
    :param by_itself: a change of settings or of the mirror may mend it, so that it is
        tried again then
    :param closed_there: the accountant closed something, and may open it
    """

    severity: str
    who: str
    title: str
    fix: str
    question: str = "match"
    by_itself: bool = True
    closed_there: bool = False


CODES: dict[str, FindingKind] = {}


def _lt(text: str) -> str:
    """Mark a text for translation, as Odoo's extraction looks for it."""
    return text


def _kind(code: str, *facts, **more) -> str:
    """Enter a row of the table; return its code."""
    CODES[code] = FindingKind(*facts, **more)
    return code


# Connection and dossier

NO_DOSSIER = _kind(
    "no_dossier",
    BLOCK,
    ADMINISTRATOR,
    _lt("%(company)s is not linked to an Octopus dossier."),
    _lt("Choose the dossier in Invoicing > Configuration > Octopus > Settings."),
)

OTHER_DOSSIER = _kind(
    "other_dossier",
    BLOCK,
    YOU,
    _lt("%(company)s books in %(dossier)s now, and this was to go to %(former)s."),
    _lt("Send it again: then it goes to %(dossier)s."),
)

SENDING_PAUSED = _kind(
    "sending_paused",
    WAIT,
    ADMINISTRATOR,
    _lt("%(user)s paused sending to %(dossier)s on %(paused_at)s: %(reason)s."),
    _lt("Resume it under Octopus > Overview; what was asked for goes then."),
)

LOGIN_REJECTED = _kind(
    "login_rejected",
    WAIT,
    ADMINISTRATOR,
    _lt("Octopus rejected the login of connection %(connection)s."),
    _lt(
        "Check user, password and software-house ID (Octopus does not say which is"
        " wrong) and whether the web service is active for the user; then test the"
        " connection. What waits goes on by itself after that."
    ),
)

ACCESS_REJECTED = _kind(
    "access_rejected",
    WAIT,
    ADMINISTRATOR,
    _lt(
        "Octopus takes the access no more that was given to connection %(connection)s."
    ),
    _lt(
        "Open the connection and click Connect with Octopus. Dossiers, mappings and"
        " numbers stay, and what waits goes on by itself."
    ),
)

ACCESS_ENDS = _kind(
    "access_ends",
    WARN,
    ADMINISTRATOR,
    _lt("The access of connection %(connection)s to Octopus ends on %(date)s."),
    _lt(
        "Open the connection and click Connect with Octopus before that day; dossiers,"
        " mappings and numbers stay."
    ),
)

LOGIN_INCOMPLETE = _kind(
    "login_incomplete",
    WAIT,
    ADMINISTRATOR,
    _lt("The login of connection %(connection)s cannot be used: %(message)s"),
    _lt("Fill in software-house ID, user and password; then test the connection."),
)

LOGIN_WITHOUT_DOSSIER = _kind(
    "login_without_dossier",
    WAIT,
    ADMINISTRATOR,
    _lt("The login of connection %(connection)s is right, but opens no dossier."),
    _lt(
        "In Octopus, Management > Users > Rights, give the user access to the"
        " dossiers that your companies use."
    ),
)

WEB_SERVICE_OFF = _kind(
    "web_service_off",
    WAIT,
    ADMINISTRATOR,
    _lt("The user of connection %(connection)s may not use the web service."),
    _lt(
        "In Octopus, Management > Users > Rights, switch on the web service. Users"
        " of kind U and K have it; one of kind B needs it activated by Octopus."
    ),
)

HOST_UNREACHABLE = _kind(
    "host_unreachable",
    WAIT,
    ADMINISTRATOR,
    _lt("The server %(host)s cannot be reached."),
    _lt("Check the network of this server; if it works, Octopus may be down."),
)

COPIED_DATABASE = _kind(
    "copied_database",
    WAIT,
    ADMINISTRATOR,
    _lt("This database may be a copy, so it does not call Octopus."),
    _lt(
        "If it is the real one, open the connection, see what is different, and"
        ' click "This is the real database": what waits goes on by itself.'
    ),
)

CONNECTION_ARCHIVED = _kind(
    "connection_archived",
    WAIT,
    ADMINISTRATOR,
    _lt(
        "Connection %(connection)s is archived: nothing is sent to Octopus, and"
        " nothing is read."
    ),
    _lt(
        "Unarchive it, and what waits goes on by itself; or end the link with"
        " Disconnect, in the settings."
    ),
)

DOSSIER_ARCHIVED = _kind(
    "dossier_archived",
    WAIT,
    ADMINISTRATOR,
    _lt("Dossier %(dossier)s is archived: nothing is sent or read."),
    _lt(
        "Unarchive it, and what waits goes on by itself; or end the link with"
        " Disconnect, in the settings."
    ),
)

DOSSIER_REFUSED = _kind(
    "dossier_refused",
    WAIT,
    ADMINISTRATOR,
    _lt("The Octopus user may not open dossier %(dossier)s."),
    _lt(
        "In Octopus, Management > Users > Rights, give the user access to the"
        " dossier and to the web service."
    ),
)

SERVICE_DOWN = _kind(
    "service_down",
    WAIT,
    OCTOPUS,
    _lt("Octopus does not answer now."),
    _lt("Nothing: it is tried again by itself."),
)

OUT_OF_TIME = _kind(
    "out_of_time",
    WAIT,
    OCTOPUS,
    _lt("The time that Odoo gives to one piece of work was over."),
    _lt("Nothing: it goes on by itself where it stopped."),
)

QUOTA_REACHED = _kind(
    "quota_reached",
    WAIT,
    OCTOPUS,
    _lt("Today's number of calls that Octopus allows for this is used up."),
    _lt("Nothing: it goes on tomorrow by itself."),
)

ANSWER_UNCLEAR = _kind(
    "answer_unclear",
    WAIT,
    OCTOPUS,
    _lt("Octopus gave an answer that cannot be understood."),
    _lt("Nothing: it is tried again. If it lasts, see the call log."),
)

NOT_CONNECTED = _kind(
    "not_connected",
    WAIT,
    ADMINISTRATOR,
    _lt("Connection %(connection)s is not connected."),
    _lt("Test it, in Invoicing > Configuration > Octopus > Connections."),
)


# What stays broken in a dossier

SERVICE_DOWN_SINCE = _kind(
    "service_down_since",
    WAIT,
    OCTOPUS,
    _lt("Octopus does not answer since %(since_at)s."),
    _lt(
        "Nothing: documents wait here and go by themselves when it answers. It is"
        " tried again at %(next_at)s."
    ),
)

NOTHING_SUCCEEDED = _kind(
    "nothing_succeeded",
    WARN,
    ADMINISTRATOR,
    _lt("Nothing was read from or sent to Octopus since %(since_at)s."),
    _lt("See in the calls what Octopus answered, or that none was made."),
)

SCHEDULED_ACTION_OFF = _kind(
    "scheduled_action_off",
    WARN,
    ADMINISTRATOR,
    _lt("A scheduled action of %(dossier)s is switched off."),
    _lt("Open the dossier, page Scheduled actions, and switch it on."),
)

SCHEDULER_STOPPED = _kind(
    "scheduler_stopped",
    WARN,
    ADMINISTRATOR,
    _lt("The scheduled actions of Odoo did not run since %(since_at)s."),
    _lt("Ask who runs your Odoo to start them; documents then go by themselves."),
)

PAYMENTS_NOT_READ = _kind(
    "payments_not_read",
    WARN,
    ADMINISTRATOR,
    _lt("Payments were not read from Octopus since %(since_at)s."),
    _lt(
        "See in the calls and runs what stands in the way; until then invoices stay"
        " open that were paid."
    ),
)

OPEN_ITEMS_NOT_COMPARED = _kind(
    "open_items_not_compared",
    WARN,
    ADMINISTRATOR,
    _lt("Open documents were not compared with Octopus since %(since_at)s."),
    _lt("See in the calls and runs what stands in the way."),
)

COMPARISON_STANDS_STILL = _kind(
    "comparison_stands_still",
    WARN,
    ADMINISTRATOR,
    _lt("Documents were not compared with Octopus since %(since_at)s."),
    _lt(
        "See in the calls what stands in the way; until then nobody is told what"
        " was changed or deleted there."
    ),
)

MIRROR_NOT_READ = _kind(
    "mirror_not_read",
    WARN,
    ADMINISTRATOR,
    _lt("Of Octopus was not read since %(since_at)s: %(parts)s."),
    _lt("Open the dossier and press Refresh; it says what stands in the way."),
)

PART_FAILED = _kind(
    "part_failed",
    WARN,
    ADMINISTRATOR,
    _lt("What Octopus gave could not be kept: %(parts)s."),
    _lt("Send support what the log of Odoo says; the other parts were read."),
)

WATCH_FAILED = _kind(
    "watch_failed",
    WARN,
    ADMINISTRATOR,
    _lt("One of the checks of this dossier does not work: %(check)s."),
    _lt("Send support what the log of Odoo says; the other checks go on."),
)

WATCH_MISSING = _kind(
    "watch_missing",
    WARN,
    ADMINISTRATOR,
    _lt("The scheduled action that watches over the dossiers does not run."),
    _lt("Switch on “Octopus: watch over the dossiers” in the scheduled actions."),
)

WAKE_MISSING = _kind(
    "wake_missing",
    WARN,
    ADMINISTRATOR,
    _lt("The scheduled action that looks for what is due does not run, or fails."),
    _lt(
        "Switch on “Octopus: wake what is due” in the scheduled actions; if it is on,"
        " the log of the server tells why it fails."
    ),
)

CONTACTS_MISSING = _kind(
    "contacts_missing",
    WARN,
    ADMINISTRATOR,
    _lt("The scheduled action that lets contacts follow does not run."),
    _lt(
        "Switch on “Octopus: let contacts follow” in the scheduled actions: until then"
        " no contact is imported, created or changed."
    ),
)

VALUES_UNREADABLE = _kind(
    "values_unreadable",
    WARN,
    ACCOUNTANT,
    _lt("Octopus gave values that cannot be kept: %(count)s (%(values)s)."),
    _lt("Correct them in Octopus; the call names each. All the rest was read."),
)

RECORDS_UNREADABLE = _kind(
    "records_unreadable",
    WARN,
    ACCOUNTANT,
    _lt(
        "Octopus gave records that cannot be read, so they were left out: %(count)s"
        " (%(values)s)."
    ),
    _lt(
        "Correct them in Octopus; the call names each. Here they stay as they were,"
        " and all the rest was read."
    ),
)

NOT_SENT_BEFORE_VAT = _kind(
    "not_sent_before_vat",
    WARN,
    YOU,
    _lt(
        "Documents that nobody sent to Octopus, of VAT return %(vat_period)s (due"
        " %(due_date)s) or before: %(count)s."
    ),
    _lt("Send them, or keep out of Octopus what must not go there."),
)

DOCUMENTS_BLOCKED = _kind(
    "documents_blocked",
    WARN,
    YOU,
    _lt("Documents that cannot go to Octopus: %(count)s."),
    _lt("See in the outbox what stands in the way."),
)

DOCUMENTS_WAIT = _kind(
    "documents_wait",
    WARN,
    YOU,
    _lt("Documents that wait for more than %(days)s days: %(count)s."),
    _lt("See in the outbox what each waits for, and who can mend it."),
)

PAYMENTS_BLOCKED = _kind(
    "payments_blocked",
    WARN,
    YOU,
    _lt("Payments that cannot go to Octopus: %(count)s."),
    _lt("See in the list what stands in the way."),
)

PAYMENTS_WAIT = _kind(
    "payments_wait",
    WARN,
    YOU,
    _lt("Payments that wait for more than %(days)s days: %(count)s."),
    _lt("See in the list what each waits for, and who can mend it."),
)

NEXT_BOOKYEAR_MISSING = _kind(
    "next_bookyear_missing",
    WARN,
    ACCOUNTANT,
    _lt("Octopus has no bookyear from %(date)s on yet."),
    _lt(
        "Make it in Octopus under Management > Bookyears, or here under Octopus > To do"
        " > Turn of the year."
    ),
)

NEXT_BOOKYEAR_CLOSED = _kind(
    "next_bookyear_closed",
    WARN,
    ACCOUNTANT,
    _lt("The next bookyear, %(bookyear)s, is closed."),
    _lt("Open it in Octopus under Management > Bookyears."),
)

NEXT_BOOKYEAR_JOURNALS = _kind(
    "next_bookyear_journals",
    WARN,
    ACCOUNTANT,
    _lt("Bookyear %(bookyear)s has no open journal %(journals)s."),
    _lt(
        "Make or open it in Octopus under Management > Journals, for that bookyear; see"
        " Octopus > To do > Turn of the year."
    ),
)

NEXT_BOOKYEAR_ACCOUNTS = _kind(
    "next_bookyear_accounts",
    WARN,
    ACCOUNTANT,
    _lt("Bookyear %(bookyear)s lacks %(count)s accounts in use: %(accounts)s."),
    _lt(
        "Make them in Octopus under Management > Accounts, for that bookyear, or choose"
        " others in the settings or the list Accounts."
    ),
)


SHADOW_MODE = _kind(
    "shadow_mode",
    WAIT,
    ADMINISTRATOR,
    _lt("Shadow mode: nothing is sent to Octopus."),
    _lt(
        "What would be booked is shown. To let it go, open Configuration > Octopus >"
        " Start of sending."
    ),
)


# Which documents

NOT_POSTED = _kind(
    "not_posted",
    BLOCK,
    YOU,
    _lt("The document is a draft."),
    _lt("Confirm it; only confirmed documents go to Octopus."),
)

BEFORE_START_DATE = _kind(
    "before_start_date",
    INFO,
    ADMINISTRATOR,
    _lt("The document is dated %(date)s, before the start on %(start_date)s."),
    _lt("Change the start date in the settings if it must go to Octopus."),
)

AFTER_END_DATE = _kind(
    "after_end_date",
    INFO,
    ADMINISTRATOR,
    _lt(
        "The document is dated %(date)s; from %(end_date)s on, documents do not go to"
        " Octopus."
    ),
    _lt(
        "The link was ended for them with Disconnect. To send them all the same, click"
        " Disconnect in the settings and take the date away."
    ),
)

EXCLUDED = _kind(
    "excluded",
    INFO,
    YOU,
    _lt("Somebody decided that this document does not go to Octopus."),
    _lt("Send it by hand if it must go after all."),
)

LEFT_OUT_BY_ADDON = _kind(
    "left_out_by_addon",
    INFO,
    ADMINISTRATOR,
    _lt("Another app of this database keeps the document out of Octopus."),
    _lt("Ask who looks after your Odoo which documents it keeps out, and why."),
)

KIND_STAYS_OUT = _kind(
    "kind_stays_out",
    INFO,
    ADMINISTRATOR,
    _lt("Documents of the kind %(kind)s stay out of Octopus: %(company)s chose so."),
    _lt("If they must go, tick their kind in the settings of Octopus, under Journals."),
)

RECEIPTS_STAY_OUT = _kind(
    "receipts_stay_out",
    INFO,
    ADMINISTRATOR,
    _lt("Receipts and expenses of %(company)s stay out of Octopus."),
    _lt(
        "If they must go, choose so in the settings of Octopus. As they are, book"
        " them there by hand; their payments go unmatched."
    ),
)

BILL_TWICE = _kind(
    "bill_twice",
    BLOCK,
    YOU,
    _lt("It may be the same bill as %(documents)s."),
    _lt(
        'Compare them. If it is another bill, click "Another bill" and it goes; if'
        " it is the same, cancel one of them or keep it out of Octopus."
    ),
    by_itself=False,
)


# Journal, bookyear, period

KIND_WITHOUT_JOURNAL = _kind(
    "kind_without_journal",
    BLOCK,
    ADMINISTRATOR,
    _lt("No Octopus journal is chosen for: %(kind)s."),
    _lt("Choose the journal in Invoicing > Configuration > Octopus > Settings."),
)

JOURNAL_WRONG_TYPE = _kind(
    "journal_wrong_type",
    BLOCK,
    ADMINISTRATOR,
    _lt("Octopus journal %(journal)s cannot take: %(kind)s."),
    _lt("Choose a sales journal (V) for sales, a purchase journal (A) for bills."),
)

JOURNAL_INVOICE_MODE = _kind(
    "journal_invoice_mode",
    BLOCK,
    ACCOUNTANT,
    _lt("Octopus journal %(journal)s takes invoices, not sales bookings."),
    _lt(
        "Set the entry type of the journal to sales bookings. Or an administrator"
        " chooses another journal in the settings of Odoo."
    ),
)

JOURNAL_NOT_IN_BOOKYEAR = _kind(
    "journal_not_in_bookyear",
    BLOCK,
    ACCOUNTANT,
    _lt("Bookyear %(bookyear)s has no journal %(journal)s."),
    _lt(
        "Create the journal in that bookyear in Octopus, under Management > Journals;"
        " then File > Synchronise."
    ),
)

JOURNAL_CLOSED = _kind(
    "journal_closed",
    WAIT,
    ACCOUNTANT,
    _lt("Journal %(journal)s is closed in bookyear %(bookyear)s."),
    _lt(
        "Open the journal in Octopus, under Management > Journals; the document then"
        " goes by itself."
    ),
    closed_there=True,
)

JOURNAL_OPEN_ELSEWHERE = _kind(
    "journal_open_elsewhere",
    WAIT,
    ACCOUNTANT,
    _lt("Journal %(journal)s is open on somebody's screen in Octopus."),
    _lt("Close the journal there; the document then goes by itself."),
)

NO_BOOKYEAR = _kind(
    "no_bookyear",
    BLOCK,
    ACCOUNTANT,
    _lt("No bookyear in Octopus contains the accounting date %(date)s."),
    _lt(
        "Create the bookyear in Octopus, under Management > Bookyears, or correct the"
        " date of the document."
    ),
)

BOOKYEAR_CLOSED = _kind(
    "bookyear_closed",
    WAIT,
    ACCOUNTANT,
    _lt("Bookyear %(bookyear)s is closed."),
    _lt(
        "Open the bookyear in Octopus, under Management > Bookyears: the document then"
        " goes by itself. Or you change its accounting date in Odoo."
    ),
    closed_there=True,
)

PERIOD_MISSING = _kind(
    "period_missing",
    BLOCK,
    ACCOUNTANT,
    _lt("Bookyear %(bookyear)s has no period for the accounting date %(date)s."),
    _lt("Check the periods of the bookyear in Octopus, then refresh."),
)

PERIOD_PROTECTED = _kind(
    "period_protected",
    WAIT,
    ACCOUNTANT,
    _lt("Period %(period)s of journal %(journal)s is protected or closed."),
    _lt(
        "Open the period in Octopus: the document then goes by itself. Or you change"
        " its accounting date in Odoo."
    ),
    closed_there=True,
)

PERIOD_MOVED = _kind(
    "period_moved",
    WARN,
    YOU,
    _lt(
        "%(date)s is closed in Octopus: booked in period %(period)s of bookyear"
        " %(bookyear)s, in the VAT return of %(vat_period)s."
    ),
    _lt("Nothing if that is right; else have the period opened before it goes."),
)


# VAT

TAX_NOT_MAPPED = _kind(
    "tax_not_mapped",
    BLOCK,
    ADMINISTRATOR,
    _lt("Tax %(tax)s has no VAT code of Octopus."),
    _lt("Choose or accept its VAT code in the VAT mapping."),
)

TAX_CODE_MISSING = _kind(
    "tax_code_missing",
    BLOCK,
    ADMINISTRATOR,
    _lt("Tax %(tax)s has no VAT code for: %(kind)s."),
    _lt("Choose it in the VAT mapping; Octopus has other cards for credit notes."),
)

TAX_CODE_WRONG_DIRECTION = _kind(
    "tax_code_wrong_direction",
    BLOCK,
    ADMINISTRATOR,
    _lt("VAT code %(vat_code)s of tax %(tax)s is not meant for: %(kind)s."),
    _lt("Choose a VAT code of the right kind in the VAT mapping."),
)

SEVERAL_VAT_TAXES = _kind(
    "several_vat_taxes",
    BLOCK,
    YOU,
    _lt("Line %(line)s has several VAT taxes: %(taxes)s."),
    _lt("Leave one VAT tax on the line; Octopus knows one VAT code per line."),
)

NO_TAX_NOT_MAPPED = _kind(
    "no_tax_not_mapped",
    BLOCK,
    ADMINISTRATOR,
    _lt("Line %(line)s has no tax, and nothing says how Octopus takes that."),
    _lt("In the VAT mapping, fill in the row without tax for %(direction)s."),
)

VAT_CODE_WANTED = _kind(
    "vat_code_wanted",
    BLOCK,
    ADMINISTRATOR,
    _lt("Octopus wants a VAT code on every line, and these have none: %(lines)s."),
    _lt(
        "In the VAT mapping, choose the VAT code of the row without tax"
        " (%(direction)s): all documents that wait for it go then."
    ),
)

TAX_CHANGED = _kind(
    "tax_changed",
    BLOCK,
    ADMINISTRATOR,
    _lt(
        "Tax %(tax)s is no longer what it was when its VAT code was chosen:"
        " %(before)s then, %(after)s now."
    ),
    _lt(
        "Look in the VAT mapping whether VAT code %(vat_code)s still fits, and"
        " accept the row again."
    ),
)


# Accounts

ACCOUNT_NOT_MAPPED = _kind(
    "account_not_mapped",
    BLOCK,
    ADMINISTRATOR,
    _lt("Account %(account)s has no counterpart in Octopus."),
    _lt("Choose or accept its Octopus account in the account mapping."),
)

ACCOUNT_MISSING_IN_BOOKYEAR = _kind(
    "account_missing_in_bookyear",
    BLOCK,
    ACCOUNTANT,
    _lt("Octopus account %(octopus_account)s is not in bookyear %(bookyear)s."),
    _lt("Create or open the account in that bookyear in Octopus, then refresh."),
)

ACCOUNT_ON_SUSPENSE = _kind(
    "account_on_suspense",
    WARN,
    ACCOUNTANT,
    _lt("Account %(account)s has no counterpart: booked on %(octopus_account)s."),
    _lt("Choose its Octopus account, so that the next one is booked right."),
)

VAT_CODE_WITHOUT_ACCOUNT = _kind(
    "vat_code_without_account",
    BLOCK,
    ACCOUNTANT,
    _lt("VAT code %(vat_code)s has no account of its own in Octopus."),
    _lt("Set it on the VAT code in Octopus, or change the VAT mapping."),
)

RELATION_WITHOUT_ACCOUNT = _kind(
    "relation_without_account",
    BLOCK,
    ACCOUNTANT,
    _lt("The relation of %(partner)s has no account of its own in Octopus."),
    _lt("Set it on the relation in Octopus, or change the VAT mapping."),
)

NO_RELATION_WITH_ACCOUNT = _kind(
    "no_relation_with_account",
    BLOCK,
    ACCOUNTANT,
    _lt("%(partner)s is not linked with a relation that has its account in Octopus."),
    _lt(
        "Create the relation in Octopus with its account, then refresh; or link the"
        " contact with one that has an account, or change the VAT mapping."
    ),
)

DISCOUNT_ACCOUNT_MISSING = _kind(
    "discount_account_missing",
    BLOCK,
    ADMINISTRATOR,
    _lt("There is no Octopus account for cash discounts on %(direction)s."),
    _lt("Choose it in Invoicing > Configuration > Octopus > Settings."),
)

LIMITATION_ACCOUNT_MISSING = _kind(
    "limitation_account_missing",
    BLOCK,
    ADMINISTRATOR,
    _lt("There is no Octopus account for credit limitation on %(direction)s."),
    _lt("Choose it in Invoicing > Configuration > Octopus > Settings."),
)

LIMITATION_WITH_TAX = _kind(
    "limitation_with_tax",
    BLOCK,
    YOU,
    _lt("Line %(line)s is a credit limitation and must not have a tax."),
    _lt("Remove the tax from the line."),
)


# Cost centres

COST_CENTRE_NOT_MAPPED = _kind(
    "cost_centre_not_mapped",
    BLOCK,
    ADMINISTRATOR,
    _lt("No cost centre of Octopus is chosen for analytic account %(analytic)s."),
    _lt("Choose or accept its cost centre, or that it has none, in the cost centres."),
)

COST_CENTRE_CLOSED = _kind(
    "cost_centre_closed",
    BLOCK,
    ACCOUNTANT,
    _lt("Cost centre %(cost_centre)s is closed in Octopus, or is not there any more."),
    _lt("Open it in Octopus, then refresh; or choose another one here."),
)

COST_CENTRE_WANTED = _kind(
    "cost_centre_wanted",
    BLOCK,
    YOU,
    _lt(
        "Octopus wants a cost centre on account %(octopus_account)s, and line %(line)s,"
        " or a part of it, has none."
    ),
    _lt(
        "Fill in the whole of its analytic distribution; or ask the accountant to make"
        " cost centres not mandatory on the account."
    ),
)

COST_CENTRE_WITHOUT_PLAN = _kind(
    "cost_centre_without_plan",
    WARN,
    ADMINISTRATOR,
    _lt(
        "Octopus wants a cost centre on account %(octopus_account)s, and none is sent."
    ),
    _lt(
        "Choose the analytic plan of the cost centres in Invoicing > Configuration >"
        " Octopus > Settings."
    ),
)

COST_SHARES_WRONG = _kind(
    "cost_shares_wrong",
    BLOCK,
    YOU,
    _lt(
        "The analytic distribution of line %(line)s gives %(percentage)s percent to"
        " %(plan)s: that is more than all of it, or a part of it is negative."
    ),
    _lt("Correct the analytic distribution of the line."),
)


# Deferrals

DEFERRAL_ACCOUNT_MISSING = _kind(
    "deferral_account_missing",
    BLOCK,
    ADMINISTRATOR,
    _lt("There is no Octopus account that carries deferrals of %(direction)s over."),
    _lt("Choose it in Invoicing > Configuration > Octopus > Settings."),
)

DEFERRAL_NOT_SENT = _kind(
    "deferral_not_sent",
    WARN,
    ACCOUNTANT,
    _lt(
        "Line %(line)s runs from %(start_date)s to %(end_date)s, and over SOAP Octopus"
        " is not told."
    ),
    _lt("Spread it over time in Octopus."),
)


# Intrastat

INTRASTAT_NOT_SENT = _kind(
    "intrastat_not_sent",
    WARN,
    ACCOUNTANT,
    _lt("Over SOAP Octopus is not told the Intrastat details of the lines."),
    _lt("Fill in the Intrastat details in Octopus."),
)

INTRASTAT_CODE_UNKNOWN = _kind(
    "intrastat_code_unknown",
    WARN,
    ACCOUNTANT,
    _lt("Octopus has no Intrastat code %(code)s: line %(line)s goes without it."),
    _lt("Fill in the Intrastat details in Octopus."),
)


# Relation

PARTNER_MISSING = _kind(
    "partner_missing",
    BLOCK,
    YOU,
    _lt("The document has no customer or supplier."),
    _lt("Fill it in on the document."),
)

PAYMENT_WITHOUT_CONTACT = _kind(
    "payment_without_contact",
    BLOCK,
    YOU,
    _lt("%(amount)s EUR of the payment is of no customer or supplier."),
    _lt(
        "Fill in the contact. Takings of a point of sale have none: choose in the"
        " settings of Octopus whether they stay out or are booked on their account."
    ),
)

RELATION_UNDECIDED = _kind(
    "relation_undecided",
    BLOCK,
    YOU,
    _lt("%(partner)s is not in Octopus yet."),
    _lt("Choose the relation on the contact, or allow that it is created."),
)

RELATION_SEVERAL = _kind(
    "relation_several",
    BLOCK,
    YOU,
    _lt("%(partner)s can be any of several relations: %(choices)s."),
    _lt("Choose the right one on the contact."),
)

RELATION_NEEDS_CONFIRMATION = _kind(
    "relation_needs_confirmation",
    BLOCK,
    YOU,
    _lt("%(partner)s looks like relation %(relations)s; nobody confirmed it."),
    _lt("Confirm the relation on the contact, or choose another."),
)

RELATION_TAKEN = _kind(
    "relation_taken",
    BLOCK,
    YOU,
    _lt("Relation %(relations)s, of %(partner)s, is linked with %(contact)s."),
    _lt("Merge the two contacts, or allow that a new relation is created."),
)

RELATION_CHANGED = _kind(
    "relation_changed",
    BLOCK,
    YOU,
    _lt(
        "%(partner)s is no longer what it was when it was linked with relation"
        " %(relation)s: %(before)s."
    ),
    _lt(
        "On the contact, tab Octopus, say that they are still the same, or remove"
        " the link: then the right relation is looked for."
    ),
)

RELATION_BUSY = _kind(
    "relation_busy",
    WAIT,
    OCTOPUS,
    _lt("%(partner)s is being looked up in Octopus already."),
    _lt("Nothing: it is tried again by itself."),
)

COUNTRY_MISSING = _kind(
    "country_missing",
    BLOCK,
    YOU,
    _lt("%(partner)s has no country."),
    _lt("Fill in the country on the contact."),
)

VAT_TYPE_UNDECIDED = _kind(
    "vat_type_undecided",
    BLOCK,
    YOU,
    _lt("The VAT type of %(partner)s cannot be told."),
    _lt(
        "Fill in country, VAT number or fiscal position on the contact, or choose"
        " the VAT type in Octopus there."
    ),
)

VAT_NUMBER_MALFORMED = _kind(
    "vat_number_malformed",
    BLOCK,
    YOU,
    _lt("VAT number %(vat)s of %(partner)s is not a valid one for its country."),
    _lt("Correct the VAT number or the country on the contact."),
)

VAT_TYPE_UNKNOWN = _kind(
    "vat_type_unknown",
    WARN,
    ACCOUNTANT,
    _lt("Octopus does not know the VAT type of relation %(relation)s."),
    _lt("Choose it under Management > Relations, tab VAT."),
)

CONTACT_NOT_IMPORTED = _kind(
    "contact_not_imported",
    WARN,
    YOU,
    _lt("Relation %(relation)s could not be imported: %(message)s"),
    _lt("Correct it in Octopus, or make the contact by hand and match it."),
)

CONTACTS_FAILED = _kind(
    "contacts_failed",
    WARN,
    ADMINISTRATOR,
    _lt("Contacts that could not be imported or created: %(count)s."),
    _lt(
        "Each says why. Mend it and import or create it again, match it by hand, or"
        " leave it alone."
    ),
)

CONTACT_NOT_FOLLOWED = _kind(
    "contact_not_followed",
    WARN,
    YOU,
    _lt("%(field)s of %(partner)s could not be changed: %(message)s"),
    _lt("Correct it on the contact, or leave the difference as it is."),
)

CHANGES_FAILED = _kind(
    "changes_failed",
    WARN,
    ADMINISTRATOR,
    _lt("Changes of contacts that could not be made: %(count)s."),
    _lt("Each says why. Correct it on the contact, or leave the difference as it is."),
)

CHANGES_ASKED = _kind(
    "changes_asked",
    WARN,
    ADMINISTRATOR,
    _lt("Changes of contacts that wait for a decision: %(count)s."),
    _lt("Look at both values: accept the change, or leave the difference as it is."),
)

EMAIL_LEFT_OUT = _kind(
    "email_left_out",
    WARN,
    YOU,
    _lt("E-mail address %(email)s of %(partner)s is not valid and was left out."),
    _lt("Correct it on the contact."),
)


# Amounts

SUMS_DIFFER = _kind(
    "sums_differ",
    BLOCK,
    YOU,
    _lt(
        "The lines add up to %(sum)s %(currency)s, the document to %(amount)s"
        " %(currency)s."
    ),
    _lt("Check the taxes of the document; a tax changed by hand can cause this."),
)

CREDIT_NOTE_OF_ZERO = _kind(
    "credit_note_of_zero",
    WARN,
    ACCOUNTANT,
    _lt(
        "The total of this credit note is 0, so Octopus reads it as an invoice with"
        " negative lines: its VAT is in the boxes of invoices."
    ),
    _lt("Nothing if that is right; else correct the boxes in the VAT return."),
)

LINE_SIGNS = _kind(
    "line_signs",
    BLOCK,
    YOU,
    _lt("VAT %(vat)s and base %(base)s of %(vat_code)s have opposite signs."),
    _lt("Octopus does not take that: correct the tax amount, or split the lines."),
)

RATE_DIRECTION_MISSING = _kind(
    "rate_direction_missing",
    BLOCK,
    ADMINISTRATOR,
    _lt("How Octopus writes an exchange rate is not set."),
    _lt(
        "Look at the rate of such a booking in Octopus, or ask Octopus; then set it on"
        " the dossier. Until then %(currency)s waits."
    ),
)

RATE_MISSING = _kind(
    "rate_missing",
    BLOCK,
    ADMINISTRATOR,
    _lt("There is no exchange rate of %(currency)s on %(date)s."),
    _lt("Fill in the rate in Invoicing > Configuration > Currencies."),
)

CURRENCY_UNKNOWN = _kind(
    "currency_unknown",
    BLOCK,
    ACCOUNTANT,
    _lt("Octopus does not know currency %(currency)s in this dossier."),
    _lt("Add the currency in Octopus."),
)


# Numbers and answers

NUMBER_WAITS = _kind(
    "number_waits",
    WAIT,
    YOU,
    _lt("Its number is the same as in Odoo, so it waits for %(document)s."),
    _lt("Send that document first."),
)

NUMBER_SERIES = _kind(
    "number_series",
    BLOCK,
    ADMINISTRATOR,
    _lt(
        "Series %(series)s starts anew each month, and a journal of Octopus counts"
        " through the bookyear: the same number as in Odoo is not possible."
    ),
    _lt("In the settings, choose the next number of the journal."),
)

NUMBER_TAKEN = _kind(
    "number_taken",
    WAIT,
    OCTOPUS,
    _lt("Number %(number)s of journal %(journal)s is not the next one any more."),
    _lt("Nothing: the journal is read again and the next number is taken."),
)

NUMBER_USED = _kind(
    "number_used",
    BLOCK,
    YOU,
    _lt(
        "Number %(number)s of journal %(journal)s is used in Octopus already, and its"
        " number is to be the same as in Odoo."
    ),
    _lt(
        "See in Octopus what has the number. Then give the document another number, or"
        " have the next number of the journal chosen in the settings."
    ),
)

NUMBER_DISPUTED = _kind(
    "number_disputed",
    BLOCK,
    YOU,
    _lt(
        "Number %(number)s of journal %(journal)s holds this document, with another"
        " amount or date."
    ),
    _lt("Compare the two, then say whether it is in Octopus already or not yet."),
    by_itself=False,
)

MAYBE_BOOKED = _kind(
    "maybe_booked",
    BLOCK,
    YOU,
    _lt(
        "It may be in Octopus already: %(number)s of %(date)s, %(amount)s %(currency)s."
    ),
    _lt("Compare the two, then say whether it is in Octopus already or not yet."),
    by_itself=False,
)

JOURNAL_UNREAD = _kind(
    "journal_unread",
    WAIT,
    OCTOPUS,
    _lt("Octopus does not show booking %(number)s of journal %(journal)s yet."),
    _lt("Nothing: it is looked at again, as it may be this very document."),
)

UPDATE_UNKNOWN = _kind(
    "update_unknown",
    WARN,
    YOU,
    _lt("The booking was sent again, but no answer came back."),
    _lt("Update it once more: doing it twice changes nothing."),
)

UPDATE_OTHER = _kind(
    "update_other",
    WARN,
    YOU,
    _lt("%(number)s in Octopus is not this document any more."),
    _lt("Nothing was written. Say what must happen now that it is gone there."),
)

UPDATE_UNLIKE = _kind(
    "update_unlike",
    WARN,
    ACCOUNTANT,
    _lt("%(number)s in Octopus has hardly anything of this document any more."),
    _lt("Nothing was written. Ask the accountant, and mend it there or settle it."),
)

DOCUMENTS_DIFFER = _kind(
    "documents_differ",
    WARN,
    YOU,
    _lt("Documents that are not the same in Odoo and in Octopus: %(count)s."),
    _lt("Say in the outbox what must happen with each."),
)

DOCUMENTS_NOT_COMPARED = _kind(
    "documents_not_compared",
    WARN,
    ADMINISTRATOR,
    _lt("What Octopus has of %(documents)s could not be compared with Odoo."),
    _lt("It is tried again every hour. If it stays, ask for support: see the log."),
)

DOCUMENTS_MAYBE_BOOKED = _kind(
    "documents_maybe_booked",
    WARN,
    YOU,
    _lt("Documents that may be in Octopus already: %(count)s."),
    _lt("Compare them, and say of each whether it is the same."),
)

WAITS_FOR_ANSWER = _kind(
    "waits_for_answer",
    WAIT,
    OCTOPUS,
    _lt("Journal %(journal)s waits for Octopus's answer about %(document)s."),
    _lt("Nothing: it goes by itself once that is known."),
)

REFUSED = _kind(
    "refused",
    BLOCK,
    ACCOUNTANT,
    _lt("Octopus refused it (%(code)s): %(message)s"),
    _lt("Mend what Octopus names, then send it again."),
    by_itself=False,
)

INVALID_REQUEST = _kind(
    "invalid_request",
    BLOCK,
    ADMINISTRATOR,
    _lt("The document holds something Octopus cannot take: %(message)s"),
    _lt("Mend what is named, then send it again."),
    by_itself=False,
)

UNKNOWN_OUTCOME = _kind(
    "unknown_outcome",
    WAIT,
    OCTOPUS,
    _lt("It was sent, but no answer came back."),
    _lt("Nothing: it is looked up in Octopus first, and never sent twice."),
)

UNEXPECTED = _kind(
    "unexpected",
    BLOCK,
    ADMINISTRATOR,
    _lt("Something went wrong here: %(message)s"),
    _lt("Report this, with the text above and the time."),
    by_itself=False,
)


# The document itself

ATTACHMENT_MISSING = _kind(
    "attachment_missing",
    WARN,
    YOU,
    _lt("It has no file that goes along to Octopus."),
    _lt(
        "Attach the vendor's file to a bill, or make the PDF of an invoice. It may go"
        " without: a file that comes later follows by itself."
    ),
)

ATTACHMENT_REFUSED = _kind(
    "attachment_refused",
    WARN,
    YOU,
    _lt("Octopus did not take the file %(file)s."),
    _lt("Add the file to the booking in Octopus by hand."),
)

ATTACHMENT_TOO_BIG = _kind(
    "attachment_too_big",
    WARN,
    YOU,
    _lt("Too big to go along (more than %(limit)s MB): %(file)s."),
    _lt("Add the file to the booking in Octopus by hand."),
)

ATTACHMENT_UNCLEAR = _kind(
    "attachment_unclear",
    WARN,
    YOU,
    _lt("The files were sent, but no answer came back."),
    _lt("Look in Octopus whether they are with the booking."),
)

ATTACHMENT_UNSTYLED = _kind(
    "attachment_unstyled",
    WARN,
    ADMINISTRATOR,
    _lt(
        "The PDF was not made: Odoo does not reach its own styles at %(url)s, so it"
        " would have none."
    ),
    _lt(
        "Set the system parameter report.url to an address at which this server"
        " reaches Odoo. The PDF is then made, and follows by itself."
    ),
)


# Payments that follow from Octopus

PAYMENT_WRITE_OFF = _kind(
    "payment_write_off",
    WARN,
    YOU,
    _lt("%(counterpart)s writes off %(amount)s %(currency)s of %(document)s."),
    _lt("Book the write-off in Odoo if you agree; a payment was not made."),
    question="difference",
)

PAYMENT_OTHER_DOCUMENT = _kind(
    "payment_other_document",
    WARN,
    YOU,
    _lt("%(document)s was matched with %(counterpart)s, which is not from Odoo."),
    _lt("Reconcile it in Odoo with what stands for that document here."),
)

PAYMENT_COUNTERPART_UNKNOWN = _kind(
    "payment_counterpart_unknown",
    WARN,
    ACCOUNTANT,
    _lt("%(document)s was matched with %(counterpart)s: an unknown kind of journal."),
    _lt("See in Octopus what it is, then reconcile the document in Odoo."),
)

PAYMENT_DOCUMENT_NOT_POSTED = _kind(
    "payment_document_not_posted",
    WARN,
    YOU,
    _lt("%(document)s is not posted in Odoo any more, but was paid in Octopus."),
    _lt("Confirm the document again; the payment then follows by itself."),
)

PAYMENT_DOCUMENT_DIFFERS = _kind(
    "payment_document_differs",
    WARN,
    ACCOUNTANT,
    _lt("%(number)s in Octopus is not %(document)s any more."),
    _lt("See in Octopus which document has the number, and who paid it."),
)

PAYMENTS_NOT_FOLLOWED = _kind(
    "payments_not_followed",
    INFO,
    ADMINISTRATOR,
    _lt("Odoo does not follow payments from %(dossier)s: nothing was read."),
    _lt("Let Octopus keep the payments, in the settings, if that is wanted."),
)

PAYMENT_CURRENCY = _kind(
    "payment_currency",
    WARN,
    YOU,
    _lt("%(document)s is in %(here)s, in Octopus the match is in %(there)s."),
    _lt("Register the payment in Odoo by hand, with the right rate."),
)

PAYMENT_BANK_CURRENCY = _kind(
    "payment_bank_currency",
    WARN,
    YOU,
    _lt(
        "%(document)s is in %(currency)s; journal %(journal)s, which paid it, is in"
        " %(here)s, and in Octopus in %(there)s."
    ),
    _lt("Register the payment in Odoo by hand, with the right rate."),
)

PAYMENT_AMOUNT_UNCLEAR = _kind(
    "payment_amount_unclear",
    WARN,
    ACCOUNTANT,
    _lt("Octopus does not tell how much of %(document)s was matched."),
    _lt("Look in Octopus, then register the payment in Odoo by hand."),
)

PAYMENT_DATE_MISSING = _kind(
    "payment_date_missing",
    WARN,
    ACCOUNTANT,
    _lt("Octopus does not tell when %(document)s was paid."),
    _lt("Look in Octopus, then register the payment in Odoo by hand."),
)

PAYMENT_NO_METHOD = _kind(
    "payment_no_method",
    WARN,
    ADMINISTRATOR,
    _lt("Journal %(journal)s has no manual payment method for %(document)s."),
    _lt("Add it on the journal, then look again."),
)

PAYMENT_ACCOUNTS_DIFFER = _kind(
    "payment_accounts_differ",
    WARN,
    YOU,
    _lt("%(document)s and %(other)s are not on the same account in Odoo."),
    _lt("Settle one with the other in Odoo by hand."),
)

PAYMENT_RESIDUAL = _kind(
    "payment_residual",
    WARN,
    YOU,
    _lt(
        "In Octopus %(amount)s %(currency)s of %(document)s was paid, in Odoo only"
        " %(open)s %(currency)s is open."
    ),
    _lt("Perhaps it was registered in Odoo already: undo that, then look again."),
    question="overpaid",
)

PAYMENT_REGISTERED = _kind(
    "payment_registered",
    WARN,
    YOU,
    _lt(
        "%(document)s was paid in Octopus by %(counterpart)s, %(amount)s"
        " %(currency)s; here %(payment)s of %(registered)s is registered for it,"
        " without an entry."
    ),
    _lt(
        "If it is the same money, cancel the one that is registered here, then look"
        " again."
    ),
    question="doubt",
)

PAYMENT_LOCKED_PERIOD = _kind(
    "payment_locked_period",
    WARN,
    YOU,
    _lt("%(document)s was paid on %(date)s; Odoo is locked until %(lock_date)s."),
    _lt("Move the lock date, or register the payment in Odoo on a later date."),
)

PAYMENT_CHANGED = _kind(
    "payment_changed",
    WARN,
    YOU,
    _lt("Somebody changed or undid the payment %(payment)s of %(document)s."),
    _lt("Nothing if that is right; else put it back as Octopus says."),
)

PAYMENT_UNDO_CHANGED = _kind(
    "payment_undo_changed",
    WARN,
    YOU,
    _lt(
        "Octopus took the payment of %(document)s back; %(payment)s was made or"
        " changed by somebody and stays."
    ),
    _lt("Undo it in Odoo if Octopus is right."),
)

PAYMENT_UNDO_STATEMENT = _kind(
    "payment_undo_statement",
    WARN,
    YOU,
    _lt(
        "Octopus took the payment of %(document)s back; %(payment)s is on a bank"
        " statement and stays."
    ),
    _lt("See which of the two is right, and correct the other."),
)

PAYMENT_UNDO_LOCKED = _kind(
    "payment_undo_locked",
    WARN,
    YOU,
    _lt(
        "Octopus took the payment of %(document)s back; %(payment)s stays, as Odoo"
        " is locked until %(lock_date)s."
    ),
    _lt("Move the lock date, then look again."),
)

PAYMENT_UNDO_EDITED = _kind(
    "payment_undo_edited",
    BLOCK,
    ACCOUNTANT,
    _lt("%(payment)s was taken back here, but %(number)s was changed in Octopus."),
    _lt("Delete %(number)s in Octopus, or make it what it was; it goes on then."),
)

PAYMENT_FAILED = _kind(
    "payment_failed",
    WARN,
    YOU,
    _lt("Odoo could not settle %(document)s: %(message)s"),
    _lt("Mend what is named, then look again."),
)

PAYMENT_NOT_OWNED = _kind(
    "payment_not_owned",
    WARN,
    ACCOUNTANT,
    _lt(
        "%(document)s was paid in Octopus by %(counterpart)s, but the payments of"
        " that bank are not followed from there."
    ),
    _lt("Register the payment here and remove it there, or change the owner."),
)

PAYMENT_UNMATCHED_THERE = _kind(
    "payment_unmatched_there",
    WARN,
    YOU,
    _lt("Octopus took the match of %(payment)s with %(document)s back."),
    _lt("Undo the reconciliation here if that is right, else match it there."),
)

PAYMENT_MATCHED_THERE = _kind(
    "payment_matched_there",
    WARN,
    YOU,
    _lt(
        "In Octopus %(amount)s EUR of %(payment)s was matched with %(document)s;"
        " Odoo does not have it so."
    ),
    _lt("Match the two here if that is right, else undo it there."),
)

PAYMENT_MATCHED_LESS = _kind(
    "payment_matched_less",
    WARN,
    YOU,
    _lt(
        "In Octopus %(there)s EUR of %(payment)s is matched with %(document)s,"
        " instead of %(here)s EUR."
    ),
    _lt("Undo the reconciliation here if that is right, else match it there."),
)

PAYMENT_EDITED = _kind(
    "payment_edited",
    WARN,
    YOU,
    _lt(
        "%(payment)s was changed in Octopus: %(number)s moves %(there)s %(currency)s"
        " there, %(here)s %(currency)s here."
    ),
    _lt(
        "Make it in Octopus what it was; or correct it here, then delete %(number)s"
        " in Octopus."
    ),
    question="difference",
)

PAYMENT_EDITED_OTHERWISE = _kind(
    "payment_edited_otherwise",
    WARN,
    YOU,
    _lt(
        "%(payment)s was changed in Octopus: %(number)s has another day, account or"
        " contact there."
    ),
    _lt(
        "Make it in Octopus what it was; or correct it here, then delete %(number)s"
        " in Octopus."
    ),
    question="difference",
)


# Payments that go to Octopus

PAYMENT_AFTER_END_DATE = _kind(
    "payment_after_end_date",
    BLOCK,
    ADMINISTRATOR,
    _lt(
        "The payment is dated %(date)s; from %(end_date)s on, payments do not go to"
        " Octopus."
    ),
    _lt(
        "The link was ended for them with Disconnect. To send them all the same, click"
        " Disconnect in the settings and take the date away."
    ),
)

BANK_WITHOUT_JOURNAL = _kind(
    "bank_without_journal",
    BLOCK,
    ADMINISTRATOR,
    _lt("Journal %(journal)s has no financial journal in Octopus."),
    _lt("Choose or accept one in the mapping of journals and banks."),
)

BANK_CURRENCY = _kind(
    "bank_currency",
    BLOCK,
    ADMINISTRATOR,
    _lt("The company's books are in %(currency)s, those of Octopus in EUR."),
    _lt("Book this payment in Octopus by hand, and keep it out here."),
)

BANK_CURRENCY_DIFFERS = _kind(
    "bank_currency_differs",
    BLOCK,
    ADMINISTRATOR,
    _lt(
        "Journal %(journal)s is in %(currency)s, journal %(octopus_journal)s of"
        " Octopus in %(there)s."
    ),
    _lt("Choose another journal in the mapping of journals and banks."),
)

PAYMENT_NOT_IN_BANK_CURRENCY = _kind(
    "payment_not_in_bank_currency",
    BLOCK,
    YOU,
    _lt("The payment is not in %(currency)s, the currency of bank %(journal)s."),
    _lt("Cancel it, and register it in the currency of the bank, as it was moved."),
)

BANK_AMOUNTS_MISSING = _kind(
    "bank_amounts_missing",
    BLOCK,
    ADMINISTRATOR,
    _lt(
        "In which currency Octopus takes the amounts of a bank in %(currency)s is not"
        " set."
    ),
    _lt("Ask Octopus, then set it on the dossier; until then %(journal)s waits."),
)

PAYMENT_EXCHANGE_LEFT = _kind(
    "payment_exchange_left",
    WARN,
    ACCOUNTANT,
    _lt(
        "The exchange difference of %(amount)s EUR is not booked with a payment in"
        " %(currency)s."
    ),
    _lt("Book it in Octopus and match it there: until then it stays open."),
)

PAYMENT_WAITS = _kind(
    "payment_waits",
    WAIT,
    YOU,
    _lt("The payment waits until Octopus has %(documents)s."),
    _lt("Confirm and send those documents; the payment then goes by itself."),
)

PAYMENT_UNMATCHED = _kind(
    "payment_unmatched",
    WARN,
    ACCOUNTANT,
    _lt("%(documents)s is not in Octopus from here; the payment goes unmatched."),
    _lt("Match it in Octopus by hand, if the document is there."),
)

PAYMENT_ELSEWHERE = _kind(
    "payment_elsewhere",
    WARN,
    ACCOUNTANT,
    _lt(
        "%(documents)s is in dossier %(others)s; the payment goes to %(dossier)s,"
        " for its bank is there. In %(others)s it stays open."
    ),
    _lt("Let the accountant settle it between the two dossiers."),
)

PAYMENT_VAT = _kind(
    "payment_vat",
    WARN,
    ACCOUNTANT,
    _lt(
        "The payment holds %(amount)s EUR of VAT (%(taxes)s), which goes without a"
        " VAT code: the VAT return in Octopus does not know of it."
    ),
    _lt("Ask the accountant to correct the VAT in Octopus."),
)

PAYMENT_DISPUTED = _kind(
    "payment_disputed",
    BLOCK,
    YOU,
    _lt(
        "It may be in Octopus already: %(number)s of %(date)s, %(amount)s"
        " %(currency)s, with the text “%(text)s”."
    ),
    _lt("Compare the two, then say whether it is this payment or another."),
    by_itself=False,
)

PAYMENT_ALTERED = _kind(
    "payment_altered",
    BLOCK,
    YOU,
    _lt("What stands in Octopus was changed or deleted meanwhile."),
    _lt("Look at what is there now, then decide; or send the payment."),
)

PAYMENTS_DISPUTED = _kind(
    "payments_disputed",
    WARN,
    YOU,
    _lt("Payments that may be in Octopus already: %(count)s."),
    _lt("Say in the list of payments whether what was found there is the same."),
)

PAYMENTS_GONE = _kind(
    "payments_gone",
    WARN,
    YOU,
    _lt("Payments that were deleted in Octopus: %(count)s."),
    _lt("Say in the list of payments whether each is sent again or kept out."),
)

MATCHES_BLOCKED = _kind(
    "matches_blocked",
    WARN,
    YOU,
    _lt("Payments in Octopus that are not matched as they are here: %(count)s."),
    _lt("See in the list of payments what stands in the way, then press Send."),
)

MATCH_REFUSED = _kind(
    "match_refused",
    BLOCK,
    ACCOUNTANT,
    _lt("Octopus did not match %(payment)s with its documents: %(message)s"),
    _lt("See in Octopus what else was matched there, then try again."),
)

MATCH_WAITS = _kind(
    "match_waits",
    WAIT,
    OCTOPUS,
    _lt("%(payment)s waits until an older match of %(documents)s is taken back."),
    _lt("Nothing: both go by themselves."),
)

MATCH_BY_HAND = _kind(
    "match_by_hand",
    BLOCK,
    ACCOUNTANT,
    _lt("The match of %(payment)s with %(document)s cannot be taken back here."),
    _lt("Take it back in Octopus by hand: this way of calling has no such call."),
)

DOCUMENTS_UNMATCHED = _kind(
    "documents_unmatched",
    BLOCK,
    ACCOUNTANT,
    _lt(
        "%(debit)s and %(credit)s are matched here for %(amount)s EUR. Octopus did"
        " not match them: %(message)s"
    ),
    _lt("Match them in Octopus by hand, or undo it here."),
)

MATCH_NO_ROOM = _kind(
    "match_no_room",
    BLOCK,
    YOU,
    _lt("%(payment)s pays more here than was booked in Octopus."),
    _lt("Reset the payment to draft and confirm it, so that it is booked anew."),
)

PAYMENT_NO_ENTRY_JOURNAL = _kind(
    "payment_no_entry_journal",
    WARN,
    ADMINISTRATOR,
    _lt("%(company)s has no journal for the write-off of %(document)s."),
    _lt("Make a miscellaneous journal, then look again."),
)

PAYMENT_DROPPED = _kind(
    "payment_dropped",
    INFO,
    YOU,
    _lt("What Octopus matched with %(document)s was left out by somebody."),
    _lt("Follow Octopus after all if that was not meant."),
)

PAYMENT_UNDONE = _kind(
    "payment_undone",
    INFO,
    YOU,
    _lt(
        "Octopus took the match %(match)s of %(amount)s EUR back; the payment of"
        " %(document)s was undone."
    ),
    _lt("See with the accountant why; the document is open again."),
    question="undone",
)

PAYMENT_UNALLOCATED = _kind(
    "payment_unallocated",
    WARN,
    YOU,
    _lt("%(amount)s EUR of %(partner)s on %(line)s is matched with nothing."),
    _lt("Let the accountant match it, or pay it back."),
    question="overpaid",
)


# Readings of payments that a person must look at first

PAYMENTS_HELD = _kind(
    "payments_held",
    BLOCK,
    YOU,
    _lt("Changes of payments that wait for a person: %(count)s. Nothing was booked."),
    _lt("See what would be done, then accept or drop it."),
)

PAYMENTS_FIRST = _kind(
    "payments_first",
    BLOCK,
    YOU,
    _lt("These are the first payments of %(company)s from Octopus."),
    _lt("Look whether they are right; then accept them."),
)

PAYMENTS_MANY = _kind(
    "payments_many",
    BLOCK,
    YOU,
    _lt(
        "%(count)s documents of %(company)s would change at once; more than"
        " %(limit)s is unusual."
    ),
    _lt("Look whether they are right; then accept or drop them."),
)

PAYMENTS_SHARE = _kind(
    "payments_share",
    BLOCK,
    YOU,
    _lt("%(count)s of %(open)s open documents of %(company)s would change at once."),
    _lt("Look whether they are right; then accept or drop them."),
)

PAYMENTS_BOOKYEAR = _kind(
    "payments_bookyear",
    BLOCK,
    ACCOUNTANT,
    _lt("There are matches in a bookyear that the dossier does not have: %(years)s."),
    _lt("Refresh the dossier; look in Octopus what that bookyear is."),
)

PAYMENTS_WAITING = _kind(
    "payments_waiting",
    BLOCK,
    YOU,
    _lt("Other payments of %(company)s wait already."),
    _lt("Accept or drop them together."),
)

PAYMENTS_EMPTY = _kind(
    "payments_empty",
    WAIT,
    ACCOUNTANT,
    _lt(
        "Octopus shows no matches at all, but %(count)s were read before. Nothing"
        " was taken back."
    ),
    _lt("See in Octopus whether the dossier is complete; it is read again."),
)


# What Octopus lists as open

OPEN_ITEMS_UNLISTED = _kind(
    "open_items_unlisted",
    WARN,
    YOU,
    _lt(
        "%(document)s (%(number)s) is not in the list of open documents any more;"
        " here %(here)s %(currency)s is open. That alone does not pay it."
    ),
    _lt("Ask the accountant how it was settled."),
    question="doubt",
)

OPEN_ITEMS_DIFFER = _kind(
    "open_items_differ",
    WARN,
    YOU,
    _lt(
        "Of %(document)s (%(number)s) Octopus has %(there)s %(currency)s open, Odoo"
        " %(here)s %(currency)s: a difference of %(difference)s %(currency)s."
    ),
    _lt("Look on both sides which payment the other one lacks."),
    question="doubt",
)

SETTLED_HERE = _kind(
    "settled_here",
    WARN,
    YOU,
    _lt(
        "%(document)s (%(number)s) was settled here by %(entries)s, which Octopus"
        " has not got: there %(there)s %(currency)s is open, here %(here)s"
        " %(currency)s."
    ),
    _lt("Have the same booked and matched in Octopus, or undo it here."),
    question="doubt",
)

OPEN_ITEMS_EMPTY = _kind(
    "open_items_empty",
    WARN,
    ACCOUNTANT,
    _lt(
        "Octopus lists no open documents of this kind (%(party)s), but %(open)s are"
        " open here. Nothing was concluded."
    ),
    _lt("See in Octopus whether the open documents were carried to the new year."),
    question="notice",
)

OPEN_ITEMS_MANY = _kind(
    "open_items_many",
    WARN,
    ACCOUNTANT,
    _lt(
        "Octopus leaves %(count)s of %(open)s open documents (%(party)s) out of its"
        " list at once. Nothing was concluded."
    ),
    _lt("See in Octopus whether the open documents were carried to the new year."),
    question="notice",
)

OPEN_ITEMS_BOOKYEAR = _kind(
    "open_items_bookyear",
    WARN,
    ACCOUNTANT,
    _lt("The dossier has no bookyear for %(date)s, so open items were not compared."),
    _lt("Make the bookyear in Octopus, then refresh the dossier."),
    question="notice",
)
