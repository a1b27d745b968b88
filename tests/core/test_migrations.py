"""Snapshots of older formats, made by the code that wrote them (``snapshots/make.py``), go on as they did there."""

import json
from pathlib import Path
from typing import Any

import pytest

from roulette_core import BadSnapshot, Reason, Refused, Roulette, Unblock, decode_event

FILES = sorted((Path(__file__).parent / "snapshots").glob("format_*.json"), key=lambda path: path.name)


def read(path: Path) -> Any:
    return json.loads(path.read_text())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_older_snapshot_goes_on_with_the_effects_that_the_old_code_had(path: Path) -> None:
    file = read(path)
    roulette = Roulette.restore(file["snapshot"])
    assert min(roulette.counts().values()) >= 2, "users in all states"
    assert len(file["afterwards"]) == 80
    for line, effects_then in file["afterwards"]:
        effects = [effect._asdict() for effect in roulette.handle(*decode_event(line))]
        assert len(effects) == len(effects_then)
        for effect, then in zip(effects, effects_then, strict=True):
            assert then.items() <= effect.items()  # effects say more today


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_older_snapshot_is_brought_up_with_all_that_it_holds(path: Path) -> None:
    then = read(path)["snapshot"]
    roulette = Roulette.restore(then)
    now = roulette.snapshot()
    assert now["format"] == 3
    for unchanged in ("policy", "now", "deadline", "random", "pool"):
        assert now[unchanged] == then[unchanged]
    assert [user[:4] for user in now["users"]] == then["users"]
    assert [pair[:2] for pair in now["pairs"]] == then["pairs"]
    assert sorted(chat for *_, chat in now["pairs"]) == list(range(1, now["chats"] + 1))
    assert {frozenset(pair) for pair in now["blocks"]} == {frozenset(pair) for pair in then.get("blocks", ())}
    assert Roulette.restore(json.loads(json.dumps(now))).snapshot() == now


def test_of_two_kept_apart_by_format_2_neither_takes_the_block_back_alone() -> None:
    roulette = Roulette.restore(read(FILES[0].with_name("format_2_uniform.json"))["snapshot"])
    first, second = roulette.snapshot()["blocks"][0]
    assert roulette.handle(Unblock(first, second), roulette.now)[0].kind == "unblocked"
    assert roulette.policy.blocks.between(first, second)
    assert roulette.handle(Unblock(first, second), roulette.now) == (Refused(first, Reason.NOT_BLOCKED),)
    roulette.handle(Unblock(second, first), roulette.now)
    assert not roulette.policy.blocks.between(first, second)


def test_who_had_lost_patience_is_worked_out_where_format_1_did_not_say() -> None:
    bare, noted = (
        read(FILES[0].with_name(f"format_1_{name}.json"))["snapshot"] for name in ("interests", "later_interests")
    )
    assert isinstance(bare["memory"], list)
    assert noted["memory"]["impatient"] == Roulette.restore(bare).snapshot()["memory"]["impatient"] != []


@pytest.mark.parametrize("number", [4, 99, 10**30])
def test_a_newer_format_is_named_as_such(number: int) -> None:
    expected = (
        f"^the snapshot has format {number}: a newer version of roulette_core wrote it; this version reads 1 to 3$"
    )
    with pytest.raises(BadSnapshot, match=expected):
        Roulette.restore({"format": number})


@pytest.mark.parametrize("number", [0, -1, None, "3", 3.0, True, [3]])
def test_what_is_no_format_is_named(number: Any) -> None:
    with pytest.raises(BadSnapshot) as caught:
        Roulette.restore({**Roulette().snapshot(), "format": number})
    assert str(caught.value) == f"the snapshot has format {number!r}; this version reads 1 to 3"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_older_snapshot_with_a_field_missing_is_refused(path: Path) -> None:
    whole = read(path)["snapshot"]
    for field in whole:
        with pytest.raises(BadSnapshot):
            Roulette.restore({key: value for key, value in whole.items() if key != field})
