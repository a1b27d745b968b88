"""The client's side of the protocol: against a real gateway, and against servers that mean harm."""

import json
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import transports.protocol.objects
from roulette_core import State, harmless
from tests.support.gateway_fixture import GatewayFixture
from transports.client.conversation import INCOMING_LIMIT, Conversation, NotSent
from transports.client.display import DisplayLine, Kind
from transports.client.hearing import _HEARD, RETRIES
from transports.client.presence import Place
from transports.client.terminal.header import header, passing
from transports.dialects.commands import COMMANDS, Request


def told(**members: object) -> bytes:
    """An object as the server sends it."""
    return json.dumps(members).encode() + b"\r\n"


WELCOME = told(type="welcome", name="ada", version=1, line_limit=4096, text="Welcome, <ada>.")
LOBBY = told(type="situation", state="lobby", others=2, text="You are in the lobby.")
SEARCHING = told(
    type="situation",
    state="searching",
    reason="alone",
    explanation="no user to meet",
    waited=12.0,
    text="Wait.",
)
PRIVATE = told(type="situation", state="private", chat=1, partner="bob", text="Only <bob> sees what you type.")


def sent(conversation: Conversation) -> list[dict]:
    return [json.loads(line) for line in conversation.take().splitlines()]


def welcomed(*further: bytes, now: float = 0.0) -> Conversation:
    conversation = Conversation("ada")
    conversation.connected(now)
    conversation.received(b"* Welcome to ChatRoulette.\r\n" + WELCOME + LOBBY + b"".join(further), now)
    conversation.take()
    return conversation


# What an honest server sends, and what becomes of it.


def test_hello_is_said_with_name_and_language():
    conversation = Conversation("ada", "fr")
    conversation.connected(0.0)
    assert sent(conversation) == [{"hello": 1, "name": "ada", "lang": "fr"}]
    assert conversation.presence.place is Place.CONNECTING


def test_without_a_name_nothing_is_said_until_there_is_one():
    conversation = Conversation()
    conversation.connected(0.0)
    assert sent(conversation) == []
    conversation.introduce("ada")
    assert sent(conversation) == [{"hello": 1, "name": "ada", "lang": "en"}]


def test_the_greeting_in_text_is_skipped():
    conversation = Conversation("ada")
    conversation.connected(0.0)
    assert conversation.received(b"* Welcome to ChatRoulette. Type your pseudonym.\r\n", 0.0) == []
    assert conversation.received(WELCOME, 0.0) == [DisplayLine(Kind.SERVER, "Welcome, <ada>.")]


def test_the_name_is_the_one_that_the_server_made_of_it():
    conversation = Conversation("  A  da ")
    conversation.connected(0.0)
    conversation.received(told(type="welcome", name="A da", text="Welcome."), 0.0)
    assert conversation.presence.name == "A da"


def test_a_server_that_turns_the_client_away_is_heard_to_the_end():
    conversation = Conversation("ada")
    conversation.connected(0.0)
    conversation.received(b"* The server is full.\r\n", 0.0)
    assert conversation.disconnected(0.0) == [DisplayLine(Kind.SERVER, "The server is full.")]


def test_after_a_registration_timeout_the_farewell_is_shown_without_the_greeting():
    conversation = Conversation()
    conversation.connected(0.0)
    conversation.received(b"* Welcome. Type your pseudonym.\r\n* You did not choose a pseudonym in time.\r\n", 0.0)
    assert conversation.disconnected(60.0) == [DisplayLine(Kind.SERVER, "You did not choose a pseudonym in time.")]


def test_a_refused_name_is_asked_for_again():
    conversation = Conversation("root")
    conversation.connected(0.0)
    shown = conversation.received(told(type="refused", reason="name_unfit", text="That cannot be.\nAnother."), 0.0)
    assert shown == [DisplayLine(Kind.SERVER, "That cannot be."), DisplayLine(Kind.SERVER, "Another.")]
    assert conversation.presence.name is None
    assert conversation.presence.refusal == "That cannot be. Another."
    conversation.introduce("ada")
    conversation.received(WELCOME, 0.0)
    assert conversation.presence.joined
    assert conversation.presence.refusal == ""


