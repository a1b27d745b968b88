"""A fast path through the invariants for the two effects that most of a long run consists of.

As long as no invariant has been broken, the ledger is sound: a user in its pool is present and not in private, and a
user in private is present and has a partner whose partner they are. Then a few look-ups prove that a pairing or a
parting breaks nothing. If they fail, or once any invariant was broken, the invariants themselves are asked; so they
alone decide what counts as broken.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

from roulette_core.effects import Audience, Paired, Parted, audience
from roulette_core.events import Next
from roulette_core.testing.ledger import Ledger

Sound: TypeAlias = Callable[[Ledger, Any], bool]


def sound_pairing(ledger: Ledger, effect: Paired) -> bool:
    """Returns whether two different users of the pool are paired in a new chat, and no block keeps them apart."""
    first, second, first_name, second_name, chat, _ = effect
    pool, names = ledger.pool, ledger.names
    free = first in pool and second in pool and first != second and second not in ledger.apart.get(first, ())
    return free and chat > ledger.chats and names.get(first) == first_name and names.get(second) == second_name


def sound_first_pairing(ledger: Ledger, effect: Paired) -> bool:
    """Returns ``sound_pairing``, and that neither was the other's latest partner."""
    first, second = effect[:2]
    latest = ledger.latest
    return latest.get(first) != second and latest.get(second) != first and sound_pairing(ledger, effect)


def sound_parting(ledger: Ledger, effect: Parted) -> bool:
    """Returns whether a user who asked for the next partner parts from theirs, in the usual way."""
    user, partner, cause, user_name, partner_name, chat, left_behind, _ = effect
    event, names = ledger.event, ledger.names
    return (
        type(event) is Next
        and cause == "next"
        and event[1] in (None, chat)
        and (event[2] or ledger.left_behind) in (None, left_behind)
        and ledger.partner.get(user) == partner
        and ledger.chat.get(user) == chat
        and names.get(user) == user_name
        and names.get(partner) == partner_name
    )


def fast_path(never_repeats: bool) -> dict[type, Sound]:
    """Returns the check for each kind of effect that has a fast path."""
    ways: dict[type, Sound] = {Paired: sound_first_pairing if never_repeats else sound_pairing}
    # Who is told depends on the kind of an effect alone, so it is enough to look once.
    if audience(Parted(1, 2, "next", "", "", 1, "searching")) == Audience((1, 2)):
        ways[Parted] = sound_parting
    return ways
