"""What went wrong in a run, told with the end of what those concerned did and saw."""

from collections.abc import Collection, Iterable, Mapping
from heapq import merge
from typing import NamedTuple

from roulette_core.testing.clients import Account, Arrived, Entry, Gone, RuleBreach, SawLine, describe

LONGEST = 20
"""How many entries of accounts a story has at most."""


class Failure(NamedTuple):
    """What went wrong.

    Attributes:
        kind: the name of what is broken, the same however it shows: an invariant, a rule of the judge, a demand.
        detail: what is wrong, in a sentence.
        at: when that was noticed, in virtual seconds.
        story: what those concerned did and saw last, a line for each.
    """

    kind: str
    detail: str
    at: float
    story: tuple[str, ...]


def verdict(breach: RuleBreach, accounts: Iterable[Account]) -> Failure:
    """A breach of the judge's rules as a failure.

    Args:
        breach: what the judge found.
        accounts: where it was found.
    """
    ends: dict[str, int] = {}
    for name, entry in breach.places:
        ends[name] = max(entry, ends.get(name, 0))
    concerned = [account for account in accounts if account.name in ends]
    at = max((account.entries[: ends[account.name] + 1][-1].at for account in concerned), default=0.0)
    return Failure(breach.rule, breach.detail, at, story(concerned, ends))


def without(names: Collection[str], accounts: Iterable[Account]) -> list[Account]:
    """Accounts as if somebody had never been there who has said something in the lobby, and nothing else.

    Args:
        names: theirs.
        accounts: of all others.
    """
    return [
        Account(account.name, [entry for entry in account.entries if _about(entry.what) not in names], account.cut)
        for account in accounts
    ]


def _about(what: object) -> str | None:
    """Whom a sighting is about that whoever is only in the lobby can have caused."""
    match what:
        case SawLine(sender=name) | Arrived(name) | Gone(name):
            return name
    return None


def story(accounts: Iterable[Account], ends: Mapping[str, int] | None = None) -> tuple[str, ...]:
    """Tells the end of accounts, merged by time.

    Args:
        accounts: of all clients.
        ends: name → the number of the last entry to be told, of those concerned; by default everybody's last.
    """
    told = [
        [(entry, account.name) for entry in account.entries[: None if ends is None else ends[account.name] + 1]]
        for account in accounts
        if ends is None or account.name in ends
    ]
    together = list(merge(*told, key=_when))
    return tuple(_line(entry, name) for entry, name in together[-LONGEST:])


def _when(told: tuple[Entry, str]) -> float:
    return told[0].at


def _line(entry: Entry, name: str) -> str:
    return f"{entry.at:8.3f} s  {name} {describe(entry.what)}"
