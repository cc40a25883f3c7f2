"""The values of the lines from one night, good and spoilt; people against a scripted server."""

import json
import random
import time
from dataclasses import replace
from types import SimpleNamespace

import pytest

from standvast.drills.frame.checker import Sample
from standvast.drills.frame.history import Answer, History, Seen, Shown, Told
from standvast.drills.frame.http import NoAnswer, Reply
from standvast.drills.frame.lines import failed_names, judged
from standvast.drills.frame.timeline import TOXIPROXY, acts, read_experiment
from standvast.drills.opening_night.criteria import CRITERIA, DESK_LINES, TWIN_MUST_FAIL
from standvast.drills.opening_night.live import PACKAGE, Aftermath, measured
from standvast.drills.opening_night.measure import ArrivedMail, StoredDay, StoredOrder
from standvast.drills.opening_night.people import Character, Night, Practice

LIVE = [c for c in CRITERIA if c.name not in DESK_LINES]


def a_night():
    """One practice that held and confirmed; its mail came late; the desk knew after 20 s."""
    history = History()
    history.see(Seen(0, "place", 3, 1, 1))
    history.show(Shown(0, "calendar", ("2026-10-01",), 5.0))
    history.tell(Told(0, "hold", "k", Answer.OK, 5, 5.1))
    history.tell(Told(0, "confirm", "o", Answer.OK, 6, 6.2))
    history.tell(Told(0, "print", "o", Answer.OK, 6.3, 6.4))
    after = Aftermath(
        orders=[StoredOrder("o", "confirmed", "k", 6.1)],
        days=[StoredDay("2026-10-01", 100, 50, 50, 5, 1, 1)],
        arrived=[ArrivedMail("o", "<o.1>", "p@x", 100.0)],
        owed_count=0,
        finding={"opened_at": 20.0, "probe": "mail.accepts", "count": 1},
        slow_at=0.0,
    )
    return history, after, [SimpleNamespace(is_served=True)]


def failed(history, after, practices, samples=()):
    found = measured(practices, history, samples, after, late_s=60)
    return failed_names(judged(LIVE, found.values))


class TestMeasured:
    def test_a_good_night_passes_every_line(self):
        assert failed(*a_night()) == set()

    def test_a_slow_confirmation_fails_its_line_alone(self):
        history, after, people = a_night()
        history.tell(Told(1, "confirm", "p", Answer.OK, 6, 9))
        after = replace(after, orders=[*after.orders, StoredOrder("p", "confirmed", "k2", 8.9)],
                        arrived=[*after.arrived, ArrivedMail("p", "<p.1>", "q@x", 99)])  # fmt: skip
        history.tell(Told(1, "hold", "k2", Answer.OK, 5, 5))
        assert failed(history, after, people) == {"confirmed_p95"}

    def test_a_confirmation_that_cannot_be_printed_fails(self):
        history, after, people = a_night()
        history.tell(Told(0, "print", "o", Answer.FAIL, 7, 7))
        assert failed(history, after, people) == {"confirmed_p95"}

    def test_too_few_served_is_no_proof(self):
        history, after, people = a_night()
        people += [SimpleNamespace(is_served=False)]
        assert failed(history, after, people) == {"confirmed_p95"}

    def test_a_lost_hold_fails(self):
        history, after, people = a_night()
        history.tell(Told(1, "confirm", "p", Answer.FAIL, 6, 7, "in time"))
        assert failed(history, after, people) == {"holds_lost"}

    def test_a_stale_offer_fails(self):
        samples = [Sample("2026-10-01", at / 10, True) for at in range(80)]
        assert failed(*a_night(), samples) == {"calendar_true"}

    def test_mails_that_were_never_late_prove_nothing(self):
        history, after, people = a_night()
        after = replace(after, arrived=[ArrivedMail("o", "<o.1>", "p@x", 7.0)])
        assert failed(history, after, people) == {"mails"}

    def test_the_twins_orders_wait_for_their_mails_which_are_never_late(self):
        history, after, people = a_night()
        after = replace(after, arrived=[ArrivedMail("o", "<o.1>", "p@x", 7.0)])
        found = measured(people, history, (), after, late_s=60, is_twin=True)
        assert found.values["mails"] == 0

        lost = replace(after, arrived=[])
        assert measured(people, history, (), lost, late_s=60, is_twin=True).values["mails"] == 1

    @pytest.mark.parametrize(
        ("change", "line"),
        [
            ({"arrived": []}, {"mails"}),
            ({"finding": None}, {"found"}),
            ({"finding": {"opened_at": 61.0, "probe": "p"}}, {"found"}),
            ({"days": []}, {"oversold"}),
            ({"days": [StoredDay("d", 10, 20, 20, 5, 1, 1)]}, {"oversold"}),
            ({"orders": [StoredOrder("o", "expired", "k", None)]}, {"stored", "mails"}),
        ],
    )
    def test_each_thing_that_is_wrong_fails_where_it_belongs(self, change, line):
        history, after, people = a_night()
        assert failed(history, replace(after, **change), people) == line


