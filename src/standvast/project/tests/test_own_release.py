"""This project's own releases: from a run of the gate to people, on a throw-away installation."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils.translation import override

from standvast.database.api import database_now
from standvast.desk.incidents.testing import a_desk
from standvast.desk.releases.api import EVIDENCE, approve, digest_of
from standvast.desk.releases.models import Environment, StoredEvidence
from standvast.desk.releases.testing import GOOD
from standvast.project.command import main
from standvast.project.commands import test as gate
from standvast.project.retest import Cases, Run, evidence_of, ran_after, read_cases, write
from standvast.project.tree import HOME, parts
from standvast.registry.access.api import Role
from standvast.registry.access.testing import a_colleague

STEPS = ("lint", "tests")
BEGAN = datetime(2026, 5, 11, 9, tzinfo=UTC)


def a_run(**more) -> Run:
    first = {
        "digest": "a" * 64,
        "digest_after": "a" * 64,
        "at": BEGAN,
        "required": STEPS,
        "ended_well": STEPS,
        "ended_badly": (),
        "cases": Cases(frozenset({"m::one", "m::two"}), frozenset(), frozenset({"m::three"})),
    }
    return Run(**first | more)


class TestWhatARunShows:
    @pytest.mark.parametrize(
        ("more", "result"),
        [
            ({}, "ok"),
            ({"digest_after": "b" * 64}, "inconclusive"),
            ({"ended_well": ("lint",)}, "inconclusive"),
            ({"ended_well": ("lint",), "ended_badly": ("tests",)}, "failed"),
        ],
    )
    def test_only_a_whole_run_on_a_tree_that_stood_still_is_ok(self, more, result):
        assert evidence_of(a_run(**more), frozenset())["result"] == result

    def test_a_test_that_ran_before_and_is_skipped_now_counts(self):
        found = evidence_of(a_run(), frozenset({"m::three", "m::gone"}))

        assert found["figures"]["newly_skipped"] == 1
        assert found["figures"]["newly"] == ["m::three"]

    def test_it_counts_until_it_has_run_again(self):
        once = frozenset({"m::three"})
        kept = ran_after(a_run().cases, once)

        assert evidence_of(a_run(), kept)["figures"]["newly_skipped"] == 1
        assert "m::three" not in ran_after(a_run().cases, frozenset())

    def test_the_tests_of_a_run_are_read(self, tmp_path):
        tests = tmp_path / "test_some.py"
        tests.write_text(
            "import pytest\n"
            "def test_good(): pass\n"
            "def test_bad(): assert False\n"
            "@pytest.mark.skip\ndef test_left(): pass\n"
        )
        told = tmp_path / "told.xml"
        words = ("-q", "-p", "no:cacheprovider", "-c", "/dev/null", f"--junitxml={told}")
        subprocess.run(
            [sys.executable, "-m", "pytest", *words, str(tests)],
            check=False,
            capture_output=True,
            timeout=60,
            cwd=tmp_path,
        )

        found = read_cases(told)
        assert [len(one) for one in (found.passed, found.failed, found.skipped)] == [1, 1, 1]
        assert read_cases(tmp_path / "none.xml") == Cases()

    def test_the_gate_writes_it_whatever_becomes_of_it(self, tmp_path, monkeypatch, capsys):
        monkeypatch.setenv("STANDVAST_VAR", str(tmp_path))
        good = gate.Step("good", (sys.executable, "-c", ""), "")
        bad = gate.Step("bad", (sys.executable, "-c", "exit(1)"), "Mend it.")
        monkeypatch.setattr(gate, "steps", lambda _: (good, bad))

        assert main(["test"]) == 1
        failed = json.loads((tmp_path / "retest.json").read_text())
        assert (failed["result"], failed["sentence"]) == ("failed", "Failed: bad")
        assert failed["digest"] == digest_of(parts())

        monkeypatch.setattr(gate, "steps", lambda _: (good,))
        assert main(["test"]) == 0
        assert json.loads((tmp_path / "retest.json").read_text())["result"] == "ok"

    def test_a_part_of_the_gate_shows_nothing(self, tmp_path, monkeypatch):
        monkeypatch.setenv("STANDVAST_VAR", str(tmp_path))
        good = gate.Step("good", (sys.executable, "-c", ""), "")
        monkeypatch.setattr(gate, "steps", lambda _: (good,))

        assert main(["test", "--only", "good"]) == 0
        assert not list(tmp_path.iterdir())


class TestTheWholeWay:
    @pytest.fixture
    def lead(self, transactional_db):
        """Nothing here is walked or shown to a peer: what that gives is handed in."""
        with a_desk(EVIDENCE.filled()) as found, override("en"):
            yield found

    def release(self, *words: str) -> int:
        return main(["release", words[0], "5.85", *words[1:]])

    @pytest.mark.slow
    def test_from_the_gate_to_people(self, lead, tmp_path: Path, capsys):
        """A hotfix for a critical, so that the hour at which this test runs decides nothing."""
        day = (datetime.now(UTC) + timedelta(days=1)).isoformat(timespec="minutes")
        assert self.release("plan", "--at", day, "--hotfix-for", "critical") == 0

        tested = write(
            tmp_path,
            a_run(digest=digest_of(parts()), digest_after=digest_of(parts()), at=database_now()),
        )
        assert self.release("evidence", "--from", str(tested)) == 0
        assert self.release("rehearse", "--before", str(HOME)) == 0
        assert self.release("calendar") == 0
        for name in ("shadow", "walks"):
            figures = json.dumps(GOOD[name])
            assert self.release("evidence", name, "ok", "--figures", figures) == 0
        nothing = json.dumps({"certificates": 0})
        assert self.release("evidence", "certificate", "ok", "--figures", nothing) == 0
        for place in ("test", "acceptance"):
            assert self.release("start", "--in", place) == 0
            assert self.release("finish", "--in", place) == 0
        other = a_colleague(Role.OPERATOR_LEAD).actor
        approve(version="5.85", actor=other, now=database_now())

        assert self.release("start") == 0
        assert self.release("finish") == 0
        assert Environment.objects.get(name="production").digest == digest_of(parts())

    def test_a_run_of_another_build_does_not_count(self, lead, tmp_path, capsys):
        self.release("plan", "--at", "2026-05-12T22:00+02:00")
        tested = write(tmp_path, a_run(at=database_now()))

        assert self.release("evidence", "--from", str(tested)) == 1
        assert "another build than 5.85" in capsys.readouterr().out
        assert StoredEvidence.objects.get().digest == "a" * 64

    def test_a_file_that_is_no_evidence_is_misuse(self, lead, tmp_path):
        self.release("plan", "--at", "2026-05-12T22:00+02:00")
        wrong = tmp_path / "wrong.json"
        wrong.write_text("{}")

        assert self.release("evidence", "--from", str(wrong)) == 3
        assert self.release("evidence", "retest") == 3
