"""The SOAP contract 01-13: operations, types and their fields, as facts.

One block per name, then its fields as ``field:type`` words; after ``->`` come those of
the answer. ``?`` the field may be absent, ``~`` absent or nil, ``*`` any number of
them. ``< name`` is the type that a type extends.

Source: docs/octopus.md §8 (facts only; compared with the published files by the tests).
"""

from dataclasses import dataclass

NAMESPACE = "http://service.octopus.com/"
SERVICE, PORT, PORT_TYPE = "OctopusWSService", "OctopusWSPort", "OctopusWS"
BINDING = "OctopusWSPortBinding"
SCALARS = ("base64Binary", "boolean", "dateTime", "double", "int", "string")

_OPERATIONS = """
Authenticate
    softwareHouseUuid:string? credentials:credentials?
    -> return:int
AuthenticateAndConnect
    softwareHouseUuid:string? credentials:credentials? dossierKey:dossierKey?
    -> return:int
CloseDossier
    -> return:int
ConnectToDossier
    dossierKey:dossierKey?
    -> return:int
ExportDeliveryNote
    bookyearKey:bookyearKey? journalKey:string? documentSequenceNr:int
    returnDeliverynote:boolean returnPdfDocument:boolean
    -> return:int deliveryNote:deliveryNoteServiceData? pdfDocument:base64Binary~
    publishUrl:string?
ExportInvoice
    bookyearKey:bookyearKey? journalKey:string? documentSequenceNr:int
    returnInvoice:boolean returnPdfDocument:boolean returnEInvoice:boolean
    -> return:int invoice:invoiceServiceData? pdfDocument:base64Binary~
    einvoiceXml:base64Binary~ publishUrl:string?
ExportRappel
    relationKey:relationKey? rappelId:int
    -> return:int pdfDocument:base64Binary~ publishUrl:string?
GetAccounts
    bookyearKey:bookyearKey?
    -> return:accountServiceData*
GetBookyears
    -> return:bookyearServiceData*
GetBuySellBooking
    bookyearKey:bookyearKey? journalKey:string? documentSequenceNr:int
    -> return:buySellBookingServiceData?
GetCostCentres
    -> return:costCentreServiceData*
GetDeliveryNote
    bookyearKey:bookyearKey? journalKey:string? documentSequenceNr:int
    -> return:deliveryNoteServiceData?
GetDossiers
    -> return:dossierServiceData*
GetErrorDescription
    errorNr:int
    -> return:string?
GetFinancialDiversBooking
    bookyearKey:bookyearKey? journalKey:string? documentSequenceNr:int
    -> return:financialDiversBookingServiceData?
GetFinancialJournalBalance
    bookyearKey:bookyearKey? journalKey:string?
    -> return:journalBalance?
GetInvoice
    bookyearKey:bookyearKey? journalKey:string? documentSequenceNr:int
    -> return:invoiceServiceData?
GetJournals
    bookyearKey:bookyearKey?
    -> return:journalServiceData*
GetLastError
    -> return:string?
GetModifiedAccountAmounts
    modifiedSince:dateTime?
    -> return:int modifiedAccountAmounts:accountAmountServiceData*
    deletedAccountAmounts:accountAmountServiceData*
GetModifiedBalancingRelations
    modifiedSince:dateTime?
    -> return:int modifiedBalancingArray:balancingDetailServiceData*
    deletedBalancingArray:balancingDetailServiceData*
GetModifiedBuySellBookings
    modifiedSince:dateTime? bookyearKey:bookyearKey? journalKey:string?
    -> return:int modifiedBuySellBookingArray:buySellBookingServiceData*
GetModifiedDeliveryNotes
    modifiedSince:dateTime? bookyearKey:bookyearKey? journalKey:string?
    -> return:int modifiedDeliveryNoteArray:deliveryNoteServiceData*
GetModifiedFinancialDiversBookings
    modifiedSince:dateTime? bookyearKey:bookyearKey? journalKey:string?
    -> return:int
    modifiedFinancialDiversBookingArray:financialDiversBookingServiceData*
GetModifiedInvoices
    modifiedSince:dateTime? bookyearKey:bookyearKey? journalKey:string?
    -> return:int modifiedInvoiceArray:invoiceServiceData*
GetModifiedRelations
    modifiedSince:dateTime?
    -> return:int modifiedRelations:relationServiceData*
    deletedRelations:relationServiceData*
GetProductGroups
    -> return:productGroupServiceData*
GetProducts
    -> return:productServiceData*
GetRappelInformation
    expirationDate:dateTime?
    -> return:rappelServiceData*
GetRelations
    -> return:relationServiceData*
GetReportHistoryAccount
    historyAccountQueryData:historyAccountQueryData?
    -> return:historyData*
GetReportHistoryClient
    historyClientQueryData:historyRelationQueryData?
    -> return:historyData*
GetReportHistoryCostCentre
    historyCostCentreQueryData:historyCostCentreQueryData?
    -> return:historyCostCentreData*
GetReportHistorySupplier
    historySupplierQueryData:historyRelationQueryData?
    -> return:historyData*
GetReportOpenAccount
    openAccountQueryData:openAccountQueryData?
    -> return:openData*
GetReportOpenClient
    openClientQueryData:openRelationQueryData?
    -> return:openData*
GetReportOpenSupplier
    openSupplierQueryData:openRelationQueryData?
    -> return:openData*
GetVatCodes
    -> return:vatCodeServiceData*
InsertBalancing
    balacing:balancingServiceData?
    -> return:int
InsertBuySellBooking
    booking:buySellBookingServiceData?
    -> return:int
InsertDeliveryNote
    deliveryNote:deliveryNoteServiceData?
    -> return:int
InsertFinancialDiversBooking
    booking:financialDiversBookingServiceData?
    -> return:int
InsertInvoice
    invoice:invoiceServiceData?
    -> return:int
InsertUpdateAccount
    account:accountServiceData?
    -> return:int
InsertUpdateCostcentre
    costcentre:costCentreServiceData?
    -> return:int
InsertUpdateProduct
    product:productServiceData?
    -> return:int
InsertUpdateRelation
    relation:relationServiceData?
    -> return:int
SetLocale
    locale:localeKey?
    -> return:int
UpdateBuySellBooking
    booking:buySellBookingServiceData?
    -> return:int
UpdateDeliveryNote
    deliveryNote:deliveryNoteServiceData?
    -> return:int
UpdateFinancialDiversBooking
    booking:financialDiversBookingServiceData?
    -> return:int
UpdateInvoice
    invoice:invoiceServiceData?
    -> return:int
"""

