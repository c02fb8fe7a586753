"""What several handlers need."""

import base64
import datetime
from decimal import Decimal

from ...state.attachment import Attachment
from ...state.errors import NothingFound, Refusal
from ...state.keys import DocumentKey, LineKey

LANGUAGES = ("NL", "FR", "EN", "DE")


def none_found(what, call):
    """The 404 of a list: nothing of that kind."""
    return NothingFound(f"No {what} found in dossier {call.dossier.id}")


def list_or_nothing(rows, what, call):
    """The rows, or :class:`NothingFound` when there are none."""
    if not rows:
        raise none_found(what, call)
    return rows


def none_modified(what, call):
    """The 404 of a feed, in the recorded form (docs/octopus.md §2)."""
    return NothingFound(
        f"No modified {what} found in dossier {call.dossier.id}"
        f"bookyearId: {call['bookyearId']}, "
        f"Journal Key: {call.get('journalKey') or 'null'} "
    )


def modified_documents(call, feed, store, what):
    """Documents of a feed that the call's bookyear and journal ask for."""
    wants = call.wants_bookyear(call["bookyearId"])
    journal = call.get("journalKey")
    changed, _deleted = call.changes(feed)
    keys = [key for key in changed if wants(key[0]) and journal in (None, "", key[1])]
    if not keys:
        raise none_modified(what, call)
    return [store[key] for key in keys]


def header_of(fields):
    """What every document begins with, as its class takes it."""
    return {
        "bookyear": fields["bookyearKey"]["id"],
        "journal": fields["journalKey"],
        "number": fields["documentSequenceNr"],
        "period": fields["bookyearPeriodeNr"],
        "document_date": date(fields.get("documentDate")),
        "rate": number(fields["exchangeRate"]),
    }


def header_json(document):
    """What every document begins with, as the contract writes it."""
    return {
        "bookyearKey": {"id": document.bookyear},
        "journalKey": document.journal,
        "documentSequenceNr": document.number,
        "bookyearPeriodeNr": document.period,
        "documentDate": date_json(document.document_date),
        "exchangeRate": document.rate,
    }


def document_key(call):
    """The document that the query asks for."""
    return DocumentKey(call["bookyearId"], call["journalKey"], call["documentSeqNr"])


def line_key(fields):
    """A BalancingKeyServiceData as a key; a missing part is a :class:`Refusal`."""
    try:
        return LineKey(
            fields["bookyearKey"]["id"],
            fields["journalKey"],
            fields["documentSequenceNr"],
            fields["lineSequenceNr"],
        )
    except KeyError as error:
        raise Refusal(None, f"Invalid balancing key: {error} missing") from error


def line_key_json(key):
    """A BalancingKeyServiceData."""
    return {
        "bookyearKey": {"id": key.bookyear},
        "journalKey": key.journal,
        "documentSequenceNr": key.number,
        "lineSequenceNr": key.line,
    }


def names_json(names):
    """A StringServiceData of texts by language."""
    return {
        f"description_{key}": names.get(key, "") for key in LANGUAGES if key in names
    }


def names_from_json(fields):
    """Texts by language of a StringServiceData."""
    fields = fields or {}
    known = ((key, fields.get(f"description_{key}")) for key in LANGUAGES)
    return {key: text for key, text in known if text is not None}


def localized_json(names):
    """A list of LocalizedString."""
    return [{"language": key, "value": names[key]} for key in LANGUAGES if key in names]


def in_language(names, language):
    """The text in a language, else in Dutch, else in any."""
    return names.get(language) or names.get("NL") or next(iter(names.values()), "")


def key_json(number):
    """``{"id": number}``, or None for None."""
    return None if number is None else {"id": number}


def key_id(fields):
    """The number of a key object; None when there is none."""
    return fields["id"] if fields else None


def date(text):
    """A date of the contract; None for None."""
    return datetime.date.fromisoformat(text) if text else None


def date_json(day):
    """A date as the contract writes it; None for None."""
    return day.isoformat() if day else None


def number(value):
    """A double of the contract as Decimal; None for None."""
    return None if value is None else Decimal(value)


def attachments(rows):
    """Files of a list of AttachementData."""
    return [attachment(row) for row in rows or ()]


def attachment(fields):
    """The file of an AttachementData."""
    content = base64.b64decode(fields.get("fileData", ""))
    return Attachment(fields.get("fileName", ""), content)


def relation_of(call, relation_id, external_id):
    """Number of the relation that a document points at; 0 for one that is unknown.

    The books refuse 0 when its turn comes in the order of the checks.
    """
    relation = call.books.relations.by_reference(relation_id, external_id)
    return relation.id if relation else 0


def identified_relation(call, fields):
    """Number of the relation of a document's RelationIdentificationServiceData."""
    identification = fields.get("relationIdentificationServiceData") or {}
    return relation_of(
        call,
        key_id(identification.get("relationKey")),
        identification.get("externalRelationId"),
    )


def relation_json(call, relation_id):
    """A RelationIdentificationServiceData."""
    relation = call.dossier.relations.get(relation_id)
    return {
        "externalRelationId": relation.external_id if relation else 0,
        "relationKey": {"id": relation_id},
    }
