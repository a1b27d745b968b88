"""The operator's page agrees with the server: options, defaults, commands and metrics; every command line parses."""

import re
import shlex
from dataclasses import fields

import pytest
import typer
from prometheus_client.metrics_core import Metric

from docs.make_limits import written
from roulette_cli.app import app
from tests.support.fences import ROOT, fences
from tests.transports.operator.operator_fixture import sample_chat
from transports import Limits
from transports.operator.commands import COMMANDS
from transports.operator.metrics import RouletteCollector

PAGE = "docs/operating.md"
TEXT = (ROOT / PAGE).read_text(encoding="utf-8")
PARSERS = typer.main.get_command(app).commands


def section(title: str) -> str:
    return TEXT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def command_lines() -> list[list[str]]:
    lines = "".join(fence.text for fence in fences(PAGE, "sh")).splitlines()
    return [shlex.split(line.removeprefix("uv run "))[1:] for line in lines if "roulette " in line.partition("'")[0]]


@pytest.mark.parametrize("words", command_lines(), ids=" ".join)
def test_every_command_line_is_understood(words):
    command, *arguments = words
    assert PARSERS[command].make_context(command, arguments).params


def test_there_are_command_lines_of_the_server_and_of_the_operator():
    assert {words[0] for words in command_lines()} == {"serve", "admin"}


def test_the_table_of_limits_is_made_from_their_declarations():
    """After a wanted change: ``python docs/make_limits.py``."""
    assert written(TEXT) == TEXT
    rows = re.findall(r"^\| `(--[a-z-]+)` \| (.+?) \|", section("Options and the environment"), re.MULTILINE)
    assert dict(rows).keys() == {f"--{limit.name.replace('_', '-')}" for limit in fields(Limits) if limit.metadata}
    assert {("--users", "10,000"), ("--idle", "1,800 s"), ("--output-soft", "8 KiB"), ("--output-limit", "1 MiB")} < {
        *rows
    }


def test_the_table_of_commands_says_what_help_says():
    (rows,) = re.findall(r"(?:^\| `.*\n)+", section("Console, admin socket, and top"), re.MULTILINE)
    shown = []
    for command in COMMANDS.values():
        forms = [f"`{command.word} {argument}`".replace(" `", "`") for argument in command.argument.split("|")]
        shown.append(f"| {', '.join(forms)} | {command.help} |")
    assert rows.splitlines() == shown


def test_every_metric_is_in_the_table_and_no_other():
    chat = sample_chat()

    def shown(metric: Metric) -> str:
        return metric.name + "_total" * (metric.type == "counter")

    exported = {shown(metric) for metric in RouletteCollector(chat.statistics, chat.gateway).collect()}
    rows = [line for line in section("Metrics").splitlines() if line.startswith("| `")]
    assert {name for row in rows for name in re.findall(r"`(roulette_\w+)", row)} == exported
