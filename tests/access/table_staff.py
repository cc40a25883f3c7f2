"""The staff, what they are told and what they sign: one's own organisation's, and one's own."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from standvast.registry.access.models import Membership
from standvast.registry.access.testing import AtWork, Expect, Who
from standvast.registry.agreements.testing import an_agreement
from standvast.registry.organisations.api import Kind
from standvast.registry.staff.models import Absence, Request
from standvast.registry.tidings.models import Tiding

POST, BOTH = ("POST",), ("GET", "POST")
ASK, MANAGE = "staff.ask", "access.staff"


def request_of(own: AtWork) -> Mapping[str, object]:
    """Return a request of this person."""
    now = datetime.now(UTC)
    count = Request.objects.count()
    made = Request.objects.create(
        organisation=own.organisation, name="Jan", email=f"jan{count}@x.example",
        mobile="+31612345678", role=own.role.value, asked_by=own.person, asked_at=now,
    )  # fmt: skip
    return {"request_id": made.id}


def own_membership(own: AtWork) -> Mapping[str, object]:
    """Return the membership of this person themselves."""
    held = Membership.objects.get(person=own.person, organisation=own.organisation)
    return {"membership_id": held.id}


def absence_of(own: AtWork) -> Mapping[str, object]:
    """Return an absence of this person."""
    day = timezone.localdate() + timedelta(days=1)
    made = Absence.objects.create(
        person=own.person, organisation=own.organisation, from_on=day, until_on=day
    )
    return {**own_membership(own), "absence_id": made.id}


def tiding_of(own: AtWork) -> Mapping[str, object]:
    """Return something this person was told."""
    count = Tiding.objects.count()
    made = Tiding.objects.create(
        person=own.person, organisation=own.organisation, key=f"x:{count}",
        template="x", path="/", told_at=datetime.now(UTC),
    )  # fmt: skip
    return {"tiding_id": made.id}


def version_of(own: AtWork) -> Mapping[str, object]:
    """Return an agreement for this kind of organisation; every one of the kind signs it."""
    kinds = (Kind(own.organisation.kind),)
    slug = f"x-{own.organisation.kind}"
    return {"version_id": an_agreement(datetime.now(UTC), slug=slug, kinds=kinds)}


TABLE: dict[str, Expect] = {
    "staff/requests/": Expect(ASK, BOTH),
    "staff/requests/<uuid:request_id>/invite/": Expect(MANAGE, POST, ids=request_of),
    "staff/requests/<uuid:request_id>/decline/": Expect(
        MANAGE, POST, ids=request_of, data=lambda _: {"reason": "Nee"}
    ),
    "staff/requests/<uuid:request_id>/withdraw/": Expect(ASK, POST, ids=request_of),
    "staff/<uuid:membership_id>/": Expect(Who.SIGNED_IN, BOTH, ids=own_membership),
    "staff/<uuid:membership_id>/absences/": Expect(
        Who.SIGNED_IN,
        POST,
        ids=own_membership,
        data=lambda _: {"from_on": "2030-01-01", "until_on": "2030-01-02"},
    ),
    "staff/<uuid:membership_id>/absences/<uuid:absence_id>/end/": Expect(
        Who.SIGNED_IN, POST, ids=absence_of
    ),
    "agreements/": Expect("agreements.see"),
    "agreements/publish/": Expect("agreements.publish", BOTH),
    "agreements/<uuid:version_id>/": Expect("agreements.see", ids=version_of, is_shared=True),
    "agreements/<uuid:version_id>/download/": Expect(
        "agreements.see", ids=version_of, is_shared=True
    ),
    "agreements/<uuid:version_id>/sign/": Expect(
        "agreements.sign", POST, ids=version_of, is_shared=True
    ),
    "tidings/": Expect(Who.SIGNED_IN),
    "tidings/read/": Expect(Who.SIGNED_IN, POST),
    "tidings/<uuid:tiding_id>/": Expect(Who.SIGNED_IN, POST, ids=tiding_of),
}
