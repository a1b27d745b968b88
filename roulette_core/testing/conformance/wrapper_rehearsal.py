"""An app's wrapper beside a plain roulette with the same policy and seed: what users must be told, and are told."""

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol, cast

from roulette_core.effects import Effect, Joined, Left, Paired, Parted, audience
from roulette_core.events import Event, Leave, Tick, User
from roulette_core.machine import Roulette
from roulette_core.testing.clients import ASKED, Account, Entry, SawClosed, judge, sighting_of


class Wrapper(Protocol):
    """The adapter between the tests and an app around a roulette: a few lines.

    The app's clock starts at 0 s, and afterwards shows the ``now`` of the latest call.
    """

    def ask(self, event: Event, now: float) -> object:
        """Passes a user's request to the app: any event but ``Tick``."""

    def advance(self, now: float) -> object:
        """Lets the app do what is due by ``now``, without a request."""

    def heard(self, user: User) -> Iterable[Effect]:
        """Returns the effects that a user was told of since the last call, in order."""


class Lists(Protocol):
    """The additional method of a wrapper that claims ``lists``."""

    def present(self) -> Iterable[User]:
        """Returns all users whom the app knows, in any order."""


class Restores(Protocol):
    """The additional method of a wrapper that claims ``restores``."""

    def restarted(self) -> Wrapper:
        """Shuts the app down and returns it restarted from what it has saved."""


class Due(NamedTuple):
    """An effect that a user must be told of, or may be told or not.

    An app may resolve the lobby as it carries out each effect, or once after the whole answer; if that makes a
    difference, both are right.
    """

    effect: Effect
    must: bool


class Rehearsal:
    """Passes the same requests to the wrapper, just started, and to a plain roulette, and compares."""

    def __init__(self, wrapper: Wrapper, policy: str, seed: int, users: Iterable[User]) -> None:
        self.roulette = Roulette(policy, seed)
        self.wrapper = wrapper
        self.now = 0.0
        self._outside: dict[User, None] = {}
        self._visits: dict[User, str] = {}
        self._accounts: dict[str, Account] = {}
        self._users = list(users)
        self._done: list[str] = []

    def ask(self, event: Event) -> None:
        """Passes on a request and compares what users are told.

        Raises:
            AssertionError: a user is told what is not for them, or is not told what is.
        """
        self._done.append(f"at {self.now:g} s: {event}")
        effects = [effect for step in (Tick(), event) for effect in self.roulette.handle(step, self.now)]
        self._enter(event, effects)
        if isinstance(event, Tick):
            self.wrapper.advance(self.now)
        else:
            self.wrapper.ask(event, self.now)
        self._compare(effects)
        if isinstance(event, Leave):
            self._accounts[self._visits.pop(event.user)].entries.append(Entry(self.now, SawClosed(ASKED)))

    def wait(self, seconds: float) -> None:
        """Lets time pass without a request."""
        self.now += seconds
        self.ask(Tick())

    def restart(self) -> None:
        """Restarts the app, and the plain roulette from its snapshot."""
        self.ask(Tick())
        self._done.append(f"at {self.now:g} s: a restart")
        self.wrapper = cast(Restores, self.wrapper).restarted()
        self.roulette = Roulette.restore(json.loads(json.dumps(self.roulette.snapshot())))

    def compare_users(self) -> None:
        """Compares the users whom the app knows with those present.

        Raises:
            AssertionError: they differ.
        """
        known, there = set(cast(Lists, self.wrapper).present()), set(self.roulette.users())
        if known != there:
            raise AssertionError(self.told(f"the app knows {known}, but the users present are {there}"))

    def judge(self) -> None:
        """Lets the judge compare what all users have seen.

        Raises:
            AssertionError: it is inconsistent.
        """
        for breach in judge(self._accounts.values()).breaches:
            raise AssertionError(self.told(breach.detail))

    def _enter(self, event: Event, effects: list[Effect]) -> None:
        """Records a request in the user's account, which begins when a ``Join`` succeeds."""
        for effect in effects:
            if isinstance(effect, Joined):
                self._visits[effect.user] = effect.name
                self._accounts[effect.name] = Account(effect.name)
        if not isinstance(event, Tick) and event.user in self._visits:
            self._accounts[self._visits[event.user]].entries.append(Entry(self.now, event))

    def _compare(self, effects: list[Effect]) -> None:
        due: dict[User, list[Due]] = {user: [] for user in self._users}
        for effect in effects:
            for user, must in self._recipients(effect):
                due[user].append(Due(effect, must))
        for user in self._users:
            self._compare_one(user, due[user], list(self.wrapper.heard(user)))

    def _recipients(self, effect: Effect) -> Iterator[tuple[User, bool]]:
        """Yields the recipients of an effect by either way of resolving the lobby, and whether by both."""
        users, lobby, but = audience(effect)
        self._move(effect)
        exact = {*users, *(self._outside if lobby else ())} - ({but} if lobby and but not in users else set())
        late = set(self.roulette.recipients(effect))
        for user in self._users:
            if user in exact or user in late:
                yield user, user in exact and user in late

    def _move(self, effect: Effect) -> None:
        """Moves users in and out of private."""
        match effect:
            case Joined(user):
                self._outside[user] = None
            case Paired(first, second):
                del self._outside[first], self._outside[second]
            case Parted(user, partner):
                self._outside |= {user: None, partner: None}
            case Left(user):
                del self._outside[user]

    def _compare_one(self, user: User, due: list[Due], heard: list[Effect]) -> None:
        remaining = iter(heard)
        following = next(remaining, None)
        for effect, must in due:
            if following == effect:
                self._note(user, effect)
                following = next(remaining, None)
            elif must:
                raise AssertionError(self.told(f"{user!r} was to be told {effect}, and was told {following}"))
        if following is not None:
            raise AssertionError(self.told(f"{user!r} was told {following}, which was not for them, or not then"))

    def _note(self, user: User, effect: Effect) -> None:
        if user in self._visits:
            sighting = sighting_of(effect, user, self._visits.__getitem__)
            self._accounts[self._visits[user]].entries.append(Entry(self.now, sighting))

    def told(self, fault: str) -> str:
        """Returns a description of a fault, with all that led to it."""
        return "\n".join([fault, "after this:", *(f"  {step}" for step in self._done)])
