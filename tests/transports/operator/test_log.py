"""The log as text and as JSON, held in golden files, without texts and full addresses by default."""

import io
import json
import logging
import os
import re
from collections.abc import Iterator
from logging.handlers import QueueHandler
from pathlib import Path
from threading import Thread
from time import sleep

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transports.operator.operator_fixture import OperatorFixture
from transports.operator import log
from transports.operator.chat_log import CHAT, ChatLog, shortened
from transports.operator.log import FORMATTERS, LogHandler, start_log

HERE = Path(__file__).parent
SINCE_1970 = 1_000_000_000.25


class Frozen(logging.Filter):
    """Fixes the time of all records."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.created, record.msecs = SINCE_1970, 250.0
        return True


@pytest.fixture
def logger() -> Iterator[logging.Logger]:
    """The chat's logger, which writes only to handlers of the test."""
    chat_logger = logging.getLogger(CHAT)
    chat_logger.propagate = False
    yield chat_logger
    chat_logger.propagate = True
    chat_logger.setLevel(logging.NOTSET)
    chat_logger.handlers.clear()


def attach(logger: logging.Logger, form: str, level: int = logging.DEBUG) -> io.StringIO:
    written = io.StringIO()
    handler = LogHandler(written)
    handler.setFormatter(FORMATTERS[form]())
    handler.addFilter(Frozen())
    logger.addHandler(handler)
    logger.setLevel(level)
    return written


def sample_chat(**options: bool) -> None:
    """Users join, talk, part and leave."""
    chat = OperatorFixture(observers=[ChatLog(**options)])
    ada = chat.arrive("ada", "198.51.100.1")
    bob = chat.arrive('Bob "the" Builder', "2001:db8:1:2::3")
    chat.type(ada, "my secret", "start")
    chat.type(bob, "start", "start", "psst = \x1b[2J")
    chat.type(ada, "next")
    chat.obey("ban 203.0.113.0/24")
    chat.connect("203.0.113.9")
    chat.vanish(bob)


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_log_is_that_of_the_golden_file(form: str, logger: logging.Logger) -> None:
    """``python -m tests.transports.operator.test_log`` rewrites them."""
    written = attach(logger, form)
    sample_chat()
    assert written.getvalue() == golden(form).read_text(encoding="utf-8")


def golden(form: str) -> Path:
    return HERE / f"log.golden.{form}"


@pytest.mark.parametrize("form", ["text", "json"])
def test_texts_and_full_addresses_are_logged_only_on_request(form: str, logger: logging.Logger) -> None:
    written = attach(logger, form)
    sample_chat()
    assert not re.search(r"secret|psst|198\.51\.100\.1\b|2001:db8:1:2", written.getvalue())
    sample_chat(texts=True, addresses=True)
    for wanted in ("secret", "psst", "198.51.100.1", "2001:db8:1:2::3"):
        assert wanted in written.getvalue()


def test_at_level_warning_an_ordinary_chat_is_not_logged(logger: logging.Logger) -> None:
    written = attach(logger, "text", logging.WARNING)
    sample_chat()
    assert written.getvalue() == ""


@given(st.text(max_size=60), st.sampled_from(["text", "json"]))
def test_a_record_is_always_one_line_without_control_sequences(text: str, form: str) -> None:
    record = logging.makeLogRecord({"msg": text, "fields": {"name": text}, "event": text, "levelname": "INFO"})
    line = FORMATTERS[form]().format(record)
    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", line)
    if form == "json":
        assert json.loads(line)["name"] == text


def test_an_exception_is_logged_with_type_and_text_and_no_traceback(logger: logging.Logger) -> None:
    written = attach(logger, "text")
    try:
        raise ValueError("no\nway")
    except ValueError:
        logger.exception("trouble")
    assert written.getvalue() == "2001-09-09T01:46:40.250Z error trouble: ValueError: no\ufffdway\n"


def test_a_log_with_a_stuck_reader_blocks_no_user_and_reports_dropped_lines_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(log, "WAITING_LIMIT", 100)
    reading, writing = os.pipe()
    with os.fdopen(writing, "w") as stream, os.fdopen(reading) as reader:
        end = start_log(stream, "text", "info")
        chatty = logging.getLogger("somebody")
        for number in range(3000):
            chatty.info("line %d %s", number, "x" * 100)
        lines: list[str] = []
        read = Thread(target=lambda: lines.extend(reader))
        read.start()
        (handler,) = (each for each in logging.getLogger().handlers if isinstance(each, QueueHandler))
        while handler.queue.qsize():
            sleep(0.01)
        chatty.info("the last")
        end()
        stream.close()
        read.join()
    assert " line 0 x" in lines[0]
    assert "the last" in lines[-1]
    lost = [int(number) for number in re.findall(r"lines of the log that were dropped: (\d+)", "".join(lines))]
    assert sum(lost) > 1000
    assert sum(lost) + len(lines) - len(lost) == 3000 + len(["the last"])


def test_a_stream_that_fails_loses_lines_and_nothing_else() -> None:
    class Full(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(28, "No space left on device")

    closed = io.StringIO()
    closed.close()
    for stream in (Full(), closed):
        end = start_log(stream, "text", "info")
        logging.getLogger("somebody").warning("a line")
        end()


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.77", "198.51.100.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1::/48"),
        ("::1", "::/48"),
        ("", ""),
    ],
)
def test_an_address_is_shortened_to_a_network_that_many_share(address: str, network: str) -> None:
    assert shortened(address) == network


if __name__ == "__main__":
    for form in FORMATTERS:
        chat_logger = logging.getLogger(CHAT)
        chat_logger.propagate = False
        written = attach(chat_logger, form)
        sample_chat()
        golden(form).write_text(written.getvalue(), encoding="utf-8")
        chat_logger.handlers.clear()
