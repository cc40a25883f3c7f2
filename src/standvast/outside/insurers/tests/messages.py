"""Requests as bytes, right and wrong."""

from datetime import date

from standvast.outside.insurers.soap import MESSAGES, TYPES, Version

DAY = date(2026, 3, 2)
BSN = "999979668"


def search(number: int = 1, *, path: str = f"<t:Bsn>{BSN}</t:Bsn>", on: object = DAY) -> str:
    return (
        f"<t:Zoekopdracht><t:Volgnummer>{number}</t:Volgnummer>"
        f"<t:Geboortedatum>1962-03-15</t:Geboortedatum><t:Peildatum>{on}</t:Peildatum>{path}"
        f"<t:ReferentieZorgaanbieder>ours-{number}</t:ReferentieZorgaanbieder></t:Zoekopdracht>"
    )


def controleer(*searches: str, kind: str = "01") -> str:
    return (
        f'<m:Controleer xmlns:m="{MESSAGES}" xmlns:t="{TYPES}"><m:Zorgaanbieder>'
        f"<t:AGB-zorgverlenersoort>{kind}</t:AGB-zorgverlenersoort>"
        f"<t:AGB-nummer>012345</t:AGB-nummer></m:Zorgaanbieder>"
        f"<m:Zoekopdrachten>{''.join(searches)}</m:Zoekopdrachten></m:Controleer>"
    )


def envelope(
    body: str, *, before: str = "", header: str = "", version: Version = Version.V11
) -> bytes:
    return (
        f'{before}<s:Envelope xmlns:s="{version.namespace}">'
        f"{header}<s:Body>{body}</s:Body></s:Envelope>"
    ).encode()
