"""What an operator types, at the server's own terminal or through its admin socket, and what comes back."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from transports.operator import actions, questions
from transports.operator.answers import Answer, refusal, table
from transports.operator.chat_log import CHAT
from transports.operator.figures import figures
from transports.operator.server_control import ServerControl
from transports.operator.statistics import Statistics

logger = logging.getLogger(CHAT)


class Operator:
    """Obeys commands.

    Args:
        server: what they are about.
        statistics: an observer of the server's gateway.
    """

    def __init__(self, server: ServerControl, statistics: Statistics) -> None:
        self.server = server
        self.statistics = statistics

    def obey(self, line: str) -> Answer:
        """Carries out one line.

        Args:
            line: as typed. What comes from whom is not trusted less than the operator: it may stop the server.

        Returns:
            What to tell them; ``refused`` where it could not be done.
        """
        word, _, argument = line.strip().partition(" ")
        word, argument = word.removesuffix("()"), argument.strip()
        command = COMMANDS.get(word)
        if command is None:
            near = get_close_matches(word, COMMANDS, 1)
            return refusal(f"There is no command {word}.", f"Did you mean {near[0]}?" if near else "See help.")
        if bool(argument) is not bool(command.argument):
            return refusal(f"It is: {command.usage}")
        if command.acts:
            logger.info("operator", extra={"event": "operator", "fields": {"command": line.strip()}})
        return command.obey(self, argument)


@dataclass(frozen=True, slots=True)
class OperatorCommand:
    """One of the commands.

    Attributes:
        usage: how it is typed.
        help: what it does.
        obey: does it, given what stands behind the command.
        acts: whether it changes anything, and is therefore worth a line in the log.
    """

    usage: str
    help: str
    obey: Callable[[Operator, str], Answer]
    acts: bool = False

    @property
    def word(self) -> str:
        """The command itself."""
        return self.usage.partition(" ")[0]

    @property
    def argument(self) -> str:
        """What has to stand behind it; empty if nothing may."""
        return self.usage.partition(" ")[2]


def _help(_operator: Operator, _argument: str) -> Answer:
    rows = ((command.usage, command.help) for command in COMMANDS.values())
    return table(("command", "what it does"), rows, len(COMMANDS))


_ALL = (
    OperatorCommand("list", "who is there: where, and with whom", lambda at, _: questions.everybody(at.server.gateway)),
    OperatorCommand(
        "research",
        "who searches: for how long, and why",
        lambda at, _: questions.searching(at.server.gateway, at.server.clock()),
    ),
    OperatorCommand("private", "the pairs in private", lambda at, _: questions.private(at.server.gateway)),
    OperatorCommand(
        "stats",
        "what has been counted since the start",
        lambda at, _: figures(at.statistics, at.server.gateway, at.server.clock()),
    ),
    OperatorCommand(
        "explain NAME",
        "one user: where, from where, and why they wait",
        lambda at, name: questions.explain(at.server.gateway, name, at.server.clock()),
    ),
    OperatorCommand("kick NAME", "disconnect a user", lambda at, name: actions.kick(at.server, name), acts=True),
    OperatorCommand(
        "ban NAME|ADDRESS|NETWORK",
        "disconnect and keep out all who come from there",
        lambda at, target: actions.ban(at.server, target),
        acts=True,
    ),
    OperatorCommand(
        "unban ADDRESS|NETWORK",
        "let them in again",
        lambda at, target: actions.unban(at.server.gateway, target),
        acts=True,
    ),
    OperatorCommand("bans", "from where nobody is let in", lambda at, _: questions.bans(at.server.gateway)),
    OperatorCommand("say TEXT", "say something to everybody", lambda at, text: actions.say(at.server, text), acts=True),
    OperatorCommand("close", "say goodbye to everybody and stop", lambda at, _: actions.close(at.server), acts=True),
    OperatorCommand("help", "this", _help),
)

COMMANDS: Mapping[str, OperatorCommand] = {command.word: command for command in _ALL}
