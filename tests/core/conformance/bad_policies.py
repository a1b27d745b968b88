"""Policies with one fault each, as an author might well write them, beside a sound one that they were made of."""

from __future__ import annotations

import random
import sys
import time
from itertools import combinations, product
from typing import Any, ClassVar

from roulette_core import Drawn, Policy, Role, Roulette, Searcher, Tick, User
from roulette_core.policies import NEVER, Choose, Explanation


class Sound(Policy):
    """By lot, once three are waiting: what all the others spoil."""

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        if len(self.pool) < 3:
            return None
        pairs = [pair for pair in combinations(self.pool, 2) if not self.blocks.between(*pair)]
        return pairs[choose(len(pairs))] if pairs else None


class DrawsOneself(Sound):
    """Chooses the second without leaving out the first."""

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        if len(self.pool) < 3:
            return None
        users = list(self.pool)
        return users[choose(len(users))], users[choose(len(users))]


class DrawsTheAbsent(Sound):
    """Remembers whom it wanted to draw, whether they are still there or not."""

    def __init__(self) -> None:
        super().__init__()
        self.favourite: User | None = None

    def enter(self, searcher: Searcher) -> None:
        super().enter(searcher)
        self.favourite = self.favourite or searcher.user

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        others = [user for user in self.pool if user != self.favourite]
        if self.favourite is None or len(others) < 2:
            return None
        return self.favourite, others[choose(len(others))]

    def paired(self, first: User, second: User) -> None:
        super().paired(first, second)
        self.favourite = None

    def snapshot(self) -> Any:
        return self.favourite

    def restore(self, memory: Any) -> None:
        self.favourite = memory


class Stumbles(Sound):
    """Takes it for granted that the pool is never a large one."""

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        if len(self.pool) > 2:
            _, _ = self.pool
        return super().draw(now, choose)


class Quits(Sound):
    """Raises SystemExit instead of returning None, which looks like success to the caller of the program."""

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        if len(self.pool) > 2:
            sys.exit()
        return None


class Talks(Sound):
    """Was never cleared of what helped to write it."""

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        print("drawing from", len(self.pool))
        return super().draw(now, choose)


class ChoosesOfNone(Sound):
    """Chooses before it looks whether there is anything to choose from."""

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        pairs = [pair for pair in combinations(self.pool, 2) if not self.blocks.between(*pair)]
        return pairs[choose(len(pairs))]


class Unblocks(Sound):
    """Forgets the blocks of those it has paired, which are for the roulette to keep."""

    def paired(self, first: User, second: User) -> None:
        super().paired(first, second)
        self.blocks.forget(first)


class Indiscreet(Sound):
    """Explains with what users are called."""

    def explain(self, user: User, now: float) -> Explanation:
        others = [str(other) for other in self.pool if other != user]
        return Explanation("waiting", f"waiting beside {' and '.join(others)}" if others else "nobody else is waiting")


class Amnesiac(Sound):
    """Never draws the latest pair again, and forgets in a snapshot which that was."""

    def __init__(self) -> None:
        super().__init__()
        self.latest: tuple[User, User] | None = None

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        pairs = [pair for pair in combinations(self.pool, 2) if not self.blocks.between(*pair)]
        pairs = [pair for pair in pairs if set(pair) != set(self.latest or ())]
        return pairs[choose(len(pairs))] if pairs else None

    def paired(self, first: User, second: User) -> None:
        super().paired(first, second)
        self.latest = first, second


class Sharing(Amnesiac):
    """Remembers for all policies of its kind at once."""

    met: ClassVar[set[frozenset[User]]] = set()

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        pairs = [pair for pair in combinations(self.pool, 2) if not self.blocks.between(*pair)]
        pairs = [pair for pair in pairs if frozenset(pair) not in self.met] or pairs
        return pairs[0] if pairs else None

    def paired(self, first: User, second: User) -> None:
        super().paired(first, second)
        self.met.add(frozenset((first, second)))


class Creeping(Sound):
    """Has deadlines without end, whatever the pool."""

    def deadline(self, now: float) -> float:
        return now + 1.0 if self.pool else NEVER


