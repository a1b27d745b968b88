"""What a client sees of an effect that it is told of."""

from collections.abc import Callable

from roulette_core import effects
from roulette_core.effects import Effect
from roulette_core.events import User
from roulette_core.testing.clients import sightings
from roulette_core.testing.clients.sightings import Sighting


def sighting_of(effect: Effect, user: User, name: Callable[[User], str] = str) -> Sighting:
    """What one of those who hear of an effect sees; whoever is blocked sees ``next``.

    Args:
        effect: an effect.
        user: who is told of it.
        name: under which name a user is known to others.
    """
    match effect:
        case effects.Joined(newcomer, called):
            return sightings.Welcomed(called) if newcomer == user else sightings.Arrived(called)
        case effects.Refused(_, reason):
            return sightings.Refused(reason.value)
        case effects.LobbyLine(sender, text):
            return sightings.Line(name(sender), "lobby", text)
        case effects.PrivateLine(sender, _, text):
            return sightings.Line(name(sender), "private", text)
        case effects.Searching():
            return sightings.Searches()
        case effects.Returned():
            return sightings.Returned()
        case effects.Paired(first, second):
            return sightings.Met(name(second if first == user else first))
        case effects.Parted(first, second, cause):
            seen = "next" if cause == "block" and second == user else cause
            return sightings.PartedFrom(name(second if first == user else first), first == user, seen)
        case effects.Left(_, called):
            return sightings.Gone(called)
