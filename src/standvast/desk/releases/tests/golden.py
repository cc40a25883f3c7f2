"""Evidence as it was and as it should have been, for every gate."""

from datetime import datetime
from zoneinfo import ZoneInfo

from standvast.desk.releases.rules.gates import Evidence, Result, gates_for, judge

ZONE = ZoneInfo("Europe/Amsterdam")
DIGEST, EARLIER = "a" * 64, "b" * 64


def at(text: str) -> datetime:
    """Return an instant of 2026, Dutch time: "05-13 17:00"."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=ZONE)


BUILT = at("05-11 09:00")
GOOD = {
    "retest": {"failed": 0, "passed": 812, "newly_skipped": 0},
    "certificate": {
        "peer_reached": True,
        "key_fits": True,
        "chain_ok": True,
        "client_auth": True,
        "subject_ok": True,
        "test_issuer": False,
        "issuer": "Insurers CA",
        "days_left": 300,
        "handshake": True,
        "fingerprint": "c" * 64,
    },
    "script": {
        "faults": 0,
        "lint_faults": 0,
        "rows_percent": 100,
        "took_s": 40,
        "took_s_max": 300,
        "lock_s": 0.4,
        "lock_s_max": 2,
    },
    "shadow": {
        "decisions": 20_000,
        "decisions_min": 5_000,
        "layers_not_judged": 0,
        "denied": 2,
        "signed_off": 2,
    },
    "walks": {"failed": 0, "passed": 9, "far_side_down": 0},
    "way_back": {"reverted": True, "lost_rows": 0},
    "capacity": {
        "spread_percent": 4,
        "spread_percent_max": 10,
        "p95_ratio": 1,
        "p95_ratio_max": 1.25,
    },
}


def shown(gate: str, *, digest: str = DIGEST, result: Result = Result.OK, **figures) -> Evidence:
    """Return evidence as it should be, with these figures changed."""
    return Evidence(
        gate=gate,
        digest=digest,
        result=result,
        at=at("05-11 12:00"),
        environment="acceptance",
        figures=GOOD.get(gate, {}) | figures,
    )


def judged(*changed: Evidence, day: str = "2026-05-12", is_infrastructure: bool = False):
    """Return every gate's judgement: all good but for what is given."""
    by_gate = {one.gate: one for one in changed}
    return tuple(
        judge(
            gate,
            [by_gate.get(gate.name, shown(gate.name, day=day))],
            digest=DIGEST,
            built_at=BUILT,
            planned_day=day,
        )
        for gate in gates_for(is_infrastructure=is_infrastructure)
    )
