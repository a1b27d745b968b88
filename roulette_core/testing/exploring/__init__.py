"""Everything that can happen to a few users: every event, and every random choice of a policy.

``checked_roulette.py`` makes a roulette whose history can be repeated, ``exploration.py`` follows all histories.
"""

from roulette_core.testing.exploring.branching import Delegate, Dice, Script, branches
from roulette_core.testing.exploring.checked_roulette import CheckedRoulette, Maker, Step, copied, made, replayed
from roulette_core.testing.exploring.components import strong_components
from roulette_core.testing.exploring.exploration import MOST_STATES, explore, wide_for
from roulette_core.testing.exploring.possibilities import name_of, roles_of, user_names
from roulette_core.testing.exploring.report import exploration_data, exploration_lines, verdict_of
from roulette_core.testing.exploring.results import Counterexample, Covered, Deadlock, Exploration
from roulette_core.testing.exploring.starvation import Starvation, find_starvation
from roulette_core.testing.exploring.state_key import Canonicaliser, mirrored, names_matter, state_key
from roulette_core.testing.exploring.story import as_test, describe_effects, describe_steps

__all__ = [
    "MOST_STATES",
    "Canonicaliser",
    "CheckedRoulette",
    "Counterexample",
    "Covered",
    "Deadlock",
    "Delegate",
    "Dice",
    "Exploration",
    "Maker",
    "Script",
    "Starvation",
    "Step",
    "as_test",
    "branches",
    "copied",
    "describe_effects",
    "describe_steps",
    "exploration_data",
    "exploration_lines",
    "explore",
    "find_starvation",
    "made",
    "mirrored",
    "name_of",
    "names_matter",
    "replayed",
    "roles_of",
    "state_key",
    "strong_components",
    "user_names",
    "verdict_of",
    "wide_for",
]
