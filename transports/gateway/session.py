"""What the gateway knows of one connection."""

from collections.abc import Sequence

from transports.dialects.dialect import Dialect
from transports.dialects.lines import LineSplitter
from transports.gateway.outputs import Connection
from transports.gateway.rate import Allowance
from transports.limits import Limits


class Session:
    """One connection, from when it is let in until it is closed.

    Attributes:
        connection: its id.
        address: from where, as a numeric address; empty if there is none.
        splitter: what has come of the next line.
        dialect: how it is talked to.
        name: the pseudonym as it is shown; empty until it has one.
        allowance: how fast it may ask for things.
        backlog: lines that have to wait, as it has been too fast.
        throttled: whether it has been too fast since it last had a rest.
        since: when it came, in seconds.
        heard: when something last came from it, in seconds.
        asked: when it was asked for a sign of life, if it has not given one since.
        garbage: how many lines in a row were too long or not understood.
        spoken: whether its first line has come, which settles the dialect.
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
