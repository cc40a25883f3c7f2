import pytest


@pytest.mark.django_db
class TestGallery:
    def test_shows_every_part(self, client):
        answer = client.get("/web/gallery/")

        assert answer.status_code == 200
        assert b"<style" not in answer.content
        assert b" style=" not in answer.content
        assert b"onclick" not in answer.content

    @pytest.mark.parametrize("language", ["nl", "fr", "en"])
    def test_speaks_the_browsers_language(self, client, language):
        answer = client.get("/web/gallery/", headers={"Accept-Language": language})

        assert answer.headers["Content-Language"] == language
