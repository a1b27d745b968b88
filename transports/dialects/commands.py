"""The commands of the chat: one table, from which both dialects, the server, its help and reserved names follow.

"Adding a chat command" in CONTRIBUTING.md names the places of a new one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple, Protocol

from roulette_core import Event, Lobby, Next, Start, User
from transports.dialects.wording import LANGUAGES, CloseReason, Message, Wording

INTERESTS_LIMIT = 5
"""The most interests that ``start`` takes."""


class Argument(Enum):
    """What follows the word of a command, or stands in its object beside the type."""

    NONE = auto()
    INTERESTS = auto()
    LANGUAGE = auto()
    NAME = auto()
    PARTNER = auto()  # a name, or none for the partner
    TEXT = auto()


class Cost(Enum):
    """What a command counts against the rate of a connection."""

    LINE = auto()  # 1
    SPEECH = auto()  # ``Limits.lobby_cost`` if the lobby hears it, 1 in private
    CHANGE = auto()  # ``Limits.change_cost``


class Context(Protocol):
    """What a command can do on behalf of the user who sent it."""

    @property
    def user(self) -> User:
        """The id of the connection, and of its user in the core."""

    @property
    def wording(self) -> Wording:
        """The language of the user."""

    def handle(self, event: Event) -> None:
        """Hands an event to the core, and sends what follows to the users concerned."""

    def join(self, request: "Request") -> None:
        """Registers the user under a pseudonym, or refuses it."""

    def notify(self, message: Message, **fields: object) -> None:
        """Sends the user a sentence."""

    def show_situation(self) -> None:
        """Sends the user their state, and what they can do in it."""

    def say(self, request: "Request") -> None:
        """Says a line where it belongs, and confirms it if that is asked for; or gives it back."""

    def block(self, request: "Request") -> None:
        """Blocks a user for good: the partner, or one who is present or was the latest partner."""

    def unblock(self, request: "Request") -> None:
        """Takes back a block of the user's own."""

    def show_typing(self, request: "Request") -> None:
        """Shows the partner, if the chat is the one in which it was typed, that the user is typing."""

    def speak(self, language: str) -> None:
        """Switches to another language, or refuses an unknown one."""

    def close(self, reason: CloseReason) -> None:
        """Sends the reason and closes the connection."""


@dataclass(frozen=True, slots=True, eq=False)
class Command:
    """A command of a user, with what carries out a request for it: a command without that cannot be made.

    In its example and its sentence of help, ``{slash}`` stands for the slash where it is optional, and ``{other}`` for
    a language other than the user's.
    """

    word: str  # its name in the text dialect, its type in JSON
    do: Callable[[Context, "Request"], None]
    slash: bool = False  # whether the text dialect demands a ``/`` before the word; otherwise it is optional
    argument: Argument = Argument.NONE
    cost: Cost = Cost.LINE
    addressed: bool = False  # whether it belongs to the chat in which it was typed, and must not reach another
    needs_name: bool = True  # whether only users with a pseudonym may use it
    in_text: bool = True  # whether users can type it; ``Wording.help`` has a sentence for each that they can
    in_json: bool = True  # whether programs can send it
    example: str = ""  # an argument to show in the help

    @property
    def typed(self) -> str:
        """The word as users type it."""
        return f"/{self.word}" if self.slash else self.word

    def __repr__(self) -> str:
        return f"<{self.word}>"


class Request(NamedTuple):
    """What a line from a connection asks for, in either dialect."""

    command: Command
    text: str = ""  # to be said; a pseudonym as it was typed
    interests: tuple[str, ...] = ()  # the topics wanted for the chat
    language: str = ""  # its code, whether or not the server speaks it
    name: str = ""  # of a user, as it was typed
    chat: int | None = None  # the number of the chat it belongs to, 0 for the lobby; None for where the user is
    tag: int | None = None  # the number under which a client wants to be told what became of its line
    bare: bool = False  # whether it is a line without a command word, which can only be said


HELLO = Command("hello", lambda context, asked: context.join(asked))
"""Choosing a pseudonym: any line in text, the member ``hello`` in JSON. It has no word of its own."""

WRONG_VERSION = Command("version", lambda context, _: context.close(CloseReason.VERSION))
"""A hello in another version of the protocol."""

_TABLE = (
    Command(
        "start",
        lambda context, asked: context.handle(Start(context.user, asked.interests)),
        argument=Argument.INTERESTS,
        cost=Cost.CHANGE,
    ),
    Command(
        "next",
        lambda context, asked: context.handle(Next(context.user, asked.chat)),
        cost=Cost.CHANGE,
        addressed=True,
    ),
    Command(
        "block",
        lambda context, asked: context.block(asked),
        slash=True,
        argument=Argument.PARTNER,
        cost=Cost.CHANGE,
        addressed=True,
    ),
    Command(
        "unblock",
        lambda context, asked: context.unblock(asked),
        slash=True,
        argument=Argument.NAME,
        cost=Cost.CHANGE,
        example="bob",
    ),
    Command("lobby", lambda context, _: context.handle(Lobby(context.user)), cost=Cost.CHANGE),
    Command("close", lambda context, _: context.close(CloseReason.ASKED), needs_name=False),
    Command(
        "help",
        lambda context, _: context.notify(Message.HELP, commands=help_lines(context.wording)),
        needs_name=False,
        in_json=False,
    ),
    Command("where", lambda context, _: context.show_situation(), slash=True),
    Command(
        "lang",
        lambda context, asked: context.speak(asked.language),
        slash=True,
        argument=Argument.LANGUAGE,
        needs_name=False,
        example="{other}",
    ),
    Command(
        "say",
        lambda context, asked: context.say(asked),
        slash=True,
        argument=Argument.TEXT,
        cost=Cost.SPEECH,
        addressed=True,
        example="{slash}next",
    ),
    Command("typing", lambda context, asked: context.show_typing(asked), addressed=True, in_text=False),
    Command("pong", lambda context, _: None, needs_name=False, in_text=False),
)

COMMANDS: Mapping[str, Command] = {command.word: command for command in _TABLE}
"""Word → command, in the order of the help."""

SAY = COMMANDS["say"]

PONG = Request(COMMANDS["pong"])
"""A sign of life, and nothing else: what a blank line is in either dialect."""


def help_lines(wording: Wording, slash: str = "") -> str:
    """Returns a line of help for each command that can be typed; with ``/`` as slash, all are shown with one."""
    fields = {"slash": slash, "other": next(code for code in LANGUAGES if code != wording.language)}
    rows = [
        (f"{'/' if command.slash else slash}{word} {command.example}".format_map(fields), wording.help[word])
        for word, command in COMMANDS.items()
        if command.in_text
    ]
    width = max(len(usage) for usage, _ in rows) + len("   ")
    return "\n".join(f"{usage:<{width}}{sentence.format_map(fields)}" for usage, sentence in rows)


def interest(text: str) -> str:
    """Returns the form in which interests, made harmless, are compared: without capitals and needless spaces."""
    return " ".join(text.casefold().split())
