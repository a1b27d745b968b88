"""Which build of the simulator runs: the compiled one or the pure one. Both give the same bytes.

A module with a ``.pxd`` file beside it can be compiled; ``hatch_build.py`` does it when the project is installed, and
writes a record of the sources that it compiled. Compiled modules are used all together, because they call each other in
C, and only if their sources are still those of the record: otherwise Python would prefer an old extension module to the
source beside it. Set ``ROULETTE_PURE=1`` to run the pure build.
"""

import os
from collections.abc import Sequence
from functools import cache
from importlib.machinery import EXTENSION_SUFFIXES, ModuleSpec
from importlib.util import source_hash, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Final

ROOT: Final = Path(__file__).parent.parent
SUFFIX: Final = EXTENSION_SUFFIXES[0]
"""How the names of extension modules end for this Python: each Python has builds of its own in one checkout."""

RECORD: Final = f"sim/compiled{SUFFIX.rpartition('.')[0]}.txt"
"""Of the build: ``COMPILED`` or why it is not, its settings, and a line with fingerprint and path of each source."""

COMPILED: Final = "compiled"
CHANGED: Final = "sources changed since it was compiled"
NEVER: Final = "not compiled when it was installed"
UNWANTED: Final = "ROULETTE_PURE is set"


def fingerprint(source: Path) -> str:
    """Returns what tells one version of a file from another: the hash by which Python itself does so, of 64 bits."""
    return source_hash(source.read_bytes()).hex()


def pure_is_asked_for() -> bool:
    """Returns whether ``ROULETTE_PURE`` is set to anything but 0."""
    return os.environ.get("ROULETTE_PURE", "") not in ("", "0")


def compiled() -> bool:
    """Returns whether the compiled build runs."""
    return not why_pure()


@cache
def why_pure() -> str:
    """Returns why the pure build runs, as a phrase; empty if the compiled one does."""
    return UNWANTED if pure_is_asked_for() else flaw(ROOT)


def flaw(root: Path) -> str:
    """Returns why the build in a folder cannot be used, as a phrase; empty if it can be."""
    try:
        outcome, _settings, *sources = (root / RECORD).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return NEVER
    if outcome != COMPILED:
        return outcome
    return "" if all(_is_as_compiled(root, *line.split(" ", 1)) for line in sources) else CHANGED


def _is_as_compiled(root: Path, recorded: str, name: str) -> bool:
    source = root / name
    try:
        return fingerprint(source) == recorded and (source.suffix != ".py" or source.with_suffix(SUFFIX).exists())
    except OSError:
        return False


def notice() -> str:
    """Returns one line that says that the pure build runs, why, and what to do; empty if the compiled one runs."""
    hints = {
        "": "",
        UNWANTED: "unset it to run the compiled build",
        CHANGED: "`uv sync` or `pip install -e .` compiles them",
    }
    hint = hints.get(why_pure(), "with a C compiler, install it again (`uv sync --reinstall-package roulette-chat`)")
    return hint and f"pure Python build, which is slower: {why_pure()}; hint: {hint}"


class SourceFinder:
    """Finds the source of a module that can be compiled, if the pure build is to run. Stands in ``sys.meta_path``."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """Returns where to import a module from, or None to leave it to Python."""
        if not name.startswith("sim."):
            return None
        for folder in path or ():
            source = os.path.join(folder, f"{name.rpartition('.')[2]}.py")
            if os.path.exists(f"{source[:-3]}.pxd") and not compiled():
                return spec_from_file_location(name, source)
        return None
