"""The state of one connection."""

from collections.abc import Sequence

from transports.dialects import Dialect
from transports.gateway.outputs import Connection
from transports.gateway.rate import Allowance
from transports.limits import Limits
from transports.lines import LineSplitter


class Session:
    """One connection, from when it is accepted until it ends.

    Attributes:
        connection: its id.
        address: the peer's numeric address; empty if there is none.
        splitter: holds the incomplete line.
        dialect: its dialect and language.
        name: the pseudonym as it is shown; empty without one.
        allowance: its rate limit.
        backlog: lines held back by the rate limit.
        throttled: whether it has exceeded its rate since its bucket was last full.
        since: when it connected, in seconds.
        heard: when input last arrived, in seconds.
        asked: when it was pinged, if no input has arrived since.
        garbage: the number of invalid lines in a row.
        spoken: whether its first line has arrived, which decides the dialect.
    """

    __slots__ = (
        "address",
        "allowance",
        "asked",
        "backlog",
        "connection",
        "dialect",
        "garbage",
        "heard",
        "name",
        "since",
        "splitter",
        "spoken",
        "throttled",
    )

    def __init__(self, connection: Connection, address: str, dialect: Dialect, limits: Limits, now: float) -> None:
        self.connection = connection
        self.address = address
        self.splitter = LineSplitter(limits.line_limit)
        self.dialect = dialect
        self.name = ""
        self.allowance = Allowance(limits.burst, now)
        self.backlog: Sequence[str | None] = ()
        self.throttled = False
        self.since = self.heard = now
        self.asked: float | None = None
        self.garbage = 0
        self.spoken = False
