"""The root of the command line: help, version, errors and exit statuses of every command."""

import contextlib
import io
import os
import subprocess
import sys
import typing
from collections.abc import Iterator
from importlib.metadata import version

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from typer.core import TyperOption

from roulette_cli import root_help
from roulette_cli.app import app, call
from roulette_cli.errors import BadUsage, CommandError
from tests.cli.said import assert_two_plain_lines, said
from tests.support import terminal

COMMANDS = typer.main.get_command(app).commands
"""Every command by name, as the parser knows them."""

OPTIONS = sorted({option for command in COMMANDS.values() for parameter in command.params for option in parameter.opts})


def numeric() -> Iterator[tuple[str, str]]:
    """Every command with each of its options that takes a number."""
    for command in app.registered_commands:
        assert command.callback is not None
        for name, hint in typing.get_type_hints(command.callback).items():
            if {int, float} & {hint, *typing.get_args(hint)}:
                yield command.callback.__name__, "--" + name.replace("_", "-")


def test_without_arguments_the_help_is_shown():
    ended = terminal.run()
    assert ended.status == 0
    assert "Usage: roulette" in ended.screen
    assert ended.screen == terminal.run("--help").screen


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_fits_80_columns_and_needs_no_colour(name):
    ended = terminal.run(*name.split(), "--help")
    assert ended.status == 0
    assert "Usage: roulette" in ended.screen
    assert "\x1b" not in ended.raw
    lines = ended.raw.splitlines()
    assert max(map(len, lines)) <= 80, max(lines, key=len)


def test_help_names_every_command_with_a_whole_sentence_about_it():
    screen = terminal.run("--help").screen
    for name in COMMANDS:
        (line,) = [line for line in screen.splitlines() if line.split()[:1] == [name]]
        assert len(line.split()) > 2 and not line.endswith("..."), line


@pytest.mark.parametrize("columns", ["80", "200"])
def test_help_without_a_parser_says_what_the_parser_would(columns, monkeypatch):
    monkeypatch.setenv("COLUMNS", columns)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert call(["--help"]) == 0
    assert root_help.TEXT == out.getvalue() == said(["--help"])[1]


def test_help_is_wrapped_in_a_narrow_terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    code, out, _ = said([])
    assert code == 0 and out != root_help.TEXT and max(map(len, out.splitlines())) <= 60


def test_help_imports_nothing_heavy(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    code = "import sys, roulette_cli.main; roulette_cli.main.status(['--help']); print(*sys.modules, sep='\\n')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    heavy = {"typer", "numpy", "scipy", "rich", "asyncio", "simpy", "roulette_core"} & set(done.stdout.splitlines())
    assert not heavy


def test_version_is_that_of_the_distribution():
    assert said(["--version"]) == (0, f"roulette {version('roulette-chat')}\n", "")


def test_an_error_in_a_terminal_is_two_lines_without_colour():
    ended = terminal.run("nonsense")
    assert ended.status == 2
    assert ended.screen.splitlines() == ["error: no such command 'nonsense'", "hint: see roulette --help"]
    assert "\x1b" not in ended.raw


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["--nonsense"], ["--version=3"], [""], ["--"], ["\x1b[2J\n\u202e"]]
)
def test_bad_usage_of_the_root_is_status_2_and_two_lines(arguments):
    code, out, err = said(arguments)
    assert (code, out) == (2, "")
    assert_two_plain_lines(err)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_error_for_an_unknown_option_names_the_help_of_its_command(name):
    code, out, err = said([name, "--nonsense"])
    assert (code, out) == (2, "")
    assert_two_plain_lines(err)
    assert err.endswith(f"hint: see roulette {name} --help\n")


@pytest.mark.parametrize(("name", "option"), list(numeric()))
@pytest.mark.parametrize("value", ["many", "", "1e", "\x1b[31m", "-"])
def test_the_error_for_an_invalid_number_names_the_option(name, option, value):
    code, out, err = said([name, option, value])
    assert (code, out) == (2, "")
    assert_two_plain_lines(err)
    assert option in err


@given(
    st.sampled_from([*COMMANDS, "nonsense"]),
    st.lists(st.one_of(st.sampled_from([*OPTIONS, "1", "-1", "x", "v1", "closed"]), st.text(max_size=5)), max_size=4),
)
def test_any_words_before_an_unknown_option_give_two_lines(name, words):
    words = [word for word in words if word not in ("--help", "--")]
    code, out, err = said([name, *words, "--nonsense", "--nonsense"])  # the first may be some option's value
    assert (code, out) == (2, "")
    assert_two_plain_lines(err)


