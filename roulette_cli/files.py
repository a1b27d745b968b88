"""Files that commands write in one piece: the old file stays until the new one is whole."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from roulette_cli.errors import BadUsage, reason


def require_writable(path: str, option: str) -> None:
    """Checks before a long run that its results can be written; changes nothing.

    Raises:
        BadUsage: the file cannot be written.
    """
    try:
        if _is_special(path):
            os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
        else:
            _require_replaceable(path)
            tempfile.TemporaryFile(dir=os.path.dirname(os.path.realpath(path))).close()
    except OSError as error:
        raise BadUsage(f"cannot write to {path!r}: {reason(error)}", f"name another file with {option}") from error


def write_file(path: str, text: str) -> None:
    """Writes a file as a whole, or not at all: a full disk leaves the old one. Devices and pipes are written to.

    Raises:
        OSError: it cannot be written.
    """
    if _is_special(path):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    else:
        from roulette_core.files import replace_file  # here, as `roulette --help` has no use for the library

        _require_replaceable(path)
        replace_file(Path(path), text)


def _is_special(path: str) -> bool:
    """Returns whether a path is a device or a pipe, which cannot be replaced."""
    return os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path)


def _require_replaceable(path: str) -> None:
    """Raises ``OSError`` for a folder, or a file that is read-only: the system would let it be replaced."""
    with contextlib.suppress(FileNotFoundError):
        os.close(os.open(os.path.realpath(path), os.O_WRONLY))
