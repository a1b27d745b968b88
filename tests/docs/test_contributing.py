"""The page for contributors: what it names is there, and the changelog forgets no command."""

import re
import tomllib

import pytest

from roulette_cli.app import app
from tests.support.fences import ROOT

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
MODULES = re.findall(r"python -m ((?:tests|benchmarks)[\w.]+)", TEXT)
PATHS = re.findall(r"\b(?:tests|docs|roulette_core|roulette_cli|sim|transports)/[\w/.]*\w", TEXT)


@pytest.mark.parametrize("name", MODULES)
def test_a_module_that_is_to_be_run_can_be(name: str) -> None:
    path = ROOT / name.replace(".", "/")
    main = path / "__main__.py" if path.is_dir() else path.with_suffix(".py")
    assert 'if __name__ == "__main__":' in main.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted(set(PATHS)))
def test_a_path_that_is_named_is_there(path: str) -> None:
    assert (ROOT / path).exists()


def test_tests_run_on_every_processor_unless_told_otherwise() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "-n=auto" in settings["tool"]["pytest"]["ini_options"]["addopts"]


def test_the_changelog_names_every_command() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    names = [command.callback.__name__ for command in app.registered_commands if command.callback is not None]
    assert len(names) == 8
    assert all(f"`roulette {name}" in changes for name in names)
