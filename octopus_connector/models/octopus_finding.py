import re
from collections import defaultdict
from datetime import datetime

from markupsafe import Markup

from odoo import fields, models
from odoo.tools import LazyTranslate, format_date, format_datetime

from ..api.errors import Kind, OctopusError, OctopusNoTime, ReturnCode
from ..ledger.findings import (
    ACCOUNTANT,
    ADMINISTRATOR,
    BLOCK,
    CODES,
    INFO,
    OCTOPUS,
    WAIT,
    WARN,
    YOU,
    Finding,
)
from ..ledger.vat_return import first_day

_lt = LazyTranslate(__name__)
PARAMETER = re.compile(r"%\(\w+\)s")

# Code → what is wrong, and how to mend it.
TEXTS = {
    "no_dossier": (
        _lt("%(company)s is not linked to an Octopus dossier."),
        _lt("Choose the dossier in Invoicing > Configuration > Settings > Octopus."),
    ),
    "login_rejected": (
        _lt("Octopus rejected the login of connection %(connection)s."),
        _lt(
            "Check user, password and software-house ID (Octopus does not say which is"
            " wrong) and whether the web service is active for the user; then test the"
            " connection. What waits goes on by itself after that."
        ),
    ),
    "login_incomplete": (
        _lt("The login of connection %(connection)s can not be used: %(message)s"),
        _lt("Fill in software-house ID, user and password; then test the connection."),
    ),
    "login_without_dossier": (
        _lt("The login of connection %(connection)s is right, but opens no dossier."),
        _lt(
            "In Octopus, Management > Users > Rights, give the user access to the"
            " dossiers that your companies use."
        ),
    ),
    "web_service_off": (
        _lt("The user of connection %(connection)s may not use the web service."),
        _lt(
            "In Octopus, Management > Users > Rights, switch on the web service. Users"
            " of kind U and K have it; one of kind B needs it activated by Octopus."
        ),
    ),
    "host_unreachable": (
        _lt("The server %(host)s can not be reached."),
        _lt("Check the network of this server; if it works, Octopus may be down."),
    ),
    "copied_database": (
        _lt("This database may be a copy, so it does not call Octopus."),
        _lt(
            "If it is the real one, open the connection, see what is different, and"
            ' click "This is the real database": what waits goes on by itself.'
        ),
    ),
    "connection_archived": (
        _lt(
            "Connection %(connection)s is archived: nothing is sent to Octopus, and"
            " nothing is read."
        ),
        _lt(
            "Unarchive it, and what waits goes on by itself; or end the link with"
            " Disconnect, in the settings."
        ),
    ),
    "dossier_archived": (
        _lt("Dossier %(dossier)s is archived: nothing is sent or read."),
        _lt(
            "Unarchive it, and what waits goes on by itself; or end the link with"
            " Disconnect, in the settings."
        ),
    ),
    "dossier_refused": (
        _lt("The Octopus user may not open dossier %(dossier)s."),
        _lt(
            "In Octopus, Management > Users > Rights, give the user access to the"
            " dossier and to the web service."
        ),
    ),
    "service_down": (
        _lt("Octopus does not answer now."),
        _lt("Nothing: it is tried again by itself."),
    ),
    "out_of_time": (
        _lt("The time that Odoo gives to one piece of work was over."),
        _lt("Nothing: it goes on by itself where it stopped."),
    ),
    "quota_reached": (
        _lt("Today's number of calls that Octopus allows for this is used up."),
        _lt("Nothing: it goes on tomorrow by itself."),
    ),
    "answer_unclear": (
        _lt("Octopus gave an answer that can not be understood."),
        _lt("Nothing: it is tried again. If it lasts, see the call log."),
    ),
    "not_connected": (
        _lt("Connection %(connection)s is not connected."),
        _lt("Test it, in Invoicing > Configuration > Connections."),
    ),
    "service_down_since": (
        _lt("Octopus does not answer since %(since_at)s."),
        _lt(
            "Nothing: documents wait here and go by themselves when it answers. It is"
            " tried again at %(next_at)s."
        ),
    ),
    "nothing_succeeded": (
        _lt("Nothing was read from or sent to Octopus since %(since_at)s."),
        _lt("See in the calls what Octopus answered, or that none was made."),
    ),
    "payments_not_read": (
        _lt("Payments were not read from Octopus since %(since_at)s."),
        _lt(
            "See in the calls and runs what stands in the way; until then invoices stay"
            " open that were paid."
        ),
    ),
    "open_items_not_compared": (
        _lt("Open documents were not compared with Octopus since %(since_at)s."),
        _lt("See in the calls and runs what stands in the way."),
    ),
    "comparison_stands_still": (
        _lt("Documents were not compared with Octopus since %(since_at)s."),
        _lt(
            "See in the calls what stands in the way; until then nobody is told what"
            " was changed or deleted there."
        ),
    ),
    "mirror_not_read": (
        _lt("Of Octopus was not read since %(since_at)s: %(parts)s."),
        _lt("Open the dossier and press Refresh; it says what stands in the way."),
    ),
    "part_failed": (
        _lt("What Octopus gave could not be kept: %(parts)s."),
        _lt("Send support what the log of Odoo says; the other parts were read."),
    ),
    "watch_failed": (
        _lt("One of the checks of this dossier does not work: %(check)s."),
        _lt("Send support what the log of Odoo says; the other checks go on."),
    ),
    "watch_missing": (
        _lt("The scheduled action that watches over the dossiers does not run."),
        _lt("Switch on “Octopus: watch over the dossiers” in the scheduled actions."),
    ),
    "values_unreadable": (
        _lt("Octopus gave values that cannot be kept: %(count)s (%(values)s)."),
        _lt("Correct them in Octopus; the call names each. All the rest was read."),
    ),
    "records_unreadable": (
        _lt(
            "Octopus gave records that cannot be read, so they were left out: %(count)s"
            " (%(values)s)."
        ),
        _lt(
            "Correct them in Octopus; the call names each. Here they stay as they were,"
            " and all the rest was read."
        ),
    ),
    "not_sent_before_vat": (
        _lt(
            "Documents that nobody sent to Octopus, of VAT return %(vat_period)s (due"
            " %(due_date)s) or before: %(count)s."
        ),
        _lt("Send them, or keep out of Octopus what must not go there."),
    ),
    "scheduled_action_off": (
        _lt("A scheduled action of %(dossier)s is switched off."),
        _lt("Open the dossier, page Scheduled actions, and switch it on."),
    ),
    "scheduler_stopped": (
        _lt("The scheduled actions of Odoo did not run since %(since_at)s."),
        _lt("Ask who runs your Odoo to start them; documents then go by themselves."),
    ),
    "documents_blocked": (
        _lt("Documents that can not go to Octopus: %(count)s."),
        _lt("See in the outbox what stands in the way."),
    ),
    "documents_wait": (
        _lt("Documents that wait for more than %(days)s days: %(count)s."),
        _lt("See in the outbox what each waits for, and who can mend it."),
    ),
    "payments_blocked": (
        _lt("Payments that can not go to Octopus: %(count)s."),
        _lt("See in the list what stands in the way."),
    ),
    "payments_wait": (
        _lt("Payments that wait for more than %(days)s days: %(count)s."),
        _lt("See in the list what each waits for, and who can mend it."),
    ),
    "next_bookyear_missing": (
        _lt("Octopus has no bookyear from %(date)s on yet."),
        _lt("Create it in Octopus; it is found here by itself."),
    ),
    "next_bookyear_journals": (
        _lt("Bookyear %(bookyear)s has no open journal %(journals)s."),
        _lt("Create it in Octopus for that bookyear; it is found here by itself."),
    ),
    "next_bookyear_accounts": (
        _lt("Bookyear %(bookyear)s lacks %(count)s accounts in use: %(accounts)s."),
        _lt("Create them in Octopus for that bookyear, or map to others."),
    ),
    "not_posted": (
        _lt("The document is a draft."),
        _lt("Confirm it; only confirmed documents go to Octopus."),
    ),
    "before_start_date": (
        _lt("The document is dated %(date)s, before the start on %(start_date)s."),
        _lt("Change the start date in the settings if it must go to Octopus."),
    ),
    "excluded": (
        _lt("Somebody decided that this document does not go to Octopus."),
        _lt("Send it by hand if it must go after all."),
    ),
    "receipts_stay_out": (
        _lt("Receipts and expenses of %(company)s stay out of Octopus."),
        _lt(
            "If they must go, choose so in the settings of Octopus. As they are, book"
            " them there by hand; their payments go unmatched."
        ),
    ),
    "bill_twice": (
        _lt("It may be the same bill as %(documents)s."),
        _lt(
            'Compare them. If it is another bill, click "Another bill" and it goes; if'
            " it is the same, cancel one of them or keep it out of Octopus."
        ),
    ),
    "kind_without_journal": (
        _lt("No Octopus journal is chosen for: %(kind)s."),
        _lt("Choose the journal in Invoicing > Configuration > Settings > Octopus."),
    ),
    "journal_wrong_type": (
        _lt("Octopus journal %(journal)s can not take: %(kind)s."),
        _lt("Choose a sales journal (V) for sales, a purchase journal (A) for bills."),
    ),
    "journal_invoice_mode": (
        _lt("Octopus journal %(journal)s takes invoices, not sales bookings."),
        _lt(
            "Set the entry type of the journal to sales bookings, or choose another"
            " journal in the settings."
        ),
    ),
    "journal_not_in_bookyear": (
        _lt("Bookyear %(bookyear)s has no journal %(journal)s."),
        _lt("Create the journal in that bookyear in Octopus, then File > Synchronise."),
    ),
    "journal_closed": (
        _lt("Journal %(journal)s is closed in bookyear %(bookyear)s."),
        _lt("Open the journal in Octopus; the document then goes by itself."),
    ),
    "journal_open_elsewhere": (
        _lt("Journal %(journal)s is open on somebody's screen in Octopus."),
        _lt("Close the journal there; the document then goes by itself."),
    ),
    "no_bookyear": (
        _lt("No bookyear in Octopus contains the accounting date %(date)s."),
        _lt("Create the bookyear in Octopus, or correct the date of the document."),
    ),
    "bookyear_closed": (
        _lt("Bookyear %(bookyear)s is closed."),
        _lt(
            "Open the bookyear in Octopus: the document then goes by itself. Or change"
            " its accounting date."
        ),
    ),
    "period_missing": (
        _lt("Bookyear %(bookyear)s has no period for the accounting date %(date)s."),
        _lt("Check the periods of the bookyear in Octopus, then refresh."),
    ),
    "period_protected": (
        _lt("Period %(period)s of journal %(journal)s is protected or closed."),
        _lt(
            "Open the period in Octopus: the document then goes by itself. Or change"
            " its accounting date."
        ),
    ),
    "period_moved": (
        _lt(
            "%(date)s is closed in Octopus: booked in period %(period)s of bookyear"
            " %(bookyear)s, in the VAT return of %(vat_period)s."
        ),
        _lt("Nothing if that is right; else have the period opened before it goes."),
    ),
    "tax_not_mapped": (
        _lt("Tax %(tax)s has no VAT code of Octopus."),
        _lt("Choose or accept its VAT code in the VAT mapping."),
    ),
    "tax_code_missing": (
        _lt("Tax %(tax)s has no VAT code for: %(kind)s."),
        _lt("Choose it in the VAT mapping; Octopus has other cards for credit notes."),
    ),
    "tax_code_wrong_direction": (
        _lt("VAT code %(vat_code)s of tax %(tax)s is not meant for: %(kind)s."),
        _lt("Choose a VAT code of the right kind in the VAT mapping."),
    ),
    "several_vat_taxes": (
        _lt("Line %(line)s has several VAT taxes: %(taxes)s."),
        _lt("Leave one VAT tax on the line; Octopus knows one VAT code per line."),
    ),
    "vat_code_wanted": (
        _lt("Octopus wants a VAT code on every line, and these have none: %(lines)s."),
        _lt(
            "In the VAT mapping, choose the VAT code of the row without tax"
            " (%(direction)s): all documents that wait for it go then."
        ),
    ),
    "tax_changed": (
        _lt(
            "Tax %(tax)s is no longer what it was when its VAT code was chosen:"
            " %(before)s then, %(after)s now."
        ),
        _lt(
            "Look in the VAT mapping whether VAT code %(vat_code)s still fits, and"
            " accept the row again."
        ),
    ),
    "no_tax_not_mapped": (
        _lt("Line %(line)s has no tax, and nothing says how Octopus takes that."),
        _lt("In the VAT mapping, fill in the row without tax for %(direction)s."),
    ),
    "account_not_mapped": (
        _lt("Account %(account)s has no counterpart in Octopus."),
        _lt("Choose or accept its Octopus account in the account mapping."),
    ),
    "account_missing_in_bookyear": (
        _lt("Octopus account %(octopus_account)s is not in bookyear %(bookyear)s."),
        _lt("Create or open the account in that bookyear in Octopus, then refresh."),
    ),
    "account_on_suspense": (
        _lt("Account %(account)s has no counterpart: booked on %(octopus_account)s."),
        _lt("Choose its Octopus account, so that the next one is booked right."),
    ),
    "vat_code_without_account": (
        _lt("VAT code %(vat_code)s has no account of its own in Octopus."),
        _lt("Set it on the VAT code in Octopus, or change the VAT mapping."),
    ),
    "relation_without_account": (
        _lt("The relation of %(partner)s has no account of its own in Octopus."),
        _lt("Set it on the relation in Octopus, or change the VAT mapping."),
    ),
    "discount_account_missing": (
        _lt("There is no Octopus account for cash discounts on %(direction)s."),
        _lt("Choose it in Invoicing > Configuration > Settings > Octopus."),
    ),
    "limitation_account_missing": (
        _lt("There is no Octopus account for credit limitation on %(direction)s."),
        _lt("Choose it in Invoicing > Configuration > Settings > Octopus."),
    ),
    "limitation_with_tax": (
        _lt("Line %(line)s is a credit limitation and must not have a tax."),
        _lt("Remove the tax from the line."),
    ),
    "partner_missing": (
        _lt("The document has no customer or supplier."),
        _lt("Fill it in on the document."),
    ),
    "payment_without_contact": (
        _lt("%(amount)s EUR of the payment is of no customer or supplier."),
        _lt(
            "Fill in the contact. Takings of a point of sale have none: choose in the"
            " settings of Octopus whether they stay out or are booked on their account."
        ),
    ),
    "relation_undecided": (
        _lt("%(partner)s is not in Octopus yet."),
        _lt("Choose the relation on the contact, or allow that it is created."),
    ),
    "relation_several": (
        _lt("%(partner)s can be any of several relations: %(choices)s."),
        _lt("Choose the right one on the contact."),
    ),
    "relation_needs_confirmation": (
        _lt("%(partner)s looks like relation %(relations)s; nobody confirmed it."),
        _lt("Confirm the relation on the contact, or choose another."),
    ),
    "relation_taken": (
        _lt("Relation %(relations)s, of %(partner)s, is linked with %(contact)s."),
        _lt("Merge the two contacts, or allow that a new relation is created."),
    ),
    "relation_changed": (
        _lt(
            "%(partner)s is no longer what it was when it was linked with relation"
            " %(relation)s: %(before)s."
        ),
        _lt(
            "On the contact, tab Octopus, say that they are still the same, or remove"
            " the link: then the right relation is looked for."
        ),
    ),
    "relation_busy": (
        _lt("%(partner)s is being looked up in Octopus already."),
        _lt("Nothing: it is tried again by itself."),
    ),
    "country_missing": (
        _lt("%(partner)s has no country."),
        _lt("Fill in the country on the contact."),
    ),
    "vat_type_undecided": (
        _lt("The VAT type of %(partner)s can not be told."),
        _lt(
            "Fill in country, VAT number or fiscal position on the contact, or choose"
            " the VAT type in Octopus there."
        ),
    ),
    "vat_number_malformed": (
        _lt("VAT number %(vat)s of %(partner)s is not a valid one for its country."),
        _lt("Correct the VAT number or the country on the contact."),
    ),
    "email_left_out": (
        _lt("E-mail address %(email)s of %(partner)s is not valid and was left out."),
        _lt("Correct it on the contact."),
    ),
    "sums_differ": (
        _lt(
            "The lines add up to %(sum)s %(currency)s, the document to %(amount)s"
            " %(currency)s."
        ),
        _lt("Check the taxes of the document; a tax changed by hand can cause this."),
    ),
    "line_signs": (
        _lt("VAT %(vat)s and base %(base)s of %(vat_code)s have opposite signs."),
        _lt("Octopus does not take that: correct the tax amount, or split the lines."),
    ),
    "rate_direction_missing": (
        _lt("Nobody said yet which way Octopus writes an exchange rate."),
        _lt("Ask Octopus, then set it on the dossier; until then %(currency)s waits."),
    ),
    "rate_missing": (
        _lt("There is no exchange rate of %(currency)s on %(date)s."),
        _lt("Fill in the rate in Invoicing > Configuration > Currencies."),
    ),
    "currency_unknown": (
        _lt("Octopus does not know currency %(currency)s in this dossier."),
        _lt("Add the currency in Octopus."),
    ),
    "number_waits": (
        _lt("Its number is the same as in Odoo, so it waits for %(document)s."),
        _lt("Send that document first."),
    ),
    "number_not_numeric": (
        _lt("%(document)s can not be a number in Octopus."),
        _lt("In the settings, let documents take the next number of the journal."),
    ),
    "number_series": (
        _lt(
            "Series %(series)s starts anew each month, and a journal of Octopus counts"
            " through the bookyear: the same number as in Odoo is not possible."
        ),
        _lt("In the settings, choose the next number of the journal."),
    ),
    "number_taken": (
        _lt("Number %(number)s of journal %(journal)s is not the next one any more."),
        _lt("Nothing: the journal is read again and the next number is taken."),
    ),
    "number_disputed": (
        _lt(
            "Number %(number)s of journal %(journal)s holds this document, with another"
            " amount or date."
        ),
        _lt("Compare the two, then say whether it is in Octopus already or not yet."),
    ),
    "maybe_booked": (
        _lt(
            "It may be in Octopus already: %(number)s of %(date)s, %(amount)s"
            " %(currency)s."
        ),
        _lt("Compare the two, then say whether it is in Octopus already or not yet."),
    ),
    "journal_unread": (
        _lt("Octopus does not show booking %(number)s of journal %(journal)s yet."),
        _lt("Nothing: it is looked at again, as it may be this very document."),
    ),
    "update_unknown": (
        _lt("The booking was sent again, but no answer came back."),
        _lt("Update it once more: doing it twice changes nothing."),
    ),
    "update_other": (
        _lt("%(number)s in Octopus is not this document any more."),
        _lt("Nothing was written. Say what must happen now that it is gone there."),
    ),
    "update_unlike": (
        _lt("%(number)s in Octopus has hardly anything of this document any more."),
        _lt("Nothing was written. Ask the accountant, and mend it there or settle it."),
    ),
    "documents_not_compared": (
        _lt("What Octopus has of %(documents)s could not be compared with Odoo."),
        _lt("It is tried again every hour. If it stays, ask for support: see the log."),
    ),
    "documents_differ": (
        _lt("Documents that are not the same in Odoo and in Octopus: %(count)s."),
        _lt("Say in the outbox what must happen with each."),
    ),
    "documents_maybe_booked": (
        _lt("Documents that may be in Octopus already: %(count)s."),
        _lt("Compare them, and say of each whether it is the same."),
    ),
    "waits_for_answer": (
        _lt("Journal %(journal)s waits for Octopus's answer about %(document)s."),
        _lt("Nothing: it goes by itself once that is known."),
    ),
    "refused": (
        _lt("Octopus refused it (%(code)s): %(message)s"),
        _lt("Mend what Octopus names, then send it again."),
    ),
    "invalid_request": (
        _lt("The document holds something Octopus can not take: %(message)s"),
        _lt("Mend what is named, then send it again."),
    ),
    "unknown_outcome": (
        _lt("It was sent, but no answer came back."),
        _lt("Nothing: it is looked up in Octopus first, and never sent twice."),
    ),
    "unexpected": (
        _lt("Something went wrong here: %(message)s"),
        _lt("Report this, with the text above and the time."),
    ),
    "attachment_refused": (
        _lt("Octopus did not take the file %(file)s."),
        _lt("Add the file to the booking in Octopus by hand."),
    ),
    "attachment_too_big": (
        _lt("Too big to go along (more than %(limit)s MB): %(file)s."),
        _lt("Add the file to the booking in Octopus by hand."),
    ),
    "attachment_missing": (
        _lt("There is no file to send along."),
        _lt("Add the original to the document; it then follows by itself."),
    ),
    "attachment_unclear": (
        _lt("The files were sent, but no answer came back."),
        _lt("Look in Octopus whether they are with the booking."),
    ),
    "attachment_unstyled": (
        _lt(
            "The PDF was not made: Odoo does not reach its own styles at %(url)s, so it"
            " would have none."
        ),
        _lt(
            "Set the system parameter report.url to an address at which this server"
            " reaches Odoo. The PDF is then made, and follows by itself."
        ),
    ),
    "payment_write_off": (
        _lt("%(counterpart)s writes off %(amount)s %(currency)s of %(document)s."),
        _lt("Book the write-off in Odoo if you agree; a payment was not made."),
    ),
    "payment_other_document": (
        _lt("%(document)s was matched with %(counterpart)s, which is not from Odoo."),
        _lt("Reconcile it in Odoo with what stands for that document here."),
    ),
    "payment_counterpart_unknown": (
        _lt(
            "%(document)s was matched with %(counterpart)s: an unknown kind of journal."
        ),
        _lt("See in Octopus what it is, then reconcile the document in Odoo."),
    ),
    "payment_document_not_posted": (
        _lt("%(document)s is not posted in Odoo any more, but was paid in Octopus."),
        _lt("Confirm the document again; the payment then follows by itself."),
    ),
    "payment_document_differs": (
        _lt("%(number)s in Octopus is not %(document)s any more."),
        _lt("See in Octopus which document has the number, and who paid it."),
    ),
    "payments_not_followed": (
        _lt("Odoo does not follow payments from %(dossier)s: nothing was read."),
        _lt("Let Octopus keep the payments, in the settings, if that is wanted."),
    ),
    "payment_currency": (
        _lt("%(document)s is in %(here)s, in Octopus the match is in %(there)s."),
        _lt("Register the payment in Odoo by hand, with the right rate."),
    ),
    "payment_bank_currency": (
        _lt(
            "Journal %(journal)s, which %(document)s is paid by, is in %(here)s, in"
            " Octopus in %(there)s."
        ),
        _lt("Register the payment in Odoo by hand, with the right rate."),
    ),
    "payment_amount_unclear": (
        _lt("Octopus does not tell how much of %(document)s was matched."),
        _lt("Look in Octopus, then register the payment in Odoo by hand."),
    ),
    "payment_date_missing": (
        _lt("Octopus does not tell when %(document)s was paid."),
        _lt("Look in Octopus, then register the payment in Odoo by hand."),
    ),
    "payment_no_method": (
        _lt("Journal %(journal)s has no manual payment method for %(document)s."),
        _lt("Add it on the journal, then look again."),
    ),
    "payment_accounts_differ": (
        _lt("%(document)s and %(other)s are not on the same account in Odoo."),
        _lt("Settle one with the other in Odoo by hand."),
    ),
    "payment_residual": (
        _lt(
            "In Octopus %(amount)s %(currency)s of %(document)s was paid, in Odoo only"
            " %(open)s %(currency)s is open."
        ),
        _lt("Perhaps it was registered in Odoo already: undo that, then look again."),
    ),
    "payment_registered": (
        _lt(
            "%(document)s was paid in Octopus by %(counterpart)s, %(amount)s"
            " %(currency)s; here %(payment)s of %(registered)s is registered for it,"
            " without an entry."
        ),
        _lt(
            "If it is the same money, cancel the one that is registered here, then look"
            " again."
        ),
    ),
    "payment_locked_period": (
        _lt("%(document)s was paid on %(date)s; Odoo is locked until %(lock_date)s."),
        _lt("Move the lock date, or register the payment in Odoo on a later date."),
    ),
    "payment_changed": (
        _lt("Somebody changed or undid the payment %(payment)s of %(document)s."),
        _lt("Nothing if that is right; else put it back as Octopus says."),
    ),
    "payment_undo_changed": (
        _lt(
            "Octopus took the payment of %(document)s back; %(payment)s was made or"
            " changed by somebody and stays."
        ),
        _lt("Undo it in Odoo if Octopus is right."),
    ),
    "payment_undo_statement": (
        _lt(
            "Octopus took the payment of %(document)s back; %(payment)s is on a bank"
            " statement and stays."
        ),
        _lt("See which of the two is right, and correct the other."),
    ),
    "payment_undo_locked": (
        _lt(
            "Octopus took the payment of %(document)s back; %(payment)s stays, as Odoo"
            " is locked until %(lock_date)s."
        ),
        _lt("Move the lock date, then look again."),
    ),
    "payment_failed": (
        _lt("Odoo could not settle %(document)s: %(message)s"),
        _lt("Mend what is named, then look again."),
    ),
    "payment_not_owned": (
        _lt(
            "%(document)s was paid in Octopus by %(counterpart)s, but the payments of"
            " that bank are not followed from there."
        ),
        _lt("Register the payment here and remove it there, or change the owner."),
    ),
    "payment_unmatched_there": (
        _lt("Octopus took the match of %(payment)s with %(document)s back."),
        _lt("Undo the reconciliation here if that is right, else match it there."),
    ),
    "payment_matched_there": (
        _lt(
            "In Octopus %(amount)s EUR of %(payment)s was matched with %(document)s;"
            " Odoo does not have it so."
        ),
        _lt("Match the two here if that is right, else undo it there."),
    ),
    "payment_matched_less": (
        _lt(
            "In Octopus %(there)s EUR of %(payment)s is matched with %(document)s,"
            " instead of %(here)s EUR."
        ),
        _lt("Undo the reconciliation here if that is right, else match it there."),
    ),
    "payment_edited": (
        _lt(
            "%(payment)s was changed in Octopus: %(number)s moves %(there)s EUR there,"
            " %(here)s EUR here."
        ),
        _lt(
            "Make it in Octopus what it was; or correct it here, then delete %(number)s"
            " in Octopus."
        ),
    ),
    "payment_edited_otherwise": (
        _lt(
            "%(payment)s was changed in Octopus: %(number)s has another day, account or"
            " contact there."
        ),
        _lt(
            "Make it in Octopus what it was; or correct it here, then delete %(number)s"
            " in Octopus."
        ),
    ),
    "payment_undo_edited": (
        _lt("%(payment)s was taken back here, but %(number)s was changed in Octopus."),
        _lt("Delete %(number)s in Octopus, or make it what it was; it goes on then."),
    ),
    "bank_without_journal": (
        _lt("Journal %(journal)s has no financial journal in Octopus."),
        _lt("Choose or accept one in the mapping of journals and banks."),
    ),
    "bank_currency": (
        _lt("The books of %(journal)s are in %(currency)s, those of Octopus in EUR."),
        _lt("Book this payment in Octopus by hand, and keep it out here."),
    ),
    "bank_currency_differs": (
        _lt(
            "Journal %(journal)s is in %(currency)s, journal %(octopus_journal)s of"
            " Octopus in %(there)s."
        ),
        _lt("Choose another journal in the mapping of journals and banks."),
    ),
    "bank_amounts_missing": (
        _lt(
            "Nobody said yet in which currency Octopus takes the amounts of a bank in"
            " %(currency)s."
        ),
        _lt("Ask Octopus, then set it on the dossier; until then %(journal)s waits."),
    ),
    "payment_exchange_left": (
        _lt(
            "The exchange difference of %(amount)s EUR is not booked with a payment in"
            " %(currency)s."
        ),
        _lt("Book it in Octopus and match it there: until then it stays open."),
    ),
    "payment_waits": (
        _lt("The payment waits until Octopus has %(documents)s."),
        _lt("Confirm and send those documents; the payment then goes by itself."),
    ),
    "payment_unmatched": (
        _lt("%(documents)s is not in Octopus from here; the payment goes unmatched."),
        _lt("Match it in Octopus by hand, if the document is there."),
    ),
    "payment_elsewhere": (
        _lt(
            "%(documents)s is in dossier %(others)s; the payment goes to %(dossier)s,"
            " for its bank is there. In %(others)s it stays open."
        ),
        _lt("Let the accountant settle it between the two dossiers."),
    ),
    "payment_vat": (
        _lt(
            "The payment holds %(amount)s EUR of VAT (%(taxes)s), which goes without a"
            " VAT code: the VAT return in Octopus does not know of it."
        ),
        _lt("Ask the accountant to correct the VAT in Octopus."),
    ),
    "payment_disputed": (
        _lt(
            "It may be in Octopus already: %(number)s of %(date)s, %(amount)s EUR, with"
            " the text “%(text)s”."
        ),
        _lt("Compare the two, then say whether it is this payment or another."),
    ),
    "payment_altered": (
        _lt("What stands in Octopus was changed or deleted meanwhile."),
        _lt("Look at what is there now, then decide; or send the payment."),
    ),
    "payments_disputed": (
        _lt("Payments that may be in Octopus already: %(count)s."),
        _lt("Say in the list of payments whether what was found there is the same."),
    ),
    "payments_gone": (
        _lt("Payments that were deleted in Octopus: %(count)s."),
        _lt("Say in the list of payments whether each is sent again or kept out."),
    ),
    "matches_blocked": (
        _lt("Payments in Octopus that are not matched as they are here: %(count)s."),
        _lt("See in the list of payments what stands in the way, then press Send."),
    ),
    "match_refused": (
        _lt("Octopus did not match %(payment)s with its documents: %(message)s"),
        _lt("See in Octopus what else was matched there, then try again."),
    ),
    "match_waits": (
        _lt("%(payment)s waits until an older match of %(documents)s is taken back."),
        _lt("Nothing: both go by themselves."),
    ),
    "match_by_hand": (
        _lt("The match of %(payment)s with %(document)s can not be taken back here."),
        _lt("Take it back in Octopus by hand: this way of calling has no such call."),
    ),
    "documents_unmatched": (
        _lt(
            "%(debit)s and %(credit)s are matched here for %(amount)s EUR. Octopus did"
            " not match them: %(message)s"
        ),
        _lt("Match them in Octopus by hand, or undo it here."),
    ),
    "match_no_room": (
        _lt("%(payment)s pays more here than was booked in Octopus."),
        _lt("Reset the payment to draft and confirm it, so that it is booked anew."),
    ),
    "payment_no_entry_journal": (
        _lt("%(company)s has no journal for the write-off of %(document)s."),
        _lt("Make a miscellaneous journal, then look again."),
    ),
    "payment_dropped": (
        _lt("What Octopus matched with %(document)s was left out by somebody."),
        _lt("Follow Octopus after all if that was not meant."),
    ),
    "payment_undone": (
        _lt(
            "Octopus took the match %(match)s of %(amount)s EUR back; the payment of"
            " %(document)s was undone."
        ),
        _lt("See with the accountant why; the document is open again."),
    ),
    "payment_unallocated": (
        _lt("%(amount)s EUR of %(partner)s on %(line)s is matched with nothing."),
        _lt("Let the accountant match it, or pay it back."),
    ),
    "payments_held": (
        _lt(
            "Changes of payments that wait for a person: %(count)s. Nothing was booked."
        ),
        _lt("See what would be done, then accept or drop it."),
    ),
    "payments_first": (
        _lt("These are the first payments of %(company)s from Octopus."),
        _lt("Look whether they are right; then accept them."),
    ),
    "payments_many": (
        _lt(
            "%(count)s documents of %(company)s would change at once; more than"
            " %(limit)s is unusual."
        ),
        _lt("Look whether they are right; then accept or drop them."),
    ),
    "payments_share": (
        _lt(
            "%(count)s of %(open)s open documents of %(company)s would change at once."
        ),
        _lt("Look whether they are right; then accept or drop them."),
    ),
    "payments_bookyear": (
        _lt(
            "There are matches in a bookyear that the dossier does not have: %(years)s."
        ),
        _lt("Refresh the dossier; look in Octopus what that bookyear is."),
    ),
    "payments_waiting": (
        _lt("Other payments of %(company)s wait already."),
        _lt("Accept or drop them together."),
    ),
    "payments_empty": (
        _lt(
            "Octopus shows no matches at all, but %(count)s were read before. Nothing"
            " was taken back."
        ),
        _lt("See in Octopus whether the dossier is complete; it is read again."),
    ),
    "open_items_unlisted": (
        _lt(
            "%(document)s (%(number)s) is not in the list of open documents any more;"
            " here %(here)s %(currency)s is open. That alone does not pay it."
        ),
        _lt("Ask the accountant how it was settled."),
    ),
    "open_items_differ": (
        _lt(
            "Of %(document)s (%(number)s) Octopus has %(there)s %(currency)s open, Odoo"
            " %(here)s %(currency)s: a difference of %(difference)s %(currency)s."
        ),
        _lt("Look on both sides which payment the other one lacks."),
    ),
    "settled_here": (
        _lt(
            "%(document)s (%(number)s) was settled here by %(entries)s, which Octopus"
            " has not got: there %(there)s %(currency)s is open, here %(here)s"
            " %(currency)s."
        ),
        _lt("Have the same booked and matched in Octopus, or undo it here."),
    ),
    "open_items_empty": (
        _lt(
            "Octopus lists no open documents of this kind (%(party)s), but %(open)s are"
            " open here. Nothing was concluded."
        ),
        _lt("See in Octopus whether the open documents were carried to the new year."),
    ),
    "open_items_many": (
        _lt(
            "Octopus leaves %(count)s of %(open)s open documents (%(party)s) out of its"
            " list at once. Nothing was concluded."
        ),
        _lt("See in Octopus whether the open documents were carried to the new year."),
    ),
    "open_items_bookyear": (
        _lt(
            "The dossier has no bookyear for %(date)s, so open items were not compared."
        ),
        _lt("Make the bookyear in Octopus, then refresh the dossier."),
    ),
}

