"""The pure sources of the tally as modules of their own: in any build, and with planted bugs if wanted."""

import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

import sim.measure

FILES = ("compensated", "couples", "draw_test", "tally", "closing")


def pure(edits: Mapping[str, tuple[str, str]] | None = None) -> Any:
    """Returns a module with ``Tally`` and ``close``.

    Args:
        edits: for a file, without ``.py``, the text that stands there once, and what replaces it.
    """
    module = ModuleType("none")
    with patch.dict(sys.modules):
        for file in FILES:
            path = Path(sim.measure.__file__).parent / f"{file}.py"
            source = path.read_text(encoding="utf-8")
            before, after = (edits or {}).get(file, ("", ""))
            assert not before or source.count(before) == 1, f"{before!r} is not there once in {file}"
            module = ModuleType(f"sim.measure.{file}")
            module.__file__ = str(path)
            sys.modules[module.__name__] = module
            exec(compile(source.replace(before, after) if before else source, path, "exec"), vars(module))
    return module
