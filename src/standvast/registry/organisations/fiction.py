"""Made-up Dutch practices for the demo and the drills. Pure; the same seed gives the same country.

AGB numbers start with 01 and run in one block (0199xxxx), which is ours to make believe with; mail
goes to `.example`, which never exists.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from standvast.registry.organisations.rules import Country, address_key
from standvast.registry.organisations.towns import Town, towns

SHARED_SHARE = 0.24
"""Part of the practices that share their address with others: health centres."""
CODE_FIRST = 1_990_000
PRACTICES_MAX = 9_999


def _words(table: str) -> tuple[str, ...]:
    return tuple(word for line in table.strip().splitlines() for word in line.split("|"))


_TREES = _words("""
De Linde|De Eik|De Beuk|De Kastanje|De Wilg|De Berk|De Iep|De Es|De Esdoorn
De Populier|De Meidoorn|De Vlier|De Hazelaar|De Notenboom|De Appelhof
De Lijsterbes|De Hulst|De Linden|De Reiger|De Zwaan|De Ooievaar|De Kievit
De Grutto|De Leeuwerik|De Zwaluw|De Merel|De Uil|De Haven|De Kade|De Sluis
De Brug|Het Veer|De Dijk|De Polder|De Terp|De Molen|De Wiek|De Waag|De Poort
De Vesting|Het Bolwerk|De Singel|De Gracht|Het Plein|De Markt|De Hoek
Het Kompas|Het Anker|De Vuurtoren|De Boei|De Horizon|De Zon|De Regenboog
Het Baken|De Spil|Zuidwijk|Noordhove|Oosterpark|Westerveld|Parkzicht|Waterrijk
Weidezicht|Boszicht|Duinrand|Kerkplein|Stationsweg|Centrum|Oude Haven
Nieuw-Zuid|Beekdal|Rivierzicht|Heidehof|Hofstede
""")
_STREETS = _words("""
Dorpsstraat|Kerkstraat|Molenweg|Stationsstraat|Schoolstraat|Julianalaan
Beatrixstraat|Wilhelminalaan|Lindelaan|Beukenlaan|Kastanjelaan|Eikenlaan
Berkenhof|Parklaan|Singel|Marktplein|Raadhuisplein|Havenstraat|Kanaalweg
Dijkweg|Nieuwstraat|Hoofdstraat|Zuiderlaan|Noorderweg|Oosterkade|Westersingel
Hogeweg|Langeweg|Prins Hendrikstraat|Rembrandtlaan|Vondelstraat|Beethovenlaan
Troelstraweg|Thorbeckestraat|Spoorlaan|Tulpstraat|Rozenstraat
""")
_FAMILY = _words("""
De Jong|Jansen|De Vries|Van den Berg|Van Dijk|Bakker|Janssen|Visser|Smit
Meijer|De Boer|Mulder|De Groot|Bos|Vos|Peters|Hendriks|Van Leeuwen|Dekker
Brouwer|De Wit|Dijkstra|Smits|De Graaf|Van der Meer|Kok|Jacobs|De Haan
Vermeulen|Van den Heuvel|Van der Veen|Van Veen|Van den Broek|De Bruijn|De Bruin
Van der Heijden|Schouten|Van Beek|Willems|Van Vliet|Hoekstra|Maas|Verhoeven
Koster|Van der Wal|Prins|Blom|Huisman|Peeters|Kuipers|Van Veenendaal
Postma|Veenstra|Kramer|Van Wijk|Postema|Timmermans|Groen|Gerritsen|Kuiper
Wouters|Molenaar|Sanders|Driessen|Evers|Scholten|Van Loon|Hermans|Verbeek
Bosman|Wolters|Bouwman|Aydın|Yılmaz|El Idrissi|Bouali|Nguyen|Singh|Ramdin
Kaya|Çelik|Benali|Soekhoe|Lindqvist|Kowalska
""")
_FIRST = _words("""
Anna|Sophie|Eva|Lotte|Femke|Marieke|Ingrid|Saskia|Yvonne|Fatima|Noor
Elif|Julia|Hanneke|Jan|Pieter|Thomas|Bram|Joost|Ruben|Daan|Mark|Erik
Wouter|Hassan|Emre|Vincent|Maarten|Koen|Esther|Linda|Petra|Monique|Karin
Astrid|Naima|Samira|Rosalie|Tessa|Iris
""")


@dataclass(frozen=True)
class Somebody:
    """A made-up person: the name and the letters of a login name."""

    name: str
    slug: str


@dataclass(frozen=True)
class Practice:
    """A made-up practice with the two people who work there."""

    number: int
    name: str
    code: str
    street: str
    house_number: str
    postcode: str
    city: str
    address_key: str
    email: str
    telephone: str
    gp: Somebody
    assistant: Somebody


@dataclass(frozen=True)
class _Address:
    street: str
    house_number: str
    postcode: str
    city: str


def fictitious_practices(count: int, *, seed: int = 2026) -> Iterator[Practice]:
    """Yield `count` made-up practices; about a quarter share an address with others.

    A shorter list is the beginning of a longer one with the same seed.
    """
    assert 0 <= count <= PRACTICES_MAX, "the block of made-up AGB numbers is full"
    draw = random.Random(seed)  # noqa: S311 - the same country every time is the point
    places = towns()
    weights = [place.people_thousands for place in places]
    names: dict[str, int] = {}
    centre: _Address | None = None
    rooms_left = 0
    for number in range(count):
        if centre is not None and rooms_left > 0:
            address, rooms_left = centre, rooms_left - 1
        else:
            address = _address(draw, draw.choices(places, weights)[0])
            # Two to four practices under one roof; drawn so that SHARED_SHARE of all share.
            if draw.random() < SHARED_SHARE / (3 - 2 * SHARED_SHARE):
                centre, rooms_left = address, draw.choice((1, 2, 3))
        yield _practice(draw, number, address, names)


def _practice(
    draw: random.Random, number: int, address: _Address, names: dict[str, int]
) -> Practice:
    gp, assistant = _somebody(draw, number, "arts"), _somebody(draw, number, "assistent")
    name = _name(draw, gp, address.city)
    names[name] = names.get(name, 0) + 1
    if names[name] > 1:
        name = f"{name} {names[name]}"
    return Practice(
        number=number,
        name=name,
        code=f"{CODE_FIRST + number:08d}",
        street=address.street,
        house_number=address.house_number,
        postcode=address.postcode,
        city=address.city,
        address_key=address_key(
            country=Country.NL,
            street=address.street,
            house_number=address.house_number,
            postcode=address.postcode,
        ),
        email=f"balie@praktijk-{number:05d}.example",
        telephone=f"085 000 {number:04d}",
        gp=gp,
        assistant=assistant,
    )


def _name(draw: random.Random, gp: Somebody, city: str) -> str:
    family = gp.name.split(" ", 1)[1]
    match draw.randrange(6):
        case 0:
            return f"Praktijk {family} & {draw.choice(_FAMILY)}"
        case 1:
            return f"Huisartsenpraktijk {family}, {city}"
        case 2:
            return f"Huisartsengroep {draw.choice(_TREES)}, {city}"
        case 3:
            return f"Huisartsen {draw.choice(_TREES)}, {city}"
        case _:
            return f"Huisartsenpraktijk {draw.choice(_TREES)}, {city}"


def _address(draw: random.Random, town: Town) -> _Address:
    letters = "ABCDEGHJKLMNPRSTVWXZ"
    postcode = (
        f"{draw.randint(town.postcode_first, town.postcode_last)}"
        f"{draw.choice(letters)}{draw.choice(letters)}"
    )
    number = str(draw.randint(1, 240))
    if draw.random() < 0.08:
        number += draw.choice(("a", "b", "-1", " bis"))
    return _Address(draw.choice(_STREETS), number, postcode, town.name)


def _somebody(draw: random.Random, number: int, word: str) -> Somebody:
    return Somebody(f"{draw.choice(_FIRST)} {draw.choice(_FAMILY)}", f"{word}.{number:05d}")
