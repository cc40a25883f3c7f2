"""What the service answers to a search. Pure: the day of today comes in.

The values are those of the public field names; which applies when is our reading of them.
"""

from dataclasses import dataclass
from datetime import date

from standvast.outside.insurers.people import Insurance, People, Person, passes_eleven

SEARCHES_MAX = 20
YEARS_BACK = 2


@dataclass(frozen=True)
class Search:
    """One search of a request, as it came. Fields that were left out are empty."""

    number: int
    born_on: date
    on: date
    bsn: str = ""
    insured_number: str = ""
    postcode: str = ""
    house_number: str = ""
    addition: str = ""
    reference: str = ""

    @property
    def paths_count(self) -> int:
        """Along how many ways it asks; one is right."""
        by_address = self.postcode or self.house_number or self.addition
        return sum(map(bool, (self.bsn, self.insured_number, by_address)))

    @property
    def is_address_whole(self) -> bool:
        """Whether both are there without which an address is none."""
        return bool(self.postcode and self.house_number)


@dataclass(frozen=True)
class Answer:
    """What one search found; `person` only when somebody was found."""

    search: Search
    result: str
    person: Person | None = None

    @property
    def person_result(self) -> str:
        """Return what their insurances come to on the day asked for."""
        assert self.person is not None
        main = [one for one in self.active if one.kind in ("Basis", "Hoofdverzekering")]
        if len({one.uzovi for one in main}) > 1:
            return "DubbeleActieveVerzekeringenGevonden"
        return "ActieveVerzekeringen" if self.active else "InactieveVerzekeringen"

    @property
    def active(self) -> list[Insurance]:
        """Return the insurances that count on the day asked for."""
        assert self.person is not None
        return [one for one in self.person.insurances if one.is_active(self.search.on)]

    @property
    def told(self) -> list[tuple[str, Insurance]]:
        """Return each insurance that is told, with its value: the active ones, else the last."""
        assert self.person is not None
        past = [one for one in self.person.insurances if one.from_on <= self.search.on]
        last = sorted(past, key=lambda one: one.until_on or date.max)[-1:]
        return [(self._insurance_result(one), one) for one in self.active or last]

    def _insurance_result(self, insurance: Insurance) -> str:
        if not insurance.may_be_told:
            return "NietGeautoriseerdVoorZorgverzekeraar"
        return "Actief" if insurance.is_active(self.search.on) else "Inactief"


def request_result(searches_count: int) -> str:
    """Return the value of the whole answer; searches are answered only with the first."""
    if searches_count == 0:
        return "GeenZoekopdrachten"
    return "VerzoekAkkoord" if searches_count <= SEARCHES_MAX else "MeerDan20Zoekopdrachten"


def answer_of(search: Search, *, people: People, today: date) -> Answer:
    """Return the answer to one search."""
    if search.paths_count > 1:
        return Answer(search, "MeerdereZoekpadenOpgegeven")
    if not (search.bsn or search.insured_number or search.is_address_whole):
        return Answer(search, "GeenGeldigZoekpad")
    if search.bsn and not passes_eleven(search.bsn):
        return Answer(search, "BsnVoldoetNietAanElfProef")
    if search.on <= _years_before(today):
        return Answer(search, "Peildatum2JaarOfOuder")
    found = _found(search, people)
    if len(found) != 1:
        return Answer(search, "MeerderePersonenGevonden" if found else "NietGevonden")
    person = found[0]
    if person.found != "Gevonden":
        return Answer(search, person.found)
    if person.born_on not in (None, search.born_on):
        differs = "CombinatieBsnGeboortedatumOnbekend" if search.bsn else "NietGevonden"
        return Answer(search, differs)
    ahead = search.on > today
    return Answer(search, "GevondenPeildatumInToekomst" if ahead else "Gevonden", person)


def _found(search: Search, people: People) -> list[Person]:
    if search.bsn:
        return [people.by_bsn(search.bsn)]
    if search.insured_number:
        one = people.by_insured_number(search.insured_number)
        return [one] if one else []
    return people.by_address(
        postcode=search.postcode,
        house_number=search.house_number,
        addition=search.addition,
        born_on=search.born_on,
    )


def _years_before(day: date) -> date:
    try:
        return day.replace(year=day.year - YEARS_BACK)
    except ValueError:  # 29 February
        return day.replace(year=day.year - YEARS_BACK, day=28)
