"""The one list of what the floors bring to each other. Explicit, no registration at import."""

from standvast.core.delivery.api import LANES, MAIL_LANE
from standvast.kit.wiring import Wiring
from standvast.registry.access.api import AccessLive
from standvast.web.live import LIVE

WIRING = Wiring(
    LANES.filled(MAIL_LANE),
    LIVE.filled(AccessLive),
)
