"""The desk: records of the platform, which belong to nobody's organisation but calls and notices.

Where a record would have to be made with care, an id of nothing is tried: a role without the right
must be refused before that shows.
"""

import uuid
from datetime import UTC, datetime

from standvast.desk.status.models import NoticeKind
from standvast.desk.status.operations import publish_notice
from standvast.kit.ids import uuid7
from standvast.registry.access.testing import AtWork, Expect, Who

POST = ("POST",)
BOTH = ("GET", "POST")
NOTHING = ("not there",)


def desk(right: str, *methods: str, **ids: object) -> Expect:
    """Return what is expected of a page of the desk about something that is not there."""
    return Expect(
        right,
        methods or ("GET",),
        ids=(lambda _: ids) if ids else None,
        is_shared=True,
        also=NOTHING if ids else (),
    )


def notice_of(own: AtWork) -> uuid.UUID:
    """Return a notice for this organisation alone."""
    return publish_notice(
        kind=NoticeKind.KNOWN_PROBLEM,
        components=[],
        organisation_ids=[own.organisation.id],
        texts={"nl": "Een bekend probleem."},
        actor=own.actor,
        now=datetime.now(UTC),
    )


ID = uuid7()
LANES, ACT, INCIDENTS, REPORTS, RELEASES, RULES = (
    "desk.lanes.see",
    "desk.lanes.act",
    "desk.incidents",
    "desk.reports",
    "desk.releases",
    "desk.access",
)
SEE_CERTIFICATES, CERTIFY = "desk.certificates.see", "desk.certificates.act"

