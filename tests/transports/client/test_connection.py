"""Connecting and reconnecting, over real sockets."""

import asyncio
import ssl
from collections.abc import Sequence
from random import Random

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from tests.support.server import PATIENCE
from tests.transports.client.scripted import GREETING, Visit, scripted, told
from transports.client import connection as module
from transports.client.connection import BASE, CAP, ChatConnection, NoGreeting, backoff
from transports.client.conversation import Conversation
from transports.client.display import DisplayLine
from transports.client.hearing import RETRIES


class Hasty(Random):
    """Draws no waiting at all, and remembers how long it might have been."""

    def __init__(self) -> None:
        super().__init__(0)
        self.bounds: list[float] = []

    def uniform(self, a: float, b: float) -> float:
        self.bounds.append(b)
        return a


class Reader:
    """Collects the lines shown."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def __call__(self, lines: Sequence[DisplayLine]) -> None:
        self.texts += [line.text for line in lines]


async def farewell(visit: Visit) -> None:
    await visit.welcome()
    visit.say(told(type="closing", reason="kicked", text="You are sent away."))


async def cut_off(visit: Visit) -> None:
    await visit.welcome()
    visit.reset()


async def taken(visit: Visit) -> None:
    visit.say(GREETING)
    await visit.hear()
    visit.say(told(type="refused", reason="name_taken", text="Taken."))
    await visit.gone()


async def hang_up(visit: Visit) -> None:
    visit.hang_up()


async def stay(*visits, chance: Random | None = None, name: str = "ada") -> tuple[list[str], Conversation]:
    """Stays connected to a scripted server until it ends the conversation. Returns what was shown."""
    reader, conversation = Reader(), Conversation(name)
    async with asyncio.timeout(PATIENCE), scripted(*visits) as address:
        connection = ChatConnection(address, conversation, chance=chance or Hasty())
        await connection.open()
        await connection.stay(reader)
    return reader.texts, conversation


def test_a_lost_connection_is_reestablished_under_the_same_name():
    hellos = []

    async def listen(visit: Visit) -> None:
        hellos.append(await visit.welcome())
        visit.say(told(type="closing", reason="banned", text="Never again."))

    texts, _ = asyncio.run(stay(cut_off, hang_up, listen))
    assert [hello["name"] for hello in hellos] == ["ada"]
    assert texts == [
        *("Hi, ada.", "You are in the lobby.", "Connection lost."),
        *("Hi, ada.", "You are in the lobby.", "Never again."),
    ]


def test_waits_grow_until_the_user_is_welcomed_again():
    chance = Hasty()
    asyncio.run(stay(cut_off, hang_up, hang_up, cut_off, farewell, chance=chance))
    assert chance.bounds == [1, 2, 4, 1]


def test_waits_grow_while_a_server_turns_the_client_away():
    async def full(visit: Visit) -> None:
        visit.say(b"* The server is full.\r\n")

    chance = Hasty()
    texts, _ = asyncio.run(stay(cut_off, full, full, full, farewell, chance=chance))
    assert chance.bounds == [1, 2, 4, 8]
    assert texts.count("The server is full.") == 3


def test_a_name_that_is_still_taken_is_retried_a_few_times():
    async def last(visit: Visit) -> None:
        visit.say(GREETING)
        await visit.hear()
        visit.say(told(type="refused", reason="name_taken", text="Taken."))
        visit.say(told(type="closing", reason="kicked", text="Enough."))

    texts, conversation = asyncio.run(stay(cut_off, *[taken] * RETRIES, last))
    assert sum("still in use" in text for text in texts) == RETRIES
    assert texts[-2:] == ["Taken.", "Enough."]
    assert conversation.presence.name is None


def test_the_client_does_not_reconnect_before_a_name_is_chosen():
    async def story() -> None:
        conversation = Conversation()
        async with asyncio.timeout(PATIENCE), scripted(no_name, farewell) as address:
            connection = ChatConnection(address, conversation, chance=Hasty())
            await connection.open()
            staying = asyncio.create_task(connection.stay(lambda lines: None))
            while conversation.presence.closing != "no_name":
                await asyncio.sleep(0.01)
            assert not staying.done()
            conversation.introduce("ada")
            connection.flush()
            await staying
        assert conversation.presence.closing == "kicked"

    async def no_name(visit: Visit) -> None:
        visit.say(GREETING)
        visit.say(told(type="closing", reason="no_name", text="No name came."))

    asyncio.run(story())


def test_close_waits_for_the_server_to_hang_up():
    heard = []

    async def listen(visit: Visit) -> None:
        await visit.welcome()
        heard.append(await visit.hear())

    async def story() -> None:
        async with asyncio.timeout(PATIENCE), scripted(listen) as address:
            connection = ChatConnection(address, Conversation("ada"))
            await connection.open()
            await connection.close()

    asyncio.run(story())
    assert heard == [{"type": "close"}]


def test_close_times_out_if_the_server_never_hangs_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "GOODBYE", 0.1)
    left = asyncio.Event()

    async def cling(visit: Visit) -> None:
        await visit.welcome()
        await visit.gone()
        left.set()

    async def story() -> None:
        async with asyncio.timeout(PATIENCE), scripted(cling) as address:
            connection = ChatConnection(address, Conversation("ada"))
            await connection.open()
            await connection.close()
            await left.wait()

    asyncio.run(story())


async def open_at(script, security: ssl.SSLContext | None = None, ours: ssl.SSLContext | None = None) -> None:
    async with asyncio.timeout(PATIENCE), scripted(script, security=security) as address:
        connection = ChatConnection(address, Conversation("ada"), ours)
        await connection.open()
        await connection.close()


def test_a_peer_that_hangs_up_at_once_is_no_chat_server():
    with pytest.raises(NoGreeting):
        asyncio.run(open_at(hang_up))


def test_a_peer_that_sends_nothing_is_no_chat_server(monkeypatch: pytest.MonkeyPatch):
    async def silent(visit: Visit) -> None:
        await visit.gone()

    monkeypatch.setattr(module, "PATIENCE", 0.1)
    with pytest.raises(TimeoutError):
        asyncio.run(open_at(silent))


def contexts() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server with a certificate of a private authority, and a client that knows the authority."""
    authority = trustme.CA()
    theirs, ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("127.0.0.1").configure_cert(theirs)
    authority.configure_trust(ours)
    return theirs, ours


