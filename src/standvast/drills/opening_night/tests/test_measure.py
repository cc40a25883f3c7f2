import pytest

from standvast.drills.frame.checker import Sample
from standvast.drills.frame.history import Answer, History, Seen, Shown, Told
from standvast.drills.opening_night.measure import (
    ArrivedMail,
    StoredDay,
    StoredOrder,
    confirmed_p95,
    holds_lost,
    mails,
    oversold,
    places_broken,
    stale_offers,
    stored,
    wrongly_told,
)

OK, FAIL, UNKNOWN = Answer.OK, Answer.FAIL, Answer.UNKNOWN


def told(key, answer, asked=0.0, answered=1.0, *, act="confirm", detail=""):
    return Told(1, act, key, answer, asked, answered, detail)


def order(key="a", state="confirmed", at=0.0):
    return StoredOrder(id=key, state=state, key_hold=f"hold-{key}", confirmed_at=at)


def mail(thing="a", message_id="<a.1>", to="p@x", at=100.0):
    return ArrivedMail(thing, message_id, to, at)


class TestConfirmedP95:
    def test_counts_from_the_first_press_to_the_first_confirmation(self):
        acts = [told("a", UNKNOWN, 0, 5), told("a", OK, 6, 7), told("a", OK, 8, 9)]

        assert confirmed_p95(acts) == 7

    def test_who_never_got_an_answer_waited_for_ever(self):
        assert confirmed_p95([told("a", UNKNOWN)]) == float("inf")

    def test_who_was_refused_is_counted_elsewhere(self):
        assert confirmed_p95([told("a", FAIL, 0, 50), told("b", OK, 0, 1)]) == 1
        assert confirmed_p95([told("a", FAIL)]) is None

    def test_one_in_twenty_may_be_slow_and_no_more(self):
        quick = [told(str(n), OK, 0, 1) for n in range(19)]

        assert confirmed_p95([*quick, told("x", OK, 0, 30)]) == 1
        assert confirmed_p95([*quick, told("x", OK, 0, 30), told("y", OK, 0, 30)]) == 30


class TestStaleOffers:
    def offers(self, *, told_at, full):
        history = History()
        history.show(Shown(1, "calendar", ("monday", "tuesday"), told_at))
        samples = [Sample("monday", at / 10, at / 10 >= full) for at in range(100)]
        return stale_offers(history, samples)

    def test_a_day_full_for_longer_than_two_seconds_is_a_stale_offer(self):
        assert self.offers(told_at=5.0, full=2.9) == 1

    def test_a_day_that_filled_a_moment_ago_is_none(self):
        assert self.offers(told_at=5.0, full=3.1) == 0

    def test_a_day_that_was_free_in_between_is_none(self):
        history = History()
        history.show(Shown(1, "calendar", ("monday",), 5.0))
        samples = [Sample("monday", at / 10, at != 45) for at in range(100)]

        assert stale_offers(history, samples) == 0


class TestStored:
    def history(self, *acts):
        history = History()
        for act in acts:
            history.tell(act)
        return history

    def test_what_people_were_told_is_so(self):
        history = self.history(told("a", OK), told("hold-a", OK, act="hold"))

        assert wrongly_told(*stored(history, [order("a")])) == 0

    def test_a_confirmation_that_is_not_stored_counts(self):
        history = self.history(told("a", OK), told("hold-a", OK, act="hold"))

        assert wrongly_told(*stored(history, [order("a", "held")])) == 1

    def test_a_refusal_that_took_effect_counts(self):
        history = self.history(told("a", FAIL), told("hold-a", OK, act="hold"))

        assert wrongly_told(*stored(history, [order("a")])) == 1

    def test_a_hold_that_is_there_twice_or_unasked_counts(self):
        history = self.history(told("hold-a", OK, act="hold"))
        twice = [order("a", "held"), StoredOrder("b", "released", "hold-a", None)]

        assert wrongly_told(*stored(history, twice)) == 1
        assert wrongly_told(*stored(history, [order("a", "held"), order("z", "held")])) == 1


class TestHoldsLost:
    def test_a_refusal_in_time_is_lost(self):
        assert holds_lost([told("a", FAIL, detail="in time")]) == 1

    def test_one_that_a_repeat_confirmed_is_not(self):
        assert holds_lost([told("a", FAIL, detail="in time"), told("a", OK)]) == 0

    def test_one_that_came_too_late_is_not(self):
        assert holds_lost([told("a", FAIL, detail="campaigns.hold_expired")]) == 0


class TestMails:
    def test_each_order_has_its_mail_once(self):
        verdict = mails([order()], [mail()], late_s=60)

        assert (verdict.lost, verdict.doubled, verdict.late_count) == (set(), set(), 1)
        assert verdict.wrong_count(rate_per_s_max=10) == 0

    def test_an_order_without_a_mail_lost_one(self):
        assert mails([order("a"), order("b")], [mail()], late_s=60).lost == {"b"}

    def test_an_order_that_was_never_confirmed_is_owed_none(self):
        assert mails([order("a", "expired")], [], late_s=60).lost == set()

    def test_two_message_ids_for_one_thing_and_address_are_a_double(self):
        again = mail(message_id="<other>")

        assert mails([order()], [mail(), again], late_s=60).doubled == {"a"}
        elsewhere = mail(message_id="<other>", to="q@x")
        assert mails([order()], [mail(), elsewhere], late_s=60).doubled == set()

    def test_a_repeat_of_one_message_id_is_counted_apart(self):
        verdict = mails([order()], [mail(), mail(at=130)], late_s=60)

        assert (verdict.repeats_count, verdict.doubled) == (1, set())

    def test_late_is_by_the_first_arrival(self):
        early = mails([order(at=90.0)], [mail(at=100), mail(at=500)], late_s=60)

        assert early.late_count == 0

    def test_a_drain_without_bound_is_wrong(self):
        burst = [mail(str(n), f"<{n}>", at=100.5) for n in range(30)]
        verdict = mails([order(str(n)) for n in range(30)], burst, late_s=60)

        assert verdict.per_s_max == 30
        assert verdict.wrong_count(rate_per_s_max=30) == 0
        assert verdict.wrong_count(rate_per_s_max=20) == 1


class TestOversold:
    @pytest.mark.parametrize(
        ("day", "wrong"),
        [
            (StoredDay("d", 100, 90, 90, 5, 3, 3), 0),
            (StoredDay("d", 100, 100, 100, 5, 5, 5), 0),
            (StoredDay("d", 100, 110, 110, 5, 3, 3), 1),
            (StoredDay("d", 100, 90, 110, 5, 3, 3), 1),
            (StoredDay("d", 100, 90, 80, 5, 3, 3), 1),
            (StoredDay("d", 100, 90, 90, 5, 6, 6), 1),
            (StoredDay("d", 100, 90, 90, 5, 3, 4), 1),
        ],
    )
    def test_a_day_is_within_both_capacities_and_adds_up(self, day, wrong):
        assert oversold([day]) == wrong


def test_places_that_rise_or_are_gone_are_broken():
    history = History()
    history.see(Seen(1, "place", 5, 1, 1))
    history.see(Seen(1, "place", 6, 2, 2))
    history.see(Seen(2, "place lost", 1, 3, 3))

    assert places_broken(history) == 2
