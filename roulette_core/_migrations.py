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
        newer = type(number) is int and number > FORMAT
        hint = ": a newer version of roulette_core wrote it" if newer else ""
        raise BadSnapshot(f"the snapshot has format {number!r}{hint}; this version reads 1 to {FORMAT}")
    for step in _STEPS[number - 1 :]:
        data = step(data)
    return data


def _to_2(data: Data) -> Data:
    """Format 1 had no blocks, and ``interests`` did not always note which users had lost patience."""
    memory = data["memory"]
    if _name(data) == "interests" and isinstance(memory, list):
        patience = float(data["policy"].partition("patience=")[2] or 10)
        impatient = [user for user, since in data["pool"] if since + patience <= data["now"]]
        memory = {"latest": memory, "impatient": impatient}
    return {**data, "format": 2, "memory": memory, "blocks": []}


def _to_3(data: Data) -> Data:
    """Format 2 had neither chat numbers nor attributes, and kept a block once for both users.

    It did not say which of the two had made it. If only one of them could take the block back, that could be the one
    who had been blocked: so both have to.
    """
    order = {row[0]: number for number, row in enumerate(data["users"])}
    blocks = [[first, second] for pair in data["blocks"] for first, second in (pair, pair[::-1])]
    return {
        **data,
        "format": 3,
        "left_behind": "searching",
        "users": [[*row, {}] for row in data["users"]],
        "pairs": [[first, second, number] for number, (first, second) in enumerate(data["pairs"], 1)],
        "chats": len(data["pairs"]),
        "blocks": sorted(blocks, key=lambda pair: (order[pair[0]], order[pair[1]])),
        "memory": _partners(_name(data), data["memory"]),
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


def _name(data: Data) -> str:
    """Returns the name of the policy without its parameters."""
    name: str = data["policy"].partition(":")[0]
    return name


_STEPS: tuple[Callable[[Data], Data], ...] = (_to_2, _to_3)
"""The step from format 1 to 2, from 2 to 3, and so on."""
