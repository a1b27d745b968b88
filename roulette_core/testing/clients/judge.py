"""The centre of this package: ``judge`` judges a run from what its clients saw alone, knowing nothing of the server."""

from collections import Counter
from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import Any, TypeAlias

from roulette_core.testing.clients import lines, losses, pairs, single_client_rules
from roulette_core.testing.clients.account_tracker import AccountTracker
from roulette_core.testing.clients.bounds import tighten_bounds
from roulette_core.testing.clients.breach import Complaint, EntryRef, Findings, RuleBreach
from roulette_core.testing.clients.client_events import Account
from roulette_core.testing.clients.happens_before import HappensBefore, one_history_fits_all
from roulette_core.testing.clients.lobby import LobbyView
from roulette_core.testing.clients.run import Run, lay_out
from roulette_core.testing.clients.timeline import Timeline
from roulette_core.testing.verdict import Result, Verdict

RunRule: TypeAlias = Callable[[Run], Findings]
PAIRS: tuple[RunRule, ...] = (pairs.chats_are_mutual, pairs.farewells_agree, pairs.blocked_never_meet_again)
LINES: tuple[RunRule, ...] = (
    lines.nothing_is_invented,
    lines.nothing_is_doubled,
    lines.order_is_kept,
    lines.no_line_across_pairs,
)

LOSSES: tuple[Callable[[LobbyView], Findings], ...] = (
    losses.no_line_is_swallowed,
    losses.lobby_misses_nothing,
)

RULES: tuple[str, ...] = (
    *(rule.__name__ for rule in single_client_rules.RULES),
    *(rule.__name__ for rule in (*PAIRS, *LINES)),
    one_history_fits_all.__name__,
    *(rule.__name__ for rule in LOSSES),
)
"""The names of all rules, in the order of their numbers."""


class Verdicts:
    """What has been found of a run.

    Args:
        most: how many breaches of each rule to keep; what is broken once is often broken everywhere.

    Attributes:
        breaches: what is wrong.
        looked: how many things each rule has looked at, by its name; rules that were not asked are missing.
    """

    def __init__(self, most: int = 20) -> None:
        self.breaches: list[RuleBreach] = []
        self.looked: Counter[str] = Counter()
        self._asked = {rule.__name__ for rule in single_client_rules.RULES}
        self._broken: Counter[str] = Counter()
        self._most = most

    @property
    def ok(self) -> bool:
        """Whether no rule was broken."""
        return not self.breaches

    def results(self) -> list[Result]:
        """Returns the verdict on each rule, in their order."""
        return [self._result(name) for name in RULES]

    def enter(self, rule: str, findings: Findings) -> None:
        """Takes what a rule has found."""
        self._asked.add(rule)
        for complaint in findings:
            self.looked[rule] += 1
            if complaint is not None:
                self.note(rule, complaint)

    def note(self, rule: str, complaint: Complaint) -> None:
        """Takes a breach."""
        self._broken[rule] += 1
        if self._broken[rule] <= self._most:
            self.breaches.append(RuleBreach(rule, *complaint))

    def _result(self, name: str) -> Result:
        first = next((breach for breach in self.breaches if breach.rule == name), None)
        if first is not None:
            return Result(name, Verdict.FAILED, first.detail)
        if name not in self._asked:
            return Result(name, Verdict.NOT_ASKED, "a rule that it relies on is broken")
        if not self.looked[name]:
            return Result(name, Verdict.NOT_ASKED, "nothing to check")
        return Result(name, Verdict.OK, f"{self.looked[name]:,} checked")


def judge(accounts: Iterable[Account], settled: bool = True) -> Verdicts:
    """Judges a run from what its clients did and saw, whatever delays there were between them and the server.

    Nothing is known but the accounts: not when anything happened, nor in what order at different clients. A breach is
    found only where no server that keeps its promises could have had the clients see what they saw. What is promised
    to the lobby and to partners is best seen where everybody's every line is different; a line that its sender has
    said twice is only held to be heard at most twice.

    Args:
        accounts: of all clients of the run, each with a name of its own. A client that comes back has another account
            and another name. Before its welcome a client asks nothing but ``Join``.
        settled: whether at the end all was delivered: what clients had asked to the server, and what it had answered
            to them. Otherwise the end of each account may be missing, but for those that the server has closed.

    Returns:
        What was found: breaches, and a word about each rule. Takes time by the number of entries.

    Raises:
        ValueError: two accounts have one name.
    """
    judgement = Verdicts()
    accounts = list(accounts)
    name, times = max(Counter(account.name for account in accounts).items(), key=itemgetter(1), default=("", 0))
    if times > 1:
        raise ValueError(f"{times} accounts are of {name!r}: every visit needs a name of its own")
    run = lay_out([_walk_through(account, settled, judgement) for account in accounts])
    _judge_together(run, judgement)
    return judgement


def _judge_together(run: Run, judgement: Verdicts) -> None:
    """Holds accounts against each other: each stage relies on what those before it have found to be kept."""
    for rules in (PAIRS, LINES):
        if not judgement.ok:
            return
        for rule in rules:
            judgement.enter(rule.__name__, rule(run))
    if judgement.ok:
        tighten_bounds(run)
        history = HappensBefore(run)
        judgement.enter(one_history_fits_all.__name__, one_history_fits_all(history))
    if judgement.ok:
        lobby = LobbyView(history)
        for loss in LOSSES:
            judgement.enter(loss.__name__, loss(lobby))


def _walk_through(account: Account, settled: bool, judgement: Verdicts) -> Timeline:
    """Makes a timeline of an account, and holds it to what it must be by itself."""
    walk = AccountTracker(account, settled)
    what: Any
    for walk.entry, (_, what) in enumerate(account.entries):
        rules = single_client_rules.ABOUT.get(type(what))
        if rules is None:
            walk.ask(what)
            continue
        for rule in rules:
            fault = rule(walk, what)
            if fault is not None:
                judgement.note(rule.__name__, ((EntryRef(account.name, walk.entry),), f"{account.name} {fault}"))
        walk.see(what)
    timeline = walk.finish()
    judgement.enter("requests_are_answered", single_client_rules.requests_are_answered(walk))
    for kind, number in Counter(map(type, timeline.sightings)).items():
        judgement.looked.update({rule.__name__: number for rule in single_client_rules.ABOUT[kind]})
    return timeline
