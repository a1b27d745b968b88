"""The service unit and the container file: what they name exists, and systemd accepts the unit."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import typer

from roulette_cli.app import app
from tests.support import terminal
from tests.support.fences import ROOT

UNIT = ROOT / "deploy" / "roulette.service"
CONTAINER = ROOT / "deploy" / "Containerfile"

VARIABLES = {
    f"ROULETTE_{name}_{parameter.name}".upper()
    for name, command in typer.main.get_command(app).commands.items()
    for parameter in command.params
}
"""What an option may be called in the environment."""


@pytest.mark.parametrize("path", [UNIT, CONTAINER, ROOT / "docs" / "operating.md"])
def test_every_environment_variable_named_is_that_of_an_option(path: Path) -> None:
    named = set(re.findall(r"\bROULETTE_[A-Z_]+", path.read_text(encoding="utf-8")))
    assert named
    assert named <= VARIABLES


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text().replace("/opt/roulette/bin/roulette", terminal.ROULETTE))
    done = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def instructions() -> list[tuple[str, str]]:
    """The container file's instructions, their continued lines joined."""
    text = CONTAINER.read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines)]


def test_the_container_is_given_everything_that_is_installed() -> None:
    copied = {source for word, rest in instructions() if word == "COPY" for source in rest.split()[:-1]}
    assert all((ROOT / source).exists() for source in copied)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    needed = {*project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"], "roulette_core", "pyproject.toml"}
    assert needed | {project["project"]["readme"], *project["project"]["license-files"]} <= copied


def test_the_container_runs_unprivileged_and_stops_by_sigterm() -> None:
    said = dict(instructions())
    assert said["USER"] == "10001:10001"
    assert said["STOPSIGNAL"] == "SIGTERM"
    assert said["ENTRYPOINT"] == '["roulette"]'
    assert instructions()[0][0] == "FROM"
