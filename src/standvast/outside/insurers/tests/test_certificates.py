"""What the authority's desk hands out is taken, or refused, as its button says."""

import ssl

import httpx
import pytest

from standvast.outside.insurers.authority import Issued
from standvast.outside.insurers.certificates import KINDS
from standvast.outside.insurers.tests.test_service import ask
from standvast.outside.insurers.tests.world import whole_world

pytestmark = pytest.mark.enable_socket

REFUSED = {
    "expired": "certificate has expired",
    "test": "unable to get local issuer certificate",
    "wrong_use": "unsuitable certificate purpose",
}


async def handed_out(http: httpx.AsyncClient, kind: str, **given: str) -> httpx.Response:
    wanted = {"kind": kind, "organisation": "De Linde & co", "agb": "01012345", **given}
    ours = {"Origin": str(http.base_url).rstrip("/")}
    return await http.post("/insurers/certificate", data=wanted, headers=ours)


class TestDesk:
    @pytest.mark.parametrize("kind", KINDS)
    async def test_hands_out_what_the_button_says(self, tmp_path, kind):
        async with whole_world(tmp_path) as (http, here):
            assert f'value="{kind}"' in (await http.get("/insurers")).text

            answer = await handed_out(http, kind)

            assert answer.status_code == 200
            assert f"coverage-{kind}.pem" in answer.headers["content-disposition"]
            made = Issued(answer.content, b"")
            if kind == "wrong_key":
                with pytest.raises(ssl.SSLError, match="MISMATCH"):
                    here.client(made)
                return
            async with here.client(made) as client:
                if kind in REFUSED:
                    with pytest.raises(httpx.TransportError):
                        await ask(client, here.url)
                else:
                    assert (await ask(client, here.url)).status_code == 200
            counts = (await http.get("/insurers/counts")).json()
            wanted = {REFUSED[kind]: 1} if kind in REFUSED else {}
            assert counts["handshakes_refused"] == wanted

    @pytest.mark.parametrize(
        ("given", "status"),
        [
            ({"agb": "1"}, 422),
            ({"agb": "٠١٠١٢٣٤٥"}, 422),
            ({"organisation": ""}, 422),
            ({"organisation": "x" * 65}, 422),
            ({"organisation": "a\nb"}, 422),
            ({"kind": "golden"}, 404),
        ],
    )
    async def test_says_what_it_cannot_write_in_a_certificate(self, tmp_path, given, status):
        async with whole_world(tmp_path) as (http, _):
            answer = await handed_out(http, **{"kind": "good", **given})

            assert answer.status_code == status
            assert b"BEGIN" not in answer.content

    async def test_hands_out_nothing_to_nobody_elses_page(self, tmp_path):
        async with whole_world(tmp_path) as (http, _):
            answer = await http.post(
                "/insurers/certificate",
                data={"kind": "good", "organisation": "x", "agb": "01012345"},
                headers={"Origin": "http://elsewhere.example"},
            )

            assert answer.status_code == 415