def test_the_users_own_name_may_be_taken_for_a_while_after_a_lost_connection():
    conversation = welcomed()
    for attempt in range(1, RETRIES + 1):
        conversation.disconnected(0.0)
        conversation.connected(0.0)
        (shown,) = conversation.received(told(type="refused", reason="name_taken", text="Taken. Type another."), 0.0)
        assert shown.kind is Kind.CLIENT
        assert conversation.presence.name == "ada"
        assert conversation.presence.retries == attempt
    conversation.connected(0.0)
    (shown,) = conversation.received(told(type="refused", reason="name_taken", text="Taken. Type another."), 0.0)
    assert shown.text == "Taken. Type another."
    assert conversation.presence.name is None


def test_the_header_says_name_place_duration_and_explanation():
    conversation = welcomed()
    assert header(conversation.presence, 5.0) == "ada · in the lobby · others here: 2"
    conversation.received(SEARCHING, 20.0)
    assert header(conversation.presence, 80.0) == "ada · searching 1:12 · no user to meet"
    conversation.received(PRIVATE, 100.0)
    assert header(conversation.presence, 100.0 + 3661) == "ada · in private with <bob> 1:01:01"
    conversation.disconnected(200.0)
    assert header(conversation.presence, 207.0) == "ada · not connected 0:07"


def test_the_partner_is_shown_as_typing_until_the_line_a_timeout_or_the_end():
    conversation = welcomed(PRIVATE)
    for end in (told(type="line", **{"from": "bob", "to": "private", "text": "hi"}), told(type="parted"), SEARCHING):
        conversation.received(PRIVATE + told(type="typing"), 10.0)
        assert passing(conversation.presence, 11.0) == "<bob> is typing"
        conversation.received(end, 11.0)
        assert passing(conversation.presence, 11.0) == ""
    conversation.received(PRIVATE + told(type="typing"), 10.0)
    assert passing(conversation.presence, 16.0) == ""


def test_a_ping_is_answered():
    conversation = welcomed(told(type="ping"))
    conversation.received(told(type="ping"), 0.0)
    assert sent(conversation) == [{"type": "pong"}]


def test_typing_is_reported_in_private_at_most_every_three_seconds():
    conversation = welcomed()
    conversation.typing(0.0)
    assert sent(conversation) == []
    conversation.received(PRIVATE, 0.0)
    for tenths in range(70):
        conversation.typing(tenths / 10)
    assert sent(conversation) == [{"type": "typing", "chat": 1}] * 3


def test_where_is_asked_periodically_and_shown_only_on_request():
    conversation = welcomed(SEARCHING)
    for second in range(10):
        conversation.ask_where(float(second))
    assert sent(conversation) == [{"type": "where"}] * 3
    assert [line.kind for line in conversation.received(SEARCHING, 10.0)] == [Kind.SITUATION]
    conversation.obey(Request(COMMANDS["where"]))
    assert [line.kind for line in conversation.received(SEARCHING, 10.0)] == [Kind.SERVER]


def test_the_users_own_line_is_shown_with_its_place_once_the_server_has_said_it():
    conversation = welcomed()
    assert conversation.obey(Request(COMMANDS["say"], "hi")) == []
    conversation.received(PRIVATE, 0.0)
    conversation.obey(Request(COMMANDS["say"], "psst"))
    assert sent(conversation) == [
        {"type": "say", "text": "hi", "chat": 0, "tag": 1},
        {"type": "say", "text": "psst", "chat": 1, "tag": 2},
    ]
    said = told(type="said", tag=1, chat=0) + told(type="said", tag=2, chat=1) + told(type="said", tag=2, chat=1)
    assert conversation.received(said, 0.0) == [
        DisplayLine(Kind.OWN, "hi", "ada", "lobby"),
        DisplayLine(Kind.OWN, "psst", "ada", "<bob>"),
    ]


def test_a_line_that_the_server_refused_is_shown_as_not_sent_and_given_back():
    conversation = welcomed(PRIVATE)
    conversation.obey(Request(COMMANDS["say"], "psst"))
    (shown,) = conversation.received(told(type="refused", reason="chat_over", chat=1, unsent="psst", tag=1), 0.0)
    assert shown == DisplayLine(Kind.CLIENT, "Not sent, <bob> had left: psst")
    assert [line.text for line in conversation.given_back] == ["psst"]


