"""An unmodified zeep client asks, from the description the service itself serves."""

import asyncio
import ssl
from datetime import UTC, date, datetime

import pytest
import requests
import zeep
from requests.adapters import HTTPAdapter
from zeep.transports import Transport

from standvast.outside.insurers.tests.world import world

pytestmark = pytest.mark.enable_socket

BSN = "999979668"
"""Of the range that is given to nobody."""


class WithContext(HTTPAdapter):
    """Trusts what its own context trusts: `verify` is overridden by REQUESTS_CA_BUNDLE."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__()

    def init_poolmanager(self, *given, **named):
        super().init_poolmanager(*given, **named, ssl_context=self._context)


def ask(url: str, context: ssl.SSLContext, *, port: str, searches: list[dict]):
    session = requests.Session()
    session.trust_env = False
    session.mount("https://", WithContext(context))
    client = zeep.Client(
        f"{url}?wsdl", service_name="Controle", port_name=port, transport=Transport(session=session)
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
async def test_a_coverage_check_over_mutual_tls(tmp_path, port):
    async with world(tmp_path) as here:
        context = here.context(here.issued())

        answer = await asyncio.to_thread(
            ask, here.url, context, port=port, searches=[search(1), search(2, Bsn="123456789")]
        )

        assert answer.Resultaat == "VerzoekAkkoord"
        first, second = answer.Antwoorden.Antwoord
        assert (first.Volgnummer, first.ReferentieZorgaanbieder) == (1, "ours-1")
        assert (first.Resultaat, first.Persoon.Bsn) == ("Gevonden", BSN)
        assert first.Persoon.Resultaat == "ActieveVerzekeringen"
        assert {one.Resultaat for one in first.Persoon.Verzekeringen.Verzekering} == {"Actief"}
        assert (second.Resultaat, second.Persoon) == ("BsnVoldoetNietAanElfProef", None)
        assert here.refused == {}