# Of a finding that a newer or an older version wrote down.
UNKNOWN_TEXTS = (
    _lt("Something that this version does not know: %(code)s"),
    _lt("Try again what it is about; if it stays, ask support."),
)

# Parts of the mirror (sync/refresh.py).
PARTS = {
    "bookyears": _lt("bookyears"),
    "journals": _lt("journals"),
    "bank_accounts": _lt("bank accounts of journals"),
    "accounts": _lt("ledger accounts"),
    "vat_codes": _lt("VAT codes"),
    "relations": _lt("relations"),
}

PARTIES = {"client": _lt("customers"), "supplier": _lt("suppliers")}
WHO = {
    YOU: _lt("You"),
    ADMINISTRATOR: _lt("Administrator"),
    ACCOUNTANT: _lt("Accountant, in Octopus"),
    OCTOPUS: _lt("Nobody: it goes by itself"),
}

DIRECTIONS = {"sale": _lt("sales"), "purchase": _lt("purchases")}

ICONS = {
    BLOCK: "fa-times-circle text-danger",
    WAIT: "fa-clock-o text-warning",
    WARN: "fa-exclamation-triangle text-warning",
    INFO: "fa-info-circle text-info",
}

# Codes whose records are best shown by an action of their own.
ACTIONS = {"not_sent_before_vat": "action-octopus_connector.action_octopus_not_asked"}
SETTINGS_ACTION = "action-account.action_account_config"

