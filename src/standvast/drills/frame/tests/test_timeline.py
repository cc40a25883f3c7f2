import asyncio

import pytest

from standvast.drills.frame.timeline import (
    TOXIPROXY,
    Act,
    ExperimentWrong,
    acts,
    filled,
    perform,
    run_timeline,
)


def activity(name, **pauses):
    provider = {"type": "python", "module": "own", "func": "note", "arguments": {"what": name}}
    return {"type": "action", "name": name, "pauses": pauses, "provider": provider}


METHOD = {"method": [activity("a"), activity("b", before=2, after=1), activity("c", before=1)]}


class TestActs:
    def test_pauses_add_up_to_seconds(self):
        assert [(act.name, act.at_s) for act in acts(METHOD)] == [("a", 0), ("b", 2), ("c", 4)]

    def test_a_pace_makes_it_shorter(self):
        assert [act.at_s for act in acts(METHOD, pace=4)] == [0, 0.5, 1]


class TestRunTimeline:
    async def test_keeps_its_seconds_though_an_act_takes_long(self):
        noted = {}

        def note(what):
            import time

            noted[what] = time.monotonic()
            time.sleep(0.2 if what == "a" else 0)

        await run_timeline(acts(METHOD, pace=40), names={}, own={"own.note": note})

        assert list(noted) == ["a", "b", "c"]
        assert noted["b"] - noted["a"] == pytest.approx(0.05, abs=0.04)
        assert noted["c"] - noted["a"] == pytest.approx(0.1, abs=0.06)

    async def test_what_nobody_can_do_ends_the_drill(self):
        with pytest.raises(ExceptionGroup) as wrong:
            await run_timeline(acts(METHOD, pace=1_000), names={}, own={})
        assert wrong.group_contains(ExperimentWrong, match=r"nobody can own\.note")

    async def test_a_provider_of_another_type_is_refused(self):
        with pytest.raises(ExperimentWrong, match="process"):
            await perform(Act(0, "x", {"type": "process", "path": "rm"}), names={}, own={})


class TestFilled:
    def test_puts_names_in_everywhere(self):
        found = filled({"url": "${a}/x", "list": ["${a}${b}", 3]}, {"a": "1", "b": "2"})

        assert found == {"url": "1/x", "list": ["12", 3]}
        assert filled({"a": "${n}", "b": "${n} s"}, {"n": 2.5}) == {"a": 2.5, "b": "2.5 s"}

    def test_a_name_that_nobody_knows_is_a_mistake(self):
        with pytest.raises(ExperimentWrong, match="what c is"):
            filled("${c}", {"a": "1"})


class TestToxiproxyFunctions:
    """Ours ask the same of Toxiproxy as the driver's own, function by function."""

    @pytest.mark.parametrize(
        ("function", "given"),
        [
            ("toxic.create_latency_toxic", {"latency": 5, "jitter": 2}),
            ("toxic.create_bandwith_degradation_toxic", {"rate": 5}),
            ("toxic.create_slow_connection_close_toxic", {"delay": 5}),
            ("toxic.create_timeout_toxic", {"timeout": 5}),
            ("toxic.create_limiter_toxic", {"bytes_limit": 5}),
            (
                "toxic.create_slicer_toxic",
                {"average_size": 5, "size_variation": 1, "delay": 2},
            ),
            (
                "toxic.create_toxic",
                {
                    "toxic_type": "reset_peer",
                    "stream": "upstream",
                    "toxicity": 0.5,
                    "attributes": {"timeout": 3},
                },
            ),
        ],
    )
    def test_same_body_as_the_driver(self, monkeypatch, function, given):
        actions = pytest.importorskip("chaostoxi.toxic.actions")
        theirs = {}

        def create(proxy_name, toxic_json, configuration):
            theirs.update(path=f"/proxies/{proxy_name}/toxics", body=toxic_json)
            return toxic_json

        monkeypatch.setattr("chaostoxi.toxiproxyapi.create_toxic", create)
        given = {"for_proxy": "mail", "toxic_name": "t", **given}
        getattr(actions, function.removeprefix("toxic."))(**given)

        module, name = function.split(".")
        method, path, body = TOXIPROXY[f"chaostoxi.{module}.actions.{name}"](given)

        assert (method, path, body) == ("POST", theirs["path"], theirs["body"])


async def test_timeline_can_be_cancelled():
    running = asyncio.create_task(run_timeline((Act(60, "late", {}),), names={}, own={}))
    await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
