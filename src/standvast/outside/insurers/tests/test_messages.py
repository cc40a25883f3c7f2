"""The message service: pushed once, pulled by its owner only, in parts, confirmed."""

import hashlib
import json
import uuid
from datetime import date

import pytest

from standvast.outside.insurers.behaviour import Behaviour
from standvast.outside.insurers.messages import PATH
from standvast.outside.insurers.people import Insurance, Person
from standvast.outside.insurers.tests.world import world

pytestmark = pytest.mark.enable_socket
BSN = "999990019"
INSURED = Person(
    bsn=BSN, insurances=(Insurance(uzovi="9991", number="A1", from_on=date(2020, 1, 1)),)
)


@pytest.fixture
async def here(tmp_path):
    async with world(tmp_path) as found:
        found.server.people.put(INSURED)
        await found.server.behave(Behaviour(claims_after_s=0.0, claims_reject_share=0.0))
        yield found


def claim(cents=6_395, *, bsn=BSN, related=False):
    told = {
        "resourceType": "Claim",
        "identifier": [{"value": str(uuid.uuid4())}],
        "use": "claim",
        "patient": {"identifier": {"value": bsn}},
        "billablePeriod": {"start": "2026-02-10"},
        "total": {"value": cents / 100, "currency": "EUR"},
    }
    return {**told, "related": [{}]} if related else told


def payload(*claims):
    return json.dumps({"entry": [{"resource": one} for one in claims]}).encode()


class Sender:
    """One organisation with its certificate."""

    def __init__(self, here, organisation="De Linde"):
        self.client = here.client(here.issued(organisation=organisation))
        self.base = f"https://127.0.0.1:{here.port}{PATH}"

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        await self.client.aclose()

    async def ask(self, method, path, **given):
        return await self.client.request(method, self.base + path, **given)

    async def push(self, content, message_id=None):
        message_id = str(message_id or uuid.uuid4())
        told = {
            "traceerId": message_id, "conversatieId": message_id, "berichttype": "claims",
            "afzender": "01012345", "geadresseerden": ["insurers"],
        }  # fmt: skip
        files = {
            "metadata": ("m.json", json.dumps(told).encode(), "application/json"),
            "payload": ("p.json", content, "application/fhir+json"),
        }
        return await self.ask("POST", "/berichten", files=files), message_id

    async def waiting(self):
        return (await self.ask("GET", "/berichten?limit=250")).json()


class TestMessages:
    async def test_come_back_in_two_parts_and_a_payment(self, here):
        async with Sender(here) as sender:
            answer, message_id = await sender.push(payload(claim(), claim(100), claim(bsn="x")))
            assert answer.status_code == 204

            waiting = await sender.waiting()

            assert len(waiting) == 3
            assert {one["alsAntwoordOp"] for one in waiting} == {message_id}
            whole = [
                await sender.ask("GET", f"/berichten/{one['traceerId']}/payload") for one in waiting
            ]
            for told, got in zip(waiting, whole, strict=True):
                assert told["checksum"] == hashlib.sha256(got.content).hexdigest()
            answers = [e["resource"] for one in whole[:2] for e in one.json()["entry"]]
            assert [one["outcome"] for one in answers] == ["complete", "complete", "error"]
            assert whole[2].json()["paymentAmount"]["value"] == 64.95

    async def test_what_is_confirmed_waits_no_more(self, here):
        async with Sender(here) as sender:
            _, message_id = await sender.push(payload(claim()))
            for one in await sender.waiting():
                path = f"/berichten/{one['traceerId']}"
                assert (await sender.ask("DELETE", path)).status_code == 202
                assert (await sender.ask("GET", f"{path}/payload")).status_code == 404

            assert await sender.waiting() == []
            status = await sender.ask("GET", f"/berichtstatussen?traceerId={message_id}")
            assert status.json()[0]["status"] == "VerwerkingVoltooid"

    async def test_the_same_message_is_taken_once_and_not_from_another(self, here):
        async with Sender(here) as sender, Sender(here, "Another") as other:
            _, message_id = await sender.push(payload(claim()))
            again, _ = await sender.push(payload(claim()), message_id)
            theirs, _ = await other.push(payload(claim()), message_id)

            assert (again.status_code, theirs.status_code) == (204, 422)
            assert here.server.store.said["claim_messages"] == 1
            assert await other.waiting() == []

    async def test_a_credit_is_always_taken(self, here):
        await here.server.behave(Behaviour(claims_after_s=0.0, claims_reject_share=1.0))
        async with Sender(here) as sender:
            await sender.push(payload(claim(), claim(-100, related=True)))

            first, second, paid = await sender.waiting()
            got = await sender.ask("GET", f"/berichten/{second['traceerId']}/payload")
            assert got.json()["entry"][0]["resource"]["outcome"] == "complete"
            del first, paid

    async def test_nothing_approved_is_not_paid(self, here):
        async with Sender(here) as sender:
            await sender.push(payload(claim(bsn="x")))

            assert len(await sender.waiting()) == 1

    @pytest.mark.parametrize("content", [b"", b"{}", b'{"entry":[]}', b'{"entry":[{}]}'])
    async def test_takes_only_claims(self, here, content):
        async with Sender(here) as sender:
            answer, _ = await sender.push(content)

            assert answer.status_code == 422

    async def test_says_what_it_cannot_read(self, here):
        async with Sender(here) as sender:
            for method, path, given in (
                ("POST", "/berichten", {"content": b"x"}),
                ("GET", "/berichten", {}),
                ("GET", "/berichten?limit=251", {}),
                ("POST", "/berichten/zoeken", {"content": b"x"}),
                ("GET", "/berichtstatussen?traceerId=x", {}),
            ):
                assert (await sender.ask(method, path, **given)).status_code == 400
            gone = await sender.ask("GET", f"/berichtstatussen?traceerId={uuid.uuid4()}")
            assert gone.json() == []
