"""A new built-in policy takes four places; each one that is forgotten is named.

"Adding a built-in policy" in CONTRIBUTING.md describes them. Here a policy is added to a copy of the library.
"""

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import roulette_core
from roulette_core import make_policy
from roulette_core.testing import BUILT_IN
from sim.swarm import draw_case
from tests.core.mutants import edited
from tests.support.fences import ROOT

POLICY = '''
from itertools import combinations
from typing import ClassVar

from roulette_core.events import User
from roulette_core.policies.policy import Choose, Policy


class OldestFirst(Policy):
    """The two who have waited longest, once ``minimum`` are waiting."""

    name: ClassVar[str] = "oldest-first"

    def __init__(self, minimum: int = 2) -> None:
        super().__init__(minimum=minimum)
        self.minimum = minimum

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        """Returns the longest-waiting two whom no block keeps apart."""
        if len(self.pool) < self.minimum:
            return None
        return next((pair for pair in combinations(self.pool, 2) if not self.blocks.between(*pair)), None)
'''

FACTS = """    Facts(
        policy=OldestFirst,
        forms=("oldest-first:minimum=2", "oldest-first:minimum=3"),
        crowded="oldest-first:minimum=20000",
        swarm={"minimum": (2, 4)},
        rule=lambda policy: UniformRule(policy.minimum),
        claims=lambda policy: Claims(first_come_first_served=True, most_waiting=policy.minimum - 1),
        clock=lambda policy: Timeless(),
        memory=lambda nothing: nothing,
        closed_model=None,
    ),
"""

IMPORT = "from roulette_core.policies.oldest_first import OldestFirst\n"

Edits = dict[str, Callable[[str], str]]

FILE: Edits = {
    "policies/oldest_first.py": lambda nothing: POLICY,
    "policies/__init__.py": lambda source: source.replace("\n__all__", IMPORT + "\n__all__").replace(
        "Waves, Interests)", "Waves, Interests, OldestFirst)"
    ),
}


def entry(facts: str) -> Edits:
    """Returns the edit that adds facts to those of the other policies."""

    def edit(source: str) -> str:
        return source.replace("\nP = ", IMPORT + "\nP = ").replace("\n)\n\nBUILT_IN", f"\n{facts})\n\nBUILT_IN")

    return {"testing/built_in.py": edit}


COMPLETE = FILE | entry(FACTS)
ROW = "| `oldest-first` | `minimum=2` | the two who have waited longest |\n\n## oldest-first\n"
NEWS = "- A pairing policy `oldest-first`.\n"

DOCS, CHANGELOG = (ROOT / "docs/policies.md").read_text(), (ROOT / "CHANGELOG.md").read_text()


def missing(library: ModuleType, docs: str = DOCS, changelog: str = CHANGELOG) -> list[str]:
    """Returns each place that lacks something of a built-in policy, with the policy."""
    files = (Path(str(library.__file__)).parent / "policies").glob("*.py")
    named = {name for file in files for name in re.findall(r'name: ClassVar\[str\] = "(.+)"', file.read_text())}
    rows, sections = (set(re.findall(form, docs, re.MULTILINE)) for form in (r"^\| `([\w-]+)`", r"^## ([\w-]+)$"))
    places = {
        "roulette_core/policies/__init__.py": set(library.policies.POLICIES),
        "roulette_core/testing/built_in.py": set(library.testing.BUILT_IN),
        "docs/policies.md": rows & sections,
        "CHANGELOG.md": set(re.findall(r"`([\w-]+)`", changelog)),
    }
    return [f"{place}: {name}" for place, known in places.items() for name in sorted(named - known)]


def flaws(name: str, facts: Any, make: Callable[[str], Any]) -> Iterator[str]:
    """Yields what is wrong with the facts of a policy."""
    parameters = set(make(name).parameters)
    forms = [*facts.forms, *filter(None, [facts.crowded])]
    if facts.policy.name != name or not facts.forms or any(type(make(form)) is not facts.policy for form in forms):
        yield f"{name}: forms"
    if set(facts.swarm) != parameters or not all(low < high for low, high in facts.swarm.values()):
        yield f"{name}: swarm"
    for policy in map(make, facts.forms):
        facts.rule(policy), facts.claims(policy), facts.clock(policy)
        facts.memory(policy.snapshot())
        if facts.closed_model is not None:
            facts.closed_model(policy, 5, 60.0)


@pytest.fixture
def newcomer(tmp_path: Path) -> Iterator[Callable[[Mapping[str, Any]], ModuleType]]:
    """Makes a copy of the library with edits, and takes it out of the interpreter afterwards."""
    before = set(sys.modules)
    yield lambda edits: edited(tmp_path, edits)
    for name in set(sys.modules) - before:
        del sys.modules[name]


def test_every_built_in_policy_is_complete() -> None:
    assert missing(roulette_core) == []
    assert [flaw for name, facts in BUILT_IN.items() for flaw in flaws(name, facts, make_policy)] == []


@pytest.mark.parametrize(
    ("edits", "docs", "changelog", "forgotten"),
    [
        (COMPLETE, DOCS + ROW, CHANGELOG + NEWS, []),
        (FILE, DOCS + ROW, CHANGELOG + NEWS, ["roulette_core/testing/built_in.py"]),
        (COMPLETE, DOCS, CHANGELOG + NEWS, ["docs/policies.md"]),
        (COMPLETE, DOCS + ROW, CHANGELOG, ["CHANGELOG.md"]),
        (
            {"policies/oldest_first.py": FILE["policies/oldest_first.py"]},
            DOCS + ROW,
            CHANGELOG + NEWS,
            ["roulette_core/policies/__init__.py", "roulette_core/testing/built_in.py"],
        ),
    ],
    ids=["nothing", "facts", "docs", "changelog", "list"],
)
def test_a_forgotten_place_is_named(
    newcomer: Any, edits: Edits, docs: str, changelog: str, forgotten: list[str]
) -> None:
    assert missing(newcomer(edits), docs, changelog) == [f"{place}: oldest-first" for place in forgotten]


def test_a_policy_with_its_facts_is_known_everywhere(newcomer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    library = newcomer(COMPLETE)
    facts, policy = library.testing.BUILT_IN["oldest-first"], library.make_policy("oldest-first:minimum=3")
    assert list(flaws("oldest-first", facts, library.make_policy)) == []
    # The invariants and the explorer ask for its rule: it draws all it may, in every history of three users.
    assert library.testing.rule_of(policy).minimum == 3
    found = library.testing.explore("oldest-first", 3, 5)
    assert found.counterexample is None
    # `roulette check` knows its claims, the explorer its clock, the swarm its parameters.
    assert library.testing.claims_of(policy).most_waiting == 2
    assert type(library.testing.clock_of(policy)) is library.testing.Timeless
    monkeypatch.setitem(BUILT_IN, "oldest-first", facts)
    drawn = {draw_case(seed).policy for seed in range(200)}
    assert {f"oldest-first:minimum={minimum}" for minimum in (2, 3, 4)} <= drawn


def test_a_rule_that_the_policy_does_not_follow_is_found(newcomer: Any) -> None:
    """The facts are held against the code: the invariants notice a rule that says something else."""
    wrong = entry(FACTS.replace("UniformRule(policy.minimum)", "UniformRule(policy.minimum - 1)"))
    found = newcomer(FILE | wrong).testing.explore("oldest-first:minimum=3", 3, 5).counterexample
    assert found.invariant == "work_conserving"
