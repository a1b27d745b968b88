"""The operator's commands, typed at the server's terminal or sent through its admin socket."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from transports.operator import actions, questions
from transports.operator.answers import Answer, refusal, table
from transports.operator.chat_log import CHAT
from transports.operator.figures import figures
from transports.operator.statistics import Statistics

logger = logging.getLogger(CHAT)


class Operator:
    """Carries out commands about a server, whose gateway the statistics observe."""

    def __init__(self, server: actions.ServerControl, statistics: Statistics) -> None:
        self.server = server
        self.statistics = statistics

    def obey(self, line: str) -> Answer:
        """Carries out one line as typed. It must come from the operator, since it may stop the server."""
        word, _, argument = line.strip().partition(" ")
        word, argument = word.removesuffix("()"), argument.strip()
        command = COMMANDS.get(word)
        if command is None:
            near = get_close_matches(word, COMMANDS, 1)
            return refusal(f"Unknown command {word}.", f"Did you mean {near[0]}?" if near else "Type help.")
        if bool(argument) is not bool(command.argument):
            return refusal(f"Usage: {command.usage}")
        if command.acts:
            logger.info("operator", extra={"event": "operator", "fields": {"command": line.strip()}})
        return command.obey(self, argument)


@dataclass(frozen=True, slots=True)
class OperatorCommand:
    """A command of the operator."""

    usage: str  # the command as it is typed
    help: str
    obey: Callable[[Operator, str], Answer]  # carries it out, given its argument
    acts: bool = False  # whether it changes something, and is therefore logged

    @property
    def word(self) -> str:
        """The command without its argument."""
        return self.usage.partition(" ")[0]

    @property
    def argument(self) -> str:
        """The name of the argument it demands; empty if it takes none."""
        return self.usage.partition(" ")[2]


def _help(_operator: Operator, _argument: str) -> Answer:
    rows = ((command.usage, command.help) for command in COMMANDS.values())
    return table(("command", "what it does"), rows, len(COMMANDS))


_ALL = (
    OperatorCommand("list", "users, their states and partners", lambda at, _: questions.users(at.server.gateway)),
    OperatorCommand(
        "research",
        "searching users: for how long, and why",
        lambda at, _: questions.searching(at.server.gateway, at.server.clock()),
    ),
    OperatorCommand("private", "pairs in private", lambda at, _: questions.private(at.server.gateway)),
    OperatorCommand(
        "stats", "counters since start", lambda at, _: figures(at.statistics, at.server.gateway, at.server.clock())
    ),
    OperatorCommand(
        "explain NAME",
        "one user: state, address, and why they wait",
        lambda at, name: questions.explain(at.server.gateway, name, at.server.clock()),
    ),
    OperatorCommand("kick NAME", "disconnect a user", lambda at, name: actions.kick(at.server, name), acts=True),
    OperatorCommand(
        "ban NAME|ADDRESS|NETWORK",
        "disconnect and turn away an address or network",
        lambda at, target: actions.ban(at.server, target),
        acts=True,
    ),
    OperatorCommand(
        "unban ADDRESS|NETWORK", "end a ban", lambda at, target: actions.unban(at.server.gateway, target), acts=True
    ),
    OperatorCommand("bans", "banned addresses and networks", lambda at, _: questions.bans(at.server.gateway)),
    OperatorCommand("say TEXT", "send a text to all users", lambda at, text: actions.say(at.server, text), acts=True),
    OperatorCommand(
        "close", "say goodbye to all users and stop the server", lambda at, _: actions.close(at.server), acts=True
    ),
    OperatorCommand("help", "show this list", _help),
)

COMMANDS: Mapping[str, OperatorCommand] = {command.word: command for command in _ALL}
