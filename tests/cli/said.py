"""Commands run in this process, and what they say."""

import contextlib
import io

from roulette_cli.main import status


def said(arguments: list[str]) -> tuple[int, str, str]:
    """Runs a command in this process: its status, what it said on stdout, and on stderr."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = status(arguments)
    return code, out.getvalue(), err.getvalue()


def assert_two_plain_lines(err: str) -> None:
    """An error and a hint, of which a terminal shows every character."""
    lines = err.splitlines()
    assert len(lines) == 2, err
    assert lines[0].startswith("error: "), err
    assert lines[1].startswith("hint: "), err
    assert all(line.isprintable() for line in lines), err
