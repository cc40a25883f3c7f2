from datetime import UTC, datetime

import pytest

from standvast.desk.incidents.api import (
    on_finding,
    record_call,
)
from standvast.desk.incidents.models import Incident, Page
from standvast.desk.incidents.testing import a_desk, a_finding, on_call

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
