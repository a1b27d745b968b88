"""The gate: what may stand in the fields of an event. It is checked here, once, before anything changes.

The user who asks is checked where they join; from then on they are told by ``Roulette`` from what merely equals them.

Whatever passes can be written to a snapshot and restored from it. Each check returns the event in its normal form:
iterables have become tuples, which are looked at only then, because an iterator can be read only once.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NoReturn, get_args

from roulette_core.errors import NotAnEvent
from roulette_core.events import (
    Attributes,
    Block,
    BulkLeave,
    Event,
    Join,
    Leave,
    Lobby,
    Next,
    Place,
    Say,
    Start,
    Tick,
    Unblock,
    Value,
)

PLACES = get_args(Place)

_BITS = 128
"""The largest whole number: room for a UUID. Python reads no number of 4,300 digits or more back from JSON."""


def checked(event: Event) -> Event:
    """Returns an event in its normal form.

    Raises:
        NotAnEvent: it is no event, or a field holds what cannot stand there.
    """
    check = CHECKS.get(type(event))
    if check is None:
        raise NotAnEvent(f"{shown(event)} is not an event")
    if type(event) is not Tick and type(event) is not BulkLeave:
        _check_user(event, event[0])
    normal: Event = check(event)
    return normal


def is_user(value: object) -> bool:
    """Returns whether a value can be a user's id. Equal ids of other types, such as True for 1, are not."""
    return type(value) is str or (type(value) is int and value.bit_length() <= _BITS)


def shown(value: object) -> str:
    """Returns a value as an error message shows it. What comes from a caller may be unable to show itself."""
    try:
        return repr(value)
    except Exception:  # a number of 5,000 digits, for one
        return f"{type(value).__name__}(…)"


def _say(event: Say) -> Say:
    if type(event.text) is not str:
        _refuse(event, f"{shown(event.text)} is not a text: texts are strings")
    if event.chat != 0 or type(event.chat) is not int:
        _check_chat(event, event.chat)
    return event


def _join(event: Join) -> Join:
    user, name, blocked, blocked_by, attributes, _ = event
    _check_user(event, user)
    if type(name) is not str:
        _refuse(event, f"{shown(name)} is not a name: names are strings")
    if not blocked and not blocked_by and attributes is None and type(blocked) is type(blocked_by) is tuple:
        return event
    return Join(user, name, _users(event, blocked), _users(event, blocked_by), _attributes(event, attributes))


def _start(event: Start) -> Start:
    user, interests, attributes, _ = event
    if not interests and type(interests) is tuple and attributes is None:
        return event
    return Start(user, _interests(event, interests), _attributes(event, attributes))


def _next(event: Next) -> Next:
    if event.chat is not None:
        _check_chat(event, event.chat)
    if event.left_behind is not None:
        _check_place(event, event.left_behind)
    return event


def _block(event: Block) -> Block:
    if event.other is not None:
        _check_other(event, event.user, event.other)
    _check_chat(event, event.chat)
    _check_place(event, event.left_behind)
    return event


def _unblock(event: Unblock) -> Unblock:
    _check_other(event, event.user, event.other)
    return event


def _leave(event: Any) -> Any:
    if event.left_behind is not None:
        _check_place(event, event.left_behind)
    return event


def _bulk_leave(event: BulkLeave) -> BulkLeave:
    users = _users(event, event.users)
    if len(set(users)) < len(users):
        _refuse(event, "a user is named twice")
    _check_place(event, event.left_behind)
    return event._replace(users=users)


def _tick(event: Tick) -> Tick:
    return event


CHECKS: dict[type, Callable[[Any], Any]] = {
    Join: _join,
    Say: _say,
    Start: _start,
    Next: _next,
    Block: _block,
    Unblock: _unblock,
    Lobby: _leave,
    Leave: _leave,
    BulkLeave: _bulk_leave,
    Tick: _tick,
}
"""Event type → its check."""


def _interests(event: object, interests: Any) -> tuple[str, ...]:
    """Returns the distinct interests in an iterable of strings. Raises ``NotAnEvent``."""
    found = _tuple(event, interests)
    for interest in found:
        if type(interest) is not str:
            _refuse(event, f"{shown(interest)} is not an interest: interests are strings")
    return tuple(dict.fromkeys(found))


def _attributes(event: object, attributes: Any) -> Attributes | None:
    """Returns a copy that the caller cannot change."""
    if attributes is None:
        return None
    if not isinstance(attributes, Mapping):
        _refuse(event, f"the attributes {shown(attributes)} are not a mapping")
    return {_key(event, key): _value(event, value) for key, value in attributes.items()}


def _key(event: object, key: object) -> str:
    if type(key) is not str:
        _refuse(event, f"{shown(key)} cannot name an attribute: names are strings")
    return key


def _value(event: object, value: Any) -> Value:
    several = tuple(value) if type(value) in (tuple, list) else (value,)
    for each in several:
        if not (type(each) in (str, bool) or is_user(each) or (type(each) is float and math.isfinite(each))):
            _refuse(event, f"{shown(each)} cannot be an attribute: attributes are strings, numbers or tuples of these")
    return several if type(value) in (tuple, list) else value


def _users(event: object, users: Any) -> tuple[Any, ...]:
    found = _tuple(event, users)
    for user in found:
        _check_user(event, user)
    return found


def _tuple(event: object, given: Any) -> tuple[Any, ...]:
    """Returns what is in an iterable that has an order of its own."""
    if type(given) is tuple:
        return given
    if isinstance(given, str):  # Python would iterate over its letters
        _refuse(event, f"{shown(given)} stands where ({shown(given)},) belongs")
    if not isinstance(given, Iterable) or isinstance(given, Mapping | set | frozenset):
        _refuse(event, f"{shown(given)} stands where a tuple belongs")  # the order of a set differs from run to run
    return tuple(given)


def _check_user(event: object, user: object) -> None:
    if not is_user(user):
        _refuse(event, f"{shown(user)} cannot be a user: ids are strings, or whole numbers of up to {_BITS} bits")


def _check_other(event: object, user: object, other: object) -> None:
    _check_user(event, other)
    if user == other:
        _refuse(event, "no user can block themselves")


def _check_chat(event: object, chat: object) -> None:
    if chat is not None and (type(chat) is not int or chat < 1 or chat.bit_length() > _BITS):
        _refuse(event, f"{shown(chat)} is not the number of a private chat")


def _check_place(event: object, place: object) -> None:
    if place is not None and place not in PLACES:
        _refuse(event, f"a partner left behind cannot go to {shown(place)}: choose from {', '.join(PLACES)}")


def _refuse(event: object, why: str) -> NoReturn:
    raise NotAnEvent(f"{shown(event)}: {why}")
