import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from standvast.core.journal.models import JournalEntry as Row
from standvast.registry.people import devices, secrets
from standvast.registry.people.models import Person
from standvast.registry.people.queries import device_of
from standvast.registry.people.testing import a_person

pytestmark = pytest.mark.django_db
PASSWORD = "een rustige zin van vroeger"
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture(autouse=True)
def cheap_hashes_and_fresh_counters(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


def sign_in(client, login, password=PASSWORD, **extra):
    return client.post(reverse("account_login"), {"login": login, "password": password}, **extra)


def is_in(client):
    return "_auth_user_id" in client.session


def events():
    return list(Row.objects.order_by("at", "position").values_list("event", flat=True))


class TestSignIn:
    @pytest.mark.parametrize("typed", ["bos", "BOS", " bos ", "bos@x.example", "Bos@X.example"])
    def test_takes_a_user_name_or_an_e_mail_address(self, typed):
        a_person(username="bos", email="bos@x.example", password=PASSWORD)
        client = Client()

        answer = sign_in(client, typed)

        assert answer.status_code == 302
        assert is_in(client)
        assert events() == ["people.signed_in"]

    def test_says_the_same_to_a_wrong_password_and_an_unknown_name(self):
        a_person(username="bos", email="bos@x.example", password=PASSWORD)

        answers = [
            sign_in(Client(), "bos", "fout"),
            sign_in(Client(), "niemand", "fout"),
            sign_in(Client(), "niemand@x.example", "fout"),
        ]

        said = {
            re.search(r'role="alert".*?</div>', one.content.decode(), re.S)[0] for one in answers
        }
        assert len(said) == 1
        assert events() == ["people.sign_in_refused"] * 3

    def test_hashes_once_for_known_and_unknown_names(self, monkeypatch):
        a_person(username="bos", email="bos@x.example", password=PASSWORD)
        a_person(username="mail@x.example", email="mail@x.example", password=PASSWORD)
        a_person(username="zonder")
        from django.contrib.auth.hashers import MD5PasswordHasher

        counted = []
        encode = MD5PasswordHasher.encode
        monkeypatch.setattr(
            MD5PasswordHasher, "encode", lambda *args: counted.append(1) or encode(*args)
        )
        counts = []
        for name in ("bos", "bos@x.example", "mail@x.example", "niemand", "n@x.example", "zonder"):
            counted.clear()
            sign_in(Client(), name, "fout")
            counts.append(len(counted))

        assert counts == [1] * 6

    def test_tells_a_closed_account_only_after_the_right_password(self):
        a_person(username="dicht", password=PASSWORD, is_active=False)

        assert sign_in(Client(), "dicht")["Location"] == reverse("account_inactive")
        assert sign_in(Client(), "dicht", "fout").status_code == 200

    def test_there_is_no_sign_up(self):
        assert Client().get("/accounts/signup/").status_code == 404

    def test_signing_out_takes_a_post_and_is_in_the_journal(self):
        a_person(username="bos", password=PASSWORD)
        client = Client()
        sign_in(client, "bos")

        client.get(reverse("account_logout"))
        assert is_in(client)
        client.post(reverse("account_logout"))

        assert not is_in(client)
        assert events() == ["people.signed_in", "people.signed_out"]

    def test_a_changed_password_ends_every_session(self):
        a_person(username="bos", password=PASSWORD)
        here, there = Client(), Client()
        sign_in(here, "bos")
        sign_in(there, "bos")

        here.post(
            reverse("account_change_password"),
            {"oldpassword": PASSWORD, "password1": "een nieuwe zin", "password2": "een nieuwe zin"},
        )

        for client in (here, there):
            assert client.get(reverse("people_account")).status_code == 302
        assert "people.password_set" in events()


class TestWrongPasswords:
    def test_are_counted_per_name_so_a_colleague_at_the_same_address_goes_on(self):
        a_person(username="een", password=PASSWORD)
        a_person(username="twee", password=PASSWORD)
        for _ in range(11):
            last = sign_in(Client(), "een", "fout", **ELSEWHERE)
        assert sign_in(Client(), "een", **ELSEWHERE).status_code == 200
        assert b"_auth" not in last.content

        colleague = Client()
        sign_in(colleague, "twee", **ELSEWHERE)

        assert is_in(colleague)

    def test_from_elsewhere_do_not_touch_a_device_that_knows_the_person(self):
        a_person(username="een", password=PASSWORD)
        own = Client()
        sign_in(own, "een")
        own.post(reverse("account_logout"))
        for _ in range(12):
            sign_in(Client(), "een", "fout", **ELSEWHERE)
        stranger = Client()
        sign_in(stranger, "een")
        assert not is_in(stranger)

        sign_in(own, "een")

        assert is_in(own)

    def test_on_a_device_that_knows_somebody_else_count_as_elsewhere(self):
        a_person(username="een", password=PASSWORD)
        a_person(username="twee", password=PASSWORD)
        device = Client()
        sign_in(device, "twee")
        device.post(reverse("account_logout"))
        for _ in range(12):
            sign_in(device, "een", "fout")

        stranger = Client()
        sign_in(stranger, "een")

        assert not is_in(stranger)

    def test_a_made_up_device_gets_no_counter_of_its_own(self):
        a_person(username="een", password=PASSWORD)
        for number in range(12):
            client = Client()
            client.cookies[devices.COOKIE] = f"made-up-{number}"
            sign_in(client, "een", "fout")

        client = Client()
        sign_in(client, "een")

        assert not is_in(client)

    def test_are_forgiven_after_a_reset(self):
        from standvast.registry.people.tests.test_reset import (
            NEW,
            ask,
            choose,
            link_in,
            mails_waiting,
        )

        a_person(username="een", password=PASSWORD)
        client = Client()
        for _ in range(12):
            sign_in(client, "een", "fout")
        ask(client, "een")
        choose(client, link_in(mails_waiting("reset:")[0]))

        sign_in(client, "een", NEW)

        assert is_in(client)


class TestSessions:
    def test_are_listed_and_ended_one_by_one(self):
        person = a_person(username="bos", password=PASSWORD)
        here, there = Client(), Client(headers={"user-agent": "Firefox/130 Windows"})
        sign_in(here, "bos")
        sign_in(there, "bos")
        page = here.get(reverse("people_sessions")).content.decode()
        assert "Firefox · Windows" in page
        other = UserSession.objects.exclude(session_key=here.session.session_key).get()

        here.post(reverse("people_session_end", kwargs={"session_id": other.pk}))

        assert not Session.objects.filter(session_key=other.session_key).exists()
        assert here.get(reverse("people_sessions")).status_code == 200
        assert person.username == "bos"

    def test_of_somebody_else_cannot_be_ended(self):
        a_person(username="een", password=PASSWORD)
        a_person(username="twee", password=PASSWORD)
        mine, theirs = Client(), Client()
        sign_in(mine, "een")
        sign_in(theirs, "twee")
        other = UserSession.objects.get(session_key=theirs.session.session_key)

        answer = mine.post(reverse("people_session_end", kwargs={"session_id": other.pk}))

        assert answer.status_code == 404
        assert theirs.get(reverse("people_account")).status_code == 200

    def test_everywhere_else_end_at_once(self):
        a_person(username="bos", password=PASSWORD)
        here, there = Client(), Client()
        sign_in(here, "bos")
        sign_in(there, "bos")

        here.post(reverse("people_sessions_end"))

        assert here.get(reverse("people_account")).status_code == 200
        assert there.get(reverse("people_account")).status_code == 302

    @pytest.mark.parametrize(
        ("agent", "device"),
        [
            ("Mozilla/5.0 (iPhone) AppleWebKit Safari/604", "Safari · iPhone"),
            ("Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537 Edg/120", "Edge · Windows"),
            ("", ""),
        ],
    )
    def test_are_named_as_a_person_would(self, agent, device):
        assert device_of(agent) == device


class TestSecondStep:
    @pytest.fixture
    def client(self):
        a_person(username="bos", password=PASSWORD)
        client = Client()
        sign_in(client, "bos")
        return client

    def switch_on(self, client):
        page = client.get(reverse("mfa_activate_totp"))
        if page.status_code == 302:
            client.post(page["Location"], {"password": PASSWORD})
            page = client.get(reverse("mfa_activate_totp"))
        secret = client.session["mfa.totp.secret"]
        code = totp.format_hotp_value(
            totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time()))
        )
        return secret, client.post(reverse("mfa_activate_totp"), {"code": code})

    def test_is_switched_on_and_asked_for_at_the_next_sign_in(self, client):
        _, answer = self.switch_on(client)
        assert answer["Location"] == reverse("mfa_view_recovery_codes")
        codes = client.get(answer["Location"])
        [code, *_] = re.findall(r"<code>(\d{8})</code>", codes.content.decode())

        fresh = Client()
        asked = sign_in(fresh, "bos")
        assert asked["Location"] == reverse("mfa_authenticate")
        assert not is_in(fresh)
        assert fresh.get(reverse("mfa_authenticate")).status_code == 200
        fresh.post(reverse("mfa_authenticate"), {"code": "000000"})
        assert not is_in(fresh)
        fresh.post(reverse("mfa_authenticate"), {"code": code})

        assert is_in(fresh)
        assert events() == [
            "people.signed_in",
            "people.totp_activated",
            "people.second_step_refused",
            "people.signed_in",
        ]

    def test_secrets_are_sealed_at_rest(self, client):
        secret, _ = self.switch_on(client)

        [stored] = [row.data["secret"] for row in Authenticator.objects.filter(type="totp")]
        assert secret not in stored
        assert secrets.opened(stored) == secret
        with pytest.raises(secrets.CannotOpen):
            secrets.opened(stored[:-6] + "AAAA==")

    @pytest.mark.parametrize(
        "name",
        [
            "mfa_index",
            "mfa_activate_totp",
            "mfa_list_webauthn",
            "mfa_add_webauthn",
            "mfa_view_recovery_codes",
            "mfa_generate_recovery_codes",
            "people_account",
            "people_sessions",
            "account_change_password",
            "account_logout",
            "account_reauthenticate",
            "mfa_deactivate_totp",
            "mfa_download_recovery_codes",
            "mfa_reauthenticate",
        ],
    )
    def test_every_page_of_the_account_shows_in_three_languages(self, client, name):
        self.switch_on(client)
        for language in ("nl", "fr", "en"):
            Person.objects.update(language=language)

            answer = client.get(reverse(name))

            assert answer.status_code in (200, 302), answer.content[:500]

    @pytest.mark.parametrize(
        "name", ["account_login", "account_reset_password", "account_reset_password_done"]
    )
    def test_every_page_before_it_shows(self, name):
        assert Client().get(reverse(name)).status_code == 200

    def test_a_passkey_sign_in_offers_its_options(self):
        answer = Client().get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})

        assert "challenge" in answer.json()["request_options"]["publicKey"]