# Answers of Octopus that mean more to us than "refused".
OF_RETURN_CODE = {
    ReturnCode.JOURNAL_CLOSED: "journal_closed",
    ReturnCode.JOURNAL_OPEN: "journal_open_elsewhere",
    ReturnCode.ILLEGAL_DOCUMENT_SEQUENCE_NR: "number_taken",
    ReturnCode.UNKNOWN_BOOKYEAR_PERIOD_NR: "period_missing",
    ReturnCode.BOOKYEAR_PERIOD_NR_PROTECTED: "period_protected",
    ReturnCode.UNKNOWN_CURRENCY: "currency_unknown",
    ReturnCode.JOURNAL_WRONG_MODE: "journal_invoice_mode",
    ReturnCode.UNKNOWN_JOURNAL: "journal_not_in_bookyear",
}

OF_KIND = {
    Kind.REFUSED: "refused",
    Kind.NOT_NOW: "service_down",
    Kind.UNKNOWN: "unknown_outcome",
    Kind.AUTH: "login_rejected",
    Kind.ACCESS: "dossier_refused",
    Kind.QUOTA: "quota_reached",
    Kind.MISSING: "refused",
    Kind.INVALID: "invalid_request",
    Kind.PROTOCOL: "answer_unclear",
}


def _who(code):
    """Return who can mend what a code stands for; of an unknown one, whoever can look
    into the logs."""
    return CODES.get(code, (WARN, ADMINISTRATOR))[1]