def test_a_certificate_of_a_known_authority_is_accepted():
    asyncio.run(open_at(farewell, *contexts()))


def test_a_certificate_of_an_unknown_authority_is_not():
    theirs, _ = contexts()
    with pytest.raises(ssl.SSLCertVerificationError):
        asyncio.run(open_at(farewell, theirs, ssl.create_default_context()))


def test_a_server_that_floods_with_pings_and_does_not_read_takes_no_memory():
    async def flood(visit: Visit) -> None:
        await visit.welcome()
        for _ in range(200):
            visit.say(told(type="ping") * 2000)
            await asyncio.sleep(0)
        visit.reset()

    async def story() -> None:
        waiting = []
        async with asyncio.timeout(PATIENCE), scripted(flood) as address:
            connection = ChatConnection(address, Conversation("ada"))
            await connection.open()
            writer = connection._writer
            assert writer is not None
            await connection.read(lambda lines: waiting.append(writer.transport.get_write_buffer_size()))
        assert max(waiting) < 1 << 18

    asyncio.run(story())


@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_a_wait_is_within_its_bounds(attempt: int, chance: Random):
    assert 0 <= backoff(attempt, chance) <= CAP
    if attempt < 5:
        assert backoff(attempt, chance) <= BASE * 2**attempt


def test_waits_are_spread_over_all_of_their_range():
    chance = Random(1)
    waits = [backoff(10, chance) for _ in range(1000)]
    assert min(waits) < CAP / 100
    assert max(waits) > CAP * 99 / 100
