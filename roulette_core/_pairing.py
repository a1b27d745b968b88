"""Transitions triggered by the state of the pool: who enters and leaves it, and which pairs are drawn."""

from roulette_core._directory import Directory, Member
from roulette_core.effects import Effect, Paired
from roulette_core.events import Place
from roulette_core.policies import NEVER, Choose, Pair, Policy
from roulette_core.states import State

new = tuple.__new__
"""Makes the most frequent effects in half the time: the constructor of a NamedTuple is Python code."""


_SEARCHING, _PRIVATE = State.SEARCHING, State.PRIVATE


class Broken(Exception):
    """What a policy did against its contract; ``handle`` makes a ``BrokenPolicy`` of it, as of any other exception."""


class Pairing(Directory):
    """A directory whose pool is drawn from until the policy returns no further pair."""

    def __init__(self, policy: Policy, left_behind: Place, choose: Choose) -> None:
        super().__init__(policy, left_behind)
        self._choose = choose
        self._timed = type(policy).deadline is not Policy.deadline
        self._pool_changed = False

    def _search(self, member: Member) -> None:
        """Puts a member into the pool."""
        member.state, member.since = _SEARCHING, self._now
        self._searching += 1
        self._policy.enter(member)
        self._pool_changed = True

    def _stop_searching(self, member: Member) -> None:
        self._pool_changed = True
        self._searching -= 1
        self._policy.leave(member.user)

    def _reunite(self, one: Member, other: Member) -> None:
        """Lets the policy know that two searching members may meet again."""
        first, second = (user for user in self._pool if user in (one.user, other.user))
        self._policy.unblocked(first, second)
        self._pool_changed = True

    def _draw_pairs(self, effects: list[Effect]) -> None:
        """Asks the policy for pairs until it returns none."""
        policy, now, choose, declined = self._policy, self._now, self._choose, False
        while self._searching > 1 and not declined and (drawn := policy.draw(now, choose)) is not None:
            if type(drawn) is tuple:
                declined = self._declines(drawn, effects)
            elif type(drawn) is not list:
                raise Broken(f"drew {drawn!r}, which is no pair")
            elif drawn:
                declined = sum(self._declines(pair, effects) for pair in drawn) > 0
            else:
                break
        self._pool_changed = False
        if policy.pool is not self._pool or len(self._pool) != self._searching:
            raise Broken(f"has {len(policy.pool)} users in its pool, or another pool, where {self._searching} search")
        if self._timed:
            self._set_deadline(declined)

    def _declines(self, drawn: Pair, effects: list[Effect]) -> bool:
        """Pairs the two of a draw. Returns whether a block keeps them apart instead."""
        if type(drawn) is not tuple or len(drawn) != 2:
            raise Broken(f"drew {drawn!r}, which is no pair")
        first, second = self._members.get(drawn[0]), self._members.get(drawn[1])
        if first is None or second is None or first is second or not first.state is second.state is _SEARCHING:
            raise Broken(f"drew {drawn!r}, who are not two of the pool")
        one, other = first.user, second.user
        if self._blocks.apart and self._blocks.between(one, other):
            # Only a policy that ignores blocks gets here. Asked again now, it would name the same two for ever.
            return True
        self._policy.paired(one, other)
        self._searching -= 2
        self._chats = first.chat = second.chat = chat = self._chats + 1
        first.partner, second.partner = second, first
        first.state = second.state = _PRIVATE
        effects.append(new(Paired, (one, other, first.name, second.name, chat, "paired")))
        return False

    def _set_deadline(self, declined: bool) -> None:
        deadline = self._policy.deadline(self._now)
        if not isinstance(deadline, int | float):
            raise Broken(f"returned the deadline {deadline!r}, which is no number of seconds")
        if not deadline > self._now:
            if not declined:
                raise Broken(f"drew no further pair, yet its deadline {deadline!r} has passed")
            deadline = NEVER  # it is for the two who must not meet: ask again after the next event instead
        self._deadline = float(deadline)
