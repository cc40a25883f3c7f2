"""What other modules may import from agreements."""

from standvast.kit.words import marked
from standvast.registry.access.api import StaffLink
from standvast.registry.agreements.operations import publish_version
from standvast.registry.agreements.pages import pending
from standvast.registry.agreements.rules import Part
from standvast.registry.agreements.seeds import a_demo_agreement
from standvast.registry.agreements.signing import RIGHTS_OF_AGREEMENTS
from standvast.web.api import RailItem

AGREEMENTS_LINK = StaffLink(marked("Agreements"), "agreements:all", "agreements.see")
RAIL_OF_AGREEMENTS = RailItem(
    marked("Agreements"), "agreements:publish", "agreements.publish", "scroll-text"
)

__all__ = [
    "AGREEMENTS_LINK",
    "RAIL_OF_AGREEMENTS",
    "RIGHTS_OF_AGREEMENTS",
    "Part",
    "a_demo_agreement",
    "pending",
    "publish_version",
]
