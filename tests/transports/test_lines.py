"""Bytes as they come, lines as they were meant."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from transports.lines import LINE_LIMIT, LineSplitter

# Bytes among which line ends, cut characters and too long lines are frequent.
STREAMS = st.lists(
    st.sampled_from(
        [b"\n", b"\r\n", b"\r", b"a", "é".encode(), "🎲".encode(), b"\xff", b"\x80", b"start", b"x" * 9, b"\0"]
    )
).map(b"".join)


def fragments(data: bytes, cuts: list[int]) -> list[bytes]:
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [data[start:end] for start, end in pairwise(places)]


@given(STREAMS, st.lists(st.integers(0, 10_000)))
def test_however_bytes_are_fragmented_the_lines_are_the_same(data: bytes, cuts: list[int]) -> None:
    whole, cut = LineSplitter(limit=12), LineSplitter(limit=12)
    assert [line for piece in fragments(data, cuts) for line in cut.feed(piece)] == whole.feed(data)


@given(STREAMS)
def test_one_byte_at_a_time_gives_the_same_lines(data: bytes) -> None:
    whole, cut = LineSplitter(limit=12), LineSplitter(limit=12)
    assert [line for byte in data for line in cut.feed(bytes([byte]))] == whole.feed(data)


@given(STREAMS)
def test_every_finished_line_is_there_whole_or_refused(data: bytes) -> None:
    *finished, rest = data.split(b"\n")
    expected = [None if len(line) > 12 else line.removesuffix(b"\r").decode("utf-8", "replace") for line in finished]
    assert LineSplitter(limit=12).feed(data) == expected + [None] * (len(rest) > 12)


def test_a_line_just_within_the_limit_passes_and_one_byte_more_is_refused_once() -> None:
    splitter = LineSplitter()
    assert splitter.feed(b"x" * LINE_LIMIT + b"\n") == ["x" * LINE_LIMIT]
    assert splitter.feed(b"x" * (LINE_LIMIT + 1)) == [None]
    assert splitter.feed(b"x" * 10_000) == []
    assert splitter.feed(b"rest\nnext\n") == ["next"]


def test_a_line_without_end_takes_no_more_memory_than_the_limit() -> None:
    splitter = LineSplitter(limit=100)
    for _ in range(1000):
        splitter.feed(b"x" * 99)
        assert len(splitter._pending) <= 100


def test_the_original_cut_a_character_in_two_at_1024_bytes() -> None:
    line = "x" * 1023 + "é"
    splitter = LineSplitter()
    data = f"{line}\n".encode()
    assert splitter.feed(data[:1024]) == []
    assert splitter.feed(data[1024:]) == [line]


@given(STREAMS, st.lists(st.integers(0, 10_000)))
def test_it_is_known_how_much_has_come_of_a_line_that_is_too_long(data: bytes, cuts: list[int]) -> None:
    splitter = LineSplitter(limit=12)
    for piece in fragments(data, cuts):
        splitter.feed(piece)
    unfinished = data.rpartition(b"\n")[2]
    assert splitter.skipped == (len(unfinished) if len(unfinished) > 12 else 0)
