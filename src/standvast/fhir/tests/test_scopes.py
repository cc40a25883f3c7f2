"""What scopes open."""

import pytest

from standvast.fhir.scopes import Width, width_of

NOBODY, ONE, ALL = Width


@pytest.mark.parametrize(
    ("scope", "letter", "width"),
    [
        ("patient/Patient.rs", "r", ONE),
        ("patient/Patient.rs", "s", ONE),
        ("patient/Patient.r", "s", NOBODY),
        ("patient/*.rs", "r", ONE),
        ("user/Patient.cruds", "c", ALL),
        ("system/*.rs", "s", ALL),
        ("user/Patient.read", "s", ALL),
        ("user/Patient.read", "c", NOBODY),
        ("user/Patient.write", "c", ALL),
        ("user/Patient.write", "r", NOBODY),
        ("user/Patient.*", "r", ALL),
        ("user/Coverage.rs", "r", NOBODY),
        ("user/patient.rs", "r", NOBODY),
        ("user/Patient.sr", "r", NOBODY),
        ("user/Patient.rr", "r", NOBODY),
        ("user/Patient.", "r", NOBODY),
        ("user/Patient.rs?name=x", "r", NOBODY),
        ("openid", "r", NOBODY),
        ("", "r", NOBODY),
    ],
)
def test_a_scope_opens_what_it_says(scope, letter, width):
    assert width_of([scope], "Patient", letter) is width


def test_the_widest_counts():
    assert width_of(["patient/Patient.rs", "user/Patient.r"], "Patient", "r") is ALL
    assert width_of([], "Patient", "r") is NOBODY
