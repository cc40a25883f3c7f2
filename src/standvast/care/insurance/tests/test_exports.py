"""Claims as files: to the cent, and refused rather than cut."""

import json
import uuid
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standvast.care.insurance.exports.claim import AnswerUnreadable, ClaimExporter, answers_in
from standvast.care.insurance.exports.exporter import Outgoing, OutgoingLine
from standvast.care.insurance.exports.fixed import FixedExporter, own_layout
from standvast.care.insurance.rules.answers import LineAnswer, Specification
from standvast.care.insurance.rules.layouts import (
    LINES_MAX,
    FieldWrong,
    LayoutWrong,
    layout_of,
    lines_of,
    read,
    written,
)

DAY = date(2026, 2, 10)
REQUIRED = {
    "status", "type", "use", "patient", "created", "provider", "priority", "insurance",
}  # fmt: skip
"""What FHIR R4 asks of every Claim."""


def a_line(cents=6_395, **other):
    known = {
        "id": uuid.uuid4(), "version": 1, "credits_id": None, "bsn": "999990019",
        "birth_on": date(1962, 3, 15), "insurer": "9991", "insured_number": "VZ00001",
        "activity": "", "on": DAY, "cents": cents,
    }  # fmt: skip
    return OutgoingLine(**{**known, **other})


def outgoing(*lines):
    return Outgoing(
        uuid.uuid4(), uuid.uuid4(), 1, "01999999", "dm2", "2026-1", date(2026, 4, 7), lines
    )


class TestClaim:
    def test_has_what_fhir_asks_for(self):
        first = a_line()
        told = json.loads(ClaimExporter().write(outgoing(first, a_line(-5, credits_id=first.id))))

        assert told["resourceType"] == "Bundle"
        for entry in told["entry"]:
            claim = entry["resource"]
            assert claim["resourceType"] == "Claim"
            assert claim.keys() >= REQUIRED
            assert claim["use"] == "claim"
            assert claim["item"][0]["net"] == claim["total"]
            assert all(one["sequence"] > 0 for one in claim["insurance"] + claim["item"])
        assert told["entry"][1]["resource"]["related"][0]["claim"]["identifier"]["value"] == str(
            first.id
        )

    @given(cents=st.integers(min_value=-(10**11), max_value=10**11))
    def test_amounts_are_exact(self, cents):
        text = ClaimExporter().write(outgoing(a_line(cents))).decode()

        told = json.loads(text, parse_float=str, parse_int=str)
        value = told["entry"][0]["resource"]["total"]["value"]
        assert value == f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"

    @pytest.mark.parametrize(
        "content",
        [
            b"", b"[]", b"{}", b'{"resourceType":"Bundle"}', b'{"resourceType":"Patient"}',
            b'{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Claim"}}]}',
            b'{"resourceType":"PaymentReconciliation"}',
        ],
    )  # fmt: skip
    def test_what_is_no_answer_is_not_read(self, content):
        with pytest.raises(AnswerUnreadable):
            answers_in(content)

    def test_half_cents_and_other_money_are_not_read(self):
        for amount in ({"value": 1.005, "currency": "EUR"}, {"value": 1, "currency": "USD"}):
            with pytest.raises(AnswerUnreadable):
                answers_in(json.dumps(responses((uuid.uuid4(), amount, ""))).encode())

    def test_reads_answers_and_a_payment(self):
        line_id = uuid.uuid4()
        amount = {"value": 63.95, "currency": "EUR"}

        assert answers_in(json.dumps(responses((line_id, amount, "other"))).encode()) == (
            LineAnswer(line_id, 6_395, "other"),
        )
        found = answers_in(json.dumps(reconciliation(line_id, amount)).encode())
        assert isinstance(found, Specification)
        assert (found.cents, found.rows[0].line_id) == (6_395, line_id)

    def test_a_payment_that_does_not_add_up_is_not_read(self):
        told = reconciliation(uuid.uuid4(), {"value": 1, "currency": "EUR"})
        told["paymentAmount"] = {"value": 2, "currency": "EUR"}

        with pytest.raises(AnswerUnreadable):
            answers_in(json.dumps(told).encode())


