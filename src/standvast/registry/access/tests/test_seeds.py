import time
from collections import Counter

import pytest

from standvast.registry.access.seeds import PERSONA_PASSWORD, personas, practices
from standvast.registry.access.testing import prepare_sessions
from standvast.registry.organisations.api import CodeSystem, Organisation, check_code
from standvast.registry.people.api import Person

pytestmark = pytest.mark.django_db


class TestPractices:
    def test_stores_five_thousand_with_their_people_in_four_seconds(self):
        began = time.perf_counter()

        seeded = practices(5_000)

        took_s = time.perf_counter() - began
        assert len(seeded) == Organisation.objects.count() == 5_000
        assert Person.objects.count() == 10_000
        assert took_s < 4, took_s

    def test_about_a_quarter_share_an_address(self):
        practices(3_000)

        keys = Counter(Organisation.objects.values_list("address_key", flat=True))
        shared = sum(found for found in keys.values() if found > 1)
        assert 0.20 < shared / 3_000 < 0.28

    def test_every_number_is_well_formed_and_begins_with_01(self):
        practices(50)

        codes = list(Organisation.objects.values_list("code", flat=True))
        assert all(check_code(CodeSystem.AGB, code) == code for code in codes)
        assert all(code.startswith("0199") for code in codes)

    def test_nobody_in_it_can_sign_in_with_a_password(self):
        practices(3)

        assert not any(person.has_usable_password() for person in Person.objects.all())


class TestPersonas:
    def test_are_there_once_with_the_demo_password(self):
        personas()
        personas()

        people = Person.objects.filter(is_persona=True)
        assert people.count() == 5
        assert people.get(username="vandam").check_password(PERSONA_PASSWORD)


class TestPrepareSessions:
    def test_prepares_thousands_in_a_second_or_two(self):
        practices(2_000)
        began = time.perf_counter()

        prepared = prepare_sessions(2_000)

        took_s = time.perf_counter() - began
        assert len({one.organisation_id for one in prepared}) == 2_000
        assert took_s < 3, took_s
