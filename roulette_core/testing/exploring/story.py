"""A history in words, and as a test to keep."""

from collections.abc import Callable, Sequence
from typing import Any

from roulette_core import effects, events
from roulette_core.effects import Effect
from roulette_core.events import Event
from roulette_core.testing.exploring.branching import Script
from roulette_core.testing.exploring.checked_roulette import CheckedRoulette, Maker, Step, made

_ASKED: dict[type, Callable[[Any], str]] = {
    events.Join: lambda event: f"{event.user} joins as {event.name}{_kept_apart(event.blocked)}",
    events.Say: lambda event: f"{event.user} says {event.text}",
    events.Start: lambda event: f"{event.user} starts{_about(event.interests)}",
    events.Next: lambda event: f"{event.user} asks for the next",
    events.Block: lambda event: f"{event.user} blocks the partner",
    events.Lobby: lambda event: f"{event.user} goes to the lobby",
    events.Leave: lambda event: f"{event.user} leaves",
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
    effects.Left: lambda effect: f"{effect.user} is gone",
}


def _kept_apart(blocked: Sequence[object]) -> str:
    return f", kept apart from {' and '.join(map(str, blocked))}" if blocked else ""


def _about(interests: Sequence[str]) -> str:
    return f", to talk about {' or '.join(interests)}" if interests else ""


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
    given = (repr(value) for field, value in event._asdict().items() if field != "kind" and value != ())
    return f"{type(event).__name__}({', '.join(given)})"
