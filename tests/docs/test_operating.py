"""The operator's page agrees with the server: options, defaults, commands and metrics; every command line parses."""

import re
import shlex

import pytest
import typer
from prometheus_client.metrics_core import Metric

from roulette_cli.main import app
from roulette_cli.serve_options import Limiting
from tests.support.fences import ROOT, fences
from tests.transports.operator.operator_fixture import evening
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


@pytest.mark.parametrize(
    ("option", "written"),
    [
        ("users", "10,000"),
        ("per_address", "16 "),
        ("registration", "60 s"),
        ("line_limit", "4,096"),
        ("burst", "20,"),
        ("rate", "2 a second"),
        ("ping", "120 s"),
        ("pong", "60 s"),
        ("idle", "1,800 s"),
        ("output_soft", "8 KiB"),
        ("output_limit", "1 MiB"),
    ],
)
def test_a_default_is_the_one_in_the_table(option, written):
    name = "--" + option.replace("_", "-")
    (row,) = re.findall(rf"^\|[^|]*`{name}`.*", section("Options and the environment"), re.MULTILINE)
    assert written in row
    number = int(re.sub(r"\D", "", written)) * {"K": 1024, "M": 1 << 20}.get(written.split()[-1][0], 1)
    assert getattr(Limiting(), option) == number


def test_every_command_is_in_the_table_and_no_other():
    (rows,) = re.findall(r"(?:^\| `.*\n)+", section("Console, admin socket, and top"), re.MULTILINE)
    assert set(re.findall(r"`(\w+)", rows)) == set(COMMANDS)


def test_every_metric_is_in_the_table_and_no_other():
    desk = evening()

    def shown(metric: Metric) -> str:
        return metric.name + "_total" * (metric.type == "counter")

    exported = {shown(metric) for metric in RouletteCollector(desk.statistics, desk.gateway).collect()}
    rows = [line for line in section("Metrics").splitlines() if line.startswith("| `")]
    assert {name for row in rows for name in re.findall(r"`(roulette_\w+)", row)} == exported
