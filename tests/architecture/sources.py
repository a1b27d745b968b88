"""The product's modules as syntax trees: what each imports, and from where."""

import ast
import functools
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]

PACKAGES = ("roulette_core", "transports", "sim", "benchmarks", "roulette_cli")

Sources = dict[str, str]
"""Dotted name → source; a package stands under its own name, as ``sim.worlds``."""


@functools.cache
def sources() -> Sources:
    """Returns every module of every package."""
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts).removesuffix(".__init__")] = path.read_text()
    return found


parse = functools.cache(ast.parse)


@functools.cache
def packages() -> frozenset[str]:
    """Returns the names of all packages: folders with an ``__init__``."""
    found = (path.parent.relative_to(ROOT) for package in PACKAGES for path in (ROOT / package).rglob("__init__.py"))
    return frozenset(".".join(path.parts) for path in found)


class Import(NamedTuple):
    """One name that a module imports.

    Attributes:
        module: the module it comes from, as written: ``a.b`` in ``from a.b import c`` and in ``import a.b``.
        name: ``c`` in ``from a.b import c``; empty in ``import a.b``.
    """

    module: str
    name: str

    @property
    def dotted(self) -> str:
        """Returns ``a.b.c`` for ``from a.b import c``."""
        return f"{self.module}.{self.name}" if self.name else self.module


def imports(tree: ast.AST, module: str) -> Iterator[Import]:
    """Yields every import of a module, wherever in it: in functions and under TYPE_CHECKING, too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            home = module.split(".") if module in packages() else module.split(".")[:-1]
            base = home[: len(home) - node.level + 1] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            yield from (Import(source, alias.name) for alias in node.names)


def package_of(module: str) -> str:
    """Returns the package that a module lies in; of a package, itself."""
    return module if module in packages() else module.rpartition(".")[0]


def within(name: str, package: str) -> bool:
    """Returns whether a dotted name is a package or lies in it."""
    return name == package or name.startswith(package + ".")
