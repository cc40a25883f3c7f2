"""Section 7's table of the facts, row by row; each replays its report up to the row.

What a row asks of a module that does not exist yet stands in LATER, by name, and is not asserted.
"""

from datetime import timedelta

import pytest

from standvast.desk.incidents.api import (
    Counted,
    NotYetSolved,
    State,
    add_mitigation,
    count_recovery,
    sweep_incidents,
)
from standvast.desk.incidents.models import Callback, Incident, Page, SeverityChange
from standvast.desk.incidents.operations.paging import severity_of
from standvast.desk.incidents.queries.lists import day_start, open_incidents
from standvast.desk.incidents.rules.states import MoveNotAllowed
from standvast.desk.incidents.testing import a_desk, on_call
from standvast.desk.incidents.tests.golden import FILLINGS, P2, P3, P4, at, replay

pytestmark = pytest.mark.django_db

CASES = {
    # case: (component, rule, effective, state)
    "000-1": ("consults", "major", "major", "reported"),
    "000-2": ("consults", "critical", "critical", "reported"),
    "000-3": ("consults", "critical", "critical", "investigating"),
    "000-4": ("consults", "critical", "critical", "mitigated"),
    "000-5": ("consults", "critical", "critical", "mitigated"),
    "000-6": ("consults", "critical", "critical", "restored"),
    "000-7": ("consults", "critical", "critical", "solved"),
    "001-1": ("launches", "major", "major", "reported"),
    "001-2": ("launches", "critical", "critical", "reported"),
    "001-3": ("reset", "minor", "minor", "reported"),
    "001-4": ("coverage", "critical", "critical", "reported"),
    "001-5": ("reset", "major", "major", "reported"),
    "001-6": ("release-line", "critical", "critical", "investigating"),
    "001-7": ("coverage", "critical", "critical", "restored"),
    "001-8": ("coverage", "critical", "critical", "solved"),
    "001-9": ("launches", "critical", "critical", "restored"),
    "001-10": ("reset", "major", "major", "solved"),
    "001-11": ("launches", "minor", "minor", "restored"),
    "001-12": ("claims", "major", "major", "reported"),
    "001-13": ("claims", "critical", "critical", "reported"),
    "001-14": ("claims", "critical", "critical", "cause_known"),
    "001-15": ("claims", "critical", "critical", "solved"),
    "001-16": ("launches", "minor", "minor", "restored"),
    "002-1": ("sign-in", "critical", "critical", "reported"),
    "002-2": ("referrals", "critical", "critical", "investigating"),
    "002-3": ("referrals", "critical", "critical", "restored"),
    "003-1": ("eforms", "major", "major", "solved"),
    "003-2": ("basic-services", "major", "major", "reported"),
    "003-3": ("eforms", "major", "major", "reported"),
    "003-4": ("eforms", "critical", "critical", "reported"),
    "003-5": ("eforms", "critical", "critical", "restored"),
    "004-1": ("mail", "major", "major", "reported"),
    "004-2": ("ordering", "critical", "critical", "reported"),
}
LATER = {
    "001-7": "the release manager's consent: releases",
    "001-11": "a release on Friday is refused: releases",
    "002-1": "the way back still open: switchover",
    "002-3": "one whole green peak, late deliveries listed: switchover",
    "002-4": "known-problem notice without an incident: status, maintenance",
    "003-4": "the plan's steps ticked with times: crisis plan",
    "003-5": "restart slot proposed at 22:00 or later: maintenance",
}


@pytest.fixture
def lead():
    with a_desk(*FILLINGS) as found:
        yield found


@pytest.mark.parametrize("case", CASES)
def test_rule_and_state_are_as_the_table_says(case, lead):
    component, rule, effective, state = CASES[case]

    told = replay(case, lead)

    incident = told.incident(component)
    assert (incident.rule_severity, severity_of(incident), incident.state) == (
        rule,
        effective,
        state,
    )


