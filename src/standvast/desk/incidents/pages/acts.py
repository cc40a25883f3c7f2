"""What operators do with an incident: one small form per act, one operation per form."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms

from standvast.desk.incidents import act_forms as small
from standvast.desk.incidents import forms as large
from standvast.desk.incidents import help_forms as helping
from standvast.desk.incidents.operations import (
    callbacks,
    calling,
    counting,
    joining,
    mitigating,
    moving,
    noting,
    undertaking,
    weighing,
)
from standvast.desk.incidents.queries.detail import incident_id_of
from standvast.desk.incidents.rules.callbacks import Outcome
from standvast.desk.incidents.rules.entries import EntryKind
from standvast.desk.incidents.rules.proofs import Counted
from standvast.desk.incidents.rules.severity import Severity
from standvast.desk.incidents.rules.states import State
from standvast.kit.actor import Actor

Run = Callable[[uuid.UUID, Mapping[str, Any], Actor, datetime], object]


@dataclass(frozen=True)
class Act:
    """One thing to do: its form and the operation behind it."""

    form: type[forms.Form]
    run: Run


def _entry(id_: uuid.UUID, data: Mapping[str, Any], actor: Actor, now: datetime) -> object:
    return noting.add_entry(
        incident_id=id_,
        kind=EntryKind(data["kind"]),
        text=data["text"],
        at=data["at"],
        pinned=data["pinned"],
        actor=actor,
        now=now,
    )


def _news(id_: uuid.UUID, data: Mapping[str, Any], actor: Actor, now: datetime) -> object:
    return noting.add_entry(
        incident_id=id_,
        kind=EntryKind.NEWS,
        text="",
        texts=_said(data),
        pinned=True,
        actor=actor,
        now=now,
    )


def _said(data: Mapping[str, Any]) -> dict[str, str]:
    return {code: data[code] for code in ("nl", "fr", "en") if data[code].strip()}


def _severity(id_: uuid.UUID, data: Mapping[str, Any], actor: Actor, now: datetime) -> object:
    if data["severity"] == large.BY_RULE:
        return weighing.drop_override(incident_id=id_, actor=actor, now=now)
    return weighing.override_severity(
        incident_id=id_,
        severity=Severity(data["severity"]),
        reason=data["reason"],
        actor=actor,
        now=now,
    )


def _scope(id_: uuid.UUID, data: Mapping[str, Any], actor: Actor, now: datetime) -> object:
    percent = data["used_percent"]
    return weighing.set_scope(
        incident_id=id_,
        variants=[part.strip()[:80] for part in data["variants"].split(",") if part.strip()],
        used_share=None if percent is None else percent / 100,
        reason=data["reason"],
        actor=actor,
        now=now,
    )


def _move(id_: uuid.UUID, data: Mapping[str, Any], actor: Actor, now: datetime) -> object:
    return moving.move(
        incident_id=id_,
        target=State(data["target"]),
        reason=data["reason"],
        at=data["at"],
        actor=actor,
        now=now,
    )


def _closure(id_: uuid.UUID, data: Mapping[str, Any], actor: Actor, now: datetime) -> object:
    return mitigating.close_for_incident(
        incident_id=id_,
        function=data["function"],
        organisation_ids=None,
        texts=_said(data),
        reason=data["reason"],
        owner=data["owner"],
        ends_on=data["ends_on"],
        actor=actor,
        now=now,
    )


def _tell(_: uuid.UUID, data: Mapping[str, Any], actor: Actor, now: datetime) -> object:
    reached = data["answer"] != "missed"
    return calling.tell_caller(
        call_id=data["call"],
        reached=reached,
        still_broken=data["answer"] == "broken" if reached else None,
        actor=actor,
        now=now,
    )


def _recovery(id_: uuid.UUID, data: Mapping[str, Any], actor: Actor, now: datetime) -> object:
    return counting.count_recovery(incident_id=id_, counted=Counted(**data), actor=actor, now=now)


def _attempt(_: uuid.UUID, data: Mapping[str, Any], actor: Actor, now: datetime) -> object:
    return callbacks.record_attempt(
        callback_id=data["callback"], outcome=Outcome(data["outcome"]), actor=actor, now=now
    )


def _as_given(operation: Callable[..., object]) -> Run:
    """Return a runner for an operation whose arguments are the form's fields."""
    return lambda id_, data, actor, now: operation(incident_id=id_, actor=actor, now=now, **data)


ACTS: dict[str, Act] = {
    "acknowledge": Act(small.NothingForm, _as_given(moving.acknowledge)),
    "entry": Act(large.EntryForm, _entry),
    "news": Act(large.NewsForm, _news),
    "cause": Act(large.CauseForm, _as_given(noting.set_cause)),
    "severity": Act(large.SeverityForm, _severity),
    "scope": Act(large.ScopeForm, _scope),
    "move": Act(large.MoveForm, _move),
    "mitigation": Act(helping.MitigationForm, _as_given(mitigating.add_mitigation)),
    "closure": Act(helping.ClosureForm, _closure),
    "end-mitigation": Act(
        small.MitigationEndForm,
        lambda _, data, actor, now: mitigating.end_mitigation(
            mitigation_id=data["mitigation"], actor=actor, now=now
        ),
    ),
    "undertake": Act(small.UndertakingForm, _as_given(undertaking.undertake)),
    "settle": Act(
        small.SettleForm,
        lambda _, data, actor, now: undertaking.settle_undertaking(
            undertaking_id=data["undertaking"], how=data["how"], actor=actor, now=now
        ),
    ),
    "round": Act(small.NothingForm, _as_given(callbacks.start_round)),
    "attempt": Act(small.AttemptForm, _attempt),
    "tell": Act(small.TellForm, _tell),
    "move-call": Act(
        small.MoveCallForm,
        lambda _, data, actor, now: calling.move_call(
            call_id=data["call"],
            incident_id=incident_id_of(data["number"]),
            actor=actor,
            now=now,
        ),
    ),
    "milestone": Act(small.MilestoneForm, _as_given(counting.reach_milestone)),
    "recovery": Act(small.RecoveryForm, _recovery),
    "handling": Act(small.HandlingForm, _as_given(noting.set_handling)),
    "walk": Act(small.WalkForm, _as_given(moving.mark_walked)),
    "merge": Act(
        small.OtherForm,
        lambda id_, data, actor, now: joining.merge(
            incident_id=id_, into_id=incident_id_of(data["number"]), actor=actor, now=now
        ),
    ),
    "same-as": Act(
        small.OtherForm,
        lambda id_, data, actor, now: joining.mark_same_as(
            incident_id=id_, earlier_id=incident_id_of(data["number"]), actor=actor, now=now
        ),
    ),
    "without-report": Act(small.WithoutReportForm, _as_given(moving.close_without_report)),
}
