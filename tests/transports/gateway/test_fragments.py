"""The meaning of bytes does not depend on their fragmentation."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roulette_core import Roulette
from roulette_core.policies import POLICIES
from tests.support.gateway_fixture import GatewayFixture
from tests.support.story import OBJECTS
from transports.gateway import Gateway, Limits, Order, Output
from transports.lines import LINE_LIMIT

WORDS = ["start", "/start", "start chess", "next", "lobby", "help", "/say next", "hello", "", "ada", "bob", "* forged"]
PIECES = st.one_of(
    st.sampled_from([*WORDS, '{"hello":1,"name":"carol"}']).map(lambda word: f"{word}\n".encode()),
    st.sampled_from([b"\n", b"\r\n", b"close\n", b"\xff\xfe\n", b"\x1b[2J\n", b"\0", "é\n".encode()[:1], b"no end"]),
    st.sampled_from(OBJECTS).map(lambda members: json.dumps(members).encode() + b"\n"),
    st.just(b"x" * (LINE_LIMIT + 1)),
    st.binary(max_size=40),
)

# An endless line ends its connection after the packet that exceeds the limit, which depends on packets: not here.
UNLIMITED = Limits(rate=0, registration=0, ping=0, idle=0, garbage=0)
THROTTLED = replace(UNLIMITED, rate=2.0, burst=6.0)

Step = tuple[int, bytes | float | None]


def outputs_of(policy: str, limits: Limits, steps: list[Step], every_byte: bool) -> dict[int, list[bytes | Order]]:
    """Returns the output to each of five connections, with packets as given or split into bytes."""
    gateway = Gateway(Roulette(policy, seed=1), limits)
    sent: dict[int, list[bytes | Order]] = {number: [] for number in range(5)}
    now = 0.0

    def carry(outputs: list[Output]) -> None:
        for number, data in outputs:
            assert isinstance(number, int)
            sent[number].append(data)

    for number in sent:
        carry(gateway.connected(number, now))
    for number, what in steps:
        if isinstance(what, float):
            now += what
            carry(gateway.tick(now))
        elif what is None:
            carry(gateway.disconnected(number, now))
        else:
            for piece in [bytes([byte]) for byte in what] if every_byte else [what]:
                carry(gateway.received(number, piece, now))
    return sent


STEPS = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.one_of(st.lists(PIECES, max_size=4).map(b"".join), st.none(), st.floats(0.0, 20.0, allow_nan=False)),
    ),
    max_size=30,
)


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("limits", [UNLIMITED, THROTTLED], ids=["unlimited", "throttled"])
@given(steps=STEPS)
def test_the_same_bytes_split_anywhere_bring_the_same_answers(policy: str, limits: Limits, steps: list[Step]) -> None:
    assert outputs_of(policy, limits, steps, True) == outputs_of(policy, limits, steps, False)


@given(
    st.lists(st.one_of(st.text(), st.sampled_from(["* The server is shutting down.", "<bob> hi", "\r* x", "\x85* x"])))
)
def test_no_user_can_forge_a_line_of_another(texts: list[str]) -> None:
    chat = GatewayFixture()
    ada, bob = chat.enter("ada", "bob")
    for text in texts:
        chat.send(ada, f"/say {text}\n".encode("utf-8", "surrogatepass"))
        chat.send(ada, b"\n")
    for line in chat.heard[bob].decode().splitlines():
        assert line.startswith(("<ada> ", "* <ada> ", "* Waiting", "* You", "* Only", "* Type"))
