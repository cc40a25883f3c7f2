"""The draw, and how anyone can check it. Only the standard library: copy this file and run it.

    python fairness.py proof.json [my-ticket]

Before the doors open the house publishes `sha256(seed)`. Every ticket is `device.house`: sixteen
random bytes from the participant's device, and sixteen that follow from the seed and who takes
part. At the opening instant all tickets that came before it are sorted and hashed to `root`; each
gets the number `sha256(seed + root + ticket)`; the lowest is first. Then the seed is published.
"""

import hashlib
import json
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NONCE = re.compile(r"[0-9a-f]{32}")
TICKET = re.compile(r"[0-9a-f]{32}\.[0-9a-f]{32}")


def commitment_of(seed: bytes) -> str:
    """Return what is published of a seed beforehand."""
    return hashlib.sha256(seed).hexdigest()


def house_nonce(seed: bytes, participant: bytes) -> str:
    """Return the house's half of a ticket: fixed by the seed, so that the house cannot choose."""
    return hashlib.sha256(b"standvast ticket" + seed + participant).hexdigest()[:32]


def ticket_of(device_nonce: str, seed: bytes, participant: bytes) -> str:
    """Return a participant's ticket; `participant` is the 16 bytes of its id."""
    assert NONCE.fullmatch(device_nonce)
    return f"{device_nonce}.{house_nonce(seed, participant)}"


def root_of(tickets: Iterable[str]) -> str:
    """Return the hash of all tickets, sorted, one a line."""
    return hashlib.sha256("\n".join(sorted(tickets)).encode()).hexdigest()


def drawn_order(seed: bytes, root: str, tickets: Iterable[str]) -> list[str]:
    """Return the tickets in the order of the draw."""
    start = hashlib.sha256(seed + bytes.fromhex(root))

    def number(ticket: str) -> tuple[bytes, str]:
        lot = start.copy()
        lot.update(ticket.encode())
        return lot.digest(), ticket

    return sorted(tickets, key=number)


@dataclass(frozen=True)
class Listed:
    """One line of the published list. Times are ISO 8601 in UTC, microseconds always written."""

    ticket: str
    joined_at: str
    drawn_position: int | None


@dataclass(frozen=True)
class Witnessed:
    """What the house said, while people were still coming, about the list so far."""

    at: str
    count: int
    root: str


def verify_draw(
    *,
    seed: str,
    commitment: str,
    root: str,
    starts_at: str,
    listed: Sequence[Listed],
    witnessed: Sequence[Witnessed] = (),
) -> list[str]:
    """Return everything that does not hold, in words; an empty list means the draw is as promised.

    `commitment` and `witnessed` are worth most when they come from your own device, which saw
    them before the draw, and not from the same file as the rest.
    """
    wrong: list[str] = []
    if commitment_of(bytes.fromhex(seed)) != commitment:
        wrong.append("the seed is not the one that was committed to")
    tickets = [line.ticket for line in listed]
    if len(set(tickets)) != len(tickets):
        wrong.append("a ticket is listed twice")
    wrong.extend(f"not a ticket: {ticket}" for ticket in tickets if not TICKET.fullmatch(ticket))
    early = [line for line in listed if line.joined_at < starts_at]
    if root_of(line.ticket for line in early) != root:
        wrong.append("the list is not the one that was drawn from")
    right = drawn_order(bytes.fromhex(seed), root, (line.ticket for line in early))
    place = {ticket: number for number, ticket in enumerate(right, start=1)}
    for line in listed:
        expected = place.get(line.ticket) if line.joined_at < starts_at else None
        if line.drawn_position != expected:
            wrong.append(f"{line.ticket} has {line.drawn_position}, drawn was {expected}")
    for seen in witnessed:
        so_far = [line.ticket for line in listed if line.joined_at <= seen.at]
        if (len(so_far), root_of(so_far)) != (seen.count, seen.root):
            wrong.append(f"the list up to {seen.at} is not what was said then")
    return wrong


def verify_proof(proof: dict[str, Any]) -> list[str]:
    """Return what does not hold in a downloaded `proof.json`."""
    if not proof.get("seed"):
        return ["the draw has not been held yet"]
    return verify_draw(
        seed=proof["seed"],
        commitment=proof["commitment"],
        root=proof["root"],
        starts_at=proof["starts_at"],
        listed=[Listed(*line) for line in proof["tickets"]],
        witnessed=[Witnessed(*line) for line in proof["witnessed"]],
    )


def main(words: Sequence[str]) -> int:
    """Check a downloaded proof; print what does not hold, and where a ticket was drawn."""
    proof = json.loads(Path(words[0]).read_text(encoding="utf-8"))
    wrong = verify_proof(proof)
    lines = wrong or [f"The draw holds: {proof['drawn_count']} tickets."]
    for ticket, _, position in proof["tickets"]:
        if ticket in words[1:]:
            lines.append(f"Your ticket was drawn as number {position}.")
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
