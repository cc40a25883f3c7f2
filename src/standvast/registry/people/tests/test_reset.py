"""Report 001: reset failed for everybody whose login name is an e-mail address."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client
from django.urls import reverse

from standvast.kit.wiring import rewired
from standvast.registry.people.contributions import RESET_HINDRANCE, Hindrance
from standvast.registry.people.models import Person
from standvast.registry.people.secrets import opened
from standvast.registry.people.synthetic import Walker, make_ready
from standvast.registry.people.testing import a_person
from standvast.registry.people.tests.mailbox import mails_waiting

pytestmark = pytest.mark.django_db

NEW = "een zin is makkelijker te onthouden"
KINDS = pytest.mark.parametrize(
    ("username", "email", "typed"),
    [
        ("j.jansen", "jan@praktijk.example", "j.jansen"),
        ("j.jansen", "jan@praktijk.example", "jan@praktijk.example"),
        ("jan@praktijk.example", "jan@praktijk.example", "jan@praktijk.example"),
        ("jan@praktijk.example", "jan@praktijk.example", "  Jan@Praktijk.Example "),
        ("j.jansen", "jan@praktijk.example", "J.JANSEN"),
    ],
)


def ask(client, typed):
    return client.post(reverse("account_reset_password"), {"email": typed})


def link_in(mail):
    [found] = re.findall(rf"^{re.escape(settings.ADDRESS)}(\S+)$", mail.text, re.MULTILINE)
    return found


def choose(client, link, password=NEW):
    first = client.get(link)
    if first.status_code != 302:
        return first
    assert "set-password" in first["Location"]
    return client.post(first["Location"], {"password1": password, "password2": password})


class TestReset:
    @KINDS
    def test_works_from_the_question_to_signing_in(self, username, email, typed):
        person = a_person(username=username, email=email)
        client = Client()

        asked = ask(client, typed)
        [mail] = mails_waiting("reset:")
        chosen = choose(client, link_in(mail))
        signed_in = client.post(reverse("account_login"), {"login": typed, "password": NEW})

        assert asked["Location"] == reverse("account_reset_password_done")
        assert mail.to == email
        assert chosen["Location"] == reverse("account_reset_password_from_key_done")
        assert signed_in.status_code == 302
        assert client.session["_auth_user_id"] == str(person.id)

    def test_answers_the_same_for_a_name_that_nobody_has(self):
        a_person(username="bekend", email="bekend@praktijk.example")
        known, unknown = Client(), Client()

        answers = [ask(known, "bekend"), ask(unknown, "onbekend")]
        pages = [
            known.get(reverse("account_reset_password_done")),
            unknown.get(reverse("account_reset_password_done")),
        ]

        assert answers[0].status_code == answers[1].status_code == 302
        assert answers[0]["Location"] == answers[1]["Location"]
        assert _without_tokens(pages[0]) == _without_tokens(pages[1])
        assert len(mails_waiting("reset:")) == 1

    def test_sends_nothing_to_a_closed_account_or_one_without_an_address(self):
        a_person(username="dicht", is_active=False)
        a_person(username="zonder", email="")

        ask(Client(), "dicht")
        ask(Client(), "zonder")

        assert mails_waiting("reset:") == []

    def test_the_link_works_once(self):
        a_person(username="eens")
        ask(Client(), "eens")
        link = link_in(mails_waiting("reset:")[0])
        choose(Client(), link)

        again = choose(Client(), link, password="nog een keer een wachtwoord")

        assert again.status_code == 200
        assert "set-password" not in again.content.decode()
        assert Person.objects.get(username="eens").check_password(NEW)

    def test_the_link_lives_half_an_hour(self):
        a_person(username="laat")
        with time_machine.travel("2026-11-02T09:00:00Z", tick=False) as clock:
            ask(Client(), "laat")
            link = link_in(mails_waiting("reset:")[0])
            clock.shift(timedelta(minutes=30, seconds=1))

            late = choose(Client(), link)

        assert late.status_code == 200
        assert not Person.objects.get(username="laat").has_usable_password()

    def test_the_link_ends_when_the_address_changes(self):
        person = a_person(username="verhuisd", email="oud@praktijk.example")
        ask(Client(), "verhuisd")
        Person.objects.filter(id=person.id).update(email="nieuw@praktijk.example")

        assert choose(Client(), link_in(mails_waiting("reset:")[0])).status_code == 200

    def test_leaves_the_second_step_and_what_is_sealed_as_it_was(self):
        """What is sealed hangs on the installation's keys, not on the password."""
        who = Walker("j.jansen", "jan@praktijk.example")
        make_ready(who, has_second_step=True)
        before = sealed_of("j.jansen")

        ask(Client(), "j.jansen")
        choose(Client(), link_in(mails_waiting("reset:")[0]))

        assert sealed_of("j.jansen") == before
        assert opened(before) == who.code_secret

    def test_the_mail_speaks_the_persons_language_and_says_nothing_else(self):
        a_person(username="francais", language="fr", name="Amélie")

        ask(Client(headers={"accept-language": "nl"}), "francais")

        [mail] = mails_waiting("reset:")
        assert mail.language == "fr"
        assert mail.html
        assert "Amélie" in mail.text

    def test_the_link_names_our_host_whatever_the_browser_says(self):
        a_person(username="gast")

        Client().post(
            reverse("account_reset_password"), {"email": "gast"}, headers={"host": "localhost"}
        )

        assert link_in(mails_waiting("reset:")[0]).startswith("/accounts/")


def sealed_of(username):
    return Authenticator.objects.get(user__username=username).data["secret"]


class TestHindered:
    def asked(self, hindrance, **how):
        a_person(username="jan")
        with rewired(RESET_HINDRANCE.filled(lambda _: hindrance)):
            client = Client(headers={"accept-language": "en"})
            shown = client.get(reverse("account_reset_password"))
            return shown, ask(client, "jan")

    def test_closed_says_so_and_whom_to_call(self, settings):
        settings.TELEPHONE = "000-1234567"

        shown, asked = self.asked(Hindrance(True, "Closed until noon."))

        assert (shown.status_code, asked.status_code) == (503, 503)
        for said in ("Closed until noon.", "Call 000-1234567."):
            assert said in shown.content.decode()
        assert mails_waiting("reset:") == []

    def test_not_well_says_whom_to_call_and_goes_on(self, settings):
        settings.TELEPHONE = "000-1234567"

        shown, asked = self.asked(Hindrance(False))

        assert "does not work for everybody just now" in shown.content.decode()
        assert "Call 000-1234567." in shown.content.decode()
        assert asked.status_code == 302
        assert len(mails_waiting("reset:")) == 1

    def test_without_a_number_it_names_who_runs_it(self):
        shown, _ = self.asked(Hindrance(True))

        assert "Call whoever runs Standvast for you." in shown.content.decode()


def _without_tokens(answer):
    return re.sub(rb"[A-Za-z0-9]{64}", b"", answer.content)
