"""The conversation on the screen: a bounded list of lines, wrapped again when the width changes."""

from collections import deque
from collections.abc import Iterable

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.rule import Rule
from rich.table import Table
from rich.text import Text
from textual import events
from textual.widgets import RichLog

from transports.client.display import DisplayLine, Kind

LINES_KEPT = 1000
"""How many lines, as wrapped, can be scrolled back through."""

_GUTTER = {Kind.PERSON: "  ", Kind.OWN: "> ", Kind.TURN: "─ "}
"""What stands before a line, so that its source can be told without colour; ``* `` for all other kinds."""

_STYLE = {Kind.PERSON: "bold cyan", Kind.OWN: "bold green", Kind.TURN: "bold yellow"}


class WrappedLine:
    """A line as it looks at any width. Its text is never read as markup."""

    def __init__(self, line: DisplayLine) -> None:
        self._line = line

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        kind, text, name, to = self._line
        style = _STYLE.get(kind, "dim")
        if kind is Kind.TURN and cell_len(text) + 6 <= options.max_width:
            yield Rule(Text(text, style), style="dim")
            return
        words = Text(text, "" if name else style)
        row = Table.grid(expand=True)
        row.add_column(width=2)
        row.add_column(ratio=1, overflow="fold")
        row.add_row(
            Text(_GUTTER.get(kind, "* "), style),
            Text.assemble((f"<{name}> → {to}: " if to else f"<{name}> ", style), words) if name else words,
        )
        yield row


class Transcript(RichLog):
    """The conversation, the latest line at the bottom. While the user has scrolled back, new lines do not scroll."""

    can_focus = False

    def __init__(self) -> None:
        super().__init__(max_lines=LINES_KEPT, min_width=0)
        self._kept: deque[DisplayLine] = deque(maxlen=LINES_KEPT)
        self._following = True
        self._width = 0

    def add(self, lines: Iterable[DisplayLine]) -> None:
        """Appends lines."""
        for line in lines:
            self._kept.append(line)
            self.write(WrappedLine(line), scroll_end=self._following)

    def on_resize(self, event: events.Resize) -> None:
        """Wraps all lines again if the width has changed."""
        if self._width not in (0, event.size.width):
            self.clear()
            for line in self._kept:
                self.write(WrappedLine(line), scroll_end=self._following)
        self._width = event.size.width

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Notes whether the user has scrolled back, or returned to the end."""
        super().watch_scroll_y(old_value, new_value)
        self._following = self.is_vertical_scroll_end
