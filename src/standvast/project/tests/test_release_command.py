"""`standvast release` as a pipeline meets it: exit status, JSON, CDEvents, the digest of a tree."""

import json
from pathlib import Path

import pytest
from django.utils.translation import override

from standvast.database.api import database_now
from standvast.desk.releases.api import NAMES, Result, break_glass, digest_of
from standvast.desk.releases.models import Release, StoredEvidence
from standvast.desk.releases.testing import GOOD
from standvast.desk.releases.tests.test_operations import TABLE
from standvast.kit.actor import house_actor
from standvast.kit.ids import uuid7
from standvast.project.command import main
from standvast.project.tree import HOME, parts
from standvast.registry.organisations.api import Kind
from standvast.registry.organisations.testing import an_organisation

DIGEST = "a" * 64
PLAN = ("release", "plan", "5.85", "--digest", DIGEST, "--at", "2026-05-12T22:00+02:00")


@pytest.fixture
def platform(db):
    with override("en"):
        yield an_organisation(kind=Kind.PLATFORM)


def asked(capsys, *words: str) -> tuple[int, dict]:
    capsys.readouterr()
    status = main(["release", *words])
    return status, json.loads(capsys.readouterr().out)


class TestTheCommand:
    def test_refuses_what_was_not_shown_and_says_why(self, platform, capsys):
        assert main(list(PLAN)) == 0

        status, answer = asked(capsys, "check", "5.85", "--json")

        assert (status, answer["verdict"]) == (1, "refused")
        assert {reason["clause"] for reason in answer["reasons"]} >= {"retest", "outside"}

    def test_start_is_refused_as_an_event_too(self, platform, capsys):
        main(list(PLAN))

        status, event = asked(capsys, "start", "5.85", "--cdevents")

        assert status == 1
        assert event["context"]["type"] == "dev.cdevents.testsuiterun.finished.0.2.0"
        assert event["subject"]["content"]["outcome"] == "fail"
        assert event["subject"]["content"]["reason"]
        assert Release.objects.get().state == "planned"

    def test_keeps_evidence_of_the_build_in_the_register(self, platform):
        main(list(PLAN))
        figures = '{"failed": 0, "passed": 3, "far_side_down": 0}'

        assert main(["release", "evidence", "5.85", "walks", "ok", "--figures", figures]) == 0

        row = StoredEvidence.objects.get()
        assert (row.digest, row.result, row.figures["passed"]) == (DIGEST, Result.OK, 3)

    @pytest.mark.parametrize(
        "wrong", [("check", "0.0"), ("plan", "-", "--at", "2026-05-12T22:00Z"), ()]
    )
    def test_says_when_it_is_asked_wrongly(self, platform, wrong):
        assert main(["release", *wrong]) == 3

    @pytest.mark.parametrize(
        "wrong",
        [("dance",), ("plan", "5.85", "--at", "2026-05-12T22:00"), ("start",)],
    )
    def test_misuse_is_told_from_needing_an_approver(self, wrong):
        with pytest.raises(SystemExit) as stopped:
            main(["release", *wrong])

        assert stopped.value.code == 3

    def test_every_gate_can_be_shown_by_name(self, platform):
        main(list(PLAN))
        for gate in NAMES:
            assert main(["release", "evidence", "5.85", gate, "failed"]) == 0

        assert StoredEvidence.objects.count() == len(NAMES)


def shown_all(day: str, changed: dict | None = None) -> None:
    for gate in NAMES:
        figures = GOOD.get(gate, {"day": day}) | (changed or {}).get(gate, {})
        words = ("evidence", "5.85", gate, "ok", "--figures", json.dumps(figures))
        assert main(["release", *words]) == 0


def walked() -> None:
    for place in ("test", "acceptance"):
        assert main(["release", "start", "5.85", "--in", place]) == 0
        assert main(["release", "finish", "5.85", "--in", place]) == 0


