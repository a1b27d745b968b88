"""Files that options name: written whole or not at all, and refused in one way; nothing else is left behind."""

import os
import re
import resource
import subprocess
from pathlib import Path

import pytest
import typer

from roulette_cli.app import app
from roulette_cli.files import write_file
from tests.cli.said import assert_two_plain_lines, said
from tests.support import terminal

COMMANDS = typer.main.get_command(app).commands

FILES = {
    ("sim", "--replay"): [],
    ("sim", "--scenario"): [],
    ("sim", "--json"): [],
    ("check", "--json"): [],
    ("prove", "--json"): [],
    ("swarm", "--json"): [],
    ("bench", "--json"): [],
    ("bench", "--html"): [],
    ("bench", "--compare"): [],
    ("serve", "--tls-cert"): ["--port", "0"],
    ("serve", "--tls-key"): ["--port", "0", "--tls-cert", __file__],
    ("serve", "--record"): ["--port", "0"],
    ("serve", "--admin-socket"): ["--port", "0"],
    ("admin", "--socket"): ["list"],
    ("chat", "--tls-ca"): [],
}
"""Every option that names a file, with the rest of a command line that gets as far as the file."""


def test_every_option_that_names_a_file_is_tested_here() -> None:
    found = {
        (name, parameter.opts[0])
        for name, command in COMMANDS.items()
        for parameter in command.params
        if parameter.metavar == "FILE" or parameter.opts[0] == "--scenario"
    }
    assert found == set(FILES)


@pytest.mark.parametrize(("command", "option"), FILES)
@pytest.mark.parametrize("place", ["missing/folder/file", "folder"])
def test_a_file_that_cannot_be_used_is_bad_usage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, option: str, place: str
) -> None:
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    code, out, err = said([command, option, place, *FILES[command, option]])
    assert (code, out) == (2, ""), err
    lines = [line for line in err.splitlines() if not re.match("[0-9-]+T", line)]  # the log of serve
    assert_two_plain_lines("\n".join(lines))
    assert place in lines[0]
    assert os.listdir(tmp_path) == ["folder"]


SHORT = ["sim", "--users", "10", "--duration", "1m", "--policy", "v1", "--json"]


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text("old")

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))  # a write beyond fails, as Python ignores SIGXFSZ

    done = subprocess.run(
        [terminal.ROULETTE, *SHORT, str(path)], capture_output=True, text=True, timeout=60, preexec_fn=little_room
    )
    assert done.returncode == 1
    assert_two_plain_lines(done.stderr)
    assert "cannot write to" in done.stderr
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["report.json"]


def test_a_file_keeps_its_permissions_and_its_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "real").chmod(0o604)
    (tmp_path / "link").symlink_to("real")
    write_file(str(tmp_path / "link"), "new")
    assert (tmp_path / "real").read_text() == "new"
    assert (tmp_path / "real").stat().st_mode & 0o777 == 0o604
    assert (tmp_path / "link").is_symlink()


def test_a_new_file_has_the_usual_permissions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "usual").touch()
    monkeypatch.chdir(tmp_path)
    write_file("new", "text")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_device_is_written_to() -> None:
    code, _, err = said([*SHORT, "/dev/null"])
    assert (code, err) == (0, "")
    assert not Path("/dev/null").is_file()


def test_nothing_is_left_where_a_policy_is_checked(tmp_path: Path) -> None:
    command = [terminal.ROULETTE, "check", "no-repeat", "--alone", "--budget", "1s"]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("HYPOTHESIS")}
    subprocess.run(command, cwd=tmp_path, env=inherited, stdout=subprocess.DEVNULL, check=True, timeout=120)
    assert os.listdir(tmp_path) == []
