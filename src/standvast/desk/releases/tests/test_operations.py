"""The register end to end: planned, shown, changed late, shown again, started, taken back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from standvast.core.health.api import COMPONENTS, Component
from standvast.desk.incidents.api import CHANGES, REACH, ReachRow, Served, open_incident
from standvast.desk.incidents.slots import changes_before
from standvast.desk.releases.contributions import changes_between
from standvast.desk.releases.models import BrokenGlass, Environment, Release, StoredEvidence
from standvast.desk.releases.operations.outside import (
    OutsideIncomplete,
    add_outside_change,
    look_at_calendar,
)
from standvast.desk.releases.operations.planning import (
    Plan,
    PlanInvalid,
    SameBuild,
    VersionTaken,
    change_build,
    move_plan,
    plan_release,
    withdraw,
)
from standvast.desk.releases.operations.promoting import finish_in, start_in
from standvast.desk.releases.operations.running import (
    ApprovalMissing,
    ApproverBuiltIt,
    GlassTakesTwo,
    NotWellAfter,
    StartRefused,
    approve,
    break_glass,
    finish,
    revert,
    start,
)
from standvast.desk.releases.operations.showing import EvidenceInvalid, add_evidence, check
from standvast.desk.releases.queries.releases import ReleaseNotFound, release_rows, release_view
from standvast.desk.releases.rules.answer import Verdict
from standvast.desk.releases.rules.figures import Result
from standvast.desk.releases.rules.gates import GATES
from standvast.desk.releases.rules.road import NotItsTurn, NotThere, Place
from standvast.desk.releases.rules.states import HotfixFor, MoveNotAllowed, State
from standvast.desk.releases.slots import EVIDENCE, Gatherer
from standvast.desk.releases.tests.golden import DIGEST, EARLIER, at, shown
from standvast.desk.reports.api import AuthorRole, Section, lint, report_of
from standvast.kit.ids import uuid7
from standvast.kit.wiring import rewired
from standvast.registry.access.api import Role
from standvast.registry.access.testing import a_colleague

pytestmark = pytest.mark.django_db
TUESDAY, FRIDAY = at("05-12 22:00"), at("05-15 16:41")
BUILT = at("05-11 09:00")


def planned(lead, *, planned_at=TUESDAY, **more) -> str:
    plan = Plan(version="5.85", digest=DIGEST, planned_at=planned_at, **more)
    return plan_release(plan=plan, actor=lead.actor, now=BUILT)


def show_all(lead, *, day="2026-05-12", digest=DIGEST, at_=None) -> None:
    when = at_ or at("05-11 12:00")
    for gate in GATES:
        evidence = replace(shown(gate.name, digest=digest, day=day), at=when)
        add_evidence(evidence=evidence, actor=lead.actor, now=when)
    walk(lead, digest, when)


def walk(lead, digest, when, *, places=(Place.TEST, Place.ACCEPTANCE)) -> None:
    """Let a build pass what comes before production."""
    version = Release.objects.get(digest=digest).version
    for place in places:
        start_in(version=version, place=place, actor=lead.actor, now=when)
        finish_in(version=version, place=place, actor=lead.actor, now=when)


class TestPlanning:
    def test_a_release_waits_for_its_gates(self, lead):
        planned(lead)

        answer = check(version="5.85", actor=lead.actor, now=BUILT)

        assert answer.verdict is Verdict.REFUSED
        assert release_rows()[0].state is State.PLANNED

    def test_with_every_gate_shown_it_is_checked(self, lead):
        planned(lead)
        show_all(lead)

        answer = check(version="5.85", actor=lead.actor, now=at("05-11 13:00"))

        assert answer.verdict is Verdict.ALLOWED
        assert release_rows()[0].state is State.CHECKED

    def test_the_same_version_is_not_planned_twice(self, lead):
        planned(lead)
        with pytest.raises(VersionTaken):
            planned(lead)

    @pytest.mark.parametrize("wrong", [{"version": "-"}, {"digest": "A" * 64}, {"digest": "a"}])
    def test_what_cannot_be_right_is_refused(self, lead, wrong):
        plan = replace(Plan(version="5.85", digest=DIGEST, planned_at=TUESDAY), **wrong)
        with pytest.raises(PlanInvalid):
            plan_release(plan=plan, actor=lead.actor, now=BUILT)

    def test_what_is_not_there_is_not_found(self, lead):
        for refused in (check, start, finish, revert, withdraw, approve):
            with pytest.raises(ReleaseNotFound):
                refused(version="0.0", actor=lead.actor, now=BUILT)

    def test_a_withdrawn_one_stays_so(self, lead):
        planned(lead)
        withdraw(version="5.85", actor=lead.actor, now=BUILT)
        with pytest.raises(MoveNotAllowed):
            start(version="5.85", actor=lead.actor, now=TUESDAY)


class TestALateChange:
    def test_voids_all_evidence_and_the_approval_until_it_is_shown_again(self, lead):
        planned(lead, planned_at=TUESDAY)
        show_all(lead)
        approve(version="5.85", actor=a_colleague(Role.OPERATOR_LEAD).actor, now=BUILT)
        check(version="5.85", actor=lead.actor, now=at("05-11 13:00"))

        change_build(version="5.85", digest=EARLIER, actor=lead.actor, now=at("05-11 17:00"))

        view = release_view("5.85", TUESDAY)
        assert view.row.state is State.PLANNED
        assert view.row.approved_at is None
        assert {one.result for one in view.judgements} == {Result.INCONCLUSIVE}
        with pytest.raises(StartRefused, match="build changed since this was shown"):
            start(version="5.85", actor=lead.actor, now=TUESDAY)

        show_all(lead, digest=EARLIER, at_=at("05-12 12:00"))
        start(version="5.85", actor=lead.actor, now=TUESDAY)

    def test_going_back_to_the_first_build_does_not_bring_its_evidence_back(self, lead):
        planned(lead)
        show_all(lead)
        change_build(version="5.85", digest=EARLIER, actor=lead.actor, now=at("05-11 17:00"))
        change_build(version="5.85", digest=DIGEST, actor=lead.actor, now=at("05-11 18:00"))

        assert not any(one.is_ok for one in release_view("5.85", TUESDAY).judgements)

    def test_the_same_build_is_no_change(self, lead):
        planned(lead)
        with pytest.raises(SameBuild):
            change_build(version="5.85", digest=DIGEST, actor=lead.actor, now=BUILT)

    def test_newer_evidence_that_fails_counts(self, lead):
        planned(lead)
        show_all(lead)
        late = replace(shown("walks", failed=1), at=at("05-12 21:00"))
        add_evidence(evidence=late, actor=lead.actor, now=late.at)

        with pytest.raises(StartRefused, match="1 walks failed"):
            start(version="5.85", actor=lead.actor, now=TUESDAY)

    def test_another_day_asks_for_another_look_at_the_calendar(self, lead):
        planned(lead)
        show_all(lead)
        move_plan(version="5.85", planned_at=at("05-19 22:00"), actor=lead.actor, now=TUESDAY)

        view = release_view("5.85", TUESDAY)
        assert [one.gate for one in view.judgements if not one.is_ok] == ["outside"]


class TestStarting:
    def test_is_judged_once_more_at_the_start(self, lead):
        planned(lead)
        show_all(lead)
        assert check(version="5.85", actor=lead.actor, now=TUESDAY).verdict is Verdict.ALLOWED

        with pytest.raises(StartRefused, match="It is Friday"):
            start(version="5.85", actor=lead.actor, now=FRIDAY)

    def test_what_modules_show_is_gathered_once_more(self, lead):
        planned(lead)
        show_all(lead)
        check(version="5.85", actor=lead.actor, now=at("05-11 13:00"))

        def gather(digest, now):
            return replace(shown("certificate", digest=digest, key_fits=False), at=now)

        with (
            rewired(EVIDENCE.filled(Gatherer("certificate", gather))),
            pytest.raises(StartRefused, match="key does not fit"),
        ):
            start(version="5.85", actor=lead.actor, now=TUESDAY)
        assert StoredEvidence.objects.filter(at=TUESDAY).count() == 1

    def test_a_major_hotfix_on_friday_needs_somebody_who_did_not_build_it(self, lead):
        friday = at("05-15 22:00")
        planned(lead, planned_at=friday, hotfix_for=HotfixFor.MAJOR)
        show_all(lead, day="2026-05-15")
        with pytest.raises(ApprovalMissing):
            start(version="5.85", actor=lead.actor, now=friday)
        with pytest.raises(ApproverBuiltIt):
            approve(version="5.85", actor=lead.actor, now=friday)

        approve(version="5.85", actor=a_colleague(Role.OPERATOR_LEAD).actor, now=friday)
        start(version="5.85", actor=lead.actor, now=friday)

        assert release_rows()[0].state is State.STARTED

    def test_a_critical_that_it_does_not_mend_asks_for_a_name(self, lead):
        open_incident(component="sign-in", whole_red=True, actor=lead.actor, now=TUESDAY)
        planned(lead)
        show_all(lead)
        with pytest.raises(ApprovalMissing, match="critical incident is open"):
            start(version="5.85", actor=lead.actor, now=TUESDAY)

    def test_finished_stands_in_production_and_taken_back_no_longer(self, lead):
        planned(lead)
        show_all(lead)
        start(version="5.85", actor=lead.actor, now=TUESDAY)
        finish(version="5.85", actor=lead.actor, now=TUESDAY)
        places = ("test", "acceptance", "production")
        assert release_view("5.85", TUESDAY).stands_in == places
        second = Plan(version="5.86", digest=EARLIER, planned_at=at("05-19 22:00"))
        plan_release(plan=second, actor=lead.actor, now=at("05-18 09:00"))
        show_all(lead, digest=EARLIER, day="2026-05-19", at_=at("05-18 12:00"))
        start(version="5.86", actor=lead.actor, now=at("05-19 22:00"))
        finish(version="5.86", actor=lead.actor, now=at("05-19 22:30"))
        assert Environment.objects.get(name="production").digest == EARLIER

        revert(version="5.86", actor=lead.actor, now=at("05-19 23:00"))

        assert Environment.objects.get(name="production").digest == DIGEST

    @pytest.mark.parametrize(("result", "ends"), [("ok", True), ("failed", False)])
    def test_a_red_walk_after_the_start_keeps_it_under_way(self, lead, result, ends):
        planned(lead)
        show_all(lead)
        start(version="5.85", actor=lead.actor, now=TUESDAY)

        def gather(digest, now):
            found = shown("walks", digest=digest)
            return replace(found, at=now, result=Result(result), sentence="failed: launches.walk")

        after = Gatherer("walks", gather, environment="production", is_asked_after=True)
        with rewired(EVIDENCE.filled(after)):
            if ends:
                finish(version="5.85", actor=lead.actor, now=TUESDAY)
            else:
                with pytest.raises(NotWellAfter, match=r"launches\.walk"):
                    finish(version="5.85", actor=lead.actor, now=TUESDAY)

        assert release_rows()[0].state is (State.FINISHED if ends else State.STARTED)
        assert StoredEvidence.objects.filter(at=TUESDAY, gate="walks", result=result).exists()

    def test_what_another_machine_cannot_see_does_not_keep_it(self, lead):
        planned(lead)
        show_all(lead)
        start(version="5.85", actor=lead.actor, now=TUESDAY)

        with rewired(EVIDENCE.filled(Gatherer("walks", lambda *_: None, is_asked_after=True))):
            finish(version="5.85", actor=lead.actor, now=TUESDAY)

        assert release_rows()[0].state is State.FINISHED


RED = {"certificate": {"test_issuer": True, "issuer": "TEST CA"}, "shadow": {"denied": 31}}
TABLE = [
    ("05-11 22:00", "", {"script": {"faults": 1, "line": 214}}, "failed at line 214"),
    ("05-12 22:00", "", RED, "from a test issuer: TEST CA"),
    ("05-12 22:00", "", {}, ""),
    ("05-13 17:00", "critical", {}, "approver: People are at work"),
    ("05-13 22:00", "minor", {}, "eve of a public holiday"),
    ("05-15 16:41", "minor", {}, "It is Friday"),
    ("05-15 22:00", "major", {}, "approver: It is Friday"),
    ("05-18 06:30", "", {}, "before 07:00"),
    ("05-18 12:00", "minor", {}, "People are at work"),
    ("05-18 22:30", "critical", {}, ""),
    ("05-19 22:27", "minor", {}, ""),
]
"""When, a hotfix for what, which figures differ, and what is said; nothing: it starts."""


class TestTheTableOfTestCases:
    @pytest.mark.parametrize(("when", "fix", "changed", "said"), TABLE)
    def test_at_the_check_and_at_the_start(self, lead, when, fix, changed, said):
        now = at(when)
        planned(lead, planned_at=now, hotfix_for=HotfixFor(fix) if fix else None)
        show_all(lead, day=now.date().isoformat())
        for gate, figures in changed.items():
            late = replace(shown(gate, **figures), at=at("05-11 13:00"))
            add_evidence(evidence=late, actor=lead.actor, now=late.at)

        answer = check(version="5.85", actor=lead.actor, now=at("05-11 13:30"))

        if not said:
            assert answer.verdict is Verdict.ALLOWED
            start(version="5.85", actor=lead.actor, now=now)
            assert release_rows()[0].state is State.STARTED
            return
        sentence = said.removeprefix("approver: ")
        wanted = ApprovalMissing if said.startswith("approver") else StartRefused
        with pytest.raises(StartRefused, match=sentence) as refused:
            start(version="5.85", actor=lead.actor, now=now)
        assert type(refused.value) is wanted
        assert answer.verdict is refused.value.answer.verdict

    def test_tuesday_as_it_was_is_refused_by_three_gates(self, lead):
        planned(lead)
        show_all(lead)
        change_build(version="5.85", digest=EARLIER, actor=lead.actor, now=at("05-11 17:00"))
        show_all(lead, digest=EARLIER, at_=at("05-11 18:00"))
        stale = [replace(shown("retest", digest=DIGEST), at=at("05-11 18:30"))]
        red = [
            replace(shown(gate, digest=EARLIER, **figures), at=at("05-11 18:30"))
            for gate, figures in RED.items()
        ]
        for evidence in (*stale, *red):
            add_evidence(evidence=evidence, actor=lead.actor, now=evidence.at)

        answer = check(version="5.85", actor=lead.actor, now=TUESDAY)

        assert {reason.clause for reason in answer.reasons} == set(RED)


class TestTheRoad:
    """One build through test and acceptance to production; a new build begins anew."""

    def shown_but_for_the_road(self, lead) -> None:
        planned(lead)
        for gate in GATES:
            evidence = replace(shown(gate.name, day="2026-05-12"), at=at("05-11 12:00"))
            add_evidence(evidence=evidence, actor=lead.actor, now=evidence.at)

    def test_production_refuses_what_was_not_finished_in_acceptance(self, lead):
        self.shown_but_for_the_road(lead)
        with pytest.raises(StartRefused, match="not finished in test"):
            start(version="5.85", actor=lead.actor, now=TUESDAY)

        walk(lead, DIGEST, BUILT, places=[Place.TEST])
        start_in(version="5.85", place=Place.ACCEPTANCE, actor=lead.actor, now=BUILT)
        with pytest.raises(StartRefused, match="not finished in acceptance"):
            start(version="5.85", actor=lead.actor, now=TUESDAY)

        finish_in(version="5.85", place=Place.ACCEPTANCE, actor=lead.actor, now=BUILT)
        start(version="5.85", actor=lead.actor, now=TUESDAY)
        finish(version="5.85", actor=lead.actor, now=TUESDAY)
        road = release_view("5.85", TUESDAY).road
        assert [row.finished_at for row in road] == [BUILT, BUILT, TUESDAY]

    def test_acceptance_comes_after_test(self, lead):
        planned(lead)
        with pytest.raises(NotItsTurn, match="not finished in test"):
            start_in(version="5.85", place=Place.ACCEPTANCE, actor=lead.actor, now=BUILT)

    def test_what_did_not_start_there_is_not_finished_there(self, lead):
        planned(lead)
        with pytest.raises(NotThere):
            finish_in(version="5.85", place=Place.TEST, actor=lead.actor, now=BUILT)

    def test_a_build_that_changes_during_acceptance_begins_at_test(self, lead):
        self.shown_but_for_the_road(lead)
        walk(lead, DIGEST, BUILT, places=[Place.TEST])
        start_in(version="5.85", place=Place.ACCEPTANCE, actor=lead.actor, now=BUILT)
        change_build(version="5.85", digest=EARLIER, actor=lead.actor, now=at("05-11 17:00"))

        with pytest.raises(NotThere):
            finish_in(version="5.85", place=Place.ACCEPTANCE, actor=lead.actor, now=TUESDAY)
        with pytest.raises(NotItsTurn):
            start_in(version="5.85", place=Place.ACCEPTANCE, actor=lead.actor, now=TUESDAY)
        assert not any(row.started_at for row in release_view("5.85", TUESDAY).road)

    def test_going_back_to_the_first_build_does_not_bring_its_road_back(self, lead):
        self.shown_but_for_the_road(lead)
        walk(lead, DIGEST, BUILT)
        change_build(version="5.85", digest=EARLIER, actor=lead.actor, now=at("05-11 17:00"))
        change_build(version="5.85", digest=DIGEST, actor=lead.actor, now=at("05-11 18:00"))

        assert not any(row.started_at for row in release_view("5.85", TUESDAY).road)

    def test_a_new_trial_in_acceptance_has_to_be_finished_again(self, lead):
        planned(lead)
        show_all(lead)
        late = at("05-12 09:00")
        start_in(version="5.85", place=Place.ACCEPTANCE, actor=lead.actor, now=late)

        with pytest.raises(StartRefused, match="not finished in acceptance"):
            start(version="5.85", actor=lead.actor, now=TUESDAY)

    def test_two_people_may_pass_it_by_and_that_is_told(self, lead):
        self.shown_but_for_the_road(lead)
        names = {"first_name": "Anneke Smit", "second_name": "Bart Mulder"}
        break_glass(version="5.85", reason="x", actor=lead.actor, now=TUESDAY, **names)
        answer = start(version="5.85", actor=lead.actor, now=TUESDAY)

        assert [reason.clause for reason in answer.reasons] == ["road"]
        assert release_view("5.85", TUESDAY).broken[0].clauses == ("road",)


class TestBreakingTheGlass:
    def test_lets_this_build_through_and_stays_in_sight(self, lead):
        planned(lead)
        break_glass(
            version="5.85",
            first_name="Anneke Smit",
            second_name="Bart Mulder",
            reason="People cannot sign in.",
            actor=lead.actor,
            now=FRIDAY,
        )
        start(version="5.85", actor=lead.actor, now=FRIDAY)

        (glass,) = release_view("5.85", FRIDAY).broken
        assert glass.names == ("Anneke Smit", "Bart Mulder")
        assert {"retest", "pause", "window"} <= set(glass.clauses)

    @pytest.mark.parametrize(
        ("first", "second", "reason"),
        [("Anneke Smit", " anneke  SMIT ", "x"), ("", "Bart", "x"), ("Anneke", "Bart", " ")],
    )
    def test_takes_two_different_names_and_a_reason(self, lead, first, second, reason):
        planned(lead)
        with pytest.raises(GlassTakesTwo):
            break_glass(
                version="5.85",
                first_name=first,
                second_name=second,
                reason=reason,
                actor=lead.actor,
                now=FRIDAY,
            )

    def test_counts_for_that_build_alone(self, lead):
        planned(lead)
        names = {"first_name": "Anneke", "second_name": "Bart", "reason": "x"}
        break_glass(version="5.85", actor=lead.actor, now=BUILT, **names)
        change_build(version="5.85", digest=EARLIER, actor=lead.actor, now=TUESDAY)
        with pytest.raises(StartRefused):
            start(version="5.85", actor=lead.actor, now=TUESDAY)

    @pytest.mark.parametrize("model", [BrokenGlass, StoredEvidence])
    def test_the_database_keeps_what_was_shown_and_broken(self, lead, model):
        planned(lead)
        show_all(lead)
        names = {"first_name": "Anneke", "second_name": "Bart", "reason": "x"}
        break_glass(version="5.85", actor=lead.actor, now=BUILT, **names)
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.all().delete()
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.update(digest=EARLIER)

        assert model.objects.filter(digest=DIGEST).exists()


class TestShowing:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"gate": "mood"},
            {"environment": "laptop"},
            {"at": TUESDAY},
            {"figures": {"x": "y" * 9_000}},
        ],
    )
    def test_what_is_no_evidence_is_refused(self, lead, wrong):
        evidence = replace(shown("walks"), **wrong)
        with pytest.raises(EvidenceInvalid):
            add_evidence(evidence=evidence, actor=lead.actor, now=at("05-11 12:00"))

    def test_a_module_shows_its_own_at_a_check(self, lead):
        planned(lead)

        def gather(digest, now):
            return replace(shown("walks", digest=digest), at=now)

        with rewired(EVIDENCE.filled(Gatherer("walks", gather))):
            check(version="5.85", actor=lead.actor, now=BUILT)

        found = {one.gate: one for one in release_view("5.85", BUILT).judgements}
        assert found["walks"].is_ok

    def test_a_module_that_breaks_has_shown_nothing(self, lead):
        planned(lead)
        show_all(lead)

        def gather(digest, now):
            raise OSError("no answer")

        with rewired(EVIDENCE.filled(Gatherer("walks", gather))):
            answer = check(version="5.85", actor=lead.actor, now=at("05-11 13:00"))

        assert answer.verdict is Verdict.REFUSED
        assert [reason.clause for reason in answer.reasons] == ["walks"]


class TestAround:
    def test_says_who_is_at_work_at_the_planned_time(self, lead):
        planned(lead)
        rows = (
            ReachRow(uuid7(), "Post", "", open_from=TUESDAY - timedelta(hours=2)),
            ReachRow(uuid7(), "Praktijk", "", open_from=TUESDAY + timedelta(hours=9)),
        )
        component = Component("sign-in", "Sign-in", "A")
        with rewired(COMPONENTS.filled(component), REACH.filled(lambda *_: Served(rows, True))):
            found = release_view("5.85", BUILT).at_work

        assert (found.open_count, found.known_count) == (1, 2)

    def test_names_the_changes_of_others_within_a_day(self, lead):
        planned(lead)
        for when in (at("05-12 09:00"), at("05-15 09:00")):
            add_outside_change(
                whose="Accounts Ltd",
                what="New contract for e-mail sign-in",
                at=when,
                source="their newsletter",
                actor=lead.actor,
                now=BUILT,
            )

        assert [one.at for one in release_view("5.85", BUILT).clashes] == [at("05-12 09:00")]
        with pytest.raises(OutsideIncomplete):
            add_outside_change(
                whose=" ", what="x", at=TUESDAY, source="x", actor=lead.actor, now=BUILT
            )


class TestTheCalendarOfOthers:
    def announced(self, lead, when, *, whose="Accounts Ltd", now=BUILT):
        add_outside_change(whose=whose, what="x", at=when, source="x", actor=lead.actor, now=now)

    def outside(self):
        gates = {one.gate: one for one in release_view("5.85", TUESDAY).judgements}
        found = gates["outside"]
        return found.result, found.template.format(**found.values), found.evidence

    def test_a_look_opens_the_gate_and_names_what_clashes_nearest_first(self, lead):
        planned(lead)
        self.announced(lead, at("05-12 09:00"))
        self.announced(lead, at("05-12 23:00"), whose="Mail Ltd")
        self.announced(lead, at("05-15 09:00"), whose="Later Ltd")

        look_at_calendar(version="5.85", actor=lead.actor, now=at("05-11 12:00"))

        result, _, evidence = self.outside()
        assert result is Result.OK
        assert evidence.figures["day"] == "2026-05-12"
        assert evidence.figures["clashes"] == 2
        named = [one.partition(",")[0] for one in evidence.figures["named"]]
        assert named == ["Mail Ltd", "Accounts Ltd"]
        assert [row.whose for row in release_view("5.85", TUESDAY).clashes] == named

    def test_what_is_announced_afterwards_asks_for_another_look(self, lead):
        planned(lead)
        look_at_calendar(version="5.85", actor=lead.actor, now=at("05-11 12:00"))
        self.announced(lead, at("05-12 23:00"), now=at("05-12 09:00"))

        assert self.outside()[:2] == (
            Result.INCONCLUSIVE,
            "Announced since the calendar was looked at: Accounts Ltd.",
        )

        look_at_calendar(version="5.85", actor=lead.actor, now=at("05-12 10:00"))
        assert self.outside()[0] is Result.OK


class TestBesideAnIncident:
    def test_what_was_changed_in_the_72_hours_before_stands_nearest_first(self, lead):
        planned(lead)
        show_all(lead)
        start(version="5.85", actor=lead.actor, now=TUESDAY)
        add_outside_change(
            whose="Accounts Ltd",
            what="contract",
            at=at("05-13 08:00"),
            source="mail",
            actor=lead.actor,
            now=at("05-13 09:00"),
        )
        with rewired(CHANGES.filled(changes_between)):
            near = changes_before(at("05-13 08:38"))
            late = changes_before(TUESDAY + timedelta(hours=72, seconds=1))

        assert [change.at for change in near] == [at("05-13 08:00"), TUESDAY]
        assert [change.at for change in late] == [at("05-13 08:00")]

    def test_a_broken_glass_is_in_the_report_and_cannot_be_left_out(self, lead):
        key = open_incident(
            component="sign-in", whole_red=True, actor=lead.actor, now=at("05-13 08:38")
        )
        planned(lead, hotfix_for=HotfixFor.CRITICAL, incident_numbers=(key.number,))
        names = {"first_name": "Anneke Smit", "second_name": "Bart Mulder"}
        reason = "Nobody can sign in"
        break_glass(version="5.85", reason=reason, actor=lead.actor, now=FRIDAY, **names)

        report = report_of([key.id], "en", AuthorRole.LEAD, FRIDAY)
        hidden = report.with_blocks({Section.ACTIONS_TAKEN: "Nothing."})

        said = "Release 5.85 was let through against the rule by two people: Nobody can sign in."
        assert said in report.text
        assert "Anneke" not in report.text
        assert "glass_not_told" not in {fault.code for fault in lint(report)}
        assert "glass_not_told" in {fault.code for fault in lint(hidden)}
