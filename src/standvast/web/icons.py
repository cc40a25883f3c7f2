"""Icons: one sprite of the set vendored in `static/web/vendor/lucide`, always beside a word."""

from markupsafe import Markup

from standvast.web import statics


def icon(name: str, *, label: str = "") -> Markup:
    """Return an icon of the sprite; without a label it is silent for a screen reader."""
    address = statics.address("web/vendor/lucide/icons.svg")
    if label:
        return Markup(
            '<svg class="icon" role="img" aria-label="{}" width="20" height="20">'
            '<use href="{}#{}"></use></svg>'
        ).format(label, address, name)
    return Markup(
        '<svg class="icon" aria-hidden="true" focusable="false" width="20" height="20">'
        '<use href="{}#{}"></use></svg>'
    ).format(address, name)
