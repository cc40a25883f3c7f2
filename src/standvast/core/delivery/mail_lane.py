"""The lane "mail", as `project/wiring.py` lists it."""

from standvast.core.delivery.destinations.smtp import SmtpDestination
from standvast.core.delivery.lanes import Lane
from standvast.core.delivery.mail import MAIL
from standvast.kit.words import marked

MAIL_LANE = Lane(
    name=MAIL,
    destination=SmtpDestination,
    title=marked("Mail"),
    rate_per_s=200.0,
    burst_count=200,
    concurrency_max=16,
    attempts_max=400,
    lease_s=60.0,
    retention_days=14,
    breaker_after_count=10,
    breaker_pause_s=5.0,
)
