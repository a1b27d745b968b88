"""Files that commands write in one piece: the old file stays until the new one is whole."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile

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
            os.unlink(_beside(path))
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
        return
    whole = _beside(path)
    try:
        with open(whole, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())  # or after a power failure, the new name may stand for an empty file
        os.replace(whole, os.path.realpath(path))
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(whole)
        raise


def _is_special(path: str) -> bool:
    """Returns whether a path is a device or a pipe, which cannot be replaced."""
    return os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path)


def _beside(path: str) -> str:
    """Creates an empty file in the folder of a file, with the permissions that the file has or would get."""
    target = os.path.realpath(path)  # a link stays a link
    try:
        mode = stat.S_IMODE(os.stat(target).st_mode)
        os.close(os.open(target, os.O_WRONLY))  # one that is read-only, or a folder, is not replaced
    except FileNotFoundError:
        os.umask(mask := os.umask(0o077))  # can only be read by setting it
        mode = 0o666 & ~mask
    number, name = tempfile.mkstemp(prefix=f".{os.path.basename(target)}.", dir=os.path.dirname(target))
    try:
        os.chmod(name, mode)
    finally:
        os.close(number)
    return name
