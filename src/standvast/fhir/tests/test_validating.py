"""What comes in is looked at, and what is wrong is named without being repeated."""

import json
import subprocess
import sys

import pytest

from standvast.fhir.validating import BODY_BYTES_MAX, ResourceNotRight, check_resource, validated

RIGHT = {"resourceType": "Patient", "name": [{"family": "Voorbeeld"}], "birthDate": "1962-03-15"}


def test_what_is_right_comes_back_as_it_was_written():
    assert validated("Patient", json.dumps(RIGHT).encode()) == RIGHT


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"birthDate": "1962-13-45"}, "Patient.birthDate"),
        ({"name": [{"family": ["Voorbeeld"]}]}, "Patient.name[0].family"),
        ({"nickname": "An"}, "Patient.nickname"),
        ({"name": "Voorbeeld"}, "Patient.name"),
        ({"Anna Voorbeeld woont hier": 1}, "Patient.?"),
        ({"resourceType": "Person"}, "resourceType"),
    ],
)
def test_the_place_that_is_wrong_is_named_and_its_text_is_not(change, place):
    with pytest.raises(ResourceNotRight) as refused:
        validated("Patient", json.dumps({**RIGHT, **change}))

    assert refused.value.places[0] == place
    assert "Voorbeeld" not in f"{refused.value} {refused.value.places}"


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'"x"', b"\xff", b'{"a":' * 10_000])
def test_what_is_no_resource_is_refused(content):
    with pytest.raises(ResourceNotRight):
        validated("Patient", content)


def test_deep_nesting_is_refused():
    deep: object = 1
    for _ in range(900):
        deep = {"extension": [deep]}

    with pytest.raises(ResourceNotRight):
        check_resource("Patient", {"resourceType": "Patient", "extension": [deep]})


def test_there_is_a_bound():
    with pytest.raises(ResourceNotRight, match="too large"):
        validated("Patient", b" " * (BODY_BYTES_MAX + 1))


def test_a_process_that_only_reads_never_pays_for_the_models():
    loads = (
        "import standvast.fhir.api, sys; print('fhir' in sys.modules, 'pydantic' in sys.modules)"
    )

    said = subprocess.run(
        [sys.executable, "-c", loads], capture_output=True, text=True, check=True
    ).stdout

    assert said.split() == ["False", "False"]
