"""The five reports as steps: calls, findings and acts, each at the report's own time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from standvast.core.health.api import PROBES
from standvast.core.health.models import Observation as Look
from standvast.core.health.testing import a_probe
from standvast.desk.incidents.api import (
    REACH,
    Counted,
    EntryKind,
    Outcome,
    ReachRow,
    Served,
    State,
    acknowledge,
    add_entry,
    add_mitigation,
    count_recovery,
    move,
    on_finding,
    reach_milestone,
    record_attempt,
    record_call,
    set_cause,
    set_log_over,
    set_scope,
    settle_undertaking,
    start_round,
    tell_caller,
    undertake,
)
from standvast.desk.incidents.models import Call, Callback, Incident, Undertaking
from standvast.desk.incidents.testing import a_finding
from standvast.registry.access.testing import AtWork
from standvast.registry.organisations.testing import an_organisation

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def at(text: str) -> datetime:
    """Read `2023-08-19 16:30` as Amsterdam's clock shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


PROBED = (
    a_probe("consults"),
    a_probe("launches", "diagnostics"),
    a_probe("launches", "orders"),
    a_probe("coverage"),
    a_probe("claims"),
    a_probe("reset", "user-name"),
    a_probe("reset", "e-mail address"),
    a_probe("release-line"),
    a_probe("sign-in"),
    a_probe("referrals"),
    a_probe("eforms", "node-1"),
    a_probe("eforms", "node-2"),
    a_probe("mail"),
    a_probe("ordering"),
)

P1, P2, P3, P4 = "Post 1", "Post 2", "Post 3", "Post 4"


@dataclass
class Replay:
    """One report being replayed: who acts, the callers by name, the findings by target."""

    lead: AtWork
    callers: dict[str, object] = field(default_factory=dict)
    findings: dict[str, object] = field(default_factory=dict)

    def caller(self, name: str) -> object:
        if name not in self.callers:
            self.callers[name] = an_organisation(name=name).id
        return self.callers[name]

    def call(
        self, component: str, name: str, when: str, *, variant: str = "", via: str = "service_desk"
    ):
        return record_call(
            actor=self.lead.actor,
            via=via,
            component=component,
            variant=variant,
            text="Het werkt niet.",
            organisation_id=self.caller(name),
            now=at(when),
        )

    def incident(self, component: str) -> Incident:
        return Incident.objects.filter(component=component).latest("declared_at")

    def red(self, target: str, when: str, variant: str = "") -> None:
        finding = a_finding(target, at=at(when), variant=variant)
        self.findings[f"{target}/{variant}"] = finding
        on_finding(finding, at(when))

    def green(self, target: str, since: str, until: str, variant: str = "") -> None:
        """The probe's looks, one a minute, and the end of its finding if there was one."""
        look, end = at(since), at(until)
        looks = []
        while look <= end:
            looks.append(
                Look(
                    probe=f"{target}.{variant or 'whole'}",
                    at=look,
                    verdict="green",
                    duration_ms=9,
                )
            )
            look += timedelta(minutes=1)
        Look.objects.bulk_create(looks)
        if (finding := self.findings.pop(f"{target}/{variant}", None)) is not None:
            from dataclasses import replace

            on_finding(replace(finding, ended_at=at(since)), at(since))

    def to(self, component: str, state: State, when: str, reason: str = "") -> None:
        move(
            incident_id=self.incident(component).id,
            target=state,
            actor=self.lead.actor,
            reason=reason,
            now=at(when),
        )

    def acknowledge(self, component: str, when: str) -> None:
        acknowledge(incident_id=self.incident(component).id, actor=self.lead.actor, now=at(when))

    def tell_all(self, component: str, when: str) -> None:
        for call in Call.objects.filter(incident=self.incident(component)):
            tell_caller(
                call_id=call.id,
                reached=True,
                still_broken=False,
                actor=self.lead.actor,
                now=at(when),
            )


def posts_of_000(component: str, _variants: object, now: datetime) -> Served | None:
    """P1 closes 17:00, P2 22:00, P4 23:00, P3 is open all night, change of shift at 23:00."""
    if component != "consults":
        return None
    closing = {P1: at("2023-08-19 17:00"), P2: at("2023-08-19 22:00"), P4: at("2023-08-19 23:00")}
    night = now >= at("2023-08-19 23:00")
    ids = {name: an_id for an_id, name in enumerate((P1, P2, P3, P4), start=1)}
    import uuid

    rows = [
        ReachRow(
            organisation_id=uuid.UUID(int=ids[name]),
            name=name,
            contact="night doctor" if name == P3 and night else "day doctor",
            open_until=closing.get(name),
        )
        for name in (P1, P2, P3, P4)
    ]
    return Served(rows)


