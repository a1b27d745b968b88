"""The thirteen promises of a roulette, each a function over a journal of (now, event, effects).

Each is asked about an effect just before the effect is entered in the ledger; number 9 is asked about the pool when an
event has been handled. Each returns None, or a short text that says what is wrong.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

from roulette_core.effects import (
    Audience,
    Joined,
    Left,
    LobbyLine,
    Paired,
    Parted,
    PrivateLine,
    Returned,
    Searching,
    audience,
)
from roulette_core.events import Say, User
from roulette_core.testing.ledger import Ledger
from roulette_core.testing.rules import Rule, apart, met_last

Complaint: TypeAlias = str | None


def no_user_in_two_pairs(ledger: Ledger, effect: Paired) -> Complaint:
    """1. No user in private is paired."""
    first, second = effect[:2]
    if first in ledger.partner or second in ledger.partner:
        return f"{first!r} and {second!r} are paired, but one is in private already"
    return None


def partnership_is_mutual(ledger: Ledger, effect: Paired | Parted) -> Complaint:
    """2. No user is paired with themselves, and a chat that ends is one that both were in."""
    if type(effect) is Paired:
        return f"{effect.first!r} is paired with themselves" if effect.first == effect.second else None
    user, partner = effect[0], effect[1]
    if ledger.partner.get(user, partner) != partner or ledger.partner.get(partner, user) != user:
        return f"{user!r} and {partner!r} part, but at least one is in private with another user"
    return None


def one_state_at_a_time(ledger: Ledger, effect: Joined | Searching) -> Complaint:
    """3. No user joins who is present, and a user begins to search only from the lobby."""
    user = effect.user
    present = user in ledger.names
    if type(effect) is Joined and present:
        return f"{user!r} joins, but is present already"
    if type(effect) is Searching and (user in ledger.pool or user in ledger.partner or not present):
        return f"{user!r} begins to search, but was not in the lobby"
    return None


def pool_is_the_searching(ledger: Ledger, effect: Paired | Returned) -> Complaint:
    """4. Only users who are searching are paired, or return from searching."""
    pool = ledger.pool
    if type(effect) is Returned:
        return None if effect.user in pool else f"{effect.user!r} returns from a pool they were not in"
    if effect[0] in pool and effect[1] in pool:
        return None
    return f"{effect[0]!r} and {effect[1]!r} are paired, but not both were searching"


def private_line_reaches_partner(ledger: Ledger, effect: PrivateLine) -> Complaint:
    """5. A private line reaches the partner and no other user, and is what the sender has just said."""
    sender, recipient, text = effect[:3]
    if ledger.partner.get(sender) != recipient or audience(effect) != Audience((recipient,)):
        return f"a private line of {sender!r} goes to {audience(effect)}"
    return None if ledger.event == Say(sender, text) else f"{sender!r} has not said this line"


def lobby_line_reaches_lobby(ledger: Ledger, effect: LobbyLine) -> Complaint:
    """6. A lobby line reaches all users outside private except its sender, and is what the sender has just said."""
    sender, text = effect[:2]
    if sender in ledger.partner or audience(effect) != Audience(lobby=True, but=sender):
        return f"a lobby line of {sender!r}, in private or not, goes to {audience(effect)}"
    return None if ledger.event == Say(sender, text) else f"{sender!r} has not said this line"


def pairing_ends_once(ledger: Ledger, effect: Parted | Returned | Left) -> Complaint:
    """7. Every pairing ends at most once, and both users are told: no user leaves private without that."""
    if type(effect) is Parted:
        user, partner = effect[0], effect[1]
        if user not in ledger.partner or partner not in ledger.partner:
            return f"{user!r} and {partner!r} part, but their chat is over already"
        told = audience(effect)
        return None if told == Audience((user, partner)) else f"{user!r} and {partner!r} part, and {told} are told"
    if effect.user in ledger.partner:
        return f"{effect.user!r} leaves private, and no user is told"
    return None


def no_partner_twice_running(ledger: Ledger, effect: Paired) -> Complaint:
    """8. Under a policy that promises it, no user has the same partner twice running."""
    first, second = effect[:2]
    return f"{first!r} and {second!r} are paired twice running" if met_last(ledger, first, second) else None


def work_conserving(ledger: Ledger, rule: Rule) -> Complaint:
    """9. After every event, if the policy allows a pair in the pool, it has been drawn."""
    pair = rule.allowed(ledger)
    return None if pair is None else f"{pair[0]!r} and {pair[1]!r} could have been paired"


def nothing_after_leaving(ledger: Ledger, user: User) -> Complaint:
    """10. A user who has left is told nothing more."""
    return f"{user!r} has left, but has an effect as if present" if user in ledger.gone else None


def names_are_unique(ledger: Ledger, effect: Joined) -> Complaint:
    """11. No two users present have the same name."""
    if effect.name in ledger.bearers:
        return f"{effect.user!r} joins under the name of {ledger.bearers[effect.name]!r}"
    return None


def only_users_who_exist(ledger: Ledger, user: User) -> Complaint:
    """12. Effects mention only users who exist."""
    return None if user in ledger.gone else f"{user!r} has never joined"


def blocked_never_paired(ledger: Ledger, effect: Paired) -> Complaint:
    """13. Of two users who are paired, neither has blocked the other."""
    first, second = effect[:2]
    return f"{first!r} and {second!r} are paired, but kept apart" if apart(ledger, first, second) else None


Invariant: TypeAlias = Callable[[Ledger, Any], Complaint]

INVARIANTS: tuple[Invariant, ...] = (
    no_user_in_two_pairs,
    partnership_is_mutual,
    one_state_at_a_time,
    pool_is_the_searching,
    private_line_reaches_partner,
    lobby_line_reaches_lobby,
    pairing_ends_once,
    no_partner_twice_running,
    work_conserving,
    nothing_after_leaving,
    names_are_unique,
    only_users_who_exist,
    blocked_never_paired,
)
"""All thirteen, in the order of their numbers."""
