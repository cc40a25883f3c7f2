"""The mail box of a synthetic person, read from our own lane: for probes that walk as people do.

A walk must follow the link that was really mailed. It looks at what was put on the lane since it
began, so it costs the same however much mail there is.
"""

from django.db.models import Max

from standvast.core.delivery.mail import MAIL, Mail, mail_of, subject_of
from standvast.core.delivery.models import Delivery
from standvast.core.delivery.sealing import opened


def latest_number() -> int:
    """Return the number of the delivery made last, to look from."""
    return Delivery.objects.aggregate(latest=Max("id"))["latest"] or 0


def mail_since(number: int, *, to: str, begins: str) -> Mail | None:
    """Return the newest mail to a box that was put on the lane after `number`, if there is one.

    `begins` is how its key begins, such as "reset:".
    """
    found = Delivery.objects.filter(id__gt=number, lane=MAIL, subject=subject_of(to))
    row = found.filter(key__startswith=begins).order_by("-id").first()
    if row is None or row.is_purged:
        return None
    return mail_of(opened(bytes(row.payload), key_id=row.key_id, lane=row.lane, key=row.key))
