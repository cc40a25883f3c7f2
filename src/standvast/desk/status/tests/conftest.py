"""A board and a snapshot folder of their own for each test."""

import pytest

from standvast.desk.status import board as board_file
from standvast.desk.status.rights import DESK_RIGHTS
from standvast.desk.status.slots import FUNCTIONS, Function
from standvast.desk.status.strip import notices_for
from standvast.kit.wiring import rewired, wiring
from standvast.registry.access.api import RIGHTS
from standvast.web.api import NOTICES


@pytest.fixture(autouse=True)
def own_board(monkeypatch, settings, tmp_path):
    settings.VAR = tmp_path
    monkeypatch.setattr(board_file, "_board", None)
    rights = {right.name: right for right in (*wiring().of(RIGHTS), *DESK_RIGHTS)}
    with rewired(
        RIGHTS.filled(*rights.values()),
        NOTICES.filled(notices_for),
        FUNCTIONS.filled(
            Function("orders.place", "Ordering", "ordering", {"nl": "Bestellen is gesloten."}),
            Function("orders.cancel", "Cancelling", "ordering"),
        ),
    ):
        yield
