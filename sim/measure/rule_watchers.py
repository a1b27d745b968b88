"""What each built-in policy promises beside, asked of rows: that no pair is left undrawn that its rule allows.

The rules are those of ``roulette_core/testing/rules.py``, stated so that little is asked of each event. Under most
rules two of the pool who may not meet now may not meet later either, until one of them has lost patience, a wave has
come, or a block was taken back. So only those are tried anew to whom that has happened since the last event.
"""

from array import array
from collections.abc import Sequence

from roulette_core import NEVER, Fresh, Interests, NoRepeat, Policy, Uniform, Waves, make_policy
from sim.kernel.growing import longer
from sim.measure.watcher import Watcher

_MOST_TOPICS = 63


class NoRepeatWatcher(Watcher):
    """Under ``no-repeat`` any two may meet who have not just left each other."""

    def __init__(self, users: int = 0, kinds: int = 0) -> None:
        super().__init__(users, kinds)
        self.least = 2
        self.never_repeats = True

    def _leaves_a_pair(self, now: float) -> bool:
        """Tries newcomers with all ahead of them."""
        self._tidy()
        for newer in range(self._tried, self._last):
            for older in range(newer):
                if not self._met_last(self._queue[older], self._queue[newer]) and not self._are_apart(older, newer):
                    return True
        return False


class UniformWatcher(Watcher):
    """Under ``uniform`` any two may meet, once ``minimum`` users are waiting."""

    def __init__(self, minimum: int, users: int = 0, kinds: int = 0) -> None:
        super().__init__(users, kinds)
        self.least = minimum

    def _leaves_a_pair(self, now: float) -> bool:
        """Tries all pairs, of which only blocks keep the first apart."""
        if self._kept_apart.couples == 0:
            return True
        self._tidy()
        return self._any_may_meet(self._last)


class FreshWatcher(Watcher):
    """Under ``fresh`` any two may meet who have not met lately, or who have both lost patience."""

    def __init__(self, memory: int, patience: float, users: int = 0, kinds: int = 0) -> None:
        self._memory = memory
        self._patience = patience
        self._recent = array("i")
        self._met = array("i")
        super().__init__(users, kinds)
        self.least = 2
        self._remembers = True

    def _leaves_a_pair(self, now: float) -> bool:
        """Tries newcomers with all ahead of them, and the impatient with each other."""
        self._tidy()
        for newer in range(self._tried, self._last):
            for older in range(newer):
                if not self._met_lately(self._queue[older], self._queue[newer]) and not self._are_apart(older, newer):
                    return True
        impatient = 0
        while impatient < self._last and self._since[impatient] + self._patience <= now:
            impatient += 1
        return self._any_may_meet(impatient)

    def _met_lately(self, first: int, second: int) -> bool:
        """Returns whether either of two users remembers the other."""
        return self._knows(first, second) or self._knows(second, first)

    def _knows(self, user: int, other: int) -> bool:
        begin = user * self._memory
        known = self._met[user]
        if known > self._memory:
            known = self._memory
        for place in range(begin, begin + known):  # noqa: SIM110 - compiled, a generator would be a closure
            if self._recent[place] == other:
                return True
        return False

    def _remember(self, first: int, second: int) -> None:
        """Each of the two replaces the oldest partner of the other's memory."""
        self._recent[first * self._memory + self._met[first] % self._memory] = second
        self._met[first] += 1
        self._recent[second * self._memory + self._met[second] % self._memory] = first
        self._met[second] += 1

    def _forget(self, user: int) -> None:
        self._met[user] = 0

    def _make_room(self, users: int) -> None:
        """Makes room for so many users."""
        Watcher._make_room(self, users)
        self._recent = longer(self._recent, users * self._memory)
        self._met = longer(self._met, users, 0)