_TYPES = """
accountAmountKey < comparator
    accountKey:accountKey? bookyearPeriodKey:bookyearPeriodKey?
accountAmountServiceData
    accountAmountKey:accountAmountKey? balance:double
accountKey < comparator
    bookyearKey:bookyearKey? id:int
accountServiceData
    accountKey:accountKey? description:stringServiceData?
    fiscProfessionalPercentage:double fiscRecupPercentage:double
    vatRecupPercentage:double
balancingDetailServiceData
    creditBalancedBookingAmount:double creditDocument:balancingDocumentServiceData?
    debetBalancedBookingAmount:double debetDocument:balancingDocumentServiceData?
    type:balancingTypeServiceData?
balancingDocumentServiceData
    balancingKey:balancingKeyServiceData? comment:string? creditBookingAmount:double
    creditDocumentAmount:double currencyCode:string? debetBookingAmount:double
    debetDocumentAmount:double documentDate:dateTime? exchangeRate:double
    reference:string?
balancingKeyServiceData
    bookyearKey:bookyearKey? documentSequenceNr:int journalKey:string?
    lineSequenceNr:int
balancingServiceData
    balanceAmount:double creditKey:balancingKeyServiceData?
    debetKey:balancingKeyServiceData?
balancingTypeServiceData
    accountNr:int externalRelationId:int relationKey:relationKey? type:string?
bookyearKey < intKey
bookyearPeriodKey < comparator
    bookyearKey:bookyearKey? bookyearPeriodNr:int
bookyearPeriodServiceData
    bookyearPeriod:int endDate:dateTime? startDate:dateTime?
bookyearServiceData
    bookyearDescription:string? bookyearKey:bookyearKey? closed:boolean
    endDate:dateTime? periods:bookyearPeriodServiceData* startDate:dateTime?
buySellBookingLineServiceData
    accountKey:int baseAmount:double comment:string? costCentreKey:costCentreKey?
    vatAmount:double vatCodeKey:string?
buySellBookingServiceData
    amount:double bookingLines:buySellBookingLineServiceData* bookyearKey:bookyearKey?
    bookyearPeriodeNr:int comment:string? currencyCode:string? documentDate:dateTime?
    documentSequenceNr:int exchangeRate:double expiryDate:dateTime?
    externalRelationId:int journalKey:string? reference:string?
    relationKey:relationKey?
codaLineServiceData
    codaMoveLineData:string* codaVersion:codaVersionData?
codaVersionData
    codaVersion:int
comparator abstract
costCentreKey < intKey
costCentreServiceData
    closed:boolean costCentreKey:costCentreKey? description:stringServiceData?
credentials
    password:string? user:string?
deliveryNoteLineServiceData
    bookingAccountNr:int costCentreKey:costCentreKey? count:double description:string?
    discountPercentage:double externProductNr:string? unit:string? unitPrice:double
    vatCodeKey:string?
deliveryNoteServiceData
    bookyearKey:bookyearKey? bookyearPeriodeNr:int comment:string?
    currencyCode:string? deliveryNoteLines:deliveryNoteLineServiceData*
    documentDate:dateTime? documentSequenceNr:int exchangeRate:double
    expiryDate:dateTime? externalRelationId:int financialDiscount:double
    journalKey:string? reference:string?
dossierKey < intKey
dossierServiceData
    dossierDescription:string? dossierKey:dossierKey?
financialDiversBookingLineServiceData
    accountKey:int amount:double codaInfo:codaLineServiceData?
    costCentreKey:costCentreKey? externalRelationId:int reference:string? type:string?
financialDiversBookingServiceData
    bookingLines:financialDiversBookingLineServiceData* bookyearKey:bookyearKey?
    bookyearPeriodeNr:int documentDate:dateTime? documentSequenceNr:int
    exchangeRate:double journalKey:string?
historyAccountQueryData
    accountNr:int fromBookyearKey:bookyearKey? fromBookyearPeriodNr:int
    toBookyearKey:bookyearKey? toBookyearPeriodNr:int
historyCostCentreData
    accountKey:accountKey? accountName:string? activeCostCentre:boolean
    bookyearKey:bookyearKey? bookyearPeriodNr:int comment:string?
    costCentreKey:costCentreKey? costCentreName:string? creditBookingAmount:double
    debetBookingAmount:double documentDate:dateTime? documentSequenceNr:int
    journalKey:string? relationKey:relationKey? relationName:string?
historyCostCentreQueryData
    fromAccountNr:int fromBookyearKey:bookyearKey? fromBookyearPeriodNr:int
    showActiveCostCentres:boolean showEmptyCostcentres:boolean
    showInactiveCostCentres:boolean toAccountNr:int toBookyearKey:bookyearKey?
    toBookyearPeriodNr:int
historyData
    bookyearKey:bookyearKey? bookyearPeriodNr:int comment:string?
    creditBookingAmount:double creditDocumentAmount:double currencyCode:string?
    debetBookingAmount:double debetDocumentAmount:double documentDate:dateTime?
    documentSequenceNr:int exchangeRate:double journalKey:string? reference:string?
historyRelationQueryData
    externalRelationId:int fromBookyearKey:bookyearKey? fromBookyearPeriodNr:int
    toBookyearKey:bookyearKey? toBookyearPeriodNr:int
intKey < comparator
    id:int
invoiceLineServiceData
    bookingAccountNr:int costCentreKey:costCentreKey? count:double description:string?
    discountPercentage:double externProductNr:string? unit:string? unitPrice:double
    vatCodeKey:string?
invoiceServiceData
    bookyearKey:bookyearKey? bookyearPeriodeNr:int comment:string?
    currencyCode:string? documentDate:dateTime? documentSequenceNr:int
    exchangeRate:double expiryDate:dateTime? externalRelationId:int
    financialDiscount:double invoiceLines:invoiceLineServiceData* journalKey:string?
    reference:string?
journalBalance
    balance:double bookyearKey:bookyearKey? journalKey:string?
journalServiceData
    bookyearKey:bookyearKey? closed:boolean closedPeriod:int currencyCode:string?
    journalKey:string? lastBookedDocumentNr:int name:string? protectedPeriod:int
localeKey < intKey
openAccountQueryData
    accountNr:int fromBookyearKey:bookyearKey? fromBookyearPeriodNr:int
    toBookyearKey:bookyearKey? toBookyearPeriodNr:int
openData
    bookyearKey:bookyearKey? bookyearPeriodNr:int comment:string?
    creditBookingAmount:double creditDocumentAmount:double currencyCode:string?
    debetBookingAmount:double debetDocumentAmount:double documentDate:dateTime?
    documentSequenceNr:int exchangeRate:double expirationDate:dateTime?
    externalRelationId:int journalKey:string? openBookingAmount:double
    openDocAmount:double reference:string? relationKey:relationKey?
openRelationQueryData
    externalRelationId:int fromBookyearKey:bookyearKey? fromBookyearPeriodNr:int
    toBookyearKey:bookyearKey? toBookyearPeriodNr:int
productGroupKey < intKey
productGroupServiceData
    description:stringServiceData? productGroupKey:productGroupKey?
productKey < intKey
productServiceData
    code:stringServiceData? currencyCode:string? defaultBookingAccountNr:int
    defaultCostCentre:costCentreKey? description:stringServiceData?
    externProductNr:string? priceVatExclusive:double priceVatInclusive:double
    productGroup:productGroupKey? productKey:productKey? supplierInfo:string?
    unit:string? vatCode:string?
rappelInfoInvoiceServiceData
    rappelDate:dateTime? rappelId:int
rappelInvoiceServiceData
    bookyearKey:bookyearKey? comment:string? currencyCode:string?
    documentDate:dateTime? documentSequenceNr:int expirationDate:dateTime?
    journalKey:string? openAmount:double rappelInfoList:rappelInfoInvoiceServiceData*
    reference:string?
rappelServiceData
    invoiceList:rappelInvoiceServiceData* relation:relationServiceData?
relationKey < intKey
relationServiceData
    active:boolean bankAccountNr:string? bicCode:string? city:string? client:boolean
    contactPerson:string? corporationType:int country:string?
    defaultBookingAccountClient:int defaultBookingAccountSupplier:int email:string?
    expirationDays:int expirationType:int externalRelationNr:int factLanguage:int
    fax:string? ibanAccountNr:string? mobile:string? name:string? postalCode:string?
    relationKey:relationKey? remarks:string? searchField1:string? searchField2:string?
    streetAndNr:string? supplier:boolean surName:string? telephone:string? url:string?
    vatNr:string? vatType:int
stringServiceData
    description_FR:string? description_NL:string?
vatCodeServiceData
    basePercentage:double code:string? description:string? type:int
"""

