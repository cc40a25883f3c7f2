"""What the desk's pages show of health, in words. Built from frozen views; asks nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext, ngettext

from standvast.core.health.api import (
    COMPONENTS,
    EDGES,
    ComponentView,
    EdgeView,
    FindingView,
    VariantView,
    Verdict,
)
from standvast.kit.wiring import wired
from standvast.kit.words import marked
from standvast.web.api import sentence

LOOKS = {
    Verdict.GREEN: ("ok", marked("green")),
    Verdict.RED: ("harm", marked("red")),
    Verdict.PARTLY_RED: ("late", marked("partly red")),
    Verdict.UNKNOWN: ("off", marked("unknown")),
}


@dataclass(frozen=True)
class FindingRow:
    """A finding in words."""

    id: str
    text: str
    kind: str
    target: str
    title: str
    component: str
    """The slug whose page tells more; an edge's is its source."""
    variant: str
    began_at: datetime
    opened_at: datetime
    ended_at: datetime | None
    below: str


@dataclass(frozen=True)
class ComponentRow:
    """A component in words."""

    slug: str
    title: str
    function_class: str
    look: str
    verdict: str
    since: datetime | None
    words: str


def titles() -> dict[str, str]:
    """Return what components and edges are called, by slug."""
    named = {component.slug: gettext(component.title) for component in wired(COMPONENTS)}
    for edge in wired(EDGES):
        source, target = named.get(edge.source, edge.source), named.get(edge.target, edge.target)
        named[edge.slug] = gettext("{source} to {target}").format(source=source, target=target)
    return named


def finding_row(finding: FindingView, named: Mapping[str, str]) -> FindingRow:
    """Return a finding in the active language."""
    values = dict(finding.values)
    if "target" in values:
        values["target"] = named.get(str(values["target"]), str(values["target"]))
    return FindingRow(
        id=str(finding.id),
        text=sentence(finding.template, values),
        kind=finding.kind,
        target=finding.target,
        title=named.get(finding.target, finding.target),
        component=finding.target.partition(">")[0],
        variant=finding.variant,
        began_at=finding.began_at,
        opened_at=finding.opened_at,
        ended_at=finding.ended_at,
        below=named.get(finding.below, finding.below) if finding.below else "",
    )


def component_row(view: ComponentView, named: Mapping[str, str]) -> ComponentRow:
    """Return a component with the first thing to know of it."""
    look, word = LOOKS[view.verdict]
    words = [finding_row(finding, named).text for finding in view.findings]
    return ComponentRow(
        slug=view.slug,
        title=named[view.slug],
        function_class=view.function_class,
        look=look,
        verdict=gettext(word),
        since=view.since,
        words=words[0] if words else "",
    )


def variant_words(view: VariantView, named: Mapping[str, str]) -> tuple[str, str, str]:
    """Return look, word and sentence of one variant."""
    look, word = LOOKS[view.verdict]
    values = dict(view.values)
    if "target" in values:
        values["target"] = named.get(str(values["target"]), str(values["target"]))
    red = view.verdict is Verdict.RED and view.template
    return look, gettext(word), sentence(view.template, values) if red else ""


def red_words(edge: EdgeView, named: Mapping[str, str]) -> list[tuple[VariantView, str]]:
    """Return the variants of an edge that are red, with what their probe says."""
    red = [variant for variant in edge.variants if variant.verdict is Verdict.RED]
    return [(variant, variant_words(variant, named)[-1]) for variant in red]


def state_sentence(
    views: Sequence[ComponentView], findings: Sequence[FindingView], *, open_count: int = 0
) -> str:
    """Return one sentence of how everything stands."""
    down = sum(finding.kind == "down" for finding in findings)
    unseen = len(findings) - down
    if not findings:
        unknown = sum(view.verdict is Verdict.UNKNOWN for view in views)
        if unknown:
            words = ngettext(
                "Nothing is red; one part was not looked at yet.",
                "Nothing is red; {count} parts were not looked at yet.",
                unknown,
            )
            return words.format(count=unknown)
        if open_count:
            words = ngettext(
                "Every probe is green; one incident is open.",
                "Every probe is green; {count} incidents are open.",
                open_count,
            )
            return words.format(count=open_count)
        return gettext("Everything is green.")
    said = []
    if down:
        said.append(ngettext("One probe is red.", "{count} probes are red.", down))
    if unseen:
        words = ngettext("One thing is not looked at.", "{count} things are not looked at.", unseen)
        said.append(words)
    return " ".join(
        words.format(count=count)
        for words, count in zip(said, [n for n in (down, unseen) if n], strict=True)
    )
