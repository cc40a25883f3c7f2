"""Pages of the simulated world: one frame, each peer's own templates."""

from jinja2 import ChoiceLoader, Environment, PackageLoader, select_autoescape
from starlette.responses import HTMLResponse, Response

PEERS = (
    "standvast.outside",
    "standvast.outside.mail",
    "standvast.outside.insurers",
    "standvast.outside.records",
    "standvast.outside.addresses",
    "standvast.outside.targets",
    "standvast.outside.apps",
)

_templates = Environment(
    loader=ChoiceLoader([PackageLoader(peer, "templates") for peer in PEERS]),
    autoescape=select_autoescape(default=True),
)


def page(name: str, *, status_code: int = 200, **context: object) -> Response:
    """Return a page from its template."""
    text = _templates.get_template(f"outside/{name}").render(context)
    return HTMLResponse(text, status_code=status_code)


def gone(back: str) -> Response:
    """Return the page of what is not here, with the way back."""
    return page("gone.html", status_code=404, back=back)
