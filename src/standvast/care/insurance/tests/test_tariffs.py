"""What programmes pay: kept with who said so, and never changed under a line that went."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from standvast.care.insurance.models import Line, Tariff
from standvast.care.insurance.operations.preparing import validate
from standvast.care.insurance.operations.submitting import submit
from standvast.care.insurance.operations.tariffs import (
    TariffNotFound,
    set_tariff,
    take_back_tariff,
)
from standvast.care.insurance.queries.claims import bundle_row
from standvast.care.insurance.queries.tariffs import tariff_rows
from standvast.care.insurance.rules import tariffs as rules
from standvast.care.insurance.rules.programmes import NotInProgramme
from standvast.care.insurance.rules.tariffs import (
    AmountNotPossible,
    Counts,
    Standing,
    TariffCounted,
    TariffDayNotPossible,
    TooManyTariffs,
    counts,
)
from standvast.care.insurance.testing import AFTERWARDS, a_bundle, a_tariff, an_enrolled_patient
from standvast.core.journal.api import recent
from standvast.registry.access.api import Role
from standvast.registry.access.testing import a_colleague, signed_in_client

TODAY = date(2026, 4, 7)
days = st.dates(date(2025, 1, 1), date(2027, 12, 31))


class TestRules:
    @given(st.lists(st.builds(Standing, days, st.booleans()), min_size=1, max_size=8))
    def test_at_most_one_day_counts_now(self, rows):
        now = {row.from_on for row in rows if counts(row, rows, today=TODAY) is Counts.NOW}

        standing = [row.from_on for row in rows if not row.is_withdrawn and row.from_on <= TODAY]
        assert now == ({max(standing)} if standing else set())

    def test_each_product_is_there_once(self):
        found = list(rules.products())

        assert len(found) == len(set(found))
        assert ("dm2", "") in found
        assert ("copd", "feet") not in found


@pytest.fixture
def gp():
    return a_colleague().actor


@pytest.fixture
def keeper():
    return a_colleague(Role.OFFICE).actor


def told(actor):
    return [one.event for one in recent(actor.organisation_id) if "tariff" in one.event]


@pytest.mark.django_db(transaction=True)
class TestSet:
    def test_a_new_amount_counts_from_its_day(self, gp, keeper):
        an_enrolled_patient(gp, done=("yearly",), done_on=date(2026, 2, 9))
        a_bundle(gp)
        a_tariff(keeper, programme="dm2", from_on=date(2026, 2, 10), cents=7_000, now=AFTERWARDS)
        assert Line.objects.filter(bundle_id=a_bundle(gp)).get().cents == 6_395
        made = a_tariff(
            keeper, programme="dm2", from_on=date(2026, 2, 9), cents=6_500, now=AFTERWARDS
        )

        line = Line.objects.filter(bundle_id=a_bundle(gp)).get()

        assert (line.cents, line.tariff_id) == (6_500, made)
        assert told(keeper) == ["insurance.tariff_set"] * 2

    def test_another_for_the_same_day_leaves_history(self, keeper):
        given = {"programme": "cvrm", "from_on": date(2026, 7, 1), "now": AFTERWARDS}
        first = a_tariff(keeper, cents=3_000, **given)
        second = a_tariff(keeper, cents=3_100, **given)

        assert a_tariff(keeper, cents=3_100, **given) == second
        [now, before] = tariff_rows(None, today=TODAY)["cvrm"]
        assert (now.id, now.counts) == (second, Counts.TO_COME)
        assert (before.id, before.counts, before.cents) == (first, Counts.NEVER, 3_000)
        assert before.taken_back_by
        assert told(keeper) == [
            "insurance.tariff_set", "insurance.tariff_taken_back", "insurance.tariff_set",
        ]  # fmt: skip

    def test_a_line_that_went_keeps_what_it_went_with(self, gp, keeper, settings):
        settings.CLAIMS_URL = "https://127.0.0.1:1/vsp/v1"
        an_enrolled_patient(gp)
        bundle_id = a_bundle(gp)
        went = Line.objects.get(bundle_id=bundle_id)
        submit(actor=gp, bundle_id=bundle_id, lines_count=1, cents=6_395, now=AFTERWARDS)
        an_enrolled_patient(gp)
        a_tariff(keeper, programme="dm2", from_on=date(2026, 1, 1), cents=9_900, now=AFTERWARDS)

        validate(actor=gp, bundle_id=bundle_id, now=AFTERWARDS)

        again = Line.objects.get(id=went.id)
        assert (again.cents, again.tariff_id) == (6_395, went.tariff_id)
        assert bundle_row(gp.organisation_id, bundle_id).tally.ready_cents == 9_900
        [row] = [
            row for row in tariff_rows(gp.organisation_id, today=TODAY)["dm2"]
            if row.id == went.tariff_id
        ]  # fmt: skip
        assert (row.lines_count, row.counts) == (1, Counts.NEVER)
        other = tariff_rows(keeper.organisation_id, today=TODAY)["dm2"]
        assert {row.lines_count for row in other} == {0}

    @pytest.mark.parametrize(
        ("wrong", "refusal"),
        [
            ({"programme": "flu"}, NotInProgramme),
            ({"activity": "feet"}, NotInProgramme),
            ({"from_on": date(1999, 12, 31)}, TariffDayNotPossible),
            ({"from_on": TODAY + timedelta(days=732)}, TariffDayNotPossible),
            ({"cents": 0}, AmountNotPossible),
            ({"cents": -1}, AmountNotPossible),
            ({"cents": 1_000_001}, AmountNotPossible),
        ],
    )
    def test_refuses_what_cannot_be(self, keeper, wrong, refusal):
        given = {"programme": "cvrm", "activity": "", "from_on": TODAY, "cents": 1} | wrong

        with pytest.raises(refusal):
            set_tariff(actor=keeper, now=AFTERWARDS, **given)
        assert not Tariff.objects.exists()

    def test_keeps_no_more_than_can_be_read(self, keeper, monkeypatch):
        from standvast.care.insurance.operations import tariffs

        monkeypatch.setattr(tariffs, "ROWS_MAX", 2)
        for cents in (1, 2):
            a_tariff(keeper, cents=cents, now=AFTERWARDS)

        with pytest.raises(TooManyTariffs):
            a_tariff(keeper, cents=3, now=AFTERWARDS)


@pytest.mark.django_db(transaction=True)
class TestTakeBack:
    def test_one_that_never_counted(self, keeper):
        made = a_tariff(keeper, from_on=TODAY + timedelta(days=1), now=AFTERWARDS)

        for _ in range(2):
            take_back_tariff(actor=keeper, tariff_id=made, now=AFTERWARDS)

        [row] = tariff_rows(None, today=TODAY)["cvrm"]
        assert row.counts is Counts.NEVER
        assert told(keeper)[0] == "insurance.tariff_taken_back"
        assert len(told(keeper)) == 2

    def test_one_that_counts_stays(self, keeper):
        made = a_tariff(keeper, from_on=TODAY, now=AFTERWARDS)

        with pytest.raises(TariffCounted):
            take_back_tariff(actor=keeper, tariff_id=made, now=AFTERWARDS)
        with pytest.raises(TariffNotFound):
            take_back_tariff(actor=keeper, tariff_id=keeper.organisation_id, now=AFTERWARDS)


def at(name, *args):
    return reverse(f"insurance:{name}", args=args)


def said(**changed):
    day = (timezone.localdate() + timedelta(days=30)).isoformat()
    return {"what": "cvrm.", "from_on": day, "amount": "31,25"} | changed


@pytest.mark.django_db(transaction=True)
class TestPages:
    @pytest.fixture
    def client(self):
        return signed_in_client(a_colleague(Role.OFFICE, name="Mieke de Groot"))

    @pytest.mark.parametrize("amount", ["31,25", "31.25"])
    def test_an_amount_is_set_read_and_taken_back(
        self, client, amount, django_assert_max_num_queries
    ):
        assert client.get(at("tariffs")).status_code == 200
        assert client.post(at("tariffs_set"), said(amount=amount)).status_code == 303

        row = Tariff.objects.get()
        assert row.cents == 3_125
        with django_assert_max_num_queries(16):
            shown = client.get(at("tariffs")).text
        assert "Mieke de Groot" in shown
        assert f'id="tariff-{row.id}"' in shown
        assert client.post(at("tariff_back", row.id)).status_code == 303
        assert at("tariff_back", row.id) not in client.get(at("tariffs")).text

    @pytest.mark.parametrize(
        "wrong",
        [
            {"amount": "31,255"}, {"amount": "NaN"}, {"amount": "-1"}, {"amount": "1e9"},
            {"what": "x"}, {"from_on": "x"}, {"from_on": "9999-12-31"},
        ],
    )  # fmt: skip
    def test_says_what_is_wrong(self, client, wrong):
        answer = client.post(at("tariffs_set"), said(**wrong))

        assert answer.status_code == 422
        assert not Tariff.objects.exists()

    def test_who_claims_reads_them_and_sets_none(self):
        gp = a_colleague()
        an_enrolled_patient(gp.actor)
        bundle_id = a_bundle(gp.actor)
        client = signed_in_client(gp)

        shown = client.get(at("tariffs"))
        assert shown.status_code == 200
        assert at("tariffs_set") not in shown.text
        assert client.post(at("tariffs_set"), said()).status_code == 403
        line = Line.objects.get(bundle_id=bundle_id)
        assert f"#tariff-{line.tariff_id}" in client.get(at("line", line.id)).text

    def test_one_that_counts_is_not_taken_back(self, client):
        row = Tariff.objects.create(programme="cvrm", from_on=date(2026, 1, 1), cents=1)

        assert client.post(at("tariff_back", row.id)).status_code == 409
