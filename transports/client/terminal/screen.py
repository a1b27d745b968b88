"""The client on a terminal: who and where one is, the conversation, a line to type on, and keys."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, Static

from roulette_core import harmless
from transports.client.connection import ChatConnection
from transports.client.conversation import NotSent
from transports.client.display import DisplayLine, Kind
from transports.client.presence import Place
from transports.client.terminal.header import header, passing
from transports.client.terminal.transcript import Transcript
from transports.client.terminal.typed import read_slash
from transports.dialects.commands import COMMANDS, Request

KEYS = {
    "start": ("F2", {Place.LOBBY}),
    "next": ("F3", {Place.PRIVATE}),
    "lobby": ("F4", {Place.SEARCHING, Place.PRIVATE}),
    "block": ("F8", {Place.PRIVATE}),
}
"""What keys ask for, and where that makes sense. Function keys type nothing, and mean nothing to terminals in the
way, to flow control or to tmux; F1, F10 and F11 are taken by windows, and F5 by browsers."""


class ChatScreen(App[None]):
    """Shows a connection's conversation until its person quits.

    Args:
        connection: an open one.
    """

    ENABLE_COMMAND_PALETTE = False
    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key.lower(), f"ask('{word}')", show=False) for word, (key, _) in KEYS.items()),
        Binding("ctrl+q,ctrl+c", "quit", show=False, priority=True),
        Binding("pageup", "scroll_back", show=False),
        Binding("pagedown", "scroll_on", show=False),
    ]

    def __init__(self, connection: ChatConnection) -> None:
        super().__init__()
        self._connection = connection
        self._conversation = connection.conversation
        self._presence = connection.conversation.presence

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield Static(id="header", markup=False)
        yield Transcript()
        yield Static(id="passing", markup=False)
        yield Input(compact=True)
        yield Static(id="keys")

    def on_mount(self) -> None:
        """Begins to listen to the server."""
        self._update()
        self.set_interval(1.0, self._tick)
        self.run_worker(self._listen())

    async def _listen(self) -> None:
        await self._connection.stay(self.show)
        self.show([DisplayLine(Kind.CLIENT, self._presence.labels.over)])

    def _tick(self) -> None:
        self._conversation.ask_where(self._connection.now())
        self._connection.flush()
        self._update()

    def show(self, lines: Sequence[DisplayLine]) -> None:
        """Shows what was heard, but for where one is, which the header shows, and what has become of that."""
        self.query_one(Transcript).add(line for line in lines if line.kind is not Kind.SITUATION)
        self._update()

    def _update(self) -> None:
        presence, labels, now = self._presence, self._presence.labels, self._connection.now()
        top = self.query_one("#header", Static)
        top.set_classes("" if presence.name is None else presence.place)
        _put(top, Content(header(presence, now)))
        _put(self.query_one("#passing", Static), Content(passing(presence, now)))
        self.query_one(Input).placeholder = labels.ask_name if presence.name is None else labels.ask_text
        _put(self.query_one("#keys", Static), self._possible_keys())

    def _possible_keys(self) -> Content:
        """The keys that do something now, which can be clicked as well."""
        labels = self._presence.labels.keys
        possible = [word for word in KEYS if self.check_action("ask", (word,))]
        keys = [(KEYS[word][0], labels[word], f"app.ask('{word}')") for word in possible]
        keys.append(("^Q", labels["quit"], "app.quit"))
        return Content.from_markup(
            "  ".join(f"[@click={action}][b]{key}[/b] {label}[/]" for key, label, action in keys)
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys work where what they ask for makes sense."""
        return action != "ask" or self._presence.place in KEYS[str(parameters[0])][1]

    def on_input_changed(self, changed: Input.Changed) -> None:
        """Tells the partner, if it is for the partner."""
        if changed.value and not changed.value.startswith("/"):
            self._conversation.typing(self._connection.now())
            self._connection.flush()

    def on_input_submitted(self, submitted: Input.Submitted) -> None:
        """Takes a name, a command or talk; what cannot be sent stays to be changed."""
        typed = submitted.value.strip()
        a_name = self._presence.name is None and not typed.startswith("/")
        if self._introduce(typed) if a_name else self._obey(read_slash(typed), typed):
            submitted.input.clear()
            self.query_one(Transcript).scroll_end(animate=False)

    def _introduce(self, name: str) -> bool:
        if name:
            self._conversation.introduce(name)
            self._connection.flush()
            self._update()
        return True

    def _obey(self, request: Request | None, typed: str = "") -> bool:
        """Does what is asked, and says whether it could be done."""
        if request is not None and request.command.word == "close":
            self.exit()
            return True
        try:
            if request is None:
                raise NotSent(self._presence.labels.unknown.format(typed=harmless.line(typed).partition(" ")[0]))
            self.show(self._conversation.obey(request))
        except NotSent as reason:
            self.show([DisplayLine(Kind.CLIENT, str(reason))])
            return False
        self._connection.flush()
        return True

    def action_ask(self, word: str) -> None:
        """A key was pressed."""
        self._obey(Request(COMMANDS[word]))

    def action_scroll_back(self) -> None:
        """A page up."""
        self.query_one(Transcript).scroll_page_up(animate=False)

    def action_scroll_on(self) -> None:
        """A page down."""
        self.query_one(Transcript).scroll_page_down(animate=False)


def _put(place: Static, content: Content) -> None:
    """Shows something new: to lay the screen out takes time, and most often nothing has changed."""
    if place.content != content:
        place.update(content)
