"""The table of commands holds together: whatever is added there works in both dialects."""

import pytest

from transports.dialects.commands import COMMANDS, Argument, Command, help_lines
from transports.dialects.json_lines import _READERS
from transports.dialects.wording import ENGLISH, FRENCH


def test_every_argument_that_a_command_may_take_can_be_read_from_an_object() -> None:
    assert set(_READERS) == set(Argument)


def test_a_command_without_a_handler_cannot_be_made() -> None:
    with pytest.raises(TypeError, match="'do'"):
        Command("who")  # type: ignore[call-arg]


def test_the_key_of_the_table_is_the_word() -> None:
    assert [command.word for command in COMMANDS.values()] == list(COMMANDS)


def test_the_help_shows_commands_as_they_are_typed_and_examples_in_the_other_language() -> None:
    english, french = help_lines(ENGLISH).split("\n"), help_lines(FRENCH, "/").split("\n")
    assert [row.partition("  ")[0] for row in english] == [
        *("start", "next", "/block", "/unblock bob", "lobby", "close", "help", "/where", "/lang fr", "/say next"),
    ]
    assert [row.partition("  ")[0] for row in french] == [
        *("/start", "/next", "/block", "/unblock bob", "/lobby", "/close", "/help", "/where", "/lang en", "/say /next"),
    ]
    assert "; start chess" in english[0]
    assert "; /start échecs" in french[0]