def responses(*answers):
    return {
        "resourceType": "Bundle",
        "entry": [
            {
                "resource": {
                    "resourceType": "ClaimResponse",
                    "request": {"identifier": {"value": str(line_id)}},
                    "payment": {"amount": amount},
                    "error": [{"code": {"coding": [{"code": reason}]}}] if reason else [],
                }
            }
            for line_id, amount, reason in answers
        ],
    }


def reconciliation(line_id, amount):
    return {
        "resourceType": "PaymentReconciliation",
        "identifier": [{"value": str(uuid.uuid4())}],
        "paymentIdentifier": {"value": "B-1"},
        "paymentDate": "2026-04-20",
        "paymentAmount": amount,
        "detail": [{"request": {"identifier": {"value": str(line_id)}}, "amount": amount}],
    }


class TestFixed:
    def test_each_record_has_the_length_it_says_and_reads_back(self):
        lines = [a_line(), a_line(-3_205, activity="feet", version=2)]
        layout = own_layout("claims")

        found = [read(layout, one) for one in lines_of(FixedExporter().write(outgoing(*lines)))]

        assert [name for name, _ in found] == ["opening", "line", "line", "closing"]
        for line, (_, values) in zip(lines, found[1:3], strict=True):
            assert values["id"] == str(line.id)
            assert (values["amount"], values["on"]) == (line.cents, line.on)
        assert found[3][1] == {"record": "99", "lines_count": 2, "amount": 3_190, "filler": ""}

    @given(cents=st.integers(min_value=-(10**11) + 1, max_value=10**11 - 1))
    def test_amounts_read_back(self, cents):
        layout = own_layout("claims")

        record = written(layout, "closing", {"lines_count": 1, "amount": cents})

        assert read(layout, record)[1]["amount"] == cents

    @pytest.mark.parametrize(
        "wrong",
        [{"insured_number": "V" * 21}, {"cents": 10**11}, {"insured_number": "a\nb"}],
    )
    def test_what_does_not_fit_is_refused(self, wrong):
        with pytest.raises(FieldWrong):
            FixedExporter().write(outgoing(a_line(**wrong)))

    @pytest.mark.parametrize(
        "definition",
        [
            b"", b'{"name":"x","length":2,"records":{"a":[{"name":"record","length":3}]}}',
            b'{"name":"x","length":3,"records":{"a":[{"name":"record","length":3}]}}',
            b'{"name":"x","length":3,"other":1,"records":{}}',
        ],
    )  # fmt: skip
    def test_a_definition_that_cannot_be_is_refused(self, definition):
        with pytest.raises(LayoutWrong):
            layout_of(definition)

    @pytest.mark.parametrize("content", [b"\xff", b"01\n" * (LINES_MAX + 1)])
    def test_what_is_no_text_or_too_long_is_refused(self, content):
        with pytest.raises(LayoutWrong):
            lines_of(content)

    def test_a_day_that_is_not_known_is_written_as_zeros_and_read_as_none(self):
        layout = own_layout("partner")

        record = written(layout, "opening", {"partner": "24012345", "reference": "R"})

        assert read(layout, record)[1]["made_on"] == ""

    def test_a_number_is_digits(self):
        layout = own_layout("partner")

        with pytest.raises(FieldWrong):
            read(layout, written(layout, "closing", {"lines_count": 7}).replace("7", "x"))

    def test_a_line_that_is_none_is_refused(self):
        layout = own_layout("partner")
        for line in ("", "03" + " " * 62, "04" + " " * 10):
            with pytest.raises(LayoutWrong):
                read(layout, line)
        with pytest.raises(FieldWrong):
            read(layout, "04" + "DM-FT ".ljust(6) + "20261341" + "0" * 9 + "D" + " " * 38)
