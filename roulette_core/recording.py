"""Events as lines of JSON, so that a real session can be replayed. The text of messages is left out.

The first line names the format, the policy and the seed; every further line is one event with its time::

    {"recording": 1, "policy": "no-repeat", "seed": 0}
    {"now": 3.25, "kind": "join", "user": 1, "name": "ada"}
    {"now": 9.5, "kind": "say", "user": 1}
"""

import json
from typing import Any, NamedTuple, get_args

from roulette_core._gate import checked
from roulette_core.errors import BadRecording, NotAnEvent
from roulette_core.events import END_OF_TIME, Event

FORMAT = 1

_EVENTS: dict[str, Any] = {kind._field_defaults["kind"]: kind for kind in get_args(Event)}

_ORDERED = frozenset({"interests", "blocked", "blocked_by", "users"})
"""The fields that hold several values: tuples, for which JSON has lists."""


class RecordingHeader(NamedTuple):
    """What a replay needs before the first event.

    Attributes:
        policy: the specification of the policy.
        seed: the seed of its random choices.
    """

    policy: str
    seed: int


def encode_header(header: RecordingHeader) -> str:
    """Returns the first line of a recording, without a line end."""
    return json.dumps({"recording": FORMAT, "policy": header.policy, "seed": header.seed})


def decode_header(line: str) -> RecordingHeader:
    """Reads the first line of a recording. Raises ``BadRecording``."""
    data = _object(line)
    if data.get("recording") != FORMAT:
        raise BadRecording(f"this is not a recording of format {FORMAT}")
    policy, seed = data.get("policy"), data.get("seed")
    if not isinstance(policy, str) or type(seed) is not int:
        raise BadRecording("the first line must name a policy and a whole-number seed")
    return RecordingHeader(policy, seed)


def encode_event(event: Event, now: float) -> str:
    """Returns an event and its time, in seconds, as JSON on one line without a line end. Leaves out what was said."""
    defaults = event._field_defaults
    fields = {field: value for field, value in event._asdict().items() if value != defaults.get(field, _ALWAYS)}
    fields.pop("text", None)
    return json.dumps({"now": now, "kind": event.kind, **fields})


_ALWAYS = object()  # equal to no value


def decode_event(line: str) -> tuple[Event, float]:
    """Reads what ``encode_event`` wrote; the text of a ``Say`` is empty.

    Raises:
        BadRecording: the line is not an event.
    """
    return event_from(_object(line))


def event_from(data: dict[str, Any]) -> tuple[Event, float]:
    """Returns the event and the time that the data of a line stands for. Raises ``BadRecording``."""
    now, kind = data.pop("now", None), data.pop("kind", None)
    if type(now) not in (int, float) or not 0 <= now < END_OF_TIME:
        raise BadRecording("a line must have a time 'now', in seconds")
    if not isinstance(kind, str) or kind not in _EVENTS:
        raise BadRecording(f"a line must have a 'kind', one of {', '.join(_EVENTS)}")
    if kind == "say":
        data["text"] = ""
    data.update((field, tuple(data[field])) for field in _ORDERED & data.keys() if isinstance(data[field], list))
    try:
        return checked(_EVENTS[kind](**data)), float(now)
    except TypeError:
        raise BadRecording(f"the fields {sorted(data)} do not make a {kind!r}") from None
    except NotAnEvent as error:
        raise BadRecording(f"a field of this {kind!r} has the wrong type: {error}") from None


def _object(line: str) -> dict[str, Any]:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        raise BadRecording("the line is not JSON") from None
    if not isinstance(data, dict):
        raise BadRecording("the line is not a JSON object")
    return data