def steps_000() -> dict[str, Callable[[Replay], None]]:
    def round_of(r: Replay, when: str) -> None:
        start_round(incident_id=r.incident("consults").id, actor=r.lead.actor, now=at(when))

    def c3(r: Replay) -> None:
        r.acknowledge("consults", "2023-08-19 16:45")
        add_entry(
            incident_id=r.incident("consults").id,
            kind=EntryKind.WITHOUT_EFFECT,
            text="Herstart van de proxy, zonder gevolg.",
            actor=r.lead.actor,
            now=at("2023-08-19 16:50"),
        )

    def c4(r: Replay) -> None:
        add_mitigation(
            incident_id=r.incident("consults").id,
            kind="closure",
            text="Het spreekuur is gesloten.",
            owner="dienstdoende",
            actor=r.lead.actor,
            now=at("2023-08-19 18:30"),
        )
        round_of(r, "2023-08-19 18:30")

    def c5(r: Replay) -> None:
        round_of(r, "2023-08-19 22:00")
        undertake(
            incident_id=r.incident("consults").id,
            to="posten",
            due_at=at("2023-08-20 09:00"),
            actor=r.lead.actor,
            now=at("2023-08-19 22:00"),
        )

    def c6(r: Replay) -> None:
        set_cause(
            incident_id=r.incident("consults").id,
            trigger="De proxy viel uit.",
            cause="Alle sleutels liepen over één proxy.",
            actor=r.lead.actor,
            now=at("2023-08-19 23:15"),
        )
        r.to("consults", State.RESTORED, "2023-08-19 23:15")

    def c7(r: Replay) -> None:
        r.green("consults", "2023-08-19 23:15", "2023-08-19 23:30")
        round_of(r, "2023-08-19 23:30")
        row = Callback.objects.get(round=3)
        record_attempt(
            callback_id=row.id,
            outcome=Outcome.REACHED,
            actor=r.lead.actor,
            now=at("2023-08-19 23:30"),
        )
        r.tell_all("consults", "2023-08-19 23:30")
        settle_undertaking(
            undertaking_id=Undertaking.objects.get(due_at=at("2023-08-20 09:00")).id,
            how="Hersteld; gebeld met de dienstdoende.",
            actor=r.lead.actor,
            now=at("2023-08-19 23:30"),
        )
        r.to("consults", State.SOLVED, "2023-08-19 23:30")

    return {
        "000-1": lambda r: r.call("consults", P1, "2023-08-19 16:30") and None,
        "000-2": lambda r: r.call("consults", P2, "2023-08-19 16:41") and None,
        "000-3": c3,
        "000-4": c4,
        "000-5": c5,
        "000-6": c6,
        "000-7": c7,
    }


