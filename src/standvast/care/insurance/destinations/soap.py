"""Questions and answers as SOAP 1.1, in the shape of VZ801/802. Pure.

Shape only: element names and values are those that are public, the rest is ours; the real service
may differ. What comes in is parsed without entities, document types or anything from elsewhere.
"""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar

from lxml import etree

from standvast.care.insurance.rules.coverage import Answer, Path, Policy
from standvast.care.insurance.views import Question

SERVICE = "http://schemas.vecozo.nl/VZ801802/v1"
SOAP_ACTION = f'"{SERVICE}/Controleer"'
SEARCHES_MAX = 20
AGREED = "VerzoekAkkoord"
NOT_AUTHORISED = "NietGeautoriseerd"

_ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
_M, _T = f"{SERVICE}/messages", f"{SERVICE}/types"
_SPACES = {"soap": _ENVELOPE, "m": _M, "t": _T}
_PARSER = etree.XMLParser(
    resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True
)


class AnswerUnreadable(Exception):
    """What came back is no answer to what was asked."""


class Fault(Exception):
    """The service says that it cannot now, or not for us. `code` begins with `coverage.`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NotOurs(Exception):
    """The service says that we asked wrongly: none, or more than it takes."""

    code: ClassVar[str] = "coverage.asked_wrongly"


def request_body(questions: Sequence[Question]) -> bytes:
    """Return a message with 1 to 20 questions, all of one asker."""
    assert 0 < len(questions) <= SEARCHES_MAX, "a message holds 1 to 20 questions"
    assert len({question.asker for question in questions}) == 1, "one asker per message"
    envelope = etree.Element(f"{{{_ENVELOPE}}}Envelope", nsmap=_SPACES)
    body = etree.SubElement(envelope, f"{{{_ENVELOPE}}}Body")
    ask = etree.SubElement(body, f"{{{_M}}}Controleer")
    asker = etree.SubElement(ask, f"{{{_M}}}Zorgaanbieder")
    _add(asker, "AGB-zorgverlenersoort", questions[0].asker[:2])
    _add(asker, "AGB-nummer", questions[0].asker[2:])
    searches = etree.SubElement(ask, f"{{{_M}}}Zoekopdrachten")
    for number, question in enumerate(questions, start=1):
        _add_search(etree.SubElement(searches, f"{{{_T}}}Zoekopdracht"), number, question)
    written: bytes = etree.tostring(envelope, encoding="utf-8", xml_declaration=True)
    return written


def _add_search(element: etree._Element, number: int, question: Question) -> None:
    search = question.search
    _add(element, "Volgnummer", str(number))
    _add(element, "Geboortedatum", search.birth_on.isoformat())
    _add(element, "Peildatum", search.on.isoformat())
    match search.path:
        case Path.BSN:
            _add(element, "Bsn", search.bsn)
        case Path.INSURED_NUMBER:
            _add(element, "Verzekerdenummer", search.insured_number)
        case Path.ADDRESS:
            _add(element, "Postcode", search.postcode)
            _add(element, "Huisnummer", search.house_number)
            if search.house_addition:
                _add(element, "Huisnummertoevoeging", search.house_addition)
        case Path.NONE:
            raise AssertionError("nothing to ask by")
    _add(element, "ReferentieZorgaanbieder", str(question.check_id))


def _add(element: etree._Element, name: str, text: str) -> None:
    etree.SubElement(element, f"{{{_T}}}{name}").text = text


def answers_in(content: bytes, questions: Sequence[Question]) -> Mapping[uuid.UUID, Answer]:
    """Return the answer to each question; one that is missing, twice, or not asked for,
    is an error.

    :raises Fault: if the service says that it cannot.
    :raises NotOurs: if it says that we asked wrongly.
    :raises AnswerUnreadable: if it is anything else than one answer to each.
    """
    envelope = _parsed(content)
    if (fault := envelope.find(f".//{{{_ENVELOPE}}}Fault")) is not None:
        raise _fault(fault)
    answer = envelope.find(f"{{{_ENVELOPE}}}Body/{{{_M}}}ControleerResponse")
    if answer is None:
        raise AnswerUnreadable
    result = answer.findtext(f"{{{_M}}}Resultaat", "")
    if result != AGREED:
        raise NotOurs if result else AnswerUnreadable
    found = answer.findall(f"{{{_M}}}Antwoorden/{{{_T}}}Antwoord")
    by_number = {_text(one, "Volgnummer"): one for one in found}
    wanted = {str(number): question for number, question in enumerate(questions, start=1)}
    if by_number.keys() != wanted.keys() or len(found) != len(wanted):
        raise AnswerUnreadable
    return {wanted[number].check_id: _answer(one) for number, one in by_number.items()}


def _parsed(content: bytes) -> etree._Element:
    """Return the root; a document type is not looked into but refused.

    :raises AnswerUnreadable: if it is not XML that we take.
    """
    try:
        root = etree.fromstring(content, _PARSER)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise AnswerUnreadable from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise AnswerUnreadable
    return root


def _fault(fault: etree._Element) -> Fault:
    code = fault.findtext(f".//{{{_M}}}Fout/{{{_M}}}Code", "")
    return Fault("coverage.not_authorised" if code == NOT_AUTHORISED else "coverage.fault")


def _answer(element: etree._Element) -> Answer:
    person = element.find(f"{{{_T}}}Persoon")
    if person is None:
        return Answer(_text(element, "Resultaat"))
    found = person.iterfind(f"{{{_T}}}Verzekeringen/{{{_T}}}Verzekering")
    return Answer(
        _text(element, "Resultaat"),
        _text(person, "Resultaat"),
        tuple(_policy(one) for one in found),
    )


def _policy(element: etree._Element) -> Policy:
    return Policy(
        insurer=_text(element, "UZOVI"),
        insured_number=_text(element, "Verzekerdenummer"),
        kind=_text(element, "SoortVerzekering"),
        state=_text(element, "Resultaat"),
        package=_text(element, "Pakketnaam"),
        from_on=_day(element, "Ingangsdatum"),
        until_on=_day(element, "Einddatum"),
    )


def _text(element: etree._Element, name: str) -> str:
    return (element.findtext(f"{{{_T}}}{name}") or "").strip()


def _day(element: etree._Element, name: str) -> date | None:
    text = _text(element, name)
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError as error:
        raise AnswerUnreadable from error
