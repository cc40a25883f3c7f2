"""Icons: one sprite of the set vendored in `static/web/vendor/lucide`, always beside a word."""

import re
from functools import cache

from markupsafe import Markup

from standvast.web import statics

SPRITE = "web/vendor/lucide/icons.svg"


class IconMissing(Exception):
    """A page names an icon that `browser/vendor.json` does not take."""


@cache
def names() -> frozenset[str]:
    """Return the icons there are."""
    return frozenset(re.findall(r'<symbol id="([^"]+)"', statics.body(SPRITE).decode()))


def icon(name: str, *, label: str = "") -> Markup:
    """Return an icon of the sprite; without a label it is silent for a screen reader.

    :raises IconMissing: if the sprite has no such icon.
    """
    if name not in names():
        raise IconMissing(f"{name}: add it to browser/vendor.json, then ./standvast vendor update")
    address = f"{statics.address(SPRITE)}#{name}"
    if label:
        return Markup(
            '<svg class="icon" role="img" aria-label="{}" width="20" height="20">'
            '<use href="{}"></use></svg>'
        ).format(label, address)
    return Markup(
        '<svg class="icon" aria-hidden="true" focusable="false" width="20" height="20">'
        '<use href="{}"></use></svg>'
    ).format(address)
