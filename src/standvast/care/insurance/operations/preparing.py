"""From care activities to claim lines: a quarter's bundle is prepared, judged and decided about."""

import uuid
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from standvast.care.insurance.models import Bundle
from standvast.care.insurance.operations.enrolling import EnrolledAlready, own_enrolment
from standvast.care.insurance.queries.claims import (
    PACKAGE,
    BundleNotFound,
    bundle_row,
    candidates_sql,
    period,
)
from standvast.care.insurance.records import check_claims
from standvast.care.insurance.rules.claims import state_of
from standvast.care.insurance.rules.entitlement import Main
from standvast.care.insurance.rules.programmes import check_programme
from standvast.care.insurance.rules.quarters import Quarter, quarter_written
from standvast.care.insurance.told import bundle_entry, care_entry
from standvast.core.journal.api import record
from standvast.database.api import named_sql
from standvast.kit.actor import Actor
from standvast.kit.errors import Invalid
from standvast.kit.words import marked


class QuarterNotBegun(Invalid):
    """There is nothing to claim yet for this quarter."""

    code = "insurance.quarter_not_begun"


class NotDecided(Invalid):
    """Somebody must say whether the main practitioner is here or elsewhere."""

    code = "insurance.not_decided"


@transaction.atomic(durable=True)
def prepare(*, actor: Actor, programme: str, quarter: Quarter, now: datetime) -> uuid.UUID:
    """Make the lines of a quarter's bundle; return the bundle. Again gives the same lines.

    :raises NotInProgramme: if there is no such programme.
    :raises QuarterNotBegun: if the quarter is yet to come.
    """
    check_programme(programme)
    if quarter.first_on > timezone.localdate(now):
        raise QuarterNotBegun(marked("This quarter is yet to come."))
    Bundle.objects.bulk_create(
        [
            Bundle(
                organisation_id=actor.organisation_id,
                programme=programme,
                quarter=str(quarter),
                prepared_at=now,
            )
        ],
        ignore_conflicts=True,
    )
    bundle = Bundle.objects.select_for_update(no_key=True).get(
        organisation_id=actor.organisation_id, programme=programme, quarter=str(quarter)
    )
    prepare_again(bundle, now)
    record(bundle_entry(actor, bundle.id, "U", "insurance.prepared", now))
    return bundle.id


@transaction.atomic(durable=True)
def validate(*, actor: Actor, bundle_id: uuid.UUID, now: datetime) -> None:
    """Judge anew what keeps each line here, with what is known now.

    :raises BundleNotFound: if the organisation has none such.
    """
    bundle = own_bundle(actor.organisation_id, bundle_id)
    prepare_again(bundle, now)
    record(bundle_entry(actor, bundle.id, "E", "insurance.validated", now))


@transaction.atomic(durable=True)
def decide(
    *, actor: Actor, bundle_id: uuid.UUID, enrolment_id: uuid.UUID, main: Main, now: datetime
) -> None:
    """Say who is main practitioner of a patient about whom that was open.

    :raises BundleNotFound: if the organisation has none such.
    :raises EnrolmentNotFound: if it has no such enrolment.
    :raises NotDecided: if `main` leaves it open.
    """
    bundle = own_bundle(actor.organisation_id, bundle_id)
    check_claims(actor)
    row = own_enrolment(actor.organisation_id, enrolment_id)
    if main not in (Main.HERE, Main.ELSEWHERE):
        raise NotDecided(marked("Say whether the main practitioner is here or elsewhere."))
    row.main = main.value
    row.practitioner_id = actor.person_id if main is Main.HERE else None
    row.decided_at, row.decided_by = now, actor.person_id
    row.save(update_fields=["main", "practitioner_id", "decided_at", "decided_by"])
    prepare_again(bundle, now)
    record(care_entry(actor, row.patient_id, "U", "insurance.decided", now, main=main.value))


@transaction.atomic(durable=True)
def take_back_in(
    *, actor: Actor, bundle_id: uuid.UUID, enrolment_id: uuid.UUID, now: datetime
) -> None:
    """Let somebody who left the programme be in it after all, as if they had never left.

    :raises BundleNotFound: if the organisation has none such.
    :raises EnrolmentNotFound: if it has no such enrolment.
    :raises EnrolledAlready: if they are in it again since.
    """
    bundle = own_bundle(actor.organisation_id, bundle_id)
    check_claims(actor)
    row = own_enrolment(actor.organisation_id, enrolment_id)
    row.until_on, row.main = None, Main.HERE.value
    row.practitioner_id = actor.person_id
    row.decided_at, row.decided_by = now, actor.person_id
    try:
        with transaction.atomic():
            row.save(
                update_fields=["until_on", "main", "practitioner_id", "decided_at", "decided_by"]
            )
    except IntegrityError:
        raise EnrolledAlready(marked("This patient is in this programme already.")) from None
    prepare_again(bundle, now)
    record(care_entry(actor, row.patient_id, "U", "insurance.taken_back_in", now))


def own_bundle(organisation_id: uuid.UUID, bundle_id: uuid.UUID) -> Bundle:
    """Return a bundle of an organisation, locked.

    :raises BundleNotFound: if it has none such.
    """
    row = (
        Bundle.objects.select_for_update(no_key=True)
        .filter(organisation_id=organisation_id, id=bundle_id)
        .first()
    )
    if row is None:
        raise BundleNotFound(marked("There is no such bundle in your organisation."))
    return row


def prepare_again(bundle: Bundle, now: datetime) -> None:
    """Bring the lines that have not gone up to date, inside the caller's transaction."""
    assert connection.in_atomic_block, "a bundle is locked while its lines are judged"
    given = {**period_of(bundle), "bundle_id": bundle.id, "now": now}
    with connection.cursor() as cursor:
        for step in ("judge", "prepare", "ground"):
            cursor.execute(candidates_sql() + named_sql(PACKAGE, step), given)
    settle_state(bundle)


def period_of(bundle: Bundle) -> dict[str, Any]:
    """Return what `sql/candidates.sql` takes."""
    return period(bundle.organisation_id, bundle.programme, quarter_written(bundle.quarter))


def settle_state(bundle: Bundle) -> None:
    """Write the state that follows from the lines, inside the caller's transaction."""
    bundle.state = state_of(bundle_row(bundle.organisation_id, bundle.id).tally).value
    bundle.save(update_fields=["state"])
