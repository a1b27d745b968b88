"""The state of one connection."""

from collections.abc import Sequence
from typing import NamedTuple

from transports.dialects import Dialect
from transports.gateway.outputs import Connection
from transports.gateway.rate import Allowance
from transports.limits import Limits
from transports.lines import LineSplitter


class EndedChat(NamedTuple):
    """The latest private chat of a user, once it is over."""

    chat: int  # its number
    partner: str  # the comparison key of the partner's pseudonym
    name: str  # the pseudonym, as it is shown
    until: float  # until when lines without an address belong to it, in seconds


class Session:
    """One connection, from when it is accepted until it ends. Times are in seconds."""

    __slots__ = (
        *("address", "allowance", "asked", "backlog", "connection", "dialect", "garbage"),
        *("ended", "heard", "name", "since", "splitter", "spoken", "throttled"),
    )

    def __init__(self, connection: Connection, address: str, dialect: Dialect, limits: Limits, now: float) -> None:
        self.connection = connection
        self.address = address  # the peer's, numeric; empty if there is none
        self.splitter = LineSplitter(limits.line_limit)  # holds the incomplete line
        self.dialect = dialect  # and with it the language
        self.name = ""  # the pseudonym as it is shown; empty without one
        self.allowance = Allowance(limits.burst, now)
        self.backlog: Sequence[str | None] = ()  # lines held back by the rate limit
        self.throttled = False  # whether it has exceeded its rate since its bucket was last full
        self.ended: EndedChat | None = None  # the latest private chat that is over
        self.since = now  # when it connected
        self.heard = now  # when input last arrived
        self.asked: float | None = None  # when it was pinged, if no input has arrived since
        self.garbage = 0  # the number of invalid lines in a row
        self.spoken = False  # whether its first line has arrived, which decides the dialect
