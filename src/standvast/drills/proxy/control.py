"""Toxiproxy's HTTP API: paths, fields and status codes as the original's."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from standvast.drills.proxy.listener import (
    NotLoopback,
    Proxy,
    TooMany,
    ToxicExists,
    ToxicNotFound,
    endpoint,
)
from standvast.drills.proxy.toxics import BadToxic

VERSION = "2.12.0"
"""Of the API that is spoken."""
PROXIES_MAX = 100
BODY_BYTES_MAX = 1_000_000


class ApiError(Exception):
    """An answer other than the asked one, in Toxiproxy's words."""

    def __init__(self, status: int, message: str) -> None:
        self.status = status
        self.message = message
        super().__init__(message)


NO_PROXY = "proxy not found"
NO_TOXIC = "toxic not found"
BAD_BODY = "bad request body"


def _error(error: ApiError) -> JSONResponse:
    return JSONResponse({"error": error.message, "status": error.status}, status_code=error.status)


async def _object(request: Request) -> Any:
    body = await request.body()
    if len(body) > BODY_BYTES_MAX:
        raise ApiError(413, "too long")
    try:
        return msgspec.json.decode(body)
    except msgspec.DecodeError:
        raise ApiError(400, BAD_BODY) from None


async def _dict(request: Request) -> dict[str, Any]:
    found = await _object(request)
    if not isinstance(found, dict):
        raise ApiError(400, BAD_BODY)
    return found


def _check_no_browser(request: Request) -> None:
    if request.headers.get("user-agent", "").startswith("Mozilla/"):
        raise ApiError(403, "User agent not allowed")


Handler = Callable[[Request], Awaitable[Response]]


def _told(handler: Handler) -> Handler:
    """Turn what can go wrong into Toxiproxy's answers; refuse browsers as it does."""

    async def answer(request: Request) -> Response:
        try:
            _check_no_browser(request)
            return await handler(request)
        except ApiError as error:
            return _error(error)
        except (BadToxic, NotLoopback) as error:
            return _error(ApiError(400, str(error)))
        except TooMany as error:
            return _error(ApiError(400, f"too many {error}"))
        except ToxicExists:
            return _error(ApiError(409, "toxic already exists"))
        except ToxicNotFound:
            return _error(ApiError(404, NO_TOXIC))
        except OSError as error:
            return _error(ApiError(500, f"listen: {error.strerror or error}"))

    return answer


