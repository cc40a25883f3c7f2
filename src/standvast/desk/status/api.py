"""What other modules may import from status."""

from standvast.desk.status.board import (
    ClosureView,
    FunctionClosed,
    check_open,
    check_open_at_edge,
    closed,
    closed_at_edge,
)
from standvast.desk.status.live import StatusLive
from standvast.desk.status.operations import (
    AlreadyClosed,
    AlreadyEnded,
    ClosureNotFound,
    FunctionUnknown,
    NoticeNotFound,
    close_function,
    end_notice,
    publish_notice,
    put_away,
    reopen_function,
)
from standvast.desk.status.queries import (
    ClosureRow,
    NoticeRow,
    closure_reason,
    closure_rows,
    notice_rows,
)
from standvast.desk.status.rights import DESK_RIGHTS
from standvast.desk.status.rules import NoticeKind, PublicState
from standvast.desk.status.slots import (
    FUNCTIONS,
    OPEN_WORK,
    PUBLIC_ENTRIES,
    Function,
    OpenWork,
    PublicEntry,
    PublicUpdate,
)
from standvast.desk.status.snapshot.make import (
    say_by_hand,
    snapshot_figures,
    write_blind,
    write_snapshot,
)
from standvast.desk.status.strip import notices_for, public_notices

__all__ = [
    "DESK_RIGHTS",
    "FUNCTIONS",
    "OPEN_WORK",
    "PUBLIC_ENTRIES",
    "AlreadyClosed",
    "AlreadyEnded",
    "ClosureNotFound",
    "ClosureRow",
    "ClosureView",
    "Function",
    "FunctionClosed",
    "FunctionUnknown",
    "NoticeKind",
    "NoticeNotFound",
    "NoticeRow",
    "OpenWork",
    "PublicEntry",
    "PublicState",
    "PublicUpdate",
    "StatusLive",
    "check_open",
    "check_open_at_edge",
    "close_function",
    "closed",
    "closed_at_edge",
    "closure_reason",
    "closure_rows",
    "end_notice",
    "notice_rows",
    "notices_for",
    "public_notices",
    "publish_notice",
    "put_away",
    "reopen_function",
    "say_by_hand",
    "snapshot_figures",
    "write_blind",
    "write_snapshot",
]
