"""When a confirmation first reached us, kept until it is answered: a repeat is not later."""

from uuid import UUID

REMEMBERED_MAX = 20_000


class FirstArrivals:
    """Remembers in one process, bounded; the oldest goes first."""

    def __init__(self) -> None:
        self._by_order: dict[tuple[UUID, UUID], float] = {}

    def first(self, organisation_id: UUID, order_id: UUID, *, received_s: float) -> float:
        """Return the earliest moment this confirmation reached us, in monotonic seconds."""
        key = (organisation_id, order_id)
        if key not in self._by_order and len(self._by_order) >= REMEMBERED_MAX:
            self._by_order.pop(next(iter(self._by_order)))
        return self._by_order.setdefault(key, received_s)

    def answered(self, organisation_id: UUID, order_id: UUID) -> None:
        """Forget it: the person knows."""
        self._by_order.pop((organisation_id, order_id), None)