# Fields under the names of REST that a newer version may have: which version has
# which is unknown (docs/octopus.md §19.11), so they are there by switch
# ``soap_fields``.
_NEWER = """
accountServiceData
    purchaseVatCode:string? salesVatCode:string?
buySellBookingLineServiceData
    vatRecupPercentage:double?
buySellBookingServiceData
    orderReference:string? paymentMethod:int?
financialDiversBookingLineServiceData
    relationKey:relationKey?
relationServiceData
    firstName:string?
vatCodeServiceData
    defaultSellBookingAccountNr:int?
"""


@dataclass(frozen=True)
class Field:
    """One element: ``kind`` is a scalar of XML Schema or a type of ours."""

    name: str
    kind: str
    optional: bool = False
    nillable: bool = False
    many: bool = False


@dataclass(frozen=True)
class Type:
    """A complex type; ``fields`` are its own, after those of ``base``."""

    name: str
    fields: tuple = ()
    base: str | None = None
    abstract: bool = False


def _field(word):
    name, kind = word.split(":")
    mark = kind[-1]
    many, nil = mark == "*", mark == "~"
    return Field(name, kind.rstrip("?~*"), mark in "?~*", many or nil, many)


def _blocks(text):
    """``[(headline, words)]`` of a notation text."""
    blocks = []
    for line in text.strip().splitlines():
        if line.startswith(" "):
            blocks[-1][1].extend(line.split())
        else:
            blocks.append((line, []))
    return blocks


def _types():
    for headline, words in _blocks(_TYPES):
        name, *rest = headline.split()
        base = rest[rest.index("<") + 1] if "<" in rest else None
        yield Type(name, tuple(map(_field, words)), base, "abstract" in rest)


def _messages():
    for name, words in _blocks(_OPERATIONS):
        cut = words.index("->")
        yield Type(name, tuple(map(_field, words[:cut])))
        yield Type(f"{name}Response", tuple(map(_field, words[cut + 1 :])))


OPERATIONS = tuple(name for name, _words in _blocks(_OPERATIONS))
MESSAGES = {message.name: message for message in _messages()}
TYPES = {kind.name: kind for kind in _types()}
NEWER = {name: tuple(map(_field, words)) for name, words in _blocks(_NEWER)}


def fields_of(name, newer=False):
    """All fields of a message or type, those of its base first.

    ``newer`` adds those of later versions.
    """
    kind = MESSAGES.get(name) or TYPES[name]
    inherited = fields_of(kind.base, newer) if kind.base else ()
    return (*inherited, *kind.fields, *(NEWER.get(name, ()) if newer else ()))
