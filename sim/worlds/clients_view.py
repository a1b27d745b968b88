"""What the judge of clients says of a run."""

from collections.abc import Sequence
from dataclasses import replace

from roulette_core.testing import Result
from roulette_core.testing.clients import Account, judge


def clients_view(accounts: Sequence[Account], settled: bool) -> list[Result]:
    """Returns the judge's verdicts on what the clients saw; ``settled`` if all had been delivered at the end."""
    results = judge(accounts, settled).results()
    return [replace(result, name=f"clients' view: {result.name}") for result in results]
