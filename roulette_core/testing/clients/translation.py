"""What a client sees of an effect that it is told of."""

from collections.abc import Callable

from roulette_core import effects
from roulette_core.effects import Effect
from roulette_core.events import User
from roulette_core.testing.clients import client_events
from roulette_core.testing.clients.client_events import Sighting


def sighting_of(effect: Effect, user: User, name: Callable[[User], str] = str) -> Sighting:
    """What one of those who hear of an effect sees; whoever is blocked sees ``next``.

    Args:
        effect: an effect.
        user: who is told of it.
        name: under which name a user is known to others.
    """
    match effect:
        case effects.Joined(newcomer, called):
            return client_events.Welcomed(called) if newcomer == user else client_events.Arrived(called)
        case effects.Refused(_, reason):
            return client_events.SawRefused(reason.value)
        case effects.LobbyLine(sender, text):
            return client_events.SawLine(name(sender), "lobby", text)
        case effects.PrivateLine(sender, _, text):
            return client_events.SawLine(name(sender), "private", text)
        case effects.Searching():
            return client_events.Searches()
        case effects.Returned():
            return client_events.SawReturned()
        case effects.Paired(first, second):
            return client_events.Met(name(second if first == user else first))
        case effects.Parted(first, second, cause):
            seen = "next" if cause == "block" and second == user else cause
            return client_events.PartedFrom(name(second if first == user else first), first == user, seen)
        case effects.Left(_, called):
            return client_events.Gone(called)
