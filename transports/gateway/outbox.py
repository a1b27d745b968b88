"""Turns effects of the core into output for the connections concerned."""

from collections.abc import Sequence
from itertools import repeat

from roulette_core import Effect, Explanation, PrivateLine, Roulette, State, User
from roulette_core.driver import Driver, Told, Waiting
from transports.dialects import Dialect, Situation
from transports.gateway.outputs import Connection, Order, Output
from transports.gateway.session import Session


class Outbox:
    """Collects output."""

    def __init__(self, roulette: Roulette) -> None:
        self.sessions: dict[Connection, Session] = {}  # the open ones; ``Sessions`` keeps them up to date
        self.users: dict[User, Session] = {}  # those with a pseudonym, until the core has handled their ``Leave``
        self.driver = Driver(roulette, alike=self._dialect)  # a line for the lobby is encoded once per dialect
        self._roulette = roulette
        self._outputs: list[Output] = []

    def collect(self) -> list[Output]:
        """Returns the output since the last call."""
        outputs, self._outputs = self._outputs, []
        return outputs

    def send(self, session: Session, what: bytes | Order) -> None:
        """Sends bytes or an order to a connection, unless its session has ended."""
        if what and session.connection in self.sessions:
            self._outputs.append((session.connection, what))

    def carry_out(self, told: Sequence[Told], now: float) -> None:
        """Tells users of effects, and then sends to each user concerned the resulting situation."""
        if len(told) == 1:
            line = told[0][0]
            if type(line) is PrivateLine:  # by far the most frequent; no situation changes
                session = self.users[line.recipient]
                self.send(session, session.dialect.told(line, line.recipient, self.name))
                return
        concerned: dict[User, Explanation | None] = {}
        for effect, to, lobby in told:
            if lobby:
                self._to_lobby(effect, to)
                continue
            for user in to:
                if isinstance(effect, Waiting):
                    concerned[user] = effect.explanation
                else:
                    concerned[user] = None
                    self._to_user(effect, user)
        for user, why in concerned.items():
            if user in self.users:
                self.send_situation(self.users[user], now, why)

    def send_situation(self, session: Session, now: float, why: Explanation | None = None) -> None:
        """Sends a user their state, and what they can do in it; ``why`` they wait, if that is known already."""
        user, roulette = session.connection, self._roulette
        if user not in self.sessions:
            return
        situation = Situation(roulette.state(user))
        if situation.state is State.LOBBY:
            situation = situation._replace(others=self.driver.hearers - 1)
        elif situation.state is State.PRIVATE:
            partner = roulette.partner(user)
            assert partner is not None, "a user in private has a partner"
            situation = situation._replace(partner=self.name(partner), chat=roulette.chat(user))
        else:
            why = why or roulette.explain(user)
            situation = situation._replace(
                reason=why.code,
                explanation=session.dialect.wording.reason(why),
                waited=max(now, roulette.now) - (roulette.waiting_since(user) or 0.0),
            )
        self.send(session, session.dialect.situation(situation))

    def _dialect(self, user: User) -> Dialect:
        return self.users[user].dialect

    def name(self, user: User) -> str:
        """Returns the pseudonym as it is shown."""
        return self.users[user].name

    def _to_user(self, effect: Effect, user: User) -> None:
        session = self.users[user]
        self.send(session, session.dialect.told(effect, user, self.name))

    def _to_lobby(self, effect: Effect | Waiting, hearers: Sequence[User]) -> None:
        """Tells hearers who all have one dialect, so that the line is encoded once."""
        if hearers and not isinstance(effect, Waiting):
            self._outputs.extend(zip(hearers, repeat(self._dialect(hearers[0]).announced(effect, self.name))))
