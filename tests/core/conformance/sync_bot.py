"""An app without asyncio, which the tests advance by hand; test_wrapper.py spoils it in many ways."""

import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterable

from roulette_core import Effect, Event, Join, Leave, Left, Lobby, Next, Roulette, Say, Start, Tick, User
from roulette_core.testing.conformance import UserEvent

COMMANDS: dict[str, Callable[[User], Event]] = {"start": Start, "next": Next, "lobby": Lobby, "close": Leave}
POLICY = "fresh:memory=3,patience=20"
SILENCE = float("inf")  # seconds without a message after which a user has vanished; the tests let hours pass


class Bot:
    """What the library leaves to its caller: the clock, delivery, idle users, a snapshot to resume from."""

    def __init__(
        self, send: Callable[[User, Effect], object], saved: str = "", clock: Callable[[], float] = time.monotonic
    ):
        self.send, self.clock = send, clock
        self.roulette = Roulette.restore(json.loads(saved)) if saved else Roulette(POLICY)
        self.offset = self.roulette.now - clock()  # time goes on from where the snapshot was taken
        self.heard = dict.fromkeys(self.roulette.users(), self.roulette.now)

    def now(self) -> float:
        return max(self.roulette.now, self.offset + self.clock())

    def receive(self, user: User, text: str) -> None:
        """Handles a message: first the user's name, then commands and lines of chat."""
        if user not in self.roulette:
            self.handle(Join(user, name=text))
        else:
            self.handle(COMMANDS[text](user) if text in COMMANDS else Say(user, text))
        if user in self.roulette:
            self.heard[user] = self.now()

    def handle(self, event: Event) -> None:
        """Handles what has become due, then the event, so that each effect finds the state it belongs to."""
        now = self.now()
        for step in (Tick(), event):
            for effect in self.roulette.handle(step, now):
                self.carry_out(effect)

    def carry_out(self, effect: Effect) -> None:
        if isinstance(effect, Left):
            del self.heard[effect.user]
        for user in self.roulette.recipients(effect):
            self.tell(user, effect)

    def tell(self, user: User, effect: Effect) -> None:
        self.send(user, effect)

    def pass_time(self) -> float:
        """Handles what is due by time alone. Returns how long to sleep before the next call, in seconds."""
        self.handle(Tick())
        for user in [user for user, heard in self.heard.items() if heard + SILENCE < self.now()]:
            self.handle(Leave(user))
        deadline = self.roulette.next_deadline()
        return 1.0 if deadline is None else min(1.0, max(0.001, deadline - self.now()))


class BotOnStage:
    """The bot without a network, on a clock that the tests set; it keeps what it sends."""

    bot_class = Bot

    def __init__(self, policy: str, seed: int) -> None:
        self.now = 0.0
        self.sent: defaultdict[User, list[Effect]] = defaultdict(list)
        self.bot = self.started()
        self.bot.roulette = Roulette(policy, seed)

    def started(self, saved: str = "") -> Bot:
        """Returns a bot that goes on from what was saved, and keeps effects instead of sending sentences."""
        bot = self.bot_class(lambda user, text: None, saved, clock=lambda: self.now)
        bot.send = lambda user, effect: self.sent[user].append(effect)
        return bot

    def ask(self, event: UserEvent, now: float) -> None:
        """Passes on a user's request."""
        self.now = now
        match event:
            case Join(user, name):
                self.bot.receive(user, name)
            case Say(user, text):
                self.bot.receive(user, text)
            case Leave(user):
                self.bot.receive(user, "close")
            case _:
                self.bot.receive(event.user, event.kind)

    def advance(self, now: float) -> None:
        """Lets time pass without a request."""
        self.now = now
        self.bot.pass_time()

    def heard(self, user: User) -> list[Effect]:
        """Returns the effects that a user was told of since the last call."""
        return self.sent.pop(user, [])

    def present(self) -> Iterable[User]:
        """Returns all users whom the bot knows."""
        return self.bot.heard

    def restart(self) -> None:
        """Stops the bot, and starts it again from what it has saved."""
        self.bot = self.started(json.dumps(self.bot.roulette.snapshot()))
