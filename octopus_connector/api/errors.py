"""One family of errors for everything that can go wrong while talking to Octopus.

The class (and its ``kind``) says what the caller may do next; ``code`` says what
Octopus objected to. Neither is a text for people: those are made by the caller from
``kind`` and ``code``, in the reader's language.

Source: docs/octopus.md §2 and §9.
"""

from __future__ import annotations

from enum import Enum, IntEnum


class Kind(str, Enum):
    """What an error means for the work at hand."""

    REFUSED = "refused"  # Octopus said no; the same request will be refused again
    NOT_NOW = "not_now"  # nothing was done; the same request may succeed later
    UNKNOWN = "unknown"  # a write whose outcome is not known: read back first
    AUTH = "auth"  # the login was rejected, or a token could not be renewed
    ACCESS = "access"  # the login is right, but may not do this (dossier, module)
    QUOTA = "quota"  # a daily limit is reached, by our count or by theirs
    MISSING = "missing"  # the one document that was asked for does not exist
    INVALID = "invalid"  # our own request is wrong; a person must change its data
    PROTOCOL = "protocol"  # the answer to a read cannot be understood


class ReturnCode(IntEnum):
    """Return codes of Octopus, REST ``errorCode`` and SOAP alike
    (docs/octopus.md §9)."""

    OK = 0
    INVALID_LOGIN = -1
    NOT_AUTHENTICATED = -2
    NO_ACCESS_TO_DOSSIER = -3
    OPEN_DOSSIER = -4
    DOSSIER_DISABLED = -5
    NO_DOSSIER_OPEN = -6
    INSERT_UPDATE_RELATION = -7
    GET_BOOKYEARS = -8
    UNKNOWN_BOOKYEAR = -9
    UNKNOWN_JOURNAL = -10
    JOURNAL_CLOSED = -11
    JOURNAL_OPEN = -12
    ILLEGAL_DOCUMENT_SEQUENCE_NR = -13
    UNKNOWN_BOOKYEAR_PERIOD_NR = -14
    BOOKYEAR_PERIOD_NR_PROTECTED = -15
    UNKNOWN_RELATION = -16
    NO_DOCUMENT_DATE = -17
    NO_EXPIRY_DATE = -18
    UNKNOWN_CURRENCY = -19
    ILLEGAL_EXCHANGE_RATE = -20
    UNKNOWN_ACCOUNT = -21
    UNKNOWN_VATCODE = -22
    BOOKING_LINE_BASE_VAT_OTHER_SIGN = -23
    INSERT_BOOKING = -24
    UNKNOWN_FINANCIAL_TYPE = -25
    INSERT_BALANCING = -26
    INSERT_ACCOUNT = -27
    ACCOUNT_ALREADY_EXIST = -28
    JOURNAL_WRONG_MODE = -29
    INVALID_PERCENTAGE_VAT_RECUP = -30
    INVALID_PERCENTAGE_FISC_PROF = -31
    INVALID_PERCENTAGE_FISC_RECUP = -32
    GET_BOOKING = -33
    BOOKING_NOT_EXISTS = -34
    UPDATE_BOOKING = -35
    GET_JOURNALS = -36
    INSERT_INVOICE = -37
    INVALID_JOURNAL = -38
    UNKNOWN_PRODUCT = -39
    UNKNOWN_COST_CENTRE = -40
    COST_CENTRE_CLOSED = -41
    GET_VATCODES = -42
    INSERT_DELIVERY_NOTE = -43
    GET_ACCOUNTS = -44
    GET_COSTCENTRES = -45
    GET_PRODUCTS = -46
    GET_RELATIONS = -47
    GET_PRODUCTGROUPS = -48
    INSERT_PRODUCT = -49
    ACCOUNT_NOT_BOOKING_TYPE = -50
    TOO_MANY_CONNECTIONS = -51
    CLOSE_DOSSIER = -52
    REPORT_HISTORY_SUPPLIER = -53
    REPORT_HISTORY_CLIENT = -54
    REPORT_HISTORY_ACCOUNT = -55
    REPORT_OPEN_SUPPLIER = -56
    REPORT_OPEN_CLIENT = -57
    REPORT_OPEN_ACCOUNT = -58
    DELIVERY_NOTE_NOT_EXISTS = -59
    GET_DELIVERY_NOTE = -60
    INVOICE_NOT_EXISTS = -61
    GET_INVOICE = -62
    UPDATE_DELIVERY_NOTE = -63
    UPDATE_INVOICE = -64
    GET_MODIFIED_BALANCING_RELATIONS = -65
    REPORT_HISTORY_COSTCENTRE = -66
    GET_FINANCIAL_JOURNAL_BALANCE = -67
    INVALID_SOFTWARE_HOUSE_IDENTIFICATION = -68
    SET_CONFIG_FINANCIAL_DISCOUNT = -69
    SET_RAPPEL_PERCENTAGE = -70
    EXPORT_INVOICE = -71
    EXPORT_DELIVERY_NOTE = -72
    RAPPEL_NOT_EXISTS = -73
    EXPORT_RAPPEL = -74
    VATCODE_WRONG_TYPE = -75
    INSERT_UPDATE_COSTCENTRE = -76
    GET_MODIFIED_ACCOUNT_AMOUNTS = -77
    MISSING_CODA_VERSION_INFO = -78
    INVALID_PARAMETER = -79


