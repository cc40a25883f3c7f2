"""The faults of the live track: each can be done, and each is taken back."""

import pytest

from standvast.drills.frame.timeline import TOXIPROXY, acts, read_experiment
from standvast.drills.release.criteria import CRITERIA, TWIN_MUST_FAIL
from standvast.drills.release.live import PACKAGE


def test_every_act_can_be_done_without_the_toolkit():
    for act in acts(read_experiment(PACKAGE)):
        if act.provider["type"] == "python":
            assert f"{act.provider['module']}.{act.provider['func']}" in TOXIPROXY


def test_what_is_broken_is_mended_again():
    experiment = read_experiment(PACKAGE)
    mended = experiment["method"] + experiment["rollbacks"]
    last = {}
    for activity in mended:
        provider = activity["provider"]
        if provider["type"] == "http":
            last |= {(provider["url"], k): v for k, v in provider["arguments"].items()}

    assert set(last.values()) == {"well", "nobody", False}
    assert mended[-1]["provider"]["func"] == "reset"


def test_the_toolkit_finds_it_valid(monkeypatch):
    for name in ("TOXIPROXY_URL", "OUTSIDE_URL"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    experiment = pytest.importorskip("chaoslib.experiment")
    assert experiment.ensure_experiment_is_valid(read_experiment(PACKAGE)) is None


def test_names_are_those_that_were_agreed():
    names = [criterion.name for criterion in CRITERIA]
    assert names == [
        "reached_people", "found", "work_went_on", "denied_with_right",
        "reset_by_email", "notice", "solved_while_red", "desk", "report",
    ]  # fmt: skip
    assert set(names) > TWIN_MUST_FAIL
