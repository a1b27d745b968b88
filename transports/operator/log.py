"""The log: a line for everything, as text for people or as JSON for programs."""

import json
import logging
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TextIO

from transports.dialects.harmless import harmless


class TextFormatter(logging.Formatter):
    """A line for people: time, level, what happened, and ``name=value`` for each of its fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Writes one record as one line."""
        fields = getattr(record, "fields", {})
        pairs = (f"{name}={_quoted(value)}" for name, value in fields.items() if value is not None)
        return " ".join((_time(record), record.levelname.lower(), harmless(_message(record)), *pairs))


class JsonFormatter(logging.Formatter):
    """A line for programs: one JSON object in ASCII, which no terminal takes for an order."""

    def format(self, record: logging.LogRecord) -> str:
        """Writes one record as one line."""
        event = getattr(record, "event", "message")
        data = {"time": _time(record), "level": record.levelname.lower(), "event": event}
        if _message(record) != event:
            data["message"] = _message(record)
        return json.dumps({**data, **getattr(record, "fields", {})})


FORMATTERS: Mapping[str, type[logging.Formatter]] = {"text": TextFormatter, "json": JsonFormatter}


class LogHandler(logging.StreamHandler[TextIO]):
    """Writes to a stream; should that fail, as on a full disk, the line is lost and nothing else happens."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - as logging calls it
        """Is called when a line could not be written."""


def start_log(stream: TextIO, form: str, level: str) -> Callable[[], None]:
    """Has everything that is logged in this process written to a stream.

    Args:
        stream: where to; it is not closed.
        form: one of ``FORMATTERS``.
        level: the least level that is written: ``debug``, ``info``, ``warning`` or ``error``.

    Returns:
        What ends it.
    """
    handler = LogHandler(stream)
    handler.setFormatter(FORMATTERS[form]())
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(level.upper())
    return partial(logging.getLogger().removeHandler, handler)


def _message(record: logging.LogRecord) -> str:
    """The sentence, and of an exception no more than its kind and text."""
    message = record.getMessage()
    error = record.exc_info[1] if record.exc_info else None
    return message if error is None else f"{message}: {type(error).__name__}: {error}"


def _time(record: logging.LogRecord) -> str:
    """When, by RFC 3339 in UTC, to the millisecond."""
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(record.created))}.{int(record.msecs):03d}Z"


def _quoted(value: Any) -> str:
    """A value in one word, or in quotation marks."""
    text = harmless(str(value))
    plain = text and not any(character in text for character in ' "=')
    return text if plain else json.dumps(text, ensure_ascii=False)
