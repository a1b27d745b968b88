"""A result of the conformance kit: a verdict, and if something is wrong, a minimal history and a test to keep."""

from dataclasses import dataclass

from roulette_core.testing.verdict import Result


@dataclass(frozen=True, slots=True)
class Finding(Result):
    """The result of one check, with the smallest history that shows a fault: in words, and as a test for pytest."""

    story: tuple[str, ...] = ()
    test: str = ""

    def text(self) -> str:
        """Returns all of it as one text."""
        parts = [f"{self.name}: {self.detail}", "\n".join(self.story), self.test]
        return "\n\n".join(part for part in parts if part)
