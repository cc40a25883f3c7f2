"""Claims as records of fixed length, after a definition file of our own.

It proves that any such layout can be written by writing its definition. It is no standard's.
"""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from standvast.care.insurance.exports.exporter import Outgoing
from standvast.care.insurance.rules.layouts import Layout, layout_of, written

PACKAGE = "standvast.care.insurance.exports"


@cache
def own_layout(name: str) -> Layout:
    """Return a layout of `exports/definitions`."""
    return layout_of(files(PACKAGE).joinpath("definitions", f"{name}.json").read_bytes())


class FixedExporter:
    """Writes an opening record, one per line, and a closing one with the sums."""

    suffix = "txt"
    media_type = "text/plain; charset=utf-8"

    def __init__(self, layout: Layout | None = None) -> None:
        self._layout = layout or own_layout("claims")

    def write(self, outgoing: Outgoing) -> bytes:
        """Return the records, each on a line of its own."""
        return "".join(f"{record}\r\n" for record in self._records(outgoing)).encode()

    def _records(self, outgoing: Outgoing) -> Iterator[str]:
        yield written(
            self._layout,
            "opening",
            {
                "message": str(outgoing.id),
                "asker": outgoing.asker,
                "programme": outgoing.programme,
                "quarter": outgoing.quarter,
                "version": outgoing.version,
                "made_on": outgoing.made_on,
            },
        )
        for line in outgoing.lines:
            yield written(
                self._layout,
                "line",
                {
                    "id": str(line.id),
                    "bsn": line.bsn,
                    "birth_on": line.birth_on,
                    "insurer": line.insurer,
                    "insured_number": line.insured_number,
                    "activity": line.activity or "quarter",
                    "on": line.on,
                    "version": line.version,
                    "amount": line.cents,
                },
            )
        yield written(
            self._layout,
            "closing",
            {"lines_count": len(outgoing.lines), "amount": outgoing.cents},
        )
