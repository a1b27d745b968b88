"""Random sessions on the core as rows, rows damaged in one place, and what the reference ``Checker`` says of rows.

A checker reads events and effects. Where rows leave open what was asked, a request is made up that fits them; so are
names and the numbers of chats.
"""

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any, NamedTuple

from roulette_core import (
    Block,
    Blocked,
    BulkLeave,
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
    Reason,
    Refused,
    Returned,
    Roulette,
    RouletteError,
    Say,
    Searching,
    Start,
    Tick,
    Unblock,
    Unblocked,
)
from roulette_core.testing import Checker
from sim.rows import EffectRows, Kept, Rows, codes

USERS = 7
INTERESTS: list[tuple[str, ...]] = [(), ("films", "music"), ("games",), ("music",), ("games", "films")]
"""The interests of users of each kind."""

POLICIES = [
    "no-repeat",
    "uniform:minimum=2",
    "uniform",
    "fresh:memory=1,patience=7",
    "fresh:memory=3,patience=20",
    "waves:every=4",
    "interests:patience=6",
    "interests:patience=20",
]

Row = tuple[int, int, int]
"""The kind of a row, and its users."""


class Happened(NamedTuple):
    """An event, by its rows."""

    time: float
    rows: list[Row]


Journal = list[Happened]


def kind_of(user: int) -> int:
    """Returns the kind of a user of a session."""
    return user % len(INTERESTS)


def played(policy: str, story: Sequence[tuple[float, Event]]) -> Journal:
    """Returns the rows of a story on the core; what breaks the caller's contract is left out."""
    kept = Kept()
    rows, roulette = Rows([kept], 64), Roulette(policy, seed=3)
    writer = EffectRows(rows, kind_of)
    for now, event in story:
        try:
            effects = roulette.handle(event, now)
        except RouletteError:
            continue
        writer.observe(now, event, effects)
    rows.flush()
    journal: Journal = []
    begin = True
    for time, code, first, second in zip(*(column.tolist() for column in kept.columns()), strict=True):
        if begin:
            journal.append(Happened(time, []))
        journal[-1].rows.append((code & codes.KIND, first, second))
        begin = bool(code & codes.LAST)
    return journal


def story(seed: int, events: int, users: int = USERS) -> Iterator[tuple[float, Event]]:
    """Yields a random session: users join, leave and come back, search, talk, block and take blocks back."""
    chance, now = Random(seed), 0.0
    for user in range(users):
        yield now, Join(user, f"user-{user}")
        yield now, Start(user, INTERESTS[kind_of(user)])
    blocks = [(0, 1)]
    for _ in range(events):
        now += chance.choice([0.0, 0.25, 0.25, 1.0, 1.0, 3.0, 8.0])
        user, other = chance.sample(range(users), 2)
        place: Any = chance.choice([None, None, None, "searching", "lobby"])
        start = Start(user, INTERESTS[kind_of(user)])
        several = [
            [start, Start(other, INTERESTS[kind_of(other)])],
            [start],
            [Next(user, None, place)],
            [Next(user)],
            [Block(user, None, None, place)],
            [Block(user, other)],
            [Unblock(*chance.choice(blocks))],
            [Lobby(user, place)],
            [Say(user, "hello")],
            [Leave(user, place), Join(user, f"user-{user}")],
            [Join(user, f"user-{user}"), start],
            [BulkLeave(tuple(chance.sample(range(users), 2)), place)],
            [Tick()],
        ]
        weights = [6, 6, 6, 6, 2, 2, 3, 2, 2, 2, 4, 1, 1]
        for event in chance.choices(several, weights)[0]:
            if isinstance(event, Block) and event.other is not None:
                blocks = [*blocks[-3:], (user, other)]
            yield now, event


def watched(watcher: Any, journal: Journal, size: int = 64) -> int:
    """Returns the first event of a journal that a watcher does not find plainly sound; −1 if there is none."""
    rows = Rows([watcher], size)
    for time, happened in journal:
        for number, (kind, first, second) in enumerate(happened, start=1):
            rows.add(time, kind + (codes.LAST if number == len(happened) else 0), first, second)
    rows.flush()
    return int(watcher.unsound)


def judged(policy: str, journal: Journal) -> int:
    """Returns the first event that the reference checker finds wrong; −1 if there is none."""
    checker, chats = Checker(policy), dict[int, int]()
    for number, (time, happened) in enumerate(journal):
        effects = [_effect(row, chats) for row in happened if row[0] != codes.QUIET]
        checker.check(time, _request(happened), effects)
        # Rows do not show where the partner was asked to go, so this is made up.
        if any(breach.invariant != "partner_goes_where_asked" for breach in checker.breaches):
            return number
    return -1


