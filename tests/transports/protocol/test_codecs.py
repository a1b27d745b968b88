"""What a codec sees at the real gateway is what the core's effects say, in both dialects, however bytes are cut."""

from collections import defaultdict

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from roulette_core import (
    Block,
    Blocked,
    Effect,
    Event,
    Join,
    Joined,
    Leave,
    Left,
    Lobby,
    LobbyLine,
    Next,
    Paired,
    Parted,
    PrivateLine,
    Roulette,
    Say,
    Searching,
    Start,
    Unblocked,
    User,
)
from roulette_core import Refused as RefusedEffect
from roulette_core import Returned as ReturnedEffect
from roulette_core.testing.clients import (
    Arrived,
    GivenBack,
    Gone,
    Met,
    PartedFrom,
    SawBlocked,
    SawClosed,
    SawLine,
    SawRefused,
    SawReturned,
    SawUnblocked,
    Searches,
    Sighting,
    Welcomed,
)
from tests.support.gateway_fixture import UNHURRIED
from tests.support.protocol import kinds
from transports.dialects.json_lines import JsonDialect
from transports.dialects.text import TextDialect
from transports.dialects.wording import ENGLISH, FRENCH, LANGUAGES, CloseReason, Message
from transports.gateway import Gateway, GatewayObserver, Limits, Order, Output
from transports.protocol import ClientCodec, JsonCodec, ProtocolError, TextCodec
from transports.protocol.sentences import read_sentence

CODECS = {"json": JsonCodec, "en": TextCodec, "fr": lambda: TextCodec("fr")}
NAMES = ["ada", "user 12", "W-W W-" * 5 + "WW", "é" * 32, "a " * 15 + "bc"]
"""Names with spaces, hyphens and figures; two fill all 32 characters, with places where a line might be broken."""

TEXTS = ["hello", "start", "/where", "* You are in private with <ada>.", "<ada> hé", "> x", "/say /say", "{}"]


class Oracle(GatewayObserver):
    """Tells from the core's effects alone what every client is to see: those in ``numbered`` see numbers of chats."""

    def __init__(self, roulette: Roulette, numbered: list[bool]) -> None:
        self._roulette = roulette
        self._numbered = numbered
        self._names: dict[User, str] = {}
        self._outside: dict[User, None] = {}
        self.seen: defaultdict[User, list[Sighting]] = defaultdict(list)
        self.asked: list[Event] = []

    def handled(self, now: float, event: Event, effects: tuple[Effect, ...]) -> None:
        if not isinstance(event, Join):
            self.asked.append(event)
        for effect in effects:
            self._tell(effect, event)

    def _lobby(self, but: User, sighting: Sighting) -> None:
        for user in self._outside:
            if user != but:
                self.seen[user].append(sighting)

    def _chat(self, user: User, chat: int) -> int | None:
        return chat if self._numbered[int(user)] else None

    def _tell(self, effect: Effect, event: Event) -> None:
        names = self._names
        match effect:
            case Joined(user):
                names[user] = NAMES[int(user)]
                self._outside[user] = None
                self.seen[user].append(Welcomed(names[user]))
                self._lobby(user, Arrived(names[user]))
            case RefusedEffect(user, reason):
                back = GivenBack(event.text, reason.value) if isinstance(event, Say) else SawRefused(reason.value)
                self.seen[user].append(back)
            case LobbyLine(sender, text):
                for user in self._outside.keys() - {sender}:
                    self.seen[user].append(SawLine(names[sender], "lobby", text, self._chat(user, 0)))
            case PrivateLine(sender, recipient, text, chat=chat):
                self.seen[recipient].append(SawLine(names[sender], "private", text, self._chat(recipient, chat)))
            case Blocked(user, other):
                self.seen[user].append(SawBlocked(names[other]))
            case Unblocked(user, other):
                self.seen[user].append(SawUnblocked(names[other]))
            case Searching(user):
                self.seen[user].append(Searches())
            case ReturnedEffect(user):
                self.seen[user].append(SawReturned())
            case Paired(first, second, chat=chat):
                for user, partner in ((first, second), (second, first)):
                    self.seen[user].append(Met(names[partner], self._chat(user, chat)))
                    del self._outside[user]
            case Parted(user, partner, cause, chat=chat):
                if cause != "leave":
                    self.seen[user].append(PartedFrom(names[partner], True, cause, self._chat(user, chat)))
                told = "next" if cause == "block" else cause  # a block is hidden from the partner
                self.seen[partner].append(PartedFrom(names[user], False, told, self._chat(partner, chat)))
                self._outside |= {user: None, partner: None}
            case Left(user):
                del self._outside[user]
                self.seen[user].append(SawClosed("asked"))
                self._lobby(user, Gone(names[user]))


