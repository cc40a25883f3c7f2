"""A token is taken, and whoever it is about is in the register."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from standvast.care.launches.models import Link, System, Used
from standvast.care.launches.patients import patient_data, without_record
from standvast.care.launches.rules.arriving import (
    SKEW,
    Claims,
    Known,
    LaunchNotTaken,
    NumberKind,
    OrganisationUnknown,
    PatientClaims,
    check_claims,
    claims_in,
)
from standvast.care.launches.tokens import issuer_in, told_by
from standvast.core.journal.api import entry_of, record
from standvast.kit.actor import Actor, house_actor
from standvast.kit.words import marked
from standvast.registry.access.api import memberships_of
from standvast.registry.organisations.api import (
    CodeSystem,
    OrganisationView,
    organisation_with_code,
)
from standvast.registry.patients.api import NumberTaken, register

KIND = "launches.system"


@dataclass(frozen=True, slots=True)
class Taken:
    """A launch that was taken: for which organisation, by whom, about whom.

    `link_id` names who clicked; `actor` is that person at work, or nobody while they are not
    connected or do not work there.
    """

    link_id: uuid.UUID
    organisation: OrganisationView
    system_title: str
    actor: Actor | None
    patient: PatientClaims | None


@transaction.atomic(durable=True)
def take_launch(*, token: str, address: str, now: datetime) -> Taken:
    """Take a token, once.

    :raises LaunchUnreadable: if it lacks something.
    :raises LaunchNotTaken: if it is no token, not for us, too old, used, or from somebody unknown.
    """
    system = System.objects.filter(issuer=issuer_in(token), is_active=True).first()
    if system is None:
        raise LaunchNotTaken(marked("The system that this launch names is not known here."))
    claims = claims_in(told_by(token, public_key=system.public_key))
    check_claims(claims, known=Known(system.issuer, system.audience), now=now)
    _use(system, claims)
    organisation = _organisation(claims, system)
    link, _ = Link.objects.get_or_create(
        system=system,
        organisation_id=organisation.id,
        user_system=claims.user_id.system,
        user_value=claims.user_id.value,
    )
    System.objects.filter(id=system.id).update(
        used_count=F("used_count") + 1, used_at=now, refused_count=0, refused_for=""
    )
    actor = _actor(link.person_id, organisation, address)
    record(
        entry_of(
            actor or house_actor(organisation.id),
            at=now,
            action="E",
            event="launches.taken",
            record_kind=KIND,
            record_id=system.id,
            detail={"connected": int(actor is not None)},
        )
    )
    return Taken(link.id, organisation, system.title, actor, claims.context)


@transaction.atomic(durable=True)
def note_refused(*, token: str, why: str, now: datetime) -> None:
    """Count a launch that was not taken, for whoever looks at how launches go.

    Anybody can name a known system in a token of their own making: it says that something is
    wrong, not whose fault it is.
    """
    try:
        issuer = issuer_in(token)
    except LaunchNotTaken:
        return
    System.objects.filter(issuer=issuer, is_active=True).update(
        refused_count=F("refused_count") + 1, refused_at=now, refused_for=why[:40]
    )


def patient_of(taken: Taken, *, now: datetime) -> uuid.UUID | None:
    """Return whom a launch is about, in the organisation's register from now on.

    None if the launch is about nobody. Safe to repeat: a known number is the same patient, who
    stays as they are. A record number that is somebody else's here opens nobody else: they are
    registered without it.

    :raises BirthNotRight, AddressNotRight: if what it says of them cannot be.
    """
    if taken.patient is None:
        return None
    actor = taken.actor or house_actor(taken.organisation.id)
    data = patient_data(taken.patient, country=taken.organisation.country)
    try:
        return register(actor=actor, data=data, now=now).patient_id
    except NumberTaken:
        return register(actor=actor, data=without_record(data), now=now).patient_id


def _use(system: System, claims: Claims) -> None:
    """Write down that this token was taken; a second one with its number is refused."""
    forget_at = datetime.fromtimestamp(claims.exp, tz=UTC) + SKEW
    digest = hashlib.sha256(claims.jti.encode()).hexdigest()
    try:
        with transaction.atomic():
            Used.objects.create(system=system, digest=digest, forget_at=forget_at)
    except IntegrityError:
        raise LaunchNotTaken(
            marked("This launch was used already. Click again in your own system.")
        ) from None


def _organisation(claims: Claims, system: System) -> OrganisationView:
    try:
        register_of = CodeSystem(NumberKind(claims.org_id.system.lower()).value)
    except ValueError:
        found = None
    else:
        found = organisation_with_code(register_of, claims.org_id.value)
    if found is None:
        raise OrganisationUnknown(
            marked(
                "Your organisation is not known here under the number that {system} gives."
                " Call them ({telephone}), or ask us to take part."
            ),
            system=system.title,
            telephone=system.telephone or "-",
        )
    return found


def _actor(
    person_id: uuid.UUID | None, organisation: OrganisationView, address: str
) -> Actor | None:
    """Return the person at work there now; nobody if they are not connected or have left."""
    if person_id is None:
        return None
    for held in memberships_of(person_id):
        if held.organisation_id == organisation.id:
            return Actor(
                person_id,
                organisation.id,
                held.role.value,
                address,
                organisation_kind=held.organisation_kind.value,
                held=held.held,
            )
    return None
