"""The opened systems: whom they let in, whom not, and how they are made troubled."""

import uuid
from datetime import UTC, datetime, timedelta

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as rsa_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from standvast.outside.site import Neighbour, site
from standvast.outside.targets.behaviour import Answers, Behaviour
from standvast.outside.targets.keys import NoKey, trust, trusted
from standvast.outside.targets.pages import TargetPages
from standvast.outside.targets.system import ALL, OPENED_MAX, NotLetIn, TargetSystem

KEY = generate_private_key(SECP256R1())
CLAIMS = {
    "context": {"family": "Zonderling", "birth-date": "1962-03-15"},
    "org-id": {"value": "01234567"},
    "user-id": {"value": "17"},
}


def pem(key=KEY):
    public = key.public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.fixture
def orders(tmp_path):
    trust(tmp_path, "orders", pem())
    return TargetSystem(ALL[0], folder=tmp_path)


def token(key=KEY, life_s=60, **other):
    now = datetime.now(UTC)
    claims = {
        **CLAIMS,
        "iss": "us",
        "aud": "https://orders.example",
        "jti": str(uuid.uuid4()),
        "iat": int(now.timestamp()),
        "exp": int((now + timedelta(seconds=life_s)).timestamp()),
        **other,
    }
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(kept, key, "ES256")


def let_in(system, **fields):
    return system.let_in(fields, now=datetime.now(UTC))


class TestLetIn:
    def test_shows_the_claims_it_needs(self, orders):
        shown = let_in(orders, token=token())

        assert shown["context.family"] == "Zonderling"
        assert shown["org-id.value"] == "01234567"
        assert (orders.let_in_count, orders.refused_count) == (1, 0)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"key": generate_private_key(SECP256R1())},
            {"life_s": 61},
            {"life_s": -31},
            {"aud": "https://another.example"},
            {"jti": None},
            {"exp": None},
            {"iss": None},
            {"context": {"birth-date": "1962-03-15"}},
        ],
    )
    def test_lets_nobody_in_whose_token_is_not_right(self, orders, wrong):
        with pytest.raises(NotLetIn):
            let_in(orders, token=token(**wrong))

        assert orders.refused_count == 1

    def test_takes_a_token_once(self, orders):
        once = token()
        let_in(orders, token=once)

        with pytest.raises(NotLetIn):
            let_in(orders, token=once)

    def test_knows_nobody_before_a_key_was_handed_in(self, tmp_path):
        with pytest.raises(NotLetIn):
            let_in(TargetSystem(ALL[0], folder=tmp_path), token=token())

    @pytest.mark.parametrize("answers", [Answers.STRANGER, Answers.FIELD])
    def test_is_wrong_as_it_is_told(self, orders, answers):
        orders.behaviour = Behaviour(answers=answers)

        with pytest.raises(NotLetIn):
            let_in(orders, token=token())

    def test_keeps_a_bounded_number_of_pages(self, orders):
        names = [orders.begin({}) for _ in range(OPENED_MAX + 1)]

        assert orders.opened(names[0]) is None
        assert orders.opened(names[-1]) is not None


class TestTrust:
    @pytest.mark.parametrize("text", ["", "x", "é", pem(rsa_key(65537, 2048))])
    def test_takes_elliptic_public_keys_only(self, tmp_path, text):
        with pytest.raises(NoKey):
            trust(tmp_path, "orders", text)

        assert trusted(tmp_path, "orders") is None


@pytest.fixture
async def browser(tmp_path):
    pages = TargetPages([TargetSystem(asks, folder=tmp_path) for asks in ALL])
    here = Neighbour("/targets", "", "", "", pages.routes(), lambda: True, pages.open_to_forms())
    transport = httpx.ASGITransport(app=site([here]))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:9") as made:
        yield made


AT = "/targets/orders"


class TestPages:
    async def test_a_form_of_another_site_arrives_at_the_door_and_nowhere_else(self, browser):
        theirs = {"Origin": "null"}
        await browser.post(f"{AT}/key", json={"public_key": pem()})

        opened = await browser.post(f"{AT}/open", data={"token": token()}, headers=theirs)
        meddled = await browser.post(f"{AT}/mood", data={"mood": "fault"}, headers=theirs)

        assert opened.status_code == 200
        assert "New order" in opened.text
        assert "Zonderling" in opened.text
        assert meddled.status_code == 415

    async def test_a_person_presses_and_programs_set(self, browser):
        ours = {"Origin": "http://127.0.0.1:9"}
        await browser.post(f"{AT}/mood", data={"mood": "fault"}, headers=ours)
        assert (await browser.post(f"{AT}/open")).status_code == 500

        await browser.post(f"{AT}/behaviour", json={"answers": "sign-in"})
        answer = await browser.post(f"{AT}/open")
        assert (answer.status_code, 'type="password"' in answer.text) == (200, True)

        assert (await browser.post(f"{AT}/behaviour", json={"answers": "x"})).status_code == 422
        assert (await browser.get(f"{AT}/counts")).json() == {"let_in": 0, "refused": 0}

    async def test_one_that_sends_on_shows_it_there(self, browser):
        at = "/targets/diagnostics"
        await browser.post(f"{at}/key", json={"public_key": pem()})
        handed = token(
            aud="https://diagnostics.example",
            patient={"family": "Zonderling", "born": "1962-03-15"},
            practice="01234567",
        )

        sent = await browser.post(f"{at}/open", data={"jwt": handed})
        shown = await browser.get(sent.headers["location"])

        assert sent.status_code == 303
        assert "Choose an examination" in shown.text
        assert (await browser.get(f"{at}/open/moon")).status_code == 404

    async def test_says_why_somebody_is_not_let_in(self, browser):
        answer = await browser.post("/targets/pharmacy-portal/open", data={"patient_name": "x"})

        assert answer.status_code == 403
        assert "patient_birth_date is missing" in answer.text

    async def test_a_key_that_is_none_is_refused(self, browser):
        assert (await browser.post(f"{AT}/key", json={"public_key": "x"})).status_code == 422
        assert (await browser.post(f"{AT}/key", json=[])).status_code == 422

    async def test_every_page_opens(self, browser):
        for path in ("/targets", *(f"/targets/{asks.slug}" for asks in ALL)):
            assert (await browser.get(path)).status_code == 200
