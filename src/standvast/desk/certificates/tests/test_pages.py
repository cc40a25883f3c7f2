"""The pages of certificates: what they show, what they let people do, what they never show."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.urls import include, path, reverse

from standvast.core.certificates.api import PURPOSES
from standvast.core.certificates.models import Certificate
from standvast.core.certificates.testing import Authority, a_peer, a_purpose, wrong_ones
from standvast.desk.certificates.api import RIGHTS as CERTIFICATE_RIGHTS
from standvast.kit.wiring import rewired, wired
from standvast.registry.access.api import RIGHTS, Role
from standvast.registry.access.testing import a_colleague, signed_in_client
from standvast.web.api import BELL, RAIL

pytestmark = pytest.mark.django_db
NAME = "coverage"
urlpatterns = [
    path("", include("standvast.web.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("standvast.registry.people.urls")),
    path("", include("standvast.registry.access.urls")),
    path("", include("standvast.desk.certificates.urls")),
]


@pytest.fixture(scope="module")
def authority():
    return Authority("Voorbeeld CA", above=Authority("Voorbeeld wortel"))


@pytest.fixture(scope="module")
def peer(authority):
    with a_peer(authority, trusts=authority.above.pem) as peer:
        yield peer


@pytest.fixture(autouse=True)
def ground(authority, peer):
    others = [right for right in wired(RIGHTS) if not right.name.startswith("desk.certificates")]
    with (
        override_settings(ROOT_URLCONF=__name__),
        rewired(
            PURPOSES.filled(a_purpose(authority.above, peer=peer)),
            RIGHTS.filled(*others, *CERTIFICATE_RIGHTS),
            RAIL.filled(),
            BELL.filled(),
        ),
    ):
        yield


@pytest.fixture
def lead():
    return signed_in_client(a_colleague(Role.OPERATOR_LEAD))


def shown(client):
    return client.get(reverse("certificates:one", args=[NAME])).content.decode()


def handed(client, made, **more):
    given = {"chain": made.chain_pem, "key": made.key_pem, **more}
    return client.post(reverse("certificates:hand_in", args=[NAME]), given)


def act(client, name, slot):
    row = Certificate.objects.get(slot=slot)
    return client.post(reverse(f"certificates:{name}", args=[NAME, row.id]))


class TestAll:
    def test_says_that_one_is_missing(self, lead):
        page = lead.get(reverse("certificates:all")).content.decode()

        assert "Verzekering navragen" in page
        assert "badge--harm" in page

    def test_says_what_they_are_for_when_nothing_needs_one(self, lead):
        with rewired(PURPOSES.filled()):
            page = lead.get(reverse("certificates:all")).content.decode()

        assert 'class="empty"' in page


class TestHandIn:
    def test_a_right_one_can_be_switched_to_and_back(self, lead, authority):
        for _ in range(2):
            assert handed(lead, authority.issue()).status_code == 303
            assert act(lead, "switch", "next").status_code == 303
        first = Certificate.objects.get(slot="previous").id

        assert act(lead, "roll_back", "previous").status_code == 303
        assert Certificate.objects.get(slot="current").id == first

    def test_each_wrong_one_is_told_and_cannot_be_switched_to(self, lead, authority):
        switch = "/switch/"
        for made in wrong_ones(authority, Authority("Vreemde CA")).values():
            assert handed(lead, made).status_code == 303

            page = shown(lead)
            assert "badge--harm" in page
            assert switch not in page
            assert act(lead, "switch", "next").status_code == 409

    def test_takes_files(self, lead, authority):
        made = authority.issue()
        answer = handed(
            lead,
            made,
            chain="",
            key="",
            chain_file=SimpleUploadedFile("eigen.pem", made.chain_pem.encode()),
            key_file=SimpleUploadedFile("eigen.key", made.key_pem.encode()),
        )

        assert answer.status_code == 303
        assert Certificate.objects.get().slot == "next"

    def test_says_what_is_missing(self, lead):
        answer = lead.post(reverse("certificates:hand_in", args=[NAME]), {})
        assert answer.content.decode().count("(mag leeg blijven)") == 1  # the passphrase

        assert answer.status_code == 422
        assert answer.content.decode().count("utrecht-form-field-error-message") == 2

    def test_a_file_without_end_is_refused(self, lead, authority):
        made = authority.issue()
        large = SimpleUploadedFile("groot.pem", b"x" * 50_000)

        assert handed(lead, made, chain="", chain_file=large).status_code == 422

    def test_never_shows_the_key_again(self, lead, authority):
        made = authority.issue()
        middle = made.key_pem.splitlines()[1]

        refused = handed(lead, made, chain="x", passphrase="geheim-woord").content.decode()
        assert middle not in refused
        assert "geheim-woord" not in refused
        handed(lead, made)
        assert middle not in shown(lead)


class TestRights:
    def test_an_operator_sees_and_does_nothing(self, lead, authority):
        handed(lead, authority.issue())
        operator = signed_in_client(a_colleague(Role.OPERATOR))

        assert 'method="post"' not in shown(operator).split("<main")[1].split("</main>")[0]
        for name in ("look", "switch", "withdraw"):
            assert act(operator, name, "next").status_code == 403
        assert handed(operator, authority.issue()).status_code == 403

    def test_a_purpose_that_nobody_has_is_not_there(self, lead):
        assert lead.get(reverse("certificates:one", args=["nothing"])).status_code == 404


class TestWithdraw:
    def test_forgets_it(self, lead, authority):
        handed(lead, authority.issue())

        assert act(lead, "withdraw", "next").status_code == 303
        assert 'class="empty"' in shown(lead)
