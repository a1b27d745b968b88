"""The page for chatters: its command lines are understood, and its figures are the client's."""

import re
import shlex

import pytest
import typer

from roulette_cli.app import app
from tests.support.fences import ROOT, fences
from transports.client.connection import CAP
from transports.client.terminal.transcript import LINES_KEPT

PAGE = "docs/chat.md"
TEXT = (ROOT / PAGE).read_text(encoding="utf-8")
CHAT = typer.main.get_command(app).commands["chat"]
COMMANDS = re.findall(r"\broulette chat\b(.*)", "".join(fence.text for fence in fences(PAGE, "sh")))


@pytest.mark.parametrize("typed", COMMANDS)
def test_a_command_line_is_understood(typed):
    assert CHAT.make_context("chat", shlex.split(typed, comments=True)).params


def test_every_option_of_the_client_is_on_the_page():
    assert {option for parameter in CHAT.params for option in parameter.opts if option.startswith("--")} <= set(
        re.findall(r"--[\w-]+", TEXT)
    )


def test_figures_are_those_of_the_client():
    assert f"up to {LINES_KEPT:,} lines" in TEXT
    assert {30.0: "up to half a minute"}[CAP] in TEXT
