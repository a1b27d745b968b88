"""An app's wrapper beside a plain roulette with the same policy and seed: what users must hear, and what they hear."""

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol, cast

from roulette_core.effects import Effect, Joined, Left, Paired, Parted, audience
from roulette_core.events import Event, Leave, Tick, User
from roulette_core.machine import Roulette
from roulette_core.testing.clients import ASKED, Account, Entry, SawClosed, judge, sighting_of


class Wrapper(Protocol):
    """What the tests ask of an app that has wrapped a roulette: an adapter of a few lines.

    The app's clock stands at 0 s to begin with, and afterwards at the ``now`` that was handed over last.
    """

    def ask(self, event: Event, now: float) -> object:
        """A user asks for something: any event but ``Tick``."""

    def advance(self, now: float) -> object:
        """Nobody asks anything, but it is later now: the app does what it does by time alone."""

    def heard(self, user: User) -> Iterable[Effect]:
        """The effects that a user has been told of since this was last asked, in their order."""


class Lists(Protocol):
    """What is asked of a wrapper beyond ``Wrapper`` that claims ``lists``."""

    def present(self) -> Iterable[User]:
        """Everybody of whom the app knows anything, in any order."""


class Restores(Protocol):
    """What is asked of a wrapper beyond ``Wrapper`` that claims ``restores``."""

    def restarted(self) -> Wrapper:
        """Ends the app as it ends for good, and starts it anew from what it has kept."""


class Due(NamedTuple):
    """Something that a user is to hear.

    Attributes:
        effect: what.
        must: whether they must. An app may find out who is in the lobby as it carries out each effect, or once when
            all has happened; where that makes a difference both are right.
    """

    effect: Effect
    must: bool


class Rehearsal:
    """Asks the wrapper and the plain roulette for the same, and compares.

    Args:
        wrapper: the app, in which nothing has happened yet.
        policy: the specification of its policy.
        seed: where its policy's chance starts.
        users: everybody who may come.

    Attributes:
        roulette: the plain one.
        wrapper: the app.
        now: the time, in seconds.
    """

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
        """Has a user ask for something.

        Raises:
            AssertionError: somebody hears what they are not to hear, or does not hear what they are to.
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
        """Has time pass, without anybody asking anything."""
        self.now += seconds
        self.ask(Tick())

    def restart(self) -> None:
        """Has the app end and start anew at once; what it goes on from must be all that it was."""
        self.ask(Tick())
        self._done.append(f"at {self.now:g} s: a restart")
        self.wrapper = cast(Restores, self.wrapper).restarted()
        self.roulette = Roulette.restore(json.loads(json.dumps(self.roulette.snapshot())))

    def compare_who_is_there(self) -> None:
        """Has the app say of whom it knows anything.

        Raises:
            AssertionError: these are not those who are there.
        """
        known, there = set(cast(Lists, self.wrapper).present()), set(self.roulette.users())
        if known != there:
            raise AssertionError(self.told(f"the app knows {known}, and those who are there are {there}"))

    def judge(self) -> None:
        """Has a judge look at what everybody has seen.

        Raises:
            AssertionError: it does not fit together.
        """
        for breach in judge(self._accounts.values()).breaches:
            raise AssertionError(self.told(breach.detail))

    def _enter(self, event: Event, effects: list[Effect]) -> None:
        """Notes what somebody asks; whoever is refused a name has not come."""
        for effect in effects:
            if isinstance(effect, Joined):
                self._visits[effect.user] = effect.name
                self._accounts[effect.name] = Account(effect.name)
        if not isinstance(event, Tick) and event.user in self._visits:
            self._accounts[self._visits[event.user]].entries.append(Entry(self.now, event))

    def _compare(self, effects: list[Effect]) -> None:
        due: dict[User, list[Due]] = {user: [] for user in self._users}
        for effect in effects:
            for user, must in self._hearers(effect):
                due[user].append(Due(effect, must))
        for user in self._users:
            self._compare_one(user, due[user], list(self.wrapper.heard(user)))

    def _hearers(self, effect: Effect) -> Iterator[tuple[User, bool]]:
        """Who hears of an effect by its audience, or by who is there when all has happened; and whether by both."""
        users, lobby, but = audience(effect)
        self._move(effect)
        exact = {*users, *(self._outside if lobby else ())} - ({but} if lobby and but not in users else set())
        late = set(self.roulette.recipients(effect))
        for user in self._users:
            if user in exact or user in late:
                yield user, user in exact and user in late

    def _move(self, effect: Effect) -> None:
        """Keeps up with who is outside private."""
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
