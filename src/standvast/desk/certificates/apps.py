"""A label of its own: core.certificates, which owns the table, has the name of the folder."""

from django.apps import AppConfig


class CertificatePages(AppConfig):
    """The pages of the desk; no tables."""

    name = "standvast.desk.certificates"
    label = "desk_certificates"
