"""Questions and answers on the wire: asked once, and never guessed at."""

import uuid
from datetime import date

import pytest
from lxml import etree

from standvast.care.insurance.destinations.soap import (
    AnswerUnreadable,
    Fault,
    NotOurs,
    answers_in,
    request_body,
)
from standvast.care.insurance.rules.coverage import Path, Search, Status, reading_of
from standvast.care.insurance.views import Question

T = "{http://schemas.vecozo.nl/VZ801802/v1/types}"
DAY = date(2026, 3, 2)


def a_question(path=Path.BSN, **known) -> Question:
    search = Search(path, birth_on=date(1962, 3, 15), on=DAY, **({"bsn": "999990019"} | known))
    return Question(uuid.uuid4(), search, asker="01234567")


ONE = a_question()
INSURED = """<t:Antwoord><t:Volgnummer>1</t:Volgnummer><t:Resultaat>Gevonden</t:Resultaat>
<t:Persoon><t:Resultaat>ActieveVerzekeringen</t:Resultaat><t:Geboortedatum>1962-03-15</t:Geboortedatum>
<t:Verzekeringen><t:Verzekering><t:Resultaat>Actief</t:Resultaat><t:UZOVI>0091</t:UZOVI>
<t:Verzekerdenummer>A1</t:Verzekerdenummer><t:SoortVerzekering>Basis</t:SoortVerzekering>
<t:Ingangsdatum>2026-01-01</t:Ingangsdatum></t:Verzekering></t:Verzekeringen></t:Persoon></t:Antwoord>"""


def reply(answers: str = INSURED, result: str = "VerzoekAkkoord", head: str = "") -> bytes:
    return f"""{head}<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"
 xmlns:m="http://schemas.vecozo.nl/VZ801802/v1/messages"
 xmlns:t="http://schemas.vecozo.nl/VZ801802/v1/types"><s:Body><m:ControleerResponse>
<m:Resultaat>{result}</m:Resultaat><m:Antwoorden>{answers}</m:Antwoorden>
</m:ControleerResponse></s:Body></s:Envelope>""".encode()


def fault(code: str) -> bytes:
    return f"""<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault>
<faultcode>s:Client</faultcode><faultstring>no</faultstring><detail>
<m:Fout xmlns:m="http://schemas.vecozo.nl/VZ801802/v1/messages"><m:Code>{code}</m:Code></m:Fout>
</detail></s:Fault></s:Body></s:Envelope>""".encode()


class TestRequestBody:
    @pytest.mark.parametrize(
        ("question", "names"),
        [
            (ONE, {"Bsn"}),
            (a_question(Path.INSURED_NUMBER, insured_number="A1"), {"Verzekerdenummer"}),
            (
                a_question(Path.ADDRESS, postcode="1234AB", house_number="5", house_addition="a"),
                {"Postcode", "Huisnummer", "Huisnummertoevoeging"},
            ),
        ],
    )
    def test_asks_by_one_path_whatever_else_is_known(self, question, names):
        search = etree.fromstring(request_body([question])).find(f".//{T}Zoekopdracht")

        given = {one.tag.removeprefix(T) for one in search}
        always = {"Volgnummer", "Geboortedatum", "Peildatum", "ReferentieZorgaanbieder"}
        assert given == always | names

    def test_keeps_the_zeros_in_front(self):
        body = request_body([ONE])

        assert b"<t:AGB-zorgverlenersoort>01<" in body
        assert b"<t:AGB-nummer>234567<" in body

    @pytest.mark.parametrize("count", [0, 21])
    def test_takes_1_to_20(self, count):
        with pytest.raises(AssertionError):
            request_body([ONE] * count)


class TestAnswersIn:
    def test_reads_an_insurance(self):
        answer = answers_in(reply(), [ONE])[ONE.check_id]

        reading = reading_of(answer)
        assert reading.status is Status.INSURED
        assert reading.policy.insurer == "0091"
        assert reading.policy.from_on == date(2026, 1, 1)

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"<html>we are away</html>",
            b"\xff\xfe",
            reply(""),
            reply(INSURED + INSURED.replace(">1<", ">2<", 1)),
            reply(INSURED.replace(">1<", ">2<", 1)),
            reply(INSURED.replace("2026-01-01", "eerste januari")),
            reply(head='<!DOCTYPE s [<!ENTITY e "x">]>'),
            reply("&boom;", head='<!DOCTYPE s [<!ENTITY boom SYSTEM "file:///etc/hostname">]>'),
            reply(result=""),
        ],
        ids=lambda content: str(len(content)),
    )
    def test_anything_else_is_unreadable(self, content):
        with pytest.raises(AnswerUnreadable):
            answers_in(content, [ONE])

    @pytest.mark.parametrize("result", ["GeenZoekopdrachten", "MeerDan20Zoekopdrachten"])
    def test_tells_that_we_asked_wrongly(self, result):
        with pytest.raises(NotOurs):
            answers_in(reply("", result), [ONE])

    @pytest.mark.parametrize(
        ("code", "ours"),
        [
            ("NietGeautoriseerd", "coverage.not_authorised"),
            ("TijdelijkNietBeschikbaar", "coverage.fault"),
        ],
    )
    def test_a_fault_is_no_answer(self, code, ours):
        with pytest.raises(Fault) as raised:
            answers_in(fault(code), [ONE])

        assert raised.value.code == ours

    def test_each_question_gets_its_own_answer(self):
        other = a_question()
        absent = (
            "<t:Antwoord><t:Volgnummer>2</t:Volgnummer>"
            "<t:Resultaat>NietGevonden</t:Resultaat></t:Antwoord>"
        )

        answers = answers_in(reply(absent + INSURED), [ONE, other])

        assert answers[ONE.check_id].found == "Gevonden"
        assert answers[other.check_id].found == "NietGevonden"
