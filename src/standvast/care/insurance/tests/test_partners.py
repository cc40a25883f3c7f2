"""A chain partner's file: a result for each line, and nobody is taken for another."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone

from standvast.care.insurance.exports.fixed import own_layout
from standvast.care.insurance.models import Activity
from standvast.care.insurance.rules.coverage import Status
from standvast.care.insurance.rules.layouts import written
from standvast.care.insurance.testing import QUARTER, a_bundle, an_enrolled_patient
from standvast.registry.access.testing import a_colleague, signed_in_client
from standvast.registry.patients.api import System
from standvast.registry.patients.testing import BSNS

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def gp():
    return a_colleague()


@pytest.fixture
def client(gp):
    return signed_in_client(gp)


@pytest.fixture
def bundle_id(gp):
    an_enrolled_patient(gp.actor, family="Goedhart", numbers={System.BSN: BSNS[0]})
    an_enrolled_patient(gp.actor, family="Wachter", covered=Status.UNKNOWN)
    return a_bundle(gp.actor)


BORN_ON = date(1962, 3, 15)


def a_record(name, **values):
    return written(own_layout("partner"), name, values)


def a_file(*done, count=None, bsn=BSNS[0], birth_on=BORN_ON, partner="24012345"):
    count = len(done) if count is None else count
    records = [
        a_record("opening", partner=partner, reference="R1", made_on=birth_on),
        a_record("patient", bsn=bsn, birth_on=birth_on),
        *(a_record("done", code=code, on=on, amount=100) for code, on in done),
        a_record("closing", lines_count=count),
    ]
    return "\r\n".join(records)


DAY = QUARTER.first_on + timedelta(days=20)


class TestPartners:
    def read_in(self, client, text):
        file = BytesIO(text.encode())
        file.name = "partner.txt"
        return client.post(reverse("insurance:partners"), {"file": file})

    def results(self, answer):
        table = answer.text.partition('id="results"')[2]
        return table.count("cell--number") - 1, answer.status_code

    def test_gives_a_result_for_each_line(self, client, bundle_id):
        text = a_file(("DM-FT", DAY), ("DM-FT", DAY), ("??", DAY), ("CO-BT", DAY))

        assert self.results(self.read_in(client, text)) == (4, 200)
        made = Activity.objects.get(origin="imported")
        assert (made.partner, made.code, made.done_on) == ("24012345", "feet", DAY)

    def test_a_line_that_cannot_be_taken_holds_up_no_other(self, client, bundle_id):
        tomorrow = timezone.localdate() + timedelta(days=1)
        text = a_file(("DM-FT", tomorrow), ("DM-FT", DAY), ("DM-LL", DAY))
        broken = text.replace(f"{DAY:%Y%m%d}", "20261341", 1)

        assert self.results(self.read_in(client, broken)) == (3, 200)
        assert Activity.objects.filter(origin="imported").count() == 1

    @pytest.mark.parametrize("line", ["nonsense", "02" + BSNS[1] + "19621341" + " " * 45])
    def test_nothing_is_written_to_the_patient_before_one_who_cannot_be_read(
        self, client, bundle_id, line
    ):
        mangled = a_file(("DM-FT", DAY)).replace("\r\n04", f"\r\n{line}\r\n04", 1)

        assert self.results(self.read_in(client, mangled)) == (2, 200)
        assert not Activity.objects.filter(origin="imported").exists()

    def test_takes_a_file_with_a_byte_order_mark(self, client, bundle_id):
        assert self.results(self.read_in(client, "\ufeff" + a_file(("DM-FT", DAY)))) == (1, 200)

    def test_the_same_file_again_changes_nothing(self, client, bundle_id):
        for _ in range(2):
            self.read_in(client, a_file(("DM-FT", DAY)))

        assert Activity.objects.filter(origin="imported").count() == 1

    @pytest.mark.parametrize("wrong", [{"bsn": BSNS[4]}, {"birth_on": DAY}])
    def test_nobody_is_taken_for_another(self, client, bundle_id, wrong):
        answer = self.read_in(client, a_file(("DM-FT", DAY), **wrong))

        assert self.results(answer) == (1, 200)
        assert not Activity.objects.filter(origin="imported").exists()

    @pytest.mark.parametrize(
        "text", ["", "nonsense", a_file(("DM-FT", DAY), count=2), a_file().splitlines()[0]]
    )
    def test_refuses_what_is_no_whole_file(self, client, bundle_id, text):
        assert self.read_in(client, text or " ").status_code == 422
        assert not Activity.objects.filter(origin="imported").exists()

    @pytest.mark.parametrize("partner", ["", "2401234", "ABCDEFGH", "２４０１２３４５"])
    def test_refuses_a_file_that_does_not_say_whose_it_is(self, client, bundle_id, partner):
        assert self.read_in(client, a_file(("DM-FT", DAY), partner=partner)).status_code == 422
        assert not Activity.objects.filter(origin="imported").exists()

    @pytest.mark.parametrize("place", ["middle", "end"])
    def test_refuses_two_files_in_one(self, client, bundle_id, place):
        one = a_file(("DM-FT", DAY))
        again = a_record("opening", partner="24099999", reference="R2", made_on=DAY)
        lines = one.split("\r\n")
        at = 2 if place == "middle" else len(lines)
        text = "\r\n".join([*lines[:at], again, *lines[at:]])

        assert self.read_in(client, text).status_code == 422
        assert not Activity.objects.filter(origin="imported").exists()
