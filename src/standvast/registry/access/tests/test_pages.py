import re

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from standvast.core.journal.models import JournalEntry as Row
from standvast.registry.access.models import Invitation, Membership
from standvast.registry.access.rules import Role
from standvast.registry.access.sessions import CHOSEN, HELPING
from standvast.registry.access.testing import (
    a_colleague,
    a_membership,
    an_organisation,
    signed_in_client,
)
from standvast.registry.organisations.api import Kind
from standvast.registry.people.models import Person
from standvast.registry.people.testing import a_person
from standvast.registry.people.tests.mailbox import mails_waiting

pytestmark = pytest.mark.django_db
NEW = {
    "display_name": "Nieuwe Collega",
    "username": "nieuw",
    "password": "een zin die ik onthoud",
    "password_again": "een zin die ik onthoud",
}


@pytest.fixture(autouse=True)
def fresh_counters():
    cache.clear()


def told(organisation):
    rows = Row.objects.filter(organisation_id=organisation.id).order_by("position")
    return list(rows.values_list("event", flat=True))


def invited(client, email="nieuw@x.example", role="assistant"):
    return client.post(reverse("access:invite"), {"email": email, "role": role})


def link():
    [mail] = mails_waiting("invitation:")[-1:]
    [found] = re.findall(rf"^{re.escape(settings.ADDRESS)}(\S+)$", mail.text, re.MULTILINE)
    return found


class TestStaff:
    def test_shows_colleagues_and_only_ones_own(self):
        gp, other = a_colleague(name="Eigen"), a_colleague(name="Vreemd")

        page = signed_in_client(gp).get(reverse("access:staff")).content.decode()

        assert "Eigen" in page
        assert "Vreemd" not in page
        assert other.organisation.name not in page

    def test_an_assistant_may_look_and_not_change(self):
        assistant = a_colleague(Role.ASSISTANT, an_organisation())
        client = signed_in_client(assistant)

        page = client.get(reverse("access:staff"))
        refused = invited(client)

        assert page.status_code == 200
        assert refused.status_code == 403
        assert Invitation.objects.count() == 0

    def test_ends_a_membership_and_says_so_in_the_journal(self):
        gp = a_colleague()
        leaving = a_colleague(Role.ASSISTANT, gp.organisation)
        membership = Membership.objects.get(person=leaving.person)

        signed_in_client(gp).post(reverse("access:end", kwargs={"membership_id": membership.id}))

        assert signed_in_client(leaving).get(reverse("access:staff")).status_code == 403
        assert told(gp.organisation) == ["access.role_ended"]

    def test_does_not_end_a_membership_elsewhere(self):
        gp, other = a_colleague(), a_colleague()
        membership = Membership.objects.get(person=other.person)

        answer = signed_in_client(gp).post(
            reverse("access:end", kwargs={"membership_id": membership.id})
        )

        membership.refresh_from_db()
        assert answer.status_code == 404
        assert membership.held_until is None

    def test_keeps_the_last_one_who_answers_for_the_staff(self):
        gp = a_colleague()
        membership = Membership.objects.get(person=gp.person)

        answer = signed_in_client(gp).post(
            reverse("access:end", kwargs={"membership_id": membership.id})
        )

        assert answer.status_code == 409

    def test_takes_few_queries(self, django_assert_max_num_queries):
        gp = a_colleague()
        for _ in range(12):
            a_colleague(Role.ASSISTANT, gp.organisation)
        client = signed_in_client(gp)

        with django_assert_max_num_queries(19):
            client.get(reverse("access:staff"))


