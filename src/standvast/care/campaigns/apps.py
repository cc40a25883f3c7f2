"""The Django app: label `campaigns`, and the check that keeps the faulty twin out."""

from django.apps import AppConfig
from django.core.checks import register


class CampaignsConfig(AppConfig):
    """Registers the module's system check."""

    name = "standvast.care.campaigns"
    label = "campaigns"

    def ready(self) -> None:
        from standvast.care.campaigns.checks import check_twin_only_in_drills

        register(check_twin_only_in_drills)
