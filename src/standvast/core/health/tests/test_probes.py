"""Each kind of probe against a peer that works, is slow, says no, or is gone."""

import asyncio
import contextlib
import datetime as dt
import socket
import ssl
import time
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from standvast.core.health import api as health
from standvast.core.health.declared import Probe, Verdict
from standvast.core.health.faultcount import FaultCount
from standvast.core.health.models import Heartbeat, Pulse
from standvast.core.health.probes.database import (
    Bounds,
    Carried,
    Now,
    _connections,
    _locks,
    _replication,
    carried_of,
)
from standvast.core.health.probes.processes import expected_of
from standvast.core.health.queries import PulseView
from standvast.core.health.threads import in_thread
from standvast.core.health.watch.rounds import look

NOW = datetime.now(UTC)


async def seen(probe: Probe):
    return await look(probe, datetime.now(UTC))


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


class Mail:
    """A mail server that can be slow at one step or say no to it."""

    def __init__(self) -> None:
        self.slow_s = 0.0
        self.refuses = b""
        self.messages: list[bytes] = []

    async def serve(self, reader, writer):
        writer.write(b"220 ready\r\n")
        while line := await reader.readline():
            word = line.split()[0].upper() if line.split() else b""
            if word == self.refuses:
                writer.write(b"451 not now\r\n")
            elif word == b"DATA":
                writer.write(b"354 go on\r\n")
                body = await reader.readuntil(b"\r\n.\r\n")
                await asyncio.sleep(self.slow_s)
                self.messages.append(body)
                writer.write(b"250 kept\r\n")
            elif word == b"EHLO":
                writer.write(b"250-mail\r\n250 SIZE\r\n")
            elif word == b"QUIT":
                writer.write(b"221 bye\r\n")
                break
            else:
                writer.write(b"250 fine\r\n")
        writer.close()


@contextlib.asynccontextmanager
async def listening(handler, **more):
    server = await asyncio.start_server(handler, "127.0.0.1", 0, **more)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


class TestSmtp:
    def probe(self, port, **more):
        base = {"host": "127.0.0.1", "port": port, "sender": "p@x.example", "to": "q@x.example"}
        return health.smtp_probe("mail.accepts", "mail", **{**base, **more})

    async def test_is_green_with_the_time_it_took_and_the_message_is_marked(self):
        mail = Mail()
        async with listening(mail.serve) as port:
            found = await seen(self.probe(port))

        assert found.verdict is Verdict.GREEN
        assert found.value is not None
        assert b"X-Standvast-Probe: 1" in mail.messages[0]
        assert b"Auto-Submitted: auto-generated" in mail.messages[0]

    async def test_a_slow_server_is_red_at_its_bound_and_not_later(self):
        mail = Mail()
        mail.slow_s = 30
        async with listening(mail.serve) as port:
            started = time.monotonic()
            found = await seen(self.probe(port, slow_after_s=0.2))

        assert (found.verdict, found.code) == (Verdict.RED, "health.smtp_slow")
        assert time.monotonic() - started < 2

    @pytest.mark.parametrize("step", [b"EHLO", b"MAIL", b"RCPT", b"DATA"])
    async def test_names_the_step_that_was_refused(self, step):
        mail = Mail()
        mail.refuses = step
        async with listening(mail.serve) as port:
            found = await seen(self.probe(port))

        assert found.code == "health.smtp_refused"
        assert found.values == {"step": step.decode(), "answer": 451}

    async def test_a_server_that_is_gone_is_red(self):
        assert (await seen(self.probe(free_port()))).code == "health.smtp_unreached"

    async def test_with_its_defaults_a_fault_is_found_within_a_minute(self):
        probe = self.probe(1)
        worst_s = probe.interval_s + (probe.red_after - 1) * probe.interval_s + probe.deadline_s
        assert worst_s + 2 <= 60