class Oversleeps(Sound):
    """Draws those who have waited for ten seconds, and does not say that it wants to be asked by then."""

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        patient = [user for user, searcher in self.pool.items() if now - searcher.since >= 10]
        pairs = [pair for pair in combinations(patient, 2) if not self.blocks.between(*pair)]
        return pairs[0] if pairs else None


class Lazy(Sound):
    """Flips a coin, and draws no pair on tails."""

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        return super().draw(now, choose) if choose(2) else None


class Hoards(Sound):
    """Remembers all users who were ever paired."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[User, int] = {}

    def paired(self, first: User, second: User) -> None:
        super().paired(first, second)
        for user in (first, second):
            self.known[user] = self.known.get(user, 0) + 1

    def snapshot(self) -> Any:
        return list(self.known.items())

    def restore(self, memory: Any) -> None:
        self.known = dict(map(tuple, memory))


class LooksAtNoBlocks(Sound):
    """As short as can be."""

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        if len(self.pool) < 2:
            return None
        first, second, *_ = self.pool
        return first, second


class InOrderOfHash(Sound):
    """Draws the first two in the iteration order of a set."""

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        pairs = [pair for pair in combinations(set(self.pool), 2) if not self.blocks.between(*pair)]
        return pairs[0] if pairs else None


class OwnChance(Sound):
    """Throws dice of its own."""

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        return super().draw(now, lambda count: random.randrange(count))


class OwnClock(Sound):
    """Looks at the clock, for no good reason."""

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        return super().draw(max(now, time.monotonic() - time.monotonic()), choose)


class PrefersNames(Sound):
    """By lot, but one time in twenty the two whose names come first in the alphabet."""

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        pairs = [pair for pair in combinations(self.pool, 2) if not self.blocks.between(*pair)]
        if len(self.pool) < 3 or not pairs:
            return None
        if choose(20) == 0:
            return min(pairs, key=lambda pair: sorted(map(str, pair)))
        return pairs[choose(len(pairs))]


class PrefersTheOdd(Sound):
    """Uniform, but one time in ten prefers a user with an odd number."""

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        pairs = [pair for pair in combinations(self.pool, 2) if not self.blocks.between(*pair)]
        if len(self.pool) < 3 or not pairs:
            return None
        odd = [pair for pair in pairs if any(isinstance(user, int) and user % 2 for user in pair)]
        wanted = odd if odd and choose(10) == 0 else pairs
        return wanted[choose(len(wanted))]


class PrefersNamesInCrowds(Sound):
    """Where more than eight are waiting, those whose names come first are drawn; few users never see it."""

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        pairs = [pair for pair in combinations(self.pool, 2) if not self.blocks.between(*pair)]
        if len(self.pool) < 9 or not pairs:
            return None
        if choose(20) == 0:
            return min(pairs, key=lambda pair: sorted(map(str, pair)))
        return pairs[choose(len(pairs))]


class AvoidsThePatient(Sound):
    """By lot, but one time in ten among those who have not waited longest."""

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        pairs = [pair for pair in combinations(self.pool, 2) if not self.blocks.between(*pair)]
        if len(self.pool) < 3 or not pairs:
            return None
        longest = next(iter(self.pool))
        others = [pair for pair in pairs if longest not in pair]
        wanted = others if others and choose(10) == 0 else pairs
        return wanted[choose(len(wanted))]


class NewestFirst(Sound):
    """Draws the newest two, so that the others go on waiting."""

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        newest_first = [*self.pool][::-1]
        return next((pair for pair in combinations(newest_first, 2) if not self.blocks.between(*pair)), None)


class Slow(Sound):
    """Walks through all users who were ever paired and have not left."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[User, int] = {}

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        for _ in self.known:
            pass
        return super().draw(now, choose)

    def paired(self, first: User, second: User) -> None:
        super().paired(first, second)
        self.known[first] = self.known[second] = 1

    def forget(self, user: User) -> None:
        self.known.pop(user, None)

    def snapshot(self) -> Any:
        return list(self.known.items())

    def restore(self, memory: Any) -> None:
        self.known = dict(map(tuple, memory))


