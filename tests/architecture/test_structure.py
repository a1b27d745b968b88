"""The shape of the product: no circles, faces, privacy, and nothing done at import; with planted violations."""

import ast
import builtins
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.architecture.sources import (
    PACKAGES,
    ROOT,
    Import,
    Sources,
    imports,
    package_of,
    packages,
    parse,
    sources,
    within,
)


def is_ours(name: str) -> bool:
    return name.partition(".")[0] in PACKAGES


def target(imported: Import, modules: Sources) -> str:
    """The module or package that an import reaches: of ``from a import b``, ``a.b`` if that is a module."""
    return imported.dotted if imported.dotted in modules else imported.module


# No circles.


def circle(modules: Sources) -> list[str]:
    """One circle of imports, type-only ones included; empty if there is none."""
    graph = {
        module: {target(imported, modules) for imported in imports(parse(source), module) if is_ours(imported.module)}
        for module, source in modules.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_imports_run_in_a_circle() -> None:
    assert circle(sources()) == []


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("roulette_core._pool", "from roulette_core.machine import Roulette"),
        ("roulette_core.events", "def late():\n    import roulette_core.machine"),
        (
            "roulette_core.states",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .machine import Roulette",
        ),
        ("sim.engine", "from sim import run"),
    ],
)
def test_a_planted_circle_is_found(module: str, line: str) -> None:
    assert module in circle({**sources(), module: f"{sources()[module]}\n{line}\n"})


# Faces.


def offered(package: str, modules: Sources) -> set[str]:
    """What the face of a package offers: its ``__all__``."""
    for node in parse(modules[package]).body:
        if isinstance(node, ast.Assign) and [ast.unparse(each) for each in node.targets] == ["__all__"]:
            return set(ast.literal_eval(node.value))
    return set()


NUMBERS = {"sim.rows.codes", "sim.kernel.states"}
"""Modules of plain numbers. Compiled modules take each over by its name, so a face would have to repeat them all."""


def is_compiled(module: str) -> bool:
    """Whether a module has types for a compiler, which names modules and not faces."""
    return ROOT.joinpath(*module.split(".")).with_suffix(".pxd").exists()


def by_the_back_door(module: str, source: str, modules: Sources) -> Iterator[str]:
    """Imports from another package of what its face does not offer.

    A module may take from its own package and from those around it what it likes: their faces are made of it. ``sim``
    has no face: it is the street of its rooms, and of the modules that run them.
    """
    if is_compiled(module):
        return
    for imported in imports(parse(source), module):
        home, reached = package_of(module), package_of(target(imported, modules))
        if not is_ours(imported.module) or within(home, reached) or reached == "sim":
            continue
        if target(imported, modules) in NUMBERS:
            continue
        is_face = imported.module in packages() and imported.name in offered(imported.module, modules)
        if not is_face and target(imported, modules) not in packages():
            yield f"{module} imports {imported.dotted}, which the face of {reached} does not offer"
        elif not is_face and imported.name and imported.dotted not in packages():
            yield f"{module} imports {imported.dotted}, which the face of {imported.module} does not offer"


def every(rule, modules: Sources) -> list[str]:  # type: ignore[no-untyped-def]
    return [flaw for module, source in modules.items() for flaw in rule(module, source, modules)]


def test_packages_are_entered_by_their_faces() -> None:
    assert every(by_the_back_door, sources()) == []


# Privacy.

DATA_METHODS = {"_replace", "_asdict", "_fields", "_make", "_field_defaults"}
"""Of a NamedTuple: public, but for their underscore."""


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name not in DATA_METHODS


