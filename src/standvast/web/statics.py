"""Static files: hashed names, made once at start, served for ever, by the edge.

Every `static/` folder of our own apps is read into memory. Addresses inside style sheets
(`url(...)`, `@import`) and inside ES modules (`from "./x.js"`) are rewritten to hashed names
before the file is hashed itself, so that a change of a module changes those who import it. An
`@import` of a style sheet is taken in whole: many small files to edit, one to fetch.
"""

import gzip
import hashlib
import mimetypes
import posixpath
import re
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

FILE_BYTES_MAX = 2_000_000
SERVED = {".css", ".js", ".mjs", ".svg", ".woff2", ".png", ".ico", ".webmanifest", ".wasm"}
COMPRESSED = {".css", ".js", ".mjs", ".svg", ".webmanifest"}
FOR_EVER = b"public, max-age=31536000, immutable"

_IMPORTED_SHEET = re.compile(r'@import\s+(?:url\()?"([^"]+)"\)?([^;]*);')
_URL = re.compile(r"url\(\s*[\"']?([^\"')]+)[\"']?\s*\)")
_MODULE = re.compile(r"((?:\bfrom|\bimport)\s*\(?\s*)([\"'])(\.{1,2}/[^\"']+)\2")


class StaticMissing(Exception):
    """A page or file names a static file that does not exist."""


@dataclass(frozen=True)
class Asset:
    """One file, ready to be sent."""

    address: str
    media_type: str
    body: bytes
    packed: bytes | None
    tag: str


class Statics:
    """All static files by name (`web/page.css`) and by address (`/static/web/page.1a2b3c.css`)."""

    def __init__(self, sources: dict[str, Path], *, prefix: str = "/static/") -> None:
        self._sources = sources
        self._prefix = prefix
        self._under_way: list[str] = []
        self._by_name: dict[str, Asset] = {}
        for name in sorted(sources):
            self.asset(name)
        self.by_address = {asset.address: asset for asset in self._by_name.values()}

    def asset(self, name: str) -> Asset:
        """Return one file by its name.

        :raises StaticMissing: if there is none.
        """
        if name not in self._by_name:
            self._by_name[name] = self._made(name)
        return self._by_name[name]

    def _made(self, name: str) -> Asset:
        if name not in self._sources:
            raise StaticMissing(f"{name}, named by {self._under_way[-1:] or 'a page'}")
        assert name not in self._under_way, f"these import each other: {self._under_way}"
        self._under_way.append(name)
        suffix = posixpath.splitext(name)[1]
        body = self._sources[name].read_bytes()
        assert len(body) <= FILE_BYTES_MAX, f"{name} is too large to be served from memory"
        if suffix == ".css":
            body = self._sheet(name).encode()
        elif suffix in {".js", ".mjs"} and "/vendor/" not in name:
            body = self._module(name, body.decode()).encode()
        self._under_way.pop()
        digest = hashlib.sha256(body).hexdigest()[:12]
        stem = posixpath.splitext(name)[0]
        packed = gzip.compress(body, 9, mtime=0) if suffix in COMPRESSED else None
        return Asset(
            address=f"{self._prefix}{stem}.{digest}{suffix}",
            media_type=_media_type(suffix),
            body=body,
            packed=packed if packed is not None and len(packed) < len(body) else None,
            tag=f'"{digest}"',
        )

    def _sheet(self, name: str) -> str:
        """Return a style sheet with its imports taken in and its addresses hashed."""
        if name not in self._sources:
            raise StaticMissing(f"{name}, named by {self._under_way[-1]}")
        text = self._sources[name].read_text(encoding="utf-8").replace('@charset "UTF-8";', "")
        here = posixpath.dirname(name)

        def taken_in(found: re.Match[str]) -> str:
            body = self._sheet(posixpath.normpath(posixpath.join(here, found[1])))
            layer = found[2].strip()
            if layer.startswith("layer("):
                return f"@layer {layer[6:-1]} {{\n{body}\n}}"
            return body

        def hashed(found: re.Match[str]) -> str:
            if found[1].startswith(("data:", "#", "/")):
                return found[0]
            path, mark, part = found[1].partition("#")
            other = posixpath.normpath(posixpath.join(here, path))
            return f'url("{self.asset(other).address}{mark}{part}")'

        pieces, at = [], 0
        for found in _IMPORTED_SHEET.finditer(text):
            pieces += [_URL.sub(hashed, text[at : found.start()]), taken_in(found)]
            at = found.end()
        return "".join([*pieces, _URL.sub(hashed, text[at:])])

    def _module(self, name: str, text: str) -> str:
        """Return an ES module whose relative imports carry hashed names."""
        here = posixpath.dirname(name)

        def hashed(found: re.Match[str]) -> str:
            other = posixpath.normpath(posixpath.join(here, found[3]))
            return f"{found[1]}{found[2]}{self.asset(other).address}{found[2]}"

        return _MODULE.sub(hashed, text)


