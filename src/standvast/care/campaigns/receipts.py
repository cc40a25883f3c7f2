"""What became of a confirmation mail, as the receipt line says it. A late mail is no lost order."""

from datetime import datetime, timedelta

from django.utils.translation import gettext

from standvast.care.campaigns.views import OrderView
from standvast.core.delivery.api import DeliveryView
from standvast.web.api import Fate, ReceiptView

LATE_AFTER = timedelta(seconds=60)


def mail_receipt(
    delivery: DeliveryView | None, order: OrderView, *, now: datetime
) -> ReceiptView | None:
    """Return the receipt line of the order's mail; None while nothing is known of it."""
    if delivery is None:
        return None
    address = f"/campaigns/{order.season.slug}/order/receipt"
    mail = gettext("your mail box")
    match delivery.state.value:
        case "accepted":
            at = delivery.settled_at or delivery.created_at
            return ReceiptView(Fate.ARRIVED, at, to=mail, receipt=delivery.receipt)
        case "refused":
            return ReceiptView(
                Fate.NEEDS_YOU,
                delivery.settled_at or delivery.created_at,
                to=mail,
                reason=gettext("the mail server does not take mail for your address"),
            )
    late = now - delivery.created_at > LATE_AFTER
    reason = gettext("Mail is slow now. Your order stands; you need not wait.") if late else ""
    return ReceiptView(
        Fate.ON_ITS_WAY, delivery.created_at, to=mail, reason=reason, fragment_url=address
    )
