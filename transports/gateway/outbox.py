"""Turns effects of the core into output for the connections concerned."""

from collections.abc import Sequence

from roulette_core import Effect, Joined, Left, Paired, Parted, PrivateLine, Roulette, State, User, audience
from transports.dialects import Dialect, Situation
from transports.gateway.outputs import Connection, Order, Output
from transports.gateway.session import Session


class Outbox:
    """Collects output, and follows, effect by effect, which users hear the lobby."""

    def __init__(self, roulette: Roulette) -> None:
        self.sessions: dict[Connection, Session] = {}  # the open ones; ``Sessions`` keeps them up to date
        self.users: dict[User, Session] = {}  # those with a pseudonym, until the core has handled their ``Leave``
        self._roulette = roulette
        # Who hears the lobby, grouped by dialect, so that a line for them is encoded once per dialect.
        self._lobby: dict[Dialect, dict[User, None]] = {}
        self._outputs: list[Output] = []

    def collect(self) -> list[Output]:
        """Returns the output since the last call."""
        outputs, self._outputs = self._outputs, []
        return outputs

    def send(self, session: Session, what: bytes | Order) -> None:
        """Sends bytes or an order to a connection, unless its session has ended."""
        if what and session.connection in self.sessions:
            self._outputs.append((session.connection, what))

    def carry_out(self, effects: Sequence[Effect], now: float) -> None:
        """Sends effects to their audiences, and then to each user concerned the resulting situation."""
        if len(effects) == 1 and type(effects[0]) is PrivateLine:  # by far the most frequent; no situation changes
            self._to_user(effects[0], effects[0].recipient)
            return
        concerned: dict[User, None] = {}
        for effect in effects:
            users, lobby, but = audience(effect)
            self._move(effect)
            for user in users:
                self._to_user(effect, user)
            if lobby:
                self._to_lobby(effect, but)
            concerned.update(dict.fromkeys(users))
        for user in concerned:
            if user in self.users:
                self.send_situation(self.users[user], now)

    def send_situation(self, session: Session, now: float) -> None:
        """Sends a user their state, and what they can do in it."""
        user, roulette = session.connection, self._roulette
        if user not in self.sessions:
            return
        situation = Situation(roulette.state(user))
        if situation.state is State.LOBBY:
            situation = situation._replace(others=sum(map(len, self._lobby.values())) - 1)
        elif situation.state is State.PRIVATE:
            partner = roulette.partner(user)
            assert partner is not None, "a user in private has a partner"
            situation = situation._replace(partner=self.name(partner), chat=roulette.chat(user))
        else:
            why = roulette.explain(user)
            situation = situation._replace(
                reason=why.code,
                explanation=session.dialect.wording.reason(why),
                waited=max(now, roulette.now) - (roulette.waiting_since(user) or 0.0),
            )
        self.send(session, session.dialect.situation(situation))

    def change_dialect(self, session: Session, dialect: Dialect) -> None:
        """Switches a session to another dialect; a user who hears the lobby changes groups there."""
        hears = self._roulette.state(session.connection) in (State.LOBBY, State.SEARCHING)
        if hears:
            self._leave(session.connection)
        session.dialect = dialect
        if hears:
            self._enter(session.connection)

    def name(self, user: User) -> str:
        """Returns the pseudonym as it is shown."""
        return self.users[user].name

    def _to_user(self, effect: Effect, user: User) -> None:
        session = self.users[user]
        self.send(session, session.dialect.told(effect, user, self.name))

    def _to_lobby(self, effect: Effect, but: User | None) -> None:
        for dialect, users in self._lobby.items():
            if not users:
                continue
            data = dialect.announced(effect, self.name)
            self._outputs.extend([(user, data) for user in users if user != but])

    def _move(self, effect: Effect) -> None:
        match effect:
            case Joined(user):
                self._enter(user)
            case Paired(first, second):
                self._leave(first)
                self._leave(second)
            case Parted(user, partner):
                self._enter(user)
                self._enter(partner)
            case Left(user):
                self._leave(user)

    def _enter(self, user: User) -> None:
        self._lobby.setdefault(self.users[user].dialect, {})[user] = None

    def _leave(self, user: User) -> None:
        del self._lobby[self.users[user].dialect][user]