def answering(status=200, body=b'{"a": {"b": 1}}', wait_s=0.0):
    async def serve(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(wait_s)
        head = f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
        writer.close()

    return serve


class TestHttp:
    async def judged(self, *conditions, **answer):
        async with listening(answering(**answer)) as port:
            url = f"http://127.0.0.1:{port}/"
            more = {"conditions": conditions} if conditions else {}
            return await seen(health.http_probe("p", "pages", url=url, deadline_s=1.0, **more))

    async def test_green_when_all_conditions_hold(self):
        found = await self.judged(
            health.status_is(200),
            health.body_has('"a"'),
            health.json_is(1, "a", "b"),
            health.faster_than(900),
        )
        assert found.verdict is Verdict.GREEN

    async def test_names_the_first_condition_that_does_not(self):
        assert (await self.judged(status=500)).code == "health.http_500"
        found = await self.judged(health.json_is(2, "a", "b"))
        assert found.values["condition"] == "a.b = 2"
        assert (await self.judged(health.body_has("moon"))).verdict is Verdict.RED
        assert (await self.judged(health.faster_than(50), wait_s=0.1)).verdict is Verdict.RED

    async def test_too_late_and_gone_are_red(self):
        assert (await self.judged(wait_s=3)).verdict is Verdict.RED
        probe = health.http_probe("p", "pages", url=f"http://127.0.0.1:{free_port()}/")
        assert (await seen(probe)).code == "health.http_unreached"


class TestTcp:
    async def test_open_and_closed(self):
        async with listening(answering()) as port:
            found = await seen(health.tcp_probe("p", "t", host="127.0.0.1", port=port))
        assert found.verdict is Verdict.GREEN
        closed = health.tcp_probe("p", "t", host="127.0.0.1", port=free_port())
        assert (await seen(closed)).code == "health.tcp_closed"


def certificate(tmp_path, *, days=90, issuer="House CA", name="localhost"):
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - dt.timedelta(days=1))
        .not_valid_after(NOW + dt.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path, key_path = tmp_path / f"{name}{days}.pem", tmp_path / f"{name}{days}.key"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path, key_path


class TestCertificates:
    async def test_one_in_order_is_green_and_says_how_long(self, tmp_path):
        path, key_path = certificate(tmp_path)
        probe = health.certificate_probe("c", "peer", path=path, key_path=key_path)
        found = await seen(probe)
        assert found.verdict is Verdict.GREEN
        assert found.value > 80 * 86_400

    async def test_expiring_missing_of_another_key_or_a_test_issuers_is_red(self, tmp_path):
        soon, _ = certificate(tmp_path, days=10)
        path, _ = certificate(tmp_path)
        _, other_key = certificate(tmp_path, name="other")
        test, _ = certificate(tmp_path, issuer="ACME TEST CA", name="t")

        async def code(**more):
            return (await seen(health.certificate_probe("c", "peer", **more))).code

        assert await code(path=soon) == "health.certificate_expires"
        assert await code(path=tmp_path / "none.pem") == "health.certificate_missing"
        assert await code(path=path, key_path=other_key) == "health.certificate_key_differs"
        assert await code(path=test) == "health.certificate_test_issuer"

    async def test_the_live_handshake_is_what_counts(self, tmp_path):
        path, key_path = certificate(tmp_path, issuer="localhost")
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.load_cert_chain(path, key_path)
        trusting = ssl.create_default_context(cafile=str(path))
        async with listening(answering(), ssl=server) as port:
            where = {"host": "localhost", "port": port}
            good = await seen(health.tls_probe("t", "peer", context=trusting, **where))
            strange = await seen(health.tls_probe("t", "peer", **where))

        assert good.verdict is Verdict.GREEN
        assert strange.code == "health.tls_refused"


class TestFiguresAndWalks:
    async def test_a_figure_over_its_bound_is_red_and_nothing_to_measure_is_green(self):
        async def read(context):
            return figure

        probe = health.figure_probe("lane.age", "mail", read=read, red_over=60)
        figure = 61.0
        assert (await seen(probe)).verdict is Verdict.RED
        figure = 60.0
        assert (await seen(probe)).verdict is Verdict.GREEN
        figure = None
        assert (await seen(probe)).verdict is Verdict.GREEN

    async def test_a_walk_names_the_step_that_fails(self):
        async def fine(context, bag):
            bag["x"] = 1

        async def broken(context, bag):
            raise health.StepFailed(f"saw {bag['x']}")

        async def closed(context, bag):
            raise health.CannotWalk

        async def walked(*takes):
            steps = [health.Step(f"step {i}", take) for i, take in enumerate(takes)]
            return await seen(health.walk_probe("w", "ordering", steps=steps))

        assert (await walked(fine)).verdict is Verdict.GREEN
        found = await walked(fine, broken)
        assert (found.values["step"], found.values["reason"]) == ("step 1", "saw 1")
        assert (await walked(fine, closed)).verdict is Verdict.UNKNOWN

    async def test_a_probe_that_hangs_is_red_and_one_that_breaks_is_unknown(self):
        async def hangs(context):
            await asyncio.sleep(60)

        async def breaks(context):
            raise ZeroDivisionError

        assert (await seen(Probe("p", "t", hangs, deadline_s=0.05))).code == "health.too_late"
        assert (await seen(Probe("p", "t", breaks))).verdict is Verdict.UNKNOWN


def a_pulse(name, *, age_s=0.0, started_s=600.0, stopped=False, errors=0):
    at = NOW - timedelta(seconds=age_s)
    began = NOW - timedelta(seconds=started_s)
    figures = {"errors_per_minute": errors}
    return PulseView(name, "courier", 1, began, at, at if stopped else None, figures)


class TestProcesses:
    def test_expects_the_dead_back_unless_replaced_or_stopped_on_purpose(self):
        alive, dead = a_pulse("a"), a_pulse("b", age_s=60)
        assert expected_of([alive, dead], NOW) == 2
        assert expected_of([alive, a_pulse("b", age_s=60, stopped=True)], NOW) == 1
        assert expected_of([alive, dead, a_pulse("c", started_s=50)], NOW) == 2
        assert expected_of([], NOW) == 0

    @pytest.mark.django_db(transaction=True)
    async def test_one_of_two_that_dies_is_red_and_its_successor_green(self):
        async def pulse(name, *, age_s=0.0, started_s=600.0):
            now = datetime.now(UTC)
            await in_thread(
                lambda: Pulse.objects.create(
                    instance=name, kind="courier", pid=1, figures={"errors_per_minute": 15},
                    at=now - timedelta(seconds=age_s),
                    started_at=now - timedelta(seconds=started_s),
                ),
                name="t",
            )  # fmt: skip

        learnt = health.processes_probe("courier", "couriers")
        fixed = health.processes_probe("courier", "couriers", expected_count=2)
        await pulse("a")
        await pulse("b", age_s=30)
        assert (await seen(learnt)).values["expected"] == 2
        assert (await seen(fixed)).verdict is Verdict.RED
        await pulse("c", started_s=20)
        assert (await seen(learnt)).verdict is Verdict.GREEN
        assert (await seen(fixed)).verdict is Verdict.GREEN
        assert (await seen(health.errors_probe("log", per_minute_max=29))).value == 30

    @pytest.mark.django_db(transaction=True)
    async def test_none_at_all_is_red(self):
        assert (await seen(health.processes_probe("serve", "pages"))).verdict is Verdict.RED

    def test_counts_errors_only_and_keeps_no_text(self):
        counting = FaultCount()
        import logging

        logger = logging.Logger("t")
        logger.addHandler(counting)
        logger.warning("no")
        logger.error("yes")
        assert counting.figures() == {"errors_total": 1, "errors_per_minute": 1}
        assert "yes" not in repr(vars(counting))


@pytest.mark.django_db(transaction=True)
class TestDatabase:
    async def test_a_sound_one_is_green_everywhere(self):
        probes = health.database_probes()
        found = {probe.variant: (await seen(probe)).verdict for probe in probes}
        assert found.pop("transactions") is Verdict.UNKNOWN, "one look compares nothing"
        assert set(found.values()) == {Verdict.GREEN}
        assert set(found) == {"", "connections", "locks", "replication"}

    async def test_the_second_look_compares(self):
        carried = Carried(Bounds())
        await carried(None)
        assert (await carried(None)).verdict is Verdict.GREEN

    async def test_heartbeats_are_missed_when_late(self):
        probe = health.heartbeat_probe("backup", "database", grace_s=60)
        assert (await seen(probe)).verdict is Verdict.UNKNOWN
        row = await in_thread(
            lambda: Heartbeat.objects.create(name="backup", at=datetime.now(UTC)), name="t"
        )
        assert (await seen(probe)).verdict is Verdict.GREEN
        row.at -= timedelta(seconds=61)
        await in_thread(row.save, name="t")
        assert (await seen(probe)).code == "health.heartbeat_missed"


class TestBounds:
    def test_each_bound_is_red_past_it_with_the_figures(self):
        fine = Now(used=10, room=97, stuck=0, oldest_s=0, lag_bytes=0, commits=1)
        full = Now(used=90, room=97, stuck=50, oldest_s=0, lag_bytes=2**30, commits=1)
        for judge in (_connections, _locks, _replication):
            assert judge(fine, Bounds()).verdict is Verdict.GREEN
            assert judge(full, Bounds()).verdict is Verdict.RED

    def test_less_carried_than_asked_is_red_and_quiet_nights_are_not(self):
        def judged(asked, carried):
            return carried_of(asked=asked, carried=carried, over_s=10, share_min=0.9).verdict

        assert judged(1000, 240) is Verdict.RED
        assert judged(1000, 990) is Verdict.GREEN
        assert judged(10, 0) is Verdict.GREEN
