"""A newcomer adds ``/who`` to a copy of the sources, in the places that CONTRIBUTING names, and it works everywhere."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.fences import ROOT

COPIED = ("transports", "docs", "tests/support", "tests/transports")

ROW = '    Command("who", lambda context, _: context.show_situation(), slash=True),\n'

EDITS = {
    "transports/dialects/commands.py": ('    Command("where"', f'{ROW}    Command("where"'),
    "transports/dialects/wording/english.py": ('        "where"', '        "who": "who is here?",\n        "where"'),
    "transports/dialects/wording/french.py": ('        "where"', '        "who": "qui est là ?",\n        "where"'),
    "docs/protocol.md": ("\n| `/where` |", "\n| `/who` | says who is here | never |\n| `/where` |"),
}
"""File → what to find there, and what to put in its place."""

MORE_OF_THE_PAGE = (
    ("\n| `where` |", "\n| `who` | | says who is here |\n| `where` |"),
    ("`unblock`, `where`, `lang`", "`unblock`, `who`, `where`, `lang`"),
)

DEMANDS = {
    "test_there_is_a_sentence_of_help_for_every_command_that_can_be_typed",
    "test_the_table_of_text_names_every_command_that_can_be_typed",
    "test_the_table_of_objects_to_the_server_names_every_command_that_programs_can_send",
    "test_which_commands_need_a_slash_is_on_the_page",
}
"""Tests that tell what is missing."""

USE = """
from roulette_core import Roulette
from transports.client.conversation import Conversation
from transports.dialects.commands import COMMANDS, Request
from transports.dialects.pseudonyms import pseudonym
from transports.gateway import Gateway
from transports.protocol import TextCodec
from roulette_core import Say

gateway = Gateway(Roulette())
for number, hello in enumerate((b"ada\\n", b'{"hello":1,"name":"bob"}\\n')):
    gateway.connected(number, 0.0)
    gateway.received(number, hello, 0.0)
said = lambda number, data: "".join(what.decode() for to, what in gateway.received(number, data, 0.0) if to == number)
assert said(0, b"/who\\n").startswith("* You are in the lobby")
assert said(0, b"who\\n") == ""
assert said(1, b'{"type":"who"}\\n').startswith('{"type":"situation"')
assert "\\n* /who " in said(0, b"help\\n").replace("\\r", "")
assert any(line.text.startswith("/who ") for line in Conversation("ada").obey(Request(COMMANDS["help"])))
assert TextCodec().encode(Say(0, "/who")) == b"/say /who\\n"
assert pseudonym("who") == "who", "only words that need no slash are reserved"
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for folder in COPIED:
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} in {file}"
    file.write_text(text.replace(old, new), encoding="utf-8")


def python(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=copy, capture_output=True, text=True, timeout=120)


def demanding(copy: Path) -> set[str]:
    """The tests that fail in the copy."""
    where = ("tests/transports/dialects/test_wording.py", "tests/transports/gateway/test_protocol.py")
    figures = "tests/transports/gateway/test_protocol_figures.py"
    options = ("-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--import-mode=importlib", "--rootdir=.")
    done = python(copy, "-m", "pytest", *options, "-k", " or ".join(DEMANDS), *where, figures)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return set(re.findall(r"^FAILED .*::(\w+)", done.stdout, re.MULTILINE))


def test_a_new_command_needs_a_row_two_sentences_and_its_documentation(copy: Path) -> None:
    row, *others = EDITS.items()
    replace(copy / row[0], *row[1])
    assert demanding(copy) == DEMANDS
    for file, (old, new) in others:
        replace(copy / file, old, new)
    for old, new in MORE_OF_THE_PAGE:
        replace(copy / "docs/protocol.md", old, new)
    assert demanding(copy) == set()
    done = python(copy, "-c", USE)
    assert done.returncode == 0, done.stderr


def test_contributing_names_these_places() -> None:
    section = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("### Adding a chat command")[2]
    assert set(EDITS) <= set(re.findall("`([^`]+)`", section.partition("\n#")[0]))