class AlmostByLot(Sound):
    """Draws the second from all, and goes on to the next where that is the first: a well-known mistake."""

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        users = list(self.pool)
        if len(users) < 3 or self.blocks.apart:
            return super().draw(now, choose)
        first, second = choose(len(users)), choose(len(users))
        return users[first], users[second if second != first else (first + 1) % len(users)]


class SaysFalse(Sound):
    """Returns False for "no pair"."""

    def draw(self, now: float, choose: Choose) -> Any:
        return len(self.pool) >= 3 and super().draw(now, choose)


class NoDeadline(Sound):
    """Returns None for "no deadline"."""

    def deadline(self, now: float) -> Any:
        return None


class TakesOut(Sound):
    """Takes the two out of the pool itself."""

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        return (self.pool.popitem()[0], self.pool.popitem()[0]) if len(self.pool) > 1 else None


class Rebinds(Sound):
    """Sorts the pool, and binds the attribute to another one."""

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        self.pool = dict(sorted(self.pool.items(), key=lambda item: item[1].since))
        return super().draw(now, choose)


class Empties(Sound):
    """Clears the pool once it is done with it."""

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        pair = super().draw(now, choose)
        if pair is None:
            self.pool.clear()
        return pair


class CallsBack(Sound):
    """Lets time pass while it is asked."""

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        frame = sys._getframe()
        while not isinstance(roulette := frame.f_locals.get("self"), Roulette):
            assert frame.f_back is not None
            frame = frame.f_back
        roulette.handle(Tick(), now)
        return super().draw(now, choose)


class NamesNobody(Sound):
    """Draws users by another spelling of what they are."""

    def draw(self, now: float, choose: Choose) -> Any:
        pair = super().draw(now, choose)
        return pair and [list(pair)]


class DrawsTwice(Sound):
    """Lists two pairs with one user in common."""

    def draw(self, now: float, choose: Choose) -> Drawn:
        users = list(self.pool)
        return [(users[0], users[1]), (users[1], users[2])] if len(users) > 2 else None


class ForgetsUpdates(Sound):
    """Pairs users with the same interests, and looks at what these are when a search begins only."""

    cast = Role(("chess",)), Role(("go",))

    def __init__(self) -> None:
        super().__init__()
        self.interests: dict[User, tuple[str, ...]] = {}

    def enter(self, searcher: Searcher) -> None:
        super().enter(searcher)
        self.interests[searcher.user] = searcher.interests

    def leave(self, user: User) -> None:
        super().leave(user)
        del self.interests[user]

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        pairs = (pair for pair in combinations(self.pool, 2) if not self.blocks.between(*pair))
        return next((pair for pair in pairs if self.interests[pair[0]] == self.interests[pair[1]]), None)


class ForgetsUnblocked(Sound):
    """Tries each pair once, though two who may not meet now may meet when a block is taken back."""

    def __init__(self) -> None:
        super().__init__()
        self.tried: set[frozenset[User]] = set()

    def leave(self, user: User) -> None:
        super().leave(user)
        self.tried = {pair for pair in self.tried if user not in pair}

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        for pair in combinations(self.pool, 2):
            if frozenset(pair) not in self.tried and not self.blocks.between(*pair):
                return pair
            self.tried.add(frozenset(pair))
        return None


class Mentors(Sound):
    """Sound: a mentor meets a mentee, both longest-waiting first."""

    cast = Role(attributes={"role": "mentor"}), Role(attributes={"role": "mentee"})

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        pairs = product(self.playing("mentor"), self.playing("mentee"))
        return next((pair for pair in pairs if not self.blocks.between(*pair)), None)

    def playing(self, role: str) -> list[User]:
        return [user for user, searcher in self.pool.items() if searcher.attributes.get("role") == role]


class PairsMentorsWithThemselves(Mentors):
    """Takes a mentor for a mentee, too."""

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        mentors, mentees = self.playing("mentor"), self.playing("mentee")
        return (mentors[0], mentors[0]) if mentors and mentees else None


class Childless(Mentors):
    """Its cast has no mentees, so no users are ever paired, and nothing is found out."""

    cast = (Role(attributes={"role": "mentor"}),)
