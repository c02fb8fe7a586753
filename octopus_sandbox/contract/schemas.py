"""Objects of the REST contract: names, types and required flags.

One block per object: its name, then ``field:type`` words. A type ends in ``!`` when
the field is required; ``[X]`` is a list; ``(a|b)`` the allowed words; ``(1..9)`` the
bounds of a number. ``int`` is 32 bits wide, ``num`` a double, ``bytes`` base64.

Source: docs/octopus.md §5 (facts only; compared with the published file by the tests).
"""

# Objects that only wrap a number: {"id": 1}.
KEYS = (
    "AccountNumberKey",
    "BookyearKey",
    "CorporationTypeKey",
    "CostCentreKey",
    "CustomFieldKey",
    "DossierKey",
    "RelationKey",
)

OBJECTS = """
AccountKey
    bookyearKey:BookyearKey! id:int! accountNumberKey:AccountNumberKey
AccountServiceData
    accountKey:AccountKey! description:StringServiceData vatRecupPercentage:num
    fiscProfessionalPercentage:num fiscRecupPercentage:num purchaseVatCode:str
    salesVatCode:str costCentreType:int defaultCostCentreKey:CostCentreKey
AccountingParty
    party:Party
AdditionalItemProperty
    name:VString value:VString
AddressServiceData
    streetAndNr:str postalCode:str city:str countryCode:str
AttachementData
    fileName:str fileData:bytes
AuthenticationToken
    token:str
BalancingDetailServiceData
    type:BalancingTypeServiceData debetDocument:BalancingDocumentServiceData
    creditDocument:BalancingDocumentServiceData debetBalancedBookingAmount:num
    creditBalancedBookingAmount:num
BalancingDocumentServiceData
    balancingKey:BalancingKeyServiceData documentDate:date currencyCode:str
    exchangeRate:num comment:str reference:str debetBookingAmount:num
    creditBookingAmount:num debetDocumentAmount:num creditDocumentAmount:num
BalancingKeyServiceData
    bookyearKey:BookyearKey journalKey:str documentSequenceNr:int lineSequenceNr:int
BalancingServiceData
    debetKey:BalancingKeyServiceData creditKey:BalancingKeyServiceData
    balanceAmount:num
BalancingTypeServiceData
    type:str externalRelationId:int relationKey:RelationKey accountNr:int
BankAccountServiceData
    bankAccountNumber:str bankAccountIban:str bankAccountBic:str
    bankAccountClientName:str bankAccountClientFirstname:str
    address:AddressServiceData
BankDocumentServiceData
    bookyearKey:BookyearKey! journalKey:str! documentSequenceNr:int!
    documentDate:date expiryDate:date amount:num currencyCode:str
    relationKey:RelationKey relationName:str comment:str reference:str credit:bool
BillingReference
    invoiceDocumentReference:InvoiceDocumentReference
BookingReportData
    bookyearKey:BookyearKey journalType:int journalNr:int documentSequenceNr:int
    lineSequenceNr:int bookyearPeriodeNr:int documentDate:date expiryDate:date
    currencyCode:str exchangeRate:num relationKey:RelationKey comment:str
    reference:str accountKey:int bookingAmount:num documentAmount:num
    vatSectionCode:str vatRecuperationPercentage:num costCentreKey:CostCentreKey
BookyearDetailServiceData
    bookyearKey:BookyearKey! names:[LocalizedString]!
    bookingPeriodType:str(MONTH|QUARTER|YEAR)! fromDate:date! toDate:date!
    closed:bool! proRataTemporis:bool! deprecationFullBookyear:bool!
    declarantType:str(UNKNOWN|MONTHLY|QUARTERLY|YEARLY)! activateDbaNp:bool!
    activateDfbNp:bool! declarantIntrastatReceiver:bool!
    declarantIntrastatSender:bool! visibleFiscalControl:bool!
BookyearInsertRequest
    names:[LocalizedString]! bookingPeriodType:str(MONTH|QUARTER|YEAR)!
    fromDate:date! toDate:date! proRataTemporis:bool! deprecationFullBookyear:bool
    declarantType:str(UNKNOWN|MONTHLY|QUARTERLY|YEARLY)! activateDbaNp:bool
    activateDfbNp:bool declarantIntrastatReceiver:bool declarantIntrastatSender:bool
    visibleFiscalControl:bool
BookyearPeriodServiceData
    bookyearPeriod:int! startDate:date! endDate:date!
BookyearServiceData
    bookyearKey:BookyearKey! bookyearDescription:str startDate:date! endDate:date!
    closed:bool! periods:[BookyearPeriodServiceData]
BuyJournalInsertRequest
    commonJournalInsertRequestData:CommonJournalInsertRequestData!
BuyJournalServiceData
    commonJournalServiceData:CommonJournalServiceData!
BuySellBookingAndAttachmentRequest
    buySellBookingServiceData:BuySellBookingServiceData
    attachments:[AttachementData]
BuySellBookingLineServiceData
    accountKey:int baseAmount:num vatCodeKey:str vatAmount:num comment:str
    costCentreKey:CostCentreKey vatRecupPercentage:num
    intrastatServiceData:IntrastatServiceData
    overflowBookingServiceData:OverflowBookingServiceData
BuySellBookingServiceData
    bookyearKey:BookyearKey! journalKey:str! documentSequenceNr:int!
    relationIdentificationServiceData:RelationIdentificationServiceData!
    bookyearPeriodeNr:int! documentDate:date! expiryDate:date! comment:str
    orderReference:str reference:str amount:num! currencyCode:str! exchangeRate:num!
    bookingLines:[BuySellBookingLineServiceData] paymentMethod:int
CodaLineServiceData
    codaVersion:CodaVersionData! codaMoveLineData:[str]
CodaVersionData
    codaVersion:int!
CommodityClassification
    itemClassificationCode:ItemClassificationCode
CommonJournalInsertRequestData
    bookyearKey:BookyearKey! sequenceNumber:int(1..2147483647)!
    names:[LocalizedString]! nextDocumentNumber:int(1..1000000000)
    protectedPeriod:int(0..)
CommonJournalServiceData
    journalKeyServiceData:JournalKeyServiceData! names:[LocalizedString]!
    nextDocumentNumber:int(1..)! protectedPeriod:int(0..)! closed:bool!
    closedPeriod:int!
Contact
    name:VString telephone:VString email:VString
CostCentreServiceData
    costCentreKey:CostCentreKey! description:StringServiceData! closed:bool!
Credentials
    user:str! password:str!
CustomFieldServiceData
    customFieldKey:CustomFieldKey description:StringServiceData customFieldType:int
    templateCode:str
CustomFieldValueServiceData
    customFieldKey:CustomFieldKey value:str
DeleteBalancingItemRequest
    debetKey:BalancingKeyServiceData! creditKey:BalancingKeyServiceData!
Delivery
    actualDeliveryDate:VDate deliveryLocation:DeliveryLocation
    deliveryParty:DeliveryParty
DeliveryLocation
    address:PostalAdress
DeliveryParty
    partyName:PartyName
DiversJournalServiceData
    commonJournalServiceData:CommonJournalServiceData!
DocumentKey
    bookyearKey:BookyearKey journalType:int journalSequenceNr:int
    documentSequenceNr:int
DocumentKeyServiceData
    bookyearKey:BookyearKey! journal:str! documentSequenceNr:int!
DocumentReference
    id:IdRecord documentTypeCode:VString
DossierServiceData
    dossierKey:DossierKey! dossierDescription:str vatNr:str streetAndNr:str
    country:str postalCode:str city:str url:str email:str
    corporationTypeKey:CorporationTypeKey languageCode:str
DossierTokenResult
    Dossiertoken:str
ErrorResult
    errorCode:int errorMessage:str technicalInfo:str
FinancialDiversBookingAndAttachmentRequest
    attachments:[AttachementData]
    financialDiversBookingServiceData:FinancialDiversBookingServiceData
FinancialDiversBookingLineServiceData
    type:str! accountKey:int externalRelationId:int relationId:int reference:str
    amount:num! costCentreKey:CostCentreKey codaInfo:CodaLineServiceData
FinancialDiversBookingServiceData
    bookyearKey:BookyearKey! journalKey:str! documentSequenceNr:int!
    bookyearPeriodeNr:int! documentDate:date! exchangeRate:num!
    bookingLines:[FinancialDiversBookingLineServiceData]
FinancialJournalInsertRequest
    commonJournalInsertRequestData:CommonJournalInsertRequestData!
    bankAccountServiceData:BankAccountServiceData account:int(500000..599999)!
    currencyCode:str!
FinancialJournalServiceData
    commonJournalServiceData:CommonJournalServiceData!
    bankAccountServiceData:BankAccountServiceData! account:int! currency:str!
HistoryAccountQueryData
    fromBookyearKey:BookyearKey toBookyearKey:BookyearKey fromBookyearPeriodNr:int
    toBookyearPeriodNr:int accountNr:int
HistoryData
    bookyearKey:BookyearKey journalKey:str documentSequenceNr:int
    bookyearPeriodNr:int documentDate:date currencyCode:str exchangeRate:num
    debetBookingAmount:num creditBookingAmount:num debetDocumentAmount:num
    creditDocumentAmount:num comment:str reference:str
HistoryRelationQueryData
    fromBookyearKey:BookyearKey toBookyearKey:BookyearKey fromBookyearPeriodNr:int
    toBookyearPeriodNr:int externalRelationId:int relationId:int
IdRecord
    value:VString schemeId:VString
IdRef
    id:VString
IntrastatServiceData
    isoCountrycode:str transactionCode:int productCode:str region:int weight:num
    unitCount:num transportCode:int incoTerms:str originCountry:str
InvoiceDocumentReference
    id:VString issueDate:VDate
InvoiceLinePeriod
    startDate:VDate endDate:VDate
InvoiceLineServiceData
    externProductNr:str description:str count:num unit:str unitPrice:num
    discountPercentage:num vatCodeKey:str bookingAccountNr:int
    costCentreKey:CostCentreKey customFieldValueList:[CustomFieldValueServiceData]
    intrastatServiceData:IntrastatServiceData
    peppolFields:PeppolFieldInvoiceLineServiceData
InvoicePeriod
    startDate:VDate endDate:VDate descriptionCode:VString
InvoiceServiceData
    bookyearKey:BookyearKey! journalKey:str! documentSequenceNr:int!
    bookyearPeriodeNr:int! documentDate:date! expiryDate:date! currencyCode:str!
    exchangeRate:num!
    relationIdentificationServiceData:RelationIdentificationServiceData! comment:str
    orderReference:str reference:str financialDiscount:num
    customFieldValueList:[CustomFieldValueServiceData]
    peppolFields:PeppolFieldInvoiceServiceData invoiceLines:[InvoiceLineServiceData]
InvoicingServiceData
    unitPriceScale:str(TWO|FOUR) showProduct:bool showDescription:bool
    showCostCentre:bool showCount:bool showUnit:bool showUnitPrice:bool
    showDiscount:bool showVatCode:bool showTotal:bool
    customFieldInvoiceList:[CustomFieldKey] customFieldLineList:[CustomFieldKey]
Item
    sellersItemIdentification:IdRef buyersItemIdentification:IdRef
    standardItemIdentification:StandardItemIdentification
    originCountry:OriginCountry commodityClassifications:[CommodityClassification]
    additionalItemProperties:[AdditionalItemProperty]
ItemClassificationCode
    value:VString listId:VString listVersionId:VString
JournalBalance
    bookyearKey:BookyearKey journalKey:str balance:num
JournalKeyServiceData
    bookyearKey:BookyearKey! journalTypeCode:str(A|V|F|D|L)!
    sequenceNumber:int(1..)!
JournalServiceData
    bookyearKey:BookyearKey! journalKey:str! name:str! closed:bool! currencyCode:str
    lastBookedDocumentNr:int protectedPeriod:int closedPeriod:int insertionType:int
    customFieldList:[CustomFieldKey] customFieldLineList:[CustomFieldKey]
LocalizedString
    language:str(NL|FR|EN|DE)! value:str!
ModifiedJournalServiceData
    modifiedJournalServiceDataList:[CommonJournalServiceData]!
    deletedJournalList:[JournalKeyServiceData]!
OpenAccountQueryData
    fromBookyearKey:BookyearKey toBookyearKey:BookyearKey fromBookyearPeriodNr:int
    toBookyearPeriodNr:int accountNr:int
OpenData
    bookyearKey:BookyearKey journalKey:str documentSequenceNr:int lineSequenceNr:int
    bookyearPeriodNr:int documentDate:date expirationDate:date
    relationKey:RelationKey externalRelationId:int currencyCode:str exchangeRate:num
    debetBookingAmount:num creditBookingAmount:num debetDocumentAmount:num
    creditDocumentAmount:num openBookingAmount:num openDocAmount:num comment:str
    reference:str
OpenRelationQueryData
    fromBookyearKey:BookyearKey toBookyearKey:BookyearKey fromBookyearPeriodNr:int
    toBookyearPeriodNr:int externalRelationId:int relationId:int
OrderLineReference
    lineId:VString
OrderReference
    salesOrderId:VString
OriginCountry
    identificationCode:VString
OverflowBookingServiceData
    beginDate:date endDate:date overflowBookingPeriodType:int accountNr:int
Party
    postalAdress:PostalAdress partyLegalEntity:PartyLegalEntity contact:Contact
PartyIdentification
    id:IdRecord
PartyLegalEntity
    companyLegalForm:VString
PartyName
    name:VString
PayeeParty
    partyIdentification:PartyIdentification partyName:PartyName
    partyLegalEntity:PayeePartyPartyLegalEntity
PayeePartyPartyLegalEntity
    companyId:IdRecord
PeppolFieldInvoiceLineServiceData
    note:VString accountingCost:VString orderLineReference:OrderLineReference
    documentReference:DocumentReference item:Item invoicePeriod:InvoiceLinePeriod
PeppolFieldInvoiceServiceData
    taxPointDate:VDate accountingCost:VString buyerReference:VString
    invoicePeriod:InvoicePeriod orderReference:OrderReference
    billingReferences:[BillingReference] despatchDocumentReference:IdRef
    receiptDocumentReference:IdRef originatorDocumentReference:IdRef
    contractDocumentReference:IdRef projectReference:IdRef
    accountingSupplierParty:AccountingParty accountingCustomerParty:AccountingParty
    payeeParty:PayeeParty delivery:Delivery
PostalAdress
    additionalStreetName:VString countrySubEntity:VString
RelationIdentificationServiceData
    relationKey:RelationKey externalRelationId:int
RelationServiceData
    relationIdentificationServiceData:RelationIdentificationServiceData! name:str
    firstName:str client:bool defaultBookingAccountClient:int supplier:bool
    defaultBookingAccountSupplier:int streetAndNr:str postalCode:str city:str
    country:str deliveryStreetAndNr:str deliveryPostalCode:str deliveryCity:str
    deliveryCountry:str telephone:str email:str fax:str mobile:str url:str
    bankAccountNr:str ibanAccountNr:str bicCode:str financialDiscount:bool
    profession:str contactPerson:str corporationType:int currencyCode:str!
    remarks:str vatNr:str vatType:int expirationType:int expirationDays:int
    searchField1:str searchField2:str externCustomerNr:str sddReference:str
    sddSeqtype:int sddMandateType:int sddSignatureDate:date sddActive:bool
    factLanguage:int active:bool supplierPaymentMethod:int invoiceDeliveryMethod:int
    participantId:str
SellJournalInsertRequest
    commonJournalInsertRequestData:CommonJournalInsertRequestData!
    bankAccountServiceData:BankAccountServiceData
    invoicingServiceData:InvoicingServiceData
    sellJournalInsertionType:str(BOOKING|VAT_EXCLUSIVE|VAT_INCLUSIVE)!
SellJournalServiceData
    commonJournalServiceData:CommonJournalServiceData!
    bankAccountServiceData:BankAccountServiceData!
    invoicingServiceData:InvoicingServiceData!
    insertionType:str(BOOKING|VAT_EXCLUSIVE|VAT_INCLUSIVE)!
StandardItemIdentification
    id:IdRecord
StringServiceData
    description_NL:str description_FR:str description_EN:str description_DE:str
SyncAccounts
    modified:[AccountServiceData] deleted:[AccountServiceData]
SyncBalancings
    modifiedBalancings:[BalancingDetailServiceData]
    deletedBalancings:[BalancingDetailServiceData]
SyncBookings
    modifiedBookings:[BookingReportData] deletedBookings:[DocumentKey]
SyncRelations
    modified:[RelationServiceData] deleted:[RelationServiceData]
VDate
    value:date
VString
    value:str
VatCodeServiceData
    code:str! description:str type:int basePercentage:num
    defaultSellBookingAccountNr:int
"""
