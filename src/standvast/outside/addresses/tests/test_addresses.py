"""The address check: keeps to its contract on a good day, and breaks it as it is told."""

from datetime import UTC, datetime

import pytest

from standvast.outside.addresses.behaviour import Behaviour, Whom
from standvast.outside.addresses.pages import MOODS
from standvast.outside.addresses.supplier import ASKED_MAX, Question, Supplier
from standvast.outside.insurers.tests.world import whole_world

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LOGIN = Question("jan@praktijk.example", login=True)
OTHER = Question("jan@praktijk.example")


async def asked(question, **behaviour):
    supplier = Supplier()
    supplier.behaviour = Behaviour(**behaviour)
    return await supplier.answer(question, now=NOW)


class TestAnswer:
    async def test_keeps_to_the_contract(self):
        assert await asked(LOGIN) == (200, {"deliverable": True, "reason": ""})
        assert await asked(Question("bounce@praktijk.example")) == (
            200,
            {"deliverable": False, "reason": "no_mailbox"},
        )

    async def test_answers_another_field_only_about_those_it_was_told(self):
        assert await asked(LOGIN, renames=Whom.LOGINS) == (200, {"status": "valid"})
        assert await asked(OTHER, renames=Whom.LOGINS) == await asked(OTHER)
        assert await asked(OTHER, renames=Whom.EVERYBODY) == (200, {"status": "valid"})

    async def test_doubts_those_it_was_told(self):
        assert (await asked(LOGIN, doubts=Whom.LOGINS))[1]["deliverable"] is False
        assert (await asked(OTHER, doubts=Whom.LOGINS))[1]["deliverable"] is True

    async def test_is_away(self):
        assert (await asked(LOGIN, is_away=True))[0] == 503

    async def test_keeps_so_many_questions_and_no_address(self):
        supplier = Supplier()
        for _ in range(ASKED_MAX + 3):
            await supplier.answer(LOGIN, now=NOW)

        assert (len(supplier.asked), supplier.asked_count) == (ASKED_MAX, ASKED_MAX + 3)
        assert "jan@" not in repr(supplier.asked)


@pytest.mark.enable_socket
class TestPages:
    async def test_shows_what_was_asked_without_the_address(self, tmp_path):
        async with whole_world(tmp_path) as (http, _):
            assert "Nobody has asked yet" in (await http.get("/addresses")).text
            answer = await http.post("/addresses/check", json={"address": "a@x.example"})
            shown = (await http.get("/addresses")).text

            assert answer.json() == {"deliverable": True, "reason": ""}
            assert "x.example" in shown
            assert "a@x.example" not in shown
            assert (await http.post("/addresses/check", json={"mail": "?"})).status_code == 422
            assert (await http.get("/addresses/counts")).json() == {"asked": 1}

    @pytest.mark.parametrize("mood", MOODS)
    async def test_a_person_changes_its_contract_by_a_button(self, tmp_path, mood):
        async with whole_world(tmp_path) as (http, _):
            ours = {"Origin": str(http.base_url).rstrip("/")}
            await http.post("/addresses/mood", data={"mood": mood}, headers=ours)

            told = (await http.get("/addresses/behaviour")).json()
            assert told == {**told, **_fields(MOODS[mood][1])}


def _fields(behaviour):
    return {name: getattr(behaviour, name) for name in behaviour.__struct_fields__}
