"""Copies of the kernel's sources under another name: pure in any build, and with planted bugs if wanted."""

import importlib
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import sim.kernel


def copied(folder: Path, edits: Mapping[str, tuple[str, str]] | None = None) -> ModuleType:
    """Copies the sources of the kernel into a folder, edits some files, and imports the copy.

    Args:
        folder: where to; its name makes that of the package.
        edits: for a file, by its path within the package, the text that stands there once, and what replaces it.
    """
    name = f"kernel_{folder.name.replace('-', '_')}"
    home = Path(sim.kernel.__file__).parent
    for path in home.rglob("*.py"):
        file, source = str(path.relative_to(home)), path.read_text()
        before, after = (edits or {}).get(file, ("", ""))
        assert not before or source.count(before) == 1, f"{before!r} is not there once in {file}"
        copy = folder / name / file
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text((source.replace(before, after) if before else source).replace("sim.kernel", name))
    sys.path.insert(0, str(folder))
    try:
        for module in ("policies", "roulette"):
            importlib.import_module(f"{name}.{module}")
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(folder))
