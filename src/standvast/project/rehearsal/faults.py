"""Which line of a migration or a script broke. Pure, but for reading that file."""

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType

import sqlparse


def line_at(text: str, position: int) -> int:
    """Return the line on which a character stands, both counted from 1."""
    return text.count("\n", 0, max(0, position - 1)) + 1


def statements(text: str) -> Iterator[tuple[int, str]]:
    """Yield each statement of a script with the line on which it begins."""
    at = 0
    for statement in sqlparse.split(text):
        begins = text.index(statement, at)
        at = begins + len(statement)
        yield line_at(text, begins + 1), statement


def line_of_operation(source: str, number: int) -> int:
    """Return the line on which an operation of a migration begins; 1 if that cannot be told."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "operations" for target in node.targets
        ):
            listed = node.value
            if isinstance(listed, ast.List) and number < len(listed.elts):
                return listed.elts[number].lineno
    return 1


def line_of_sql(source: str, statement: str, position: int | None) -> int | None:
    """Return the line of a migration on which the database found a fault in its SQL."""
    begins = source.find(statement)
    if begins < 0:
        return None
    return line_at(source, begins + (position or _first_word(statement)))


def _first_word(statement: str) -> int:
    return len(statement) - len(statement.lstrip()) + 1


def line_in(path: Path, frames: Sequence[tuple[str, int]]) -> int | None:
    """Return the deepest line of a traceback that stands in this file."""
    own = [line for name, line in frames if Path(name) == path]
    return own[-1] if own else None


def frames_of(traceback: TracebackType | None) -> list[tuple[str, int]]:
    """Return the files and lines of a traceback, the outermost first."""
    found = []
    while traceback is not None:
        found.append((traceback.tb_frame.f_code.co_filename, traceback.tb_lineno))
        traceback = traceback.tb_next
    return found
