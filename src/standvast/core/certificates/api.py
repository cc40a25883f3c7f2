"""What other modules may import from certificates."""

from standvast.core.certificates.contexts import NoCertificate, ssl_context_of
from standvast.core.certificates.declared import (
    COMPONENT,
    PURPOSES,
    Harmless,
    Peer,
    Purpose,
    PurposeUnknown,
    peer_at,
)
from standvast.core.certificates.operations.handing import IsThereAlready, hand_in, withdraw
from standvast.core.certificates.operations.looking import look, look_at_all
from standvast.core.certificates.operations.proving import Proof, prove_all
from standvast.core.certificates.operations.switching import roll_back, switch
from standvast.core.certificates.probes import (
    SWEEP_OF_CERTIFICATES,
    certificate_probes,
    looked_at_probe,
)
from standvast.core.certificates.queries import (
    needs_someone_count,
    purpose_view,
    purpose_views,
)
from standvast.core.certificates.readiness import check_certificates
from standvast.core.certificates.rules.preflight import Environment, Use
from standvast.core.certificates.rules.reading import NotReadable
from standvast.core.certificates.rules.slots import ItIsOver, MoveNotAllowed, NotProven, Slot
from standvast.core.certificates.rules.told import Check, Outcome
from standvast.core.certificates.views import CertificateView, PurposeView

__all__ = [
    "COMPONENT",
    "PURPOSES",
    "SWEEP_OF_CERTIFICATES",
    "CertificateView",
    "Check",
    "Environment",
    "Harmless",
    "IsThereAlready",
    "ItIsOver",
    "MoveNotAllowed",
    "NoCertificate",
    "NotProven",
    "NotReadable",
    "Outcome",
    "Peer",
    "Proof",
    "Purpose",
    "PurposeUnknown",
    "PurposeView",
    "Slot",
    "Use",
    "certificate_probes",
    "check_certificates",
    "hand_in",
    "look",
    "look_at_all",
    "looked_at_probe",
    "needs_someone_count",
    "peer_at",
    "prove_all",
    "purpose_view",
    "purpose_views",
    "roll_back",
    "ssl_context_of",
    "switch",
    "withdraw",
]
