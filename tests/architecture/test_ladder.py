"""Imports run one way, and the core is pure: both read off the sources, with planted violations that must be seen."""

import ast
import sys
from collections.abc import Iterator

import pytest

from tests.architecture.sources import PACKAGES, Sources, imports, parse, sources, within

LADDER = {
    "roulette_core": set[str](),
    "transports": {"roulette_core"},
    "sim": {"roulette_core", "transports"},
    "benchmarks": {"roulette_core", "sim", "transports"},
    "roulette_cli": {"roulette_core", "sim", "transports", "benchmarks"},
}
"""Package → the packages of ours that it may import."""

IMPURE = {
    *("asyncio", "socket", "select", "selectors", "ssl", "subprocess", "multiprocessing", "threading", "concurrent"),
    *("time", "datetime", "sched", "signal", "logging", "os", "io", "pathlib", "shutil", "tempfile", "sys"),
    *("uuid", "secrets", "weakref", "gc", "atexit", "platform", "getpass", "locale", "warnings"),
}
"""What the core may not import: the world outside, clocks, hidden entropy, concurrency."""

EXTRAS = {"roulette_core.names": {"precis_i18n"}, "roulette_core.testing.conformance": {"hypothesis", "pytest"}}
"""Parts of the library that need an extra → what they import."""

IMPURE_CALLS = {"open", "print", "input", "exec", "eval", "hash", "id", "breakpoint"}
"""What the core may not call. ``hash`` and ``id`` differ from one run to the next."""


AROUND_CORE = ("roulette_core.testing", "roulette_core.aio", "roulette_core.journal", "roulette_core.files")
"""What is shipped around the core: the harness, and what owns a clock or a file."""


def in_core(module: str) -> bool:
    """Whether a module belongs to the core as apps import it."""
    return within(module, "roulette_core") and not any(within(module, part) for part in AROUND_CORE)


def climbs(module: str, imported: str) -> str | None:
    """The ladder: who may import whom."""
    home, target = module.split(".")[0], imported.split(".")[0]
    if target in LADDER and target != home and target not in LADDER[home]:
        return f"{module} imports {imported}, which is not below it"
    return None


def carries_bytes(module: str, imported: str) -> str | None:
    """The simulator knows of bytes only in the worlds that carry them."""
    in_worlds = within(module, "sim.worlds") or within(module, "sim.swarm")
    if module.split(".")[0] == "sim" and imported.split(".")[0] == "transports" and not in_worlds:
        return f"{module} imports {imported}, but carries no bytes"
    return None


def needs_what_tests_need(module: str, imported: str) -> str | None:
    """Outside the library, only the kit for transports and ``roulette check`` need pytest or Hypothesis."""
    kits = ("transports.testing", "roulette_cli.check")
    of_tests = imported.split(".")[0] in ("pytest", "hypothesis") and not within(module, "roulette_core")
    if of_tests and not any(within(module, kit) for kit in kits):
        return f"{module} imports {imported}, which is for tests alone"
    return None


def brings_something(module: str, imported: str) -> str | None:
    """The core has no dependencies but in the parts that need an extra."""
    target = imported.split(".")[0]
    extras = next((brought for part, brought in EXTRAS.items() if within(module, part)), set[str]())
    if within(module, "roulette_core") and target not in sys.stdlib_module_names | set(LADDER) | extras:
        return f"{module} imports {imported}, which is not in the standard library"
    return None


def needs_an_extra(module: str, imported: str) -> str | None:
    """What needs an extra is not imported by what does not."""
    for part in EXTRAS:
        if within(module, "roulette_core") and not within(module, part) and within(imported, part):
            return f"{module} imports {imported}, which needs an extra"
    return None


def is_impure(module: str, imported: str) -> str | None:
    """The core does no I/O, reads no clock and knows no chance but a seeded generator."""
    target, *rest = imported.split(".")
    if in_core(module) and (target in IMPURE or (target == "random" and rest != ["Random"])):
        return f"{module} imports {imported}, which is not pure"
    return None


def imports_what_is_around_it(module: str, imported: str) -> str | None:
    """The core does not import its own harness, nor what owns a clock or a file."""
    if in_core(module) and any(within(imported, part) for part in AROUND_CORE):
        return f"{module} imports {imported}, which is around the core"
    return None


RULES = (
    climbs,
    carries_bytes,
    needs_what_tests_need,
    brings_something,
    needs_an_extra,
    is_impure,
    imports_what_is_around_it,
)


