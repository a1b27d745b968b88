"""The result of a check: one type for the invariants, the judge, the conformance kit, the simulator and the swarm."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """The outcome of a check. A check that was not made has its own verdict, so that it never counts as passed."""

    OK = "ok"
    FAILED = "failed"
    NOT_ASKED = "not asked"

    @classmethod
    def of(cls, holds: bool) -> "Verdict":
        """Returns the verdict of a check that was made."""
        return cls.OK if holds else cls.FAILED

    @property
    def label(self) -> str:
        """The verdict on a screen: a failure stands out without colour."""
        return self.upper() if self is Verdict.FAILED else self.value


@dataclass(frozen=True, slots=True)
class Result:
    """One check and its verdict.

    Attributes:
        name: what must hold. Checks of one group share a ``group:`` prefix.
        verdict: whether it does.
        detail: figures; or the first fault found; or the reason why it was not asked.
    """

    name: str
    verdict: Verdict
    detail: str


def overall(results: Iterable[Result]) -> Verdict:
    """Returns one verdict on several checks: failed if one failed, and not asked if none was asked."""
    verdicts = {result.verdict for result in results}
    return next((verdict for verdict in (Verdict.FAILED, Verdict.OK) if verdict in verdicts), Verdict.NOT_ASKED)


def all_hold(results: Iterable[Result]) -> bool:
    """Returns whether no check failed."""
    return overall(results) is not Verdict.FAILED