class WavesWatcher(Watcher):
    """Under ``waves`` any two may meet who both entered before the latest wave."""

    def __init__(self, every: float, users: int = 0, kinds: int = 0) -> None:
        super().__init__(users, kinds)
        self._every = every
        self._latest_wave = -NEVER
        self.least = 2

    def _leaves_a_pair(self, now: float) -> bool:
        """Tries all whom a wave has reached that was not there at the last event."""
        wave = self._wave(now)
        if wave == self._latest_wave and self._tried:
            return False
        self._latest_wave = wave
        self._tidy()
        reached = 0
        while reached < self._last and self._wave(self._since[reached]) < wave:
            reached += 1
        return self._any_may_meet(reached)

    def _wave(self, time: float) -> float:
        """Returns how many waves there have been: a whole number."""
        return (time / self._every) // 1.0


class InterestsWatcher(Watcher):
    """Under ``interests`` two may meet who share one or are both open; latest partners once both lost patience.

    Args:
        patience: in seconds.
        topics_of_kind: what users of each kind want to talk about, one bit for each topic; 0 means any topic.
        users: how many users there will be, as far as is known.
    """

    def __init__(self, patience: float, topics_of_kind: Sequence[int], users: int = 0) -> None:
        super().__init__(users, len(topics_of_kind))
        self._patience = patience
        self._topics = array("q", topics_of_kind)
        self._asked_at = -NEVER
        self.least = 2

    def _leaves_a_pair(self, now: float) -> bool:
        """Tries newcomers, and those who have lost patience since the rule was last asked, with all others."""
        self._tidy()
        for one in range(self._last):
            ends = self._since[one] + self._patience
            if one >= self._tried or (ends <= now and ends > self._asked_at):
                for other in range(self._last):
                    if one != other and self._may_meet(one, other, now):
                        return True
        self._asked_at = now
        return False

    def _may_meet(self, one: int, other: int, now: float) -> bool:
        """Returns whether the users of two entries may meet."""
        lost = self._since[one] + self._patience <= now
        other_lost = self._since[other] + self._patience <= now
        if not (lost and other_lost):
            topics = self._topics[self._kind[self._queue[one]]]
            others = self._topics[self._kind[self._queue[other]]]
            both_open = (lost or topics == 0) and (other_lost or others == 0)
            if not (both_open or topics & others) or self._met_last(self._queue[one], self._queue[other]):
                return False
        return not self._are_apart(one, other)


def watcher_of(
    policy: Policy | str, users: int = 0, interests_of_kind: Sequence[Sequence[str]] | None = None
) -> Watcher:
    """Returns a watcher of runs under a policy.

    Args:
        policy: the policy at work, or one like it, or its specification. Of one that neither is built in nor derives
            from one, only what holds under every policy is asked.
        users: how many users there will be, as far as is known.
        interests_of_kind: the interests of the users of each kind, if all users of a kind start with the same. Without
            them, or with more than 63 in all, the rule of ``interests`` is not asked.
    """
    like = make_policy(policy) if isinstance(policy, str) else policy
    if isinstance(like, NoRepeat):
        return NoRepeatWatcher(users)
    if isinstance(like, Uniform):
        return UniformWatcher(like.minimum, users)
    if isinstance(like, Fresh):
        return FreshWatcher(like.memory, like.patience, users)
    if isinstance(like, Waves):
        return WavesWatcher(like.every, users)
    topics = None if interests_of_kind is None else _topics(interests_of_kind)
    if isinstance(like, Interests) and topics is not None:
        return InterestsWatcher(like.patience, topics, users)
    return Watcher(users)


def _topics(interests_of_kind: Sequence[Sequence[str]]) -> list[int] | None:
    """Returns interests as bits; None if there are too many."""
    number = {name: place for place, name in enumerate(sorted({each for kind in interests_of_kind for each in kind}))}
    if len(number) > _MOST_TOPICS:
        return None
    return [sum(1 << number[each] for each in set(interests)) for interests in interests_of_kind]
