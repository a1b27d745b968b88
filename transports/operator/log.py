"""The log: a line for everything, as text for people or as JSON for programs."""

import contextlib
import json
import logging
import queue
import threading
import time
from collections.abc import Callable, Mapping
from logging.handlers import QueueHandler
from typing import Any, TextIO

from roulette_core import harmless


class TextFormatter(logging.Formatter):
    """A line for people: time, level, what happened, and ``name=value`` for each of its fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Writes one record as one line."""
        fields = getattr(record, "fields", {})
        pairs = (f"{name}={_quoted(value)}" for name, value in fields.items() if value is not None)
        return " ".join((_time(record), record.levelname.lower(), harmless.line(_message(record)), *pairs))


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


WAITING_LIMIT = 10_000
"""How many lines may wait for a slow reader of the log; beyond, they are lost, and counted."""

FAREWELL = 1.0
"""How long the reader of the log may take for the last lines, in seconds."""


class _WaitingLines(QueueHandler):
    """Writes lines from a thread of its own: a log that nobody reads must not stop the server."""

    def __init__(self, target: LogHandler, formatter: logging.Formatter) -> None:
        self._waiting: queue.Queue[logging.LogRecord | None] = queue.Queue(WAITING_LIMIT)
        super().__init__(self._waiting)
        self.setFormatter(formatter)
        self._target = target
        self._lost = 0
        self._thread = threading.Thread(target=self._write, name="log", daemon=True)
        self._thread.start()

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        """Makes a line of a record at once, as what it speaks of may change."""
        return logging.makeLogRecord({"levelno": record.levelno, "msg": self.format(record)})

    def enqueue(self, record: logging.LogRecord) -> None:
        """Has a line written when its turn comes, unless too many wait."""
        try:
            if self._lost:
                words = f"{self._lost} lines of the log are lost: nobody was reading it"
                lost = logging.LogRecord(__name__, logging.WARNING, "", 0, words, None, None)
                self._waiting.put_nowait(self.prepare(lost))
                self._lost = 0
            self._waiting.put_nowait(record)
        except queue.Full:
            self._lost += 1

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - as logging calls it
        """Is called when a line could not be made."""

    def end(self) -> None:
        """Waits for the last lines, but not for long."""
        with contextlib.suppress(queue.Full):
            self._waiting.put(None, timeout=FAREWELL)
        self._thread.join(FAREWELL)

    def _write(self) -> None:
        while (record := self._waiting.get()) is not None:
            self._target.handle(record)


def start_log(stream: TextIO, form: str, level: str) -> Callable[[], None]:
    """Has everything that is logged in this process written to a stream, without ever waiting for its reader.

    Args:
        stream: where to; it is not closed.
        form: one of ``FORMATTERS``.
        level: the least level that is written: ``debug``, ``info``, ``warning`` or ``error``.

    Returns:
        What ends it.
    """
    handler = _WaitingLines(LogHandler(stream), FORMATTERS[form]())
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(level.upper())

    def end() -> None:
        logging.getLogger().removeHandler(handler)
        handler.end()

    return end


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
    text = harmless.line(str(value))
    plain = text and not any(character in text for character in ' "=')
    return text if plain else json.dumps(text, ensure_ascii=False)
