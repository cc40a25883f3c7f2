"""What asking insurers brings to the wiring."""

from django.conf import settings

from standvast.core.certificates import api as certificates
from standvast.core.health import api as health
from standvast.kit.wiring import Filling
from standvast.kit.words import marked

COVERAGE_CERTIFICATE = certificates.Purpose(
    name="coverage",
    title=marked("Asking insurers about coverage"),
    owner=marked("Whoever runs this installation"),
    stops=marked("Coverage is not asked; people are registered and treated as always."),
    peer=lambda: certificates.peer_at(settings.COVERAGE_URL, settings.COVERAGE_CA),
    issuers=lambda: {
        certificates.Environment(name): pem for name, pem in settings.COVERAGE_ISSUERS.items()
    },
    number=lambda: str(settings.COVERAGE_NUMBER),
)


def fillings() -> tuple[Filling, ...]:
    """Return everything, for `project/wiring.py`."""
    return (
        certificates.PURPOSES.filled(COVERAGE_CERTIFICATE),
        health.PROBES.filled(*certificates.certificate_probes(COVERAGE_CERTIFICATE)),
    )