def test_a_line_that_was_never_answered_is_perhaps_not_sent():
    conversation = welcomed()
    conversation.obey(Request(COMMANDS["say"], "hi"))
    *_, shown = conversation.disconnected(1.0)
    assert shown == DisplayLine(Kind.CLIENT, "Perhaps not sent, the connection was lost: hi")
    conversation.connected(2.0)
    assert len(conversation.disconnected(3.0)) == 0


def test_commands_become_objects():
    conversation = welcomed()
    conversation.obey(Request(COMMANDS["start"], interests=("chess", "music")))
    conversation.obey(Request(COMMANDS["lang"], language="fr"))
    conversation.obey(Request(COMMANDS["block"]))
    assert sent(conversation) == [
        {"type": "start", "interests": ["chess", "music"]},
        {"type": "lang", "lang": "fr"},
        {"type": "block"},
    ]


def test_what_is_longer_than_the_server_takes_is_not_sent():
    conversation = welcomed()
    longest = 4096 - len('{"type":"say","text":"","chat":0,"tag":1}')
    conversation.obey(Request(COMMANDS["say"], "x" * longest))
    assert len(conversation.take()) == 4096 + len("\n")
    with pytest.raises(NotSent, match="4096 bytes"):
        conversation.obey(Request(COMMANDS["say"], "x" * (longest + 1)))
    assert conversation.take() == b""


def test_without_a_connection_nothing_is_sent_but_help_is_there():
    conversation = welcomed()
    conversation.disconnected(1.0)
    with pytest.raises(NotSent, match="not connected"):
        conversation.obey(Request(COMMANDS["say"], "hi"))
    assert conversation.obey(Request(COMMANDS["help"]))
    conversation.leave()
    assert conversation.take() == b""


def test_the_language_can_be_changed_and_outlives_the_connection():
    conversation = welcomed(told(type="language", lang="fr", text="Le serveur vous répond désormais en français."))
    assert header(conversation.presence, 0.0) == "ada · dans le salon · autres personnes : 2"
    conversation.disconnected(0.0)
    conversation.connected(0.0)
    assert sent(conversation)[0]["lang"] == "fr"


@pytest.mark.parametrize("reason", ["asked", "banned", "kicked", "version"])
def test_some_closing_reasons_are_final(reason):
    assert welcomed(told(type="closing", reason=reason, text="Bye.")).presence.over


@pytest.mark.parametrize("reason", ["stopping", "full", "too_many_connections", "no_name", "idle", "garbage", "new"])
def test_other_closing_reasons_are_not_final(reason):
    assert not welcomed(told(type="closing", reason=reason, text="Bye.")).presence.over


# Against the real gateway.

Ask = tuple[int, Request]
ASKS = st.sampled_from(
    [Request(COMMANDS[word]) for word in ("start", "start", "next", "lobby", "block", "where", "say")]
)


def carry(chat: GatewayFixture, conversations: dict[int, Conversation]) -> None:
    """Carries bytes both ways until none are left."""
    while sum(_carry_one(chat, *each) for each in conversations.items()):
        pass


def _carry_one(chat: GatewayFixture, number: int, conversation: Conversation) -> bool:
    heard, chat.heard[number] = chat.heard[number], b""
    conversation.received(heard, chat.now)
    asked = conversation.take()
    if asked:
        chat.send(number, asked)
    return bool(heard or asked)


PLACES = {State.LOBBY: Place.LOBBY, State.SEARCHING: Place.SEARCHING, State.PRIVATE: Place.PRIVATE}


@given(st.lists(st.tuples(st.integers(1, 3), ASKS), max_size=30), st.sampled_from(["v1", "v2"]))
def test_the_client_always_knows_the_state_that_the_server_has(asks: list[Ask], policy: str):
    chat = GatewayFixture(policy)
    conversations = {chat.connect(): Conversation(name) for name in ("ada", "bob", "carol")}
    for conversation in conversations.values():
        conversation.connected(chat.now)
    carry(chat, conversations)
    for number, request in asks:
        chat.now += 1
        conversations[number].obey(request)
        carry(chat, conversations)
        for user, conversation in conversations.items():
            roulette, presence = chat.gateway.roulette, conversation.presence
            partner = roulette.partner(user)
            assert presence.place == PLACES[roulette.state(user)]
            assert presence.partner == ("" if partner is None else roulette.name(partner))


