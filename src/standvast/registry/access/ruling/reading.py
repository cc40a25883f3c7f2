"""Reading a proposed text: its statements, and what is wrong with it, line by line."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from cedarpy import PolicySet, policies_to_json_str, validate_policies

from standvast.registry.access.rules import Right
from standvast.registry.access.ruling.declared import schema_text
from standvast.registry.access.ruling.rules import TEXT_MAX

STATEMENTS_MAX = 100
_PIECE = re.compile(r'//[^\n]*|"(?:\\.|[^"\\])*"|\w+|::|==|!=|<=|>=|&&|\|\||\s+|.', re.DOTALL)
_ENDED = "unexpected end of input"


@dataclass(frozen=True)
class Fault:
    """What is wrong, and in which line."""

    line: int
    said: str


@dataclass(frozen=True)
class Statement:
    """One policy, as people read it."""

    line: int
    name: str
    effect: str
    """`permit` or `forbid`."""
    sentence: str
    text: str


def faults_in(text: str, rights: Iterable[Right]) -> list[Fault]:
    """Return what is wrong with a text, in order of its lines; empty if it can be judged."""
    if len(text) > TEXT_MAX:
        return [Fault(1, f"longer than {TEXT_MAX} characters")]
    pieces = list(_statements(text))
    if not pieces:
        return [Fault(1, "no policy")]
    if len(pieces) > STATEMENTS_MAX:
        return [Fault(pieces[STATEMENTS_MAX][0], f"more than {STATEMENTS_MAX} policies")]
    declared = tuple(rights)
    schema = schema_text(declared)
    taken = {right.name for right in declared}
    faults: list[Fault] = []
    for line, statement in pieces:
        found = _fault_of(line, statement, schema)
        if found is None:
            name = statements_of(statement)[0].name
            if name in taken:
                found = Fault(line, f'@id("{name}") is there already')
            taken.add(name)
        if found is not None:
            faults.append(found)
    return faults


def statements_of(text: str) -> list[Statement]:
    """Return the policies of a text that can be read."""
    found = []
    for line, statement in _statements(text):
        said: dict[str, dict[str, Any]] = json.loads(policies_to_json_str(statement))
        policy = next(iter((said["staticPolicies"] | said["templates"]).values()))
        notes = policy.get("annotations") or {}
        found.append(
            Statement(
                line,
                notes.get("id") or "",
                policy["effect"],
                notes.get("sentence") or "",
                statement.strip(),
            )
        )
    return found


def _fault_of(line: int, statement: str, schema: str) -> Fault | None:
    try:
        PolicySet.from_str(statement)
    except ValueError as fault:
        return Fault(line + _lines_before_fault(statement), str(fault))
    [read] = statements_of(statement)
    if not read.name or not read.sentence:
        return Fault(line, 'a policy says @id("name") and @sentence("what it is for")')
    if "?principal" in statement or "?resource" in statement:
        return Fault(line, "a policy names what it is about; templates are not read")
    answer = validate_policies(statement, schema)
    if answer.validation_passed:
        return None
    return Fault(line, "; ".join(one.error for one in answer.errors[:3]))


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Yield each statement with the line it begins in; comments and strings may hold anything."""
    line, begun_at, kept = 1, 1, ""
    for piece in _PIECE.findall(text):
        if not kept.strip() and (piece.isspace() or piece.startswith("//")):
            line += piece.count("\n")
            continue
        if not kept:
            begun_at = line
        kept += piece
        line += piece.count("\n")
        if piece == ";":
            yield begun_at, kept
            kept = ""
    if kept.strip():
        yield begun_at, kept


def _lines_before_fault(statement: str) -> int:
    """Return in which line of a statement reading it first fails: the parser names none itself.

    A beginning that could still become a policy fails by ending too soon; the first that fails
    otherwise ends with what is wrong. Found by halving.
    """
    pieces = list(_PIECE.findall(statement))
    low, high = 0, len(pieces)
    while low < high:
        middle = (low + high) // 2
        if _ends_too_soon("".join(pieces[: middle + 1])):
            low = middle + 1
        else:
            high = middle
    return "".join(pieces[: low + 1]).rstrip().count("\n")


def _ends_too_soon(text: str) -> bool:
    try:
        PolicySet.from_str(text)
    except ValueError as fault:
        return str(fault) == _ENDED
    return True
