"""How many mutants died where, as a table."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from rich.table import Table

from tests.mutation.campaign import Mutant

DEAD = ("killed", "timeout")
UNTRIED = ("not checked", "check was interrupted by user")


def table(mutants: Iterable[Mutant]) -> Table:
    """A line for each module of the core that has mutants, and one for all."""
    modules: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for mutant in mutants:
        modules[mutant.module][mutant.fate] += 1
    shown = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    shown.add_column("module", no_wrap=True)
    for heading in ("mutants", "killed", "timed out", "survived", "not tried", "dead"):
        shown.add_column(heading, justify="right", no_wrap=True)
    for module, fates in sorted(modules.items()):
        shown.add_row(module, *_figures(fates))
    shown.add_section()
    shown.add_row("all", *_figures(sum(modules.values(), Counter())))
    return shown


def _figures(fates: Counter[str]) -> list[str]:
    """Survived is whatever has been tried and is not dead: what mutmut finds suspicious has not been caught."""
    tried = fates.total() - sum(fates[fate] for fate in UNTRIED)
    dead = sum(fates[fate] for fate in DEAD)
    counts = fates.total(), fates["killed"], fates["timeout"], tried - dead, fates.total() - tried
    return [*(f"{count:,}" for count in counts), f"{dead / tried:.1%}" if tried else "–"]
