"""Mutation testing: spoils the core in one place after another, and sees whether its tests notice.

``uv run --group mutation python -m tests.mutation --budget 30`` takes half an hour at most. Exit status 1 if a mutant
survives that ``docs/mutation.md`` does not argue about.
"""

import argparse
import os
import sys

from rich.console import Console

from tests.mutation import campaign
from tests.mutation.changes import PAGE, Change, argued, changes
from tests.mutation.report import DEAD, UNTRIED, table


def main() -> int:
    """Runs mutmut, then prints the table, and the survivors that nobody has argued about."""
    options = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    options.add_argument(
        "--budget", type=float, default=60.0, metavar="MINUTES", help="how long (default: %(default)g)"
    )
    options.add_argument(
        "--workers", type=int, default=os.cpu_count(), metavar="N", help="at once (default: %(default)s)"
    )
    options.add_argument("--resume", action="store_true", help="go on from where the budget of the last run ended")
    given = options.parse_args()
    if not campaign.MUTMUT.exists():
        print("mutmut is not installed\nhint: uv run --group mutation python -m tests.mutation", file=sys.stderr)
        return 1
    campaign.run(60 * given.budget, given.workers, given.resume)
    mutants = campaign.mutants()
    console = Console()
    console.print(table(mutants))
    survivors = [mutant for mutant in mutants if mutant.fate not in (*DEAD, *UNTRIED)]
    known = argued()
    news = {mutant.name: change for mutant in survivors for change in spoilt(mutant) if change not in known}
    for name, change in news.items():
        console.print(f"\n{name}\n{change}", markup=False, highlight=False)
    console.print(f"\n{len(survivors)} survived, {len(survivors) - len(news)} of them argued about in {PAGE}")
    return 1 if news or not mutants else 0


def spoilt(mutant: campaign.Mutant) -> list[Change]:
    """What a mutant changes: one place."""
    return list(changes(campaign.difference(mutant)))


if __name__ == "__main__":
    sys.exit(main())