def _media_type(suffix: str) -> str:
    known = {".js": "text/javascript", ".mjs": "text/javascript", ".woff2": "font/woff2"}
    found = known.get(suffix) or mimetypes.types_map.get(suffix, "application/octet-stream")
    return f"{found}; charset=utf-8" if found.startswith("text/") else found


def sources_of(folders: list[Path]) -> dict[str, Path]:
    """Return name -> path of everything that is served from the folders."""
    found: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(_walk(folder)):
            if path.suffix in SERVED and ".test." not in path.name:
                found[path.relative_to(folder).as_posix()] = path
    return found


def _walk(folder: Path) -> list[Path]:
    """Return every file below; `browser/` stands there as a link, so links are followed."""
    found: list[Path] = []
    for path in folder.iterdir():
        if path.is_dir():
            found += [] if path.name in {"node_modules", "tests"} else _walk(path)
        else:
            found.append(path)
    return found


@cache
def statics() -> Statics:
    """Return this process's static files, read at first use."""
    ours = [app for app in apps.get_app_configs() if app.name.startswith("standvast.")]
    folders = [Path(app.path) / "static" for app in ours]
    sources = sources_of([folder for folder in folders if folder.is_dir()])
    return Statics(sources, prefix=settings.STATIC_URL)


def address(name: str) -> str:
    """Return the hashed address of a static file, for templates.

    :raises StaticMissing: if no app brings it.
    """
    return statics().asset(name).address


def body(name: str) -> bytes:
    """Return what a static file holds, as it is served.

    :raises StaticMissing: if no app brings it.
    """
    return statics().asset(name).body


class StaticFiles:
    """ASGI app: answers GET and HEAD below `/static/` from memory; the only file names it knows
    are those in the list made at start, so there is no path to traverse."""

    def __init__(self) -> None:
        self._by_address = statics().by_address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] == "http"
        asset = self._by_address.get(scope["path"])
        if asset is None:
            await _answer(send, 404, [(b"content-type", b"text/plain")], b"Not found")
            return
        if scope["method"] not in ("GET", "HEAD"):
            await _answer(send, 405, [(b"allow", b"GET, HEAD")], b"")
            return
        asked = dict(scope["headers"])
        headers = [
            (b"content-type", asset.media_type.encode()),
            (b"cache-control", FOR_EVER),
            (b"etag", asset.tag.encode()),
            (b"vary", b"Accept-Encoding"),
        ]
        if asked.get(b"if-none-match") == asset.tag.encode():
            await _answer(send, 304, headers, b"")
            return
        body = asset.body
        if asset.packed is not None and b"gzip" in asked.get(b"accept-encoding", b""):
            body = asset.packed
            headers.append((b"content-encoding", b"gzip"))
        headers.append((b"content-length", str(len(body)).encode()))
        await _answer(send, 200, headers, b"" if scope["method"] == "HEAD" else body)


async def _answer(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
