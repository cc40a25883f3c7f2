from datetime import UTC, datetime, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from standvast.registry.people.forgetting import forget_sessions
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


@pytest.mark.django_db
class TestForgetSessions:
    def test_forgets_what_is_over_and_leaves_what_lives(self, client):
        person = a_person()
        client.force_login(person)
        living = client.session.session_key
        now = datetime.now(UTC)
        Session.objects.create(session_key="over", expire_date=now - timedelta(seconds=1))
        for key in (living, "over", "gone"):
            UserSession.objects.create(
                user=person, session_key=key, ip="127.0.0.1", user_agent="",
                created_at=now - timedelta(hours=2),
            )  # fmt: skip

        assert forget_sessions(now) == 3

        assert list(Session.objects.values_list("session_key", flat=True)) == [living]
        assert list(UserSession.objects.values_list("session_key", flat=True)) == [living]

    def test_leaves_an_entry_alone_that_was_just_made(self):
        UserSession.objects.create(
            user=a_person(), session_key="soon", ip="127.0.0.1", user_agent=""
        )

        assert forget_sessions(datetime.now(UTC)) == 0
