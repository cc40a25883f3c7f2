"""Jinja2 pages: `templates/` of our own apps, autoescape, undefined names are errors, gettext."""

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jinja2
from django.apps import apps
from django.conf import settings
from django.http import HttpRequest
from django.template.backends.jinja2 import Jinja2
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

from standvast.kit.wiring import wired
from standvast.web import formats, statics
from standvast.web.frame import BELL, EVERYWHERE, notices_for, rail_of, who_is
from standvast.web.icons import icon

NONCE_HEADER = "X-Standvast-Nonce"


class Pages(Jinja2):
    """Finds pages in the `templates/` folders of our own apps only: a library's are Django's."""

    app_dirname = "templates"

    def __init__(self, params: dict[str, Any]) -> None:
        options = params["OPTIONS"] = dict(params["OPTIONS"])
        options.setdefault("context_processors", ["standvast.web.templating.around"])
        super().__init__(params)

    @cached_property
    def template_dirs(self) -> tuple[Path, ...]:  # type: ignore[override]
        """Our apps' template folders, in the order of INSTALLED_APPS."""
        ours = [app for app in apps.get_app_configs() if app.name.startswith("standvast.")]
        folders = [Path(app.path) / self.app_dirname for app in ours]
        return (*map(Path, self.dirs), *(folder for folder in folders if folder.is_dir()))


def environment(**options: Any) -> jinja2.Environment:
    """Return the Jinja2 environment of every page."""
    options["undefined"] = jinja2.StrictUndefined
    made = jinja2.Environment(  # noqa: S701 - the backend passes autoescape=True
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
        trim_blocks=True,
        lstrip_blocks=True,
        **options,
    )
    assert made.autoescape, "pages escape what they show"
    made.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=gettext,
        ngettext=translation.ngettext,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
        newstyle=True,
    )
    made.globals |= {
        "_": made.globals["gettext"],
        "url": url,
        "static": statics.address,
        "icon": icon,
        "when": formats.when,
        "brief": formats.brief,
        "clock": formats.clock,
        "on": formats.on,
        "month": formats.month,
        "money": formats.money,
        "number": formats.number,
        "duration": formats.duration,
        "languages": settings.LANGUAGES,
        "language": active_language,
        "demo": settings.DEMO,
        "zone": settings.TIME_ZONE,
    }
    made.filters |= {"lines": formats.lines, "number": formats.number}
    return made


def gettext(message: str) -> str:
    """Return the message in the active language; an empty one stays empty."""
    return translation.gettext(message) if message else ""


def active_language() -> str:
    """Return nl, fr or en."""
    return (translation.get_language() or settings.LANGUAGE_CODE)[:2]


def url(name: str, *args: object, **kwargs: object) -> str:
    """Return the address of a page by its name."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


def around(request: HttpRequest) -> dict[str, object]:
    """Return what the frame of a page needs. Lazy: an error page asks for none of it."""
    now = timezone.now()

    def actor() -> object:
        who = who_is(request)
        return who.actor if who else None

    def rail() -> Iterable[object]:
        who = who_is(request)
        return rail_of(request, who.actor) if who and who.actor else []

    def notices() -> Iterable[object]:
        who = who_is(request)
        return notices_for(who.actor if who else None, now=now)

    def bell() -> object:
        who = who_is(request)
        return wired(BELL)[0](who.actor) if who and who.actor and wired(BELL) else None

    return {
        "request": request,
        "here": here(request),
        "now": now,
        "csp_nonce": request.headers.get(NONCE_HEADER, ""),
        "who": SimpleLazyObject(lambda: who_is(request)),
        "actor": SimpleLazyObject(actor),
        "rail": SimpleLazyObject(rail),
        "notices": SimpleLazyObject(notices),
        "bell": SimpleLazyObject(bell),
        "everywhere": wired(EVERYWHERE),
        "theme": one_of(request.COOKIES.get("standvast_theme"), ("light", "dark")),
        "density": one_of(request.COOKIES.get("standvast_density"), ("compact",)),
    }


def here(request: HttpRequest) -> str:
    """Return the address to come back to: this one, or after an act the page it was done on."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    before = urlsplit(request.headers.get("Referer", ""))
    if before.netloc != request.get_host() or not before.path.startswith("/"):
        return "/"
    return before.path + (f"?{before.query}" if before.query else "")


def one_of(value: str | None, allowed: Iterable[str]) -> str:
    """Return the value if it is one of those allowed, else nothing."""
    return value if value in set(allowed) else ""
