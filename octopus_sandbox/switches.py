"""Named switches: one for each answer that the contract leaves open.

Each switch names its place in docs/octopus.md (``unknown 3`` = §19.3), the answers
that are possible, and the one taken by default. ``docs/contract.md`` says what a
connector must survive.
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation


@dataclass(frozen=True)
class Switch:
    """One open question: its possible values, the default first.

    ``values`` is a tuple of words, or the type ``int`` or ``Decimal``.
    """

    name: str
    values: tuple | type
    default: str | int | Decimal
    question: str
    source: str

    def choices(self):
        """The possible words; empty for a number."""
        return list(self.values) if isinstance(self.values, tuple) else []

    def read(self, value):
        """``value`` as the switch's own type; ValueError names what is possible."""
        if isinstance(self.values, tuple):
            if str(value) in self.values:
                return str(value)
            raise ValueError(f"{self.name} takes one of {', '.join(self.values)}")
        try:
            number = self.values(str(value))
        except (ValueError, InvalidOperation) as error:
            raise ValueError(f"{self.name} takes a number") from error
        if number < 0:
            raise ValueError(f"{self.name} cannot be negative")
        return number


def _words(name, words, question, source):
    values = tuple(words.split())
    return Switch(name, values, values[0], question, source)


def _number(name, default, question, source):
    return Switch(name, type(default), default, question, source)


