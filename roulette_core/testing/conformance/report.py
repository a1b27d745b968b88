"""What the checks of a policy have found: one finding for each, in lines for people, and as data for programs."""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from roulette_core.policies import make_policy
from roulette_core.testing.layout import WIDTH, paragraph, ready_test, story
from roulette_core.testing.verdict import Result, Verdict, overall

_VERDICT_WIDTH = max(map(len, Verdict))


@dataclass(frozen=True, slots=True)
class Finding(Result):
    """The result of one check, with the smallest history that shows a fault.

    Attributes:
        name: the name of the check.
        verdict: how it ended.
        detail: the figures, or what is wrong; empty if there is nothing to say.
        story: the smallest history that shows the fault, a line for each event; empty if there is none.
        test: the same as a test for pytest; empty if there is none.
    """

    story: tuple[str, ...] = ()
    test: str = ""

    def text(self) -> str:
        """Returns all of it as one text."""
        parts = [f"{self.name}: {self.detail}", "\n".join(self.story), self.test]
        return "\n\n".join(part for part in parts if part)


def findings_data(policy: str, findings: Sequence[Finding]) -> dict[str, Any]:
    """Returns all of it as one object."""
    return {
        "policy": make_policy(policy).specification,
        "verdict": overall(findings),
        "findings": [asdict(finding) for finding in findings],
    }


def findings_lines(policy: str, findings: Sequence[Finding]) -> Iterator[str]:
    """Yields a line for each check, then the histories that show what is wrong."""
    yield make_policy(policy).specification
    yield ""
    names = max(len(finding.name) for finding in findings)
    for finding in findings:
        label = f"  {finding.name:<{names}}  {finding.verdict.label:<{_VERDICT_WIDTH}}  "
        first, *more = textwrap.wrap(finding.detail, WIDTH - len(label)) or [""]
        yield label + first
        yield from (" " * len(label) + line for line in more)
    for finding in findings:
        if finding.story:
            yield ""
            yield from paragraph(f"{finding.name}: {finding.detail}")
            yield from story(finding.story)
            if finding.test:
                yield from ready_test(finding.test)