class TestReport000:
    @pytest.fixture(autouse=True)
    def duty(self, lead):
        for role in ("first_line", "second_line", "product_owner"):
            on_call(role, lead, now=at("2023-08-19 16:00"))

    def pages(self, **fields):
        return list(
            Page.objects.filter(sent_at__isnull=False, **fields).values_list("role", "sent_at")
        )

    def test_1_pages_at_once_out_of_hours_and_starts_telling(self, lead):
        told = replay("000-1", lead)

        incident = told.incident("consults")
        assert self.pages() == [("first_line", at("2023-08-19 16:30"))]
        assert incident.told_at == at("2023-08-19 16:30")
        assert incident.found_by == "call"

    def test_2_pages_a_second_person_when_not_acknowledged_in_five_minutes(self, lead):
        replay("000-2", lead)

        sweep_incidents(at("2023-08-19 16:45"))
        assert self.pages(role="second_line") == []
        sweep_incidents(at("2023-08-19 16:46"))
        assert self.pages(role="second_line") == [("second_line", at("2023-08-19 16:46"))]

    def test_3_an_attempt_without_effect_pages_the_product_owner_in_a_quarter(self, lead):
        replay("000-3", lead)

        sweep_incidents(at("2023-08-19 17:04"))
        assert self.pages(role="product_owner") == []
        sweep_incidents(at("2023-08-19 17:05"))
        assert self.pages(role="product_owner") == [("product_owner", at("2023-08-19 17:05"))]
        assert self.pages(role="second_line") == []

    @pytest.mark.parametrize(
        ("case", "round_", "expected"),
        [
            ("000-4", 1, [(P2, "day doctor"), (P4, "day doctor"), (P3, "day doctor")]),
            ("000-5", 2, [(P4, "day doctor"), (P3, "day doctor")]),
            ("000-7", 3, [(P3, "night doctor")]),
        ],
    )
    def test_lists_only_posts_that_are_open_then(self, case, round_, expected, lead):
        replay(case, lead)

        rows = Callback.objects.filter(round=round_).order_by("place")
        assert [(row.organisation_name, row.contact) for row in rows] == expected

    def test_5_a_missed_undertaking_is_warned_of_and_pages(self, lead):
        told = replay("000-5", lead)
        undertaking = told.incident("consults").undertakings.get(by_rhythm=False)
        assert undertaking.due_at == at("2023-08-20 09:00")

        sweep_incidents(at("2023-08-20 08:50"))
        undertaking.refresh_from_db()
        assert undertaking.warned_at == at("2023-08-20 08:50")
        sweep_incidents(at("2023-08-20 09:00"))
        undertaking.refresh_from_db()
        assert undertaking.missed_at == at("2023-08-20 09:00")
        assert Page.objects.filter(why="undertaking", sent_at=at("2023-08-20 09:00")).exists()

    def test_6_knowing_the_cause_after_a_workaround_keeps_its_stamp(self, lead):
        incident = replay("000-6", lead).incident("consults")

        assert incident.mitigated_at == at("2023-08-19 18:30")
        assert incident.cause_known_at == at("2023-08-19 23:15")
        assert incident.restored_at == at("2023-08-19 23:15")

    def test_7_lasts_seven_hours_and_the_undertaking_stays_on_the_day_start(self, lead):
        incident = replay("000-7", lead).incident("consults")

        assert incident.solved_at - incident.began_at == timedelta(hours=7)
        [row] = day_start(at("2023-08-20 07:00"))
        assert (row.due_at, row.settled_at) == (at("2023-08-20 09:00"), at("2023-08-19 23:30"))


