"""Who and where one is, and what goes on at this moment, each in one line."""

import math

from roulette_core import harmless
from transports.client.presence import Place, Presence


def header(presence: Presence, now: float) -> str:
    """The line at the top of the screen.

    Args:
        presence: who and where.
        now: the time on the presence's clock, in seconds.
    """
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
    """What goes on at this moment and leaves no trace: the partner is typing, or the next attempt to connect is near.

    Args:
        presence: who and where.
        now: the time on the presence's clock, in seconds.
    """
    if presence.place is Place.OFFLINE and now < presence.back_at:
        return presence.labels.again.format(seconds=math.ceil(presence.back_at - now))
    return presence.labels.typing.format(name=presence.partner) if now < presence.typing_until else ""


def duration(seconds: float) -> str:
    """A time as on a clock: minutes and seconds, and hours once there are any."""
    minutes, second = divmod(max(0, int(seconds)), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"