class TestTheTableOfTestCases:
    """As a pipeline asks: exit status 0 allowed, 1 refused, 2 needs an approver; the sentence."""

    @pytest.mark.parametrize(("when", "fix", "changed", "said"), TABLE)
    def test_a_check_for_the_planned_time(self, platform, capsys, when, fix, changed, said):
        hotfix = ("--hotfix-for", fix) if fix else ()
        main(["release", "plan", "5.85", "--digest", DIGEST, "--at", instant(when), *hotfix])
        shown_all(f"2026-{when[:5]}", changed)
        walked()

        status, answer = asked(capsys, "check", "5.85", "--json")

        sentence = said.removeprefix("approver: ")
        wanted = 2 if said.startswith("approver") else 1 if said else 0
        assert (status, answer["verdict"]) == (
            wanted,
            ("allowed", "refused", "needs_approver")[wanted],
        )
        assert any(sentence in reason["sentence"] for reason in answer["reasons"]) or not said


def instant(when: str) -> str:
    return f"2026-{when.replace(' ', 'T')}+02:00"


class TestTheRoad:
    def test_production_refuses_what_was_not_in_acceptance(self, platform, capsys):
        main(list(PLAN))
        shown_all("2026-05-12")

        status, answer = asked(capsys, "start", "5.85", "--json")

        assert status == 1
        assert {"road"} <= {reason["clause"] for reason in answer["reasons"]}

    def test_acceptance_comes_after_test(self, platform, capsys):
        main(list(PLAN))

        assert main(["release", "start", "5.85", "--in", "acceptance"]) == 1
        assert "not finished in test" in capsys.readouterr().err
        assert main(["release", "finish", "5.85", "--in", "test"]) == 1

    def test_a_place_is_told_as_an_event(self, platform, capsys):
        main(list(PLAN))
        begun, start = asked(capsys, "start", "5.85", "--in", "test", "--cdevents")
        ended, finish = asked(capsys, "finish", "5.85", "--in", "test", "--cdevents")

        assert (begun, ended) == (0, 0)
        assert start["subject"]["content"]["pipelineName"] == "standvast release to test"
        assert start["subject"]["content"]["url"].endswith("/desk/releases/5.85/")
        assert finish["subject"]["content"]["environment"] == {"id": "test"}

    def test_a_broken_glass_goes_with_every_answer(self, platform, capsys):
        main(list(PLAN))
        break_glass(
            version="5.85",
            first_name="Anneke Smit",
            second_name="Bart Mulder",
            reason="Nobody can sign in",
            actor=house_actor(uuid7()),
            now=database_now(),
        )

        status, answer = asked(capsys, "start", "5.85", "--json")
        assert (status, answer["verdict"], answer["glass_broken"]) == (0, "allowed", True)
        assert {"retest", "road"} <= set(answer["against"])
        assert "retest" in {reason["clause"] for reason in answer["reasons"]}

        _, event = asked(capsys, "finish", "5.85", "--cdevents")
        assert event["context"]["type"] == "dev.cdevents.service.upgraded.0.2.0"
        assert event["customData"]["glassBroken"] is True
        main(["release", "revert", "5.85"])
        said = capsys.readouterr().out
        assert "the glass was broken by two people" in said
        assert "Anneke" not in said


class TestTheDigestOfThisTree:
    def test_is_the_same_twice_and_printed(self, capsys):
        assert main(["release", "digest"]) == 0

        assert capsys.readouterr().out.strip() == digest_of(parts())

    def test_has_every_part_and_no_test(self):
        found = parts()

        assert all(found.values())
        assert not [name for part in found.values() for name in part if "/tests/" in name]

    @pytest.mark.parametrize(
        "changed",
        [
            "requirements/run.txt",
            "src/standvast/project/settings.py",
            "src/standvast/registry/access/rules.py",
            "src/standvast/core/journal/migrations/0001_initial.py",
            "browser/web/page.js",
        ],
    )
    def test_one_byte_makes_another(self, tmp_path, changed):
        for name in ("requirements/run.txt", "src/standvast/project/settings.py", changed):
            copy = tmp_path / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            original = HOME / name
            copy.write_bytes(original.read_bytes() if original.exists() else b"x")
        before = digest_of(parts(tmp_path))
        changing: Path = tmp_path / changed
        changing.write_bytes(changing.read_bytes() + b" ")

        assert digest_of(parts(tmp_path)) != before
