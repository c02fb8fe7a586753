"""The message of each return code, in the languages of Octopus.

Only the Dutch texts of -13 and -14 were recorded (docs/octopus.md §2); the others are
ours.
"""

from .codes import Code

# Number of a language in a token (docs/octopus.md §1); 0 is the dossier's own.
LOCALES = {1: "NL", 2: "FR", 3: "EN", 4: "DE"}

_TEXTS = {
    Code.INVALID_LOGIN: (
        "De gebruikersnaam of het paswoord is ongeldig.",
        "Le nom d'utilisateur ou le mot de passe est incorrect.",
        "The user name or the password is wrong.",
        "Der Benutzername oder das Kennwort ist falsch.",
    ),
    Code.NOT_AUTHENTICATED: (
        "U bent niet aangemeld.",
        "Vous n'êtes pas connecté.",
        "You are not logged in.",
        "Sie sind nicht angemeldet.",
    ),
    Code.NO_ACCESS_TO_DOSSIER: (
        "U heeft geen toegang tot dit dossier.",
        "Vous n'avez pas accès à ce dossier.",
        "You have no access to this dossier.",
        "Sie haben keinen Zugriff auf dieses Dossier.",
    ),
    Code.DOSSIER_DISABLED: (
        "Het dossier is niet actief.",
        "Le dossier n'est pas actif.",
        "The dossier is not active.",
        "Das Dossier ist nicht aktiv.",
    ),
    Code.NO_DOSSIER_OPEN: (
        "Er is geen dossier geopend.",
        "Aucun dossier n'est ouvert.",
        "No dossier is open.",
        "Es ist kein Dossier geöffnet.",
    ),
    Code.RELATION_NOT_SAVED: (
        "De relatie kon niet bewaard worden.",
        "La relation n'a pas pu être enregistrée.",
        "The relation could not be saved.",
        "Die Beziehung konnte nicht gespeichert werden.",
    ),
    Code.UNKNOWN_BOOKYEAR: (
        "Het boekjaar bestaat niet.",
        "L'exercice comptable n'existe pas.",
        "The bookyear does not exist.",
        "Das Geschäftsjahr existiert nicht.",
    ),
    Code.UNKNOWN_JOURNAL: (
        "Het dagboek bestaat niet in het boekjaar.",
        "Le journal n'existe pas dans l'exercice.",
        "The journal does not exist in the bookyear.",
        "Das Journal existiert nicht im Geschäftsjahr.",
    ),
    Code.JOURNAL_CLOSED: (
        "Het dagboek is afgesloten.",
        "Le journal est clôturé.",
        "The journal is closed.",
        "Das Journal ist abgeschlossen.",
    ),
    Code.JOURNAL_OPEN: (
        "Het dagboek is geopend door een andere gebruiker.",
        "Le journal est ouvert par un autre utilisateur.",
        "The journal is open by another user.",
        "Das Journal ist bei einem anderen Benutzer geöffnet.",
    ),
    Code.ILLEGAL_NUMBER: (
        "Het document nummer is ongeldig. Het document nummer dient tevens oplopend "
        "te zijn en dient opeenvolgend te zijn met het laatste document nummer van "
        "het dagboek.",
        "Le numéro de document est incorrect : il doit suivre le dernier numéro du "
        "journal.",
        "The document number is wrong: it must follow the last number of the journal.",
        "Die Dokumentnummer ist ungültig: sie muss auf die letzte Nummer des Journals "
        "folgen.",
    ),
    Code.UNKNOWN_PERIOD: (
        "De gebruikte boekjaar periode bestaat niet in het boekjaar.",
        "La période utilisée n'existe pas dans l'exercice.",
        "The period does not exist in the bookyear.",
        "Die Periode existiert nicht im Geschäftsjahr.",
    ),
    Code.PERIOD_PROTECTED: (
        "De boekjaar periode is niet toegankelijk.",
        "La période n'est pas accessible.",
        "The period is not accessible.",
        "Die Periode ist nicht zugänglich.",
    ),
    Code.UNKNOWN_RELATION: (
        "De relatie bestaat niet.",
        "La relation n'existe pas.",
        "The relation does not exist.",
        "Die Beziehung existiert nicht.",
    ),
    Code.NO_DOCUMENT_DATE: (
        "De documentdatum ontbreekt.",
        "La date du document manque.",
        "The document date is missing.",
        "Das Dokumentdatum fehlt.",
    ),
    Code.NO_EXPIRY_DATE: (
        "De vervaldatum ontbreekt.",
        "La date d'échéance manque.",
        "The expiry date is missing.",
        "Das Fälligkeitsdatum fehlt.",
    ),
    Code.UNKNOWN_CURRENCY: (
        "De munt bestaat niet.",
        "La devise n'existe pas.",
        "The currency does not exist.",
        "Die Währung existiert nicht.",
    ),
    Code.ILLEGAL_EXCHANGE_RATE: (
        "De wisselkoers is ongeldig.",
        "Le taux de change est incorrect.",
        "The exchange rate is wrong.",
        "Der Wechselkurs ist ungültig.",
    ),
    Code.UNKNOWN_ACCOUNT: (
        "De rekening bestaat niet.",
        "Le compte n'existe pas.",
        "The account does not exist.",
        "Das Konto existiert nicht.",
    ),
    Code.UNKNOWN_VAT_CODE: (
        "De btw-code bestaat niet.",
        "Le code TVA n'existe pas.",
        "The VAT code does not exist.",
        "Der MwSt.-Code existiert nicht.",
    ),
    Code.OTHER_SIGN: (
        "Het basisbedrag en het btw-bedrag hebben een verschillend teken.",
        "La base et le montant de TVA ont un signe différent.",
        "The base and the VAT amount have different signs.",
        "Basis und MwSt.-Betrag haben verschiedene Vorzeichen.",
    ),
    Code.BOOKING_NOT_SAVED: (
        "De boeking kon niet bewaard worden.",
        "L'écriture n'a pas pu être enregistrée.",
        "The booking could not be saved.",
        "Die Buchung konnte nicht gespeichert werden.",
    ),
    Code.UNKNOWN_LINE_TYPE: (
        "Het type van de lijn is onbekend.",
        "Le type de la ligne est inconnu.",
        "The type of the line is unknown.",
        "Die Art der Zeile ist unbekannt.",
    ),
    Code.BALANCING_NOT_SAVED: (
        "De afpunting kon niet bewaard worden.",
        "Le lettrage n'a pas pu être enregistré.",
        "The balancing could not be saved.",
        "Der Ausgleich konnte nicht gespeichert werden.",
    ),
    Code.ACCOUNT_NOT_SAVED: (
        "De rekening kon niet bewaard worden.",
        "Le compte n'a pas pu être enregistré.",
        "The account could not be saved.",
        "Das Konto konnte nicht gespeichert werden.",
    ),
    Code.WRONG_JOURNAL_MODE: (
        "Het dagboek laat deze soort documenten niet toe.",
        "Le journal n'accepte pas ce type de documents.",
        "The journal does not take this kind of document.",
        "Das Journal nimmt diese Art von Dokument nicht an.",
    ),
    Code.INVALID_VAT_RECUP: (
        "Het percentage btw-recuperatie is ongeldig.",
        "Le pourcentage de récupération TVA est incorrect.",
        "The percentage of VAT recuperation is wrong.",
        "Der Prozentsatz der MwSt.-Erstattung ist ungültig.",
    ),
    Code.INVALID_FISC_PROFESSIONAL: (
        "Het percentage beroepsgebruik is ongeldig.",
        "Le pourcentage professionnel est incorrect.",
        "The professional percentage is wrong.",
        "Der berufliche Prozentsatz ist ungültig.",
    ),
    Code.INVALID_FISC_RECUP: (
        "Het percentage fiscale recuperatie is ongeldig.",
        "Le pourcentage de récupération fiscale est incorrect.",
        "The percentage of fiscal recuperation is wrong.",
        "Der Prozentsatz der steuerlichen Erstattung ist ungültig.",
    ),
    Code.BOOKING_NOT_FOUND: (
        "De boeking bestaat niet.",
        "L'écriture n'existe pas.",
        "The booking does not exist.",
        "Die Buchung existiert nicht.",
    ),
    Code.BOOKING_NOT_UPDATED: (
        "De boeking kon niet gewijzigd worden.",
        "L'écriture n'a pas pu être modifiée.",
        "The booking could not be changed.",
        "Die Buchung konnte nicht geändert werden.",
    ),
    Code.INVALID_JOURNAL: (
        "Het dagboek is ongeldig voor deze boeking.",
        "Le journal ne convient pas à cette écriture.",
        "The journal does not fit this booking.",
        "Das Journal passt nicht zu dieser Buchung.",
    ),
    Code.UNKNOWN_COST_CENTRE: (
        "De kostenplaats bestaat niet.",
        "Le centre de frais n'existe pas.",
        "The cost centre does not exist.",
        "Die Kostenstelle existiert nicht.",
    ),
    Code.COST_CENTRE_CLOSED: (
        "De kostenplaats is afgesloten.",
        "Le centre de frais est clôturé.",
        "The cost centre is closed.",
        "Die Kostenstelle ist abgeschlossen.",
    ),
    Code.NOT_A_BOOKING_ACCOUNT: (
        "Op deze rekening kan niet geboekt worden.",
        "Ce compte n'est pas un compte d'imputation.",
        "This account cannot be booked on.",
        "Auf dieses Konto kann nicht gebucht werden.",
    ),
    Code.TOO_MANY_CONNECTIONS: (
        "Er zijn te veel verbindingen.",
        "Il y a trop de connexions.",
        "There are too many connections.",
        "Es gibt zu viele Verbindungen.",
    ),
    Code.INVALID_SOFTWARE_HOUSE: (
        "De identificatie van het softwarehuis is ongeldig.",
        "L'identification de l'éditeur est incorrecte.",
        "The identification of the software house is wrong.",
        "Die Kennung des Softwarehauses ist ungültig.",
    ),
    Code.WRONG_VAT_CODE_TYPE: (
        "De btw-code past niet bij dit soort boeking.",
        "Le code TVA ne convient pas à ce type d'écriture.",
        "The VAT code does not fit this kind of booking.",
        "Der MwSt.-Code passt nicht zu dieser Art von Buchung.",
    ),
    Code.COST_CENTRE_NOT_SAVED: (
        "De kostenplaats kon niet bewaard worden.",
        "Le centre de frais n'a pas pu être enregistré.",
        "The cost centre could not be saved.",
        "Die Kostenstelle konnte nicht gespeichert werden.",
    ),
    Code.INVALID_PARAMETER: (
        "Ongeldige parameter.",
        "Paramètre incorrect.",
        "Invalid parameter.",
        "Ungültiger Parameter.",
    ),
}


def message(code, language):
    """Text of ``code`` in NL, FR, EN or DE; None for an unknown code."""
    texts = dict(zip(LOCALES.values(), _TEXTS.get(code, ()), strict=False))
    return texts.get(language)
