"""Compiling: what is compiled is used as long as its sources are as they were, and without a compiler all is pure."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from sim.compiled import CHANGED, COMPILED, NEVER, RECORD, ROOT, SUFFIX, UNWANTED
from sim.compiling import FAILED, NO_COMPILER, NO_EXTENSIONS, SHARED, compilable, extension, out_of_date

TINY = "class Tiny:\n    def __init__(self):\n        self.count = 7\n"
TINY_PXD = "cdef class Tiny:\n    cdef public int count\n    cdef int[::1] numbers\n"
CLEAN = {
    name: value
    for name, value in os.environ.items()
    if name not in ("CC", "CFLAGS", "LDFLAGS", "ROULETTE_PURE", "ROULETTE_BOUNDS", "PYTHONWARNINGS", "PYTHONPATH")
}


class Checkout:
    """A checkout whose simulator has one module that can be compiled."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def new(cls, root: Path) -> "Checkout":
        (root / "sim").mkdir()
        for name in ("__init__.py", "compiled.py", "compiling.py"):
            shutil.copy(ROOT / "sim" / name, root / "sim" / name)
        (root / "sim/tiny.py").write_text(TINY)
        (root / "sim/tiny.pxd").write_text(TINY_PXD)
        return cls(root)

    def run(self, *arguments: str, **variables: str) -> str:
        command = [sys.executable, *arguments]
        environment = {**CLEAN, **variables}
        child = subprocess.run(command, cwd=self.root, env=environment, capture_output=True, text=True, check=True)
        return child.stdout

    def compile(self, **variables: str) -> str:
        return self.run("-m", "sim.compiling", **variables)

    def used(self, **variables: str) -> tuple[str, str]:
        """Which file is imported, and why it is the source."""
        code = "import sim.tiny, sim.compiled; print(sim.tiny.__file__, sim.compiled.why_pure(), sep='|')"
        path, why = self.run("-c", code, **variables).strip().split("|")
        return Path(path).name, why

    def extensions(self) -> set[str]:
        return {path.name for path in (self.root / "sim").glob(f"*{SUFFIX}")}


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout.new(tmp_path)


@pytest.fixture(scope="module")
def compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    if not shutil.which("cc"):
        pytest.skip("there is no C compiler")
    made = Checkout.new(tmp_path_factory.mktemp("checkout"))
    (made.root / f"sim/gone{SUFFIX}").touch()
    (made.root / "sim/tiny.another-python.so").touch()
    assert made.compile() == ""
    return made


@pytest.fixture
def built(compiled_once: Checkout, tmp_path: Path) -> Checkout:
    shutil.copytree(compiled_once.root / "sim", tmp_path / "sim")
    return Checkout(tmp_path)


SOURCE, EXTENSION = "tiny.py", f"tiny{SUFFIX}"


def test_what_is_compiled_is_used(built: Checkout) -> None:
    assert built.used() == (EXTENSION, "")


def test_extensions_without_a_source_go_and_those_of_other_pythons_stay(built: Checkout) -> None:
    assert built.extensions() == {EXTENSION, f"_memoryviews{SUFFIX}"}
    assert (built.root / "sim/tiny.another-python.so").exists()


def test_pure_can_be_asked_for_at_run_time(built: Checkout) -> None:
    assert built.used(ROULETTE_PURE="1") == (SOURCE, UNWANTED)
    assert built.used(ROULETTE_PURE="0") == (EXTENSION, "")


@pytest.mark.parametrize("name", ["sim/tiny.py", "sim/tiny.pxd"])
def test_an_extension_older_than_its_source_is_not_used_until_the_source_is_as_it_was(
    built: Checkout, name: str
) -> None:
    before = (built.root / name).read_bytes()
    (built.root / name).write_bytes(before + b"# changed\n")
    assert built.used() == (SOURCE, CHANGED)
    (built.root / name).write_bytes(before)
    assert built.used() == (EXTENSION, "")


def test_an_extension_that_nothing_vouches_for_is_not_used(built: Checkout) -> None:
    (built.root / RECORD).unlink()
    assert built.used() == (SOURCE, NEVER)


def test_if_one_extension_is_missing_none_is_used(built: Checkout) -> None:
    (built.root / "sim" / EXTENSION).unlink()
    assert built.used() == (SOURCE, CHANGED)


