"""The mails that wait on the lane, opened: what people would read."""

from standvast.core.delivery.mail import Mail, mail_of
from standvast.core.delivery.models import Delivery
from standvast.core.delivery.sealing import opened


def mails_waiting(word: str = "") -> list[Mail]:
    """Return the mails on the lane whose key begins with `word`, oldest first."""
    rows = Delivery.objects.filter(lane="mail", key__startswith=word).order_by("pk")
    return [
        mail_of(opened(bytes(row.payload), key_id=row.key_id, lane=row.lane, key=row.key))
        for row in rows
    ]
