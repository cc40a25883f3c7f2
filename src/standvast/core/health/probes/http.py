"""HTTP with conditions on status, body and time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import httpx

from standvast.core.health.declared import WHOLE, Observation, Probe, ProbeContext
from standvast.core.health.probes.kinds import Watchglass, green, red
from standvast.kit.words import marked

KIND = "http"
BODY_BYTES_MAX = 2**20
UNREACHED = marked("{target} could not be reached ({reason}).")
UNMET = marked("{target} answered, but not as it should: {condition}.")


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    duration_ms: int

    def json_at(self, *path: str) -> object:
        """Return what stands at a path in a JSON body, or nothing."""
        import msgspec

        try:
            found: object = msgspec.json.decode(self.body)
        except msgspec.DecodeError:
            return None
        for key in path:
            if not isinstance(found, Mapping):
                return None
            found = found.get(key)
        return found


@dataclass(frozen=True)
class Condition:
    """Something that must hold; `name` is shown at the desk."""

    name: str
    holds: Callable[[Answer], bool]


def status_is(*codes: int) -> Condition:
    """Hold when the status is one of these."""
    name = f"status {'/'.join(map(str, codes))}"
    return Condition(name, lambda answer: answer.status in codes)


def body_has(text: str) -> Condition:
    """Hold when the body contains the text."""
    wanted = text.encode()
    return Condition(f"body has {text[:40]!r}", lambda answer: wanted in answer.body)


def json_is(value: object, *path: str) -> Condition:
    """Hold when the JSON body has this value at this path."""
    return Condition(f"{'.'.join(path)} = {value}", lambda answer: answer.json_at(*path) == value)


def faster_than(ms: int) -> Condition:
    """Hold when the whole answer came in time."""
    return Condition(f"within {ms} ms", lambda answer: answer.duration_ms < ms)


def http_probe(
    name: str,
    target: str,
    *,
    url: str | Callable[[], str],
    conditions: Sequence[Condition] = (status_is(200),),
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    content: bytes | None = None,
    follow: bool = False,
    variant: str = WHOLE,
    interval_s: float = 15.0,
    deadline_s: float = 5.0,
    red_after: int = 2,
    green_after: int = 3,
    without_database: bool = True,
) -> Probe:
    """Ask an address and check the answer; the first condition that fails is named."""

    async def run(context: ProbeContext) -> Observation:
        glass = Watchglass()
        try:
            answer = await _ask(
                method,
                url() if callable(url) else url,
                dict(headers or {}),
                content,
                follow=follow,
                timeout_s=context.deadline_s,
            )
        except httpx.HTTPError as error:
            return red(
                "health.http_unreached",
                UNREACHED,
                duration_ms=glass.ms,
                target=target,
                reason=type(error).__name__,
            )
        for condition in conditions:
            if not condition.holds(answer):
                return red(
                    f"health.http_{answer.status}",
                    UNMET,
                    duration_ms=answer.duration_ms,
                    value=answer.duration_ms / 1000,
                    target=target,
                    condition=condition.name,
                )
        return green(answer.duration_ms, value=answer.duration_ms / 1000)

    return Probe(
        name, target, run, variant, KIND, interval_s, deadline_s, red_after, green_after,
        without_database,
    )  # fmt: skip


async def _ask(
    method: str,
    url: str,
    headers: dict[str, str],
    content: bytes | None,
    *,
    follow: bool,
    timeout_s: float,
) -> Answer:
    glass = Watchglass()
    headers.setdefault("User-Agent", "standvast-probe")
    async with (
        httpx.AsyncClient(timeout=timeout_s, follow_redirects=follow, trust_env=False) as client,
        client.stream(method, url, headers=headers, content=content) as response,
    ):
        body = b""
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > BODY_BYTES_MAX:
                break
        return Answer(response.status_code, response.headers, body, glass.ms)
