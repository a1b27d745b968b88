"""The accounts of eight clients, and faults in them, each of which breaks one rule."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from roulette_core import Block, Join, Next, Say, Start
from roulette_core.testing.clients import (
    Account,
    Arrived,
    Entry,
    GivenBack,
    Gone,
    Met,
    PartedFrom,
    SawClosed,
    SawLine,
    SawRefused,
    Searches,
    Welcomed,
)
from tests.core.clients.client_harness import Venue

Accounts: TypeAlias = dict[str, Account]

EVENING = [
    *("ada join", "bob join", "carol join", "dan join"),
    *("ada say", "bob say", "carol say", "carol say", "dan say", "ada say"),
    *("ada start", "bob start"),  # they meet
    *("ada say", "bob say", "ada say", "bob say", "carol say", "dan say", "carol say"),
    *("bob next", "carol start"),  # ada, left behind and so ahead, meets carol
    *("ada say", "carol next"),  # ada is still searching when she meets bob again
    *("ada lobby", "carol lobby", "bob lobby", "ada start", "bob start", "carol start"),
    *("bob say", "ada say", "dan say", "dan leave", "carol lobby", "bob lobby", "ada lobby", "carol say", "carol next"),
]
"""The actions, in order; everything is delivered before the next."""

NIGHT = [
    *("eve join", "fay join", "eve start", "fay start", "fay say", "fay say", "eve say"),
    *("fay next, eve say", "fay lobby", "eve lobby", "eve say"),
    *(
        "gus join",
        "hal join",
        "gus start",
        "hal start",
        "gus say",
        "hal next, gus say",
        "hal lobby",
        "gus lobby",
        "gus say",
    ),
]
"""Then come two programs, which name their chats, and two people. Two actions cross: the first arrives first."""


def told() -> Accounts:
    """Returns the accounts of all eight."""
    names = ["ada", "bob", "carol", "dan", "eve", "fay", "gus", "hal"]
    venue = Venue(names=names, names_chats=["eve", "fay"])
    for name in ("gus", "hal"):
        venue.clients[name].account.gives_back = True
    for number, step in enumerate((*EVENING, *NIGHT)):
        venue.gives_back = number >= len(EVENING)
        actions = [action.split() for action in step.split(", ")]
        for name, verb in actions:
            venue.ask(name, verb)
        for name, _ in actions:
            venue.serve(name)
        venue.settle()
    return {name: client.account for name, client in venue.clients.items()}


def place(account: Account, what: object) -> int:
    """Returns the number of the first such entry."""
    kind = type(what)
    return next(n for n, entry in enumerate(account.entries) if type(entry.what) is kind and entry.what == what)


def forget(name: str, *whats: object) -> Callable[[Accounts], None]:
    """Removes sightings from an account."""

    def spoil(accounts: Accounts) -> None:
        for what in whats:
            del accounts[name].entries[place(accounts[name], what)]

    return spoil


def add(name: str, before: object, what: object) -> Callable[[Accounts], None]:
    """Inserts an entry before another."""

    def spoil(accounts: Accounts) -> None:
        accounts[name].entries.insert(place(accounts[name], before), Entry(0.0, what))  # type: ignore[arg-type]

    return spoil


def change(name: str, what: object, into: object) -> Callable[[Accounts], None]:
    """Replaces an entry."""

    def spoil(accounts: Accounts) -> None:
        accounts[name].entries[place(accounts[name], what)] = Entry(0.0, into)  # type: ignore[arg-type]

    return spoil


def swap(name: str, one: object, other: object) -> Callable[[Accounts], None]:
    """Swaps two entries."""

    def spoil(accounts: Accounts) -> None:
        entries = accounts[name].entries
        first, second = place(accounts[name], one), place(accounts[name], other)
        entries[first], entries[second] = entries[second], entries[first]

    return spoil


def together(*faults: Callable[[Accounts], None]) -> Callable[[Accounts], None]:
    """Applies all of these."""

    def spoil(accounts: Accounts) -> None:
        for fault in faults:
            fault(accounts)

    return spoil


def lobby(sender: str, number: int) -> SawLine:
    return SawLine(sender, "lobby", f"line {number}")


def private(sender: str, number: int) -> SawLine:
    return SawLine(sender, "private", f"line {number}")


def returned(number: int) -> GivenBack:
    return GivenBack(f"line {number}", "chat_over")


END = SawClosed("asked")

LEFT_BY_FAY = PartedFrom("fay", False, "next", 5)

NOT_THERE = GivenBack("line 22", "not_in_lobby")

NOTHING = SawRefused("not_private")


class Fault(NamedTuple):
    """A fault in the accounts.

    Attributes:
        rule: the one rule that it breaks.
        what: a description.
        spoil: plants it.
    """

    rule: str
    what: str
    spoil: Callable[[Accounts], None]


FAULTS = [
    Fault("welcome_comes_first", "a word before the welcome", add("bob", Join("bob", "bob"), Arrived("ada"))),
    Fault("welcome_comes_first", "two welcomes", add("dan", lobby("bob", 2), Welcomed("dan"))),
    Fault("welcome_comes_first", "another name", change("dan", Welcomed("dan"), Welcomed("eve"))),
    Fault("moves_follow_states", "drawn from the lobby", add("dan", END, Met("carol"))),
    Fault("moves_follow_states", "back from nowhere", forget("bob", Start("bob"), Searches())),
    Fault(
        "every_chat_has_one_farewell",
        "farewell twice",
        add("ada", Met("carol"), PartedFrom("bob", False, "next")),
    ),
    Fault("every_chat_has_one_farewell", "no farewell", forget("ada", PartedFrom("bob", False, "next"))),
    Fault(
        "every_chat_has_one_farewell",
        "farewell from another",
        change("ada", PartedFrom("bob", False, "next"), PartedFrom("dan", False, "next")),
    ),
    Fault("hears_own_room_only", "a private line in the lobby", add("dan", lobby("carol", 11), private("ada", 7))),
    Fault("hears_own_room_only", "a lobby line in private", add("ada", private("bob", 8), lobby("carol", 11))),
    Fault("hears_own_room_only", "a third in private", add("ada", private("bob", 8), private("carol", 11))),
    Fault("hears_own_room_only", "news in private", add("ada", private("bob", 8), Gone("dan"))),
    Fault("never_meets_itself", "an echo", add("ada", lobby("bob", 2), lobby("ada", 1))),
    Fault("nothing_follows_the_end", "two goodbyes", add("dan", END, SawClosed("kicked"))),
    Fault("nothing_follows_the_end", "a line after the goodbye", swap("dan", lobby("carol", 13), END)),
    Fault("answers_fit", "refused without having asked", add("carol", lobby("dan", 12), NOTHING)),
    Fault("answers_fit", "another reason", change("carol", NOTHING, SawRefused("already_private"))),
    Fault("answers_fit", "obeyed without having asked", forget("ada", Start("ada"))),
    Fault("no_word_after_leaving", "a line", swap("carol", lobby("dan", 17), Gone("dan"))),
    Fault("no_word_after_leaving", "an arrival", add("carol", Say("carol", "line 18"), Arrived("dan"))),
    Fault("requests_are_answered", "no answer", forget("carol", NOTHING)),
    Fault("requests_are_answered", "no goodbye", forget("dan", END)),
    Fault(
        "chats_are_mutual",
        "one of two knows nothing of it",
        forget("ada", Met("carol"), PartedFrom("carol", False, "next")),
    ),
    Fault(
        "farewells_agree",
        "another cause",
        change("ada", PartedFrom("carol", False, "next"), PartedFrom("carol", False, "lobby")),
    ),
    Fault(
        "farewells_agree",
        "the blocked is told of it",
        change("ada", PartedFrom("carol", False, "next"), PartedFrom("carol", False, "block")),
    ),
    Fault(
        "farewells_agree",
        "both have ended it",
        together(
            change("bob", PartedFrom("carol", False, "lobby"), PartedFrom("carol", True, "next")),
            add("bob", PartedFrom("carol", True, "next"), Next("bob")),
        ),
    ),
    Fault(
        "blocked_never_meet_again",
        "they do",
        together(
            change("bob", Next("bob"), Block("bob")),
            change("bob", PartedFrom("ada", True, "next"), PartedFrom("ada", True, "block")),
        ),
    ),
    Fault("nothing_is_invented", "a forged line", add("dan", lobby("bob", 2), SawLine("bob", "lobby", "never said"))),
    Fault("nothing_is_invented", "other words", change("dan", lobby("bob", 2), SawLine("bob", "lobby", "LINE 2"))),
    Fault("nothing_is_doubled", "a line twice", add("dan", lobby("bob", 2), lobby("bob", 2))),
    Fault("nothing_is_doubled", "a line again later", add("dan", END, lobby("bob", 2))),
    Fault("nothing_is_doubled", "an arrival twice", add("ada", lobby("bob", 2), Arrived("dan"))),
    Fault("order_is_kept", "two lines of one", swap("dan", lobby("carol", 3), lobby("carol", 4))),
    Fault(
        "no_line_across_pairs",
        "a private line in a later chat",
        together(forget("ada", private("bob", 10)), add("ada", private("bob", 15), private("bob", 10))),
    ),
    Fault(
        "no_line_across_pairs",
        "a private line in the lobby",
        together(forget("ada", private("bob", 8)), add("dan", lobby("carol", 13), lobby("bob", 8))),
    ),
    Fault("no_line_across_pairs", "a private line, in the lobby too", add("dan", END, lobby("ada", 14))),
    Fault("lines_stay_in_their_chat", "given back and heard", add("bob", lobby("eve", 23), lobby("eve", 22))),
    Fault(
        "lines_stay_in_their_chat",
        "a line that names a chat, in the lobby",
        together(forget("eve", returned(22)), add("bob", lobby("eve", 23), lobby("eve", 22))),
    ),
    Fault(
        "lines_stay_in_their_chat",
        "a line that was typed in a chat, in the lobby",
        together(forget("gus", returned(25)), add("bob", lobby("gus", 26), lobby("gus", 25))),
    ),
    Fault(
        "lines_stay_in_their_chat",
        "a line for the lobby, in a chat",
        change("fay", Say("fay", "line 20", 5), Say("fay", "line 20", 0)),
    ),
    Fault("what_comes_back_was_said", "a line never said", add("eve", returned(22), returned(99))),
    Fault("what_comes_back_was_said", "a line twice", add("eve", returned(22), returned(22))),
    Fault("what_comes_back_was_said", "a line from within the chat", swap("eve", returned(22), LEFT_BY_FAY)),
    Fault("what_comes_back_was_said", "another reason", change("eve", returned(22), NOT_THERE)),
    Fault("one_history_fits_all", "lines of two", swap("dan", lobby("ada", 1), lobby("bob", 2))),
    Fault(
        "one_history_fits_all",
        "heard before it was said",
        together(forget("dan", lobby("carol", 13)), add("dan", Say("dan", "line 12"), lobby("carol", 13))),
    ),
    Fault("no_line_is_swallowed", "a private line", forget("ada", private("bob", 8))),
    Fault("no_line_is_swallowed", "the last of a chat", forget("ada", private("bob", 10))),
    Fault("no_line_is_swallowed", "a lobby line, by all", forget("dan", lobby("carol", 11))),
    Fault(
        "no_line_is_swallowed",
        "the first of all, by all",
        together(forget("bob", lobby("ada", 1)), forget("carol", lobby("ada", 1)), forget("dan", lobby("ada", 1))),
    ),
    Fault("lobby_misses_nothing", "a line, by one", forget("dan", lobby("bob", 2))),
    Fault("lobby_misses_nothing", "two lines, by one", forget("dan", lobby("carol", 3), lobby("carol", 4))),
    Fault("lobby_misses_nothing", "an arrival", forget("ada", Arrived("carol"))),
    Fault("lobby_misses_nothing", "the last line of all", forget("bob", lobby("carol", 18))),
]
