"""Answers at 80 columns without colour, held in a golden file, with nothing harmful from users."""

import io
import re
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.text import Text

from tests.support.pictures import PICTURES, screen_in, self_contained
from tests.transports.operator.operator_fixture import sample_chat, shown
from transports.operator.answers import Answer, table
from transports.operator.tables import rendered

GOLDEN = Path(__file__).with_name("console.golden.txt")
PICTURE = PICTURES / "console.svg"

ASKED = ("list", "research", "private", "stats", "explain carol", "bans", "help", "lst", "kick", "kick bob", "say hi")

PICTURED = ("list", "research", "explain carol", "stats", "say The server stops at noon.")

MEMORY = re.compile(r"^ memory in MiB.*\n", re.MULTILINE)
"""The only line of an answer that differs from run to run."""


def transcript() -> str:
    """Returns commands and their answers, for the same chat every time."""
    chat = sample_chat()
    return "\n".join(f"> {command}\n{MEMORY.sub('', shown(chat.obey(command)))}" for command in ASKED)


def picture() -> str:
    """Returns the operator's terminal in that chat, as SVG."""
    chat = sample_chat()
    terminal = Console(file=io.StringIO(), record=True, width=80, highlight=False, markup=False)
    for command in PICTURED:
        terminal.print(Text(command, "bold"))
        answer = chat.obey(command)
        rows = [row for row in answer.rows if row[0] != "memory in MiB"]
        terminal.print(rendered(replace(answer, rows=rows, total=len(rows))))
    return self_contained(terminal.export_svg(title="roulette serve", unique_id="console"))


def test_the_tables_are_those_of_the_golden_file() -> None:
    """``python -m tests.transports.operator.test_tables`` rewrites it."""
    assert transcript() == GOLDEN.read_text(encoding="utf-8")


def test_the_golden_file_fits_80_columns() -> None:
    assert max(map(len, GOLDEN.read_text(encoding="utf-8").splitlines())) <= 80


def test_the_picture_in_the_documentation_shows_what_an_operator_sees() -> None:
    """``python -m tests.transports.operator.test_tables`` redraws it."""
    assert screen_in(PICTURE.read_text(encoding="utf-8")) == screen_in(picture())


def test_an_empty_table_says_so() -> None:
    assert "none" in shown(table(("user",), [], 0))


def test_a_name_is_text_and_not_markup() -> None:
    assert "[bold red]x[/]" in shown(table(("who",), [("[bold red]x[/]",)], 1, remarks=["[red]y"]))
    assert "[red]y" in shown(Answer(remarks=["[red]y"]))


CELLS = st.text(max_size=80) | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.none()


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=5), st.text(max_size=100))
def test_nothing_in_an_answer_moves_the_cursor_or_reverses_text(rows: list, remark: str) -> None:
    seen = shown(table(("who", "where", "with"), rows, len(rows), remarks=[remark]))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]", seen)


if __name__ == "__main__":
    GOLDEN.write_text(transcript(), encoding="utf-8")
    PICTURE.write_text(picture(), encoding="utf-8")
