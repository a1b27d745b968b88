"""The table of who caught what: ``python -m tests.planted``, some tens of minutes."""

import sys
import tempfile
from pathlib import Path

from tests.planted.bugs import BUGS, Bug
from tests.planted.hunt import TOOLS, Outcome, hunt, plant


def row(cells: list[str]) -> str:
    """A row of a table in Markdown."""
    return f"| {' | '.join(cells)} |"


def shown(outcome: Outcome) -> str:
    """Caught after how many seconds, or not."""
    return f"{outcome.seconds:.1f} s" if outcome.caught else "–"


def hunted(bug: Bug) -> dict[str, Outcome]:
    """What every tool makes of a bug."""
    with tempfile.TemporaryDirectory() as folder:
        plant(bug, Path(folder))
        return {tool: hunt(Path(folder), command, bug.policy) for tool, command in TOOLS.items()}


def main() -> int:
    """Prints the table as it goes; exit status 1 if a bug gets away."""
    print(row(["planted", "in", *TOOLS]), row(["---"] * (2 + len(TOOLS))), sep="\n", flush=True)
    escaped = 0
    for bug in BUGS:
        outcomes = hunted(bug)
        escaped += not any(outcome.caught for outcome in outcomes.values())
        print(row([bug.name, bug.part, *map(shown, outcomes.values())]), flush=True)
    print(f"{len(BUGS) - escaped} of {len(BUGS)} caught", file=sys.stderr)
    return 1 if escaped else 0


if __name__ == "__main__":
    sys.exit(main())
