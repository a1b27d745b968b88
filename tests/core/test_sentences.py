"""Every sentence of the core: the caller's mistakes, and why a user is still waiting."""

import os
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from math import nan
from pathlib import Path
from typing import Any, TypeAlias

from roulette_core import Block, Join, Leave, Lobby, Next, Roulette, RouletteError, Say, Start, State, Tick, make_policy
from roulette_core.recording import decode_event, decode_header
from tests.core.custom import Broken, Patient
from tests.core.scenarios import join_all, start_all

GOLDEN = Path(__file__).with_name("sentences.golden.txt")

Mistakes: TypeAlias = Iterable[Callable[[], object]]


def searching(policy: str, users: str = "ab") -> Roulette:
    """Users who began to search one after another, at time 1."""
    roulette = Roulette(policy)
    join_all(roulette, users)
    start_all(roulette, users, 1.0)
    return roulette


def of_the_caller() -> Mistakes:
    roulette = searching("no-repeat", "abc")
    roulette.handle(Leave("c"), 2.0)
    strangers = [Leave("c"), Say("c", "hello"), Start("ghost"), Join("d", "dora", ("ghost",))]
    nonsense: list[Any] = [Join("a", "ada"), Join("d", "dora", "ghost"), Start("a", "chess"), "hello"]  # type: ignore[arg-type]
    yield from (partial(roulette.handle, event, 2.0) for event in (*strangers, *nonsense))
    yield from (partial(roulette.handle, Tick(), now) for now in (1.75, -1.0, nan, 2.0**53))
    yield from (partial(question, "c") for question in (roulette.name, roulette.partner, roulette.explain))
    yield partial(Roulette, 3)  # type: ignore[arg-type]


def of_policies() -> Mistakes:
    yield partial(drawn_by, draws=[("a", "a")])
    yield partial(drawn_by, draws=[("a", "ghost")])
    yield partial(drawn_by, due=1.0)


def drawn_by(**orders: Any) -> None:
    """A policy that does as it is told, once two are waiting."""
    policy = Broken()
    roulette = Roulette(policy)
    join_all(roulette, "ab")
    start_all(roulette, "a", 0.5)
    vars(policy).update(orders)
    start_all(roulette, "b", 1.0)


SPECIFICATIONS = [
    *("nonsense", "no-repeat:minimum=3", "fresh:depth=3"),
    *("uniform:minimum=1", "uniform:minimum=many", "uniform:minimum=3,minimum=4"),
    *("fresh:memory=0", "fresh:memory=1001", "fresh:patience=0", "waves:every=0", "interests:patience=-1"),
    *(f"tests.core.custom:{name}" for name in ("NoSuchPolicy", "Unfinished", "Needy")),
]


def of_snapshots() -> Mistakes:
    data = searching("no-repeat", "a").snapshot()
    spoilt: list[dict[str, Any]] = [
        *({"format": 99}, {"deadline": 0.5}, {"memory": None}, {"blocks": [["a", "a"]]}, {"blocks": [["a", "b"]]}),
        *({"pool": []}, {"pool": [["a", 99.0]]}, {"users": [*data["users"], *data["users"]]}),
        *({"users": [["a", 7, "LOBBY", [], {}]]}, {"users": [[1.5, "ada", "LOBBY", [], {}]]}),
        *({"users": [["a", "ada", "LOBBY", "chess", {}]]}, {"users": [["a", "ada", "OUTSIDE", [], {}]]}),
    ]
    yield from (partial(Roulette.restore, data | change) for change in spoilt)
    yield partial(Roulette.restore, data, make_policy("v2"))
    yield partial(Roulette.restore, {})


def of_recordings() -> Mistakes:
    headers = ["not JSON", "[]", '{"recording": 2}', '{"recording": 1, "policy": "v1", "seed": 0.5}']
    no_times = ['{"kind": "tick"}', '{"now": 9007199254740992, "kind": "tick"}']
    no_events = ['{"now": 1, "kind": "dance"}', '{"now": 1, "kind": "next", "user": 1.5}', '{"now": 1, "kind": "next"}']
    yield from (partial(decode_header, line) for line in headers)
    yield from (partial(decode_event, line) for line in ("{", "7", *no_times, *no_events))


def complaint(mistake: Callable[[], object]) -> str:
    try:
        mistake()
    except RouletteError as error:
        return f"{type(error).__name__}: {error}"
    raise AssertionError("this was no mistake")


def waiting() -> Iterator[Roulette]:
    """Yields roulettes in which a user waits, one for each reason."""
    yield from (searching(policy, "a") for policy in ("no-repeat", "uniform", "fresh", "waves", "interests"))
    yield from (searching(policy) for policy in ("uniform", "waves"))
    for policy in ("no-repeat", "fresh", "interests"):
        for parting in (Next("a"), Block("a")):
            roulette = searching(policy)
            roulette.handle(parting, 2.0)
            yield roulette
    yield latest_or_blocked()
    yield from (particular(now) for now in (5.0, 10.5, 11.0))
    yield undrawn()


def latest_or_blocked() -> Roulette:
    """All three wait: a and b keep c apart from themselves, and have just left each other."""
    roulette = searching("no-repeat")
    roulette.handle(Join("c", "cleo", blocked=("a", "b")), 1.0)
    start_all(roulette, "c", 1.0)
    roulette.handle(Next("a"), 2.0)
    return roulette


def particular(now: float) -> Roulette:
    """One has wanted to talk about chess since 1 s, one about go since 5 s, for ten seconds each."""
    roulette = Roulette("interests:patience=10")
    join_all(roulette, "ab")
    roulette.handle(Start("a", ("chess",)), 1.0)
    roulette.handle(Start("b", ("go",)), 5.0)
    roulette.handle(Tick(), now)
    return roulette


def undrawn() -> Roulette:
    """The policy is one's own, and explains nothing."""
    roulette = Roulette(Patient(least=3))
    join_all(roulette, "ab")
    start_all(roulette, "ab")
    return roulette


def reasons() -> Iterator[str]:
    for roulette in waiting():
        for user in roulette.users(State.SEARCHING):
            code, text, figures, _ = roulette.explain(user)
            yield f"{roulette.policy.specification}, to {user}: {code}: {text}" + (f" {figures}" if figures else "")


def sentences() -> str:
    mistakes: dict[str, Mistakes] = {
        "What a caller does wrong": of_the_caller(),
        "What a policy does wrong": of_policies(),
        "Specifications": [partial(make_policy, specification) for specification in SPECIFICATIONS],
        "Snapshots": of_snapshots(),
        "Recordings": of_recordings(),
    }
    groups = {title: [complaint(mistake) for mistake in group] for title, group in mistakes.items()}
    groups["Why a user waits"] = list(reasons())
    return "\n".join(f"# {title}\n" + "".join(f"{line}\n" for line in lines) for title, lines in groups.items())


def test_every_sentence_reads_as_it_did() -> None:
    """After a wanted change, let it be written anew: ``WRITE_GOLDEN=1 pytest tests/core/test_sentences.py``."""
    text = sentences()
    if os.environ.get("WRITE_GOLDEN"):
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")


def test_a_user_in_the_lobby_is_told_that_they_are_not_waiting() -> None:
    roulette = searching("no-repeat", "a")
    roulette.handle(Lobby("a"), 2.0)
    assert roulette.explain("a") == ("not_searching", "not waiting for a partner", (), None)
