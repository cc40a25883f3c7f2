"""What the build that people are served by declares, kept for the release that comes after it."""

from datetime import datetime

from django.db import transaction

from standvast.kit.wiring import wired
from standvast.registry.access.rights import RIGHTS
from standvast.registry.access.ruling.cedar import digest_of
from standvast.registry.access.ruling.declared import declared_text
from standvast.registry.access.ruling.models import Running


@transaction.atomic(durable=True)
def keep_running(now: datetime) -> None:
    """Keep what this build declares, if it is not what is kept already.

    Called where a process begins to serve people, and nowhere else: a build that is only looked at
    says nothing of what runs.
    """
    text = declared_text(wired(RIGHTS))
    digest = digest_of(text, "")
    if Running.objects.filter(digest=digest).exists():
        return
    Running.objects.update_or_create(
        id=1,
        defaults={
            "text": text,
            "names": sorted(right.name for right in wired(RIGHTS)),
            "digest": digest,
            "since": now,
        },
    )
