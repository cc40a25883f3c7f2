"""Addresses that travel by mail."""

from django.conf import settings
from django.urls import reverse


def join_link(token: str) -> str:
    """Return the address in an invitation; the host is the installation's."""
    return settings.ADDRESS.rstrip("/") + reverse("access:join", kwargs={"token": token})
