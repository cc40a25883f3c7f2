"""What the watch looks at and does by itself: components, edges, probes, sweeps."""

from django.conf import settings

from standvast.care.campaigns import api as campaigns
from standvast.core.delivery import api as delivery
from standvast.core.health import api as health
from standvast.core.health.api import Component, Edge, Probe, Sweep
from standvast.core.journal import api as journal
from standvast.core.lobby import api as lobby
from standvast.kit.words import marked

MAIL_SLOW_S = 5.0
"""A mail server that takes longer than this to accept one message is slow."""
PROBE_ADDRESS = "probe@standvast.example"
DAY_S = 86_400.0

COMPONENTS: tuple[Component, ...] = (
    Component("sign-in", marked("Signing in"), "A"),
    Component("mail", marked("Mail"), "C"),
    Component("pages", marked("Pages"), "A", audience="internal"),
    Component("couriers", marked("Couriers"), "B", audience="internal"),
    Component("watch", marked("Watch"), "B", audience="internal"),
    Component("database", marked("Database"), "A", audience="internal"),
    *campaigns.PARTS,
)

EDGES: tuple[Edge, ...] = (
    Edge(
        "pages",
        "database",
        hard=True,
        still_works=marked("The status page and what is open on screen stay readable."),
    ),
    *campaigns.EDGES_OF_CAMPAIGNS,
)


def _address(path: str) -> str:
    return str(settings.ADDRESS).rstrip("/") + path


def probes() -> tuple[Probe, ...]:
    """Return every probe of this installation."""
    expected = settings.EXPECTED
    return (
        health.smtp_probe(
            "mail.accepts",
            "mail",
            host=lambda: str(settings.MAIL_HOST),
            port=lambda: int(settings.MAIL_PORT),
            sender=PROBE_ADDRESS,
            to=PROBE_ADDRESS,
            slow_after_s=MAIL_SLOW_S,
        ),
        *health.database_probes(),
        health.http_probe("pages.ready", "pages", url=lambda: _address("/readyz")),
        health.http_probe(
            "pages.database",
            "pages>database",
            url=lambda: _address("/readyz"),
            without_database=False,
        ),
        health.http_probe("sign-in.page", "sign-in", url=lambda: _address("/accounts/login/")),
        health.processes_probe("serve", "pages", expected_count=expected["serve"]),
        health.processes_probe("courier", "couriers", expected_count=expected["courier"]),
        health.processes_probe("watch", "watch", expected_count=expected["watch"]),
        health.errors_probe("pages"),
    )


SWEEPS: tuple[Sweep, ...] = (
    Sweep("delivery", 1.0, delivery.sweep, deadline_s=20.0),
    Sweep("lobby", 1.0, lobby.sweep, deadline_s=10.0),
    Sweep("journal.partitions", 3_600.0, journal.ensure_partitions),
    Sweep("health.purge", 3_600.0, health.purge),
    *campaigns.SWEEPS_OF_CAMPAIGNS,
)
