"""What other modules may import from the group commit."""

from standvast.core.groupcommit.group import Commit, GroupCommit, GroupFigures, GroupFull
from standvast.core.groupcommit.kept import until_kept

__all__ = ["Commit", "GroupCommit", "GroupFigures", "GroupFull", "until_kept"]
