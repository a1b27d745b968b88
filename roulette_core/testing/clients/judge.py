"""The centre of this package: ``judge`` judges a run from what its clients saw, knowing nothing of the server."""

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
    lines.lines_stay_in_their_chat,
)

LOSSES: tuple[Callable[[LobbyView], Findings], ...] = (losses.no_line_is_swallowed, losses.lobby_misses_nothing)

RULES: tuple[str, ...] = (
    *(rule.__name__ for rule in single_client_rules.RULES),
    *(rule.__name__ for rule in (*PAIRS, *LINES)),
    one_history_fits_all.__name__,
    *(rule.__name__ for rule in LOSSES),
)
"""The names of all rules, in the order of their numbers."""


class Verdicts:
    """The verdicts on a run. Of each rule the first breaches are kept; one fault often breaks a rule in many places."""

    def __init__(self, most: int = 20) -> None:
        self.breaches: list[RuleBreach] = []
        self.looked: Counter[str] = Counter()  # how many things each rule has looked at, by its name
        self._asked = {rule.__name__ for rule in single_client_rules.RULES}
        self._broken: Counter[str] = Counter()
        self._most = most

    @property
    def ok(self) -> bool:
        """Returns whether no rule is broken."""
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
    """Judges a run from what its clients did and saw, whatever the delays between them and the server.

    Nothing is known but the accounts: neither when anything happened, nor in what order at different clients. A breach
    is reported only if no server that keeps its promises could have let the clients see this. Delivery to the lobby and
    to partners is judged best if all lines are different; a line that its sender said twice must only not be heard more
    than twice.

    Args:
        accounts: of all clients of the run, each with its own name. A client that comes back has another account and
            another name. Before its welcome a client asks nothing but ``Join``.
        settled: whether at the end everything was delivered: requests to the server, and its answers to the clients.
            Otherwise the end of each account may be missing, except if the server has closed the connection.

    Returns:
        The breaches, and a verdict on each rule. Takes time linear in the number of entries.

    Raises:
        ValueError: two accounts have one name.
    """
    verdicts = Verdicts()
    accounts = list(accounts)
    name, times = max(Counter(account.name for account in accounts).items(), key=itemgetter(1), default=("", 0))
    if times > 1:
        raise ValueError(f"{times} accounts are of {name!r}: every visit needs a name of its own")
    run = lay_out([_track(account, settled, verdicts) for account in accounts])
    _judge_together(run, verdicts)
    return verdicts


def _judge_together(run: Run, verdicts: Verdicts) -> None:
    """Compares accounts with each other: each stage relies on the rules of the stages before."""
    for rules in (PAIRS, LINES):
        if not verdicts.ok:
            return
        for rule in rules:
            verdicts.enter(rule.__name__, rule(run))
    if verdicts.ok:
        tighten_bounds(run)
        history = HappensBefore(run)
        verdicts.enter(one_history_fits_all.__name__, one_history_fits_all(history))
    if verdicts.ok:
        lobby = LobbyView(history)
        for loss in LOSSES:
            verdicts.enter(loss.__name__, loss(lobby))


def _track(account: Account, settled: bool, verdicts: Verdicts) -> Timeline:
    """Makes a timeline of an account, and judges it by itself."""
    tracker = AccountTracker(account, settled)
    what: Any
    for tracker.entry, (_, what) in enumerate(account.entries):
        rules = single_client_rules.ABOUT.get(type(what))
        if rules is None:
            tracker.ask(what)
            continue
        for rule in rules:
            fault = rule(tracker, what)
            if fault is not None:
                verdicts.note(rule.__name__, ((EntryRef(account.name, tracker.entry),), f"{account.name} {fault}"))
        tracker.see(what)
    timeline = tracker.finish()
    verdicts.enter("requests_are_answered", single_client_rules.requests_are_answered(tracker))
    for kind, number in Counter(map(type, timeline.sightings)).items():
        verdicts.looked.update({rule.__name__: number for rule in single_client_rules.ABOUT[kind]})
    return timeline
