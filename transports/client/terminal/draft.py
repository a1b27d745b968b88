"""The input line, which knows where what stands in it was begun."""

from collections.abc import Callable

from textual import events
from textual.widgets import Input

from transports.client.whereabouts import Whereabouts


class Draft(Input):
    """An input line. Enter hands over what was typed before it, in the order of the keys.

    Args:
        where: returns where a line belongs that is begun now.
        submit: takes a line, and returns whether it is done with; otherwise it stays, to be changed or sent again.
    """

    def __init__(self, where: Callable[[], Whereabouts], submit: Callable[[str], bool]) -> None:
        self._where = where
        self._submit = submit
        self.begun: Whereabouts | None = None  # None while the line is empty
        super().__init__(compact=True)

    def watch_value(self, value: str) -> None:
        """Notes where a line is begun."""
        if not value:
            self.begun = None
        elif self.begun is None:
            self.begun = self._where()

    def on_key(self, event: events.Key) -> None:
        """Handles Enter here, between the keys before and after it: as a binding, it would be handled after them."""
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            if self._submit(self.value):
                self.clear()

    def offer(self, text: str, begun: Whereabouts) -> None:
        """Puts a line back that was not sent, unless the user is typing another."""
        if not self.value:
            self.begun = begun
            self.value = text
            self.cursor_position = len(text)
