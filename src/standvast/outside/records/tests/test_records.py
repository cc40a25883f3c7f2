"""The record system's clicks: right on a good day, and wrong in each way that it is told to be."""

import random
from datetime import UTC, datetime

import jwt
import pytest

from standvast.outside.records.behaviour import Behaviour, Signs
from standvast.outside.records.key import public_pem, signing_key
from standvast.outside.records.patients import PATIENTS_MAX, Patients
from standvast.outside.records.system import ISSUER, RecordSystem, Where

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WHERE = Where("http://127.0.0.1:8000", "01999999")


@pytest.fixture
def system(tmp_path):
    return RecordSystem(WHERE, folder=tmp_path, draw=random.Random(4))


def read(system, token, key=None):
    known = key or public_pem(system._key)
    return jwt.decode(token, known, algorithms=["ES256"], audience=WHERE.address,
                      options={"verify_exp": False, "verify_iat": False})  # fmt: skip


def clicked(system):
    return system.token(system.patients.newest_first()[0], now=NOW)


def test_a_click_says_who_clicks_where_and_about_whom(system):
    told = read(system, clicked(system))

    assert (told["iss"], told["exp"] - told["iat"]) == (ISSUER, 60)
    assert told["org-id"] == {"system": "agb", "value": "01999999"}
    assert told["context"] == system.patients.newest_first()[0].claims()


def test_each_click_has_a_number_of_its_own_unless_told_otherwise(system):
    first, second = (read(system, clicked(system))["jti"] for _ in range(2))
    system.behaviour = Behaviour(signs=Signs.TWICE)
    third, fourth = (read(system, clicked(system))["jti"] for _ in range(2))

    assert first != second
    assert third == fourth


@pytest.mark.parametrize(
    ("signs", "error"),
    [(Signs.STRANGER, jwt.InvalidSignatureError), (Signs.ELSEWHERE, jwt.InvalidAudienceError)],
)
def test_it_is_wrong_as_it_is_told(system, signs, error):
    system.behaviour = Behaviour(signs=signs)

    with pytest.raises(error):
        read(system, clicked(system))


def test_an_old_token_is_an_hour_old(system):
    system.behaviour = Behaviour(signs=Signs.OLD)

    assert read(system, clicked(system))["exp"] < NOW.timestamp() - 3_000


def test_the_key_stays_the_same(tmp_path):
    assert public_pem(signing_key(tmp_path)) == public_pem(signing_key(tmp_path))
    assert (tmp_path / "records.key").stat().st_mode & 0o077 == 0


def test_holds_no_more_patients_than_its_bound():
    patients = Patients(random.Random(4))
    for _ in range(PATIENTS_MAX + 5):
        newest = patients.walks_in()

    found = patients.newest_first()
    assert (len(found), found[0]) == (PATIENTS_MAX, newest)
    assert all(one.bsn.startswith("9999") for one in found)