class Control:
    """All proxies of one process and the API over them."""

    def __init__(self) -> None:
        self.proxies: dict[str, Proxy] = {}

    def app(self) -> Starlette:
        """Return the API."""
        one, toxics, toxic = (
            "/proxies/{proxy}",
            "/proxies/{proxy}/toxics",
            "/proxies/{proxy}/toxics/{toxic}",
        )
        table: list[tuple[str, list[str], Handler]] = [
            ("/version", ["GET"], self.version),
            ("/reset", ["POST"], self.reset),
            ("/populate", ["POST"], self.populate),
            ("/proxies", ["GET"], self.list_all),
            ("/proxies", ["POST"], self.create),
            (one, ["GET"], self.show),
            (one, ["POST", "PATCH"], self.change),
            (one, ["DELETE"], self.delete),
            (toxics, ["GET"], self.list_toxics),
            (toxics, ["POST"], self.add_toxic),
            (toxic, ["GET"], self.show_toxic),
            (toxic, ["POST", "PATCH"], self.change_toxic),
            (toxic, ["DELETE"], self.delete_toxic),
        ]
        return Starlette(
            routes=[Route(path, _told(do), methods=methods) for path, methods, do in table]
        )

    def close(self) -> None:
        """Take every proxy down."""
        for proxy in self.proxies.values():
            proxy.down()

    def _one(self, request: Request) -> Proxy:
        proxy = self.proxies.get(request.path_params["proxy"])
        if proxy is None:
            raise ApiError(404, NO_PROXY)
        return proxy

    async def version(self, request: Request) -> Response:
        """GET /version."""
        return JSONResponse({"version": VERSION})

    async def reset(self, request: Request) -> Response:
        """POST /reset: every proxy up, no toxics."""
        for proxy in self.proxies.values():
            await proxy.reset()
        return Response(status_code=204)

    async def list_all(self, request: Request) -> Response:
        """GET /proxies."""
        return JSONResponse({name: proxy.shown() for name, proxy in self.proxies.items()})

    async def create(self, request: Request) -> Response:
        """POST /proxies."""
        body = await _dict(request)
        if str(body.get("name") or "") in self.proxies:
            raise ApiError(409, "proxy already exists")
        proxy = await self._made(body, place="")
        return JSONResponse(proxy.shown(), status_code=201)

    async def populate(self, request: Request) -> Response:
        """POST /populate: make these proxies, replacing those of the same name that differ."""
        wanted = await _object(request)
        if not isinstance(wanted, list) or not all(isinstance(item, dict) for item in wanted):
            raise ApiError(400, BAD_BODY)
        made = [await self._replaced(body, i) for i, body in enumerate(wanted, start=1)]
        return JSONResponse({"proxies": [proxy.shown() for proxy in made]}, status_code=201)

    async def _replaced(self, body: dict[str, Any], number: int) -> Proxy:
        known = self.proxies.get(str(body.get("name") or ""))
        if known is not None:
            same = (known.listen, known.upstream) == (body.get("listen"), body.get("upstream"))
            if same:
                if body.get("enabled", True):
                    await known.up()
                else:
                    known.down()
                return known
            known.down()
            del self.proxies[known.name]
        return await self._made(body, place=f" at proxy {number}")

    async def _made(self, body: dict[str, Any], *, place: str) -> Proxy:
        for field in ("name", "upstream"):
            if not body.get(field):
                raise ApiError(400, f"missing required field: {field}{place}")
        if len(self.proxies) >= PROXIES_MAX:
            raise TooMany("proxies")
        name = str(body["name"])
        listen = str(body.get("listen") or "127.0.0.1:0")
        proxy = Proxy(name=name, listen=listen, upstream=str(body["upstream"]))
        if body.get("enabled", True):
            await proxy.up()
        self.proxies[name] = proxy
        return proxy

    async def show(self, request: Request) -> Response:
        """GET /proxies/<proxy>."""
        return JSONResponse(self._one(request).shown())

    async def change(self, request: Request) -> Response:
        """POST or PATCH /proxies/<proxy>: fields that are not named stay."""
        proxy = self._one(request)
        body = await _dict(request)
        await proxy.change(
            listen=str(body.get("listen", proxy.listen)),
            upstream=str(body.get("upstream", proxy.upstream)),
            enabled=bool(body.get("enabled", proxy.is_enabled)),
        )
        return JSONResponse(proxy.shown())

    async def delete(self, request: Request) -> Response:
        """DELETE /proxies/<proxy>."""
        proxy = self._one(request)
        proxy.down()
        del self.proxies[proxy.name]
        return Response(status_code=204)

    async def list_toxics(self, request: Request) -> Response:
        """GET /proxies/<proxy>/toxics."""
        return JSONResponse([toxic.shown() for toxic in self._one(request).toxics()])

    async def add_toxic(self, request: Request) -> Response:
        """POST /proxies/<proxy>/toxics."""
        toxic = self._one(request).add_toxic(await _dict(request))
        return JSONResponse(toxic.shown())

    async def show_toxic(self, request: Request) -> Response:
        """GET /proxies/<proxy>/toxics/<toxic>."""
        return JSONResponse(self._one(request).toxic(request.path_params["toxic"]).shown())

    async def change_toxic(self, request: Request) -> Response:
        """POST or PATCH /proxies/<proxy>/toxics/<toxic>."""
        body = await _dict(request)
        toxic = self._one(request).change_toxic(request.path_params["toxic"], body)
        return JSONResponse(toxic.shown())

    async def delete_toxic(self, request: Request) -> Response:
        """DELETE /proxies/<proxy>/toxics/<toxic>."""
        self._one(request).remove_toxic(request.path_params["toxic"])
        return Response(status_code=204)


def check_control_address(address: str) -> None:
    """Pass a loopback address.

    :raises NotLoopback: otherwise.
    """
    endpoint(f"[{address}]:0" if ":" in address else f"{address}:0")
