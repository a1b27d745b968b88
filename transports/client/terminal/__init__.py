"""The chat client's screen: where the user is, the conversation, an input line, and keys."""

from transports.client.terminal.screen import ChatScreen

__all__ = ["ChatScreen"]
