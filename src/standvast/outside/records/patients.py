"""Invented patients of the record system: some it begins with, and others who walk in."""

import random
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, timedelta

PATIENTS_MAX = 200
FIRST_COUNT = 8
FAMILIES = ("Bakker", "Dijkstra", "Haan", "Jong", "Kuipers", "Linden", "Meijer", "Visser", "Zwart")
PREFIXES = ("", "", "de", "van der", "van den")
GIVENS = (("Anna", "F"), ("Daan", "M"), ("Emma", "F"), ("Lucas", "M"), ("Noor", "F"), ("Sem", "M"))
RANGE = 999_900_000
"""Numbers from here on are given to nobody."""


@dataclass(frozen=True)
class Patient:
    """Somebody made up. `number` is the record system's own."""

    number: str
    family: str
    prefix: str
    given: str
    sex: str
    born_on: date
    bsn: str

    @property
    def name(self) -> str:
        """Return the name as it is said."""
        return " ".join(part for part in (self.given, self.prefix, self.family) if part)

    def claims(self) -> dict[str, str]:
        """Return what a token says of them."""
        return {
            "patient-id": self.number,
            "family": self.family,
            "prefix": self.prefix,
            "given": self.given,
            "sex": self.sex,
            "birth-date": self.born_on.isoformat(),
            "bsn": self.bsn,
        }


class Patients:
    """Those that the record system has, newest first; the oldest go at the bound."""

    def __init__(self, draw: random.Random) -> None:
        self._draw = draw
        self._count = 0
        self._by_number: OrderedDict[str, Patient] = OrderedDict()
        for _ in range(FIRST_COUNT):
            self.walks_in()

    def walks_in(self) -> Patient:
        """Make up somebody new."""
        self._count += 1
        given, sex = self._draw.choice(GIVENS)
        made = Patient(
            number=f"R-{self._draw.getrandbits(40):010x}-{self._count}",
            family=self._draw.choice(FAMILIES),
            prefix=self._draw.choice(PREFIXES),
            given=given,
            sex=sex,
            born_on=date(1935, 1, 1) + timedelta(days=self._draw.randrange(32_000)),
            bsn=self._bsn(),
        )
        self._by_number[made.number] = made
        while len(self._by_number) > PATIENTS_MAX:
            self._by_number.popitem(last=False)
        return made

    def newest_first(self) -> list[Patient]:
        """Return everybody."""
        return list(reversed(self._by_number.values()))

    def one(self, number: str) -> Patient | None:
        """Return who has this number."""
        return self._by_number.get(number)

    def _bsn(self) -> str:
        while True:
            digits = str(RANGE + self._draw.randrange(100_000))
            total = sum(
                int(one) * weight for one, weight in zip(digits[:8], range(9, 1, -1), strict=True)
            )
            if (total - int(digits[8])) % 11 == 0:
                return digits
