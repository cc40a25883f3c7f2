"""A label of its own: the folder's name says little among all of Django's."""

from django.apps import AppConfig


class AppPages(AppConfig):
    """The pages of the desk; no tables."""

    name = "standvast.desk.apps"
    label = "desk_apps"