def _effect(row: Row, chats: dict[int, int]) -> Effect:
    """Returns the effect that a row stands for; ``chats`` has the numbers of the chats, and of the latest as −1."""
    kind, first, second = row
    names = f"user-{first}", f"user-{second}"
    if kind == codes.PAIRED:
        chats[first] = chats[second] = chats[-1] = chats.get(-1, 0) + 1
        return Paired(first, second, *names, chats[first])
    if kind >= codes.PARTED:
        cause, place = codes.CAUSES[(kind - codes.PARTED) // 2], codes.PLACES[kind & codes.TO_LOBBY]
        chat = chats.pop(first, 0)
        chats.pop(second, 0)
        return Parted(first, second, cause, *names, chat, place)
    simple: dict[int, Effect] = {
        codes.REFUSED: Refused(first, Reason.NAME_TAKEN),
        codes.JOINED: Joined(first, names[0]),
        codes.RETURNED: Returned(first),
        codes.SEARCHING: Searching(first),
        codes.LEFT: Left(first, names[0]),
        codes.LOBBY_LINE: LobbyLine(first, "hello", names[0]),
        codes.PRIVATE_LINE: PrivateLine(first, second, "hello", names[0], chats.get(first, 0)),
        codes.BLOCKED: Blocked(first, second, names[1]),
        codes.UNBLOCKED: Unblocked(first, second, names[1]),
    }
    return simple[kind]


def _request(happened: Sequence[Row]) -> Event:
    """Returns a request that fits the first of an event's rows that tells of one."""
    gone = tuple(first for kind, first, _ in happened if kind == codes.LEFT)
    for kind, first, second in happened:
        if kind >= codes.PARTED:
            place = codes.PLACES[kind & codes.TO_LOBBY]
            if kind & ~codes.TO_LOBBY == codes.PARTED_LEAVE:
                return BulkLeave(gone, place) if len(gone) > 1 else Leave(first, place)
            if kind & ~codes.TO_LOBBY == codes.PARTED_LOBBY:
                return Lobby(first, place)
            ends = Next if kind & ~codes.TO_LOBBY == codes.PARTED_NEXT else Block
            return ends(first, left_behind=place)
        if kind == codes.SEARCHING:
            return Start(first, INTERESTS[kind_of(first)])
        if kind in (codes.LOBBY_LINE, codes.PRIVATE_LINE):
            return Say(first, "hello")
        if kind in (codes.BLOCKED, codes.UNBLOCKED):
            return (Block if kind == codes.BLOCKED else Unblock)(first, second)
    return Tick()


SINGLE = [codes.REFUSED, codes.RETURNED, codes.SEARCHING, codes.LEFT, codes.LOBBY_LINE]
DOUBLE = [codes.PRIVATE_LINE, codes.BLOCKED, codes.UNBLOCKED, codes.PAIRED, *range(codes.PARTED, codes.PARTED + 8)]


def damaged(journal: Journal, chance: Random, users: int = USERS) -> tuple[str, Journal]:
    """Returns what was done to a copy of a journal in one place, and the copy."""
    journal = [Happened(time, list(rows)) for time, rows in journal]
    ways = [_other_user, _swapped, _dropped, _doubled, _recoded, _moved]
    way = chance.choice(ways)
    while True:
        number = chance.randrange(len(journal))
        place = chance.randrange(len(journal[number].rows))
        kind = journal[number].rows[place][0]
        if kind != codes.QUIET and (way is not _swapped or kind in DOUBLE):
            break
    way(journal, number, place, chance, users)
    if not journal[number].rows:
        journal[number].rows.append((codes.QUIET, codes.NOBODY, codes.NOBODY))
    return way.__name__, journal


def _other_user(journal: Journal, number: int, place: int, chance: Random, users: int) -> None:
    kind, first, second = journal[number].rows[place]
    if kind in DOUBLE and chance.random() < 0.5:
        second = chance.choice([user for user in range(users) if user != second])
    else:
        first = chance.choice([user for user in range(users) if user != first])
        second = kind_of(first) if kind == codes.JOINED else second
    journal[number].rows[place] = kind, first, second


def _swapped(journal: Journal, number: int, place: int, chance: Random, users: int) -> None:
    kind, first, second = journal[number].rows[place]
    journal[number].rows[place] = kind, second, first


def _dropped(journal: Journal, number: int, place: int, chance: Random, users: int) -> None:
    del journal[number].rows[place]


def _doubled(journal: Journal, number: int, place: int, chance: Random, users: int) -> None:
    journal[number].rows.insert(place, journal[number].rows[place])


def _recoded(journal: Journal, number: int, place: int, chance: Random, users: int) -> None:
    kind, first, second = journal[number].rows[place]
    new = chance.choice([each for each in (*SINGLE, *DOUBLE, codes.JOINED) if each != kind])
    if new in SINGLE:
        second = codes.NOBODY
    elif new == codes.JOINED:
        second = kind_of(first)
    elif kind not in DOUBLE:
        second = chance.choice([user for user in range(users) if user != first])
    journal[number].rows[place] = new, first, second


def _moved(journal: Journal, number: int, place: int, chance: Random, users: int) -> None:
    row = journal[number].rows.pop(place)
    near = range(max(number - 10, 0), min(number + 11, len(journal)))
    other = journal[chance.choice([each for each in near if each != number])].rows
    other.insert(chance.randrange(len(other) + 1), row)
    other[:] = [each for each in other if each[0] != codes.QUIET]