class TestInvitation:
    def test_brings_a_new_person_with_a_name_and_password_of_their_own(self):
        gp = a_colleague()
        assert invited(signed_in_client(gp)).status_code == 303
        client = Client()
        assert gp.organisation.name in client.get(link()).content.decode()

        answer = client.post(link(), NEW)

        person = Person.objects.get(username="nieuw")
        assert answer.status_code == 302
        assert client.session["_auth_user_id"] == str(person.id)
        assert person.email == "nieuw@x.example"
        assert Membership.objects.get(person=person).role == "assistant"
        assert told(gp.organisation) == [
            "access.invited",
            "access.role_granted",
            "people.signed_in",
        ]

    def test_works_once(self):
        invited(signed_in_client(a_colleague()))
        Client().post(link(), NEW)

        assert Client().get(link()).status_code == 410
        assert Client().post(link(), {**NEW, "username": "nog-een"}).status_code == 410
        assert Person.objects.filter(username="nog-een").count() == 0

    def test_ends_when_withdrawn_and_when_another_is_sent(self):
        client = signed_in_client(a_colleague())
        invited(client)
        first = link()
        invited(client)
        second = link()
        waiting = Invitation.objects.get(withdrawn_at=None)

        assert Client().get(first).status_code == 410
        client.post(reverse("access:withdraw", kwargs={"invitation_id": waiting.id}))
        assert Client().get(second).status_code == 410

    def test_cannot_be_withdrawn_by_another_organisation(self):
        invited(signed_in_client(a_colleague()))
        waiting = Invitation.objects.get()

        answer = signed_in_client(a_colleague()).post(
            reverse("access:withdraw", kwargs={"invitation_id": waiting.id})
        )

        assert answer.status_code == 404
        assert Client().get(link()).status_code == 200

    def test_of_a_token_that_is_none_of_ours_does_not_exist(self):
        assert Client().get(reverse("access:join", kwargs={"token": "x" * 43})).status_code == 404

    def test_keeps_no_token(self):
        invited(signed_in_client(a_colleague()))

        token = link().split("/")[-2]
        assert token not in str(Invitation.objects.values())

    @pytest.mark.parametrize(
        "wrong",
        [
            {"password": "kort", "password_again": "kort"},
            {"password_again": "iets heel anders"},
            {"username": "bezet"},
            {"username": "iemand@anders.example"},
            {"username": ""},
            {"display_name": ""},
            {"password": "nieuw@x.example", "password_again": "nieuw@x.example"},
        ],
    )
    def test_refuses_what_cannot_be_and_adds_nobody(self, wrong):
        a_person(username="bezet")
        invited(signed_in_client(a_colleague()))
        people_count = Person.objects.count()

        answer = Client().post(link(), NEW | wrong)

        assert answer.status_code == 422
        assert Person.objects.count() == people_count
        assert Invitation.objects.get().accepted_at is None

    def test_of_somebody_known_asks_them_to_sign_in_and_join(self):
        known = a_colleague(email="bekend@x.example")
        gp = a_colleague()
        invited(signed_in_client(gp), "bekend@x.example")

        stranger = signed_in_client(a_colleague())
        assert stranger.post(link()).status_code == 404
        assert Client().post(link()).status_code == 200
        signed_in_client(known).post(link())

        assert Membership.objects.filter(person=known.person).count() == 2

    @pytest.mark.parametrize(("email", "role"), [("geen", "gp"), ("x@x.example", "operator")])
    def test_to_nobody_or_in_no_role_is_refused(self, email, role):
        assert invited(signed_in_client(a_colleague()), email, role).status_code == 422


class TestSwitch:
    def test_works_for_another_of_ones_own_organisations(self):
        gp = a_colleague()
        other = an_organisation()
        a_membership(gp.person, other)
        client = signed_in_client(gp)

        client.post(reverse("access:switch"), {"organisation": str(other.id)})

        assert client.session[CHOSEN] == str(other.id)
        assert told(other) == ["access.organisation_chosen"]

    def test_not_for_somebody_elses(self):
        gp, other = a_colleague(), a_colleague()
        client = signed_in_client(gp)

        answer = client.post(reverse("access:switch"), {"organisation": str(other.organisation.id)})

        assert answer.status_code == 404
        assert client.session[CHOSEN] == str(gp.organisation.id)

    def test_of_nonsense_does_not_exist(self):
        client = signed_in_client(a_colleague())

        assert client.post(reverse("access:switch"), {"organisation": "x"}).status_code == 404


