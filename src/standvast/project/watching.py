"""What the watch looks at and does by itself: components, edges, probes, sweeps."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from django.conf import settings

from standvast.core.certificates import api as certificates
from standvast.core.delivery import api as delivery
from standvast.core.health import api as health
from standvast.core.health.api import Component, Edge, Probe, ProbeContext, Sweep
from standvast.core.journal import api as journal
from standvast.core.lobby import api as lobby
from standvast.desk.incidents import api as incidents
from standvast.desk.status import api as status
from standvast.kit.words import marked
from standvast.registry.people import api as people
from standvast.registry.staff import api as staff
from standvast.registry.tidings import api as tidings

SIGN_IN = "/accounts/login/"
MAIL_EVERY_S = 10.0
MAIL_SLOW_S = 5.0
"""A mail server that takes longer than this to accept one message is slow."""
LANE_OLD_S = 60.0
"""A mail that has waited longer than this is late."""

HAS_SUPPLIER = bool(settings.ADDRESS_CHECK_URL)
ROAD = Component("release-line", marked("The road to test"), "B", audience="internal")
COMPONENTS: tuple[Component, ...] = (
    *people.parts_of_people(has_supplier=HAS_SUPPLIER),
    Component("mail", marked("Mail"), "C"),
    Component("account-mail", marked("Mails about your account"), "B"),
    Component("pagers", marked("Pages to people on duty"), "A", audience="internal"),
    Component("pages", marked("Pages"), "A", audience="internal"),
    Component("couriers", marked("Couriers"), "B", audience="internal"),
    Component("watch", marked("Watch"), "B", audience="internal"),
    Component("database", marked("Database"), "A", audience="internal"),
    Component(certificates.COMPONENT, marked("Certificates"), "B", audience="internal"),
    *((ROAD,) if settings.RELEASE_ROAD else ()),
)

EDGES: tuple[Edge, ...] = (
    Edge(
        "pages",
        "database",
        hard=True,
        still_works=marked("The status page and what is open on screen stay readable."),
    ),
    Edge(
        "sign-in",
        "database",
        hard=True,
        still_works=marked("What is open on screen stays readable; the status page goes on."),
    ),
    Edge(
        "account-mail",
        "mail",
        hard=True,
        still_works=marked("People who are signed in go on; a colleague can end a membership."),
    ),
    *people.edges_of_people(has_supplier=HAS_SUPPLIER),
)


def _oldest_s(lane: str) -> Callable[[ProbeContext], Awaitable[float | None]]:
    """Return a reader of how long the oldest delivery of a lane has waited."""

    def read(now: datetime) -> float | None:
        return delivery.lane_view(lane, now).oldest_age_s

    return health.from_django(read)


def lane_probe(lane: str, target: str) -> Probe:
    """Return the look at a lane's oldest delivery: red when it has waited over a minute."""
    return health.figure_probe(
        f"lane.{lane}.{target}",
        target,
        read=_oldest_s(lane),
        red_over=LANE_OLD_S,
        template=marked("{target}: the oldest has waited {figure} s, {bound} s is the bound."),
        code="health.lane_old",
    )


def address(path: str) -> str:
    """Return a page's address as people reach it."""
    return str(settings.ADDRESS).rstrip("/") + path


def road_probes(places: Sequence[str]) -> tuple[Probe, ...]:
    """Return a look at each installation that a build passes on its way to people."""
    return tuple(
        health.http_probe(f"release-line.{number}", ROAD.slug, url=f"{place.rstrip('/')}/readyz")
        for number, place in enumerate(places, start=1)
    )


def probes() -> tuple[Probe, ...]:
    """Return every probe of this installation."""
    expected = settings.EXPECTED
    return (
        health.smtp_probe(
            "mail.accepts",
            "mail",
            host=lambda: str(settings.MAIL_HOST),
            port=lambda: int(settings.MAIL_PORT),
            sender=settings.PROBE_MAIL,
            to=settings.PROBE_MAIL,
            slow_after_s=MAIL_SLOW_S / settings.PROBE_PACE,
            interval_s=MAIL_EVERY_S / settings.PROBE_PACE,
        ),
        *health.database_probes(),
        health.http_probe("pages.ready", "pages", url=lambda: address("/readyz")),
        health.http_probe(
            "pages.database",
            "pages>database",
            url=lambda: address("/readyz"),
            without_database=False,
        ),
        health.http_probe(
            "sign-in.database",
            "sign-in>database",
            url=lambda: address("/readyz"),
            without_database=False,
        ),
        health.http_probe("sign-in.page", "sign-in", url=lambda: address(SIGN_IN)),
        health.http_probe(
            "second-factor.sign-in", "second-factor>sign-in", url=lambda: address(SIGN_IN)
        ),
        health.http_probe("reset.pages", "reset>pages", url=lambda: address("/readyz")),
        *people.probes_of_people(has_supplier=HAS_SUPPLIER),
        health.processes_probe("serve", "pages", expected_count=expected["serve"]),
        health.processes_probe("courier", "couriers", expected_count=expected["courier"]),
        health.processes_probe("watch", "watch", expected_count=expected["watch"]),
        health.errors_probe("pages"),
        health.figure_probe(
            "journal.strays",
            "database",
            variant="journal",
            read=health.from_django(lambda _: float(journal.stray_count())),
            red_over=0.0,
            template=marked("{figure} journal entries lie outside their month's partition."),
            code="journal.strays",
        ),
        certificates.looked_at_probe(),
        lane_probe(incidents.PAGE_LANE.name, "pagers"),
        lane_probe(incidents.EVENTS_LANE.name, "couriers"),
        lane_probe("mail", "account-mail"),
        lane_probe("mail", "account-mail>mail"),
        lane_probe("mail", "reset>account-mail"),
        *road_probes(settings.RELEASE_ROAD),
    )


SWEEPS: tuple[Sweep, ...] = (
    Sweep("delivery", 1.0, delivery.sweep, deadline_s=20.0),
    Sweep("lobby", 1.0, lobby.sweep, deadline_s=10.0),
    *people.SWEEPS_OF_PEOPLE,
    staff.SWEEP_OF_STAFF,
    tidings.SWEEP_OF_TIDINGS,
    Sweep("journal.partitions", 3_600.0, journal.ensure_partitions),
    incidents.SWEEP_OF_INCIDENTS,
    Sweep("status.snapshot", 2.0, status.write_snapshot),
    certificates.SWEEP_OF_CERTIFICATES,
    Sweep("health.purge", 3_600.0, health.purge),
)