_ALL = (
    # Daily limits
    _words("quota", "on off", "Are daily limits enforced?", "§2"),
    _words(
        "quota_status", "429 403 400", "Status when a limit is exceeded", "unknown 1"
    ),
    _words("quota_body", "error empty", "Body when a limit is exceeded", "unknown 1"),
    _words(
        "quota_scope", "dossier user software_house", "What is counted", "unknown 1"
    ),
    _words("quota_counts", "all accepted", "Do refused calls count?", "unknown 1"),
    # Login and tokens
    _words(
        "token_lifetime", "fixed sliding", "Does a used token live on?", "unknown 12"
    ),
    _words(
        "parallel_tokens", "allowed refused", "Two tokens of one dossier?", "unknown 13"
    ),
    _words(
        "expired_code", "absent -2 -79", "errorCode of an expired token", "unknown 4"
    ),
    _words("web_service_off", "401 403", "Login without the web service", "§1"),
    _words("disabled_dossier", "with_key without_key", "Dossier list entry", "§1"),
    _words("whoami", "token user", "Answer of GET /authentication", "contradictory 6"),
    # Making bookyears
    _words(
        "new_bookyear",
        "with_journals bare",
        "Has a bookyear made by the web service the journals of the last?",
        "§12",
    ),
    # Answers in general
    _words("refusal_status", "400 500", "Status of codes not seen yet", "unknown 4"),
    _words(
        "code_in_403", "present absent", "Is errorCode in the 403 body?", "unknown 4"
    ),
    _words("server_error_body", "empty html json", "Body of a 500", "unknown 4"),
    _words(
        "timestamp_zone", "utc brussels", "Time zone of modifiedTimeStamp", "unknown 3"
    ),
    _words(
        "timestamp_bound",
        "inclusive exclusive",
        "Is the moment itself in?",
        "unknown 3",
    ),
    _words(
        "first_sync", "lenient strict", "Old moment with bookyear -1 refused?", "§3"
    ),
    # Relations
    _words("merge_missing", "keep blank", "Fields left out of an upsert", "§4"),
    _words("relation_not_found", "empty 404 error", "Search without a hit", "§10"),
    _words("relation_list", "ok 400", "The list without search parameters", "§10"),
    _words("relation_country", "optional required", "Relation without country", "§10"),
    _words("relation_vat_format", "strict free", "Belgian number, no dots", "§10"),
    _words("relation_role", "strict free", "Sale to a mere supplier", "§10"),
    # Journals, years, periods
    _words("closed_period", "until from", "Meaning of closedPeriod", "contradictory 1"),
    _words("closed_year_code", "-15 -11", "Booking in a closed bookyear", "unknown 4"),
    _words(
        "lock_check", "before_number after_number", "When is 403 decided?", "unknown 8"
    ),
    _words("next_number", "ignored obeyed", "nextDocumentNumber set ahead", "§13"),
    _words("journal_feed", "on off", "Does a booking touch journals/modified?", "§13"),
    # Bookings
    _words(
        "check_order", "header_first lines_first", "Order after the number", "unknown 8"
    ),
    _words("header_balance", "refuse accept", "Amount against the lines", "unknown 8"),
    _number(
        "header_tolerance", Decimal("0.00"), "Rounding difference allowed", "unknown 8"
    ),
    _words("vat_amount", "free checked", "VAT amount against the rate", "unknown 8"),
    _words("decimals", "refuse round", "More than two decimals", "unknown 8"),
    _words(
        "line_without_vat_code", "accept refuse", "Line without VAT code", "unknown 8"
    ),
    _words("line_without_account", "default refuse", "Line without account", "§15"),
    _words(
        "credit_note_codes", "twice once", "Credit-note twins in vatcodes", "unknown 5"
    ),
    _words("divers_balance", "refuse accept", "D journal must be zero", "unknown 9"),
    _words(
        "divers_sign",
        "credit_positive debit_positive",
        "D journal, C/S line",
        "unknown 9",
    ),
    _words(
        "exchange_rate", "multiply divide", "Document to booking amount", "unknown 10"
    ),
    _words("update_balanced", "refuse allow", "PUT of a matched booking", "unknown 7"),
    _words(
        "update_protected", "refuse allow", "PUT in a protected period", "unknown 7"
    ),
    _words("renumber_feed", "delete_and_modify modify", "Feed of a renumbering", "§3"),
    _number("text_limit", 0, "Longest comment or reference; 0 = none", "unknown 10"),
    _words("long_text", "refuse cut", "Text above text_limit", "unknown 10"),
    # Attachments
    _number(
        "attachment_limit", 10_000_000, "Largest attachment in bytes", "unknown 10"
    ),
    _words(
        "attachment_status", "400 413", "Status of a refused attachment", "unknown 10"
    ),
    _words("attachment_types", "any pdf_xml", "Types allowed", "unknown 10"),
    # Payments and reports
    _words("unmatched_twice", "refused 404 400", "Taking back no match", "§18"),
    _words(
        "match_feed",
        "oldest_first newest_first repeated",
        "Order of the matches, and whether one comes twice",
        "§3",
    ),
    _words("balanced_side", "credit both", "Side that holds the amount", "§18"),
    _words("bank_invoice_amount", "open full", "amount of bank/invoices", "§17"),
    _words("open_amount_sign", "positive signed", "Sign of openBookingAmount", "§17"),
    # SOAP
    _words("soap_fields", "01-13 newer", "Fields of later versions", "unknown 11"),
    _number("soap_session_minutes", 30, "Life of an unused session", "unknown 11"),
    _words("soap_dates", "naive brussels utc", "Zone that dates carry", "§7"),
    _words("soap_quota", "fault 429", "Answer when a limit is exceeded", "unknown 1"),
    _words("soap_last_error", "cleared kept", "GetLastError after a success", "§7"),
    _words("soap_error_text", "message technical", "What GetLastError tells", "§7"),
    # At the end: what is drawn of the others by a seed stays what it was.
    _words("document_match", "accept refuse", "Match of document with document", "§18"),
    _words(
        "foreign_bank_amounts",
        "journal_currency euro",
        "Lines of an F journal that is not in EUR",
        "§18",
    ),
    # OAuth
    _words(
        "oauth_path", "token oauth2/token", "Address that gives tokens", "unknown 2"
    ),
    _words("oauth_body", "form json", "Body of a request for a token", "unknown 2"),
    _words("oauth_keys", "rfc camel", "Names of the keys of its answer", "unknown 2"),
    _words(
        "oauth_redirect_uri",
        "ignored required",
        "redirect_uri in the request for a token",
        "unknown 2",
    ),
    _words(
        "oauth_refresh",
        "none rotated added",
        "A new refresh token; whether the one before still works",
        "unknown 2",
    ),
    _words("oauth_life", "fixed sliding", "The 60 days after a use", "unknown 2"),
    _words("oauth_refused", "400 401", "Status of a dead code or token", "unknown 2"),
    # Cost centres
    _words(
        "cost_centre_missing",
        "refuse accept",
        "A line without one on an account where it is mandatory",
        "§5",
    ),
    _words(
        "cost_centre_unwanted",
        "accept refuse",
        "A line with one on an account that needs none",
        "§5",
    ),
    # Lines that are spread over time
    _words(
        "overflow_account",
        "optional required",
        "A line spread over time without the account that carries it over",
        "§14",
    ),
    _words(
        "line_details",
        "told absent",
        "Whether a reading tells how a line is spread over time, and its Intrastat",
        "§14",
    ),
)
SWITCHES = {switch.name: switch for switch in _ALL}


class Switches:
    """The present position of every switch.

    ``switches["quota"]`` reads; ``switches["quota"] = "off"`` sets. KeyError for an
    unknown name, ValueError (with the possible values) for an unknown value.
    """

    def __init__(self, values=None):
        self._values = {}
        self.update(values or {})

    def __getitem__(self, name):
        return self._values.get(name, SWITCHES[name].default)

    def __setitem__(self, name, value):
        if name not in SWITCHES:
            raise KeyError(f"there is no switch {name!r}")
        self._values[name] = SWITCHES[name].read(value)

    def update(self, values):
        """Set several switches, or none of them if one is wrong."""
        before = dict(self._values)
        try:
            for name, value in values.items():
                self[name] = value
        except (KeyError, ValueError):
            self._values = before
            raise

    def reset(self):
        """Every switch to its default."""
        self._values = {}

    def changed(self):
        """The switches that do not stand on their default, as texts."""
        return {
            name: str(value)
            for name, value in self._values.items()
            if value != SWITCHES[name].default
        }
