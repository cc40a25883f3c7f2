"""What was told and seen, made into the values of the lines. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from standvast.drills.frame.history import Answer, Told
from standvast.drills.release.truth import Stored

Told_ = Mapping[str, Any]
REFUSED = "403"
SETTLED_S = 2.0
"""How long taking a rule back may take to be felt everywhere."""
AFFECTED = (("launches", "diagnostics"), ("reset", "e-mail address"))
"""The links and kinds of reset that the faults touch, and no other."""


@dataclass(frozen=True)
class Seen:
    """Everything the live track has to judge. Times are epoch seconds."""

    changes: Mapping[str, Told_]
    """By letter: what became of the four changes."""
    broken_at: float
    findings: Sequence[Told_]
    created: Sequence[Told]
    looked: Sequence[Told]
    gone: Sequence[Told]
    """Clicks through to other systems."""
    resets: Sequence[Told]
    written: Sequence[Told]
    """What was written down of patients, and the claims that practices let go."""
    mailed: frozenset[str]
    stored: Mapping[str, Stored]
    tellings: Sequence[Told_]
    attempts: Sequence[Told_]
    enforced: Sequence[tuple[float, float]] = field(default=())
    """Spans in which the strict rule decided: none, but in the twin."""


def reached_people(changes: Mapping[str, Told_]) -> int:
    """Count the changes that people met."""
    return sum(bool(told["reached"]) for told in changes.values())


def found_s(findings: Sequence[Told_], broken_at: float, gone: Sequence[Told] = ()) -> float | None:
    """Return how long the later of the two took to be found; None unless just these two were."""
    took: list[float] = []
    for target, variant in AFFECTED:
        about = [f for f in findings if _is_about(f, target, variant)]
        if not about:
            return None
        took.append(min(f["opened_at"] for f in about) - broken_at)
    if wrongly_found(findings) or wrongly_greyed(gone):
        return None
    return max(took)


def wrongly_found(findings: Iterable[Told_]) -> list[str]:
    """Return which links or kinds of reset were called broken though nothing touched them."""
    return sorted(
        {
            f"{f['target']}/{f['variant']}"
            for f in findings
            if _component(f) in {target for target, _ in AFFECTED}
            and not any(_is_about(f, target, variant) for target, variant in AFFECTED)
        }
    )


def wrongly_greyed(gone: Iterable[Told]) -> list[str]:
    """Return which systems could not be gone to though nothing touched them."""
    broken = {variant for target, variant in AFFECTED if target == "launches"}
    return sorted(
        {
            slug
            for told in gone
            if told.answer is Answer.FAIL and (slug := told.key.split(" ", 1)[1]) not in broken
        }
    )


def _is_about(finding: Told_, target: str, variant: str) -> bool:
    return _component(finding) == target and variant == finding["variant"]


def _component(finding: Told_) -> str:
    """Return the component, also of a finding about what it leans on."""
    return str(finding["target"]).partition(">")[0]


def work_went_on(created: Sequence[Told], stored: Mapping[str, Stored]) -> float | None:
    """Return the share, in per cent, of patients who were created, checked and claimed for.

    Who was refused counts as work that stopped; a click without an answer may be tried again.
    """
    tried = [told for told in created if told.answer is not Answer.UNKNOWN]
    if not tried:
        return None
    whole = sum(told.answer is Answer.OK and _is_whole(stored.get(told.detail)) for told in tried)
    return 100.0 * whole / len(tried)


def _is_whole(one: Stored | None) -> bool:
    return one is not None and one.is_registered and one.is_checked and one.is_claimed


def denied(looked: Iterable[Told], enforced: Sequence[tuple[float, float]]) -> int:
    """Count pages refused to who has the right, while no strict rule decided."""
    return sum(
        told.answer is Answer.FAIL
        and not any(since <= told.told_at <= until + SETTLED_S for since, until in enforced)
        for told in looked
    )


def resets_failed(resets: Sequence[Told], mailed: frozenset[str]) -> int | None:
    """Count people who sign in by e-mail address and got no mail for a new password."""
    if not resets:
        return None
    asked = {told.key.split(" ", 1)[1]: told.answer for told in resets}
    return sum(answer is not Answer.OK or who not in mailed for who, answer in asked.items())


def _not_taken(resets: Sequence[Told]) -> list[Told]:
    """Return the requests for a new password that were not answered well."""
    return [told for told in resets if told.answer is not Answer.OK]


def notice_s(tellings: Sequence[Told_]) -> float | None:
    """Return how long it took at most to tell people of what was major.

    None when there was nothing major, when somebody was not told, or when people were told of
    what is ours alone.
    """
    if any(told["audience"] == "internal" and told["told_at"] for told in tellings):
        return None
    major = [t for t in tellings if t["audience"] != "internal" and t["major_at"]]
    if not major or any(told["told_at"] is None for told in major):
        return None
    waited: list[float] = [told["told_at"] - told["major_at"] for told in major]
    return max(0.0, *waited)


def values(seen: Seen) -> dict[str, float | None]:
    """Return every line's value."""
    return {
        "reached_people": reached_people(seen.changes),
        "found": found_s(seen.findings, seen.broken_at, seen.gone),
        "work_went_on": work_went_on(seen.created, seen.stored),
        "denied_with_right": denied(seen.looked, seen.enforced) if seen.looked else None,
        "reset_by_email": resets_failed(seen.resets, seen.mailed),
        "notice": notice_s(seen.tellings),
        "solved_while_red": sum(a["is_solved"] for a in seen.attempts) if seen.attempts else None,
    }


