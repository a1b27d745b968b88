"""Prints which tool finds which planted bug: ``python -m tests.planted``, some tens of minutes."""

import sys
import tempfile
from pathlib import Path

from tests.planted.bug import Bug
from tests.planted.hunt import ALL_BUGS, TOOLS, Outcome, hunt, plant


def row(cells: list[str]) -> str:
    """Returns a row of a table in Markdown."""
    return f"| {' | '.join(cells)} |"


def shown(outcome: Outcome) -> str:
    """Returns the seconds after which the bug was found, or a dash."""
    return f"{outcome.seconds:.1f} s" if outcome.caught else "–"


def hunted(bug: Bug) -> dict[str, Outcome]:
    """Runs every tool on a bug."""
    with tempfile.TemporaryDirectory() as folder:
        plant(bug, Path(folder))
        return {tool: hunt(Path(folder), command, bug.policy) for tool, command in TOOLS.items()}


def main() -> int:
    """Prints the table row by row. Returns exit status 1 if no tool finds one of the bugs."""
    print(row(["planted", "in", *TOOLS]), row(["---"] * (2 + len(TOOLS))), sep="\n", flush=True)
    escaped = 0
    for bug in ALL_BUGS:
        outcomes = hunted(bug)
        escaped += not any(outcome.caught for outcome in outcomes.values())
        print(row([bug.name, bug.part, *map(shown, outcomes.values())]), flush=True)
    print(f"{len(ALL_BUGS) - escaped} of {len(ALL_BUGS)} found", file=sys.stderr)
    return 1 if escaped else 0


if __name__ == "__main__":
    sys.exit(main())
