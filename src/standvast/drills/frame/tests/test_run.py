import argparse
from dataclasses import replace
from types import SimpleNamespace

import pytest

from standvast.drills.frame import run
from standvast.drills.frame.drill import Scale
from standvast.drills.frame.lines import Line
from standvast.drills.frame.run import Wishes, drills, run_command, run_drill, scale_of

ALL = Wishes(people_count=None, is_small=False, with_drill=True, with_twin=True, keep=False)
DRILL = replace(
    drills()["opening-night"],
    full=Scale(5_000, 1.0),
    small=Scale(300, 4.0),
    twin="mail-first",
    twin_must_fail=frozenset({"a"}),
)


def line(name, passed):
    return Line(name, 0.0, "", "= 0", passed)


@pytest.fixture
def played(monkeypatch):
    """What was played, in order; the drill passes, its twin fails on line a."""
    calls = []
    outcome = {"": {"a": True, "b": True}, "mail-first": {"a": False, "b": True}}

    def play(drill, scale, *, twin, keep, say):
        calls.append((twin, scale))
        return tuple(line(name, passed) for name, passed in outcome[twin].items())

    monkeypatch.setattr(run, "_played", play)
    return SimpleNamespace(calls=calls, outcome=outcome)


def ran(wishes=ALL):
    return {x.name: x.passed for x in run_drill(DRILL, wishes, say=lambda _: None)}


class TestScale:
    @pytest.mark.parametrize(
        ("wishes", "scale"),
        [
            ({}, (5_000, 1.0)),
            ({"is_small": True}, (300, 4.0)),
            ({"people_count": 5}, (5, 4.0)),
            ({"people_count": 300}, (300, 4.0)),
            ({"people_count": 1_000}, (1_000, 1.0)),
            ({"people_count": 1_000, "is_small": True}, (1_000, 4.0)),
        ],
    )
    def test_a_few_people_have_a_short_night(self, wishes, scale):
        assert scale_of(DRILL, replace(ALL, **wishes)) == Scale(*scale)


class TestRunDrill:
    def test_a_drill_that_passes_and_a_twin_that_fails_as_named_pass(self, played):
        assert ran() == {"a": True, "b": True, "twin": True}

    def test_a_twin_that_passes_makes_it_red(self, played):
        played.outcome["mail-first"]["a"] = True
        assert ran()["twin"] is False

    def test_a_twin_that_fails_elsewhere_makes_it_red(self, played):
        played.outcome["mail-first"]["b"] = False
        assert ran()["twin"] is False

    def test_the_twin_of_a_crowd_runs_with_a_few(self, played):
        ran()
        assert played.calls == [("", DRILL.full), ("mail-first", DRILL.small)]

    def test_a_few_run_side_by_side(self, played):
        ran(replace(ALL, is_small=True))
        assert sorted(twin for twin, _ in played.calls) == ["", "mail-first"]

    def test_either_may_run_alone(self, played):
        assert ran(replace(ALL, with_twin=False)) == {"a": True, "b": True}
        assert ran(replace(ALL, with_drill=False)) == {"twin": True}


class TestRunCommand:
    def command(self, name, **more):
        options = {"scale": None, "small": True, "twin": False, "no_twin": False}
        options |= {"json": None, "keep": False, **more}
        chosen = argparse.Namespace(name=name, **options)
        return run_command(chosen, start_django=lambda: None)

    def test_is_0_only_when_every_line_passed(self, played, monkeypatch, tmp_path):
        monkeypatch.setattr(run, "drills", lambda: {"opening-night": DRILL})
        assert self.command("opening-night", json=tmp_path / "r.json") == 0
        assert '"name": "twin"' in (tmp_path / "r.json").read_text()
        played.outcome[""]["b"] = False
        assert self.command("all") == 1

    def test_a_drill_that_nobody_knows_is_asked_wrongly(self, capsys):
        assert self.command("tea") == 2
        assert "There is no drill tea" in capsys.readouterr().out

    def test_a_drill_that_cannot_be_played_is_no_pass(self, monkeypatch, capsys):
        def broken(*_, **__):
            raise run.PointsElsewhere("see: DATABASE_URL")

        monkeypatch.setattr(run, "drills", lambda: {"opening-night": DRILL})
        monkeypatch.setattr(run, "_played", broken)
        assert self.command("opening-night", no_twin=True) == 1
        assert "could not be played: see: DATABASE_URL" in capsys.readouterr().out