def steps_001() -> dict[str, Callable[[Replay], None]]:
    wed, fri, mon, tue = "2026-05-13", "2026-05-15", "2026-05-18", "2026-05-19"

    def c2(r: Replay) -> None:
        r.call("launches", "Praktijk 2", f"{wed} 08:50", variant="orders")
        r.call("launches", "Praktijk 3", f"{wed} 08:50", variant="diagnostics")
        log_over(r, "launches", f"{wed} 08:40", f"{wed} 08:50")

    def log_over(r: Replay, component: str, since: str | None, now: str) -> None:
        set_log_over(
            incident_id=r.incident(component).id,
            over_since=at(since) if since else None,
            actor=r.lead.actor,
            now=at(now),
        )

    def c4(r: Replay) -> None:
        r.call("coverage", "Praktijk 4", f"{wed} 10:54")
        log_over(r, "coverage", f"{wed} 10:39", f"{wed} 10:54")

    def c5(r: Replay) -> None:
        r.call("reset", "Praktijk 6", f"{wed} 11:27", variant="e-mail address")
        r.call("reset", "Praktijk 7", f"{wed} 11:27", variant="e-mail address")

    def c6(r: Replay) -> None:
        r.red("release-line", f"{wed} 13:43")
        r.acknowledge("release-line", f"{wed} 13:44")

    def c7(r: Replay) -> None:
        r.green("release-line", f"{wed} 15:14", f"{wed} 15:30")
        r.to("release-line", State.RESTORED, f"{wed} 15:14")
        r.to("release-line", State.SOLVED, f"{wed} 15:30")
        for component in ("launches", "coverage", "reset"):
            r.acknowledge(component, f"{wed} 16:00")
            log_over(r, component, None, f"{wed} 17:00")
            r.to(component, State.RESTORED, f"{wed} 17:00")

    def c8(r: Replay) -> None:
        r.green("coverage", f"{wed} 17:00", f"{wed} 17:30")
        r.green("launches", f"{wed} 17:00", f"{wed} 17:30", variant="orders")
        r.green("reset", f"{wed} 17:00", f"{wed} 17:30", variant="user-name")
        r.red("launches", f"{wed} 17:05", variant="diagnostics")
        r.red("reset", f"{wed} 17:05", variant="e-mail address")
        for component in ("coverage", "launches", "reset"):
            r.tell_all(component, f"{wed} 17:20")
        r.to("coverage", State.SOLVED, f"{wed} 17:30")

    def c9(r: Replay) -> None:
        r.call("reset", "Praktijk 5", f"{fri} 09:00", variant="e-mail address")
        r.call("launches", "Praktijk 2", f"{fri} 09:00", variant="diagnostics")
        r.call("launches", "Praktijk 8", f"{fri} 09:00", variant="diagnostics")

    def c10(r: Replay) -> None:
        r.to("reset", State.INVESTIGATING, f"{fri} 09:05", "Nog steeds stuk voor e-mailadressen.")
        r.green("reset", f"{fri} 12:30", f"{fri} 12:50", variant="e-mail address")
        r.green("reset", f"{fri} 12:30", f"{fri} 12:50", variant="user-name")
        r.to("reset", State.RESTORED, f"{fri} 12:30")
        r.tell_all("reset", f"{fri} 12:45")
        r.to("reset", State.SOLVED, f"{fri} 12:50")

    def c11(r: Replay) -> None:
        set_scope(
            incident_id=r.incident("launches").id,
            variants=["diagnostics"],
            used_share=0.02,
            reason="Nog één koppeling, weinig gebruikt.",
            actor=r.lead.actor,
            now=at(f"{fri} 16:41"),
        )

    def c13(r: Replay) -> None:
        r.call("claims", "Praktijk 10", f"{mon} 09:39")
        r.call("claims", "Praktijk 11", f"{mon} 09:39")

    def c14(r: Replay) -> None:
        r.acknowledge("claims", f"{mon} 09:45")
        set_cause(
            incident_id=r.incident("claims").id,
            trigger="Release 5.85",
            cause="Een strengere toegangsregel.",
            actor=r.lead.actor,
            now=at(f"{mon} 11:52"),
        )
        add_mitigation(
            incident_id=r.incident("claims").id,
            kind="workaround",
            text="Rechten gezet voor wie belde.",
            covered_count=3,
            affected_count=9,
            actor=r.lead.actor,
            now=at(f"{mon} 13:17"),
        )

    def c15(r: Replay) -> None:
        r.to("claims", State.RESTORED, f"{mon} 22:30")
        r.green("claims", f"{tue} 08:30", f"{tue} 09:00")
        r.tell_all("claims", f"{tue} 09:00")
        r.to("claims", State.SOLVED, f"{tue} 09:00")

    def c16(r: Replay) -> None:
        r.to("launches", State.INVESTIGATING, f"{tue} 10:00", "Eén koppeling is nog stuk.")
        r.to("launches", State.RESTORED, f"{tue} 22:27")
        r.green("launches", f"{tue} 22:27", f"{tue} 22:45", variant="diagnostics")
        r.green("launches", f"{tue} 22:27", f"{tue} 22:45", variant="orders")

    return {
        "001-1": lambda r: (
            r.call("launches", "Praktijk 1", f"{wed} 08:39", variant="orders") and None
        ),
        "001-2": c2,
        "001-3": lambda r: (
            r.call("reset", "Praktijk 5", f"{wed} 09:32", variant="e-mail address") and None
        ),
        "001-4": c4,
        "001-5": c5,
        "001-6": c6,
        "001-7": c7,
        "001-8": c8,
        "001-9": c9,
        "001-10": c10,
        "001-11": c11,
        "001-12": lambda r: r.call("claims", "Praktijk 9", f"{mon} 08:09") and None,
        "001-13": c13,
        "001-14": c14,
        "001-15": c15,
        "001-16": c16,
    }


