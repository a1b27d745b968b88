"""Brings snapshots of older formats up to the present one, a format at a time."""

from collections.abc import Callable
from typing import Any

from roulette_core.errors import BadSnapshot

FORMAT = 3

Data = dict[str, Any]


def brought_up(data: Data) -> Data:
    """Returns a snapshot of any known format in the present one; leaves ``data`` as it is.

    Raises:
        BadSnapshot: the format is unknown, or newer.
    """
    number = data["format"]
    if type(number) is not int or not 1 <= number <= FORMAT:
        raise BadSnapshot(f"the snapshot has format {number!r}; this version reads 1 to {FORMAT}")
    for step in _STEPS[number - 1 :]:
        data = step(data)
    return data


def _to_2(data: Data) -> Data:
    """Format 1 had no blocks and no interests."""
    users = [[*row, []] if len(row) == 3 else row for row in data["users"]]
    return {**data, "format": 2, "users": users, "blocks": data.get("blocks", [])}


def _to_3(data: Data) -> Data:
    """Format 2 had neither chat numbers nor attributes; a block was kept once for both users.

    Whoever blocked, only the user named first can take the block back: it is better kept than lost.
    """
    return {
        **data,
        "format": 3,
        "left_behind": "searching",
        "users": [[*row, {}] for row in data["users"]],
        "pairs": [[first, second, number] for number, (first, second) in enumerate(data["pairs"], 1)],
        "chats": len(data["pairs"]),
        "memory": _partners(data["policy"].partition(":")[0], data["memory"]),
    }


def _partners(policy: str, memory: Any) -> Any:
    """Returns the memory of a built-in policy as all of them keep it now: each user's partners, the oldest first."""
    if policy == "interests":
        return {"partners": _latest(memory["latest"]), "impatient": memory["impatient"]}
    if policy == "no-repeat":
        return {"partners": _latest(memory)}
    return {"partners": memory} if policy in ("fresh", "waves") else memory


def _latest(memory: list[list[Any]]) -> list[list[Any]]:
    return [[user, [partner]] for user, partner in memory]


_STEPS: tuple[Callable[[Data], Data], ...] = (_to_2, _to_3)
"""The step from format 1 to 2, from 2 to 3, and so on."""