class Chat:
    """Clients at a gateway; what it sends them waits until they hear it, in pieces of any size."""

    def __init__(
        self, codecs: list[ClientCodec], policy: str = "uniform:minimum=2", limits: Limits = UNHURRIED
    ) -> None:
        roulette = Roulette(policy)
        self.oracle = Oracle(roulette, [isinstance(codec, JsonCodec) for codec in codecs])
        self.gateway = Gateway(roulette, limits, [self.oracle])
        self.codecs = codecs
        self.waiting = [b""] * len(codecs)
        self.seen: dict[User, list[Sighting]] = {user: [] for user in range(len(codecs))}
        self.now = 0.0
        for user in range(len(codecs)):
            self._carry(self.gateway.connected(user, self.now))

    def send(self, user: int, data: bytes) -> None:
        self._carry(self.gateway.received(user, data, self.now))

    def ask(self, event: Event) -> None:
        assert not isinstance(event, Join) and event.kind != "tick"
        self.send(int(event.user), self.codecs[int(event.user)].encode(event))

    def hear(self, user: int, size: int) -> None:
        """Delivers so many bytes to a user."""
        data, self.waiting[user] = self.waiting[user][:size], self.waiting[user][size:]
        self.seen[user] += self.codecs[user].decode(data)

    def wait(self, seconds: float) -> None:
        """Lets time pass; every ping is answered."""
        until = self.now + seconds
        while (deadline := self.gateway.next_deadline()) is not None and deadline <= until:
            self.now = deadline
            self._carry(self.gateway.tick(self.now))
            for user, codec in enumerate(self.codecs):
                self.hear(user, len(self.waiting[user]))
                self.send(user, codec.pongs())

    def _carry(self, outputs: list[Output]) -> None:
        for user, what in outputs:
            if not isinstance(what, Order):
                self.waiting[int(user)] += what


def chat(*kinds: str, limits: Limits = UNHURRIED) -> Chat:
    """Clients of these kinds who have been welcomed."""
    made = Chat([CODECS[kind]() for kind in kinds], limits=limits)
    for user, codec in enumerate(made.codecs):
        made.send(user, codec.hello(NAMES[user]))
    return made


def all_heard(made: Chat) -> dict[User, list[Sighting]]:
    for user, data in enumerate(made.waiting):
        made.hear(user, len(data))
    return made.seen


ASKS = [Start, Start, Start, Next, Next, Lobby, Block, Leave, lambda user: Start(user, ("go", "chess"))]
STEP = st.tuples(
    st.integers(0, len(NAMES) - 1),
    st.sampled_from(ASKS) | st.sampled_from(TEXTS) | st.integers(1, 200),
)


def _as_typed(event: Event) -> Event:
    """Returns an event as the client asked for it, without what the text dialect adds for a chat that is over."""
    if isinstance(event, Block):
        return event._replace(other=None, chat=None)
    return event._replace(chat=None) if isinstance(event, Say | Next) else event


@settings(max_examples=200)
@given(st.lists(st.sampled_from(list(CODECS)), min_size=len(NAMES), max_size=len(NAMES)), st.lists(STEP, max_size=60))
@example(["fr"] * 5, [(2, Start), (4, Start), (2, Block), (2, Lobby), (2, Start), (3, Start), (3, Block)])
@example(["en"] * 5, [(0, Start), (1, Start), (0, Next), (1, "hello"), (2, Start), (1, Next), (1, Next), (1, "hello")])
@example(["fr"] * 5, [(0, Start), (1, Start), (0, Next), (1, "hello"), (2, Start), (1, Block), (1, "hello")])
@example(["en"] * 5, [(0, Start), (1, Start), (0, Next), (0, Lobby), (0, Start), (0, Lobby), (1, Lobby)])
def test_a_codec_decodes_what_the_core_did(codecs: list[str], steps: list[tuple[int, object]]) -> None:
    made = chat(*codecs)
    asked: list[Event] = []
    for user, step in steps:
        if isinstance(step, int):
            made.hear(user, step)
        elif Leave(user) not in asked:
            asked.append(Say(user, step) if isinstance(step, str) else step(user))  # type: ignore[operator]
            made.ask(asked[-1])
    assert [_as_typed(event) for event in made.oracle.asked] == asked
    assert all_heard(made) == {user: made.oracle.seen[user] for user in made.seen}


@pytest.mark.parametrize("kind", CODECS)
@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_bytes_may_come_in_pieces_of_any_size(kind: str, size: int) -> None:
    made = chat(kind, kind, kind, kind)
    for event in (Start(3), Start(2), Say(2, "où ça ?"), Next(3), Say(0, "…"), Block(3), Lobby(2), Leave(2)):
        made.ask(event)
    for user in range(4):
        while made.waiting[user]:
            made.hear(user, size)
    assert made.seen == {user: made.oracle.seen[user] for user in made.seen}
    assert {type(sighting) for sightings in made.seen.values() for sighting in sightings} == {
        *(Welcomed, Arrived, Searches, Met, SawLine, PartedFrom, SawReturned, SawClosed, Gone)
    }


@pytest.mark.parametrize("kind", CODECS)
def test_interests_reach_the_core(kind: str) -> None:
    made = chat(kind, kind)
    made.ask(Start(0, ("go", "board games")))
    assert made.oracle.asked == [Start(0, ("go", "board games" if kind == "json" else "board-games"))]