# Servers that mean harm.

NASTY = st.text(alphabet=st.characters() | st.sampled_from("\x1b\n\r\x00\u202e\u200b\ud800<>*[]/"), max_size=40)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | NASTY
    | st.sampled_from(["lobby", "searching", "private"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NASTY, inner, max_size=3),
    max_leaves=5,
)
MEMBERS = ("name", "from", "to", "text", "state", "partner", "explanation", "waited", "others", "reason", "lang")
OBJECTS = st.builds(
    lambda kind, members: json.dumps({"type": kind, **members}).encode() + b"\n",
    st.sampled_from([*_HEARD, "ping", "hello", ""]) | VALUES,
    st.dictionaries(st.sampled_from([*MEMBERS, "line_limit"]), VALUES),
)
STREAMS = st.lists(OBJECTS | st.binary(max_size=60) | st.just(b"\n"), max_size=12).map(b"".join)


def assert_harmless(stream: bytes) -> None:
    conversation = Conversation("ada")
    conversation.connected(0.0)
    shown = [*conversation.received(stream, 1.0), *conversation.disconnected(2.0)]
    texts = [text for line in shown for text in (line.text, line.name, line.plain())]
    texts += [header(conversation.presence, 3.0), passing(conversation.presence, 3.0)]
    assert [text for text in texts if harmless.line(text) != text] == []


@given(STREAMS)
def test_nothing_from_a_server_can_break_the_client_or_a_terminal(stream: bytes):
    assert_harmless(stream)


@pytest.mark.parametrize(
    "members",
    [
        {"type": "line", "from": "\x1b[2J", "text": "hi"},
        {"type": "line", "from": "bob", "text": "\x1b[2J"},
        {"type": "notice", "text": "\x1b[2J"},
    ],
)
def test_a_client_that_trusts_its_server_is_found_out(members: dict[str, str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(transports.protocol.objects, "harmless", SimpleNamespace(line=str))
    with pytest.raises(AssertionError):
        assert_harmless(told(**members))


@given(STREAMS, st.data())
def test_it_makes_no_difference_how_bytes_are_cut(stream: bytes, data: st.DataObject):
    whole, cut = Conversation("ada"), Conversation("ada")
    for conversation in (whole, cut):
        conversation.connected(0.0)
    middle = data.draw(st.integers(0, len(stream)))
    shown = cut.received(stream[:middle], 1.0) + cut.received(stream[middle:], 1.0)
    assert shown == whole.received(stream, 1.0)
    assert cut.presence == whole.presence
    assert cut.take() == whole.take()


@pytest.mark.parametrize(
    "line",
    [
        b"[" * 60_000,
        b'{"type":' * 5_000,
        b'{"type":"situation","state":"searching","waited":1e999}',
        b'{"type":"situation","state":"searching","waited":NaN}',
        b'{"type":"situation","state":"lobby","others":' + b"9" * 5000 + b"}",
        b'{"type":"welcome","name":"ada","line_limit":true}',
        b'"type"',
        b"\xff\xfe",
    ],
)
def test_json_made_to_break_its_reader_does_not(line: bytes):
    conversation = welcomed()
    conversation.received(line + b"\n", 0.0)
    assert conversation.received(LOBBY, 0.0)


def test_a_line_without_an_end_takes_no_memory():
    conversation = welcomed()
    for _ in range(4):
        assert conversation.received(b"x" * INCOMING_LIMIT, 0.0) == []
    assert conversation.received(b"\n" + told(type="notice", text="still here"), 0.0)


def test_the_users_own_name_is_not_trusted_either():
    assert header(Conversation("a\x1b[2Jda").presence, 0.0).startswith("a\ufffd[2Jda · ")


def test_a_name_cannot_fill_the_screen():
    conversation = welcomed(told(type="situation", state="private", partner="x" * 5000))
    assert len(header(conversation.presence, 0.0)) < 100


def test_a_long_text_of_the_server_is_cut():
    (*shown,) = welcomed().received(told(type="notice", text="line\n" * 1000), 0.0)
    assert len(shown) == transports.protocol.objects.SENTENCES_LIMIT