class OctopusError(Exception):
    """Base of the family.

    :param message: Octopus's own text in the locale of the dossier, or ours
    :param code: return code of Octopus (see :class:`ReturnCode`; others may come)
    :param http_status: status of the answer, ``None`` when there was none
    :param technical: text for a log; never holds a secret
    :param operation: name of the operation of the client
    """

    kind: Kind

    def __init__(
        self,
        message: str = "",
        *,
        code: int | None = None,
        http_status: int | None = None,
        technical: str = "",
        operation: str = "",
    ):
        super().__init__(message)
        self.message = message
        self.code = code
        self.http_status = http_status
        self.technical = technical
        self.operation = operation

    @property
    def answer(self) -> dict:
        """What Octopus said, for a finding: ``{"code", "message", "technical"}``.

        ``code`` is the return code, or the HTTP status where there was none.
        """
        return {
            "code": self.code if self.code is not None else self.http_status,
            "message": self.message or self.technical,
            "technical": self.technical,
        }

    def __str__(self):
        facts = [
            self.operation,
            self.http_status and f"HTTP {self.http_status}",
            self.code is not None and f"code {self.code}",
            self.message,
            self.technical,
        ]
        return " · ".join(str(fact) for fact in facts if fact) or self.kind.value


class OctopusRefused(OctopusError):
    """Octopus refused for a reason that only a change of data or setting removes."""

    kind = Kind.REFUSED


class OctopusNotNow(OctopusError):
    """Nothing was done and the same call may succeed later."""

    kind = Kind.NOT_NOW


class OctopusJournalLocked(OctopusNotNow):
    """The journal is open in another session, or closed.

    The answer 403 does not tell the two apart (docs/octopus.md §12): with ``code`` -12
    it is open elsewhere; without a code the caller reads the journal's state.
    """


class OctopusNoTime(OctopusNotNow):
    """The time of who calls is over, see ``WorkTime``: nothing was sent, and whoever
    comes next can send it."""


class OctopusShadow(OctopusNotNow):
    """Nothing may be written to the dossier: it is in shadow mode. Nothing was sent."""


class OctopusUnknownOutcome(OctopusError):
    """A write was sent, and whether it was done is not known."""

    kind = Kind.UNKNOWN


class OctopusAuthError(OctopusError):
    """The login was rejected, or a fresh token was: stop this connection."""

    kind = Kind.AUTH


class OctopusAccessError(OctopusError):
    """The login may not use this dossier or function."""

    kind = Kind.ACCESS


class OctopusQuotaError(OctopusError):
    """The daily limit of the operation is reached; nothing was done."""

    kind = Kind.QUOTA


class OctopusMissing(OctopusError):
    """The single document or journal that was asked for does not exist."""

    kind = Kind.MISSING


class OctopusInvalidRequest(OctopusError, ValueError):
    """Our own request is wrong: by our check before the call, or by Octopus's."""

    kind = Kind.INVALID


class OctopusUnsupported(OctopusInvalidRequest):
    """This door of Octopus does not have it; the capabilities said so."""


class OctopusProtocolError(OctopusError):
    """The answer to a read cannot be understood."""

    kind = Kind.PROTOCOL


# A dossier that answers a read so does not have this feed. What else goes wrong is no
# answer: the feed must be read again from where it was.
NO_FEED = (OctopusRefused, OctopusInvalidRequest)

# Codes not listed mean a refusal of the data that was sent.
CLASS_OF_CODE: dict[int, type[OctopusError]] = {
    ReturnCode.INVALID_LOGIN: OctopusAuthError,
    ReturnCode.INVALID_SOFTWARE_HOUSE_IDENTIFICATION: OctopusAuthError,
    ReturnCode.NOT_AUTHENTICATED: OctopusAuthError,
    ReturnCode.NO_DOSSIER_OPEN: OctopusAuthError,
    ReturnCode.NO_ACCESS_TO_DOSSIER: OctopusAccessError,
    ReturnCode.DOSSIER_DISABLED: OctopusAccessError,
    ReturnCode.JOURNAL_OPEN: OctopusJournalLocked,
    ReturnCode.TOO_MANY_CONNECTIONS: OctopusNotNow,
    ReturnCode.OPEN_DOSSIER: OctopusNotNow,
    ReturnCode.BOOKING_NOT_EXISTS: OctopusMissing,
    ReturnCode.INVALID_PARAMETER: OctopusInvalidRequest,
    # Octopus failed to read its own data: nothing the caller can mend.
    ReturnCode.GET_BOOKYEARS: OctopusNotNow,
    ReturnCode.GET_BOOKING: OctopusNotNow,
    ReturnCode.GET_JOURNALS: OctopusNotNow,
    ReturnCode.GET_VATCODES: OctopusNotNow,
    ReturnCode.GET_ACCOUNTS: OctopusNotNow,
    ReturnCode.GET_COSTCENTRES: OctopusNotNow,
    ReturnCode.GET_RELATIONS: OctopusNotNow,
    ReturnCode.GET_MODIFIED_BALANCING_RELATIONS: OctopusNotNow,
    ReturnCode.REPORT_OPEN_SUPPLIER: OctopusNotNow,
    ReturnCode.REPORT_OPEN_CLIENT: OctopusNotNow,
}


def class_for_code(code: int) -> type[OctopusError]:
    """Return the error class that a return code of Octopus stands for.

    The HTTP status does not matter here; a SOAP transport uses the same table.

    :param code: any number; what is not in the table is a refusal (docs/octopus.md §9)
    """
    return CLASS_OF_CODE.get(code, OctopusRefused)