class TestHelp:
    @pytest.fixture
    def office(self):
        return a_colleague(Role.OFFICE)

    def test_acts_for_a_practice_and_both_journals_say_so(self, office):
        practice = an_organisation(name="Praktijk De Berk")
        client = signed_in_client(office)
        found = client.post(reverse("access:help"), {"text": "berk"}).content.decode()
        assert "Praktijk De Berk" in found

        client.post(reverse("access:help_start"), {"organisation": str(practice.id)})

        page = client.get(reverse("access:staff")).content.decode()
        assert page.count("Praktijk De Berk") >= 2
        assert told(practice) == ["access.help_started"]
        assert told(office.organisation) == ["access.help_started"]
        row = Row.objects.get(organisation_id=practice.id)
        assert (row.on_behalf_of, row.helping_from) == (practice.id, office.organisation.id)

    def test_gives_an_assistants_rights_and_no_more(self, office):
        practice = an_organisation()
        client = signed_in_client(office)
        client.post(reverse("access:help_start"), {"organisation": str(practice.id)})

        assert invited(client).status_code == 403
        assert client.get(reverse("access:help")).status_code == 403

    def test_stops(self, office):
        practice = an_organisation()
        client = signed_in_client(office)
        client.post(reverse("access:help_start"), {"organisation": str(practice.id)})
        assert client.get(reverse("access:help_stop")).status_code == 200

        client.post(reverse("access:help_stop"))

        assert HELPING not in client.session
        assert told(practice)[-1] == "access.help_ended"
        assert client.get(reverse("access:help")).status_code == 200

    def test_is_over_after_an_hour(self, office):
        practice = an_organisation()
        client = signed_in_client(office)
        client.post(reverse("access:help_start"), {"organisation": str(practice.id)})
        session = client.session
        session[HELPING] = {**session[HELPING], "until": 1_000}
        session.save()

        page = client.get(reverse("access:staff")).content.decode()

        assert office.organisation.name in page
        assert practice.name not in page

    @pytest.mark.parametrize("kind", [Kind.OFFICE, Kind.PLATFORM, Kind.SUPPLIER])
    def test_is_for_practices_posts_and_pharmacies_only(self, office, kind):
        client = signed_in_client(office)

        answer = client.post(
            reverse("access:help_start"), {"organisation": str(an_organisation(kind=kind).id)}
        )

        assert answer.status_code == 404
        assert HELPING not in client.session

    def test_is_the_programme_offices_alone(self):
        client = signed_in_client(a_colleague())

        answer = client.post(
            reverse("access:help_start"), {"organisation": str(an_organisation().id)}
        )

        assert answer.status_code == 403


class TestPersona:
    @pytest.fixture
    def persona(self):
        at_work = a_colleague(is_persona=True, username="vandam", name="dokter Van Dam")
        a_colleague(username="echt")
        return at_work

    def test_is_somebody_with_one_click_in_a_demo(self, persona, settings):
        settings.DEMO = True
        client = Client()
        assert "dokter Van Dam" in client.get(reverse("account_login")).content.decode()

        client.post(reverse("access:persona"), {"username": "vandam"})

        assert client.session["_auth_user_id"] == str(persona.person.id)

    def test_is_not_there_outside_a_demo(self, persona, settings):
        settings.DEMO = False
        client = Client()
        assert "dokter Van Dam" not in client.get(reverse("account_login")).content.decode()

        answer = client.post(reverse("access:persona"), {"username": "vandam"})

        assert answer.status_code == 404
        assert "_auth_user_id" not in client.session

    @pytest.mark.parametrize("name", ["echt", "niemand", ""])
    def test_is_never_a_real_person(self, persona, settings, name):
        settings.DEMO = True
        client = Client()

        assert client.post(reverse("access:persona"), {"username": name}).status_code == 404
        assert "_auth_user_id" not in client.session

    def test_takes_a_post(self, settings):
        settings.DEMO = True

        assert Client().get(reverse("access:persona")).status_code == 405


class TestGuards:
    def test_a_stranger_is_sent_to_sign_in_and_comes_back(self):
        answer = Client().get(reverse("access:staff"))

        assert answer["Location"] == f"{settings.LOGIN_URL}?next={reverse('access:staff')}"

    def test_htmx_is_told_to_change_the_page(self):
        answer = Client().get(reverse("access:staff"), headers={"hx-request": "true"})

        assert (answer.status_code, answer["HX-Redirect"][:16]) == (401, "/accounts/login/")

    def test_a_refusal_names_the_right_and_whom_to_ask(self):
        assistant = a_colleague(Role.ASSISTANT, an_organisation(), language="en")

        page = invited(signed_in_client(assistant)).content.decode()

        assert "manage the staff" in page
        assert "GP" in page

    def test_somebody_who_works_nowhere_is_told_so(self):
        somebody = a_colleague()
        Membership.objects.all().delete()

        assert signed_in_client(somebody).get(reverse("access:staff")).status_code == 403
