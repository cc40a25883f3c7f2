"""How lower floors learn what upper floors bring, without importing them.

A module that takes contributions declares a typed slot: `LANES: Slot[Lane] = Slot("lanes")`.
`project/wiring.py` fills the slots in one explicit list. `wired(LANES)` reads it, late, so that
nothing registers itself at import.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Generic, TypeVar, cast

T = TypeVar("T")


@dataclass(frozen=True)
class Slot(Generic[T]):
    """A named place for contributions of one type."""

    name: str

    def filled(self, *items: T) -> "Filling":
        """Return the slot with its contributions, for the one list in `project/wiring.py`."""
        return Filling(self.name, items)


@dataclass(frozen=True)
class Filling:
    """One slot with what was brought."""

    name: str
    items: tuple[Any, ...]


class Wiring:
    """What the composition root put together: frozen, one tuple per slot."""

    def __init__(self, *fillings: Filling) -> None:
        by_name: dict[str, tuple[Any, ...]] = {}
        for filling in fillings:
            by_name[filling.name] = by_name.get(filling.name, ()) + filling.items
        self._by_name: Mapping[str, tuple[Any, ...]] = by_name

    def of(self, slot: Slot[T]) -> tuple[T, ...]:
        return cast("tuple[T, ...]", self._by_name.get(slot.name, ()))

    def with_(self, *fillings: Filling) -> "Wiring":
        """Return a copy in which the given slots are replaced."""
        kept = [Filling(name, items) for name, items in self._by_name.items()]
        names = {filling.name for filling in fillings}
        return Wiring(*(f for f in kept if f.name not in names), *fillings)


_path: str | None = None
_loaded: Wiring | None = None


def name_wiring(path: str) -> None:
    """Say where the one list stands, as `package.module:NAME`. Called by the settings."""
    global _path, _loaded
    _path, _loaded = path, None


def wiring() -> Wiring:
    """Return the process's wiring, loading it at first use."""
    global _loaded  # noqa: PLW0603
    if _loaded is None:
        assert _path is not None, "name_wiring was not called; are the settings loaded?"
        module, _, name = _path.partition(":")
        _loaded = cast("Wiring", getattr(import_module(module), name))
    return _loaded


def wired(slot: Slot[T]) -> tuple[T, ...]:
    """Return what was brought to this slot, in the order of the list."""
    return wiring().of(slot)


@contextmanager
def rewired(*fillings: Filling) -> Iterator[None]:
    """Replace slots for a while. For tests and drills."""
    global _loaded  # noqa: PLW0603
    before = wiring()
    _loaded = before.with_(*fillings)
    try:
        yield
    finally:
        _loaded = before
