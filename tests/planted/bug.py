"""What a planted bug is: a place in a source, and the text that replaces it."""

from typing import NamedTuple


class Bug(NamedTuple):
    """A planted bug.

    Attributes:
        name: the bug in words.
        file: the source, from the top of the repository.
        before: the text that is there, once.
        after: the text that replaces it.
        policy: a policy with which the bug shows.
        tool: the tool that finds it soonest.
    """

    name: str
    file: str
    before: str
    after: str
    policy: str = "no-repeat"
    tool: str = "prove"

    @property
    def part(self) -> str:
        """The part of the product: core, policies, gateway, codec or driver."""
        if self.file.startswith("transports/driver/"):
            return "driver"
        if self.file.startswith(("transports/dialects/", "transports/lines.py")):
            return "codec"
        if self.file.startswith("transports/"):
            return "gateway"
        return "policies" if "/policies/" in self.file or self.file.endswith(("pool.py", "history.py")) else "core"
