"""Launches: the token is the proof of who comes; out goes who sees patients, with their own."""

from datetime import UTC, datetime

from standvast.care.launches.rules.targets import Contract, Kind
from standvast.care.launches.testing import a_target
from standvast.kit.ids import uuid7
from standvast.registry.access.testing import AtWork, Expect, Who
from standvast.registry.patients.testing import a_patient

GO, SEE, ACT = "launches.go", "desk.launches.see", "desk.launches.act"
NOTHING = ("not there",)
BOTH = ("GET", "POST")
ID = uuid7()


def link_of(own: AtWork) -> dict[str, object]:
    """Return a system that opens without a patient, for everybody."""
    now = datetime.now(UTC)
    draft = {"kind": Kind.LINK, "claims": {}, "contract": Contract(marker="x")}
    a_target(own.actor, now=now, address="https://lab.example/", **draft)
    return {"slug": "orders"}


def with_patient_of(own: AtWork) -> dict[str, object]:
    """Return the same, with a patient of this organisation in hand."""
    return link_of(own) | {"patient_id": a_patient(own.actor, datetime.now(UTC)).patient_id}


def desk(right: str, *methods: str, **ids: object) -> Expect:
    """Return what is expected of a page of the desk about a system that is not there."""
    return Expect(right, methods, ids=lambda _: {"slug": "nothing", **ids}, is_shared=True,
                  also=NOTHING)  # fmt: skip


TABLE: dict[str, Expect] = {
    "launch/": Expect(Who.EVERYBODY, ("POST",), also=("refused",)),
    "launch/connect/": Expect(Who.SIGNED_IN, ("GET", "POST"), absent=True),
    "launch/out/": Expect(GO),
    "launch/out/<slug:slug>/": Expect(GO, BOTH, ids=link_of, is_shared=True),
    "launch/out/<slug:slug>/<uuid:patient_id>/": Expect(GO, BOTH, ids=with_patient_of),
    "desk/launches/": Expect(SEE),
    "desk/launches/-/add/": Expect(ACT, BOTH),
    "desk/launches/<slug:slug>/": desk(SEE, "GET"),
    "desk/launches/<slug:slug>/change/": desk(ACT, *BOTH),
    "desk/launches/<slug:slug>/back/": desk(ACT, "POST"),
    "desk/launches/<slug:slug>/retire/": desk(ACT, "POST"),
    "desk/launches/<slug:slug>/<uuid:version_id>/walk/": desk(ACT, "POST", version_id=ID),
    "desk/launches/<slug:slug>/<uuid:version_id>/live/": desk(ACT, "POST", version_id=ID),
}
