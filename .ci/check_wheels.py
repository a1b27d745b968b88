"""Looks into the built wheels, and runs what they install.

All that git keeps of both distributions is in them; besides it the extension modules of a compiled build, and nothing
else. Installed into an environment of its own, each simulates the same users, and all builds say the same of them.

Usage: ``check_wheels.py compiled=FOLDER pure=FOLDER …``; the first folder has the wheel of the library, too.
"""

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from sim.compiled import RECORD  # noqa: E402 (of this checkout)
from sim.compiling import SHARED, compilable, extension  # noqa: E402

PACKAGES = {
    "roulette_core": ["roulette_core"],
    "roulette_chat": ["roulette_cli", "sim", "transports", "benchmarks"],
}
APART = {"roulette_core/LICENSE", "roulette_core/README.md", "roulette_core/pyproject.toml"}
"""What describes the library and lies beside its code: metadata in a wheel."""

TIMED = "speed."
"""How the names of figures begin that differ from run to run."""


def expected(packages: list[str]) -> set[str]:
    """The files of these packages that belong into a wheel."""
    command = ["git", "-C", str(ROOT), "ls-files", "--", *packages]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()) - APART


def shipped(wheel: Path) -> set[str]:
    """The files in a wheel but its metadata, which must have the licence."""
    names = zipfile.ZipFile(wheel).namelist()
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names), f"{wheel.name} has no licence"
    return {name for name in names if ".dist-info/" not in name}


def check_contents(wheel: Path, packages: list[str], build: str) -> None:
    """Compares a wheel with the checkout, and its tag with what is in it."""
    made = {str(extension(source, Path())) for source in [SHARED, *compilable(ROOT)]} if build == "compiled" else set()
    wrong = (expected(packages) | made) ^ (shipped(wheel) - {RECORD})
    assert not wrong, f"{wheel.name} and the checkout differ in {sorted(wrong)}"
    untyped = {f"{package}/py.typed" for package in packages} - shipped(wheel)
    assert not untyped, f"{wheel.name} lacks {sorted(untyped)}: type checkers would ignore its annotations"
    assert wheel.name.endswith("-py3-none-any.whl") == (build == "pure"), f"{wheel.name} is the {build} build"
    print(f"{wheel.name}: {len(shipped(wheel))} files, of them compiled: {len(made)}")


def untimed(data: Any) -> Any:
    """Data without how long it took."""
    if isinstance(data, dict):
        return {key: untimed(value) for key, value in data.items() if not key.startswith(TIMED)}
    return [untimed(each) for each in data] if isinstance(data, list) else data


def simulated(wheels: list[Path], build: str) -> Any:
    """What a simulation finds, run by the installed wheels, which must be of this build."""
    with tempfile.TemporaryDirectory() as folder:
        environment = Path(folder, "environment")
        python = str(environment / "bin/python")
        clean = {name: value for name, value in os.environ.items() if name not in ("ROULETTE_PURE", "PYTHONPATH")}

        def run(*command: str) -> str:
            return subprocess.run(command, cwd=folder, env=clean, stdout=subprocess.PIPE, text=True, check=True).stdout

        run("uv", "venv", "--quiet", "--python", sys.executable, str(environment))
        run("uv", "pip", "install", "--quiet", "--python", python, *map(str, wheels))
        notice = run(python, "-c", "from sim.compiled import notice; import sim.rows.block; print(notice())").strip()
        assert bool(notice) == (build == "pure"), f"{wheels[-1].name}, once installed: {notice or 'compiled'}"
        options = ["--users", "100", "--duration", "20m", "--seed", "1", "--no-progress", "--json", "-"]
        found = run(str(environment / "bin/roulette"), "sim", *options)
    print(f"{wheels[-1].name}: installed, it runs {notice or 'compiled'}")
    return untimed(json.loads(found))


def main() -> None:
    """Checks the folders that are named on the command line."""
    folders = [(build, Path(folder).resolve()) for build, _, folder in (word.partition("=") for word in sys.argv[1:])]
    (library,) = folders[0][1].glob("roulette_core-*.whl")
    check_contents(library, PACKAGES["roulette_core"], "pure")
    found = []
    for build, folder in folders:
        (app,) = folder.glob("roulette_chat-*.whl")
        check_contents(app, PACKAGES["roulette_chat"], build)
        found.append(simulated([library, app], build))
    assert all(each == found[0] for each in found), "the builds do not say the same"


if __name__ == "__main__":
    main()