@pytest.fixture
def broken(monkeypatch):
    """Adds commands to the real root for one test: ``broken(error)`` makes one that raises."""

    def add(error: BaseException) -> None:
        def command() -> None:
            raise error

        app.command("broken", hidden=True)(command)

    monkeypatch.setattr(app, "registered_commands", list(app.registered_commands))
    return add


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (CommandError("the lamp is out", "light it"), 1, "error: the lamp is out\nhint: light it\n"),
        (BadUsage("no such lamp", "name another"), 2, "error: no such lamp\nhint: name another\n"),
        (FileNotFoundError(2, "No such file or directory", "lamp"), 1, "error: lamp: no such file or directory\n"),
        (OSError(28, "No space left on device"), 1, "error: no space left on device\n"),
        (TimeoutError("too slow"), 1, "error: too slow\n"),
        (typer.BadParameter("too dark"), 2, "error: invalid value: too dark\nhint: see roulette broken --help\n"),
        (typer.Exit(3), 3, ""),
        (KeyboardInterrupt(), 130, ""),
        (typer.Abort(), 130, ""),
    ],
)
def test_an_error_in_a_command_becomes_an_exit_status_and_two_lines(broken, error, code, message):
    broken(error)
    seen, out, err = said(["broken"])
    assert (seen, out) == (code, "")
    assert err.startswith(message)
    if message:
        assert_two_plain_lines(err)


def test_a_bug_of_ours_is_raised(broken):
    broken(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        said(["broken"])


def test_a_status_that_a_command_returns_is_the_exit_status(monkeypatch):
    monkeypatch.setattr(app, "registered_commands", list(app.registered_commands))
    app.command("three", hidden=True)(lambda: 3)
    assert said(["three"]) == (3, "", "")


SWALLOWS = """
import gc, signal, sys
from roulette_cli import app, main

def interrupt_once(phase, info):
    gc.callbacks.remove(interrupt_once)
    signal.raise_signal(signal.SIGINT)

def never_ends(*arguments, **options):
    gc.callbacks.append(interrupt_once)
    gc.collect()
    while True:
        pass

app.app = never_ends
main.run()
"""


def test_ctrl_c_inside_a_callback_of_the_garbage_collector_is_not_lost():
    done = subprocess.run([sys.executable, "-c", SWALLOWS, "sim"], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_a_closed_pipe_is_no_error_message():
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as gone:
        done = subprocess.run([terminal.ROULETTE, "--help"], stdout=gone, stderr=subprocess.PIPE, timeout=60)
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full on this system")
def test_a_full_disk_is_reported():
    with open("/dev/full", "wb") as full:
        done = subprocess.run([terminal.ROULETTE, "--version"], stdout=full, stderr=subprocess.PIPE, timeout=60)
    assert done.returncode == 1
    assert_two_plain_lines(done.stderr.decode())


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full on this system")
def test_an_error_that_cannot_be_printed_keeps_its_status():
    with open("/dev/full", "wb") as full:
        done = subprocess.run([terminal.ROULETTE, "sim", "--users", "0"], stderr=full, timeout=60)
    assert done.returncode == 2


@pytest.mark.parametrize("descriptor", [1, 2])
def test_a_closed_stream_does_not_fail_a_command(descriptor):
    def close() -> None:
        os.close(descriptor)

    done = subprocess.run([terminal.ROULETTE, "--version"], preexec_fn=close, timeout=60)
    assert done.returncode == 0


def test_a_character_that_the_terminal_lacks_is_replaced():
    environment = terminal.environment(PYTHONIOENCODING="ascii")
    done = subprocess.run([terminal.ROULETTE, "café"], env=environment, capture_output=True, timeout=60)
    assert done.returncode == 2
    assert done.stderr.startswith(b"error: no such command 'caf?'")


SINGLE = [
    (name, parameter.opts[0])
    for name, command in COMMANDS.items()
    for parameter in command.params
    if isinstance(parameter, TyperOption) and not parameter.is_flag and not parameter.multiple
]
"""Every command with each of its options that takes one value."""


@pytest.mark.parametrize(("name", "option"), SINGLE)
def test_an_option_with_one_value_is_refused_when_it_is_typed_twice(name, option):
    code, out, err = said([name, option, "3", option, "4"])
    assert (code, out) == (2, "")
    assert err == f"error: {option} is given 2 times\nhint: give {option} once\n"


def test_repeatable_options_and_flags_may_be_repeated():
    both = ["--policy", "v1", "--policy", "v2"]
    assert said(["sim", "--users", "4", "--duration", "1s", *both])[0] == 0
    assert said(["bench", "--quick", "--quick", "nonsense"])[2].startswith("error: unknown suite")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_completes_commands_and_options(shell):
    environment = terminal.environment(
        _ROULETTE_COMPLETE=f"complete_{shell}",
        COMP_WORDS="roulette sim --wo",
        COMP_CWORD="2",
        _TYPER_COMPLETE_ARGS="roulette sim --wo",
        _TYPER_COMPLETE_FISH_ACTION="get-args",
    )
    done = subprocess.run([terminal.ROULETTE], env=environment, capture_output=True, text=True, timeout=60)
    assert "--world" in done.stdout


def test_the_completion_script_is_shown():
    command = [terminal.ROULETTE, "--show-completion", "bash"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert "complete -o default -F _roulette_completion roulette" in done.stdout


def test_options_of_the_root_are_not_set_in_the_environment(monkeypatch):
    monkeypatch.setenv("ROULETTE_SHOW_COMPLETION", "1")
    monkeypatch.setenv("ROULETTE_INSTALL_COMPLETION", "1")
    assert said(["--version"])[1].startswith("roulette ")
