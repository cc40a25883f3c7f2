"""Incidents driven at random through their operations, against a model of what must hold."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from standvast.desk.incidents.api import (
    EntryKind,
    Severity,
    State,
    acknowledge,
    add_entry,
    add_mitigation,
    move,
    on_finding,
    override_severity,
    record_call,
    set_cause,
    set_scope,
    sweep_incidents,
    tell_caller,
)
from standvast.desk.incidents.models import Call, Entry, Incident, SeverityChange
from standvast.desk.incidents.operations.paging import severity_of
from standvast.desk.incidents.rules.states import OPEN
from standvast.desk.incidents.testing import a_desk, a_finding, on_call
from standvast.kit.errors import Refused
from standvast.registry.organisations.testing import an_organisation

BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
components = st.sampled_from(["consults", "coverage", "mail"])


class IncidentMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint._from_testcase = True
        self.savepoint.__enter__()
        self.desk = a_desk()
        self.lead = self.desk.__enter__()
        on_call("first_line", self.lead, now=BEGIN, hours=10_000)
        self.practices = [an_organisation().id for _ in range(4)]
        self.now = BEGIN
        self.red: dict[str, object] = {}
        self.calls_count = 0
        self.entries: dict[object, tuple] = {}
        self.rule: dict[object, str] = {}

    def teardown(self) -> None:
        self.desk.__exit__(None, None, None)
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    def some(self, data: st.DataObject) -> Incident:
        return data.draw(st.sampled_from(list(Incident.objects.order_by("number"))))

    @rule(component=components, caller=st.integers(0, 3), again=st.booleans())
    def somebody_calls(self, component: str, caller: int, again: bool) -> None:
        key = f"{component}-{self.calls_count}"
        for _ in range(2 if again else 1):
            record_call(
                actor=self.lead.actor,
                via="phone",
                component=component,
                text="Stuk.",
                organisation_id=self.practices[caller],
                key=key,
                now=self.now,
            )
        self.calls_count += 1

    @rule(component=components)
    def a_probe_goes_red(self, component: str) -> None:
        if component not in self.red:
            self.red[component] = a_finding(component, at=self.now)
        on_finding(self.red[component], self.now)

    @precondition(lambda self: self.red)
    @rule(data=st.data())
    def a_probe_goes_green(self, data: st.DataObject) -> None:
        component = data.draw(st.sampled_from(sorted(self.red)))
        found = self.red.pop(component)
        ended = a_finding(component, at=found.opened_at, ended_at=self.now, finding_id=found.id)
        on_finding(ended, self.now)

    @precondition(lambda self: Incident.objects.exists())
    @rule(data=st.data(), goal=st.sampled_from(State), reason=st.sampled_from(["", "Daarom."]))
    def an_operator_moves_one(self, data: st.DataObject, goal: State, reason: str) -> None:
        incident = self.some(data)
        try:
            move(
                incident_id=incident.id,
                target=goal,
                reason=reason,
                actor=self.lead.actor,
                now=self.now,
            )
        except Refused:
            assert Incident.objects.get(id=incident.id).state == incident.state

    @precondition(lambda self: Incident.objects.exists())
    @rule(data=st.data(), act=st.sampled_from(["ack", "cause", "help", "try", "tell"]))
    def an_operator_acts(self, data: st.DataObject, act: str) -> None:
        incident = self.some(data)
        who = {"incident_id": incident.id, "actor": self.lead.actor, "now": self.now}
        try:
            match act:
                case "ack":
                    acknowledge(**who)
                case "cause":
                    set_cause(**who, trigger="Iets", cause="Iets anders")
                case "help":
                    add_mitigation(**who, kind="workaround", text="Bel.", rest_is_listed=True)
                case "try":
                    add_entry(**who, kind=EntryKind.WITHOUT_EFFECT, text="Herstart.")
                case "tell":
                    for call in Call.objects.filter(incident=incident):
                        tell_caller(
                            call_id=call.id,
                            reached=True,
                            still_broken=False,
                            actor=self.lead.actor,
                            now=self.now,
                        )
        except Refused:
            pass

    @precondition(lambda self: Incident.objects.exists())
    @rule(data=st.data(), severity=st.sampled_from(Severity))
    def a_person_sets_the_severity(self, data: st.DataObject, severity: Severity) -> None:
        incident = self.some(data)
        override_severity(
            incident_id=incident.id,
            severity=severity,
            reason="Zo is het.",
            actor=self.lead.actor,
            now=self.now,
        )
        assert severity_of(Incident.objects.get(id=incident.id)) is severity

    @precondition(lambda self: Incident.objects.exists())
    @rule(data=st.data())
    def a_person_narrows_the_scope(self, data: st.DataObject) -> None:
        incident = self.some(data)
        set_scope(
            incident_id=incident.id,
            variants=["deel"],
            used_share=0.01,
            reason="Minder.",
            actor=self.lead.actor,
            now=self.now,
        )
        self.rule.pop(incident.id, None)

    @rule(minutes=st.integers(1, 2_000))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        sweep_incidents(self.now)

    @invariant()
    def the_rule_never_sinks_by_itself(self) -> None:
        for incident in Incident.objects.all():
            before = self.rule.get(incident.id)
            if before is not None:
                assert Severity(incident.rule_severity).rank >= Severity(before).rank
            self.rule[incident.id] = incident.rule_severity

    @invariant()
    def no_call_is_lost_or_doubled(self) -> None:
        assert Call.objects.count() == self.calls_count
        assert not Call.objects.filter(incident=None).exists()

    @invariant()
    def the_timeline_only_grows(self) -> None:
        rows = {row[0]: row for row in Entry.objects.values_list("id", "kind", "at", "texts")}
        assert all(rows.get(key) == row for key, row in self.entries.items())
        self.entries = rows

    @invariant()
    def one_incident_per_scope_and_none_solved_while_red(self) -> None:
        open_ones = Incident.objects.filter(state__in=[state.value for state in OPEN])
        scopes = list(open_ones.values_list("component", flat=True))
        reopened = open_ones.filter(reopened_at__isnull=False).exists()
        assert reopened or len(scopes) == len(set(scopes))
        for incident in Incident.objects.filter(state="solved"):
            assert incident.restored_at is not None

    @invariant()
    def people_are_told_of_whatever_was_ever_major(self) -> None:
        for incident in Incident.objects.filter(state="reported"):
            if severity_of(incident).rank >= 2:
                assert incident.told_at is not None


class TestIncidentMachine(IncidentMachine.TestCase, TestCase):  # type: ignore[misc,valid-type]
    settings = settings(max_examples=12, stateful_step_count=18, deadline=None)


@pytest.mark.django_db
class TestAppendOnly:
    @pytest.fixture
    def entry(self):
        with a_desk() as lead:
            record_call(
                actor=lead.actor,
                via="phone",
                component="mail",
                text="Geen mail.",
                contact="x",
                now=BEGIN,
            )
            yield Entry.objects.first()

    @pytest.mark.parametrize("model", [Entry, SeverityChange])
    def test_the_table_refuses_changes_and_removal(self, model, entry):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.update(at=BEGIN)
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.all().delete()
