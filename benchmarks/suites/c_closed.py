"""The closed model in C, the limit of what a simulator could reach: compiled when it is measured."""

import os
import shlex
import subprocess
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.harness import Timed

_SOURCE = Path(__file__).with_name("closed_model.c")


class CModel:
    """The compiled program.

    Args:
        program: its path.
    """

    def __init__(self, program: str) -> None:
        self._program = program

    def run(self, version: int, users: int, seconds: float) -> Timed:
        """Runs version 1 or 2. Returns the number of pairings, and the processor time that they took."""
        command = [self._program, str(version), str(users), str(seconds)]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        pairings, processor_seconds = said.split()
        return Timed(float(pairings), float(processor_seconds))


@contextmanager
def compiled_model() -> Iterator[CModel | None]:
    """Compiles the program for as long as the context lasts; None if there is no working C compiler."""
    compiler = shlex.split(os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc")
    with TemporaryDirectory() as folder:
        program = os.path.join(folder, "closed_model")
        try:
            subprocess.run([*compiler, "-O2", "-o", program, str(_SOURCE), "-lm"], capture_output=True, check=True)
        except (OSError, subprocess.CalledProcessError):
            yield None
        else:
            yield CModel(program)
