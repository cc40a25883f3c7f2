"""Paging: rows that fall due, sent over lane `desk.page` to whoever is on duty then."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone, translation
from django.utils.translation import gettext

from standvast.core.delivery.api import enqueue, mail_message
from standvast.desk.incidents.models import Duty, Incident, Page
from standvast.desk.incidents.records import (
    component_of,
    desk_actor,
    texts_of,
    write_entry,
)
from standvast.desk.incidents.rules.behaviour import BEHAVIOUR, page_at
from standvast.desk.incidents.rules.entries import EntryKind
from standvast.desk.incidents.rules.severity import SEVERITY_TITLES, Severity, as_class, effective
from standvast.desk.incidents.slots import window
from standvast.kit.errors import Refused
from standvast.kit.words import marked

log = logging.getLogger(__name__)

LANE = "desk.page"
PAGES_AT_ONCE = 50
ROLE_TITLES = {
    "first_line": marked("first line"),
    "second_line": marked("second line"),
    "product_owner": marked("product owner"),
}
WHY = {
    "declared": marked("a new incident"),
    "raised": marked("the severity went up"),
    "not_acknowledged": marked("nobody has acknowledged it"),
    "no_effect": marked("an attempt had no effect"),
    "expired": marked("the acknowledgement has expired"),
    "undertaking": marked("an undertaking is due now"),
    "override": marked("the rule has risen above the severity set by hand"),
}


def severity_of(incident: Incident) -> Severity:
    """Return the incident's effective severity."""
    override = Severity(incident.override_severity) if incident.override_severity else None
    return effective(Severity(incident.rule_severity), override)


def page_for_severity(incident: Incident, *, severity: Severity, why: str, now: datetime) -> None:
    """Plan the pages that this severity asks for, and send those that are due."""
    due_at = page_at(
        severity,
        as_class(incident.function_class),
        callers_count=incident.callers_count,
        now=now,
        window=window(),
    )
    if due_at is None:
        return
    column = BEHAVIOUR[severity]
    plan_page(incident, role="first_line", why=why, due_at=due_at)
    has_it = incident.acknowledged_until is not None and incident.acknowledged_until > now
    for role, minutes in (
        ()
        if has_it
        else (("second_line", column.second_after), ("product_owner", column.owner_after))
    ):
        if minutes is not None:
            plan_page(
                incident,
                role=role,
                why="not_acknowledged",
                due_at=due_at + timedelta(minutes=minutes),
                unless_acknowledged=True,
            )
    send_due(now=now, incident=incident)


def hasten_pages(incident: Incident, *, now: datetime) -> None:
    """Page now what was to wait for the desk to open, when a second caller makes it urgent."""
    due_at = page_at(
        severity_of(incident),
        as_class(incident.function_class),
        callers_count=incident.callers_count,
        now=now,
        window=window(),
    )
    if due_at != now:
        return
    waiting = Page.objects.filter(
        incident=incident,
        role="first_line",
        why__in=["declared", "raised"],
        due_at__gt=now,
        sent_at=None,
        dropped_at=None,
    )
    if waiting.update(due_at=now):
        send_due(now=now, incident=incident)


def plan_page(
    incident: Incident,
    *,
    role: str,
    why: str,
    due_at: datetime,
    unless_acknowledged: bool = False,
) -> None:
    """Add a page; the same reason at the same instant adds one."""
    assert connection.in_atomic_block, "a page belongs in the transaction that calls for it"
    Page.objects.get_or_create(
        key=f"{incident.number}:{role}:{why}:{due_at:%Y%m%dT%H%M%S}",
        defaults={
            "incident": incident,
            "role": role,
            "why": why,
            "due_at": due_at,
            "unless_acknowledged": unless_acknowledged,
        },
    )


def drop_pages(incident: Incident, *, now: datetime, only_unacknowledged: bool) -> None:
    """Drop pages that are no longer needed: somebody has it, or it is over."""
    waiting = Page.objects.filter(incident=incident, sent_at=None, dropped_at=None)
    if only_unacknowledged:
        waiting = waiting.filter(unless_acknowledged=True)
    waiting.update(dropped_at=now)


def on_duty(role: str, now: datetime) -> Duty | None:
    """Return who holds the role now; the duty that began last, where two overlap."""
    held = Duty.objects.filter(role=role, from_at__lte=now, until_at__gt=now)
    return held.select_related("person").order_by("-from_at").first()


def send_due(*, now: datetime, incident: Incident | None = None) -> int:
    """Hand due pages to the lane, each once, to whoever is on duty; return how many.

    Nobody on duty in the role: the next role is paged. Nobody at all: the page stays due and
    goes out as soon as somebody is on duty.
    """
    assert connection.in_atomic_block, "a page is sent in the transaction that settles it"
    due = Page.objects.filter(due_at__lte=now, sent_at=None, dropped_at=None)
    if incident is not None:
        due = due.filter(incident=incident)
    sent_count = 0
    for page in due.select_for_update(skip_locked=True, of=("self",)).select_related("incident")[
        :PAGES_AT_ONCE
    ]:
        duty = next((held for role in _from(page.role) if (held := on_duty(role, now))), None)
        if duty is None:
            continue
        try:
            _send(page, duty, now=now)
        except Refused as refused:
            # An incident is declared whatever the lane says; the page stays due.
            log.warning("page_not_sent key=%s code=%s", page.key, refused.code)
            continue
        sent_count += 1
    return sent_count


def _from(role: str) -> tuple[str, ...]:
    roles = tuple(ROLE_TITLES)
    return roles[roles.index(role) :] + tuple(reversed(roles[: roles.index(role)]))


def _send(page: Page, duty: Duty, *, now: datetime) -> None:
    incident = page.incident
    language = duty.person.language
    with translation.override(language):
        title = gettext(component_of(incident.component).title)
        subject = gettext("{number} {severity}: {component}").format(
            number=incident.number,
            severity=gettext(SEVERITY_TITLES[severity_of(incident)]),
            component=title,
        )
        text = gettext(
            "{component}: {why}. Reported at {time}. Open {address} and acknowledge it."
        ).format(
            component=title,
            why=gettext(WHY[page.why]),
            time=timezone.localtime(incident.found_at).strftime("%H:%M"),
            address=f"{settings.ADDRESS}/desk/incidents/{incident.number}/",
        )
        if incident.is_exercise:
            subject = gettext("EXERCISE") + " " + subject
    message = mail_message(
        key=f"page:{page.key}",
        to=duty.address,
        language=language,
        subject=subject,
        text=text,
        html="",
    )
    message = replace(message, lane=LANE)
    enqueue(
        lane=message.lane,
        subject=message.subject,
        key=message.key,
        payload=message.payload,
        urgency=message.urgency,
        now=now,
    )
    page.sent_at, page.person_id = now, duty.person_id
    page.save(update_fields=["sent_at", "person_id"])
    write_entry(
        incident,
        EntryKind.PAGED,
        texts_of(
            marked("Paged the {role}: {why}."), role=ROLE_TITLES[duty.role], why=WHY[page.why]
        ),
        now=now,
        actor=desk_actor(),
        source="sweep",
    )
