"""What other modules may import from the group commit."""

from standvast.core.groupcommit.group import Commit, GroupCommit, GroupFigures, GroupFull

__all__ = ["Commit", "GroupCommit", "GroupFigures", "GroupFull"]
