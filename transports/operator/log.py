"""The log: one line per record, as text or as JSON."""

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
    """Formats a record as text: time, level, event, and ``name=value`` for each field."""

    def format(self, record: logging.LogRecord) -> str:
        """Returns a record as one line."""
        fields = getattr(record, "fields", {})
        pairs = (f"{name}={_quoted(value)}" for name, value in fields.items() if value is not None)
        return " ".join((_time(record), record.levelname.lower(), harmless.line(_message(record)), *pairs))


class JsonFormatter(logging.Formatter):
    """Formats a record as a JSON object in ASCII, so that no terminal can take it for a control sequence."""

    def format(self, record: logging.LogRecord) -> str:
        """Returns a record as one line."""
        event = getattr(record, "event", "message")
        data = {"time": _time(record), "level": record.levelname.lower(), "event": event}
        if _message(record) != event:
            data["message"] = _message(record)
        return json.dumps({**data, **getattr(record, "fields", {})})


FORMATTERS: Mapping[str, type[logging.Formatter]] = {"text": TextFormatter, "json": JsonFormatter}


class LogHandler(logging.StreamHandler[TextIO]):
    """Writes to a stream; if that fails, as on a full disk, the line is lost and nothing else happens."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - as logging calls it
        """Ignores a line that could not be written."""


WAITING_LIMIT = 10_000
"""The most lines buffered for a slow reader of the log; further ones are dropped and counted."""

FAREWELL = 1.0
"""The timeout of flushing the last lines at exit, in seconds."""


class _WaitingLines(QueueHandler):
    """Writes lines in a thread of its own: a log whose reader is stuck must not stop the server."""

    def __init__(self, target: LogHandler, formatter: logging.Formatter) -> None:
        self._waiting: queue.Queue[logging.LogRecord | None] = queue.Queue(WAITING_LIMIT)
        super().__init__(self._waiting)
        self.setFormatter(formatter)
        self._target = target
        self._lost = 0
        self._thread = threading.Thread(target=self._write, name="log", daemon=True)
        self._thread.start()

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        """Formats a record at once, as the objects in it may change."""
        return logging.makeLogRecord({"levelno": record.levelno, "msg": self.format(record)})

    def enqueue(self, record: logging.LogRecord) -> None:
        """Buffers a line, or drops it if the buffer is full."""
        try:
            if self._lost:
                words = f"lines of the log that were dropped: {self._lost}; its reader is too slow"
                lost = logging.LogRecord(__name__, logging.WARNING, "", 0, words, None, None)
                self._waiting.put_nowait(self.prepare(lost))
                self._lost = 0
            self._waiting.put_nowait(record)
        except queue.Full:
            self._lost += 1

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - as logging calls it
        """Ignores a record that could not be formatted."""

    def end(self) -> None:
        """Flushes the last lines, for at most ``FAREWELL`` seconds."""
        with contextlib.suppress(queue.Full):
            self._waiting.put(None, timeout=FAREWELL)
        self._thread.join(FAREWELL)

    def _write(self) -> None:
        while (record := self._waiting.get()) is not None:
            self._target.handle(record)


def start_log(stream: TextIO, form: str, level: str) -> Callable[[], None]:
    """Writes all log records of this process to a stream, without ever waiting for its reader.

    Args:
        stream: the stream; it is not closed.
        form: one of ``FORMATTERS``.
        level: the lowest level written: ``debug``, ``info``, ``warning`` or ``error``.

    Returns:
        A function that flushes and ends it.
    """
    handler = _WaitingLines(LogHandler(stream), FORMATTERS[form]())
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(level.upper())

    def end() -> None:
        logging.getLogger().removeHandler(handler)
        handler.end()

    return end


def _message(record: logging.LogRecord) -> str:
    """Returns the message, and of an exception only its type and text."""
    message = record.getMessage()
    error = record.exc_info[1] if record.exc_info else None
    return message if error is None else f"{message}: {type(error).__name__}: {error}"


def _time(record: logging.LogRecord) -> str:
    """Returns the time as RFC 3339 has it, in UTC, to the millisecond."""
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(record.created))}.{int(record.msecs):03d}Z"


def _quoted(value: Any) -> str:
    """Returns a value as one word, or in quotation marks."""
    text = harmless.line(str(value))
    plain = text and not any(character in text for character in ' "=')
    return text if plain else json.dumps(text, ensure_ascii=False)
