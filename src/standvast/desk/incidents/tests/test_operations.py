from datetime import UTC, datetime, timedelta

import pytest

from standvast.core.health.api import EDGES, FLEETS, PROBES, Edge, Probe
from standvast.desk.incidents.api import (
    NAMES,
    REACH,
    USAGE,
    EntryKind,
    State,
    Usage,
    acknowledge,
    add_entry,
    figures_of_incidents,
    incident_view,
    merge,
    move,
    on_finding,
    open_incident,
    record_call,
    sweep_incidents,
)
from standvast.desk.incidents.models import Duty, Incident, Page
from standvast.desk.incidents.testing import a_desk, a_finding, on_call
from standvast.desk.status.models import Notice
from standvast.kit.wiring import rewired

pytestmark = pytest.mark.django_db
MONDAY_9H = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def lead():
    with a_desk() as found:
        on_call("first_line", found, now=MONDAY_9H)
        yield found


class TestRecordCall:
    def test_opens_one_incident_and_pages(self, lead):
        taken = record_call(
            actor=lead.actor,
            via="phone",
            component="consults",
            text="No chat",
            contact="a@b.nl",
            now=MONDAY_9H,
        )

        assert taken.number == "ST-2026-001"
        incident = Incident.objects.get()
        assert (incident.rule_severity, incident.callers_count) == ("major", 1)
        assert Page.objects.get().sent_at == MONDAY_9H


class TestOnFinding:
    def test_makes_one_incident_for_one_scope(self, lead):
        finding = a_finding("mail", at=MONDAY_9H)
        on_finding(finding, MONDAY_9H)
        on_finding(finding, MONDAY_9H)

        assert Incident.objects.get().rule_severity == "major"

    def test_an_edge_narrows_it_to_the_variant_that_is_red(self, lead):
        red = a_finding("consults>mail", at=MONDAY_9H, variant="e-mail address")
        with rewired(EDGES.filled(Edge("consults", "mail", hard=False))):
            on_finding(red, MONDAY_9H)

        incident = Incident.objects.get()
        assert (incident.component, incident.variants) == ("consults", ["e-mail address"])
        assert not incident.whole_red


class TestUse:
    """How much a variant is used weighs its incident: unknown counts as much."""

    SHARES = {"orders": 0.6, "diagnostics": 0.02}

    @pytest.fixture(autouse=True)
    def known(self, lead):
        def usage(component, variants, now):
            if component != "launches" or "portal" in variants:
                return None
            return Usage(share=sum(self.SHARES[one] for one in variants), organisations_count=7)

        def names(component, variants):
            return " & ".join(one.title() for one in variants) if component == "launches" else None

        probes = [Probe("p", "launches", None, variant=one) for one in ("orders", "diagnostics")]
        with rewired(
            REACH.filled(),
            USAGE.filled(usage),
            NAMES.filled(names),
            PROBES.filled(*probes),
            FLEETS.filled(),
        ):
            yield

    def red(self, variant, now=MONDAY_9H):
        on_finding(a_finding("launches", at=now, variant=variant), now)
        return Incident.objects.get()

    @pytest.mark.parametrize(
        ("variant", "severity", "share"),
        [("orders", "major", 0.6), ("diagnostics", "minor", 0.02), ("portal", "major", None)],
    )
    def test_of_the_one_that_is_red_makes_its_severity(self, variant, severity, share):
        incident = self.red(variant)

        assert (incident.rule_severity, incident.used_share) == (severity, share)
        assert incident.users_count == (7 if share else None)

    def test_grows_with_a_second_one_and_never_shrinks(self):
        self.red("diagnostics")
        incident = self.red("portal", MONDAY_9H + timedelta(minutes=1))

        assert (incident.function_class, incident.rule_severity) == ("B", "major")

    def test_people_are_told_of_just_the_part_in_its_own_name(self):
        self.red("orders")

        assert Notice.objects.get().text_nl.startswith("Orders: dit werkt niet")


class TestFigures:
    def test_count_open_ones_by_severity_and_overdue_news(self, lead):
        on_finding(a_finding("mail", at=MONDAY_9H), MONDAY_9H)

        later = MONDAY_9H + timedelta(hours=2)
        figures = {
            (f.name, f.labels.get("severity", "")): f.value for f in figures_of_incidents(later)
        }

        assert figures["standvast_incident_open", "major"] == 1.0
        assert figures["standvast_incident_open", "critical"] == 0.0
        assert figures["standvast_undertaking_overdue", ""] == 1.0


