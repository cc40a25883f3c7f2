"""Faults at their seconds: a Chaos Toolkit experiment, read and run by the drill itself.

The file is what Chaos Toolkit runs too, against our proxy or the real Toxiproxy. Here the drill
keeps time: `pauses.before` and `pauses.after` add up to each act's second, divided by `pace`, and
an act that takes long does not shift the others. Chaos Toolkit itself is needed for tests only.
"""

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import httpx

HTTP_S = 5.0
_NAME = re.compile(r"\$\{(\w+)\}")


class ExperimentWrong(ValueError):
    """The experiment holds something that the drill cannot do."""


Names = Mapping[str, str | float]
"""What `${name}` in an experiment stands for."""


@dataclass(frozen=True)
class Act:
    """One fault or repair, `at_s` seconds after the timeline began."""

    at_s: float
    name: str
    provider: Mapping[str, Any]


def read_experiment(package: str, name: str = "experiment.json") -> Mapping[str, Any]:
    """Return the experiment beside a drill."""
    text = files(package).joinpath(name).read_text(encoding="utf-8")
    found: Mapping[str, Any] = json.loads(text)
    return found


def acts(experiment: Mapping[str, Any], *, pace: float = 1.0) -> tuple[Act, ...]:
    """Return the method as acts with their seconds; a pace of 4 makes a minute 15 s."""
    at_s, found = 0.0, []
    for activity in experiment["method"]:
        pauses = activity.get("pauses", {})
        at_s += float(pauses.get("before", 0)) / pace
        found.append(Act(at_s, activity["name"], activity["provider"]))
        at_s += float(pauses.get("after", 0)) / pace
    return tuple(found)


def filled(value: Any, names: Names) -> Any:
    """Return a value with each `${name}` put in; a text that is only a name becomes its value.

    :raises ExperimentWrong: if a name is not known.
    """
    if isinstance(value, dict):
        return {key: filled(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, names) for item in value]
    if not isinstance(value, str):
        return value

    def known(name: str) -> str | float:
        if name not in names:
            raise ExperimentWrong(f"nobody says what {name} is")
        return names[name]

    if whole := _NAME.fullmatch(value):
        return known(whole[1])
    return _NAME.sub(lambda match: str(known(match[1])), value)


Request = tuple[str, str, Any]
"""Method, path, JSON body."""


def _toxic(kind: str, **attributes: str) -> Callable[[Mapping[str, Any]], Request]:
    def request(given: Mapping[str, Any]) -> Request:
        named = {name: given[theirs] for name, theirs in attributes.items() if theirs in given}
        body = {
            "name": given["toxic_name"],
            "type": kind or given["toxic_type"],
            "stream": given.get("stream", "downstream"),
            "toxicity": given.get("toxicity", 1.0),
            "attributes": named or given.get("attributes", {}),
        }
        return "POST", f"/proxies/{given['for_proxy']}/toxics", body

    return request


def _enabled(*, up: bool) -> Callable[[Mapping[str, Any]], Request]:
    return lambda given: ("POST", f"/proxies/{given['proxy_name']}", {"enabled": up})


TOXIPROXY: Mapping[str, Callable[[Mapping[str, Any]], Request]] = {
    "chaostoxi.proxy.actions.disable_proxy": _enabled(up=False),
    "chaostoxi.proxy.actions.enable_proxy": _enabled(up=True),
    "chaostoxi.proxy.actions.reset": lambda _: ("POST", "/reset", None),
    "chaostoxi.toxic.actions.delete_toxic": lambda given: (
        "DELETE", f"/proxies/{given['for_proxy']}/toxics/{given['toxic_name']}", None,
    ),
    "chaostoxi.toxic.actions.create_toxic": _toxic(""),
    "chaostoxi.toxic.actions.create_latency_toxic": _toxic(
        "latency", latency="latency", jitter="jitter"
    ),
    "chaostoxi.toxic.actions.create_bandwith_degradation_toxic": _toxic("bandwidth", rate="rate"),
    "chaostoxi.toxic.actions.create_slow_connection_close_toxic": _toxic(
        "slow_close", delay="delay"
    ),
    "chaostoxi.toxic.actions.create_timeout_toxic": _toxic("timeout", timeout="timeout"),
    "chaostoxi.toxic.actions.create_limiter_toxic": _toxic("limit_data", bytes="bytes_limit"),
    "chaostoxi.toxic.actions.create_slicer_toxic": _toxic(
        "slicer", average_size="average_size", size_variation="size_variation", delay="delay"
    ),
}  # fmt: skip
"""What the driver's functions ask of Toxiproxy, so that a drill runs without the toolkit."""

Own = Mapping[str, Callable[..., None]]
"""Acts of the drill itself, by `module.func` as the experiment names them."""


async def perform(act: Act, *, names: Names, own: Own) -> None:
    """Do one act.

    :raises ExperimentWrong: if nobody can, or if it was refused.
    """
    provider = filled(dict(act.provider), names)
    given = provider.get("arguments") or {}
    match provider["type"]:
        case "http":
            await _http(act.name, provider.get("method", "GET"), provider["url"], given)
        case "python":
            function = f"{provider['module']}.{provider['func']}"
            if function in own:
                await asyncio.to_thread(own[function], **given)
            elif function in TOXIPROXY:
                method, path, body = TOXIPROXY[function](given)
                await _http(act.name, method, str(names["toxiproxy_url"]) + path, body)
            else:
                raise ExperimentWrong(f"{act.name}: nobody can {function}")
        case kind:
            raise ExperimentWrong(f"{act.name}: a provider of type {kind} is not known here")


async def _http(name: str, method: str, url: str, body: Any) -> None:
    async with httpx.AsyncClient(timeout=HTTP_S, trust_env=False) as client:
        answer = await client.request(method, url, json=body)
    if answer.status_code >= 400:
        raise ExperimentWrong(f"{name}: {method} {url} answered {answer.status_code}")


async def run_timeline(
    timeline: tuple[Act, ...],
    *,
    names: Names,
    own: Own,
    done: Callable[[Act, float], None] = lambda _act, _at: None,
) -> None:
    """Perform each act at its second from now; `done` hears of each with its loop time.

    :raises ExperimentWrong: at the first act that cannot be done.
    """
    loop = asyncio.get_running_loop()
    begun = loop.time()
    async with asyncio.TaskGroup() as group:
        for act in timeline:
            await asyncio.sleep(max(0.0, begun + act.at_s - loop.time()))
            group.create_task(_one(act, names=names, own=own, done=done))


async def _one(act: Act, *, names: Names, own: Own, done: Callable[[Act, float], None]) -> None:
    await perform(act, names=names, own=own)
    done(act, asyncio.get_running_loop().time())
