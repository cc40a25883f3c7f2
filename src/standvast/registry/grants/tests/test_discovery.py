"""What apps read before they ask: it names what there is, and nothing else."""

import pytest

pytestmark = pytest.mark.django_db
PLACES = ("/.well-known/openid-configuration", "/fhir/.well-known/smart-configuration")


@pytest.mark.parametrize("place", PLACES)
class TestDiscovery:
    def test_names_no_place_to_register_by_oneself_and_there_is_none(self, elsewhere, place):
        told = elsewhere.get(place).json()

        assert not [name for name in told if "registration" in name]
        assert "registration" not in elsewhere.get(place).text
        for address in ("/oauth/register/", "/register", "/connect/register"):
            asked = {"redirect_uris": ["https://evil.example"]}
            answer = elsewhere.post(address, asked, content_type="application/json")
            assert answer.status_code == 404

    def test_names_places_that_are_there(self, elsewhere, place):
        told = elsewhere.get(place).json()

        for name, address in told.items():
            if name.endswith(("_endpoint", "_uri")):
                path = "/" + address.split("/", 3)[3]
                assert elsewhere.get(path).status_code in (200, 302, 400, 401, 405, 422), name

    def test_offers_no_weaker_way_than_is_taken(self, elsewhere, place):
        told = elsewhere.get(place).json()

        assert told["code_challenge_methods_supported"] == ["S256"]
        assert told["response_types_supported"] == ["code"]
        assert "client_secret_post" not in told["token_endpoint_auth_methods_supported"]
        assert not {"none", "HS256", "HS384"} & set(
            told["token_endpoint_auth_signing_alg_values_supported"]
        )
