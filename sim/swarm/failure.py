"""A failure of a run, with the last actions and observations of the clients involved."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from heapq import merge
from typing import NamedTuple

from roulette_core.testing.clients import Account, Arrived, Entry, Gone, RuleBreach, SawLine, describe

LONGEST = 20
"""Maximum number of lines in a story."""


class Failure(NamedTuple):
    """A failure of a run.

    Attributes:
        kind: the name of the invariant, rule or check that is violated.
        detail: what is wrong, in a sentence.
        at: when it was noticed, in virtual seconds.
        story: the last actions and observations of the clients involved, one a line.
    """

    kind: str
    detail: str
    at: float
    story: tuple[str, ...]


def verdict(breach: RuleBreach, accounts: Iterable[Account]) -> Failure:
    """Returns a breach of the judge's rules, found in the accounts of all clients, as a failure."""
    ends: dict[str, int] = {}
    for name, entry in breach.places:
        ends[name] = max(entry, ends.get(name, 0))
    concerned = [account for account in accounts if account.name in ends]
    at = max((account.entries[: ends[account.name] + 1][-1].at for account in concerned), default=0.0)
    return Failure(breach.rule, breach.detail, at, story(concerned, ends))


def without(names: Collection[str], accounts: Iterable[Account]) -> list[Account]:
    """Removes from accounts what clients saw of others, given by name, who were only ever in the lobby."""
    return [
        replace(account, entries=[entry for entry in account.entries if _about(entry.what) not in names])
        for account in accounts
    ]


def _about(what: object) -> str | None:
    """Returns the client that caused an observation, if a client that is only in the lobby can cause it."""
    match what:
        case SawLine(sender=name) | Arrived(name) | Gone(name):
            return name
    return None


def story(accounts: Iterable[Account], ends: Mapping[str, int] | None = None) -> tuple[str, ...]:
    """Returns the end of accounts in lines, merged by time.

    Args:
        accounts: the accounts of all clients.
        ends: name → index of the last entry to show, for the clients involved; by default, all entries of all clients.
    """
    told = [
        [(entry, account.name) for entry in account.entries[: None if ends is None else ends[account.name] + 1]]
        for account in accounts
        if ends is None or account.name in ends
    ]
    together = list(merge(*told, key=lambda one: one[0].at))
    return tuple(_line(entry, name) for entry, name in together[-LONGEST:])


def _line(entry: Entry, name: str) -> str:
    return f"{entry.at:8.3f} s  {name} {describe(entry.what)}"
