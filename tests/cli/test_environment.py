"""Every option of every command can be set in the environment; an error for a bad value names its variable."""

import pytest
import typer
from typer.core import TyperOption

from roulette_cli.app import app
from roulette_core import decode_header
from tests.cli.said import assert_two_plain_lines, said
from tests.support import terminal
from tests.support.server import people, serving

COMMANDS = typer.main.get_command(app).commands

NUMBERS = sorted(
    (name, option.name)
    for name, command in COMMANDS.items()
    for option in command.params
    if isinstance(option, TyperOption) and option.metavar in ("N", "SECONDS", "BYTES")
)
"""Options that take a number, by command and parameter."""


@pytest.mark.parametrize(("command", "option"), NUMBERS)
def test_the_error_for_a_bad_number_in_the_environment_names_the_variable(command, option, monkeypatch):
    variable = f"ROULETTE_{command}_{option}".upper()
    monkeypatch.setenv(variable, "many")
    code, out, err = said([command])
    assert (code, out) == (2, "")
    assert_two_plain_lines(err)
    assert err.endswith(f"hint: the value is from the environment: see {variable}\n")


def test_a_server_can_be_configured_by_the_environment_alone(monkeypatch, tmp_path):
    monkeypatch.setenv("ROULETTE_SERVE_POLICY", "uniform:minimum=5")
    monkeypatch.setenv("ROULETTE_SERVE_LOG_TEXTS", "1")
    monkeypatch.setenv("ROULETTE_SERVE_EXEMPT", "10.0.0.0/8 ::1/128")
    monkeypatch.setenv("ROULETTE_SERVE_RECORD", str(tmp_path / "session.jsonl"))
    with serving() as server, people(server.port, "ada") as (ada,):
        ada.type("hello, log")
        ada.type("/where")
        ada.hears("lobby")
        assert "hello, log" in server.stop()[1]
    assert recorded_policy(tmp_path) == "uniform:minimum=5"


def test_the_command_line_takes_precedence_over_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("ROULETTE_SERVE_POLICY", "nonsense")
    with serving("--policy", "v2", "--record", str(tmp_path / "session.jsonl")) as server:
        server.stop()
    assert recorded_policy(tmp_path) == "uniform:minimum=3"


def recorded_policy(folder):
    header, *_ = (folder / "session.jsonl").read_text().splitlines()
    return decode_header(header).policy


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_ends_with_the_names_of_its_variables(name):
    words = terminal.run(name, "--help").screen.split("Every option can be")[1].split()
    option, variable = words[-3], words[-1].removesuffix(".")
    assert variable == f"ROULETTE_{name}{option.removeprefix('-').replace('-', '_')}".upper()


def test_a_variable_named_like_an_option_of_the_root_is_ignored(monkeypatch):
    monkeypatch.setenv("ROULETTE_VERSION", "1.2.3")
    monkeypatch.setenv("ROULETTE__VERSION", "1.2.3")
    assert said(["--version"])[0] == 0
    assert said(["nonsense"])[0] == 2