def calls(tree: ast.AST, module: str) -> Iterator[str]:
    """Calls of the core that are impure: of built-in functions, or of ``Random`` without a seed."""
    for node in ast.walk(tree):
        if in_core(module) and isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            name = node.func.id
            if name in IMPURE_CALLS or (name == "Random" and not node.args):
                yield f"{module} calls {name}, which is not pure"


def violations(modules: Sources) -> list[str]:
    found: list[str | None] = []
    for module, source in modules.items():
        tree = parse(source)
        for imported in imports(tree, module):
            found += [rule(module, imported.dotted) for rule in RULES]
        found += calls(tree, module)
    return [violation for violation in found if violation]


def test_imports_run_one_way_and_the_core_is_pure() -> None:
    assert violations(sources()) == []


def test_every_package_is_read() -> None:
    assert {name.split(".")[0] for name in sources()} == set(LADDER) == set(PACKAGES)
    assert {"roulette_core.machine", "roulette_core.policies.waves", "roulette_cli.main"} <= set(sources())


PLANTED = [
    ("roulette_core.machine", "import sim", "not below"),
    ("roulette_core.machine", "from transports import gateway", "not below"),
    ("roulette_core.testing.checker", "from sim.engine import run", "not below"),
    ("sim", "import transports", "carries no bytes"),
    ("sim.engine", "def late():\n    from transports.gateway import Gateway", "carries no bytes"),
    ("sim", "import roulette_cli.errors", "not below"),
    ("sim", "import benchmarks", "not below"),
    ("transports", "import sim.engine as engine", "not below"),
    ("transports", "from benchmarks import harness", "not below"),
    ("benchmarks", "from roulette_cli import main", "not below"),
    ("roulette_core._pool", "import numpy", "not in the standard library"),
    ("roulette_core.policies.waves", "from hypothesis import given", "not in the standard library"),
    ("roulette_core.testing.checker", "from hypothesis import given", "not in the standard library"),
    ("roulette_core.names.nicknames", "import hypothesis", "not in the standard library"),
    ("roulette_core.machine", "from roulette_core.names import nickname", "needs an extra"),
    ("roulette_core.testing.checker", "from roulette_core.testing import conformance", "needs an extra"),
    ("transports.gateway", "import pytest", "for tests alone"),
    ("sim.swarm", "from hypothesis import given", "for tests alone"),
    *(
        ("roulette_core.machine", f"import {module}", "not pure")
        for module in ("asyncio", "socket", "time", "logging", "os", "uuid", "secrets", "threading", "random")
    ),
    ("roulette_core.machine", "import os.path", "not pure"),
    ("roulette_core.machine", "from time import monotonic", "not pure"),
    ("roulette_core.policies.uniform", "from random import choice", "not pure"),
    ("roulette_core.policies.uniform", "from random import Random, SystemRandom", "not pure"),
    ("roulette_core.policies.uniform", "chance = Random()", "not pure"),
    ("roulette_core.policies.uniform", "def order(user):\n    return hash(user)", "not pure"),
    ("roulette_core.policies.uniform", "print('drawn')", "not pure"),
    ("roulette_core.machine", "from roulette_core.testing import Checker", "around the core"),
    ("roulette_core.machine", "from roulette_core import testing", "around the core"),
    ("roulette_core.machine", "from . import testing", "around the core"),
    ("roulette_core.policies.waves", "from ..testing.rules import Rule", "around the core"),
    ("roulette_core.machine", "if True:\n    import roulette_core.testing.rules", "around the core"),
    ("roulette_core.driver", "from roulette_core.aio import AsyncDriver", "around the core"),
]


@pytest.mark.parametrize(("module", "line", "complaint"), PLANTED)
def test_a_planted_violation_is_seen(module: str, line: str, complaint: str) -> None:
    (violation,) = violations({module: sources().get(module, "") + f"\n{line}\n"})
    assert violation.startswith(module)
    assert complaint in violation


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("roulette_cli.main", "import transports, sim, benchmarks, roulette_core"),
        ("benchmarks", "import sim, simpy"),
        ("sim", "import numpy, roulette_core.testing"),
        ("roulette_core.machine", "from random import Random\nchance = Random(7)"),
        ("roulette_core.machine", "import json, math, heapq"),
        ("roulette_core.testing.checker", "import time"),
        ("roulette_core.testing.conformance.policy", "import hypothesis, pytest, time"),
        ("sim.worlds", "from transports.gateway import Gateway"),
    ],
)
def test_what_is_allowed_is_not_complained_of(module: str, line: str) -> None:
    assert violations({module: sources().get(module, "") + f"\n{line}\n"}) == []
