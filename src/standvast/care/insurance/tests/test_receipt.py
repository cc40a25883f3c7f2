"""The receipt line of a submission: received, will be sent, arrived, or somebody acts."""

from datetime import timedelta

import pytest

from standvast.care.insurance.operations.submitting import submit
from standvast.care.insurance.queries.claims import bundle_row
from standvast.care.insurance.queries.lines import submissions_of
from standvast.care.insurance.shown import LATE_AFTER, claims_receipt
from standvast.care.insurance.testing import AFTERWARDS, a_bundle, an_enrolled_patient
from standvast.core.delivery.models import Delivery
from standvast.registry.access.testing import a_colleague
from standvast.web.api import Fate

pytestmark = pytest.mark.django_db(transaction=True)
A_MOMENT = timedelta(seconds=1)


@pytest.fixture
def shown(settings):
    """Return what the line says so long after a submission."""
    settings.CLAIMS_URL = "https://127.0.0.1:1/vsp/v1"
    gp = a_colleague().actor
    an_enrolled_patient(gp)
    bundle_id = a_bundle(gp)
    seen = bundle_row(gp.organisation_id, bundle_id)
    assert claims_receipt(seen, None, now=AFTERWARDS) is None
    submit(actor=gp, bundle_id=bundle_id, lines_count=1, cents=6_395, now=AFTERWARDS)

    def line(after=A_MOMENT):
        return claims_receipt(seen, submissions_of(bundle_id)[0], now=AFTERWARDS + after)

    return line


def settled(state):
    Delivery.objects.update(state=state, is_open=False, settled_at=AFTERWARDS + A_MOMENT)


def test_it_is_received_at_once(shown):
    assert shown().state is Fate.KEPT


def test_an_insurer_who_is_away_is_said_and_nothing_is_lost(shown):
    view = shown(after=LATE_AFTER + A_MOMENT)

    assert view.state is Fate.ON_ITS_WAY
    assert view.reason


def test_it_arrived(shown):
    settled("accepted")

    assert (shown().state, shown().at) == (Fate.ARRIVED, AFTERWARDS + A_MOMENT)


def test_a_message_that_was_not_taken_reaches_the_desk(shown):
    settled("refused")

    assert shown().state is Fate.NEEDS_YOU


def test_what_arrived_so_long_ago_that_nobody_keeps_it_arrived(shown):
    Delivery.objects.all().delete()

    assert shown().state is Fate.ARRIVED
