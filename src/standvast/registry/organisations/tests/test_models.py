import pytest
from django.db import IntegrityError

from standvast.registry.organisations.models import Organisation
from standvast.registry.organisations.queries import (
    OrganisationNotFound,
    house_id,
    organisation_view,
    organisation_views,
    search_organisations,
)
from standvast.registry.organisations.rules import CodeSystem, Kind
from standvast.registry.organisations.testing import an_organisation

pytestmark = pytest.mark.django_db


class TestTable:
    @pytest.mark.parametrize(
        ("system", "code"),
        [
            (CodeSystem.AGB, "1234567"),
            (CodeSystem.AGB, "0123456x"),
            (CodeSystem.AGB, ""),
            (CodeSystem.NIHDI, "123456789"),
            (CodeSystem.NONE, "01234567"),
        ],
    )
    def test_refuses_a_number_that_is_not_well_formed(self, system, code):
        with pytest.raises(IntegrityError):
            an_organisation(code=code, code_system=system)

    def test_holds_a_number_once(self):
        an_organisation(code="01234567", code_system=CodeSystem.AGB)
        with pytest.raises(IntegrityError):
            an_organisation(code="01234567", code_system=CodeSystem.AGB)

    def test_refuses_a_kind_that_does_not_exist(self):
        organisation = an_organisation()
        with pytest.raises(IntegrityError):
            Organisation.objects.filter(id=organisation.id).update(kind="bakery")

    def test_refuses_no_name(self):
        organisation = an_organisation()
        with pytest.raises(IntegrityError):
            Organisation.objects.filter(id=organisation.id).update(name="")


class TestViews:
    def test_show_one_and_several(self):
        one, two = an_organisation(name="Een"), an_organisation(name="Twee")

        assert organisation_view(one.id).name == "Een"
        assert set(organisation_views([one.id, two.id])) == {one.id, two.id}

    def test_of_nobody_do_not_exist(self):
        with pytest.raises(OrganisationNotFound):
            organisation_view(house_id())

    def test_write_the_address_as_on_an_envelope(self):
        found = organisation_view(an_organisation(house_number="12").id)

        assert found.address_line == "Lindelaan 12, 3521 AB Utrecht"


class TestSearch:
    def test_finds_by_name_town_postcode_and_code(self):
        wanted = an_organisation(
            name="Praktijk De Berk", city="Zwolle", postcode="8011AA", code="01777777"
        )
        an_organisation(name="Een andere")

        for typed in ("berk", " De BERK ", "zwolle", "8011 aa", "0177"):
            assert [one.id for one in search_organisations(typed)] == [wanted.id], typed

    def test_finds_by_name_and_town_together(self):
        wanted = an_organisation(name="Praktijk De Berk", city="Zwolle")
        an_organisation(name="Praktijk De Berk", city="Assen")

        assert [one.id for one in search_organisations("De Berk, Zwolle")] == [wanted.id]
        assert search_organisations("De Berk Utrecht") == ()

    @pytest.mark.parametrize("typed", ["", "   ", "%", "_"])
    def test_of_nothing_finds_nothing(self, typed):
        an_organisation()

        assert search_organisations(typed) == ()

    def test_looks_only_among_the_kinds_asked(self):
        an_organisation(kind=Kind.SUPPLIER, name="Groothandel")

        assert search_organisations("groothandel", Kind.PRACTICE) == ()

    def test_has_a_bound(self):
        for _ in range(52):
            an_organisation(name="Veel")

        assert len(search_organisations("veel")) == 50


class TestHouse:
    def test_is_the_platform(self):
        platform = an_organisation(kind=Kind.PLATFORM)

        assert house_id() == platform.id
