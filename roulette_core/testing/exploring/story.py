"""A history in words, and as a test to keep."""

from collections.abc import Callable, Sequence
from typing import Any

from roulette_core import effects, events
from roulette_core.effects import Effect
from roulette_core.events import Event
from roulette_core.testing.exploring.branching import Script
from roulette_core.testing.exploring.checked_roulette import CheckedRoulette, Maker, Step, made

_ASKED: dict[type, Callable[[Any], str]] = {
    events.Join: lambda event: f"{event.user} joins as {event.name}{_kept_apart(event)}",
    events.Say: lambda event: f"{event.user} says {event.text}{_in_chat(event)}",
    events.Start: lambda event: f"{event.user} starts{_about(event)}",
    events.Next: lambda event: f"{event.user} asks for the next{_in_chat(event)}{_left(event)}",
    events.Block: lambda event: f"{event.user} blocks {event.other or 'the partner'}{_in_chat(event)}{_left(event)}",
    events.Unblock: lambda event: f"{event.user} unblocks {event.other}",
    events.Lobby: lambda event: f"{event.user} goes to the lobby{_left(event)}",
    events.Leave: lambda event: f"{event.user} leaves{_left(event)}",
    events.BulkLeave: lambda event: f"{_and(event.users)} leave at once{_left(event)}",
    events.Tick: lambda event: "time passes",
}

_TOLD: dict[type, Callable[[Any], str]] = {
    effects.Joined: lambda effect: f"{effect.user} is in the lobby",
    effects.Refused: lambda effect: f"{effect.user} is refused ({effect.reason.replace('_', ' ')})",
    effects.LobbyLine: lambda effect: f"the lobby hears {effect.sender}",
    effects.PrivateLine: lambda effect: f"{effect.recipient} hears {effect.sender}",
    effects.Searching: lambda effect: f"{effect.user} is searching",
    effects.Returned: lambda effect: f"{effect.user} is back in the lobby",
    effects.Paired: lambda effect: f"{effect.first} and {effect.second} are paired",
    effects.Parted: lambda effect: f"{effect.user} and {effect.partner} part",
    effects.Blocked: lambda effect: f"{effect.user} has blocked {effect.other}",
    effects.Unblocked: lambda effect: f"{effect.user} has unblocked {effect.other}",
    effects.Left: lambda effect: f"{effect.user} is gone",
}


def _kept_apart(event: events.Join) -> str:
    blocked = f", having blocked {_and(event.blocked)}" if event.blocked else ""
    return f"{blocked}, blocked by {_and(event.blocked_by)}" if event.blocked_by else blocked


def _about(event: events.Start) -> str:
    interests = f", to talk about {' or '.join(event.interests)}" if event.interests else ""
    traits = ", ".join(f"{name} {value}" for name, value in (event.attributes or {}).items())
    return f"{interests} ({traits})" if traits else interests


def _in_chat(event: events.Say | events.Next | events.Block) -> str:
    return "" if event.chat is None else f", for chat {event.chat}" if event.chat else ", for the lobby"


def _left(event: events.Next | events.Block | events.Lobby | events.Leave | events.BulkLeave) -> str:
    where = {"lobby": "; a partner goes to the lobby", "searching": "; a partner searches again"}
    return where[event.left_behind] if event.left_behind else ""


def _and(users: Sequence[object]) -> str:
    return " and ".join(map(str, users))


def describe_steps(policy: Maker, steps: Sequence[Step], since: int = 0) -> list[str]:
    """Returns a history in words, a line for each event from the step number ``since`` on."""
    trial, lines = CheckedRoulette(policy), []
    for now, event, choices in steps:
        script = Script(choices)
        effects = trial.take(event, now, script)
        happened = f": {describe_effects(effects)}" if effects else ""
        chosen = f" (chosen: {', '.join(map(str, script.chosen))})" if script.chosen else ""
        lines.append(f"{f'{now:.10g}':>8} s  {_ASKED[type(event)](event)}{happened}{chosen}")
    return lines[since:]


def describe_effects(effects: Sequence[Effect]) -> str:
    """Returns effects in words, on one line."""
    return "; ".join(_TOLD[type(effect)](effect) for effect in effects)


def as_test(policy: Maker, steps: Sequence[Step], invariant: str, promise: str = "") -> str:
    """Returns a history as a test for pytest, which fails as long as something is wrong at its end.

    ``invariant`` is the one that is broken, for the name of the test; ``promise`` a broken one of
    ``roulette_core.testing.conformance``, which the test then checks.
    """
    kinds = sorted({type(step.event).__name__ for step in steps})
    history = "\n".join(f"        {_step(step)}," for step in steps)
    imports, call, also = "import Step, replayed", "replayed", ""
    if promise:
        wanted = ", ".join(sorted(("examined", promise.partition("(")[0])))
        imports = f"import Step\nfrom roulette_core.testing.conformance import {wanted}"
        call, also = "examined", f", {promise}"
    return (
        f"from roulette_core import {', '.join(kinds)}\n"
        f"from roulette_core.testing {imports}\n\n\n"
        f"def test_{invariant or 'nothing_goes_wrong'}() -> None:\n"
        f"    trial = {call}({made(policy).specification!r}, [\n{history}\n    ]{also})\n"
        "    assert not trial.flaw, trial.flaw\n"
    )


def _step(step: Step) -> str:
    chosen = f", {step.choices}" if step.choices else ""
    return f"Step({step.now:.17g}, {_call(step.event)}{chosen})"


def _call(event: Event) -> str:
    """Returns an event as Python source, without fields that have their default."""
    defaults, given, positional = event._field_defaults, list[str](), True
    for field, value in event._asdict().items():
        if field in defaults and value == defaults[field]:
            positional = False
        else:
            given.append(repr(value) if positional else f"{field}={value!r}")
    return f"{type(event).__name__}({', '.join(given)})"
