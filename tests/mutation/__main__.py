"""Mutation testing: spoils the core in one place after another, and sees whether its tests notice.

``uv run --group mutation python -m tests.mutation --budget 30m`` takes half an hour at most. Exit status 1 if a mutant
survives that ``docs/mutation.md`` does not argue about.
"""

import argparse
import os
import sys

from rich.console import Console

from roulette_cli.durations import read_duration
from roulette_cli.errors import BadUsage
from tests.mutation import campaign
from tests.mutation.changes import PAGE, argued, changes
from tests.mutation.report import DEAD, UNTRIED, table


def main() -> int:
    """Runs mutmut, then prints the table, what ran out of time, and the survivors that the page does not explain."""
    try:
        given = options()
    except BadUsage as error:
        print(f"{error.message}\nhint: {error.hint}", file=sys.stderr)
        return error.status
    if not campaign.MUTMUT.exists():
        print("mutmut is not installed\nhint: uv run --group mutation python -m tests.mutation", file=sys.stderr)
        return 1
    campaign.run(given.budget, given.workers, given.resume)
    mutants = campaign.mutants()
    console = Console(highlight=False, markup=False, soft_wrap=True)
    console.print(table(mutants))
    survivors = [mutant for mutant in mutants if mutant.fate not in (*DEAD, *UNTRIED)]
    unexpected = unargued(survivors)
    late = {mutant.name: change(mutant) for mutant in mutants if mutant.fate == "timeout"}
    for title, shown in (("Timed out", late), ("Survived, and not explained", unexpected)):
        for name, difference in shown.items():
            console.print(f"\n{title}: {name}\n{difference}")
    console.print(f"\n{len(survivors)} survived, {len(survivors) - len(unexpected)} of them argued about in {PAGE}")
    if all(mutant.fate in UNTRIED for mutant in mutants):
        print("no mutant was tried\nhint: give it more time, or see above which test fails as it is", file=sys.stderr)
        return 1
    return 1 if unexpected else 0


def options() -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--budget", type=read_duration, default="1h", help="how long, at most, such as 30m")
    parser.add_argument("--workers", type=int, default=os.cpu_count(), metavar="N", help="how many mutants at once")
    parser.add_argument("--resume", action="store_true", help="go on from where the budget of the last run ended")
    return parser.parse_args()


def change(mutant: campaign.Mutant) -> str:
    """What a mutant changes, as the page would show it."""
    return "\n".join(map(str, changes(campaign.difference(mutant))))


def unargued(survivors: list[campaign.Mutant]) -> dict[str, str]:
    """By name, what those survivors change that the page says nothing about."""
    known = {str(each) for each in argued()}
    shown = {mutant.name: change(mutant) for mutant in survivors}
    return {name: difference for name, difference in shown.items() if difference not in known}


if __name__ == "__main__":
    sys.exit(main())
