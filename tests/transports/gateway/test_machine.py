"""A stateful test: a gateway with tight limits under input of every kind."""

import json
from collections import Counter
from typing import ClassVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from roulette_core.policies import POLICIES
from tests.support.gateway_fixture import GatewayFixture
from tests.support.story import ADDRESSES, CRAMPED, MEMBERS, NAMES, NETWORKS, OBJECTS, ODD, PAUSES, TYPED, VALUES
from transports.gateway import CloseReason
from transports.gateway.connection_events import Ended, TurnedAway
from transports.limits import Network

THOROUGH = settings.get_profile("ci").max_examples
STEPS = 50
MACHINES = 300
"""More than 10,000 steps together, where Hypothesis runs as thoroughly as in ``ci``."""

people = st.integers(0, CRAMPED.users - 1)
"""An open connection, counted from the oldest."""

lines = st.one_of(
    st.sampled_from(TYPED).map(lambda line: f"{line}\n".encode()),
    st.sampled_from(OBJECTS).map(lambda members: json.dumps(members).encode() + b"\n"),
)

invented = st.dictionaries(st.sampled_from(MEMBERS), st.sampled_from(VALUES)).map(
    lambda members: json.dumps(members).encode() + b"\n"
)

pieces = st.one_of(lines, invented, st.sampled_from(ODD), st.binary(max_size=80))


class Machine(RuleBasedStateMachine):
    """Connections open, send requests, nonsense and floods, idle and close; the operator kicks, bans and speaks."""

    met: ClassVar[Counter[str]] = Counter()

    @initialize(policy=st.sampled_from(list(POLICIES)), language=st.sampled_from(["en", "fr"]))
    def begin(self, policy: str, language: str) -> None:
        self.chat = GatewayFixture(policy, CRAMPED, language)
        self.chat.type(self.chat.connect(), "ada")
        self.chat.type(self.chat.connect(), '{"hello":1,"name":"bob"}')

    def open_connection(self, person: int) -> int:
        """Returns an open connection, or 0 without one."""
        here = sorted(self.chat.open)
        return here[person % len(here)] if here else 0

    @rule(address=st.sampled_from(ADDRESSES))
    def connect(self, address: str) -> None:
        self.chat.connect(address)

    @rule(address=st.sampled_from(ADDRESSES), name=st.sampled_from(NAMES), version=st.sampled_from([0, 0, 1, 1, 2]))
    def enter(self, address: str, name: str, version: int) -> None:
        hello = json.dumps({"hello": version, "name": name}, ensure_ascii=False)
        self.chat.type(self.chat.connect(address), hello if version else name)

    @rule(person=people, line=st.data())
    def ask(self, person: int, line: st.DataObject) -> None:
        number = self.open_connection(person)
        self.chat.type(number, self.words(number, line))

    @rule(person=people, line=st.data())
    def ask_byte_by_byte(self, person: int, line: st.DataObject) -> None:
        number = self.open_connection(person)
        for byte in f"{self.words(number, line)}\n".encode():
            self.chat.send(number, bytes([byte]))

    @rule(line=st.sampled_from(["start", "start", "lobby"]))
    def search_or_not(self, line: str) -> None:
        for number in self.chat.gateway.roulette.users():
            self.say(number, line)

    @rule(text=st.sampled_from(["hello", "next", "/block"]))
    def talk_in_private(self, text: str) -> None:
        for _, number in self.chat.gateway.roulette.pairs():
            self.say(number, text)

    def say(self, number: int, line: str) -> None:
        """Sends a request or a text, in the dialect of the connection."""
        word = line.removeprefix("/")
        members = {"type": word} if word in ("start", "lobby", "next", "block") else {"type": "say", "text": line}
        self.chat.type(number, json.dumps(members) if number in self.chat.programs else line)

    def words(self, number: int, line: st.DataObject) -> str:
        """Returns a request in the dialect of the connection."""
        if number in self.chat.programs:
            return json.dumps(line.draw(st.sampled_from(OBJECTS)))
        return line.draw(st.sampled_from(TYPED))

    @rule(person=people, said=st.lists(pieces, max_size=20))
    def flood(self, person: int, said: list[bytes]) -> None:
        self.chat.send(self.open_connection(person), b"".join(said))

    @rule(person=people, piece=pieces)
    def babble(self, person: int, piece: bytes) -> None:
        self.chat.send(self.open_connection(person), piece)

    @rule(number=st.integers(0, 20), piece=pieces)
    def send_on_though_paused_or_closed(self, number: int, piece: bytes) -> None:
        self.chat.carry(self.chat.gateway.received(number, piece, self.chat.now))

    @rule(person=people)
    def vanish(self, person: int) -> None:
        self.chat.vanish(self.open_connection(person))

    @rule(seconds=st.sampled_from(PAUSES))
    def wait(self, seconds: float) -> None:
        self.chat.wait(seconds)

    @rule(seconds=st.sampled_from([*PAUSES, 86_400.0]))
    def oversleep(self, seconds: float) -> None:
        self.chat.now += seconds

    @rule(order=st.one_of(people, st.sampled_from(NETWORKS), st.text(max_size=100)))
    def operate(self, order: int | Network | str) -> None:
        """Kicks a user, bans a network or ends the ban, or sends a text of the operator."""
        chat = self.chat
        if isinstance(order, str):
            chat.carry(chat.gateway.say(order, chat.now))
        elif not isinstance(order, int):
            (chat.unban if order in chat.banned else chat.ban)(order)
        elif self.open_connection(order) in chat.gateway.roulette:
            chat.carry(chat.gateway.kick(self.open_connection(order), chat.now))

    @invariant()
    def nothing_is_broken(self) -> None:
        self.met["steps"] += 1
        self.chat.check()

    def teardown(self) -> None:
        if hasattr(self, "chat"):
            self.met.update(each.reason for each in self.chat.events if isinstance(each, Ended | TurnedAway))
            self.met.update(effect.kind for _, _, effects in self.chat.journal for effect in effects)
            self.chat.stop()


def test_nothing_breaks_the_gateway() -> None:
    Machine.met.clear()
    examples = max(1, MACHINES * settings().max_examples // THOROUGH)
    run_state_machine_as_test(Machine, settings=settings(max_examples=examples, stateful_step_count=STEPS))
    if examples >= MACHINES:
        assert Machine.met["steps"] >= 10_000
        assert set(CloseReason) - {CloseReason.SLOW, CloseReason.HUNG_UP, CloseReason.STOPPING} <= set(Machine.met)
        assert {"paired", "parted", "private_line", "lobby_line", "returned", "refused"} <= set(Machine.met)
