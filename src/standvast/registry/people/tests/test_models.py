import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from standvast.registry.people.models import Person
from standvast.registry.people.operations import LoginNameTaken, register_person
from standvast.registry.people.queries import person_by_login_name
from standvast.registry.people.rules import UsernameNotRight, check_username
from standvast.registry.people.testing import a_person


class TestUsername:
    @pytest.mark.parametrize("name", ["ab", "j.jansen", "J.Jansen ", "arts.00012", "a-b_c+d"])
    def test_may_be_short_and_plain(self, name):
        assert check_username(name, email="x@x.example") == name.strip().lower()

    def test_may_be_ones_own_e_mail_address(self):
        assert check_username("X@x.example", email="x@X.example") == "x@x.example"

    @pytest.mark.parametrize(
        "name", ["", "a", "met spatie", "é", "-a", "a" * 64, "x@ander.example", "@", "a\n", "ab/c"]
    )
    def test_may_not_be_anything_else(self, name):
        with pytest.raises(UsernameNotRight):
            check_username(name, email="x@x.example")

    @given(name=st.text(max_size=70))
    def test_is_small_and_stays_itself(self, name):
        try:
            once = check_username(name, email="x@x.example")
        except UsernameNotRight:
            return
        assert once == once.lower() == check_username(once, email="x@x.example")


@pytest.mark.django_db
class TestTable:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"username": "Groot"},
            {"email": "Groot@x.example"},
            {"username": ""},
            {"username": "ander@x.example"},
            {"username": "a@x.example", "email": ""},
        ],
    )
    def test_refuses_login_names_that_could_mean_two_people(self, wrong):
        person = a_person(username="klein", email="klein@x.example")

        with pytest.raises(IntegrityError):
            Person.objects.filter(id=person.id).update(**wrong)

    @pytest.mark.parametrize("same", [{"username": "een"}, {"email": "een@x.example"}])
    def test_holds_a_login_name_once(self, same):
        a_person(username="een", email="een@x.example")

        with pytest.raises(IntegrityError):
            a_person(**({"username": "twee", "email": "twee@x.example"} | same))

    def test_lets_several_have_no_address(self):
        people = [a_person(email=""), a_person(email="")]

        assert [person.email for person in people] == ["", ""]

    def test_finds_exactly_one(self):
        a_person(username="jan@x.example", email="jan@x.example")
        other = a_person(username="piet", email="piet@x.example")

        assert person_by_login_name(" PIET@x.example") == other
        assert person_by_login_name("piet") == other
        assert person_by_login_name("") is None
        assert person_by_login_name("niemand") is None


@pytest.mark.django_db
class TestRegisterPerson:
    @pytest.mark.parametrize(
        "same", [{"username": "een"}, {"email": "een@x.example"}, {"username": " EEN"}]
    )
    def test_refuses_a_name_in_use(self, same):
        a_person(username="een", email="een@x.example")
        wanted = {"username": "twee", "email": "twee@x.example"} | same

        with transaction.atomic(), pytest.raises(LoginNameTaken):
            register_person(
                **wanted, display_name="Twee", password="een rustige zin", language="nl"
            )

        assert Person.objects.count() == 1
