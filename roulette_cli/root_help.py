"""What ``roulette --help`` shows: without a parser, whose import takes longer than all else, it is there at once.

A test holds that the parser says the same, to the letter.
"""

import os

COLUMNS = 80
"""In a wider terminal the help looks the same; in a narrower one, the parser wraps it."""

COMPLETION = "_ROULETTE_COMPLETE"
"""The shell sets this environment variable where it asks for completions, without arguments."""

TEXT = """\
Usage: roulette [OPTIONS] COMMAND [ARGS]...

  Text ChatRoulette: a chat server, its simulator and its tests.

Options:
  --version             Show the version and exit.
  --install-completion  Install completion for the current shell.
  --show-completion     Show completion for the current shell, to copy it or
                        customize the installation.
  --help                Show this message and exit.

Commands:
  sim    Simulate users and compare pairing policies.
  serve  Serve the chat; users join with nc, telnet or roulette chat.
  admin  Send an operator's command to a running server, or watch it.
  chat   Chat with strangers.
  bench  Measure speed and memory of core, simulator and server.
  check  Check a pairing policy: its contract, its claims, its cost.
  prove  Prove a pairing policy by exploring all that a few users can do.
  swarm  Run many randomised fault-injection cases.
"""


def suffices(arguments: list[str]) -> bool:
    """Returns whether the words after ``roulette`` ask for this help, and it fits the terminal."""
    return arguments in ([], ["--help"]) and COMPLETION not in os.environ and _columns() >= COLUMNS


def _columns() -> int:
    """Returns the width of the terminal as ``shutil`` finds it, whose import takes as long as all the rest here."""
    try:
        columns = int(os.environ.get("COLUMNS", "0"))
    except ValueError:
        columns = 0
    try:
        return columns if columns > 0 else os.get_terminal_size(1).columns or COLUMNS
    except OSError:
        return COLUMNS
