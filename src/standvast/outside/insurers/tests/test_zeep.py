"""An unmodified zeep client asks, from the description the service itself serves."""

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import requests
import zeep
from zeep.transports import Transport

from standvast.outside.insurers.authority import Issued
from standvast.outside.insurers.behaviour import Behaviour
from standvast.outside.insurers.soap import MESSAGES
from standvast.outside.insurers.tests.world import World, world

pytestmark = pytest.mark.enable_socket

BSN = "999979668"
"""Of the range that is given to nobody."""


def ask(here: World, own: Issued, folder: Path, *, port: str, searches: list[dict]):
    session = requests.Session()
    # Else REQUESTS_CA_BUNDLE goes before what this session trusts.
    session.trust_env = False
    session.verify = str(here.authority.root_path())
    session.cert = str(folder / "own.pem")
    Path(session.cert).write_bytes(own.certificate + own.key)
    client = zeep.Client(
        f"{here.url}?wsdl",
        service_name="Controle",
        port_name=port,
        transport=Transport(session=session),
    )
    return client.service.Controleer(
        Zorgaanbieder={"AGB-zorgverlenersoort": "01", "AGB-nummer": "012345"},
        Zoekopdrachten={"Zoekopdracht": searches},
    )


def search(number: int = 1, **path: str) -> dict:
    today = datetime.now(UTC).date()
    return {
        "Volgnummer": number,
        "Geboortedatum": date(1962, 3, 15),
        "Peildatum": today,
        "ReferentieZorgaanbieder": f"ours-{number}",
        **(path or {"Bsn": BSN}),
    }


@pytest.mark.parametrize("port", ["Soap11", "Soap12"])
async def test_a_coverage_check_over_mutual_tls(tmp_path, monkeypatch, port):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "nobody.pem"))
    async with world(tmp_path) as here:
        searches = [search(1), search(2, Bsn="123456789")]
        answer = await asyncio.to_thread(
            ask, here, here.issued(), tmp_path, port=port, searches=searches
        )

        assert answer.Resultaat == "VerzoekAkkoord"
        first, second = answer.Antwoorden.Antwoord
        assert (first.Volgnummer, first.ReferentieZorgaanbieder) == (1, "ours-1")
        assert (first.Resultaat, first.Persoon.Bsn) == ("Gevonden", BSN)
        assert first.Persoon.Resultaat == "ActieveVerzekeringen"
        assert {one.Resultaat for one in first.Persoon.Verzekeringen.Verzekering} == {"Actief"}
        assert (second.Resultaat, second.Persoon) == ("BsnVoldoetNietAanElfProef", None)
        assert here.refused == {}


async def test_a_fault_reaches_it_with_its_code(tmp_path):
    async with world(tmp_path) as here:
        await here.server.behave(Behaviour(revoked=("*",)))

        with pytest.raises(zeep.exceptions.Fault, match="not authorised") as refused:
            await asyncio.to_thread(
                ask, here, here.issued(), tmp_path, port="Soap11", searches=[search()]
            )

        assert refused.value.code == "s:Client"
        assert refused.value.detail.findtext(f".//{{{MESSAGES}}}Code") == "NietGeautoriseerd"
