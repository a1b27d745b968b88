"""Looks into the built wheels: all that git keeps of both distributions is in them, and nothing else."""

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = {
    "roulette_core": ["roulette_core"],
    "roulette_chat": ["roulette_cli", "sim", "transports", "benchmarks"],
}


APART = {"roulette_core/LICENSE", "roulette_core/README.md", "roulette_core/pyproject.toml"}
"""What describes the library and lies beside its code: metadata in a wheel."""


def expected(packages: list[str]) -> set[str]:
    """The files of these packages that belong into a wheel."""
    command = ["git", "-C", str(ROOT), "ls-files", "--", *packages]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()) - APART


def shipped(wheel: Path) -> set[str]:
    """The files in a wheel but its metadata, which must have the licence."""
    names = zipfile.ZipFile(wheel).namelist()
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names), f"{wheel.name} has no licence"
    return {name for name in names if ".dist-info/" not in name}


for distribution, packages in PACKAGES.items():
    (wheel,) = Path(sys.argv[1]).glob(f"{distribution}-*.whl")
    wrong = expected(packages) ^ shipped(wheel)
    assert not wrong, f"{wheel.name} and the checkout differ in {sorted(wrong)}"
    untyped = {f"{package}/py.typed" for package in packages} - shipped(wheel)
    assert not untyped, f"{wheel.name} lacks {sorted(untyped)}: type checkers would ignore its annotations"
    print(f"{wheel.name}: {len(shipped(wheel))} files")
