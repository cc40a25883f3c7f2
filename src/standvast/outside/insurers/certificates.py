"""The desk of the simulated authority: a person gets a certificate, as right or wrong as wanted."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from standvast.outside.control import BODY_BYTES_MAX
from standvast.outside.insurers.authority import Authority, Issued, Issuer
from standvast.outside.templating import gone, page

DAY = timedelta(days=1)
LIFE = 365 * DAY
AGB = re.compile(r"[0-9]{8}", re.ASCII)
ORGANISATION = re.compile(r"[^\x00-\x1f\x7f]{1,64}")


@dataclass(frozen=True)
class Kind:
    """A kind of client certificate. `left` is how long it lasts from now; negative, it is over."""

    title: str
    left: timedelta = LIFE
    issuer: Issuer = Issuer.PRODUCTION
    is_for_clients: bool = True
    has_own_key: bool = True


KINDS: Mapping[str, Kind] = {
    "good": Kind("Good for a year"),
    "soon": Kind("Ends in 6 days", left=6 * DAY),
    "expired": Kind("Ended yesterday", left=-DAY),
    "test": Kind("Of the test authority", issuer=Issuer.TEST),
    "wrong_use": Kind("For servers only", is_for_clients=False),
    "wrong_key": Kind("With another’s key", has_own_key=False),
}


def issued(
    authority: Authority, kind: Kind, *, organisation: str, agb: str, now: datetime
) -> Issued:
    """Issue a certificate of a kind; each began a year before its end."""
    one, another = (
        authority.client(
            organisation=organisation,
            agb=agb,
            valid_from=now + kind.left - LIFE,
            valid_until=now + kind.left,
            issuer=kind.issuer,
            is_for_clients=kind.is_for_clients,
        )
        for _ in range(2)
    )
    return one if kind.has_own_key else Issued(one.certificate, another.key)


class CertificatePages:
    """The routes of the authority's desk."""

    def __init__(self, authority: Authority, *, at: str) -> None:
        self._authority = authority
        self._at = at

    def routes(self) -> Sequence[BaseRoute]:
        """Return them; the form stands on the peer's own page."""
        return [Route(f"{self._at}/certificate", self.hand_out, methods=["POST"])]

    async def hand_out(self, request: Request) -> Response:
        """POST <peer>/certificate: a PEM file, the certificate first, then the key."""
        body = await request.body()
        given = parse_qs(body[:BODY_BYTES_MAX].decode("ascii", "replace"))
        name, organisation, agb = (
            given.get(field, [""])[0].strip() for field in ("kind", "organisation", "agb")
        )
        if name not in KINDS:
            return gone(self._at)
        if not ORGANISATION.fullmatch(organisation):
            return self._refused("The organisation's name has 1 to 64 letters.")
        if not AGB.fullmatch(agb):
            return self._refused("An AGB number has 8 digits.")
        made = issued(
            self._authority,
            KINDS[name],
            organisation=organisation,
            agb=agb,
            now=datetime.now(UTC),
        )
        return Response(
            made.certificate + made.key,
            media_type="application/x-pem-file",
            headers={"Content-Disposition": f'attachment; filename="coverage-{name}.pem"'},
        )

    def _refused(self, sentence: str) -> Response:
        return page("refused.html", status_code=422, sentence=sentence, back=self._at)
