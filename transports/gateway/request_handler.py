"""Carries out the requests of sessions, no faster than the rate limit allows."""

from collections.abc import Mapping, Sequence

from roulette_core import Block, Blocked, Event, Say, State, Unblock, Unblocked, User, harmless
from roulette_core.names import comparison_key
from transports.dialects import (
    INTERESTS_LIMIT,
    LANGUAGES,
    PONG,
    CloseReason,
    Cost,
    Dialect,
    JsonDialect,
    Message,
    Request,
    TextDialect,
    Wording,
    pseudonym,
)
from transports.gateway.connection_events import Garbage, Throttled
from transports.gateway.ended_chat import addressed, extend
from transports.gateway.session import Session
from transports.gateway.sessions import Sessions

# Language → dialect. One object of each for all connections: the lobby is encoded once for each object.
TEXT: Mapping[str, Dialect] = {code: TextDialect(wording) for code, wording in LANGUAGES.items()}
JSON: Mapping[str, Dialect] = {code: JsonDialect(wording) for code, wording in LANGUAGES.items()}

_ELSEWHERE = frozenset({Message.CHAT_OVER, Message.NOT_IN_LOBBY})
"""The refusals of requests that belong to a place where the user is not."""

new = tuple.__new__
"""Makes tuples in half the time: the constructor of a NamedTuple is Python code."""

_GARBAGE = frozenset({Message.LINE_TOO_LONG, Message.NOT_UNDERSTOOD})


class _RequestContext:
    """What commands can do for the user of one session, at one time: a ``Context`` of ``transports.dialects``."""

    __slots__ = ("_now", "_session", "_sessions", "asked")  # made for every packet, so as small as can be

    def __init__(self, sessions: Sessions, session: Session, now: float) -> None:
        self._sessions = sessions
        self._session = session
        self._now = now
        self.asked = PONG  # the request that is carried out

    @property
    def user(self) -> User:
        return self._session.connection

    @property
    def wording(self) -> Wording:
        return self._session.dialect.wording

    def handle(self, event: Event) -> None:
        reason = self._sessions.driver.handle(event, self._now)
        if reason is not None:
            self.refuse(Message(reason.value))

    def say(self, request: Request) -> None:
        event = new(Say, (self._session.connection, request.text, request.chat, "say"))
        reason = self._sessions.driver.handle(event, self._now)
        if reason is not None:
            self.refuse(Message(reason.value))
        elif request.tag is not None:
            chat = self._sessions.driver.roulette.chat(self.user)
            self._sessions.outbox.send(self._session, self._session.dialect.said(request.tag, chat))

    def block(self, request: Request) -> None:
        ended = self._session.ended
        if request.name:
            self._block(comparison_key(request.name), request.chat)
        elif ended is not None and request.chat == ended.chat:
            self._block(ended.partner, None)
        else:
            self.handle(Block(self.user, None, request.chat))

    def _block(self, key: str, chat: int | None) -> None:
        driver, ended = self._sessions.driver, self._session.ended
        other = driver.roulette.named(key)
        if other is not None and other != self.user:
            self.handle(Block(self.user, other, chat))
        elif ended is not None and key == ended.partner:
            driver.block_absent(self.user, key)
            self._tell(Blocked(self.user, self.user, key), ended.name)
        else:
            self.refuse(Message.NO_SUCH_USER)

    def unblock(self, request: Request) -> None:
        driver, key = self._sessions.driver, comparison_key(request.name)
        other = driver.roulette.named(key)
        if other is not None and other != self.user:
            self.handle(Unblock(self.user, other))
        elif driver.unblock_absent(self.user, key):
            self._tell(Unblocked(self.user, self.user, key), harmless.line(request.name))
        else:
            self.refuse(Message.NOT_BLOCKED)

    def _tell(self, effect: Blocked | Unblocked, name: str) -> None:
        """Tells the user of a block of a user who is not present."""
        self._sessions.outbox.send(self._session, self._session.dialect.told(effect, self.user, lambda _: name))

    def join(self, request: Request) -> None:
        session = self._session
        session.dialect = _translated(session.dialect, request.language) or session.dialect
        name = pseudonym(request.text)
        if name is None:
            self._sessions.outbox.send(session, session.dialect.refused(Message.NAME_UNFIT))
        elif not self._sessions.driver.join(session, name, self._now):
            self._sessions.outbox.send(session, session.dialect.refused(Message.NAME_TAKEN))

    def notify(self, message: Message, **fields: object) -> None:
        self._sessions.outbox.send(self._session, self._session.dialect.notice(message, **fields))

    def show_situation(self) -> None:
        self._sessions.outbox.send_situation(self._session, self._now)

    def show_typing(self, request: Request) -> None:
        roulette = self._sessions.driver.roulette
        partner = roulette.partner(self.user)
        if partner is not None and request.chat in (None, roulette.chat(self.user)):
            session = self._sessions.outbox.users[partner]
            self._sessions.outbox.send(session, session.dialect.typing())

    def speak(self, language: str) -> None:
        dialect = _translated(self._session.dialect, language)
        if dialect is None:
            self.refuse(Message.NO_SUCH_LANGUAGE)
        else:
            self._sessions.driver.change_dialect(self._session, dialect)
            self._sessions.outbox.send(self._session, dialect.language())

    def close(self, reason: CloseReason) -> None:
        self._sessions.end(self._session, reason, self._now)

    def refuse(self, why: Message) -> None:
        session, limits = self._session, self._sessions.limits
        if why in _ELSEWHERE:
            ended = session.ended
            partner = ended.name if ended is not None and ended.chat == self.asked.chat else ""
            self._sessions.outbox.send(session, session.dialect.given_back(why, self.asked, partner))
        else:
            refusal = session.dialect.refused(why, line_limit=limits.line_limit, interests=INTERESTS_LIMIT)
            self._sessions.outbox.send(session, refusal)
        if why in _GARBAGE:
            self._sessions.driver.report(Garbage(session.connection, why.value), self._now)
            session.garbage += 1
            if limits.garbage and session.garbage >= limits.garbage:
                self.close(CloseReason.GARBAGE)
            return
        session.garbage = 0
        if session.name:
            self.show_situation()