class OctopusFinding(models.AbstractModel):
    """Findings for people: who must do what, in the reader's language (I.2, Z.3)."""

    _name = "octopus.finding"
    _description = "Octopus Finding"

    def _texts(self, finding):
        """Return a stored finding as text.

        :param dict finding: what ``Finding.as_json`` gave
        :return: ``{"title", "who", "fix"}``, in the language of the environment
        """
        code = finding.get("code")
        title, fix = TEXTS.get(code, UNKNOWN_TEXTS)
        # A value that an older version did not store must not hide the finding.
        params = self._values(self._in_words(finding.get("params") or {}))
        values = defaultdict(lambda: "?", {"code": code, **params})
        title, fix = self.env._(title), self.env._(fix)
        return {
            "title": title % values,
            "who": self.env._(WHO[_who(code)]),
            "fix": fix % values,
        }

    def _sentences(self, finding):
        """Return a stored finding as one text: what it is, and what to do."""
        texts = self._texts(finding)
        return f"{texts['title']} {texts['fix']}"

    def _causes(self):
        """Return each code with what it means, whatever the record: ``(code, text)``
        in the language of the environment, to group and filter by (Z.3)."""
        return [
            (code, PARAMETER.sub("…", self.env._(title)))
            for code, (title, _fix) in TEXTS.items()
        ]

    def _in_words(self, params):
        """Put what Octopus answered into the reader's language (X.49)."""
        if "technical" not in params:
            return params
        answer = (params.get("code"), params.get("message"), params["technical"])
        return {**params, "message": self.env["octopus.error.text"]._in_words(*answer)}

    def _values(self, params):
        return {name: self._shown(name, value) for name, value in params.items()}

    def _shown(self, name, value):
        """Return a value of a finding as people read it; one that is not what its name
        says (another version stored it) as it is."""
        try:
            return self._value(name, value)
        except (ValueError, TypeError, AttributeError, OverflowError):
            return value

    def _value(self, name, value):
        if name == "kind":
            field = self.env["octopus.booking"]._fields["kind"]
            return dict(field._description_selection(self.env)).get(value, value)
        if name == "parts":
            return ", ".join(self.env._(PARTS.get(part, part)) for part in value)
        for known, texts in (("party", PARTIES), ("direction", DIRECTIONS)):
            if name == known and value in texts:
                return self.env._(texts[value])
        if name == "vat_period":
            return self._vat_period(value)
        if value and (name == "date" or name.endswith("_date")):
            return format_date(self.env, fields.Date.to_date(value))
        if value and name.endswith("_at"):
            moment = datetime.fromisoformat(value)
            return format_datetime(self.env, moment, dt_format="short")
        if isinstance(value, list):
            return ", ".join(str(item) for item in value)
        return value

    def _vat_period(self, value):
        """Return VAT returns, as ``ledger.vat_return`` names them, for people."""
        texts = []
        for vat_return in value.split("/"):
            day, quarter = first_day(vat_return), "Q" in vat_return
            pattern = "QQQ yyyy" if quarter else "MMMM yyyy"
            text = day and format_date(self.env, day, date_format=pattern)
            texts.append(text or vat_return)
        return " / ".join(texts)

    def _html(self, findings):
        """Return stored findings as a list with a link to what can be mended.

        :param list findings: what ``Finding.as_json`` gave, or ``None``
        :rtype: Markup, empty when there is nothing to tell
        """
        items = Markup().join(self._html_item(finding) for finding in findings or [])
        if not items:
            return Markup()
        return Markup('<ul class="list-unstyled mb-0 o_octopus_findings">%s</ul>') % (
            items
        )

    def _html_item(self, finding):
        texts = self._texts(finding)
        return Markup(
            '<li class="mb-1" data-code="%s"><i class="fa %s me-1" role="img"'
            ' aria-hidden="true"></i><b>%s</b><br/>'
            '<span class="text-muted">%s</span>%s</li>'
        ) % (
            finding.get("code"),
            ICONS.get(finding.get("severity"), ICONS[WARN]),
            texts["title"],
            self._advice(finding.get("code"), texts),
            self._link(finding),
        )

    def _advice(self, code, texts):
        """Return who must do what; where nobody must, the advice says so itself."""
        nobody = _who(code) == OCTOPUS
        return texts["fix"] if nobody else f"{texts['who']}: {texts['fix']}"

    def _link(self, finding):
        """Return a link to the place where it is mended, if the reader may go there."""
        model, ids = finding.get("model"), finding.get("ids")
        if model not in self.env or not self.env[model].has_access("read"):
            return Markup()
        if finding.get("code") in ACTIONS:
            return self._anchor(ACTIONS[finding["code"]], self.env._("Open the list"))
        if model == "res.config.settings":
            return self._anchor(SETTINGS_ACTION, self.env._("Settings"))
        path = model if "." in model else f"m-{model}"
        if not ids:
            return self._anchor(path, self.env._("Open the list"))
        record = self.env[model].browse(ids[0]).exists()
        if not record or not record.has_access("read"):
            return Markup()
        return self._anchor(f"{path}/{record.id}", record.display_name)

    def _anchor(self, path, label):
        return Markup(' <a href="/odoo/%s" class="o_octopus_fix">%s</a>') % (
            path,
            label,
        )

    def _from_error(self, error: OctopusError, **params):
        """Return the finding that an error of the ``api`` floor stands for.

        :param error: what the call raised
        :param params: what the caller knows of the call: ``journal``, ``bookyear``,
            ``period``, ``number``, ``date``, ``currency``, ``dossier``, ``connection``
        :rtype: Finding
        """
        code = OF_RETURN_CODE.get(error.code) or OF_KIND[error.kind]
        if isinstance(error, OctopusNoTime):
            code = "out_of_time"
        if error.kind is Kind.INVALID and not (error.message or error.technical):
            # Without a word it may be the day's limit as well (X.43,
            # docs/octopus.md §19.1).
            code = OF_KIND[Kind.PROTOCOL]
        return Finding(code, {**params, **error.answer})
