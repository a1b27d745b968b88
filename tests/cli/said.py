"""Runs commands in this process, and returns their output."""

import contextlib
import io

from roulette_cli.main import status
from tests.support.pure_build import without_notice


def said(arguments: list[str]) -> tuple[int, str, str]:
    """Runs a command. Returns its exit status, its stdout and its stderr."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = status(arguments)
    return code, out.getvalue(), without_notice(err.getvalue())


def assert_two_plain_lines(err: str) -> None:
    """Asserts that there are an error and a hint, without control characters."""
    lines = err.splitlines()
    assert len(lines) == 2, err
    assert lines[0].startswith("error: "), err
    assert lines[1].startswith("hint: "), err
    assert all(line.isprintable() for line in lines), err
