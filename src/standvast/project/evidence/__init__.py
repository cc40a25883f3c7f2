"""What this installation can show of a release by itself: fills the slot EVIDENCE of releases."""

from standvast.project.evidence.certificates import CERTIFICATES
from standvast.project.evidence.rules import RULES
from standvast.project.evidence.walks import WALKS

__all__ = ["GATHERERS"]

GATHERERS = (CERTIFICATES, RULES, WALKS)
