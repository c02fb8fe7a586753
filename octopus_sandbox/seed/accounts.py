"""A Belgian plan of accounts (PCMN/MAR), headings included."""

from decimal import Decimal

from ..state.account import Account

# number|Dutch|French|English; a number of less than six digits is a heading.
_PLAN = """
1|Eigen vermogen en schulden op lange termijn|Fonds propres et dettes à long terme|Equity and long-term debts
100000|Geplaatst kapitaal|Capital souscrit|Issued capital
110000|Inbreng buiten kapitaal|Apport hors capital|Contribution outside capital
130000|Wettelijke reserve|Réserve légale|Legal reserve
133000|Beschikbare reserves|Réserves disponibles|Available reserves
140000|Overgedragen winst|Bénéfice reporté|Profit carried forward
141000|Overgedragen verlies|Perte reportée|Loss carried forward
150000|Kapitaalsubsidies|Subsides en capital|Capital grants
160000|Voorzieningen|Provisions|Provisions
172000|Leasingschulden|Dettes de location-financement|Lease debts
173000|Leningen bij kredietinstellingen|Emprunts auprès d'établissements de crédit|Bank loans
174000|Overige leningen|Autres emprunts|Other loans
2|Vaste activa|Actifs immobilisés|Fixed assets
200000|Oprichtingskosten|Frais d'établissement|Formation expenses
210000|Kosten van onderzoek en ontwikkeling|Frais de recherche et de développement|Research and development
211000|Concessies, octrooien, licenties|Concessions, brevets, licences|Licences and patents
211009|Afschrijvingen licenties|Amortissements sur licences|Depreciation of licences
220000|Terreinen|Terrains|Land
221000|Gebouwen|Constructions|Buildings
221009|Afschrijvingen gebouwen|Amortissements sur constructions|Depreciation of buildings
230000|Installaties, machines en uitrusting|Installations, machines et outillage|Plant and machinery
230009|Afschrijvingen installaties|Amortissements sur installations|Depreciation of plant
240000|Meubilair|Mobilier|Furniture
240009|Afschrijvingen meubilair|Amortissements sur mobilier|Depreciation of furniture
241000|Rollend materieel|Matériel roulant|Vehicles
241009|Afschrijvingen rollend materieel|Amortissements sur matériel roulant|Depreciation of vehicles
242000|Kantoor- en informaticamaterieel|Matériel de bureau et informatique|Office and IT equipment
242009|Afschrijvingen informaticamaterieel|Amortissements sur matériel informatique|Depreciation of IT equipment
250000|Leasing en soortgelijke rechten|Location-financement|Leased assets
280000|Deelnemingen|Participations|Shareholdings
288000|Borgtochten betaald in contanten|Cautionnements versés en numéraire|Cash guarantees
3|Voorraden en bestellingen in uitvoering|Stocks et commandes en cours|Stocks
300000|Grondstoffen|Matières premières|Raw materials
310000|Hulpstoffen|Fournitures|Consumables
330000|Gereed product|Produits finis|Finished goods
340000|Handelsgoederen|Marchandises|Goods for resale
360000|Vooruitbetalingen op voorraden|Acomptes versés sur stocks|Prepayments on stocks
4|Vorderingen en schulden op korte termijn|Créances et dettes à court terme|Receivables and short-term debts
400000|Handelsdebiteuren|Clients|Trade debtors
404000|Te innen opbrengsten|Produits à recevoir|Income receivable
406000|Vooruitbetalingen|Acomptes versés|Prepayments made
407000|Dubieuze debiteuren|Clients douteux|Doubtful debtors
411000|Terug te vorderen btw|TVA à récupérer|Recoverable VAT
411059|Aftrekbare btw|TVA déductible|Deductible VAT
411063|Btw herzieningen|Régularisations de TVA|VAT adjustments
412000|Terug te vorderen belastingen|Impôts à récupérer|Recoverable taxes
416000|Diverse vorderingen|Créances diverses|Other receivables
420000|Leasingschulden die vervallen|Dettes de leasing échéant dans l'année|Lease debts due
423000|Kredietinstellingen, binnen het jaar|Établissements de crédit, échéant dans l'année|Bank loans due
430000|Kredietinstellingen op korte termijn|Établissements de crédit à court terme|Short-term bank debts
440000|Leveranciers|Fournisseurs|Trade creditors
444000|Te ontvangen facturen|Factures à recevoir|Invoices to receive
450000|Geraamde belastingen|Impôts estimés|Estimated taxes
451000|Te betalen btw|TVA à payer|VAT payable
451054|Verschuldigde btw op verkopen|TVA due sur ventes|VAT due on sales
451055|Btw intracommunautaire aankopen|TVA sur acquisitions intracommunautaires|VAT on EU purchases
451056|Btw medecontractant|TVA cocontractant|VAT co-contractor
451057|Btw invoer met verlegging|TVA importation avec report|VAT on import
453000|Ingehouden voorheffing|Précomptes retenus|Withheld taxes
454000|Rijksdienst voor Sociale Zekerheid|Office national de sécurité sociale|Social security
455000|Bezoldigingen|Rémunérations|Wages payable
456000|Vakantiegeld|Pécules de vacances|Holiday pay
460000|Ontvangen vooruitbetalingen|Acomptes reçus|Prepayments received
471000|Dividenden|Dividendes|Dividends payable
483000|Rekening-courant zaakvoerder|Compte courant gérant|Current account of the manager
489000|Diverse schulden|Dettes diverses|Other debts
490000|Over te dragen kosten|Charges à reporter|Deferred charges
491000|Verkregen opbrengsten|Produits acquis|Accrued income
492000|Toe te rekenen kosten|Charges à imputer|Accrued charges
493000|Over te dragen opbrengsten|Produits à reporter|Deferred income
496000|Omrekeningsverschillen|Écarts de conversion|Translation differences
499000|Wachtrekening|Compte d'attente|Suspense account
499010|Wachtrekening betalingen|Compte d'attente paiements|Suspense account for payments
499900|Te bepalen door de boekhouder|À déterminer par le comptable|To be decided by the accountant
5|Geldbeleggingen en liquide middelen|Placements et valeurs disponibles|Cash and bank
510000|Aandelen|Actions|Shares
530000|Termijndeposito's|Dépôts à terme|Term deposits
550000|Bank: zichtrekening|Banque : compte à vue|Bank: current account
550010|Bank: tweede rekening|Banque : second compte|Bank: second account
550020|Bank: spaarrekening|Banque : compte d'épargne|Bank: savings account
570000|Kas|Caisse|Cash
580000|Interne overboekingen|Virements internes|Internal transfers
588888|Beginbalans|Bilan d'ouverture|Opening balance
599999|Tussenrekening|Compte de passage|Intermediate account
6|Kosten|Charges|Costs
60|Handelsgoederen, grond- en hulpstoffen|Approvisionnements et marchandises|Goods and materials
600000|Aankopen grondstoffen|Achats de matières premières|Purchases of raw materials
601000|Aankopen hulpstoffen|Achats de fournitures|Purchases of consumables
602000|Aankopen van diensten|Achats de services|Purchases of services
603000|Algemene onderaannemingen|Sous-traitances générales|Subcontracting
604000|Aankopen handelsgoederen|Achats de marchandises|Purchases of goods for resale
604010|Aankopen handelsgoederen EU|Achats de marchandises UE|Purchases of goods, EU
604020|Aankopen handelsgoederen buiten EU|Achats de marchandises hors UE|Purchases of goods outside EU
608000|Ontvangen kortingen en ristorno's|Remises et ristournes obtenues|Discounts received
609000|Voorraadwijzigingen|Variations des stocks|Changes in stocks
61|Diensten en diverse goederen|Services et biens divers|Services and other goods
610000|Huur gebouwen|Loyer des bâtiments|Rent of buildings
610100|Huur machines en materieel|Location de machines et de matériel|Rent of equipment
611000|Onderhoud en herstelling|Entretien et réparations|Maintenance and repairs
611100|Onderhoud gebouwen|Entretien des bâtiments|Maintenance of buildings
612000|Water|Eau|Water
612100|Elektriciteit en gas|Électricité et gaz|Electricity and gas
612200|Telefoon en internet|Téléphone et internet|Telephone and internet
612300|Portkosten|Frais postaux|Postage
612400|Kantoorbenodigdheden|Fournitures de bureau|Office supplies
612500|Software en licenties|Logiciels et licences|Software and licences
612600|Documentatie|Documentation|Documentation
613000|Erelonen|Honoraires|Fees
613100|Boekhouder|Comptable|Accountant
613200|Advocaten en notarissen|Avocats et notaires|Lawyers and notaries
613300|Verzekeringen|Assurances|Insurance
613400|Verzekering voertuigen|Assurance véhicules|Vehicle insurance
613500|Bijdragen beroepsverenigingen|Cotisations professionnelles|Professional contributions
614000|Publiciteit en reclame|Publicité|Advertising
614100|Beurzen en tentoonstellingen|Foires et expositions|Fairs and exhibitions
614200|Relatiegeschenken|Cadeaux d'affaires|Business gifts
615000|Restaurantkosten|Frais de restaurant|Restaurant costs
615100|Receptiekosten|Frais de réception|Reception costs
615200|Reis- en verblijfkosten|Frais de voyage et de séjour|Travel costs
616000|Brandstof|Carburant|Fuel
616100|Onderhoud voertuigen|Entretien des véhicules|Vehicle maintenance
616200|Leasing voertuigen|Leasing des véhicules|Vehicle leasing
616300|Transportkosten|Frais de transport|Transport costs
617000|Uitzendkrachten|Personnel intérimaire|Temporary staff
618000|Bezoldiging bestuurders|Rémunération des administrateurs|Directors' remuneration
62|Bezoldigingen en sociale lasten|Rémunérations et charges sociales|Wages and social charges
620200|Bezoldigingen bedienden|Rémunérations des employés|Salaries
620300|Bezoldigingen arbeiders|Rémunérations des ouvriers|Wages
621000|Werkgeversbijdragen|Cotisations patronales|Employer contributions
623000|Andere personeelskosten|Autres frais de personnel|Other staff costs
63|Afschrijvingen|Amortissements|Depreciation
630200|Afschrijvingen materiële vaste activa|Dotations aux amortissements|Depreciation of tangible assets
634000|Waardeverminderingen op vorderingen|Réductions de valeur sur créances|Write-down of receivables
64|Andere bedrijfskosten|Autres charges d'exploitation|Other operating costs
640000|Bedrijfsbelastingen|Charges fiscales d'exploitation|Operating taxes
640100|Verkeersbelasting|Taxe de circulation|Road tax
642000|Minderwaarden op handelsvorderingen|Moins-values sur créances|Losses on trade receivables
643000|Afrondings- en betalingsverschillen|Différences d'arrondi et de paiement|Rounding and payment differences
65|Financiële kosten|Charges financières|Financial costs
650000|Rente van schulden|Intérêts des dettes|Interest on debts
653000|Toegestane korting contant|Escomptes accordés|Cash discount given
654000|Wisselresultaten (kosten)|Différences de change (charges)|Exchange losses
655000|Omrekeningsverschillen (kosten)|Écarts de conversion (charges)|Translation losses
656000|Bankkosten|Frais bancaires|Bank charges
657000|Kredietbeperking (kosten)|Limitation de crédit (charges)|Credit limitation (costs)
658000|Diverse financiële kosten|Charges financières diverses|Other financial costs
66|Niet-recurrente kosten|Charges non récurrentes|Non-recurring costs
664000|Andere niet-recurrente kosten|Autres charges non récurrentes|Other non-recurring costs
67|Belastingen op het resultaat|Impôts sur le résultat|Income taxes
670000|Belgische belastingen|Impôts belges|Belgian taxes
7|Opbrengsten|Produits|Revenue
70|Omzet|Chiffre d'affaires|Turnover
700000|Verkopen handelsgoederen|Ventes de marchandises|Sales of goods
700100|Verkopen handelsgoederen 6 %|Ventes de marchandises 6 %|Sales of goods 6 %
700200|Verkopen handelsgoederen 12 %|Ventes de marchandises 12 %|Sales of goods 12 %
700300|Verkopen intracommunautair|Ventes intracommunautaires|Sales within the EU
700400|Uitvoer|Exportations|Exports
700500|Verkopen medecontractant|Ventes cocontractant|Sales under co-contractor
701000|Verkopen gereed product|Ventes de produits finis|Sales of finished goods
702000|Dienstprestaties|Prestations de services|Services
702300|Diensten intracommunautair|Services intracommunautaires|Services within the EU
702400|Diensten buiten de EU|Services hors UE|Services outside the EU
703000|Verkopen vrijgesteld|Ventes exonérées|Exempt sales
704000|Abonnementen|Abonnements|Subscriptions
705000|Doorgerekende kosten|Frais refacturés|Recharged costs
706000|Verkoop op afstand (OSS)|Ventes à distance (OSS)|Distance sales (OSS)
708000|Toegekende kortingen en ristorno's|Remises et ristournes accordées|Discounts granted
74|Andere bedrijfsopbrengsten|Autres produits d'exploitation|Other operating income
740000|Bedrijfssubsidies|Subsides d'exploitation|Operating grants
743000|Diverse bedrijfsopbrengsten|Produits d'exploitation divers|Other operating income
744000|Positieve betalingsverschillen|Différences de paiement positives|Payment gains
75|Financiële opbrengsten|Produits financiers|Financial income
750000|Opbrengsten uit financiële activa|Produits des immobilisations financières|Income from financial assets
751000|Ontvangen rente|Intérêts reçus|Interest received
753000|Bekomen korting contant|Escomptes obtenus|Cash discount received
754000|Wisselresultaten (opbrengsten)|Différences de change (produits)|Exchange gains
757000|Kredietbeperking (opbrengsten)|Limitation de crédit (produits)|Credit limitation (income)
76|Niet-recurrente opbrengsten|Produits non récurrents|Non-recurring income
763000|Meerwaarden op vaste activa|Plus-values sur immobilisations|Gains on fixed assets
"""  # noqa: E501

_BOOKING_DIGITS = 6
# Less than all the VAT can be recovered.
_VAT_RECUP = {615000: 0, 615100: 0, 614200: 0, 616000: 50, 616100: 50, 616200: 50}


def _read_plan():
    for line in _PLAN.strip().splitlines():
        number, *names = line.split("|")
        yield (
            int(number),
            dict(zip(("NL", "FR", "EN"), names, strict=True)),
            Decimal(_VAT_RECUP.get(int(number), 100)),
            len(number) == _BOOKING_DIGITS,
        )


_ROWS = tuple(_read_plan())


def make_accounts(bookyears):
    """The plan for each bookyear, ``{(bookyear, number): Account}``."""
    return {
        (bookyear, number): Account(
            bookyear, number, names, vat_recup=recup, booking=booking
        )
        for bookyear in bookyears
        for number, names, recup, booking in _ROWS
    }
