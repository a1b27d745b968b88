"""The table of mutants, as it is printed, and where its figures come from."""

from rich.console import Console

from tests.mutation.campaign import Mutant, read
from tests.mutation.report import table

RESULTS = """\
    roulette_core._pool.x_untried__mutmut_1: killed
    roulette_core._pool.x_untried__mutmut_2: timeout
    roulette_core._pool.xǁIndexedPoolǁ__len____mutmut_1: survived
    roulette_core.policies.waves.xǁWavesǁdraw__mutmut_1: killed
    roulette_core.policies.waves.xǁWavesǁdraw__mutmut_2: suspicious
    roulette_core.policies.waves.xǁWavesǁdraw__mutmut_3: not checked
    roulette_core.policies.waves.xǁWavesǁdraw__mutmut_4: check was interrupted by user
    roulette_core._chance.x_chooser__mutmut_1: not checked
"""

TABLE = """\
module          mutants  killed  timed out  survived  not tried   dead
_chance               1       0          0         0          1      –
_pool                 3       1          1         1          0  66.7%
policies.waves        4       1          0         1          2  50.0%
all                   8       2          1         2          3  60.0%
"""


def test_results_are_read_as_mutmut_prints_them() -> None:
    mutants = list(read(RESULTS))
    assert len(mutants) == 8
    assert mutants[2] == Mutant("roulette_core._pool.xǁIndexedPoolǁ__len____mutmut_1", "survived")
    assert mutants[3].module == "policies.waves"


def test_the_table_counts_what_was_not_tried_for_nothing_and_what_is_suspicious_as_alive() -> None:
    console = Console(width=80, color_system=None)
    with console.capture() as printed:
        console.print(table(read(RESULTS)))
    assert "".join(f"{line.rstrip()}\n" for line in printed.get().splitlines()) == TABLE


def test_the_table_of_nothing_is_a_table() -> None:
    assert table([]).row_count == 1
