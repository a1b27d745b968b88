"""What a check comes to: a verdict, a few words, and if something is wrong, a story and a test to keep."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How it went."""

    OK = "ok"
    FAILED = "FAILED"
    SKIPPED = "skipped"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check has found.

    Attributes:
        name: what was checked.
        verdict: how it went.
        detail: figures, or what is wrong.
        story: the smallest history that shows it, told in words, a line for each event.
        test: the same as a test for pytest.
    """

    name: str
    verdict: Verdict
    detail: str
    story: tuple[str, ...] = ()
    test: str = ""

    def told(self) -> str:
        """All of it."""
        parts = [f"{self.name}: {self.detail}", "\n".join(self.story), self.test]
        return "\n\n".join(part for part in parts if part)
