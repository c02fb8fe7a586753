"""Octopus's accounting, spoken in Python: no Odoo in here.

>>> login = PasswordLogin(software_house, user, password)
>>> with OctopusClient(RestTransport(PRODUCTION_URL, login)) as client:
...     client.dossier(49555).bookyears()
"""

from .auth import PasswordLogin, TokenCache, TokenSource
from .client import (
    ALL_BOOKYEARS,
    ALL_JOURNAL_TYPES,
    FIRST_SYNC,
    DossierClient,
    OctopusClient,
)
from .transport import Call, Observer, Transport
from .connect import TRANSPORTS, connect
from .errors import (
    Kind,
    OctopusAccessError,
    OctopusAuthError,
    OctopusError,
    OctopusInvalidRequest,
    OctopusJournalLocked,
    OctopusMissing,
    OctopusNoTime,
    OctopusNotNow,
    OctopusProtocolError,
    OctopusQuotaError,
    OctopusRefused,
    OctopusUnknownOutcome,
    OctopusUnsupported,
    ReturnCode,
)
from .operations import Capability
from .quota import DAILY_LIMITS, daily_limit
from .rest.transport import PRODUCTION_URL, RestTransport
from .soap.transport import SOAP_PRODUCTION_URL, SoapTransport
from .new_books import NewBookyear, NewJournal
from .types import (
    Account,
    Attachment,
    Balancing,
    BalancingDocument,
    BalancingKey,
    Booking,
    BookingLine,
    BookingRow,
    Bookyear,
    CostCentre,
    DocumentKey,
    Dossier,
    FinancialBooking,
    FinancialLine,
    Journal,
    JournalDetail,
    JournalKey,
    OpenItem,
    Period,
    Relation,
    RelationRef,
    Translations,
    UserInfo,
    VatCode,
)
from .listed import Flaw, Listed, ModifiedResult
from .enums import InsertionType, JournalType, Locale, VatCodeType, VatType
from .wire import Timeouts
from .work_time import WorkTime

__all__ = [
    "ALL_BOOKYEARS",
    "ALL_JOURNAL_TYPES",
    "DAILY_LIMITS",
    "FIRST_SYNC",
    "PRODUCTION_URL",
    "SOAP_PRODUCTION_URL",
    "TRANSPORTS",
    "Account",
    "Attachment",
    "Balancing",
    "BalancingDocument",
    "BalancingKey",
    "Booking",
    "BookingLine",
    "BookingRow",
    "Bookyear",
    "Call",
    "Capability",
    "CostCentre",
    "DocumentKey",
    "Dossier",
    "DossierClient",
    "FinancialBooking",
    "FinancialLine",
    "Flaw",
    "InsertionType",
    "Journal",
    "JournalDetail",
    "JournalKey",
    "JournalType",
    "Listed",
    "NewBookyear",
    "NewJournal",
    "Kind",
    "Locale",
    "ModifiedResult",
    "Observer",
    "OctopusAccessError",
    "OctopusAuthError",
    "OctopusClient",
    "OctopusError",
    "OctopusInvalidRequest",
    "OctopusJournalLocked",
    "OctopusMissing",
    "OctopusNoTime",
    "OctopusNotNow",
    "OctopusProtocolError",
    "OctopusQuotaError",
    "OctopusRefused",
    "OctopusUnknownOutcome",
    "OctopusUnsupported",
    "OpenItem",
    "PasswordLogin",
    "Period",
    "Relation",
    "RelationRef",
    "RestTransport",
    "ReturnCode",
    "SoapTransport",
    "Timeouts",
    "TokenCache",
    "TokenSource",
    "Translations",
    "Transport",
    "UserInfo",
    "VatCode",
    "VatCodeType",
    "VatType",
    "WorkTime",
    "connect",
    "daily_limit",
]
