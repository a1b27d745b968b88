"""The reference has everything that the faces offer, each with its docstring, and every field of it is described."""

import ast
import functools
import importlib
import inspect
import itertools
import re
import textwrap
import typing
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from tests.support.fences import ROOT, fences

FACES = (
    "roulette_core",
    "roulette_core.aio",
    "roulette_core.driver",
    "roulette_core.files",
    "roulette_core.journal",
    "roulette_core.names",
    "roulette_core.testing",
    "roulette_core.testing.clients",
    "roulette_core.testing.conformance",
    "transports.driver",
    "transports.gateway",
    "transports.testing",
)
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs/reference").glob("*.md"))
DIRECTIVE = re.compile(r"^\.\. auto(\w+):: (\S+)$", re.MULTILINE)
ENTRIES = [
    (kind, name)
    for page in PAGES
    for fence in fences(page, "{eval-rst}")
    for kind, name in DIRECTIVE.findall(fence.text)
]


def offered() -> Iterator[tuple[str, str, Any]]:
    """Yields every name of every face, with its face and what it is."""
    for face in FACES:
        module = importlib.import_module(face)
        yield from ((face, name, getattr(module, name)) for name in module.__all__)


def found(dotted: str) -> Any:
    """What a dotted name of the reference stands for."""
    owner, _, name = dotted.rpartition(".")
    return getattr(importlib.import_module(owner), name)


def is_class(thing: Any) -> bool:
    return inspect.isclass(thing) and typing.get_origin(thing) is None


def kind_of(thing: Any) -> str:
    if is_class(thing):
        return "exception" if issubclass(thing, BaseException) else "class"
    if isinstance(thing, ModuleType):
        return "module"
    return "function" if (callable(thing) and hasattr(thing, "__code__")) or hasattr(thing, "__wrapped__") else "data"


@functools.cache
def described_data(module: str) -> frozenset[str]:
    """The constants and type aliases of a module with a docstring below them, whether declared there or imported."""
    body = ast.parse(inspect.getsource(importlib.import_module(module))).body
    names = {
        ast.unparse(node.target if isinstance(node, ast.AnnAssign) else node.targets[0])
        for node, below in itertools.pairwise(body)
        if isinstance(node, ast.AnnAssign | ast.Assign) and isinstance(below, ast.Expr)
    }
    for node in body:
        home = (node.module or "") if isinstance(node, ast.ImportFrom) else ""
        if home.startswith(("roulette_core.", "transports.")) and not module.startswith(f"{home}."):
            names |= {alias.name for alias in node.names} & described_data(home)
    return frozenset(names)


def undescribed_fields(kind: type) -> list[str]:
    """The fields of a NamedTuple or dataclass that neither its docstring, a string below nor a help text describes."""
    declared = getattr(kind, "__dataclass_fields__", {})
    fields = getattr(kind, "_fields", None) or [name for name in declared if "help" not in declared[name].metadata]
    body = ast.parse(textwrap.dedent(inspect.getsource(kind))).body[0]
    assert isinstance(body, ast.ClassDef)
    below = {
        ast.unparse(node.target)
        for node, after in itertools.pairwise(body.body)
        if isinstance(node, ast.AnnAssign) and isinstance(after, ast.Expr)
    }
    section = (inspect.getdoc(kind) or "").partition("Attributes:")[2]
    return [
        field
        for field in fields
        if field != "kind" and field not in below and not re.search(rf"^    {field}: \w", section, re.MULTILINE)
    ]


def test_everything_offered_is_in_the_reference() -> None:
    things = [found(name) for _, name in ENTRIES]
    missing = [
        f"{face}.{name}"
        for face, name, thing in offered()
        if f"{face}.{name}" not in dict(map(reversed, ENTRIES)) and not any(thing is other for other in things)
    ]
    assert missing == []


def test_nothing_is_in_the_reference_twice() -> None:
    assert len(ENTRIES) == len(set(ENTRIES))


@pytest.mark.parametrize(("kind", "name"), ENTRIES)
def test_an_entry_is_what_its_directive_says_and_has_a_docstring(kind: str, name: str) -> None:
    thing = found(name)
    assert kind == kind_of(thing)
    if kind == "data":
        module, _, short = name.rpartition(".")
        assert short in described_data(module)
    else:
        assert thing.__doc__
        assert not thing.__doc__.startswith(f"{thing.__name__}("), "the docstring that Python makes by itself"


@pytest.mark.parametrize("kind", [found(name) for kind, name in ENTRIES if kind == "class"])
def test_every_field_is_described(kind: type) -> None:
    assert undescribed_fields(kind) == []


@pytest.mark.parametrize("kind", [found(name) for kind, name in ENTRIES if kind in ("class", "exception")])
def test_every_method_is_described(kind: type) -> None:
    public = {name: member for name, member in vars(kind).items() if not name.startswith("_")}
    methods = {
        name: member for name, member in public.items() if inspect.isroutine(member) or isinstance(member, property)
    }
    assert [name for name in methods if not inspect.getdoc(getattr(kind, name))] == []


class Undescribed(typing.NamedTuple):
    """A class of which one field is described in each way, and one is not.

    Attributes:
        first: described here.
    """

    first: int
    second: int
    """Described below it."""
    third: int
    kind: str = "undescribed"


def test_a_field_that_is_not_described_is_found() -> None:
    assert undescribed_fields(Undescribed) == ["third"]
