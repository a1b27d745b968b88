"""A gateway with users and an operator, without a socket."""

import io
from collections.abc import Callable, Sequence
from typing import Any

from rich.console import Console

from roulette_core import Effect, Event
from tests.support.gateway_fixture import GatewayFixture
from transports.gateway import ConnectionEvent, GatewayObserver, Output
from transports.operator.answers import Answer
from transports.operator.commands import Operator
from transports.operator.statistics import Statistics
from transports.operator.tables import rendered


class OperatorFixture(GatewayFixture):
    """A gateway with users, and an operator who commands it.

    Args:
        policy: the pairing policy.
        observers: further observers, beside the statistics.
        settings: further arguments of the gateway fixture.
    """

    def __init__(self, policy: str = "no-repeat", observers: Sequence[GatewayObserver] = (), **settings: Any) -> None:
        self.statistics = Statistics()
        self.observers = (self.statistics, *observers)
        self.stopped = False
        super().__init__(policy, **settings)
        self.operator = Operator(self, self.statistics)

    def handled(self, now: float, event: Event, effects: tuple[Effect, ...]) -> None:
        super().handled(now, event, effects)
        for observer in self.observers:
            observer.handled(now, event, effects)

    def happened(self, now: float, event: ConnectionEvent) -> None:
        super().happened(now, event)
        for observer in self.observers:
            observer.happened(now, event)

    # As a driver.

    def clock(self) -> float:
        return self.now

    def advance(self, step: Callable[..., list[Output]], *what: Any) -> None:
        self.carry(step(*what, self.now))

    def stop(self) -> None:
        self.stopped = True

    # As an operator.

    def obey(self, command: str) -> Answer:
        """Returns the answer to a command."""
        return self.operator.obey(command)

    def arrive(self, name: str, address: str) -> int:
        """Connects a user from an address."""
        number = self.connect(address)
        self.type(number, name)
        return number


def shown(answer: Answer) -> str:
    """Returns an answer as a terminal of 80 columns without colour shows it."""
    out = io.StringIO()
    Console(file=out, width=80, highlight=False, markup=False, color_system=None).print(rendered(answer))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def sample_chat() -> OperatorFixture:
    """Returns always the same chat: two users in private, one waiting, one in the lobby, one unregistered."""
    chat = OperatorFixture()
    ada, bob, carol, _ = (
        chat.arrive(name, f"198.51.100.{number}") for number, name in enumerate(("ada", "bob", "carol", "Élodie"), 1)
    )
    chat.connect("2001:db8::7")
    chat.type(ada, "hello, all", "start")
    chat.now = 2.0
    chat.type(bob, "start")
    chat.type(ada, "hello, bob", "start")
    chat.type(bob, "hi")
    chat.type(carol, "start")
    chat.now = 14.25
    return chat
