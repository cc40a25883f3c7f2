"""For other modules' tests and drills: evidence as it should be, for every gate."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from standvast.desk.releases.rules.figures import Result
from standvast.desk.releases.rules.gates import Evidence

ZONE = ZoneInfo("Europe/Amsterdam")
DIGEST = "a" * 64
SHOWN_AT = datetime(2026, 5, 11, 12, 0, tzinfo=ZONE)
GOOD: dict[str, dict[str, Any]] = {
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
        "declared_compared": True,
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


def shown(
    gate: str, *, digest: str = DIGEST, result: Result = Result.OK, **figures: Any
) -> Evidence:
    """Return evidence as it should be, with these figures changed."""
    return Evidence(
        gate=gate,
        digest=digest,
        result=result,
        at=SHOWN_AT,
        environment="acceptance",
        figures=GOOD.get(gate, {}) | figures,
    )
