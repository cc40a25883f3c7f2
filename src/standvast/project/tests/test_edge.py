"""The outer layer: what every answer carries, and what a visitor cannot forge."""

from collections.abc import AsyncIterator

import httpx
import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import clear_url_caches, path
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from standvast.project import urls
from standvast.project.edge import site
from standvast.web.api import let_forms_go

pytestmark = pytest.mark.django_db(transaction=True)


async def mirror(request: Request) -> JSONResponse:
    """Answer with what reached us."""
    seen = {name: value for name, value in request.headers.items() if "standvast" in name}
    return JSONResponse(seen, headers={"X-Frame-Options": "ALLOWALL"})


async def broken(request: Request) -> JSONResponse:
    """Break."""
    raise RuntimeError("the secret of the fault")


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(
        app=site([Route("/mirror", mirror), Route("/broken", broken)], static=None)
    )
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as made:
        yield made


class TestOuterLayer:
    async def test_puts_the_security_headers_on_every_answer(self, client):
        for address in ("/mirror", "/no-such-page"):
            headers = (await client.get(address)).headers

            assert headers["x-content-type-options"] == "nosniff"
            assert "default-src 'none'" in headers["content-security-policy"]
            assert "unsafe" not in headers["content-security-policy"]

    async def test_lets_no_part_of_the_site_weaken_them(self, client):
        answer = await client.get("/mirror")

        assert answer.headers.get_list("x-frame-options") == ["DENY"]

    async def test_makes_a_new_nonce_for_each_page_and_tells_the_page(self, client, monkeypatch):
        told: list[str] = []

        def nonce_of(request: HttpRequest) -> HttpResponse:
            told.append(request.headers["X-Standvast-Nonce"])
            return HttpResponse(request.headers["X-Standvast-Received"])

        monkeypatch.setattr(urls, "urlpatterns", [path("page", nonce_of)])
        clear_url_caches()
        forged = {"X-Standvast-Nonce": "mine", "X-Standvast-Received": "0.0"}
        answers = [await client.get("/page", headers=forged) for _ in range(2)]
        clear_url_caches()

        for answer, nonce in zip(answers, told, strict=True):
            assert f"'nonce-{nonce}'" in answer.headers["content-security-policy"]
            assert float(answer.text) > 1
        assert len({*told, "mine"}) == 3

    async def test_a_page_may_let_its_form_go_to_one_more_site_and_to_no_more(
        self, client, monkeypatch
    ):
        def handing_over(request: HttpRequest) -> HttpResponse:
            return let_forms_go(HttpResponse(), request.GET.getlist("to"))

        monkeypatch.setattr(urls, "urlpatterns", [path("page", handing_over)])
        clear_url_caches()
        wanted = ["https://lab.example:8443", "https:", "*", "'unsafe-inline'; script-src"]
        answer = await client.get("/page", params={"to": wanted})
        clear_url_caches()

        said = answer.headers["content-security-policy"]
        assert "form-action 'self' https://lab.example:8443;" in said
        assert "unsafe" not in said
        assert "x-standvast-forms-to" not in answer.headers

    async def test_a_live_route_has_no_script_of_its_own_and_nothing_forged(self, client):
        forged = {"X-Standvast-Nonce": "mine", "X-Standvast-Received": "0.0"}

        answer = await client.get("/mirror", headers=forged)

        assert answer.json() == {}
        assert "nonce" not in answer.headers["content-security-policy"]
        assert "script-src 'self';" in answer.headers["content-security-policy"]

    async def test_says_a_fault_with_a_reference_and_without_its_trace(self, client, caplog):
        answer = await client.get("/broken")

        assert answer.status_code == 500
        assert "the secret of the fault" not in answer.text
        logged = next(record for record in caplog.records if "edge.failed" in record.message)
        assert answer.text.split()[-1] in logged.message

    async def test_hands_everything_else_to_django(self, client):
        answer = await client.get("/accounts/login/")

        assert answer.status_code == 200
