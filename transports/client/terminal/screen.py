"""The client on a terminal: where the user is, the conversation, an input line, and keys."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, Static

from roulette_core import harmless
from transports.client.connection import ChatConnection
from transports.client.conversation import NotSent, elsewhere
from transports.client.display import DisplayLine, Kind
from transports.client.presence import Place
from transports.client.terminal.draft import Draft
from transports.client.terminal.header import header, passing
from transports.client.terminal.transcript import Transcript
from transports.client.whereabouts import Redirection, Whereabouts
from transports.dialects import COMMANDS, PONG, SAY, Request, read_typed

KEYS = {
    "start": ("F2", {Place.LOBBY}),
    "next": ("F3", {Place.PRIVATE}),
    "lobby": ("F4", {Place.SEARCHING, Place.PRIVATE}),
    "block": ("F8", {Place.PRIVATE}),
}
"""Command → its key, and the places where it makes sense. Function keys type nothing, and mean nothing to terminals,
flow control or tmux; F1, F10 and F11 are taken by window managers, and F5 by browsers."""

QUIT = frozenset({"/quit", "/close"})


class ChatScreen(App[None]):
    """Shows the conversation of an open connection until the user quits."""

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
        self._redirection = Redirection()

    def compose(self) -> ComposeResult:
        """Yields the widgets, from top to bottom."""
        yield Static(id="header", markup=False)
        yield Transcript()
        yield Static(id="passing", markup=False)
        yield Draft(self._begun, self._submit)
        yield Static(id="keys")

    def on_mount(self) -> None:
        """Starts to listen to the server."""
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
        """Adds lines to the conversation, except the situation, which the header shows; updates the rest."""
        self.query_one(Transcript).add(line for line in lines if line.kind is not Kind.SITUATION)
        self._update()
        for line in self._conversation.given_back:
            self.query_one(Draft).offer(line.text, line.where)
        self._conversation.given_back.clear()

    def _update(self) -> None:
        presence, labels, now = self._presence, self._presence.labels, self._connection.now()
        top = self.query_one("#header", Static)
        top.set_classes("" if presence.name is None else presence.place)
        _put(top, Content(header(presence, now)))
        _put(self.query_one("#passing", Static), Content(passing(presence, now)))
        self.query_one(Input).placeholder = labels.ask_name if presence.name is None else labels.ask_text
        _put(self.query_one("#keys", Static), self._possible_keys())

    def _possible_keys(self) -> Content:
        """Returns the keys that do something now; they can be clicked, too."""
        labels = self._presence.labels.keys
        possible = [word for word in KEYS if self.check_action("ask", (word,))]
        keys = [(KEYS[word][0], labels[word], f"app.ask('{word}')") for word in possible]
        keys.append(("^Q", labels["quit"], "app.quit"))
        return Content.from_markup(
            "  ".join(f"[@click={action}][b]{key}[/b] {label}[/]" for key, label, action in keys)
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enables keys where their command makes sense."""
        return action != "ask" or self._presence.place in KEYS[str(parameters[0])][1]

    def on_input_changed(self, changed: Input.Changed) -> None:
        """Tells the partner that the user is typing, unless it is a command or not for them."""
        for_partner = self.query_one(Draft).begun == self._presence.here
        if changed.value and not changed.value.startswith("/") and for_partner:
            self._conversation.typing(self._connection.now())
            self._connection.flush()

    def _begun(self) -> Whereabouts:
        return self._presence.begun(self._connection.now())

    def _submit(self, line: str) -> bool:
        """Takes a pseudonym, a command or a line. Returns False if it cannot be sent, and stays to be changed."""
        typed = line.strip()
        if self._presence.name is None and not typed.startswith("/"):
            return self._introduce(typed)
        if not self._obey(read_slash(typed), self.query_one(Draft).begun or self._begun(), typed):
            return False
        self.query_one(Transcript).scroll_end(animate=False)
        return True

    def _introduce(self, name: str) -> bool:
        if name:
            self._conversation.introduce(name)
            self._connection.flush()
            self._update()
        return True

    def _obey(self, request: Request | None, begun: Whereabouts, typed: str = "") -> bool:
        """Carries out a request that was begun in a place. Returns whether that was possible."""
        if request is not None and request.command.word == "close":
            self.exit()
            return True
        try:
            if request is None:
                raise NotSent(self._presence.labels.unknown.format(typed=harmless.line(typed).partition(" ")[0]))
            begun = self._redirected(request, begun)
            self.show(self._conversation.obey(request, begun))
        except NotSent as reason:
            self.show([DisplayLine(Kind.CLIENT, str(reason))] if str(reason) else [])
            return False
        self._connection.flush()
        return True

    def _redirected(self, request: Request, begun: Whereabouts) -> Whereabouts:
        """Returns where a request may be sent: where the user is, if it was begun there or the user insists.

        Raises ``NotSent``, with where it would go if the user has not been told yet.
        """
        here, labels = self._presence.here, self._presence.labels
        may_move = request.command in (SAY, COMMANDS["next"]) and self._presence.joined
        has_told = self._redirection.has_told(begun, here)
        if not may_move or self._redirection.allows(begun, here, self._connection.now()):
            return here if may_move else begun
        if has_told:
            raise NotSent
        if request.command is not SAY:
            return begun
        again = labels.again_private.format(name=here.partner) if here.partner else labels.again_lobby
        raise NotSent(f"{elsewhere(self._presence, begun)} {again}")

    def action_ask(self, word: str) -> None:
        """Handles a key."""
        self._obey(Request(COMMANDS[word]), self._begun())

    def action_scroll_back(self) -> None:
        """Scrolls one page up."""
        self.query_one(Transcript).scroll_page_up(animate=False)

    def action_scroll_on(self) -> None:
        """Scrolls one page down."""
        self.query_one(Transcript).scroll_page_down(animate=False)


def _put(place: Static, content: Content) -> None:
    """Updates a widget, if its content has changed: laying out the screen takes time."""
    if place.content != content:
        place.update(content)


def read_slash(line: str) -> Request | None:
    """Returns the request in a line that was typed: ``PONG`` for an empty line, None for an unknown command.

    Unlike in the text dialect, a command needs its ``/``, and an unknown one is not said.
    """
    line = harmless.line(line).strip()
    if not line.startswith("/"):
        return Request(SAY, line) if line else PONG
    if line in QUIT:
        return Request(COMMANDS["close"])
    request = read_typed(line)
    return None if request.bare else request
