"""Toxics: what can be done to one direction of a connection. Names and fields are Toxiproxy's."""

import itertools
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

UPSTREAM, DOWNSTREAM = "upstream", "downstream"
_serials = itertools.count(1)


class BadToxic(ValueError):
    """A toxic that cannot be; the message is Toxiproxy's."""


class Latency(msgspec.Struct, frozen=True):
    """Everything arrives `latency` ms later, give or take `jitter` ms."""

    latency: int = 0
    jitter: int = 0


class Bandwidth(msgspec.Struct, frozen=True):
    """At most `rate` kilobytes (1,000 bytes) a second; 0 is no limit."""

    rate: int = 0


class SlowClose(msgspec.Struct, frozen=True):
    """The end of the stream arrives `delay` ms later."""

    delay: int = 0


class Timeout(msgspec.Struct, frozen=True):
    """Nothing comes through; closed after `timeout` ms, 0 is never."""

    timeout: int = 0


class ResetPeer(msgspec.Struct, frozen=True):
    """Nothing comes through; the connection is reset (RST) after `timeout` ms."""

    timeout: int = 0


class Slicer(msgspec.Struct, frozen=True):
    """Cut into pieces of about `average_size` bytes, `delay` microseconds apart."""

    average_size: int = 0
    size_variation: int = 0
    delay: int = 0


class LimitData(msgspec.Struct, frozen=True):
    """Closed after `bytes` bytes have come through."""

    bytes: int = 0


class Noop(msgspec.Struct, frozen=True):
    """Changes nothing."""


Attributes = Latency | Bandwidth | SlowClose | Timeout | ResetPeer | Slicer | LimitData | Noop
KINDS: dict[str, type[Attributes]] = {
    "latency": Latency,
    "bandwidth": Bandwidth,
    "slow_close": SlowClose,
    "timeout": Timeout,
    "reset_peer": ResetPeer,
    "slicer": Slicer,
    "limit_data": LimitData,
    "noop": Noop,
}


@dataclass(frozen=True)
class Toxic:
    """One toxic on one proxy. `serial` tells it from an earlier one of the same name."""

    name: str
    type: str
    stream: str
    toxicity: float
    attributes: Attributes
    since: float
    """Loop time from which it counts."""
    serial: int = field(default_factory=lambda: next(_serials))

    def shown(self) -> dict[str, object]:
        """Return it as Toxiproxy's JSON shows it."""
        return {
            "attributes": msgspec.to_builtins(self.attributes),
            "name": self.name,
            "type": self.type,
            "stream": self.stream,
            "toxicity": self.toxicity,
        }


def _attributes(kind: type[Attributes], values: object) -> Attributes:
    try:
        made: Attributes = msgspec.convert(values, kind)
    except msgspec.ValidationError:
        raise BadToxic("bad request body") from None
    if any(isinstance(v, int) and v < 0 for v in msgspec.to_builtins(made).values()):
        raise BadToxic("bad request body")
    return made


def _toxicity(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise BadToxic("bad request body")
    return float(value)


def made_toxic(body: dict[str, Any], *, now: float) -> Toxic:
    """Return a toxic from the body of POST .../toxics; stream and name have defaults.

    :raises BadToxic: with Toxiproxy's words.
    """
    stream = str(body.get("stream") or DOWNSTREAM).lower()
    if stream not in (UPSTREAM, DOWNSTREAM):
        raise BadToxic("stream was invalid, can be either upstream or downstream")
    kind = KINDS.get(str(body.get("type", "")))
    if kind is None:
        raise BadToxic("invalid toxic type")
    toxicity = body.get("toxicity")
    return Toxic(
        name=str(body.get("name") or f"{body['type']}_{stream}"),
        type=str(body["type"]),
        stream=stream,
        toxicity=_toxicity(1.0 if toxicity is None else toxicity),
        attributes=_attributes(kind, body.get("attributes") or {}),
        since=now,
    )


def changed_toxic(toxic: Toxic, body: dict[str, Any]) -> Toxic:
    """Return the toxic with the attributes and the toxicity named in the body replaced.

    :raises BadToxic: with Toxiproxy's words.
    """
    given = body.get("attributes") or {}
    if not isinstance(given, dict):
        raise BadToxic("bad request body")
    whole = {**msgspec.to_builtins(toxic.attributes), **given}
    return replace(
        toxic,
        attributes=_attributes(type(toxic.attributes), whole),
        toxicity=_toxicity(body.get("toxicity", toxic.toxicity)),
    )
