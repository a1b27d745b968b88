"""Checks a journal against the invariants, entry by entry."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from roulette_core.effects import (
    EFFECTS_OF_TWO,
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
)
from roulette_core.events import Block, Event, Next, Say, Unblock, User
from roulette_core.machine import Roulette
from roulette_core.policies import Policy, make_policy
from roulette_core.states import State
from roulette_core.testing.built_in import rule_of
from roulette_core.testing.fast_path import fast_path
from roulette_core.testing.invariants import (
    INVARIANTS,
    Complaint,
    Invariant,
    blocked_never_paired,
    blocks_are_as_asked,
    chats_are_numbered,
    counts_are_right,
    lobby_line_reaches_lobby,
    names_are_told,
    names_are_unique,
    no_partner_twice_running,
    no_user_in_two_pairs,
    nothing_after_leaving,
    one_state_at_a_time,
    only_users_who_exist,
    pairing_ends_once,
    partner_goes_where_asked,
    partnership_is_mutual,
    policies_know_the_latest,
    pool_is_the_searching,
    private_line_reaches_partner,
    requests_stay_in_their_chat,
    work_conserving,
)
from roulette_core.testing.ledger import ENTER, Ledger
from roulette_core.testing.verdict import Result, Verdict

ASKED: dict[type, tuple[Invariant, ...]] = {
    Joined: (one_state_at_a_time, names_are_unique, names_are_told),
    Refused: (requests_stay_in_their_chat, blocks_are_as_asked),
    LobbyLine: (lobby_line_reaches_lobby, requests_stay_in_their_chat, names_are_told),
    PrivateLine: (private_line_reaches_partner, chats_are_numbered, requests_stay_in_their_chat, names_are_told),
    Searching: (one_state_at_a_time,),
    Returned: (pool_is_the_searching, pairing_ends_once),
    Paired: (
        no_user_in_two_pairs,
        partnership_is_mutual,
        pool_is_the_searching,
        blocked_never_paired,
        chats_are_numbered,
        names_are_told,
    ),
    Parted: (
        partnership_is_mutual,
        pairing_ends_once,
        chats_are_numbered,
        requests_stay_in_their_chat,
        blocks_are_as_asked,
        partner_goes_where_asked,
        names_are_told,
    ),
    Blocked: (requests_stay_in_their_chat, blocks_are_as_asked, names_are_told),
    Unblocked: (blocks_are_as_asked, names_are_told),
    Left: (pairing_ends_once, names_are_told),
}
"""The invariants asked about each kind of effect before it is entered, beside whether its users are present."""

_WELCOME = frozenset({Joined, Refused})
"""The effects that may mention a user who is not present."""

_KIND = {kind: 1 << number for number, kind in enumerate(ASKED)}
"""A bit for each kind of effect, as a journal has millions, and a checker is copied for every state explored."""


def _subjects(invariant: Invariant) -> int:
    """Returns the bits of the effects that an invariant is about: without any of them it was never asked."""
    if invariant is no_partner_twice_running:
        return _KIND[Paired]
    if invariant in (nothing_after_leaving, only_users_who_exist):
        return sum(bit for kind, bit in _KIND.items() if kind not in _WELCOME)
    return sum(bit for kind, bit in _KIND.items() if invariant in ASKED[kind])


_ANSWERS: dict[type, frozenset[type]] = {
    Say: frozenset({LobbyLine, PrivateLine, Refused}),
    Next: frozenset({Parted, Refused}),
    Block: frozenset({Parted, Blocked, Refused}),
    Unblock: frozenset({Unblocked, Refused}),
}
"""For some requests the effects of which each has exactly one."""


class InvariantBreach(NamedTuple):
    """A broken invariant.

    Attributes:
        invariant: the name of its function, a key of ``INVARIANTS``.
        entry: the number of the journal entry, from 0.
        now: its time, in seconds.
        detail: what is wrong.
    """

    invariant: str
    entry: int
    now: float
    detail: str


class Checker:
    """Checks a journal entry by entry, from any source: Hypothesis, the simulator or a recorded session.

    Args:
        policy: the policy at work, or one like it, or its specification. Numbers 8 and 9 need its rule; for a policy
            that is not built in they are not asked.
        most: the maximum number of breaches kept: a broken invariant is often broken at every further entry.
        thorough: whether to ask every invariant about every effect, instead of taking the fast path
            (``fast_path.py``). The breaches are the same.

    Attributes:
        breaches: the broken invariants, in order.
        ledger: the state that the effects so far must have led to; to be read only.
    """

    def __init__(self, policy: Policy | str = "no-repeat", most: int = 100, thorough: bool = False) -> None:
        self.breaches: list[InvariantBreach] = []
        like = make_policy(policy) if isinstance(policy, str) else policy
        self._policy = policy if isinstance(policy, str) else policy.specification
        self._rule = rule_of(like)
        self.ledger = Ledger(self._rule.depth if self._rule else 1)
        self._entries = self._seen = self._compared = 0
        self._most = most
        self._never_repeats = self._rule is not None and self._rule.never_repeats
        self._fast_path = {} if thorough else fast_path(self._never_repeats)

    def check(self, now: float, event: Event, effects: Sequence[Effect]) -> None:
        """Checks the next entry of the journal: at ``now`` seconds, ``event`` had these effects."""
        ledger, fast_path, seen = self.ledger, self._fast_path, self._seen
        ledger.now, ledger.event = now, event
        answers, answered = _ANSWERS.get(type(event)), 0
        for effect in effects:
            kind = type(effect)
            if answers is not None and kind in answers:
                answered += 1
            seen |= _KIND[kind]
            sound = fast_path.get(kind)
            if sound is None or not sound(ledger, effect):
                self._ask(kind, effect)
            ENTER[kind](ledger, effect)
        if answers is not None and answered != 1:
            self._blame_for_answers(event, answered)
        if self._rule is not None and len(ledger.pool) > 1:
            self._note(work_conserving, work_conserving(ledger, self._rule))
        self._seen = seen
        self._entries += 1

    def _ask(self, kind: type, effect: Any) -> None:
        """Asks every invariant that is about this kind of effect."""
        if kind not in _WELCOME:
            for user in effect[: 2 if kind in EFFECTS_OF_TWO else 1]:
                self._ask_about_presence(user)
        for invariant in ASKED[kind]:
            self._note(invariant, invariant(self.ledger, effect))
        if self._never_repeats and kind is Paired:
            self._note(no_partner_twice_running, no_partner_twice_running(self.ledger, effect))

    def _ask_about_presence(self, user: User) -> None:
        """Asks whether a user is present, that is, neither gone nor unknown."""
        if user not in self.ledger.names:
            self._note(nothing_after_leaving, nothing_after_leaving(self.ledger, user))
            self._note(only_users_who_exist, only_users_who_exist(self.ledger, user))

    def _blame_for_answers(self, event: Any, count: int) -> None:
        """Notes that a request has not had exactly one answer, which several invariants promise as well."""
        private = event.user in self.ledger.partner
        if type(event) is not Say:
            invariant: Invariant = requests_stay_in_their_chat if type(event) is Next else blocks_are_as_asked
        elif event.chat is not None:
            invariant = requests_stay_in_their_chat
        else:
            invariant = private_line_reaches_partner if private else lobby_line_reaches_lobby
        self._note(invariant, f"what {event.user!r} asked was answered {count} times: {event!r}")

    def compare(self, roulette: Roulette) -> None:
        """Compares the answers of the core with the ledger. Takes time by the number of users."""
        ledger, self._compared = self.ledger, 1
        pairs, named, searching, private = set[frozenset[User]](), dict[User, str](), set[User](), 0
        for user in roulette.users():
            named[user] = roulette.name(user)
            state = roulette.state(user)
            if state is State.SEARCHING:
                searching.add(user)
            private += state is State.PRIVATE
            if roulette.chat(user) != ledger.chat.get(user, 0):
                self._note(chats_are_numbered, "the core's chats are not those of its effects")
        if ledger.partner or private:
            pairs = {frozenset(pair) for pair in roulette.pairs()}
        if pairs != {frozenset(pair) for pair in ledger.partner.items()}:
            self._note(partnership_is_mutual, "the core's pairs are not those of its effects")
        if not searching == ledger.pool.keys() == roulette.policy.pool.keys():
            self._note(pool_is_the_searching, "the core's pool is not that of its effects")
        self._compare_blocks(roulette)
        if private != len(ledger.partner):
            self._note(one_state_at_a_time, "the core's states are not those of its effects")
        if named != ledger.names or len(set(named.values())) != len(named):
            self._note(names_are_unique, "the core's names are not those of its effects")
        self._note(counts_are_right, counts_are_right(ledger, roulette))
        self._note(policies_know_the_latest, policies_know_the_latest(ledger, roulette))

    def _compare_blocks(self, roulette: Roulette) -> None:
        """Compares who is kept apart, and by whose block."""
        apart = roulette.policy.blocks.apart
        if not apart and not self.ledger.apart:
            return
        if {user: set(others) for user, others in apart.items()} != _with_any(self.ledger.apart):
            self._note(blocked_never_paired, "the core's blocks are not those of its effects")
        made = {user: {other for other, own in others.items() if own} for user, others in apart.items()}
        if _with_any(made) != _with_any(self.ledger.blocked):
            self._note(blocks_are_as_asked, "the core's blocks are not of the users who have asked for them")

    def results(self) -> list[Result]:
        """Returns the verdict on each invariant, in their order."""
        unasked = {result.name: result for result in self.unasked()}
        return [unasked.get(invariant.__name__) or self._result(invariant) for invariant in INVARIANTS]

    def unasked(self) -> list[Result]:
        """Returns the verdict on the invariants that are not asked of this policy."""
        results = []
        if not self._never_repeats:
            reason = f"not a promise of {self._policy}"
            results.append(Result(no_partner_twice_running.__name__, Verdict.NOT_ASKED, reason))
        if self._rule is None:
            reason = f"{self._policy} is not a built-in policy"
            results.append(Result(work_conserving.__name__, Verdict.NOT_ASKED, reason))
        return results

    def _result(self, invariant: Invariant) -> Result:
        name = invariant.__name__
        first = next((breach for breach in self.breaches if breach.invariant == name), None)
        if first is not None:
            return Result(name, Verdict.FAILED, f"entry {first.entry} at {first.now:g} s: {first.detail}")
        if not self._was_asked(invariant):
            return Result(name, Verdict.NOT_ASKED, "nothing to check")
        return Result(name, Verdict.OK, f"{self._entries:,} events")

    def _was_asked(self, invariant: Invariant) -> bool:
        if invariant in (counts_are_right, policies_know_the_latest):
            return bool(self._compared)
        return bool(self._entries if invariant is work_conserving else self._seen & _subjects(invariant))

    def _note(self, invariant: Invariant, complaint: Complaint) -> None:
        if complaint is not None and len(self.breaches) < self._most:
            self._fast_path.clear()  # it relies on a sound ledger
            self.breaches.append(InvariantBreach(invariant.__name__, self._entries, self.ledger.now, complaint))


def _with_any(others: dict[User, set[User]]) -> dict[User, set[User]]:
    """Returns the rows that are not empty."""
    return {user: those for user, those in others.items() if those}
