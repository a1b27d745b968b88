"""Files that are replaced as a whole. Standard library only; not imported by ``import roulette_core``."""

import contextlib
import os
import stat
from pathlib import Path

__all__ = ["replace_file"]


def replace_file(path: Path, content: str | bytes, fsync: bool = True) -> None:
    """Writes a file such that readers find the old content or the new, never a part, whenever the program is killed.

    Args:
        path: the file; the one that it leads to, if it is a symbolic link.
        content: what is written.
        fsync: whether to wait for the disk, so that the same holds when the computer loses power.

    Raises:
        OSError: it could not be written, and is as it was.
    """
    path = path.resolve()
    temporary = path.with_name(f".{path.name}.{os.getpid()}")  # in the same folder: renaming does not cross disks
    try:
        with temporary.open("wb") as file:
            with contextlib.suppress(FileNotFoundError):
                temporary.chmod(stat.S_IMODE(path.stat().st_mode))
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            if fsync:
                os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    if fsync and os.name == "posix":  # the name is in the folder, which Windows cannot open
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
