"""Random stories: clients connect, meet, talk, leave and vanish, and a judge compares what they all saw."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from roulette_core import Block, Event, Leave, Lobby, Next, Say, Start, User
from roulette_core.testing.clients import judge
from transports.protocol import JsonCodec, TextCodec
from transports.testing.judged_client import JudgedClient
from transports.testing.running import RunningTransport
from transports.testing.under_test import TransportUnderTest

STORIES = 8
"""How many stories are played."""

ACTIONS = 120
"""How many actions the longest has."""

CLIENTS = 6
"""How many clients are connected at once."""

REQUESTS: Sequence[Callable[[User], Event]] = (Start, Start, Start, Next, Lobby, Block)


class Action(NamedTuple):
    """One action of one client."""

    kind: str  # one of KINDS
    client: int  # which of the connected clients, modulo their number
    detail: int  # chooses the request, the dialect, or where its bytes are cut


KINDS = ("connect", "connect", *["ask"] * 8, *["say"] * 8, "read", "read", "leave", "vanish", "reset")

ACTION = st.builds(Action, st.sampled_from(KINDS), st.integers(0, CLIENTS - 1), st.integers(0, 30))


class Story:
    """Plays actions on a running transport, with connections that are closed where they cannot be reset."""

    def __init__(self, transport: RunningTransport, resets: bool) -> None:
        self.clients: list[JudgedClient] = []  # all that ever connected
        self._transport = transport
        self._resets = resets
        self._present: list[JudgedClient] = []
        self._said = 0

    def play(self, action: Action) -> None:
        """Plays one action; the first client has to connect before anything else."""
        if action.kind == "connect" or not self._present:
            self._connect(action.detail)
            return
        client = self._present[action.client % len(self._present)]
        name = client.account.name
        match action.kind:
            case "ask":
                client.ask(REQUESTS[action.detail % len(REQUESTS)](name), cut=action.detail)
            case "say":
                self._said += 1
                client.ask(Say(name, f"word {self._said} é"), cut=action.detail)
            case "read":
                client.settle()
            case "leave":
                self._present.remove(client)
                client.ask(Leave(name), cut=action.detail)
                client.read_to_eof()
            case _:
                self._present.remove(client)
                client.vanish(self._resets and action.kind == "reset")

    def end(self) -> None:
        """Reads the rest: the first round has every request handled, the second reads what came of them all."""
        for _ in range(2):
            for client in self._present:
                client.settle()

    def _connect(self, detail: int) -> None:
        if len(self._present) < CLIENTS:
            codec = TextCodec(("en", "fr")[detail // 2 % 2]) if detail % 2 else JsonCodec()
            client = JudgedClient(self._transport.connect(), codec, f"client {len(self.clients)}")
            self.clients.append(client)
            self._present.append(client)


class TransportCampaign(TransportUnderTest):
    """Whatever the clients do, in whatever order: what they saw, taken together, is what a sound server shows."""

    @settings(
        max_examples=STORIES,
        deadline=None,
        database=None,
        phases=[Phase.generate],  # a fault on a network seldom repeats itself, so neither replay nor shrink it
        suppress_health_check=list(HealthCheck),
    )
    @given(
        policy=st.sampled_from(["no-repeat", "uniform", "fresh"]),
        actions=st.lists(ACTION, min_size=ACTIONS // 2, max_size=ACTIONS),
    )
    def test_the_accounts_of_all_clients_of_a_random_story_agree(self, policy: str, actions: list[Action]) -> None:
        """The judge knows nothing but the accounts of all clients; every byte is compared as in every other test."""
        with self.running(policy) as transport:
            story = Story(transport, self.reset)
            for action in actions:
                story.play(action)
            story.end()
        verdicts = judge(client.account for client in story.clients)
        assert verdicts.ok, "\n".join(f"{breach.rule}: {breach.detail}" for breach in verdicts.breaches)
