"""From bytes as they come to whole lines, in bounded memory."""

LINE_LIMIT = 4096
"""The longest line, in bytes without its LF: what a terminal in line mode can send (``N_TTY_BUF_SIZE`` of Linux)."""


class LineSplitter:
    """Cuts one connection's bytes into lines that end in LF or CRLF, however the bytes are fragmented.

    Lines are cut as bytes and decoded whole, so a character may be split anywhere. A line over the limit is
    refused once, as soon as it is known to be too long, and skipped up to its LF: it is never cut.

    Args:
        limit: the longest line, in bytes without its LF; this is also all the memory a splitter takes.

    Attributes:
        skipped: how many bytes have come of a line that is too long; 0 in any other.
    """

    __slots__ = ("_limit", "_pending", "skipped")

    def __init__(self, limit: int = LINE_LIMIT) -> None:
        self._limit = limit
        self._pending = b""
        self.skipped = 0

    def feed(self, data: bytes) -> list[str | None]:
        """Takes the next bytes.

        Args:
            data: any bytes.

        Returns:
            The lines they complete, without line ends, and None in the place of each that is too long. Bytes
            that are not UTF-8 become U+FFFD.
        """
        if 0 <= data.find(b"\n") == len(data) - 1 <= self._limit and not self._pending and not self.skipped:
            return [data[:-1].removesuffix(b"\r").decode("utf-8", "replace")]  # as most packets are: one whole line
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
