"""The service in XML: SOAP 1.1 and 1.2 in, answers and faults out.

What comes in is read without entities, without a document type, without a look at any other
file or address, and is held against the same schema that is served with the description.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cache, lru_cache
from pathlib import Path
from xml.sax.saxutils import escape

from lxml import etree
from lxml.builder import ElementMaker

from standvast.outside.insurers.answers import Answer, Search, request_result
from standvast.outside.insurers.people import INSURERS, Insurance

SERVICE = "http://schemas.vecozo.nl/VZ801802/v1"
MESSAGES = f"{SERVICE}/messages"
TYPES = f"{SERVICE}/types"
ACTION = f"{SERVICE}/Controleer"
ADDRESSES_MAX = 8
"""For how many addresses the description is kept: a client may ask by any name."""
CONTRACT = Path(__file__).with_name("contract")

_m = ElementMaker(namespace=MESSAGES, nsmap={"m": MESSAGES, "t": TYPES})
_t = ElementMaker(namespace=TYPES, nsmap={"t": TYPES})


class Version(Enum):
    """Which SOAP: its namespace, and the media type of its messages."""

    V11 = ("http://schemas.xmlsoap.org/soap/envelope/", "text/xml")
    V12 = ("http://www.w3.org/2003/05/soap-envelope", "application/soap+xml")

    @property
    def namespace(self) -> str:
        """Return the namespace of its envelope."""
        return self.value[0]

    @property
    def media_type(self) -> str:
        """Return the media type of its messages."""
        return self.value[1]


@dataclass(frozen=True)
class Request:
    """One request, understood."""

    version: Version
    provider: str
    """The AGB number of who asks: kind and number, 8 digits."""
    searches: tuple[Search, ...]


class Fault(Exception):
    """What goes back instead of an answer. `is_theirs`: the sender has to change something."""

    def __init__(
        self, code: str, reason: str, *, version: Version = Version.V11, is_theirs: bool = True
    ) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.version = version
        self.is_theirs = is_theirs

    @property
    def status(self) -> int:
        """Return the HTTP status: SOAP 1.1 has one for all, 1.2 tells whose fault it is."""
        return 400 if self.is_theirs and self.version is Version.V12 else 500


def version_of(media_type: str) -> Version | None:
    """Return which SOAP a media type announces."""
    return next((one for one in Version if one.media_type == media_type), None)


def request_in(body: bytes, *, version: Version) -> Request:
    """Return the request in a message.

    :raises Fault: if it is no XML, no envelope of this version, or not what the schema says.
    """
    try:
        envelope = etree.fromstring(body, safe_parser())
    except etree.XMLSyntaxError:
        raise Fault("BerichtOnjuist", "This is no XML.", version=version) from None
    if envelope.getroottree().docinfo.doctype:
        raise Fault("BerichtOnjuist", "A document type is not taken.", version=version)
    if envelope.tag != f"{{{version.namespace}}}Envelope":
        raise Fault("BerichtOnjuist", "This is no envelope of this SOAP version.", version=version)
    if envelope.xpath("s:Header/*[@s:mustUnderstand]", namespaces={"s": version.namespace}):
        raise Fault("BerichtOnjuist", "No header has to be understood here.", version=version)
    found = envelope.xpath("s:Body/*", namespaces={"s": version.namespace})
    if len(found) != 1 or found[0].tag != f"{{{MESSAGES}}}Controleer":
        raise Fault("BerichtOnjuist", "The body holds one Controleer.", version=version)
    return _understood(found[0], version)


def answer_out(version: Version, answers: Sequence[Answer], *, searches_count: int) -> bytes:
    """Return the message that answers a request of so many searches."""
    return _enveloped(
        version,
        _m.ControleerResponse(
            _m.Resultaat(request_result(searches_count)),
            _m.Antwoorden(*(_answer(answer) for answer in answers)),
        ),
    )


def fault_out(fault: Fault) -> bytes:
    """Return the message that tells a fault. It repeats nothing of what was sent."""
    s = ElementMaker(namespace=fault.version.namespace, nsmap={"s": fault.version.namespace})
    detail = _m.Fout(_m.Code(fault.code))
    if fault.version is Version.V11:
        bare = ElementMaker()
        who = "s:Client" if fault.is_theirs else "s:Server"
        told = s.Fault(bare.faultcode(who), bare.faultstring(fault.reason), bare.detail(detail))
    else:
        text = s.Text(fault.reason, {"{http://www.w3.org/XML/1998/namespace}lang": "en"})
        who = "s:Sender" if fault.is_theirs else "s:Receiver"
        told = s.Fault(s.Code(s.Value(who)), s.Reason(text), s.Detail(detail))
    return _enveloped(fault.version, told)


@lru_cache(maxsize=ADDRESSES_MAX)
def description(address: str) -> bytes:
    """Return the service's WSDL, schemas inside, for the address it is asked at."""
    schemas = [
        (CONTRACT / name).read_text(encoding="utf-8").partition("?>")[2]
        for name in ("types.xsd", "messages.xsd")
    ]
    # Inside one document an import is found by its namespace; elsewhere it needs the file.
    inside = "".join(schemas).replace(' schemaLocation="types.xsd"', "")
    escaped = escape(address, {'"': "&quot;"})
    text = (CONTRACT / "service.wsdl").read_text(encoding="utf-8")
    return text.replace("@SCHEMAS@", inside).replace("@ADDRESS@", escaped).encode()


