"""The twelve promises of a roulette, each a function that looks at a journal of (now, event, effects).

Each is asked about an effect just before it is entered in the ledger, but for number 9, which looks at what is left
of the pool when an event has been handled. It returns None, or says in a few words what is wrong.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

from roulette_core.effects import (
    Audience,
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
    audience,
)
from roulette_core.events import Event, Say, User
from roulette_core.machine import Roulette
from roulette_core.policies import make_policy
from roulette_core.states import State
from roulette_core.testing.ledger import ENTER, Ledger
from roulette_core.testing.rules import Rule, rule_of

Complaint: TypeAlias = str | None


def no_user_in_two_pairs(ledger: Ledger, effect: Paired) -> Complaint:
    """1. Who is paired is in private with nobody yet."""
    first, second, _ = effect
    if first in ledger.partner or second in ledger.partner:
        return f"{first!r} and {second!r} are paired, but one is in private already"
    return None


def partnership_is_mutual(ledger: Ledger, effect: Paired | Parted) -> Complaint:
    """2. Nobody is paired with oneself, and a chat that ends is one that both were in."""
    if type(effect) is Paired:
        return f"{effect.first!r} is paired with oneself" if effect.first == effect.second else None
    user, partner = effect[0], effect[1]
    if ledger.partner.get(user, partner) != partner or ledger.partner.get(partner, user) != user:
        return f"{user!r} and {partner!r} part, but at least one is in private with somebody else"
    return None


def one_state_at_a_time(ledger: Ledger, effect: Joined | Searching) -> Complaint:
    """3. Nobody arrives who is there, and nobody begins to search but from the lobby."""
    user = effect.user
    present = user in ledger.names
    if type(effect) is Joined and present:
        return f"{user!r} joins, but is there already"
    if type(effect) is Searching and (user in ledger.pool or user in ledger.partner or not present):
        return f"{user!r} begins to search, but was not in the lobby"
    return None


def pool_is_the_searching(ledger: Ledger, effect: Paired | Returned) -> Complaint:
    """4. Only those searching are paired, or return from searching."""
    pool = ledger.pool
    if type(effect) is Returned:
        return None if effect.user in pool else f"{effect.user!r} returns from a pool they were not in"
    if effect[0] in pool and effect[1] in pool:
        return None
    return f"{effect[0]!r} and {effect[1]!r} are paired, but not both were searching"


def private_line_reaches_partner(ledger: Ledger, effect: PrivateLine) -> Complaint:
    """5. A private line reaches the partner and nobody else, and is what the sender has just said."""
    sender, recipient, text, _ = effect
    if ledger.partner.get(sender) != recipient or audience(effect) != Audience((recipient,)):
        return f"a private line of {sender!r} goes to {audience(effect)}"
    return None if ledger.event == Say(sender, text) else f"{sender!r} never said what they are heard to say"


def lobby_line_reaches_lobby(ledger: Ledger, effect: LobbyLine) -> Complaint:
    """6. A lobby line reaches everybody outside private but its sender, and is what the sender has just said."""
    sender, text, _ = effect
    if sender in ledger.partner or audience(effect) != Audience(lobby=True, but=sender):
        return f"a lobby line of {sender!r}, in private or not, goes to {audience(effect)}"
    return None if ledger.event == Say(sender, text) else f"{sender!r} never said what they are heard to say"


def pairing_ends_once(ledger: Ledger, effect: Parted | Returned | Left) -> Complaint:
    """7. Every pairing ends at most once, and both sides are told: nobody slips out of private without it."""
    if type(effect) is Parted:
        user, partner = effect[0], effect[1]
        if user not in ledger.partner or partner not in ledger.partner:
            return f"{user!r} and {partner!r} part, but their chat is over already"
        return None
    if effect.user in ledger.partner:
        return f"{effect.user!r} slips out of private, and nobody is told"
    return None


def no_partner_twice_running(ledger: Ledger, effect: Paired) -> Complaint:
    """8. Under no-repeat, no user has the same partner twice running."""
    first, second, _ = effect
    if ledger.latest.get(first) == second or ledger.latest.get(second) == first:
        return f"{first!r} and {second!r} are paired twice running"
    return None


def work_conserving(ledger: Ledger, rule: Rule) -> Complaint:
    """9. After every event, if the policy allows a pair in the pool, it has been drawn."""
    pair = rule.allowed(ledger)
    return None if pair is None else f"{pair[0]!r} and {pair[1]!r} could have been paired"


def nothing_after_leaving(ledger: Ledger, user: User) -> Complaint:
    """10. A user who left gets nothing more."""
    return f"{user!r} has left, and is spoken of as if present" if user in ledger.gone else None


def names_are_unique(ledger: Ledger, effect: Joined) -> Complaint:
    """11. No two users present bear one name."""
    if effect.name in ledger.bearers:
        return f"{effect.user!r} joins under the name of {ledger.bearers[effect.name]!r}"
    return None


def only_users_who_exist(ledger: Ledger, user: User) -> Complaint:
    """12. Effects mention only users who exist."""
    return None if user in ledger.gone else f"{user!r} has never joined"


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
)
"""All twelve, in the order of their numbers."""

_BEFORE: dict[type, tuple[Invariant, ...]] = {
    Joined: (one_state_at_a_time, names_are_unique),
    Refused: (),
    LobbyLine: (lobby_line_reaches_lobby,),
    PrivateLine: (private_line_reaches_partner,),
    Searching: (one_state_at_a_time,),
    Returned: (pool_is_the_searching, pairing_ends_once),
    Paired: (no_user_in_two_pairs, partnership_is_mutual, pool_is_the_searching),
    Parted: (partnership_is_mutual, pairing_ends_once),
    Left: (),
}
"""What is asked of each kind of effect before it is entered, beside whether those it mentions are there."""

_TWO = frozenset({Paired, Parted, PrivateLine})
"""The effects that mention two users, in their first two fields."""

_WELCOME = frozenset({Joined, Refused})
"""The effects that may mention somebody who is not there yet."""


class Breach(NamedTuple):
    """A broken invariant.

    Attributes:
        invariant: the name of its function.
        entry: the number of the journal's entry, from 0.
        now: the time of that entry, in seconds.
        detail: what is wrong.
    """

    invariant: str
    entry: int
    now: float
    detail: str


class Result(NamedTuple):
    """What became of one invariant over a whole journal."""

    name: str
    ok: bool
    detail: str


class Checker:
    """Watches a journal entry by entry, whoever made it: Hypothesis, the simulator or a recorded session.

    Args:
        policy: the specification of the policy at work. Numbers 8 and 9 need its rule, and are passed over, saying
            so, for a policy that is not built in.
        most: how many breaches to keep; what is broken is often broken at every further entry.

    Attributes:
        breaches: what was found, in order.
    """

    def __init__(self, policy: str = "no-repeat", most: int = 100) -> None:
        self.breaches: list[Breach] = []
        self._policy = policy
        self._rule = rule_of(make_policy(policy))
        self._ledger = Ledger(self._rule.depth if self._rule else 1)
        self._entries = 0
        self._most = most
        self._before = dict(_BEFORE)
        if self._rule is not None and self._rule.never_repeats:
            self._before[Paired] += (no_partner_twice_running,)

    def check(self, now: float, event: Event, effects: Sequence[Effect]) -> None:
        """Takes the next entry of the journal: at ``now`` seconds, ``event`` had these effects."""
        ledger, names, before = self._ledger, self._ledger.names, self._before
        ledger.now, ledger.event = now, event
        for effect in effects:
            kind = type(effect)
            if effect[0] not in names or (kind in _TWO and effect[1] not in names):
                self._ask_about_absent(effect)
            for invariant in before[kind]:
                complaint = invariant(ledger, effect)
                if complaint is not None:
                    self._note(invariant, complaint)
            ENTER[kind](ledger, effect)
        if type(event) is Say:
            self._ask_about_line(event, effects)
        if self._rule is not None and len(ledger.pool) > 1:
            self._note(work_conserving, work_conserving(ledger, self._rule))
        self._entries += 1

    def _ask_about_absent(self, effect: Effect) -> None:
        if type(effect) in _WELCOME:
            return
        for user in effect[: 2 if type(effect) in _TWO else 1]:
            if user not in self._ledger.names:
                self._note(nothing_after_leaving, nothing_after_leaving(self._ledger, user))
                self._note(only_users_who_exist, only_users_who_exist(self._ledger, user))

    def _ask_about_line(self, event: Say, effects: Sequence[Effect]) -> None:
        """Invariants 5 and 6 also promise that what is said arrives: once."""
        lines = sum(type(effect) in (LobbyLine, PrivateLine) for effect in effects)
        if lines != 1:
            private = event.user in self._ledger.partner
            invariant = private_line_reaches_partner if private else lobby_line_reaches_lobby
            self._note(invariant, f"what {event.user!r} said was carried {lines} times")

    def compare(self, roulette: Roulette) -> None:
        """Holds what the core says of itself against the ledger. Takes time by the number of users."""
        ledger = self._ledger
        pairs = {frozenset(pair) for pair in roulette.pairs()}
        named = {user: roulette.name(user) for user in roulette.users()}
        counts = roulette.counts()
        if pairs != {frozenset(pair) for pair in ledger.partner.items()}:
            self._note(partnership_is_mutual, "the core's pairs are not those of its effects")
        if set(roulette.users(State.SEARCHING)) != set(ledger.pool) or set(roulette.policy.pool) != set(ledger.pool):
            self._note(pool_is_the_searching, "the core's pool is not that of its effects")
        if sum(counts.values()) != len(named) or counts[State.PRIVATE] != len(ledger.partner):
            self._note(one_state_at_a_time, f"the core's counts {counts} are not those of its effects")
        if named != ledger.names or len(set(named.values())) != len(named):
            self._note(names_are_unique, "the core's names are not those of its effects")

    def results(self) -> list[Result]:
        """All twelve, in order: kept or broken, and a word about it."""
        return [self._result(invariant) for invariant in INVARIANTS]

    def _result(self, invariant: Invariant) -> Result:
        name = invariant.__name__
        first = next((breach for breach in self.breaches if breach.invariant == name), None)
        if first is not None:
            return Result(name, False, f"entry {first.entry} at {first.now:g} s: {first.detail}")
        if invariant is work_conserving and self._rule is None:
            return Result(name, True, f"not asked: {self._policy} is not a built-in policy")
        if invariant is no_partner_twice_running and not (self._rule and self._rule.never_repeats):
            return Result(name, True, f"not asked: not a promise of {self._policy}")
        return Result(name, True, f"{self._entries:,} events")

    def _note(self, invariant: Invariant, complaint: Complaint) -> None:
        if complaint is not None and len(self.breaches) < self._most:
            self.breaches.append(Breach(invariant.__name__, self._entries, self._ledger.now, complaint))
