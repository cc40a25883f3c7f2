"""The pages of apps: registered, changed, closed; who uses them; a secret that is shown once."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from standvast.registry.access.api import Role
from standvast.registry.access.testing import a_colleague, signed_in_client
from standvast.registry.grants.api import Proof
from standvast.registry.grants.models import App, AppUse
from standvast.registry.grants.testing import CALLBACK, an_app

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
TOLD = {
    "title": "Voorbeeld-app",
    "supplier": "Voorbeeld BV",
    "telephone": "",
    "proof": Proof.SECRET.value,
    "redirects": CALLBACK,
    "launch_url": "",
    "scopes": "openid profile",
    "keys": "",
}


@pytest.fixture
def lead():
    return signed_in_client(a_colleague(Role.OPERATOR_LEAD))


@pytest.fixture
def app():
    return an_app(a_colleague(Role.GP).actor, now=NOW, proof=Proof.SECRET)


def test_the_list_says_what_it_is_for_while_it_is_empty(lead):
    App.objects.all().delete()

    shown = lead.get(reverse("apps:all")).content.decode()

    assert 'class="empty"' in shown


def test_an_app_is_registered_with_a_secret_that_is_shown_once(lead):
    assert lead.get(reverse("apps:new")).status_code == 200
    made = lead.post(reverse("apps:new"), TOLD)
    assert made.status_code == 303, made.content.decode()
    app = App.objects.get(title="Voorbeeld-app")

    shown = lead.post(reverse("apps:secret", args=[app.id])).content.decode()
    [secret] = re.findall(r"<code>([^<]+)</code>", shown)
    again = lead.get(reverse("apps:one", args=[app.id])).content.decode()

    assert app.client_id in again
    assert secret not in again
    assert secret not in str(App.objects.filter(id=app.id).values())
    assert secret not in lead.get(reverse("apps:all")).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"redirects": "http://app.example/callback"},
        {"redirects": "https://*.app.example/callback"},
        {"redirects": "https://app.example/callback#part"},
        {"redirects": "https://us@app.example/callback"},
        {"redirects": "javascript:alert(1)"},
        {"redirects": "//app.example/callback"},
        {"launch_url": "http://app.example/launch"},
        {"scopes": "system/*.cruds"},
        {"scopes": "patient/Patient.u"},
        {"proof": Proof.KEY.value},
        {"proof": Proof.KEY.value, "keys": '{"keys": [{"kty": "oct", "k": "AAAA", "kid": "a"}]}'},
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_kept(lead, wrong):
    before = App.objects.count()

    answer = lead.post(reverse("apps:new"), TOLD | wrong)

    assert answer.status_code == 422
    assert App.objects.count() == before


def test_how_it_proves_itself_stays(lead, app):
    answer = lead.post(
        reverse("apps:change", args=[app.app_id]), TOLD | {"proof": Proof.NONE.value}
    )

    assert answer.status_code == 422
    assert App.objects.get(id=app.app_id).proof == Proof.SECRET.value


def test_an_organisation_begins_and_ends_to_use_it(lead, app):
    other = a_colleague(Role.PHARMACIST).organisation
    field = {"organisation": str(other.id)}

    found = lead.post(reverse("apps:organisations", args=[app.app_id]), {"text": other.name})
    assert str(other.id) in found.content.decode()
    lead.post(reverse("apps:begin", args=[app.app_id]), field)
    assert AppUse.objects.filter(app_id=app.app_id, organisation=other).exists()
    assert other.name in lead.get(reverse("apps:one", args=[app.app_id])).content.decode()
    assert lead.post(reverse("apps:begin", args=[app.app_id]), field).status_code == 409
    lead.post(reverse("apps:end", args=[app.app_id]), field)

    assert not AppUse.objects.filter(app_id=app.app_id, organisation=other).exists()


def test_a_closed_app_is_opened_again(lead, app):
    lead.post(reverse("apps:close", args=[app.app_id]))
    assert not App.objects.get(id=app.app_id).is_active

    lead.post(reverse("apps:open", args=[app.app_id]))

    assert App.objects.get(id=app.app_id).is_active


def test_who_only_looks_cannot_act(app):
    operator = signed_in_client(a_colleague(Role.OPERATOR))

    assert operator.get(reverse("apps:one", args=[app.app_id])).status_code == 200
    assert operator.post(reverse("apps:secret", args=[app.app_id])).status_code == 403
    assert operator.get(reverse("apps:new")).status_code == 403


def test_strangers_sign_in_first():
    assert Client().get(reverse("apps:all"))["Location"].startswith("/accounts/login/")