def owned(tree: ast.AST) -> set[str]:
    """The private names that a module itself gives to something."""
    names = {
        node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name) and isinstance(node.ctx, ast.Store):
            own = isinstance(node, ast.Name) or (isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"))
            names |= {node.id if isinstance(node, ast.Name) else node.attr} if own else set()
    return names


def inherited(tree: ast.AST, module: str, modules: Sources) -> set[str]:
    """The private names of the modules from which the base classes of a module's classes come, and theirs."""
    bases = {
        base.id
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for base in node.bases
        if isinstance(base, ast.Name)
    }
    homes = {target(imported, modules) for imported in imports(tree, module) if imported.name in bases}
    trees = {home: parse(modules[home]) for home in homes & set(modules)}
    return {name for home, each in trees.items() for name in owned(each) | inherited(each, home, modules)}


DOCUMENTED = {"os._exit", "where._name_"}
"""Public in spite of its underscore."""


def reaching_in(module: str, source: str, modules: Sources) -> Iterator[str]:
    """Uses of what is private to another module: of its attributes from outside, of its names by import."""
    tree = parse(source)
    mine = owned(tree) | inherited(tree, module, modules)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or not is_private(node.attr) or node.attr in mine:
            continue
        if ast.unparse(node.value) not in ("self", "cls", "super()") and ast.unparse(node) not in DOCUMENTED:
            yield f"{module} reaches into {ast.unparse(node)}, line {node.lineno}"
    for imported in imports(tree, module):
        if is_ours(imported.module) and is_private(imported.name) and imported.dotted not in modules:
            yield f"{module} imports {imported.dotted}, which is private"


def test_nothing_private_is_used_from_outside() -> None:
    assert every(reaching_in, sources()) == []


# Import time.

READS = {"open", "read_text", "read_bytes", "read", "getenv", "run", "connect", "load"}
"""What opens or reads something, when it is called."""


def at_import(tree: ast.Module) -> Iterator[ast.AST]:
    """Everything that happens when a module is imported: what stands outside functions."""
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting += [*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)]
        elif not isinstance(node, ast.Lambda):
            yield node
            waiting += ast.iter_child_nodes(node)


def does_work(module: str, source: str, _modules: Sources) -> Iterator[str]:
    """Calls at import that read files, the environment or the network."""
    tree = parse(source)
    if module.endswith("__main__"):
        return
    for node in at_import(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in READS or ast.unparse(node.func).startswith("os.environ"):
                yield f"{module} calls {ast.unparse(node.func)} when it is imported, line {node.lineno}"


def test_nothing_is_read_at_import() -> None:
    assert every(does_work, sources()) == []


HOOKS = {"sys.unraisablehook"}
"""What a program is meant to set, by the documentation of the standard library."""


def patches(module: str, source: str, _modules: Sources) -> Iterator[str]:
    """Assignments to attributes of what was imported from elsewhere: they hold for the whole process."""
    tree = parse(source)
    foreign = {
        alias.asname or alias.name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom) and not is_ours(getattr(node, "module", None) or "")
        for alias in node.names
        if not is_ours(alias.name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and ast.unparse(node) not in HOOKS:
            root = node.value
            while isinstance(root, ast.Attribute):
                root = root.value
            if isinstance(root, ast.Name) and root.id in foreign and not hasattr(builtins, root.id):
                yield f"{module} sets {ast.unparse(node)}, line {node.lineno}"


def test_the_standard_library_is_not_patched() -> None:
    assert every(patches, sources()) == []


# Each rule sees what it is there for.

PLANTED = [
    (by_the_back_door, "sim.engine", "from roulette_core._pool import Pool"),
    (by_the_back_door, "sim.run", "from sim.worlds.wire.pipe import Pipe"),
    (by_the_back_door, "roulette_cli.main", "import transports.tcp.link"),
    (by_the_back_door, "sim.run_check", "from sim.kernel.policies.fresh import FreshSeats"),
    (by_the_back_door, "sim.engine", "from roulette_core import machine"),
    (by_the_back_door, "sim.engine", "from roulette_core import no_such_name"),
    (by_the_back_door, "roulette_core", "from roulette_core.testing.checker import Checker"),
    (reaching_in, "sim.engine", "def spoil(roulette):\n    roulette._now = 3.0"),
    (reaching_in, "sim.engine", "def look(roulette):\n    return roulette.policy._memory"),
    (reaching_in, "sim.engine", "from roulette_core.machine import _TRANSITIONS"),
    (does_work, "sim.engine", "from pathlib import Path\nTEXT = Path('x').read_text()"),
    (does_work, "sim.engine", "class A:\n    text = open('x').read()"),
    (does_work, "sim.engine", "import os\ndef f(x=os.environ.get('X')):\n    pass"),
    (patches, "sim.engine", "from asyncio import sslproto\nsslproto.SSLProtocol.max_size = 4096"),
    (patches, "sim.engine", "import json\ndef f():\n    json.dumps = None"),
]


@pytest.mark.parametrize(("rule", "module", "lines"), PLANTED)
def test_a_planted_violation_is_found(rule, module: str, lines: str) -> None:  # type: ignore[no-untyped-def]
    clean = sources()[module]
    assert len(list(rule(module, f"{clean}\n{lines}\n", sources()))) > len(list(rule(module, clean, sources())))
