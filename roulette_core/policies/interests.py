"""Pairs users who share an interest, and after a while any users."""

from collections import OrderedDict
from collections.abc import Iterator
from typing import Any, ClassVar

from roulette_core._history import Latest
from roulette_core.errors import BadPolicy
from roulette_core.events import User
from roulette_core.policies._partners import RemembersPartners
from roulette_core.policies.policy import NEVER, Choose, Explanation, Role
from roulette_core.searcher import Searcher


class Interests(RemembersPartners):
    """Two users who share an interest meet at once; failing that, two who are open to any topic.

    A user is open at once if they named no interest, otherwise after ``patience``. Two users who were each other's
    latest partner do not meet again until both have waited for ``patience``.

    Only a user who has just entered, or has just become open, can complete a pair: a draw tries only those. Any two
    users waiting for one interest may meet unless they have just left each other or are blocked, so between events
    more than two wait for it only because of blocks. The same holds for those who are open. So a draw takes time by the
    number of interests and blocks of one user, whatever the number of users.

    Args:
        patience: how long to wait for a shared interest, in seconds, more than 0.
    """

    name: ClassVar[str] = "interests"
    cast: ClassVar[tuple[Role, ...]] = (Role(), Role(("music",)))

    def __init__(self, patience: float = 10.0) -> None:
        if not 0 < patience < NEVER:
            raise BadPolicy(f"interests need a patience of more than 0 seconds, not {patience:g}")
        self._latest = Latest()
        super().__init__(self._latest, patience=patience)
        self.patience = patience
        # OrderedDicts, because taking many from the front of a dict gets slower with each.
        self.pool: OrderedDict[User, Searcher] = OrderedDict()
        self._patient: OrderedDict[User, float] = OrderedDict()
        self._interests: dict[User, tuple[str, ...]] = {}
        self._about: dict[str, dict[User, None]] = {}
        self._open: dict[User, None] = {}
        self._untried: dict[User, None] = {}
        self._impatient_before: set[User] = set()
        self._arrivals = 0
        self._arrival: dict[User, int] = {}

    def enter(self, searcher: Searcher) -> None:
        """Lists the user under each interest, or as open to any topic."""
        user = searcher.user
        self.pool[user] = searcher
        self._arrivals += 1
        self._arrival[user] = self._arrivals
        if user in self._impatient_before:
            self._impatient_before.discard(user)
            self._open[user] = None
        else:
            self._patient[user] = searcher.since
        self._list(searcher)

    def update(self, searcher: Searcher) -> None:
        """Lists the user under other interests instead."""
        self._unlist(searcher.user)
        if searcher.user in self._patient:
            self._open.pop(searcher.user, None)
        self._list(searcher)

    def unblocked(self, first: User, second: User) -> None:
        """Tries the two again."""
        self._untried[first] = self._untried[second] = None

    def leave(self, user: User) -> None:
        """Takes the user out of every list."""
        del self.pool[user], self._arrival[user]
        self._unlist(user)
        self._patient.pop(user, None)
        self._open.pop(user, None)
        self._untried.pop(user, None)

    def _list(self, searcher: Searcher) -> None:
        user = searcher.user
        self._interests[user] = searcher.interests
        for interest in searcher.interests:
            self._about.setdefault(interest, {})[user] = None
        if not searcher.interests:
            self._open[user] = None
        self._untried[user] = None

    def _unlist(self, user: User) -> None:
        for interest in self._interests.pop(user):
            users = self._about[interest]
            del users[user]
            if not users:
                del self._about[interest]

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        """Returns a pair of those who can complete one: a shared interest first, then the longest-waiting."""
        pair = self._try()
        while pair is None and self._patient:
            user, since = next(iter(self._patient.items()))
            if since + self.patience > now:
                break
            del self._patient[user]
            self._open[user] = self._untried[user] = None
            pair = self._try()
        return pair

    def _try(self) -> tuple[User, User] | None:
        pair = min(self._sharing(), default=None) or min(self._both_open(), default=None)
        if pair is None:
            # None of them completes a pair, so none will until another user enters or becomes open.
            self._untried.clear()
            return None
        return pair[2], pair[3]

    def _sharing(self) -> Iterator[tuple[int, int, User, User]]:
        for user in self._untried:
            apart = self.blocks.apart.get(user, ())
            for interest in self._interests[user]:
                for other in self._about[interest]:
                    if other != user and other not in apart and not self._latest.between(user, other):
                        yield self._by_arrival(user, other)

    def _both_open(self) -> Iterator[tuple[int, int, User, User]]:
        waiting = self._patient
        for user in filter(self._open.__contains__, self._untried):
            apart = self.blocks.apart.get(user, ())
            for other in self._open:
                if other != user and other not in apart:
                    both_impatient = user not in waiting and other not in waiting
                    if both_impatient or not self._latest.between(user, other):
                        yield self._by_arrival(user, other)

    def _by_arrival(self, user: User, other: User) -> tuple[int, int, User, User]:
        """Returns a pair, longest-waiting first, after its sort key: no two arrival numbers are equal."""
        first, second = self._arrival[user], self._arrival[other]
        return (first, second, user, other) if first < second else (second, first, other, user)

    def deadline(self, now: float) -> float:
        """Returns when the next user loses patience, if another user is there to meet."""
        if len(self.pool) < 2 or not self._patient:
            return NEVER
        return next(iter(self._patient.values())) + self.patience

    def explain(self, user: User, now: float) -> Explanation:
        """Returns that no interest is shared, or that no open user may be met."""
        if len(self.pool) < 2:
            return super().explain(user, now)
        until = self.pool[user].since + self.patience
        if self._interests[user] and until > now:
            left = round(until - now)
            text = f"no eligible user shares an interest with you; in {left} s interests no longer count"
            return Explanation("no_shared_interest", text, (left,), until)
        if not self.blocks.all_between(user, self._open):
            return Explanation("only_latest_partner", "the only other user open to any topic is your last partner")
        return Explanation("others_particular", "all other waiting users asked for other interests")

    def snapshot(self) -> Any:
        """Returns each user's latest partner, and which users of the pool have lost patience.

        The roulette itself keeps the interests.
        """
        impatient = [user for user in self.pool if user not in self._patient]
        return {**super().snapshot(), "impatient": impatient}

    def restore(self, memory: Any) -> None:
        """Takes back each user's latest partner; users who had lost patience enter the pool as open."""
        super().restore(memory)
        self._impatient_before = set(memory.get("impatient", ()))