class RequestHandler:
    """Reads lines in the dialect of their session, and carries out what they ask for."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._driver = sessions.driver
        self._outbox = sessions.outbox
        self._limits = sessions.limits

    def handle(self, session: Session, lines: Sequence[str | None], now: float) -> float:
        """Carries out lines until they cost more than the session has left; the rest becomes its backlog.

        None stands for a line that is too long. Returns after how many seconds to try the backlog again, or 0.
        """
        context = _RequestContext(self._sessions, session, now)
        for position, line in enumerate(lines):
            asked = self._read(session, line)
            wait = self._spend(session, asked, now)
            if wait:
                self._hold(session, lines[position:], now)
                return wait
            if isinstance(asked, Request):
                session.garbage = 0
                if session.ended is not None:
                    asked = addressed(session, asked, now)
                context.asked = asked
                asked.command.do(context, asked)
            else:
                context.refuse(asked)
            if session.connection not in self._sessions.open:
                return 0.0
        return 0.0

    def _read(self, session: Session, line: str | None) -> Request | Message:
        if line is None:
            return Message.LINE_TOO_LONG
        if not session.spoken and line.strip():
            session.spoken = True
            if line.lstrip().startswith("{"):
                session.dialect = JSON[session.dialect.wording.language]
        return session.dialect.read(line, bool(session.name))

    def _spend(self, session: Session, asked: Request | Message, now: float) -> float:
        limits = self._limits
        if not limits.rate:
            return 0.0
        if session.throttled and session.allowance.is_full(now, limits.burst, limits.rate):
            session.throttled = False
        return session.allowance.spend(self._cost(session, asked), now, limits.burst, limits.rate)

    def _cost(self, session: Session, asked: Request | Message) -> float:
        if isinstance(asked, Request):
            if asked.command.cost is Cost.SPEECH:
                private = self._driver.roulette.state(session.connection) is State.PRIVATE
                return 1.0 if private else self._limits.lobby_cost
            if asked.command.cost is Cost.CHANGE:
                return self._limits.change_cost
        return 1.0

    def _hold(self, session: Session, backlog: Sequence[str | None], now: float) -> None:
        if not session.throttled:
            session.throttled = True
            self._driver.report(Throttled(session.connection), now)
            self._outbox.send(session, session.dialect.notice(Message.TOO_FAST))
        session.backlog = backlog
        extend(session, now, self._limits.give_back)


def _translated(dialect: Dialect, language: str) -> Dialect | None:
    """Returns the same dialect in another language; None if the server does not speak it."""
    return (JSON if isinstance(dialect, JsonDialect) else TEXT).get(language)
