"""Does what the lines of a connection ask for, as fast as it may ask."""

from collections.abc import Callable, Mapping, Sequence

from roulette_core import Lobby, Next, Say, Start, State, User
from transports.dialects.dialect import Dialect
from transports.dialects.json_lines import JsonDialect
from transports.dialects.pseudonyms import pseudonym
from transports.dialects.requests import INTERESTS_LIMIT, Request
from transports.dialects.text import TextDialect
from transports.dialects.wording import LANGUAGES, Message
from transports.gateway.connection_events import CloseReason, Garbage, Throttled
from transports.gateway.core_driver import CoreDriver
from transports.gateway.outbox import Outbox
from transports.gateway.session import Session
from transports.limits import Limits

_CHANGES = frozenset({"start", "next", "lobby", "block"})

_GARBAGE = frozenset({Message.LINE_TOO_LONG, Message.NOT_UNDERSTOOD})


class RequestHandler:
    """Reads lines in the dialect of their session, and does what they ask.

    Args:
        driver: drives the core.
        outbox: sends what is to be said.
        limits: what everybody is held to.
        language: what is spoken until told otherwise.
        end: ends a session.
    """

    def __init__(
        self,
        driver: CoreDriver,
        outbox: Outbox,
        limits: Limits,
        language: str,
        end: Callable[[Session, CloseReason, float], None],
    ) -> None:
        self._driver = driver
        self._roulette = driver.roulette
        self._outbox = outbox
        self._limits = limits
        self._end = end
        self._texts: Mapping[str, Dialect] = {code: TextDialect(wording) for code, wording in LANGUAGES.items()}
        self._jsons: Mapping[str, Dialect] = {code: JsonDialect(wording) for code, wording in LANGUAGES.items()}
        self.greeting = self._texts[language]

    def obey(self, session: Session, lines: Sequence[str | None], now: float) -> float:
        """Does what lines ask, until they cost more than the session has left; the rest becomes its backlog.

        Args:
            session: whose lines they are.
            lines: what came; None for a line that is too long.
            now: the time, in seconds.

        Returns:
            The seconds after which the backlog is to be tried again; 0 if there is none.
        """
        for position, line in enumerate(lines):
            asked = self._read(session, line)
            wait = self._spend(session, asked, now)
            if wait:
                self._hold(session, lines[position:], now)
                return wait
            if isinstance(asked, Request):
                session.garbage = 0
                self._do(session, asked, now)
            else:
                self._refuse(session, asked, now)
            if session.connection not in self._outbox.sessions:
                return 0.0
        return 0.0

    # How fast.

    def _spend(self, session: Session, asked: Request | Message, now: float) -> float:
        limits = self._limits
        if not limits.rate:
            return 0.0
        if session.throttled and session.allowance.is_full(now, limits.burst, limits.rate):
            session.throttled = False
        return session.allowance.spend(self._cost(session.connection, asked), now, limits.burst, limits.rate)

    def _cost(self, user: User, asked: Request | Message) -> float:
        if isinstance(asked, Request):
            if asked.word == "say":
                return 1.0 if self._roulette.state(user) is State.PRIVATE else self._limits.lobby_cost
            if asked.word in _CHANGES:
                return self._limits.change_cost
        return 1.0

    def _hold(self, session: Session, backlog: Sequence[str | None], now: float) -> None:
        if not session.throttled:
            session.throttled = True
            self._driver.report(Throttled(session.connection), now)
            self._outbox.send(session, session.dialect.notice(Message.TOO_FAST))
        session.backlog = backlog

    # What.

    def _read(self, session: Session, line: str | None) -> Request | Message:
        if line is None:
            return Message.LINE_TOO_LONG
        if not session.spoken and line.strip():
            session.spoken = True
            if line.lstrip().startswith("{"):
                session.dialect = self._jsons[session.dialect.wording.language]
        return session.dialect.read(line, bool(session.name))

    def _do(self, session: Session, asked: Request, now: float) -> None:
        match asked.word:
            case "say":
                self._driver.handle(Say(session.connection, asked.text), now)
            case "next":
                self._driver.handle(Next(session.connection), now)
            case "start":
                self._driver.handle(Start(session.connection, asked.interests), now)
            case "lobby":
                self._driver.handle(Lobby(session.connection), now)
            case "block":
                self._driver.block(session, now)
            case "hello":
                self._hello(session, asked, now)
            case "typing":
                self._pass_on_typing(session)
            case "where":
                self._outbox.tell_situation(session, now)
            case "lang":
                self._speak(session, asked.language, now)
            case "help":
                self._outbox.send(session, session.dialect.notice(Message.HELP))
            case "close":
                self._end(session, CloseReason.ASKED, now)
            case "version":
                self._end(session, CloseReason.VERSION, now)

    def _hello(self, session: Session, asked: Request, now: float) -> None:
        if asked.language in LANGUAGES:
            session.dialect = self._dialects(session)[asked.language]
        name = pseudonym(asked.text)
        if name is None:
            self._outbox.send(session, session.dialect.refused(Message.NAME_UNFIT))
        elif not self._driver.join(session, name, now):
            self._outbox.send(session, session.dialect.refused(Message.NAME_TAKEN))

    def _pass_on_typing(self, session: Session) -> None:
        partner = self._roulette.partner(session.connection)
        if partner is not None:
            other = self._outbox.users[partner]
            self._outbox.send(other, other.dialect.typing())

    def _speak(self, session: Session, language: str, now: float) -> None:
        dialect = self._dialects(session).get(language)
        if dialect is None:
            self._refuse(session, Message.NO_SUCH_LANGUAGE, now)
        else:
            self._outbox.change_dialect(session, dialect)
            self._outbox.send(session, dialect.language())

    def _refuse(self, session: Session, why: Message, now: float) -> None:
        limits = self._limits
        refusal = session.dialect.refused(why, line_limit=limits.line_limit, interests=INTERESTS_LIMIT)
        self._outbox.send(session, refusal)
        if why in _GARBAGE:
            self._driver.report(Garbage(session.connection, why.value), now)
            session.garbage += 1
            if limits.garbage and session.garbage >= limits.garbage:
                self._end(session, CloseReason.GARBAGE, now)
            return
        session.garbage = 0
        if session.name:
            self._outbox.tell_situation(session, now)

    def _dialects(self, session: Session) -> Mapping[str, Dialect]:
        return self._jsons if isinstance(session.dialect, JsonDialect) else self._texts