TABLE: dict[str, Expect] = {
    "desk/": desk("desk.see"),
    "desk/components/<slug:slug>/": desk("desk.see", slug="nothing"),
    "desk/closures/": desk("desk.close", *BOTH),
    "desk/closures/<uuid:closure_id>/reopen/": desk("desk.close", "POST", closure_id=ID),
    "desk/notices/": desk("desk.tell", *BOTH),
    "desk/notices/<uuid:notice_id>/end/": desk("desk.tell", "POST", notice_id=ID),
    "notices/": Expect(Who.SIGNED_IN),
    "notices/<uuid:notice_id>/": Expect(
        Who.SIGNED_IN, ids=lambda own: {"notice_id": notice_of(own)}
    ),
    "notices/<uuid:notice_id>/put-away/": Expect(
        Who.SIGNED_IN, POST, ids=lambda own: {"notice_id": notice_of(own)}
    ),
    # --- lanes -------------------------------------------------------------------------------
    "desk/lanes/": desk(LANES),
    "desk/lanes/-/now/": desk(LANES),
    "desk/lanes/-/delivery/<int:delivery_id>/": desk(LANES, delivery_id=1),
    "desk/lanes/-/delivery/<int:delivery_id>/retry/": desk(ACT, "POST", delivery_id=1),
    "desk/lanes/-/delivery/<int:delivery_id>/hand-over/": desk(ACT, "POST", delivery_id=1),
    "desk/lanes/<str:lane>/": desk(LANES, lane="mail"),
    "desk/lanes/<str:lane>/now/": desk(LANES, lane="mail"),
    "desk/lanes/<str:lane>/pause/": desk(ACT, "POST", lane="mail"),
    "desk/lanes/<str:lane>/resume/": desk(ACT, "POST", lane="mail"),
    "desk/lanes/<str:lane>/retry/": desk(ACT, "POST", lane="mail"),
    # --- certificates ------------------------------------------------------------------------
    "desk/certificates/": desk(SEE_CERTIFICATES),
    "desk/certificates/<slug:purpose>/": desk(SEE_CERTIFICATES, purpose="nothing"),
    "desk/certificates/<slug:purpose>/hand-in/": desk(CERTIFY, *BOTH, purpose="nothing"),
    **{
        f"desk/certificates/<slug:purpose>/<uuid:certificate_id>/{act}/": desk(
            CERTIFY, "POST", purpose="nothing", certificate_id=ID
        )
        for act in ("look", "switch", "roll-back", "withdraw")
    },
    # --- incidents ---------------------------------------------------------------------------
    "desk/incidents/": desk(f"{INCIDENTS}.see"),
    "desk/incidents/-/now/": desk(f"{INCIDENTS}.see"),
    "desk/incidents/-/organisations/": desk(f"{INCIDENTS}.act"),
    "desk/incidents/-/duty/": desk(f"{INCIDENTS}.act", *BOTH),
    "desk/incidents/-/duty/<uuid:duty_id>/end/": desk(f"{INCIDENTS}.act", "POST", duty_id=ID),
    "desk/incidents/new-call/": desk(f"{INCIDENTS}.act", *BOTH),
    "desk/incidents/<str:number>/": desk(f"{INCIDENTS}.see", number="I-1"),
    "desk/incidents/<str:number>/now/": desk(f"{INCIDENTS}.see", number="I-1"),
    "desk/incidents/<str:number>/<str:name>/": desk(
        f"{INCIDENTS}.act", "POST", number="I-1", name="news"
    ),
    "help/report/": desk(f"{INCIDENTS}.report", *BOTH),
    "help/report/<str:number>/": desk(f"{INCIDENTS}.report", number="C-1"),
    # --- releases ----------------------------------------------------------------------------
    "desk/releases/": desk(f"{RELEASES}.see"),
    "desk/releases/-/plan/": desk(f"{RELEASES}.act", "POST"),
    "desk/releases/-/outside/": desk(f"{RELEASES}.act", "POST"),
    "desk/releases/<str:version>/": desk(f"{RELEASES}.see", version="0.0"),
    "desk/releases/<str:version>/approve/": desk(f"{RELEASES}.approve", "POST", version="0.0"),
    "desk/releases/<str:version>/<str:name>/": desk(
        f"{RELEASES}.act", "POST", version="0.0", name="check"
    ),
    # --- access rules ------------------------------------------------------------------------
    "desk/access/": desk(f"{RULES}.see"),
    "desk/access/-/propose/": desk(f"{RULES}.act", *BOTH),
    "desk/access/-/exceptions/<uuid:exception_id>/end/": desk(
        f"{RULES}.act", "POST", exception_id=ID
    ),
    "desk/access/-/requests/<uuid:request_id>/": desk(f"{RULES}.act", "POST", request_id=ID),
    "desk/access/<int:number>/": desk(f"{RULES}.see", number=4_040),
    "desk/access/<int:number>/approve/": desk(f"{RULES}.approve", "POST", number=4_040),
    "desk/access/<int:number>/except/": desk(f"{RULES}.act", "POST", number=4_040),
    "desk/access/<int:number>/except-all/": desk(f"{RULES}.act", "POST", number=4_040),
    "desk/access/<int:number>/<str:name>/": desk(
        f"{RULES}.act", "POST", number=4_040, name="shadow"
    ),
    # --- reports -----------------------------------------------------------------------------
    "desk/reports/": desk(f"{REPORTS}.see"),
    "desk/reports/-/make/": desk(f"{REPORTS}.write", "POST"),
    "desk/reports/-/action/": desk(f"{REPORTS}.write", "POST"),
    "desk/reports/-/no-action/": desk(f"{REPORTS}.write", "POST"),
    "desk/reports/-/action/<uuid:action_id>/changed/": desk(
        f"{REPORTS}.write", "POST", action_id=ID
    ),
    "desk/reports/-/action/<uuid:action_id>/close/": desk(f"{REPORTS}.write", "POST", action_id=ID),
    "desk/reports/<uuid:report_id>/": desk(f"{REPORTS}.see", report_id=ID),
    "desk/reports/<uuid:report_id>/save/": desk(f"{REPORTS}.write", "POST", report_id=ID),
    "desk/reports/<uuid:report_id>/again/": desk(f"{REPORTS}.write", "POST", report_id=ID),
    "desk/reports/<uuid:report_id>/approve/": desk(f"{REPORTS}.approve", "POST", report_id=ID),
    "desk/reports/<uuid:report_id>/report.<str:kind>": desk(
        f"{REPORTS}.see", report_id=ID, kind="md"
    ),
}
