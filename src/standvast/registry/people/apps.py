"""The app of people; its system checks are made known here."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People and sign-in."""

    name = "standvast.registry.people"

    def ready(self) -> None:
        from standvast.registry.people import checks  # noqa: F401