class TestExperiment:
    def test_every_act_can_be_done_without_the_toolkit(self):
        own = "standvast.drills.frame.acts.kill_process"
        for act in acts(read_experiment(PACKAGE)):
            if act.provider["type"] == "python":
                name = f"{act.provider['module']}.{act.provider['func']}"
                assert name in TOXIPROXY or name == own

    def test_kills_one_serve_and_one_courier_midway_and_recovers_at_the_end(self):
        timeline = acts(read_experiment(PACKAGE))
        killed = {a.provider["arguments"]["kind"]: a.at_s for a in timeline if "dies" in a.name}
        assert killed.keys() == {"serve", "courier"}
        assert all(0.3 < at / timeline[-1].at_s < 0.7 for at in killed.values())
        assert [a.name for a in timeline[-2:]] == [
            "the-mail-server-is-well",
            "connections-are-taken",
        ]

    def test_the_toolkit_finds_it_valid(self, monkeypatch):
        for name in ("TOXIPROXY_URL", "OUTSIDE_URL"):
            monkeypatch.setenv(name, "http://127.0.0.1:1")
        monkeypatch.setenv("SLOW_S", "30")
        experiment = pytest.importorskip("chaoslib.experiment")
        assert experiment.ensure_experiment_is_valid(read_experiment(PACKAGE)) is None


def test_names_are_those_that_were_agreed():
    names = [c.name for c in CRITERIA]
    assert names[:8] == [
        "confirmed_p95", "oversold", "calendar_true", "stored",
        "holds_lost", "places", "mails", "found",
    ]  # fmt: skip
    assert set(names[:8]) > TWIN_MUST_FAIL


class Scripted:
    """Stands where a browser stands; answers by path, a list entry per call, last one stays."""

    def __init__(self, script):
        self.script, self.asked, self.cookies = script, [], {}

    async def get(self, path, **_):
        return self._answer(path)

    async def post(self, path, body, **_):
        return self._answer(path, body)

    def _answer(self, path, body=None):
        self.asked.append((path, body))
        name = path.partition("?")[0].rsplit("/", 1)[-1]
        answers = self.script[name]
        status, content = answers.pop(0) if len(answers) > 1 else answers[0]
        if status is None:
            raise NoAnswer(path)
        headers = {"content-type": "application/json"}
        return Reply(status, headers, json.dumps(content).encode(), 0, 0)

    def close(self):
        pass


PLAIN = Character(True, 1, *[False] * 6)
DAY = {"on": "2026-10-01", "doses_left": 100, "addresses_left": 2, "state": "open"}
HELD = {"id": "o1", "held_until": "2999-01-01T00:00:00+00:00"}
GOOD = {
    "join": [(200, {})],
    "status": [
        (200, {"phase": "waiting", "place": 2, "poll_after_s": 0}),
        (200, {"phase": "admitted"}),
    ],
    "calendar.json": [(200, {"days": [DAY, {**DAY, "on": "x", "state": "full_doses"}]})],
    "hold": [(201, HELD)],
    "confirm": [(200, {})],
    "print": [(200, {})],
}


async def spend(character=PLAIN, seconds=5.0, **script):
    now = time.time()
    night = Night("http://x", "flu", "lobby", now, now + seconds, seconds, 0.0, History(), "s", "c")
    practice = Practice(0, night, [("s", "c")], random.Random(1), 50, character)
    browser = Scripted({name: list(found) for name, found in (GOOD | script).items()})
    practice._opened = lambda *_: browser
    await practice.spend_the_night()
    return practice, browser, night.history


class TestPractice:
    async def test_waits_holds_and_confirms(self):
        practice, browser, history = await spend()

        assert practice.is_served
        assert [t.answer for t in history.told("confirm")] == [Answer.OK]
        assert [s.value for s in history.seen("place")] == [2]
        assert [s.things for s in history.shown("calendar")] == [("2026-10-01",)]
        assert browser.asked[2][0].endswith("/status?seen=2")

    async def test_repeats_an_unanswered_confirmation_with_the_same_key(self):
        _, browser, history = await spend(confirm=[(None, {}), (503, {}), (200, {})])

        keys = {body["key"] for path, body in browser.asked if path.endswith("/confirm")}
        assert len(keys) == 1
        (told,) = history.told("confirm")
        assert (told.answer, told.key) == (Answer.OK, "o1")
        assert told.told_at - told.asked_at > 0.3

    async def test_an_answer_that_never_comes_is_unknown(self):
        practice, _, history = await spend(seconds=1.5, confirm=[(None, {})])

        assert [t.answer for t in history.told("confirm")] == [Answer.UNKNOWN]
        assert not practice.is_served

    async def test_a_refusal_in_time_is_noted_as_such(self):
        refused = (410, {"code": "campaigns.hold_expired"})
        _, _, history = await spend(confirm=[refused])
        assert [t.detail for t in history.told("confirm")] == ["in time"]

        over = {**HELD, "held_until": "2020-01-01T00:00:00+00:00"}
        _, _, history = await spend(hold=[(201, over)], confirm=[refused])
        assert [t.detail for t in history.told("confirm")] == ["campaigns.hold_expired"]

    async def test_takes_another_day_when_one_is_full(self):
        days = [(200, {"days": [DAY, {**DAY, "on": "2026-10-02"}]})]
        full = (409, {"code": "campaigns.day_full"})
        _, browser, history = await spend(**{"calendar.json": days}, hold=[full, (201, HELD)])

        tried = [body["on"] for path, body in browser.asked if path.endswith("/hold")]
        assert len(set(tried)) == 2
        assert [t.answer for t in history.told("hold")] == [Answer.FAIL, Answer.OK]

    async def test_a_place_that_is_gone_after_it_was_told_is_noted(self):
        gone = (200, {"phase": "not_joined", "poll_after_s": 0})
        _, _, history = await spend(status=[*GOOD["status"][:1], gone, *GOOD["status"][1:]])
        assert sum(1 for _ in history.seen("place lost")) == 1

        _, _, history = await spend(status=[gone, *GOOD["status"]])
        assert sum(1 for _ in history.seen("place lost")) == 0

    async def test_who_abandons_a_hold_confirms_nothing(self):
        practice, _, history = await spend(replace(PLAIN, abandons_hold=True))

        assert practice.is_served
        assert list(history.told("confirm")) == []
