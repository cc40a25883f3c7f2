"""What people and programs see and set, over the whole simulated world."""

import asyncio

import httpx
import pytest

from standvast.outside.insurers.pages import MOODS
from standvast.outside.insurers.tests.messages import BSN
from standvast.outside.insurers.tests.test_service import ask
from standvast.outside.insurers.tests.world import whole_world

pytestmark = pytest.mark.enable_socket


class TestFirstPage:
    async def test_names_each_neighbour_and_whether_it_is_well(self, tmp_path):
        async with whole_world(tmp_path) as (http, _):
            assert "Troubled now" not in (await http.get("/")).text

            await http.post("/insurers/behaviour", json={"answer_delay_s": 1})

            page = (await http.get("/")).text
            assert page.count("Troubled now") == 1
            for at in ("/mail", "/insurers"):
                assert f'href="{at}"' in page
                assert "Simulated world." in (await http.get(at)).text


class TestInsurersPage:
    async def test_shows_what_was_asked_by_reference_and_names_nobody(self, tmp_path):
        async with whole_world(tmp_path) as (http, here):
            assert "Nobody has asked yet" in (await http.get("/insurers")).text
            async with here.client(here.issued()) as client:
                await ask(client, here.url)
            async with here.client(None) as client:
                with pytest.raises(httpx.TransportError):
                    await ask(client, here.url)

            page = (await http.get("/insurers")).text
            for seen in ("ours-1", "De Linde &amp; co", "Gevonden", "no certificate", here.url):
                assert seen in page
            counts = (await http.get("/insurers/counts")).json()
            assert counts["said"] == {"requests": 1, "searches": 1}
            assert counts["results"] == {"Gevonden": 1}
            assert counts["handshakes_refused"] == {"no certificate": 1}
            (row,) = (await http.get("/insurers/asked")).json()
            assert row["reference"] == "ours-1"
            for place in ("/insurers", "/insurers/asked", "/insurers/counts"):
                assert BSN not in (await http.get(place)).text

            assert (await http.delete("/insurers/asked")).status_code == 204
            assert (await http.get("/insurers/asked")).json() == []

    @pytest.mark.parametrize("mood", MOODS)
    async def test_a_person_changes_its_mood_by_a_button(self, tmp_path, mood):
        async with whole_world(tmp_path) as (http, _):
            ours = {"Origin": str(http.base_url).rstrip("/")}
            assert f'value="{mood}"' in (await http.get("/insurers")).text

            answer = await http.post("/insurers/mood", data={"mood": mood}, headers=ours)

            assert (answer.status_code, answer.headers["location"]) == (303, "/insurers")
            page = (await http.get("/insurers")).text
            assert f'value="{mood}" aria-pressed="true" disabled' in page
            assert ("The service is well." in page) is (mood == "well")

    @pytest.mark.parametrize("origin", ["http://elsewhere.example", "null", ""])
    async def test_nobody_elses_page_presses_its_buttons(self, tmp_path, origin):
        async with whole_world(tmp_path) as (http, _):
            headers = {"Origin": origin} if origin else {}
            answer = await http.post("/insurers/mood", data={"mood": "slow"}, headers=headers)

            assert answer.status_code == 415
            assert (await http.get("/insurers/behaviour")).json()["answer_delay_s"] == 0.0

    async def test_a_mood_it_does_not_have_is_not_here(self, tmp_path):
        async with whole_world(tmp_path) as (http, _):
            ours = {"Origin": str(http.base_url).rstrip("/")}
            answer = await http.post("/insurers/mood", data={"mood": "merry"}, headers=ours)

            assert (answer.status_code, 'href="/insurers"' in answer.text) == (404, True)


class TestControl:
    @pytest.mark.parametrize(
        "wish",
        [
            {"answer_delay_s": -1}, {"answer_delay_s": 601}, {"try_later_share": 2}, {"speed": 3},
            {"shows": "none"}, {"revoked": ["nobody"]}, {"requests_per_s_max": 1.5}, [],
        ],
    )  # fmt: skip
    async def test_a_wish_it_does_not_know_changes_nothing(self, tmp_path, wish):
        async with whole_world(tmp_path) as (http, _):
            before = (await http.get("/insurers/behaviour")).json()

            assert (await http.post("/insurers/behaviour", json=wish)).status_code == 422
            assert (await http.get("/insurers/behaviour")).json() == before

    async def test_a_program_sets_who_is_insured(self, tmp_path):
        async with whole_world(tmp_path) as (http, here), here.client(here.issued()) as client:
            insured = {"uzovi": "9990", "number": "X1", "from_on": "2020-01-01"}
            for person, result in (
                ({"insurances": [insured]}, "ActieveVerzekeringen"),
                ({"insurances": [{**insured, "until_on": "2021-01-01"}]}, "InactieveVerzekeringen"),
                ({"found": "NietGevonden"}, "NietGevonden"),
            ):
                answer = await http.post("/insurers/people", json={"bsn": BSN, **person})
                assert answer.status_code == 204
                assert f"<t:Resultaat>{result}</t:Resultaat>" in (await ask(client, here.url)).text

            assert (await http.get("/insurers/counts")).json()["people_set"] == 1
            assert (await http.delete("/insurers/people")).status_code == 204
            assert "ActieveVerzekeringen" in (await ask(client, here.url)).text

    @pytest.mark.parametrize(
        "person",
        [
            {}, {"bsn": "1"}, {"bsn": BSN, "found": "Misschien"}, {"bsn": BSN, "x": 1},
            {"bsn": BSN, "surname": "a\x00b"},
            {"bsn": BSN, "insurances": [{"uzovi": "9990", "number": "1"}]},
        ],
    )  # fmt: skip
    async def test_a_person_it_cannot_know_is_refused_without_being_repeated(
        self, tmp_path, person
    ):
        async with whole_world(tmp_path) as (http, _):
            answer = await http.post("/insurers/people", json=person)

            assert answer.status_code == 422
            assert BSN not in answer.text
            assert (await http.get("/insurers/counts")).json()["people_set"] == 0

    async def test_many_changes_at_once_end_in_the_last(self, tmp_path):
        async with whole_world(tmp_path) as (http, here):
            wishes = [{"refuse_connections": bool(n % 2)} for n in range(6)]
            await asyncio.gather(*(http.post("/insurers/behaviour", json=one) for one in wishes))
            await http.post("/insurers/behaviour", json={"refuse_connections": False})

            async with here.client(here.issued()) as client:
                assert (await ask(client, here.url)).status_code == 200