def notes(seen: Seen) -> dict[str, str]:
    """Return what explains the lines."""
    wrong = wrongly_found(seen.findings) + wrongly_greyed(seen.gone)
    greyed = sum(told.answer is Answer.FAIL for told in seen.gone)
    first = {
        f"{f['target']}/{f['variant']}": f["opened_at"] - seen.broken_at
        for f in reversed(seen.findings)
        if _component(f) in ("launches", "reset")
    }
    not_whole = [
        told for told in seen.created
        if told.answer is Answer.OK and not _is_whole(seen.stored.get(told.detail))
    ]  # fmt: skip
    stuck = [told for told in seen.written if told.answer is not Answer.OK]
    refused = [told for told in seen.created if told.answer is Answer.FAIL]
    turned_away = sorted(
        {f"{t.key.split(' ', 1)[1]} {t.detail}" for t in seen.looked if t.answer is Answer.FAIL}
    )
    return {
        "reached_people": "; ".join(f"({k}) {t['said']}" for k, t in sorted(seen.changes.items())),
        "found": ", ".join(f"{name} after {s:.0f} s" for name, s in first.items())
        + f"; {len(seen.gone)} clicks through, {greyed} told what to do instead"
        + (f"; wrongly {', '.join(wrong)}" if wrong else ""),
        "work_went_on": f"{len(seen.created)} clicks, {len(refused)} refused"
        + (f" ({refused[0].detail})" if refused else "")
        + f", {len(not_whole)} not checked or not claimed"
        + (f"; {len(stuck)} presses failed ({stuck[0].detail})" if stuck else ""),
        "denied_with_right": f"{len(seen.looked)} pages looked at"
        + (f"; refused {', '.join(turned_away[:3])}" if turned_away else ""),
        "reset_by_email": f"{len(seen.resets)} asked, {len(seen.mailed)} had their mail"
        + "".join(f"; {told.answer}: {told.detail}" for told in _not_taken(seen.resets)[:5]),
        "notice": ", ".join(
            f"{t['component']} {'not told' if t['told_at'] is None else 'told'}"
            for t in seen.tellings
        ),
        "solved_while_red": "; ".join(
            f"{a['component']}: {a['said'] or 'solved'}" for a in seen.attempts
        )[:300],
    }
