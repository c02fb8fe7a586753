"""Parties with names as Belgian contacts have them, and how two programs spell one.

Pure: drawn from a ``random.Random``, so the same seed gives the same parties.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

SURNAMES = (
    "Peeters Janssens Maes Jacobs Mertens Willems Claes Goossens Wouters Michiels"
    " Hermans Aerts Smets Lemmens Martens Pauwels Segers Bogaerts Hendrickx Stevens"
    " Verhoeven Verbeke Lambert Dubois Dupont Leroy Lambrechts Simon Laurent Denis"
    " Thiry Collard Gérard Lejeune Noël François Baert Coppens Wuyts Vermeulen Nys"
    " Cools Desmet Declercq Deprez Dewulf Vandamme Vercruysse Vandevelde Moens Bauwens"
    " Callens Lievens Cornelis Vermeersch Haesaerts Gielen Nijs Sels Thijs Beckers"
    " Schmitz Renard Henry Delvaux Pirotte Charlier Marchal Rousseau Fontaine Evrard"
).split() + [
    "Van den Berghe",
    "Van de Velde",
    "Van Damme",
    "De Smet",
    "De Clercq",
    "De Wulf",
    "Van Acker",
    "De Vos",
    "Van den Bossche",
    "De Backer",
    "Van Dyck",
    "De Meyer",
    "Vanden Broeck",
    "Van Hoof",
    "De Bruyn",
    "Van der Auwera",
    "De Ridder",
    "D'Hondt",
    "Van Eeckhoutte",
]
FIRST_NAMES = (
    "Jan Marc Luc An Els Koen Bart Tom Sofie Lies Jeroen Pieter Élise Lotte Emma Louis"
    " Noah Jules Arthur Marie Julie Thomas Nicolas Sarah Kim Geert Dirk Patrick Nadine"
    " Christine Philippe Jean Michel Benoît Anne Cécile Hilde Ingrid Wim Stijn"
).split()
TRADES = (
    "Bakkerij Slagerij Garage Bouwonderneming Schrijnwerkerij Drukkerij Kapsalon"
    " Apotheek Boekhandel Elektro Schilderwerken Dakwerken Tuinaanleg Transport"
    " Loodgieterij Traiteur Brouwerij Fietsen Optiek Juwelier Immo Verzekeringen"
    " Boulangerie Boucherie Menuiserie Imprimerie Pharmacie Librairie Toitures"
    " Chauffage Jardins Électricité Carrosserie Fiduciaire Advocatenkantoor"
    " Architectenbureau Studio Consulting Software Logistics Packaging Foods Textiles"
).split()
FANTASY = (
    "Zeezicht Molen Linde Zonnebloem Kroon Leeuw Arend Sterre Polder Meridiaan Delta"
    " Nova Atlas Orion Vesta Helios Alfa Omega Quadra Lumina Terra Aqua Ventus Nexus"
    " Horizon Panorama Belvédère Ardennes Condroz Hesbaye Kempen Meetjesland Leie"
    " Schelde Dender Demer Nete Dijle Zenne Sambre Meuse Ourthe Vesdre Lesse"
).split()
FORMS = ["BV", "NV", "BVBA", "VZW", "CommV", "SRL", "SA", "SPRL", "ASBL", "CVBA"]
TOWNS = [
    ("1000", "Brussel"),
    ("1030", "Schaarbeek"),
    ("1180", "Ukkel"),
    ("1500", "Halle"),
    ("1731", "Zellik"),
    ("1930", "Zaventem"),
    ("2000", "Antwerpen"),
    ("2018", "Antwerpen"),
    ("2300", "Turnhout"),
    ("2440", "Geel"),
    ("2800", "Mechelen"),
    ("3000", "Leuven"),
    ("3290", "Diest"),
    ("3500", "Hasselt"),
    ("3600", "Genk"),
    ("4000", "Liège"),
    ("4020", "Liège"),
    ("4800", "Verviers"),
    ("5000", "Namur"),
    ("5500", "Dinant"),
    ("6000", "Charleroi"),
    ("6700", "Arlon"),
    ("7000", "Mons"),
    ("7500", "Tournai"),
    ("8000", "Brugge"),
    ("8400", "Oostende"),
    ("8500", "Kortrijk"),
    ("8800", "Roeselare"),
    ("9000", "Gent"),
    ("9100", "Sint-Niklaas"),
    ("9300", "Aalst"),
    ("9700", "Oudenaarde"),
    ("9900", "Eeklo"),
]
STREETS = (
    "Kerkstraat Stationsstraat Molenstraat Nieuwstraat Dorpsstraat Schoolstraat"
    " Veldstraat Kapelstraat Hoogstraat Markt Steenweg Lindelaan Kouter Bosstraat"
    " Groenstraat Gentsesteenweg Zandstraat Beekstraat"
).split()


@dataclass(frozen=True)
class Facts:
    """What is true of one party; each program keeps a part of it, in its own way.

    ``vat`` without spaces or dots; ``first_name`` of persons only.
    """

    name: str
    first_name: str = ""
    vat: str = ""
    street: str = ""
    zip: str = ""
    city: str = ""
    email: str = ""
    iban: str = ""

    @property
    def whole_name(self) -> str:
        return f"{self.first_name} {self.name}".strip()


class Draw:
    """Draws parties of which no two have the same name and place.

    :param random: ``random.Random``
    """

    def __init__(self, random):
        self.random = random
        self.number = 0
        self._seen = set()

    def company(self, **known) -> Facts:
        """A company with a Belgian number."""
        return self._new(lambda: self._company(known))

    def person(self, **known) -> Facts:
        """A private person, without a number."""
        return self._new(lambda: self._person(known))

    def _new(self, make):
        while True:
            facts = make()
            key = (facts.name.casefold(), facts.first_name, facts.zip)
            if key not in self._seen:
                self._seen.add(key)
                return facts

    def _company(self, known):
        draw = self.random
        what = draw.choice(TRADES)
        surname, fantasy = draw.choice(SURNAMES), draw.choice(FANTASY)
        name = draw.choice(
            [
                f"{what} {surname}",
                f"{what} {surname} {draw.choice(FORMS)}",
                f"{what} {fantasy} {draw.choice(FORMS)}",
                f"{fantasy} {what} {draw.choice(FORMS)}",
                f"{surname} & {draw.choice(SURNAMES)} {draw.choice(FORMS)}",
                f"{what} {draw.choice(FIRST_NAMES)} {surname} {draw.choice(FORMS)}",
                f"{fantasy} {draw.choice(FANTASY)} {draw.choice(FORMS)}",
            ]
        )
        self.number += 1
        return replace(self._place(Facts(name, vat=belgian(self.number))), **known)

    def _person(self, known):
        first, name = self.random.choice(FIRST_NAMES), self.random.choice(SURNAMES)
        self.number += 1
        return replace(self._place(Facts(name, first)), **known)

    def _place(self, facts):
        postal_code, city = self.random.choice(TOWNS)
        street = f"{self.random.choice(STREETS)} {self.random.randint(1, 250)}"
        return replace(
            facts,
            street=street,
            zip=postal_code,
            city=city,
            email=f"info{self.number}@voorbeeld{self.number % 700}.be",
            iban=belgian_iban(self.number),
        )


def belgian(number: int) -> str:
    """Return a Belgian VAT number with right check digits that belongs to a number."""
    first = 4_000_000 + number * 7
    return f"BE0{first}{97 - first % 97:02}"


def belgian_iban(number: int) -> str:
    """Return a Belgian IBAN with right check digits that belongs to a number."""
    account = 7_370_000_000 + number
    rest = account % 97 or 97
    bban = f"{account:010}{rest:02}"
    check = 98 - int(f"{bban}111400") % 97
    return f"BE{check:02}{bban}"


def misspelled(name: str, random) -> str:
    """Return a name as somebody else types it: a letter wrong, a space more or less, an
    abbreviation, another order or legal form."""
    ways = [_letter, _letter, _joined, _abbreviated, _turned, _reformed, _ampersand]
    for _try in range(6):
        changed = random.choice(ways)(name, random)
        if changed.casefold() != name.casefold():
            return changed
    return _letter(name, random)


def _letter(name, random):
    at = random.randrange(2, max(3, len(name) - 1))
    way = random.randrange(3)
    if way == 0:
        return name[:at] + name[at + 1 :]
    if way == 1:
        return name[:at] + name[at] + name[at:]
    return name[: at - 1] + name[at : at + 1] + name[at - 1] + name[at + 1 :]


def _joined(name, _random):
    for apart in ("Van den ", "Van de ", "Van ", "De ", "Vanden "):
        if apart in name:
            return name.replace(apart, apart.replace(" ", "").capitalize(), 1)
    return name.replace("-", " ")


def _abbreviated(name, random):
    words = name.split()
    at = random.randrange(len(words))
    if len(words[at]) > 7:
        words[at] = words[at][: random.randrange(4, 7)] + "."
    return " ".join(words)


def _turned(name, _random):
    first, _space, rest = name.partition(" ")
    return f"{rest} {first}" if rest else name


def _reformed(name, random):
    words = name.split()
    if words[-1] in FORMS:
        return " ".join([*words[:-1], random.choice(["", *FORMS])]).strip()
    return f"{name} {random.choice(FORMS)}"


def _ampersand(name, random):
    return name.replace("&", random.choice(["en", "et", "-"]))