@pytest.mark.parametrize("kind", CODECS)
def test_every_refusal_is_seen_with_its_reason(kind: str) -> None:
    made = Chat([CODECS[kind]() for _ in range(4)])
    json = kind == "json"
    made.send(1, made.codecs[1].hello("bob"))
    made.send(0, made.codecs[0].hello("bob") + made.codecs[0].hello("<"))
    made.send(0, b'{"type":"start"}\n' if json else b"start\n")
    made.send(0, made.codecs[0].hello("ada"))
    for event in (Lobby(0), Next(0), Block(0), Start(0, tuple("abcdef")), Start(0), Start(0), Start(1), Start(0)):
        made.ask(event)
    made.send(0, b'{"type":"lang","lang":"xx"}\n' if json else b"/lang xx\n")
    made.send(0, b"x" * 5000 + b"\n")
    if json:
        made.send(0, made.codecs[0].hello("ada") + b"{}\n")
    refused = [sighting.reason for sighting in all_heard(made)[0] if isinstance(sighting, SawRefused)]
    assert refused == [
        *("name_taken", "name_unfit", "name_first", "already_in_lobby", "not_private", "not_private"),
        *("too_many_interests", "already_private", "no_such_language", "line_too_long"),
        *(("already_welcome", "not_understood") if json else ()),
    ]


@pytest.mark.parametrize("kind", CODECS)
def test_sentences_without_an_event_are_no_sighting(kind: str) -> None:
    made = chat(kind)
    all_heard(made)[0].clear()
    made._carry(made.gateway.say("You are in private with <bob>.", 0.0))
    made.send(0, b'{"type":"where"}\n{"type":"lang","lang":"fr"}\n' if kind == "json" else b"help\n/where\n/lang fr\n")
    assert all_heard(made)[0] == []


@pytest.mark.parametrize("kind", CODECS)
def test_every_ping_is_answered_once(kind: str) -> None:
    made = chat(kind, limits=Limits(rate=0, registration=0, ping=10, idle=10, pong=5))
    made.wait(100.0)
    assert len(made.gateway) == 1
    assert made.seen[0] == [Welcomed("ada")]
    assert made.codecs[0].pongs() == b""


def test_a_client_that_answers_no_ping_is_disconnected() -> None:
    made = chat("json", "en", "fr", limits=Limits(rate=0, registration=0, ping=10, idle=10, pong=5))
    made._carry(made.gateway.tick(10.0))
    made._carry(made.gateway.tick(15.0))
    assert {sightings[-1] for sightings in all_heard(made).values()} == {SawClosed("idle")}


@pytest.mark.parametrize("reason", [reason for reason in CloseReason if f"closing_{reason}" in set(Message)])
@pytest.mark.parametrize("wording", LANGUAGES.values(), ids=LANGUAGES)
def test_every_goodbye_is_seen_with_its_reason(reason: CloseReason, wording: object) -> None:
    assert wording is ENGLISH or wording is FRENCH
    farewell = TextDialect(wording).closing(reason)
    assert TextCodec().decode(farewell) == JsonCodec().decode(farewell) == [SawClosed(reason.value)]
    assert JsonCodec().decode(JsonDialect(wording).closing(reason)) == [SawClosed(reason.value)]


def test_every_type_of_object_of_the_protocol_is_decoded_or_ignored() -> None:
    codec = JsonCodec()
    empty = dict.fromkeys(("name", "reason", "from", "to", "text", "partner", "by", "cause", "chat"), "")
    for kind in kinds():
        assert len(codec.decode(str({"type": kind, **empty}).replace("'", '"').encode() + b"\r\n")) <= 1
    assert codec.pongs() == b'{"type":"pong"}\n'


SAME_WORDS = {Message.YOU_WENT_TO_LOBBY: Message.YOU_ASKED_NEXT, Message.PARTNER_BLOCKED: Message.PARTNER_ASKED_NEXT}


@pytest.mark.parametrize("wording", LANGUAGES.values(), ids=LANGUAGES)
@pytest.mark.parametrize("message", Message)
def test_every_sentence_is_recognised(message: Message, wording: object) -> None:
    assert wording is ENGLISH or wording is FRENCH
    fields = {"name": "user 12", "pong": 60.0, "interests": 5, "line_limit": 4096, "others": 3, "reason": 0, "text": 0}
    fields["commands"] = "start"
    sentence = wording.sentence(message, **fields).partition("\n")[0]
    found, name = read_sentence(sentence)
    assert found is SAME_WORDS.get(message, message)
    assert name == ("user 12" if "{name}" in wording.sentences[message].partition("\n")[0] else "")


@pytest.mark.parametrize(
    "data",
    [b"HTTP/1.1 400 Bad Request\r\n", b"{}\r\n", b'{"type":"line"}\r\n', b'{"type":[]}\r\n', b"[]\r\n", b"{\r\n"],
)
def test_bytes_outside_the_protocol_are_an_error(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        JsonCodec().decode(data)
    with pytest.raises(ProtocolError):
        TextCodec().decode(data)
