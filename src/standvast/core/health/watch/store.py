"""The watch's writing: everything goes through the connection that holds the leader's lock.

So a watch that lost the lock cannot write any more: losing the one is losing the other.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
import psycopg

from standvast.core.health.declared import FindingView, Observation, Probe, Verdict
from standvast.core.health.judge import Changes, Stand
from standvast.core.health.rules import Standing
from standvast.database.api import named_sql

Connection = psycopg.AsyncConnection[tuple[Any, ...]]
Row = dict[str, object]
LEADER_KEY = 0x5354_5741_5443_4831
PACKAGE = "standvast.core.health"
TEXT_MAX = 80


def look_row(key: str, probe: str, seen: Observation, at: datetime) -> Row:
    """Return one look as it is written, to the table or to the spool."""
    return {
        "id": key,
        "probe": probe,
        "at": at.isoformat(),
        "verdict": seen.verdict.value,
        "duration_ms": max(0, min(seen.duration_ms, 2**31 - 1)),
        "value": seen.value,
        "code": seen.code[:TEXT_MAX],
    }


def finding_row(finding: FindingView) -> Row:
    """Return one finding as it is written."""
    return {
        "id": str(finding.id),
        "kind": finding.kind,
        "target": finding.target,
        "variant": finding.variant,
        "probe": finding.probe,
        "code": finding.code[:TEXT_MAX],
        "template": finding.template[:400],
        "values": dict(finding.values),
        "began_at": finding.began_at.isoformat(),
        "opened_at": finding.opened_at.isoformat(),
        "ended_at": finding.ended_at.isoformat() if finding.ended_at else None,
        "below": finding.below,
    }


async def _run(conn: Connection, name: str, rows: Sequence[Row]) -> None:
    if rows:
        text = msgspec.json.encode(list(rows)).decode()
        await conn.execute(named_sql(PACKAGE, name), {"rows": text})


async def write_looks(conn: Connection, rows: Sequence[Row]) -> None:
    """Append looks and their hours; repeats change nothing."""
    await _run(conn, "observe", rows)


async def write_stands(
    conn: Connection, stands: Mapping[str, Stand], probes: Mapping[str, Probe]
) -> None:
    """Write down where probes stand."""
    rows = [_stand_row(probes[name], stand) for name, stand in sorted(stands.items())]
    await _run(conn, "stand", rows)


async def write_changes(conn: Connection, changes: Changes) -> None:
    """Write what opened, ended and was freed."""
    await write_ended(conn, changes.ended)
    await _run(conn, "open_finding", [finding_row(finding) for finding in changes.opened])
    if changes.freed:
        ids = [finding.id for finding in changes.freed]
        await conn.execute(named_sql(PACKAGE, "free_finding"), {"ids": ids})


async def write_findings(conn: Connection, rows: Sequence[Row]) -> None:
    """Write findings made without the database; known ones and doubles are left alone."""
    await _run(conn, "open_finding", rows)


async def write_ended(conn: Connection, findings: Iterable[FindingView]) -> None:
    """End findings."""
    await write_ends(
        conn,
        [
            {"id": str(f.id), "ended_at": f.ended_at.isoformat()}
            for f in findings
            if f.ended_at is not None
        ],
    )


async def write_ends(conn: Connection, rows: Sequence[Row]) -> None:
    """End findings by id."""
    await _run(conn, "end_finding", rows)


async def read_stands(conn: Connection) -> dict[str, Stand]:
    """Return where every probe stands, as stored."""
    cursor = await conn.execute(named_sql(PACKAGE, "standings"))
    found = {}
    async for row in cursor:
        probe, verdict, row_verdict, count, row_began, since, observed, told, *seen = row
        duration_ms, value, code, template, values = seen
        standing = Standing(
            Verdict(verdict), Verdict(row_verdict), count, row_began, since, observed, told
        )
        look = Observation(Verdict(row_verdict), code, duration_ms, value, template, values)
        found[probe] = Stand(standing, look, look)
    return found


async def read_open_findings(conn: Connection) -> list[FindingView]:
    """Return the open findings, as stored."""
    cursor = await conn.execute(named_sql(PACKAGE, "open_findings"))
    return [FindingView(*row) async for row in cursor]


async def read_pulses(conn: Connection) -> list[tuple[str, float, dict[str, Any]]]:
    """Return kind, age in seconds and figures of each process that did not stop on purpose."""
    cursor = await conn.execute(named_sql(PACKAGE, "pulses"))
    return [(row[0], row[1], row[2]) async for row in cursor]


async def try_lead(conn: Connection) -> bool:
    """Take the leader's lock on this session, if it is free."""
    cursor = await conn.execute("SELECT pg_try_advisory_lock(%s)", [LEADER_KEY])
    row = await cursor.fetchone()
    return bool(row and row[0])


async def database_instant(conn: Connection) -> datetime:
    """Return the database's clock."""
    cursor = await conn.execute("SELECT clock_timestamp()")
    row = await cursor.fetchone()
    assert row is not None
    now = row[0]
    assert isinstance(now, datetime)
    return now


def _stand_row(probe: Probe, stand: Stand) -> Row:
    standing, seen = stand.standing, stand.telling
    return {
        "probe": probe.name,
        "target": probe.target,
        "variant": probe.variant,
        "verdict": standing.verdict.value,
        "row_verdict": standing.row_verdict.value,
        "row_count": min(standing.row_count, 2**31 - 1),
        "row_began_at": _iso(standing.row_began_at),
        "since": _iso(standing.since),
        "observed_at": _iso(standing.observed_at),
        "told_at": _iso(standing.told_at),
        "duration_ms": max(0, min(stand.latest.duration_ms, 2**31 - 1)),
        "value": stand.latest.value,
        "code": seen.code[:TEXT_MAX],
        "template": seen.template[:400],
        "values": dict(seen.values),
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