class TestReport001:
    def test_2_is_critical_eleven_minutes_after_the_first_call(self, lead):
        incident = replay("001-2", lead).incident("launches")

        change = SeverityChange.objects.get(incident=incident, after="critical")
        assert change.at - incident.found_at == timedelta(minutes=11)

    def test_3_does_not_page(self, lead):
        incident = replay("001-3", lead).incident("reset")

        assert not Page.objects.filter(incident=incident).exists()

    def test_5_tells_people_within_five_minutes(self, lead):
        incident = replay("001-5", lead).incident("reset")

        assert incident.told_at <= at("2026-05-13 11:32")

    def test_6_stays_inside_and_is_solved_at_half_past_three(self, lead):
        told = replay("001-7", lead)

        incident = told.incident("release-line")
        assert (incident.audience, incident.told_at) == ("internal", None)
        assert incident.solved_at == at("2026-05-13 15:30")

    @pytest.mark.parametrize(
        ("component", "sentence"),
        [
            ("launches", "Links to other systems, diagnostics: red"),
            ("reset", "Password reset, e-mail address: red"),
        ],
    )
    def test_8_names_what_is_still_red(self, component, sentence, lead, settings):
        settings.LANGUAGE_CODE = "en"
        told = replay("001-8", lead)

        with pytest.raises(NotYetSolved) as refused:
            told.to(component, State.SOLVED, "2026-05-13 17:30")

        assert sentence in [str(gap) for gap in refused.value.missing]

    def test_9_joins_the_calls_to_incidents_that_were_never_solved(self, lead):
        before = replay("001-8", lead)
        count = Incident.objects.count()

        for call in ("reset", "launches"):
            taken = before.call(call, "Praktijk 2", "2026-05-15 09:00")
            assert not taken.is_new_incident

        assert Incident.objects.count() == count

    def test_11_sinks_by_a_narrower_scope_with_its_author(self, lead):
        incident = replay("001-11", lead).incident("launches")

        change = SeverityChange.objects.filter(incident=incident).latest("at")
        assert (change.before, change.after, change.reason) == ("critical", "minor", "scope")
        assert change.person_id == lead.person.id
        assert incident.callers_count == 2

    def test_13_is_ranked_above_the_launch(self, lead):
        replay("001-13", lead)

        ranked = [row.component for row in open_incidents(at("2026-05-18 09:40"))]
        assert ranked.index("claims") < ranked.index("launches")

    def test_14_a_workaround_for_those_who_called_covers_not_all(self, lead):
        told = replay("001-14", lead)
        incident = told.incident("claims")
        assert incident.mitigated_at is None

        add_mitigation(
            incident_id=incident.id,
            kind="workaround",
            text="De anderen staan op de bellijst.",
            covered_count=3,
            affected_count=9,
            rest_is_listed=True,
            actor=lead.actor,
            now=at("2026-05-18 13:30"),
        )

        incident.refresh_from_db()
        assert incident.state == State.MITIGATED
        with pytest.raises(MoveNotAllowed):
            told.to("claims", State.SOLVED, "2026-05-18 13:31")

    def test_16_is_solved_once_its_callers_were_told(self, lead):
        told = replay("001-16", lead)
        with pytest.raises(NotYetSolved):
            told.to("launches", State.SOLVED, "2026-05-19 22:45")

        told.tell_all("launches", "2026-05-19 22:50")
        told.to("launches", State.SOLVED, "2026-05-19 22:50")

        assert told.incident("launches").solved_at == at("2026-05-19 22:50")


class TestReport003:
    def test_1_comes_by_the_chain_and_is_over_in_about_a_quarter(self, lead):
        incident = replay("003-1", lead).incident("eforms")

        assert incident.found_by == "chain"
        assert incident.solved_at - incident.found_at < timedelta(minutes=20)

    def test_3_is_linked_to_the_morning_and_red_per_node(self, lead):
        incident = replay("003-3", lead).incident("eforms")

        assert incident.same_as.found_by == "chain"
        assert incident.variants == ["node-2"]

    def test_5_is_not_solved_before_the_backlog_is_gone(self, lead):
        told = replay("003-5", lead)
        incident = told.incident("eforms")
        assert list(incident.milestones.order_by("at").values_list("step", "at")) == [
            ("registratie", at("2022-07-01 15:00")),
            ("doorsturen", at("2022-07-01 16:30")),
            ("bevestigd", at("2022-07-01 17:30")),
        ]
        with pytest.raises(NotYetSolved) as refused:
            told.to("eforms", State.SOLVED, "2022-07-01 18:00")
        assert "4000 of 4500" in str(refused.value.missing[0])

        count_recovery(
            incident_id=incident.id,
            counted=Counted("pharmacy.forms", 4500, 4500, 4500, 0, 0),
            actor=lead.actor,
            now=at("2022-07-01 18:10"),
        )
        told.to("eforms", State.SOLVED, "2022-07-01 18:10")

    def test_5_is_not_solved_before_the_far_side_confirms(self, lead):
        told = replay("003-5", lead)
        told.incident("eforms").milestones.filter(step="bevestigd").update(confirmed_by="")

        with pytest.raises(NotYetSolved) as refused:
            told.to("eforms", State.SOLVED, "2022-07-01 18:00")

        assert "bevestigd: not confirmed yet" in [str(gap) for gap in refused.value.missing]


class TestReport004:
    def test_1_tells_people_and_leaves_ordering_alone(self, lead):
        told = replay("004-1", lead)

        incident = told.incident("mail")
        assert incident.told_at == at("2024-06-03 00:01")
        assert incident.found_by == "probe"
        assert not Incident.objects.filter(component="ordering").exists()

    def test_1_is_one_incident_however_many_mails(self, lead):
        told = replay("004-1", lead)
        for minute in range(2, 9):
            told.red("mail", f"2024-06-03 00:0{minute}")

        assert Incident.objects.count() == 1
