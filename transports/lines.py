"""Splits incoming bytes into lines, in bounded memory."""

LINE_LIMIT = 4096
"""The longest line, in bytes without its LF: as much as a terminal in line mode sends (Linux: ``N_TTY_BUF_SIZE``)."""


class LineSplitter:
    """Splits the bytes of one connection into lines that end in LF or CRLF, however the bytes are fragmented.

    Lines are split as bytes and decoded whole, so a character may be split anywhere. A line over the limit is reported
    once, as soon as it is too long, and skipped up to its LF: it is never delivered in part.

    Args:
        limit: the longest line, in bytes without its LF; also the most memory that a splitter takes.
    """

    __slots__ = ("_limit", "_pending", "skipped")

    def __init__(self, limit: int = LINE_LIMIT) -> None:
        self._limit = limit
        self._pending = b""
        self.skipped = 0  # how many bytes of a line that is too long have arrived

    def feed(self, data: bytes) -> list[str | None]:
        """Takes the next bytes, and returns the lines that they complete, without line ends.

        None stands for a line that is too long. Bytes that are not UTF-8 become U+FFFD.
        """
        if 0 <= data.find(b"\n") == len(data) - 1 <= self._limit and not self._pending and not self.skipped:
            return [data[:-1].removesuffix(b"\r").decode("utf-8", "replace")]  # the usual packet: one whole line
        *pieces, rest = data.split(b"\n")
        lines: list[str | None] = []
        for piece in pieces:
            self._extend(piece, lines)
            if not self.skipped:
                lines.append(self._pending.removesuffix(b"\r").decode("utf-8", "replace"))
            self._pending, self.skipped = b"", 0
        self._extend(rest, lines)
        return lines

    def _extend(self, piece: bytes, lines: list[str | None]) -> None:
        if self.skipped:
            self.skipped += len(piece)
        elif len(self._pending) + len(piece) > self._limit:
            self.skipped = len(self._pending) + len(piece)
            self._pending = b""
            lines.append(None)
        else:
            self._pending += piece
