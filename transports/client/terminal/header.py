"""One-line texts about where the user is and what is going on."""

import math

from roulette_core import harmless
from transports.client.presence import Place, Presence


def header(presence: Presence, now: float) -> str:
    """Returns the line at the top of the screen."""
    labels = presence.labels
    if presence.name is None:
        return labels.nameless
    since = duration(now - presence.since)
    parts = [harmless.line(presence.name)]
    if presence.over:
        parts.append(labels.ended)
    elif presence.place is Place.LOBBY:
        parts += [labels.lobby, labels.others.format(count=presence.others)]
    elif presence.place is Place.SEARCHING:
        parts += [f"{labels.searching} {since}", presence.explanation]
    elif presence.place is Place.PRIVATE:
        parts.append(f"{labels.private.format(name=presence.partner)} {since}")
    else:
        where = labels.offline if presence.place is Place.OFFLINE else labels.connecting
        parts.append(f"{where} {since}")
    return " · ".join(filter(None, parts))


def passing(presence: Presence, now: float) -> str:
    """Returns what leaves no trace in the conversation: the partner is typing, or the time until the next attempt."""
    if presence.place is Place.OFFLINE and now < presence.back_at:
        return presence.labels.again.format(seconds=math.ceil(presence.back_at - now))
    return presence.labels.typing.format(name=presence.partner) if now < presence.typing_until else ""


def duration(seconds: float) -> str:
    """Returns minutes and seconds, with hours where there are any: ``1:02:03``."""
    minutes, second = divmod(max(0, int(seconds)), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"
