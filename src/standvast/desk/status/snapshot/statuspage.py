"""The public facts in the shape of Statuspage v2, which others' tools read. Pure."""

from datetime import datetime

from standvast.desk.status.rules import NoticeKind, PublicState, indicator, text_in
from standvast.desk.status.slots import PublicEntry
from standvast.desk.status.snapshot.facts import PublicComponent, PublicFacts, PublicNotice

Json = dict[str, object]
PAGE_ID = "standvast"
DESCRIPTIONS = {
    "none": "All Systems Operational",
    "minor": "Minor Service Outage",
    "major": "Partial System Outage",
    "critical": "Major Service Outage",
}
LANGUAGE = "en"


def documents(facts: PublicFacts, *, address: str, zone: str) -> dict[str, Json]:
    """Return every document by its address below `/api/v2/`."""
    page = _page(facts, address, zone)
    status = _status(facts)
    components = [_component(c, place, facts.at) for place, c in enumerate(facts.components, 1)]
    incidents = [_incident(entry, facts, address) for entry in facts.entries]
    unresolved = [i for i in incidents if i["resolved_at"] is None]
    planned = [_maintenance(n, facts, address) for n in facts.notices if _is_maintenance(n)]
    upcoming = [m for m in planned if m["status"] == "scheduled"]
    active = [m for m in planned if m["status"] == "in_progress"]
    return {
        "summary.json": {
            "page": page,
            "status": status,
            "components": components,
            "incidents": unresolved,
            "scheduled_maintenances": planned,
        },
        "status.json": {"page": page, "status": status},
        "components.json": {"page": page, "components": components},
        "incidents.json": {"page": page, "incidents": incidents},
        "incidents/unresolved.json": {"page": page, "incidents": unresolved},
        "scheduled-maintenances.json": {"page": page, "scheduled_maintenances": planned},
        "scheduled-maintenances/upcoming.json": {
            "page": page,
            "scheduled_maintenances": upcoming,
        },
        "scheduled-maintenances/active.json": {"page": page, "scheduled_maintenances": active},
    }


def _page(facts: PublicFacts, address: str, zone: str) -> Json:
    return {
        "id": PAGE_ID,
        "name": "Standvast",
        "url": f"{address}/status/",
        "time_zone": zone,
        "updated_at": facts.at.isoformat(),
    }


def _status(facts: PublicFacts) -> Json:
    found = indicator(component.state for component in facts.components)
    return {"indicator": found, "description": DESCRIPTIONS[found]}


def _component(component: PublicComponent, position: int, at: datetime) -> Json:
    known = component.state is not PublicState.NOT_KNOWN
    status = component.state if known else PublicState.DEGRADED
    return {
        "id": component.slug,
        "name": component.title,
        "status": status.value,
        "is_known": known,
        "updated_at": (component.since or at).isoformat(),
        "position": position,
        "description": ", ".join(component.red_variants) or None,
        "showcase": True,
        "group": False,
        "group_id": None,
        "page_id": PAGE_ID,
        "only_show_if_degraded": False,
    }


def _incident(entry: PublicEntry, facts: PublicFacts, address: str) -> Json:
    updates = [
        {
            "id": update.id,
            "incident_id": entry.id,
            "status": update.state,
            "body": text_in(update.texts, LANGUAGE),
            "created_at": update.at.isoformat(),
            "display_at": update.at.isoformat(),
            "updated_at": update.at.isoformat(),
        }
        for update in entry.updates
    ]
    latest = max((update.at for update in entry.updates), default=entry.began_at)
    return {
        "id": entry.id,
        "name": text_in(entry.titles, LANGUAGE) or entry.number,
        "status": entry.state,
        "impact": entry.impact,
        "created_at": entry.began_at.isoformat(),
        "started_at": entry.began_at.isoformat(),
        "updated_at": latest.isoformat(),
        "monitoring_at": next(
            (u.at.isoformat() for u in entry.updates if u.state == "monitoring"), None
        ),
        "resolved_at": entry.resolved_at.isoformat() if entry.resolved_at else None,
        "shortlink": f"{address}/status/#{entry.number}",
        "page_id": PAGE_ID,
        "incident_updates": updates,
        "components": [
            _component(c, place, facts.at)
            for place, c in enumerate(facts.components, 1)
            if c.slug in entry.components
        ],
    }


def _is_maintenance(notice: PublicNotice) -> bool:
    return notice.kind == NoticeKind.MAINTENANCE


def _maintenance(notice: PublicNotice, facts: PublicFacts, address: str) -> Json:
    begun = notice.from_at <= facts.at
    return {
        "id": str(notice.id),
        "name": text_in(notice.texts, LANGUAGE),
        "status": "in_progress" if begun else "scheduled",
        "impact": "maintenance",
        "scheduled_for": notice.from_at.isoformat(),
        "scheduled_until": notice.until_at.isoformat() if notice.until_at else None,
        "created_at": notice.from_at.isoformat(),
        "updated_at": notice.from_at.isoformat(),
        "monitoring_at": None,
        "resolved_at": None,
        "shortlink": f"{address}/status/",
        "page_id": PAGE_ID,
        "incident_updates": [],
        "components": [
            _component(c, place, facts.at)
            for place, c in enumerate(facts.components, 1)
            if c.slug in notice.components
        ],
    }
