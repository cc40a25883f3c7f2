"""Reports end to end: from a replayed night to a linted, approved, printed report."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from standvast.core.health.models import Finding
from standvast.desk.incidents.api import (
    FOLLOW_UP,
    Counted,
    EntryKind,
    NotYetClosed,
    State,
    acknowledge,
    add_entry,
    count_recovery,
    move,
    set_cause,
    settle_undertaking,
    undertake,
)
from standvast.desk.incidents.testing import a_desk
from standvast.desk.incidents.tests.golden import FILLINGS, at, replay
from standvast.desk.reports import gathering
from standvast.desk.reports.api import (
    AuthorRole,
    Form,
    HasFaults,
    Section,
    add_action,
    approve_report,
    close_action,
    follow_up_of,
    html_of,
    lint,
    make_report,
    mark_changed,
    markdown_of,
    pdf_of,
    record_no_action,
    record_run,
    report_of,
    report_view,
    save_blocks,
)
from standvast.desk.reports.models import Action, StoredReport
from standvast.desk.reports.operations.following import ActionIncomplete, ActionNotFound
from standvast.desk.reports.operations.reporting import ReportApproved, ReportStale, write_again
from standvast.desk.reports.rules.actions import ProofMissing

pytestmark = pytest.mark.django_db
NIGHT = "2024-06-03 "
MORNING = at("2024-06-03 09:00")
LINES = [
    {"name": "confirmed_p95", "value": 0.4, "unit": "s", "target": 2, "passed": True},
    {"name": "lost", "value": 0, "unit": "", "target": 0, "passed": True},
]


@pytest.fixture
def lead():
    with a_desk(*FILLINGS, FOLLOW_UP.filled(follow_up_of)) as found:
        yield found


@pytest.fixture
def night(lead):
    """Case 004-1 to its proven end: acknowledged, cause, fix, walks, counts, undertaking kept."""
    told = replay("004-1", lead)
    incident_id = told.incident("mail").id
    who = {"actor": lead.actor, "incident_id": incident_id}
    acknowledge(**who, now=at(NIGHT + "00:05"))
    promised = undertake(
        **who, to="praktijken", due_at=at(NIGHT + "02:00"), now=at(NIGHT + "00:10")
    )
    set_cause(
        **who,
        trigger="De mailserver nam berichten traag aan.",
        cause="De wachtrij van de mailserver liep vol.",
        guard="De meting van aanname tot aflevering.",
        now=at(NIGHT + "00:40"),
    )
    add_entry(**who, kind=EntryKind.FIX, text="Mailserver hersteld.", now=at(NIGHT + "01:10"))
    move(**who, target=State.RESTORED, now=at(NIGHT + "01:10"))
    told.green("mail", NIGHT + "01:10", NIGHT + "01:30")
    count_recovery(**who, counted=Counted("mail", 5000, 5000, 5000, 0, 0), now=at(NIGHT + "01:25"))
    settle_undertaking(
        undertaking_id=promised, how="Bericht geplaatst.", actor=lead.actor, now=at(NIGHT + "01:30")
    )
    move(**who, target=State.SOLVED, now=at(NIGHT + "01:30"))
    return incident_id


def an_action(incident_id, lead, **fields):
    return add_action(
        **{
            "incident_id": incident_id,
            "kind": "prevent",
            "text": "De bestelling wacht niet meer op de mail.",
            "owner": "producteigenaar",
            "due_on": date(2024, 7, 1),
            "proof_kind": "drill",
            "proof": "opening-night",
            "actor": lead.actor,
            "now": MORNING,
            **fields,
        }
    )


def a_run(lead, **fields):
    return record_run(
        **{
            "name": "opening-night",
            "scale": "300",
            "verdict": "passed",
            "twin_verdict": "failed",
            "lines": LINES,
            "at": MORNING + timedelta(hours=1),
            "actor": lead.actor,
            "now": MORNING + timedelta(hours=1),
            **fields,
        }
    )


class TestGoldenCase004:
    @pytest.mark.parametrize("language", ["nl", "fr", "en"])
    def test_produces_a_report_without_fault(self, night, lead, language):
        an_action(night, lead)
        a_run(lead)

        report = report_of([night], language, AuthorRole.LEAD, MORNING + timedelta(hours=2))

        assert [str(fault) for fault in lint(report)] == []
        text = markdown_of(report)
        assert "ST-2024-001" in text
        assert "5000" in text
        assert lead.person.get_full_name() not in text

    def test_says_that_nothing_is_lost_only_with_the_drills_proof(self, night, lead):
        an_action(night, lead)
        before = report_of([night], "nl", AuthorRole.LEAD, MORNING)
        assert "niets verloren" not in before.blocks[Section.IMPACT]

        a_run(lead)

        after = report_of([night], "nl", AuthorRole.LEAD, MORNING + timedelta(hours=2))
        assert "niets verloren" in after.blocks[Section.IMPACT]

    def test_becomes_a_pdf_for_the_archive_and_html_without_code(self, night, lead):
        an_action(night, lead, text="<script>alert(1)</script> #panic() *vet*")
        report = report_of([night], "nl", AuthorRole.LEAD, MORNING)

        html = html_of(report)
        assert "<script" not in html
        assert "&lt;script&gt;" in html
        made = pdf_of(report)
        assert made.startswith(b"%PDF-")
        assert b"pdfaid:part" in made
        letter = pdf_of(replace(report, form=Form.LETTER, language="fr"))
        assert letter.startswith(b"%PDF-")

    def test_closes_the_incident_only_with_an_approved_report(self, night, lead):
        an_action(night, lead)
        a_run(lead)
        report_id = make_report(
            incident_ids=[night],
            language="nl",
            author_role=AuthorRole.LEAD,
            actor=lead.actor,
            now=MORNING,
        )
        closing = {
            "incident_id": night,
            "target": State.CLOSED,
            "actor": lead.actor,
            "now": MORNING + timedelta(hours=2),
        }
        with pytest.raises(NotYetClosed):
            move(**closing)

        approve_report(report_id=report_id, version=1, actor=lead.actor, now=MORNING)
        move(**closing)


class TestStoredReport:
    @pytest.fixture
    def report_id(self, night, lead):
        return make_report(
            incident_ids=[night],
            language="nl",
            author_role=AuthorRole.LEAD,
            actor=lead.actor,
            now=MORNING,
        )

    def test_keeps_its_facts_as_they_were(self, report_id, night, lead):
        kept = report_view(report_id).report
        fresh = report_of([night], "nl", AuthorRole.LEAD, MORNING)

        assert kept == replace(fresh, facts=kept.facts)
        assert kept.fingerprint == fresh.fingerprint
        assert gathering.from_json(gathering.to_json(fresh.facts)) == kept.facts

    def test_is_not_approved_with_a_fault(self, report_id, lead):
        assert {fault.code for fault in report_view(report_id).faults} == {"cause_without_action"}
        with pytest.raises(HasFaults):
            approve_report(report_id=report_id, version=1, actor=lead.actor, now=MORNING)
        with pytest.raises(IntegrityError), transaction.atomic():
            StoredReport.objects.update(approved_at=MORNING)

    def test_counts_faults_anew_when_rewritten_and_refuses_a_stale_page(self, report_id, lead):
        save = {"report_id": report_id, "actor": lead.actor, "now": MORNING}
        count = save_blocks(**save, blocks={Section.IMPACT: "17 praktijken, 00:01."}, version=1)
        assert count == 2
        with pytest.raises(ReportStale):
            save_blocks(**save, blocks={Section.IMPACT: "Niets."}, version=1)

    def test_does_not_change_once_approved(self, report_id, night, lead):
        record_no_action(
            incident_id=night, because="de oefening dekt het.", actor=lead.actor, now=MORNING
        )
        write_again(report_id=report_id, actor=lead.actor, now=MORNING)
        approve_report(report_id=report_id, version=2, actor=lead.actor, now=MORNING)
        with pytest.raises(ReportApproved):
            save_blocks(
                report_id=report_id,
                blocks={Section.IMPACT: "Anders."},
                version=2,
                actor=lead.actor,
                now=MORNING,
            )


class TestActions:
    @pytest.mark.parametrize(
        "lacking",
        [{"owner": ""}, {"due_on": None}, {"proof": " "}, {"proof_kind": "hope"}, {"text": ""}],
    )
    def test_are_refused_when_incomplete(self, lacking, night, lead):
        with pytest.raises(ActionIncomplete):
            an_action(night, lead, **lacking)

    def test_table_refuses_an_incomplete_one_too(self, night, lead):
        an_action(night, lead)
        with pytest.raises(IntegrityError), transaction.atomic():
            Action.objects.update(owner="")

    @pytest.mark.parametrize(
        "run",
        [
            None,
            {"verdict": "failed"},
            {"twin_verdict": "passed"},
            {"twin_verdict": "not_run"},
            {"name": "keyserver"},
            {"at": MORNING - timedelta(hours=1)},
        ],
    )
    def test_close_only_by_a_run_that_proves_them(self, run, night, lead):
        action_id = an_action(night, lead)
        mark_changed(action_id=action_id, actor=lead.actor, now=MORNING)
        if run is not None:
            a_run(lead, **run)

        with pytest.raises(ProofMissing):
            close_action(action_id=action_id, actor=lead.actor, now=MORNING + timedelta(hours=2))

        a_run(lead, at=MORNING + timedelta(hours=3), now=MORNING + timedelta(hours=3))
        close_action(action_id=action_id, actor=lead.actor, now=MORNING + timedelta(hours=4))
        with pytest.raises(ActionNotFound):
            close_action(action_id=action_id, actor=lead.actor, now=MORNING + timedelta(hours=4))


def test_a_component_that_was_red_is_not_said_to_have_worked(night, lead):
    report = report_of([night], "nl", AuthorRole.LEAD, MORNING)
    assert "Ordering" in {titles["en"] for titles in report.facts.still_working}
    Finding.objects.create(
        kind="down", target="ordering", began_at=at(NIGHT + "00:30"), opened_at=at(NIGHT + "00:30")
    )

    again = report_of([night], "nl", AuthorRole.LEAD, MORNING)

    assert "Ordering" not in {titles["en"] for titles in again.facts.still_working}
