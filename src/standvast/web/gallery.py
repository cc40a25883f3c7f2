"""Every component in every state on one page. Demo only: to look at, and for axe."""

from datetime import timedelta
from types import SimpleNamespace

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from standvast.kit.errors import Busy, Refused
from standvast.kit.words import marked
from standvast.web.receipts import Fate, ReceiptView
from standvast.web.rendering import page


class ExampleForm(forms.Form):
    """One field of each kind."""

    tens = forms.IntegerField(
        label="Doses, in tens", help_text="Last year you ordered 120 and used 114.", min_value=10
    )
    day = forms.ChoiceField(
        label="Delivery day", choices=[("1", "Monday 5 October"), ("2", "Tuesday 6 October")]
    )
    remark = forms.CharField(
        label="Remark", widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=200
    )
    kind = forms.ChoiceField(
        label="Who receives it",
        widget=forms.RadioSelect,
        choices=[("p", "The practice"), ("f", "The pharmacy next door")],
    )
    agree = forms.BooleanField(label="Mail me when a place comes free", required=False)


def gallery(request: HttpRequest) -> HttpResponse:
    """GET /web/gallery/ - the parts pages are made of."""
    now = timezone.now()
    wrong = ExampleForm({"tens": "7", "day": "1", "kind": "p"})
    receipts = [
        ReceiptView(Fate.KEPT, now),
        ReceiptView(Fate.ON_ITS_WAY, now, to="Sciensano", expected_at=now + timedelta(minutes=12)),
        ReceiptView(Fate.ARRIVED, now, receipt="250 2.0.0 Ok: queued as 4XJ2"),
        ReceiptView(Fate.NEEDS_YOU, now, reason="date of birth is missing", act_url="#mend"),
        ReceiptView(Fate.WITHDRAWN, now),
    ]
    return page(
        request,
        "web/gallery.html",
        {
            "form": ExampleForm(),
            "wrong": wrong,
            "receipts": receipts,
            "pager": SimpleNamespace(number=2, pages_count=7),
            "times": [now - timedelta(minutes=30 - 5 * i) for i in range(7)],
            "rates": [12, 180, 412, 390, 286, 144, 61],
            "yesterday": now - timedelta(days=1),
            "last_month": now - timedelta(days=30),
        },
    )


class ExampleFull(Refused):
    """What a full day would say."""

    code = "web.example_full"


class ExampleBusy(Busy):
    """What a bound that is reached would say."""

    code = "web.example_busy"


@require_POST
def refuse(request: HttpRequest) -> HttpResponse:
    """POST /web/gallery/refuse/ - a refusal, to see where it comes and how it reads."""
    if request.POST.get("kind") == "busy":
        raise ExampleBusy(marked("Too many people do this at once."), retry_after_s=7)
    raise ExampleFull(
        marked("This day is full. Pick another day: {left} doses are left."), left=1200
    )
