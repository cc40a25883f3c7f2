"""What an app asks for, in people's words."""

from collections.abc import Collection

from standvast.kit.words import marked
from standvast.registry.grants.rules.scopes import OFFLINE, resource_of
from standvast.web.api import sentence

PLAIN = {
    "openid": marked("that you are signed in here, each time as the same person"),
    "profile": marked("your name and your language"),
    "fhirUser": marked("which care professional you are here"),
    OFFLINE: marked("to come back without you for 90 days, until you take that back"),
}
KINDS = {
    "Patient": marked("personal data and numbers"),
    "Coverage": marked("how they are insured"),
    "*": marked("all that is shown to apps here"),
}
COLLEAGUES = marked("the names of your colleagues")
OF_ONE = marked("of this patient: {what}")
OF_ALL = marked("of every patient that you may see: {what}")


def asked_for(scopes: Collection[str]) -> tuple[str, ...]:
    """Return what an app gets, a line each, in the language of the page."""
    lines = [sentence(PLAIN[scope], {}) for scope in scopes if scope in PLAIN]
    for scope in scopes:
        found = resource_of(scope)
        if found is not None and found.kind == "Practitioner":
            narrow = found.level == "patient"
            lines.append(sentence(PLAIN["fhirUser"] if narrow else COLLEAGUES, {}))
        elif found is not None:
            what = sentence(KINDS.get(found.kind, ""), {}) or found.kind
            template = OF_ONE if found.level == "patient" else OF_ALL
            lines.append(sentence(template, {"what": what}))
    return tuple(dict.fromkeys(lines))