def test_a_changed_source_is_compiled_anew_and_nothing_else_is(built: Checkout) -> None:
    shared = extension(SHARED, built.root)
    before = shared.stat().st_ino
    (built.root / "sim/tiny.py").write_text(TINY.replace("7", "8"))
    assert built.compile() == ""
    assert built.run("-c", "from sim.tiny import Tiny; print(Tiny.__module__, Tiny().count)") == "sim.tiny 8\n"
    assert built.used() == (EXTENSION, "")
    assert shared.stat().st_ino == before


def test_without_a_compiler_all_is_pure_and_old_extensions_go(built: Checkout) -> None:
    (built.root / "sim/tiny.py").write_text(TINY + "\n")
    assert built.compile(CC="/nonexistent/cc") == NO_COMPILER
    assert built.used() == (SOURCE, NO_COMPILER)
    assert built.extensions() == set()


def test_a_compiler_that_fails_makes_it_pure(checkout: Checkout) -> None:
    assert checkout.compile(CC="false") == NO_EXTENSIONS
    assert checkout.used() == (SOURCE, NO_EXTENSIONS)


def test_declarations_that_are_wrong_make_it_pure(checkout: Checkout) -> None:
    (checkout.root / "sim/tiny.pxd").write_text("cdef class Tiny:\n    cdef no_such_type count\n")
    expected = FAILED if shutil.which("cc") else NO_COMPILER
    assert checkout.compile() == expected
    assert checkout.used() == (SOURCE, expected)


def test_pure_can_be_asked_for_when_it_is_built(built: Checkout) -> None:
    assert built.compile(ROULETTE_PURE="1") == UNWANTED
    assert built.extensions() == set()
    assert built.used() == (SOURCE, NEVER)


def test_the_notice_is_one_line_with_a_hint(built: Checkout) -> None:
    show = "from sim.compiled import notice; print(notice(), end='')"
    assert built.run("-c", show) == ""
    (built.root / RECORD).unlink()
    for variables in ({}, {"ROULETTE_PURE": "1"}):
        assert re.fullmatch(r"pure Python build, which is slower: .+; hint: .+", built.run("-c", show, **variables))


def test_what_is_out_of_date(tmp_path: Path) -> None:
    modules = ["sim/a.py", "sim/b.py"]
    record = ["settings", "1 sim/a.py", "2 sim/b.py", "3 sim/a.pxd", "4 sim/b.pxd"]
    every = [SHARED, *modules]
    assert out_of_date(modules, record, tmp_path) == every
    (tmp_path / "sim").mkdir()
    for source in every:
        extension(source, tmp_path).touch()
    assert out_of_date(modules, record, tmp_path) == every, "no record"
    (tmp_path / RECORD).write_text("\n".join([COMPILED, *record, ""]))
    assert out_of_date(modules, record, tmp_path) == []
    assert out_of_date(modules, [*record[:2], "9 sim/b.py", *record[3:]], tmp_path) == ["sim/b.py"]
    assert out_of_date(modules, [*record[:3], "9 sim/a.pxd", record[4]], tmp_path) == every, "others may use it"
    assert out_of_date(modules, ["other settings", *record[1:]], tmp_path) == every
    extension(SHARED, tmp_path).unlink()
    assert out_of_date(modules, record, tmp_path) == [SHARED]


def test_uv_compiles_anew_when_a_source_changes() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["uv"]["cache-keys"]
    watched = {path.relative_to(ROOT).as_posix() for key in settings for path in ROOT.glob(key["file"])}
    modules = compilable(ROOT)
    assert set(modules) | {f"{module[:-3]}.pxd" for module in modules} <= watched
    assert {"pyproject.toml", "hatch_build.py", "sim/compiling.py"} <= watched
    assert not {"sim/run.py", "sim/engine.py"} & watched


def test_the_sources_hold_nothing_of_a_compiler() -> None:
    assert compilable(ROOT)
    for module in compilable(ROOT):
        assert "cython" not in (ROOT / module).read_text(encoding="utf-8").lower(), module


def test_the_command_says_that_the_pure_build_simulates() -> None:
    command = [sys.executable, "-m", "roulette_cli", "sim", "--users", "3", "--runs", "2", "--duration", "1s"]
    environment = {**CLEAN, "ROULETTE_PURE": "1"}
    ended = subprocess.run([*command, "--json", "-"], env=environment, cwd=ROOT, capture_output=True, text=True)
    assert UNWANTED in ended.stderr, "on stderr, not among the data"
    assert UNWANTED not in ended.stdout