class TestAcknowledgement:
    def test_expires_and_pages_the_next_in_line_with_how_long_ago(self, lead):
        on_call("second_line", lead, now=MONDAY_9H)
        taken = record_call(
            actor=lead.actor,
            via="phone",
            component="consults",
            text="No chat",
            contact="a",
            now=MONDAY_9H,
        )
        record_call(
            actor=lead.actor,
            via="phone",
            component="consults",
            text="No chat",
            contact="b",
            now=MONDAY_9H,
        )
        until = acknowledge(incident_id=taken.incident_id, actor=lead.actor, now=MONDAY_9H)
        assert until - MONDAY_9H == timedelta(minutes=30)

        sweep_incidents(until - timedelta(seconds=1))
        assert not Page.objects.filter(why="expired").exists()
        sweep_incidents(until)

        assert Page.objects.get(why="expired").role == "second_line"
        entry = Incident.objects.get().entries.get(kind="expired")
        assert "30" in entry.texts["en"]
        assert "no entry since" in entry.texts["en"]

    def test_of_a_minor_one_does_not_page_at_night(self, lead):
        taken = record_call(
            actor=lead.actor,
            via="phone",
            component="reset",
            text="No reset",
            contact="a",
            now=MONDAY_9H,
        )
        acknowledge(incident_id=taken.incident_id, actor=lead.actor, now=MONDAY_9H)

        sweep_incidents(MONDAY_9H + timedelta(hours=14))

        assert not Page.objects.exists()


class TestGreenAgain:
    def test_proposes_restored_and_never_solves(self, lead):
        found = a_finding("mail", at=MONDAY_9H)
        on_finding(found, MONDAY_9H)
        end = MONDAY_9H + timedelta(minutes=5)

        for _ in range(2):
            on_finding(a_finding("mail", at=MONDAY_9H, ended_at=end, finding_id=found.id), end)

        incident = Incident.objects.get()
        assert (incident.state, incident.restore_proposed_at) == ("reported", end)

    def test_what_a_red_parent_explains_makes_no_incident(self, lead):
        on_finding(a_finding("mail", at=MONDAY_9H, below="database"), MONDAY_9H)

        assert not Incident.objects.exists()


class TestReopening:
    def test_counts_from_the_call_that_led_to_it_and_tells_people_again(self, lead):
        taken = record_call(
            actor=lead.actor,
            via="phone",
            component="consults",
            text="No chat",
            contact="a",
            now=MONDAY_9H,
        )
        acknowledge(incident_id=taken.incident_id, actor=lead.actor, now=MONDAY_9H)
        fixed = MONDAY_9H + timedelta(hours=1)
        who = {"incident_id": taken.incident_id, "actor": lead.actor}
        add_entry(**who, kind=EntryKind.FIX, text="Herstart.", now=fixed)
        move(**who, target=State.RESTORED, now=fixed)
        assert Incident.objects.get().notice_id is None
        again = fixed + timedelta(minutes=10)
        record_call(
            actor=lead.actor, via="phone", component="consults", text="Weer", contact="b", now=again
        )

        move(**who, target=State.INVESTIGATING, reason="Weer stuk.", now=again)

        incident = Incident.objects.get()
        assert (incident.counted_from, incident.callers_count) == (again, 1)
        assert (incident.told_at, incident.restored_at) == (again, None)
        assert incident.notice_id is not None


class TestOpenIncident:
    def test_by_hand_beside_an_open_one_is_proposed_for_merging(self, lead):
        first = open_incident(actor=lead.actor, component="mail", now=MONDAY_9H)
        second = open_incident(actor=lead.actor, component="mail", now=MONDAY_9H)

        assert incident_view(second.number, MONDAY_9H).others == (first.number,)
        merge(incident_id=second.id, into_id=first.id, actor=lead.actor, now=MONDAY_9H)

        assert Incident.objects.get(id=second.id).state == "merged"
        assert incident_view(first.number, MONDAY_9H).others == ()


class TestPaging:
    def test_a_lane_that_refuses_does_not_stop_the_incident(self, lead):
        Duty.objects.update(address="no address at all")

        record_call(
            actor=lead.actor,
            via="phone",
            component="consults",
            text="No chat",
            contact="a",
            now=MONDAY_9H,
        )

        assert Incident.objects.count() == 1
        page = Page.objects.get()
        assert page.sent_at is None
        Duty.objects.update(address="duty@desk.example")
        sweep_incidents(MONDAY_9H + timedelta(minutes=1))
        page.refresh_from_db()
        assert page.sent_at == MONDAY_9H + timedelta(minutes=1)

    def test_waits_until_somebody_is_on_duty(self, lead):
        Duty.objects.all().delete()
        record_call(
            actor=lead.actor,
            via="phone",
            component="consults",
            text="No chat",
            contact="a",
            now=MONDAY_9H,
        )
        assert Page.objects.get().sent_at is None
        on_call("product_owner", lead, now=MONDAY_9H)

        sweep_incidents(MONDAY_9H + timedelta(minutes=1))

        assert Page.objects.get().person_id == lead.person.id
