"""The whole life of deliveries on PostgreSQL: late answers, lost leases, several couriers.

Enqueuing transactions may overlap, so order is asked only of those of which one was committed
before the other began.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.test import TransactionTestCase
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from standvast.core.delivery.api import (
    Accepted,
    Lease,
    Message,
    RefusedByPeer,
    TryLater,
    Urgency,
    enqueue_set,
)
from standvast.core.delivery.presence import taken_number
from standvast.core.delivery.settling import Answer
from standvast.core.delivery.testing import fake_lane
from standvast.core.delivery.turns import turn
from standvast.database.api import async_connect

LEASE_S = 30.0
outcomes = st.sampled_from(
    [
        Accepted("taken"),
        RefusedByPeer("peer.no"),
        TryLater("peer.busy"),
        TryLater("peer.full", retry_after_s=120, peer_is_up=True),
    ]
)


@dataclass
class Owed:
    """What the model knows of one delivery."""

    subject: str
    begun: int
    committed: int | None = None
    end: str = ""
    holder: Lease | None = field(default=None, repr=False)
    courier: int | None = None


class DeliveryMachine(RuleBasedStateMachine):
    """Random lives, checked against a model after each step."""

    holds_on_refusal = False

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.conns = [self.wait(async_connect()) for _ in range(3)]
        self.sessions = [self.wait(async_connect()) for _ in range(2)]
        self.numbers = [self.wait(taken_number(session)) for session in self.sessions]
        self.wait(self.conns[0].execute("TRUNCATE delivery_delivery, delivery_laneflow"))
        self.lane = fake_lane(
            lease_s=LEASE_S,
            concurrency_max=4,
            attempts_max=6,
            age_s_max=7 * 86_400,
            breaker_after_count=4,
            holds_on_refusal=self.holds_on_refusal,
        )
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
        self.step = 0
        self.owed: dict[str, Owed] = {}
        self.leases: list[Lease] = []
        self.late_keys: list[str] = []

    def wait(self, coroutine):
        return self.loop.run_until_complete(coroutine)

    def teardown(self) -> None:
        self.drain_all()
        for conn in (*self.conns, *self.sessions):
            self.wait(conn.close())
        self.loop.close()

    # -- steps -----------------------------------------------------------------------------

    @rule(subject=st.sampled_from("AB"), urgency=st.sampled_from(list(Urgency)))
    def enqueue_one(self, subject: str, urgency: Urgency) -> None:
        self.step += 1
        key = f"k{self.step}"
        message = Message("lane", subject, key, {"n": self.step}, urgency)
        self.wait(self._put(self.conns[0], message))
        self.owed[key] = Owed(subject, begun=self.step, committed=self.step)

    @precondition(lambda self: self.owed)
    @rule(data=st.data())
    def enqueue_again(self, data) -> None:
        key = data.draw(st.sampled_from(sorted(self.owed)))
        if self.owed[key].committed is not None:
            message = Message("lane", self.owed[key].subject, key, {"n": int(key[1:])})
            self.wait(self._put(self.conns[0], message))

    async def _put(self, conn, message) -> None:
        async with conn.transaction():
            await enqueue_set(conn, [message], now=self.now)

    @precondition(lambda self: not self.late_keys)
    @rule(subject=st.sampled_from("AB"))
    def somebody_enqueues_and_is_slow_to_commit(self, subject: str) -> None:
        self.step += 1
        key = f"k{self.step}"
        conn = self.conns[2]
        self.wait(conn.execute("BEGIN"))
        self.wait(
            enqueue_set(conn, [Message("lane", subject, key, {"n": self.step})], now=self.now)
        )
        self.owed[key] = Owed(subject, begun=self.step)
        self.late_keys.append(key)

    @precondition(lambda self: self.late_keys)
    @rule(commits=st.booleans())
    def the_slow_one_ends(self, commits: bool) -> None:
        self.step += 1
        key = self.late_keys.pop()
        self.wait(self.conns[2].execute("COMMIT" if commits else "ROLLBACK"))
        if commits:
            self.owed[key].committed = self.step
        else:
            del self.owed[key]

    @rule(courier=st.integers(0, 1), want=st.integers(1, 3))
    def courier_leases(self, courier: int, want: int) -> None:
        self._turn(courier, [], want)

    @precondition(lambda self: self.leases)
    @rule(data=st.data(), outcome=outcomes, courier=st.integers(0, 1), want=st.integers(0, 2))
    def courier_answers_perhaps_too_late(self, data, outcome, courier, want) -> None:
        lease = data.draw(st.sampled_from(self.leases))
        self._turn(courier, [Answer(lease, outcome)], want)

    @rule(seconds=st.sampled_from([1, 10, 31, 200]), courier=st.integers(0, 1))
    def time_passes_and_leases_expire(self, seconds: int, courier: int) -> None:
        self.now += timedelta(seconds=seconds)
        self._expire()
        self._turn(courier, [], 0, look_for_expired=True)

    @rule(courier=st.integers(0, 1))
    def a_courier_is_killed_and_another_looks(self, courier: int) -> None:
        session, number = self.sessions[courier], self.numbers[courier]
        self.wait(session.execute("SELECT pg_advisory_unlock_all()"))
        self.numbers[courier] = self.wait(taken_number(session))
        self._expire(gone=number)
        self._turn(1 - courier, [], 0, look_for_expired=True)

    # -- the model -------------------------------------------------------------------------

    def _expire(self, gone: int | None = None) -> None:
        for owed in self.owed.values():
            if owed.holder is None:
                continue
            if owed.holder.expires_at <= self.now or owed.courier == gone:
                if owed.holder.attempts_count >= self.lane.attempts_max:
                    owed.end = "refused"
                owed.holder = None

    def _turn(self, courier: int, answers, want: int, *, look_for_expired: bool = False) -> None:
        result = self.wait(
            turn(
                self.conns[courier],
                self.lane,
                answers,
                want_count=want,
                now=self.now,
                look_for_expired=look_for_expired,
                courier=self.numbers[courier],
                jitter=lambda: 0.5,
            )
        )
        for answer in answers:
            self._judge(answer, believed=answer.lease.delivery_id in result.believed_ids)
        for lease in result.leases:
            self._check_order(lease)
            self.owed[lease.key].holder = lease
            self.owed[lease.key].courier = self.numbers[courier]
            self.leases.append(lease)

    def _judge(self, answer: Answer, *, believed: bool) -> None:
        owed = self.owed[answer.lease.key]
        assert believed == (owed.holder is answer.lease), "only the holder is believed"
        if not believed:
            return
        owed.holder = None
        match answer.outcome:
            case Accepted():
                owed.end = "accepted"
            case RefusedByPeer():
                owed.end = "refused"
            case TryLater():
                if answer.lease.attempts_count >= self.lane.attempts_max:
                    owed.end = "refused"

    def _holds(self, owed: Owed) -> bool:
        return not owed.end or (owed.end == "refused" and self.holds_on_refusal)

    def _check_order(self, lease: Lease) -> None:
        mine = self.owed[lease.key]
        assert not mine.end, "an end is final"
        for key, other in self.owed.items():
            if key == lease.key or other.subject != mine.subject or other.committed is None:
                continue
            assert other.holder is None, "one lease per subject"
            earlier = other.committed < mine.begun
            assert not (earlier and self._holds(other)), "order per subject is kept"

    # -- invariants ------------------------------------------------------------------------

    @invariant()
    def nothing_owed_is_lost_and_ends_are_final(self) -> None:
        rows = dict(self._rows("SELECT key, state FROM delivery_delivery"))
        ends = {k: s for k, s in rows.items() if s in ("accepted", "refused")}
        assert ends == {k: o.end for k, o in self.owed.items() if o.end}
        waiting = {k for k, o in self.owed.items() if not o.end and o.committed is not None}
        assert rows.keys() - ends.keys() == waiting

    @invariant()
    def nothing_is_stranded(self) -> None:
        stranded = self._rows(
            "SELECT subject FROM delivery_delivery WHERE is_open GROUP BY subject "
            "HAVING bool_and(is_behind)"
        )
        assert stranded == []

    def _rows(self, text: str):
        async def ask():
            return await (await self.conns[0].execute(text)).fetchall()

        return self.wait(ask())

    def drain_all(self) -> None:
        """At the end the peer works: then everything owed gets there, whatever happened."""
        while self.late_keys:
            self.the_slow_one_ends(commits=True)
        self.leases.clear()
        for _ in range(200):
            if all(owed.end or self._is_held(key, owed) for key, owed in self.owed.items()):
                break
            self.now += timedelta(seconds=61)
            self._expire()
            self._turn(0, [], 3, look_for_expired=True)
            held = [o.holder for o in self.owed.values() if o.holder is not None]
            self._turn(1, [Answer(lease, Accepted()) for lease in held], 0)
        else:
            raise AssertionError(f"never delivered: {self.owed}")

    def _is_held(self, key: str, owed: Owed) -> bool:
        """Whether a refused one before it holds it."""
        return self.holds_on_refusal and any(
            other.subject == owed.subject and other.end == "refused"
            for k, other in self.owed.items()
            if k != key
        )


class HoldingMachine(DeliveryMachine):
    """The same lives on a lane where a refusal holds its subject."""

    holds_on_refusal = True


lives = settings(max_examples=40, stateful_step_count=30, deadline=None)


class TestDeliveryMachine(DeliveryMachine.TestCase, TransactionTestCase):
    settings = lives


class TestHoldingMachine(HoldingMachine.TestCase, TransactionTestCase):
    settings = settings(lives, max_examples=40)