def steps_002() -> dict[str, Callable[[Replay], None]]:
    def c1(r: Replay) -> None:
        r.call("sign-in", "Praktijk 1", "2024-05-06 08:10")
        r.call("sign-in", "Praktijk 2", "2024-05-06 08:10")
        r.red("sign-in", "2024-05-06 08:10")

    def c2(r: Replay) -> None:
        r.acknowledge("sign-in", "2024-05-06 08:12")
        r.green("sign-in", "2024-05-06 11:00", "2024-05-06 11:05")
        set_scope(
            incident_id=r.incident("sign-in").id,
            component="referrals",
            variants=[],
            used_share=None,
            reason="Inloggen lukt; verwijzingen afronden is traag.",
            actor=r.lead.actor,
            now=at("2024-05-06 11:05"),
        )

    def c3(r: Replay) -> None:
        r.to("referrals", State.RESTORED, "2024-05-08 10:00")

    return {"002-1": c1, "002-2": c2, "002-3": c3}


def steps_003() -> dict[str, Callable[[Replay], None]]:
    day = "2022-07-01"

    def c1(r: Replay) -> None:
        r.call("eforms", "Softwarehuis", f"{day} 09:15", via="chain")
        r.acknowledge("eforms", f"{day} 09:16")
        r.to("eforms", State.RESTORED, f"{day} 09:16")
        for node in ("node-1", "node-2"):
            r.green("eforms", f"{day} 09:16", f"{day} 09:31", variant=node)
        r.tell_all("eforms", f"{day} 09:31")
        r.to("eforms", State.SOLVED, f"{day} 09:31")

    def c5(r: Replay) -> None:
        incident_id = r.incident("eforms").id
        r.acknowledge("eforms", f"{day} 13:35")
        for step, when, by in (
            ("registratie", "15:00", ""),
            ("doorsturen", "16:30", ""),
            ("bevestigd", "17:30", "Sciensano"),
        ):
            reach_milestone(
                incident_id=incident_id,
                step=step,
                needs_far_side=step == "bevestigd",
                confirmed_by=by,
                at=at(f"{day} {when}"),
                actor=r.lead.actor,
                now=at(f"{day} {when}"),
            )
        r.to("eforms", State.RESTORED, f"{day} 17:30")
        for node in ("node-1", "node-2"):
            r.green("eforms", f"{day} 17:30", f"{day} 18:00", variant=node)
        count_recovery(
            incident_id=incident_id,
            counted=Counted("pharmacy.forms", 4500, 4000, 4000, 0, 0),
            actor=r.lead.actor,
            now=at(f"{day} 18:00"),
        )

    def c4(r: Replay) -> None:
        r.red("eforms", f"{day} 13:30", variant="node-1")

    return {
        "003-1": c1,
        "003-2": lambda r: (
            r.call("basic-services", "eHealthplatform", f"{day} 12:00", via="chain") and None
        ),
        "003-3": lambda r: r.red("eforms", f"{day} 13:15", variant="node-2"),
        "003-4": c4,
        "003-5": c5,
    }


def steps_004() -> dict[str, Callable[[Replay], None]]:
    def c2(r: Replay) -> None:
        r.call("ordering", "Praktijk 1", "2024-06-03 00:05", via="app")
        r.call("ordering", "Praktijk 2", "2024-06-03 00:05", via="app")

    return {
        "004-1": lambda r: r.red("mail", "2024-06-03 00:01"),
        "004-2": c2,
    }


SCRIPTS = {
    "000": steps_000,
    "001": steps_001,
    "002": steps_002,
    "003": steps_003,
    "004": steps_004,
}
FILLINGS = (PROBES.filled(*PROBED), REACH.filled(posts_of_000))


def replay(case: str, lead: AtWork) -> Replay:
    """Replay a report from its first case up to and including this one."""
    told = Replay(lead)
    for name, step in SCRIPTS[case[:3]]().items():
        step(told)
        if name == case:
            return told
    raise AssertionError(f"no case {case}")
