"""What the reference page says can be done as it says."""

import re
from pathlib import Path

import msgspec

from standvast.outside.insurers.behaviour import Behaviour
from standvast.outside.insurers.people import Person

TEXT = (Path(__file__).resolve().parents[5] / "docs" / "reference" / "insurers.md").read_text(
    encoding="utf-8"
)


def test_its_example_is_a_person():
    (example,) = re.findall(r"```json\n(.+?)```", TEXT, flags=re.DOTALL)

    assert msgspec.json.decode(example, type=Person).insurances[0].uzovi == "9990"


def test_it_names_every_field():
    named = set(re.findall(r"`([a-z_]+)`", TEXT))

    assert set(Behaviour.__struct_fields__) | set(Person.__struct_fields__) - {
        "bsn", "born_on", "insurances",
    } <= named  # fmt: skip
