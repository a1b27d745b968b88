"""A Python program in a process of its own, which imports what this process would, and never outlives it."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

PATIENCE = 10.0
"""How long a process may take to end, in seconds, before it is killed."""

_PREAMBLE = """\
import sys
sys.path[:] = {path!r}
import os, threading
def end_with_parent():
    os.read({lifeline}, 1)
    os._exit(1)
threading.Thread(target=end_with_parent, daemon=True).start()
"""
"""What a process does first.

It takes over the path of its parent, in whose order the working directory comes last or not at all: a ``json.py`` there
is not taken for Python's. And it waits, in a thread, for the end of the parent: however that dies, the system closes
its end of a pipe, to which nothing is ever written. Linux alone has a signal for this, ``PR_SET_PDEATHSIG``, and sends
it already when the thread ends that started the process.
"""


class ChildFailed(Exception):
    """A process has failed; the message is the reason in its own words, if it gave one."""


@contextmanager
def python_process(
    program: str, *arguments: str, environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[str]]:
    """Starts a Python program, and ends it whatever happens: with SIGTERM, or after ``PATIENCE`` seconds with SIGKILL.

    Ctrl-C at the terminal does not reach it: it is for the caller alone.

    Args:
        program: the source of the program.
        arguments: ``sys.argv[1:]`` of the program.
        environment: its environment variables; by default those of this process.

    Yields:
        The process, with pipes for all three standard streams.
    """
    watched, held = os.pipe()  # neither is inherited but by pass_fds; of ``held``, this process has the only copy
    try:
        path = [place for place in sys.path if isinstance(place, str)]
        source = _PREAMBLE.format(path=path, lifeline=watched) + program
        process = subprocess.Popen(
            [sys.executable, "-P", "-c", source, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
            pass_fds=(watched,),
            start_new_session=True,
        )
    except BaseException:
        os.close(held)
        raise
    finally:
        os.close(watched)
    try:
        with process:
            try:
                yield process
            finally:
                _end(process)
    finally:
        os.close(held)


def _end(process: "subprocess.Popen[str]") -> None:
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()


def run_python(
    program: str, *arguments: str, environment: Mapping[str, str] | None = None, seconds: float = 60.0
) -> str:
    """Runs a Python program to its end. Returns what it printed.

    Raises:
        ChildFailed: it failed, or took longer than so many seconds.
    """
    with python_process(program, *arguments, environment=environment) as process:
        try:
            out, err = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise ChildFailed(f"not finished after {seconds:g} s") from None
    if process.returncode:
        raise ChildFailed(last_words(process.returncode, err))
    return out


def last_words(status: int, err: str) -> str:
    """Returns why a process has ended: the signal, or the error on stderr, which is the last line of a traceback."""
    if status < 0:
        return f"signal {-status}"
    lines = err.strip().splitlines() or [f"it said nothing (exit status {status})"]
    return next((line for line in reversed(lines) if line.startswith("error: ")), lines[-1])
