"""A figure against its bound: the age of a lane, a wait, a depth, a lag."""

from collections.abc import Awaitable, Callable

from standvast.core.health.declared import WHOLE, Observation, Probe, ProbeContext
from standvast.core.health.probes.kinds import green, red
from standvast.kit.words import marked

KIND = "figure"
OVER = marked("{target}: {figure}, {bound} is the bound.")


def figure_probe(
    name: str,
    target: str,
    *,
    read: Callable[[ProbeContext], Awaitable[float | None]],
    red_over: float,
    template: str = OVER,
    code: str = "health.over",
    variant: str = WHOLE,
    kind: str = KIND,
    interval_s: float = 10.0,
    deadline_s: float = 5.0,
    red_after: int = 2,
    green_after: int = 3,
) -> Probe:
    """Red when the figure is over its bound; nothing to measure (None) is green.

    The template may use {target}, {figure} and {bound}. `from_django(query)` makes a reader of a
    synchronous query.
    """

    async def run(context: ProbeContext) -> Observation:
        figure = await read(context)
        if figure is None:
            return green()
        if figure > red_over:
            return red(
                code,
                template,
                value=figure,
                target=target,
                figure=round(figure, 1),
                bound=round(red_over, 1),
            )
        return green(value=figure)

    return Probe(name, target, run, variant, kind, interval_s, deadline_s, red_after, green_after)
