"""The promises of a roulette, each a function over a journal of (now, event, effects).

Each is asked about an effect just before the effect is entered in the ledger; number 9 is asked about the pool when an
event has been handled, the last two about the roulette itself. Each returns None, or a short text that says what is
wrong.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

from roulette_core.effects import (
    Audience,
    Blocked,
    Effect,
    Joined,
    Left,
    LobbyLine,
    Paired,
    Parted,
    PrivateLine,
    Refused,
    Returned,
    Searching,
    Unblocked,
    audience,
)
from roulette_core.events import Block, BulkLeave, Join, Leave, Lobby, Next, Say, Start, Unblock, User
from roulette_core.machine import Roulette
from roulette_core.states import Reason, State
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
    """3. No user joins who is present, and a user begins to search only from the lobby, or goes on searching."""
    user = effect.user
    present = user in ledger.names
    if type(effect) is Joined and present:
        return f"{user!r} joins, but is present already"
    if type(effect) is Searching and (user in ledger.partner or not present or not isinstance(ledger.event, Start)):
        return f"{user!r} begins to search, but was not in the lobby, or did not ask for it"
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
    return None if _has_said(ledger, sender, text) else f"{sender!r} has not said this line"


def lobby_line_reaches_lobby(ledger: Ledger, effect: LobbyLine) -> Complaint:
    """6. A lobby line reaches all users outside private except its sender, and is what the sender has just said."""
    sender, text = effect[:2]
    if sender in ledger.partner or audience(effect) != Audience(lobby=True, but=sender):
        return f"a lobby line of {sender!r}, in private or not, goes to {audience(effect)}"
    return None if _has_said(ledger, sender, text) else f"{sender!r} has not said this line"


def _has_said(ledger: Ledger, sender: User, text: str) -> bool:
    return type(ledger.event) is Say and ledger.event[:2] == (sender, text)


CAUSES: dict[type, str] = {Next: "next", Block: "block", Lobby: "lobby", Leave: "leave", BulkLeave: "leave"}
"""The events that end a chat, and the cause that the effect gives for each."""


def pairing_ends_once(ledger: Ledger, effect: Parted | Returned | Left) -> Complaint:
    """7. Every pairing ends at most once, for the cause given, and both users are told: none leaves private without."""
    if type(effect) is Parted:
        user, partner = effect[0], effect[1]
        if user not in ledger.partner or partner not in ledger.partner:
            return f"{user!r} and {partner!r} part, but their chat is over already"
        if CAUSES.get(type(ledger.event)) != effect.cause:
            return f"{user!r} and {partner!r} part by {effect.cause!r}, which was not asked"
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


def chats_are_numbered(ledger: Ledger, effect: Paired | Parted | PrivateLine) -> Complaint:
    """14. Every chat has a new number, larger than all before; its lines and its end bear it."""
    if type(effect) is Paired:
        return None if effect.chat > ledger.chats else f"chat {effect.chat} begins after chat {ledger.chats}"
    if ledger.chat.get(effect[0]) == ledger.chat.get(effect[1]) == effect.chat:
        return None
    return f"{effect[0]!r} and {effect[1]!r} are not in chat {effect.chat}"


def requests_stay_in_their_chat(
    ledger: Ledger, effect: PrivateLine | LobbyLine | Parted | Blocked | Refused
) -> Complaint:
    """15. A request that names a chat has an effect in that chat only; if it is over, the request is refused.

    So a line of a chat that is over is not delivered.
    """
    asked, here = getattr(ledger.event, "chat", None), ledger.chat.get(effect[0], 0)
    if type(effect) is not Refused:
        return None if asked in (None, here) else f"a request for chat {asked} of {effect[0]!r} reaches chat {here}"
    over = asked not in (None, here)
    away = Reason.NOT_IN_LOBBY if asked == 0 else Reason.CHAT_OVER
    # A user outside private has no chat at all: the rules refuse ``Next`` and ``Block`` before they look at the number.
    right = effect.reason in (away, Reason.NOT_PRIVATE) if over else effect.reason not in _ELSEWHERE
    if right:
        return None
    return f"{effect.user!r}, in chat {here}, is refused what was for chat {asked}: {effect.reason}"


_ELSEWHERE = (Reason.CHAT_OVER, Reason.NOT_IN_LOBBY)


def blocks_are_as_asked(ledger: Ledger, effect: Blocked | Unblocked | Parted | Refused) -> Complaint:
    """16. A block begins and ends by the request of the user whose it is, and only so."""
    event = ledger.event
    if type(effect) is Refused:
        mine = isinstance(event, Unblock) and event.other in ledger.blocked.get(event.user, ())
        return f"{event!r} is refused, though there is such a block" if mine else None
    if type(effect) is Unblocked:
        asked = isinstance(event, Unblock) and event[:2] == effect[:2]
        there = effect.other in ledger.blocked.get(effect.user, ())
        return None if asked and there else f"{effect.user!r} is told of unblocking {effect.other!r}, without reason"
    by_name = isinstance(event, Block) and (event.user, event.other) == (effect[0], effect[1])
    if type(effect) is Blocked:
        partners = ledger.partner.get(effect.user) == effect.other
        return None if by_name and not partners else f"{effect.user!r} blocks {effect.other!r}, which was not asked"
    named = event.other if isinstance(event, Block) else None
    return None if named is None or by_name else f"{effect[0]!r} parts from the partner, who was not to be blocked"


def partner_goes_where_asked(ledger: Ledger, effect: Parted) -> Complaint:
    """17. A partner left behind goes where the event says, or else where the roulette lets all go."""
    event = ledger.event
    if isinstance(event, BulkLeave) and effect.partner in event.users:
        return None if effect.left_behind == "lobby" else f"{effect.partner!r}, who leaves as well, is to search first"
    wanted = getattr(event, "left_behind", None) or ledger.left_behind
    if wanted in (None, effect.left_behind):
        return None
    return f"{effect.partner!r} goes to {effect.left_behind}, not to {wanted}"


def names_are_told(ledger: Ledger, effect: Effect) -> Complaint:
    """18. Effects give users the names that they bear."""
    if isinstance(effect, Joined):
        right = not isinstance(ledger.event, Join) or effect[:2] == ledger.event[:2]
        return None if right else f"{effect.user!r} joins as {effect.name!r}, which was not asked"
    for user, name in NAMES[type(effect)](effect):
        if ledger.names.get(user, name) != name:
            return f"{user!r} is called {name!r}, but bears the name {ledger.names[user]!r}"
    return None


NAMES: dict[type, Callable[[Any], tuple[tuple[User, str], ...]]] = {
    LobbyLine: lambda effect: ((effect.sender, effect.name),),
    PrivateLine: lambda effect: ((effect.sender, effect.name),),
    Paired: lambda effect: ((effect.first, effect.first_name), (effect.second, effect.second_name)),
    Parted: lambda effect: ((effect.user, effect.user_name), (effect.partner, effect.partner_name)),
    Blocked: lambda effect: ((effect.other, effect.other_name),),
    Unblocked: lambda effect: ((effect.other, effect.other_name),),
    Left: lambda effect: ((effect.user, effect.name),),
}
"""Effect → the users that it names, and their names."""


def counts_are_right(ledger: Ledger, roulette: Roulette) -> Complaint:
    """19. ``counts`` are the numbers of users in each state, and the pool holds as many as are searching."""
    searching, private = len(ledger.pool), len(ledger.partner)
    counts = {State.LOBBY: len(ledger.names) - searching - private, State.SEARCHING: searching, State.PRIVATE: private}
    if roulette.counts() != counts or len(roulette.policy.pool) != searching:
        return f"the core's counts {list(roulette.counts().values())} are not {list(counts.values())}"
    return None


def policies_know_the_latest(ledger: Ledger, roulette: Roulette) -> Complaint:
    """20. What a policy may know of a user is what was said last, and since when they have been searching."""
    for user in ledger.names:
        if user in roulette:
            said, known = ledger.interests.get(user, ()), roulette.interests(user)
            if known != said or roulette.attributes(user) != ledger.attributes.get(user, {}):
                return f"of {user!r} the core does not know what was said last"
    for user, searcher in roulette.policy.pool.items():
        if user in ledger.pool and (searcher.user, searcher.since) != (user, ledger.pool[user]):
            return f"{user!r} has been searching since {ledger.pool[user]} s, not since {searcher.since} s"
    return None


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
    chats_are_numbered,
    requests_stay_in_their_chat,
    blocks_are_as_asked,
    partner_goes_where_asked,
    names_are_told,
    counts_are_right,
    policies_know_the_latest,
)
"""All of them, in the order of their numbers."""