# -- in ----------------------------------------------------------------------------------------


def safe_parser() -> etree.XMLParser:
    """Return a parser that reads what it is given, and nothing that this names."""
    return etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(CONTRACT / "messages.xsd")))


def _understood(message: etree._Element, version: Version) -> Request:
    if not _schema().validate(message):
        raise Fault("BerichtOnjuist", "This is not what the schema says.", version=version)
    names = {"m": MESSAGES, "t": TYPES}
    provider = message.find("m:Zorgaanbieder", names)
    return Request(
        version=version,
        provider=_text(provider, "AGB-zorgverlenersoort") + _text(provider, "AGB-nummer"),
        searches=tuple(
            _search(one) for one in message.iterfind("m:Zoekopdrachten/t:Zoekopdracht", names)
        ),
    )


def _search(element: etree._Element) -> Search:
    return Search(
        number=int(_text(element, "Volgnummer")),
        born_on=date.fromisoformat(_text(element, "Geboortedatum")),
        on=date.fromisoformat(_text(element, "Peildatum")),
        bsn=_text(element, "Bsn"),
        insured_number=_text(element, "Verzekerdenummer"),
        postcode=_text(element, "Postcode"),
        house_number=_text(element, "Huisnummer"),
        addition=_text(element, "Huisnummertoevoeging"),
        reference=_text(element, "ReferentieZorgaanbieder"),
    )


def _text(parent: etree._Element, name: str) -> str:
    return str(parent.findtext(f"{{{TYPES}}}{name}") or "").strip()


# -- out ---------------------------------------------------------------------------------------


def _enveloped(version: Version, content: etree._Element) -> bytes:
    s = ElementMaker(namespace=version.namespace, nsmap={"s": version.namespace})
    whole: bytes = etree.tostring(
        s.Envelope(s.Body(content)), encoding="utf-8", xml_declaration=True
    )
    return whole


def _answer(answer: Answer) -> etree._Element:
    element = _t.Antwoord(
        _t.Volgnummer(str(answer.search.number)),
        *_filled(ReferentieZorgaanbieder=answer.search.reference),
        _t.Resultaat(answer.result),
    )
    if answer.person is not None:
        element.append(_person(answer))
    return element


def _person(answer: Answer) -> etree._Element:
    person = answer.person
    assert person is not None
    return _t.Persoon(
        _t.Resultaat(answer.person_result),
        *_filled(
            Bsn=person.bsn,
            Voorletters=person.initials,
            Voorvoegsel=person.prefix,
            Achternaam=person.surname,
            Geboortedatum=(person.born_on or answer.search.born_on).isoformat(),
            Geslacht=person.sex,
        ),
        _t.Overleden("true" if person.died else "false"),
        _t.Verzekeringen(*(_insurance(result, one) for result, one in answer.told)),
    )


def _insurance(result: str, insurance: Insurance) -> etree._Element:
    element = _t.Verzekering(_t.Resultaat(result), _t.UZOVI(insurance.uzovi))
    if insurance.may_be_told:
        until_on = insurance.until_on
        element.extend(
            _filled(
                NaamVerzekeraar=INSURERS.get(insurance.uzovi, ""),
                Verzekerdenummer=insurance.number,
                SoortVerzekering=insurance.kind,
                Pakketcode=insurance.package,
                Pakketnaam=insurance.package_name,
                Ingangsdatum=insurance.from_on.isoformat(),
                Einddatum=until_on.isoformat() if until_on else "",
            )
        )
    return element


def _filled(**texts: str) -> list[etree._Element]:
    """Return an element for each text that is not empty, in this order."""
    return [_t(name, text) for name, text in texts.items() if text]
