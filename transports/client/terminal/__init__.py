"""The chat client's screen, for terminals: who and where the user is, the conversation, a line to type on, and keys."""

from transports.client.terminal.screen import ChatScreen

__all__ = ["ChatScreen"]
