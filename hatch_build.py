"""Puts the compiled modules of the simulator into what is built, where there is a C compiler: see ``sim/compiling.py``.

Hatch runs it for every wheel, and for editable installs, as ``uv run`` makes them.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompilingHook(BuildHookInterface[Any]):
    """Puts compiled modules into the wheel, or beside their sources for an editable install."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compiles, and gives the wheel the tag of this Python and machine if anything in it is compiled."""
        self._folder = Path(tempfile.mkdtemp())
        into = self.root if version == "editable" else str(self._folder)
        # In a process of its own: setuptools changes the one in which it is imported.
        child = subprocess.run(
            [sys.executable, "-m", "sim.compiling", into], cwd=self.root, stdout=subprocess.PIPE, text=True
        )
        problem = child.stdout.strip() if child.returncode == 0 else "compiling broke off"
        if problem:
            self.app.display_warning(f"roulette-chat will run as pure Python, which is slower: {problem}")
        else:
            build_data.update(pure_python=False, infer_tag=True)
        if version == "editable":
            # Hatch would call it fit for any Python: uv then gives it to the next one, for which nothing was compiled.
            builder = self.build_config.builder
            builder.get_default_tag = builder.get_best_matching_tag
        for path in self._folder.rglob("*.*"):
            build_data["force_include"][str(path)] = str(path.relative_to(self._folder))

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Removes what is in the wheel now."""
        shutil.rmtree(self._folder)
