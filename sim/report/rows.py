"""The rows in which the report shows the figures, in their sections."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from sim.measure import Difference, Interval, estimates
from sim.report import words
from sim.report.figure import Sample, Taken
from sim.report.formats import duration, significant
from sim.report.metrics import FIGURES
from sim.results import Setting


class Columns:
    """What the columns of a report show: the figures of each policy, and what each differs from the first.

    Every figure is taken once.
    """

    def __init__(self, samples: Sequence[Sample]) -> None:
        self.samples = list(samples)
        self.figures = [{key: figure.take(sample) for key, figure in FIGURES.items()} for sample in samples]

    def difference(self, key: str, policy: int) -> Difference | None:
        """Returns a figure of a policy minus that of the first; None if it is no estimate."""
        one, first = self.figures[policy][key].over, self.figures[0][key].over
        if one is None or first is None or len(one.runs) != len(first.runs):
            return None
        return estimates.difference(one, first, comparisons=len(self.samples) - 1)


class Row:
    """One row of the report: its name, and the keys of the figures that it shows."""

    def __init__(self, label: str, *keys: str) -> None:
        assert all(key in FIGURES for key in keys), keys
        self.label = label
        self.keys = keys

    def cell(self, columns: Columns, policy: int) -> str:
        """Returns the cell of a policy."""
        raise NotImplementedError

    def difference(self, columns: Columns, policy: int) -> str:
        """Returns the cell that holds a policy against the first one."""
        return ""


class Plain(Row):
    """A row of values that are no estimates."""

    def __init__(self, label: str, write: Callable[..., str], *keys: str) -> None:
        super().__init__(label, *keys)
        self._write = write

    def cell(self, columns: Columns, policy: int) -> str:
        """Returns what is written of the values."""
        return self._write(*(columns.figures[policy][key].value for key in self.keys))


class Parameter(Row):
    """A row of the setting, which is the same for all policies."""

    def __init__(self, label: str, write: Callable[[Setting], str]) -> None:
        super().__init__(label)
        self._write = write

    def cell(self, columns: Columns, policy: int) -> str:
        """Returns what is written of the setting."""
        return self._write(columns.samples[policy].setting)


class Part(Row):
    """One part of an estimate: its value, its interval, or what theory says; and of the difference."""

    def __init__(
        self, label: str, key: str, write: Callable[[Taken], str], compare: Callable[[Difference], str] | None
    ) -> None:
        super().__init__(label, key)
        self._write = write
        self._compare = compare

    def cell(self, columns: Columns, policy: int) -> str:
        """Returns what is written of the figure."""
        return self._write(columns.figures[policy][self.keys[0]])

    def difference(self, columns: Columns, policy: int) -> str:
        """Returns what is written of the difference."""
        found = columns.difference(self.keys[0], policy)
        return "" if found is None or self._compare is None else self._compare(found)


class Compact(Row):
    """An estimate in one row: the value, give or take, and a difference only if it is beyond chance."""

    def __init__(self, label: str, key: str, write: words.Write) -> None:
        super().__init__(label, key)
        self._write = write

    def cell(self, columns: Columns, policy: int) -> str:
        """Returns the value with half its interval."""
        found = columns.figures[policy][self.keys[0]]
        assert found.interval is not None, "this is an estimate"
        return words.give_or_take(self._write, found.interval)

    def difference(self, columns: Columns, policy: int) -> str:
        """Returns the difference, or the verdict that there is none to tell of."""
        found = columns.difference(self.keys[0], policy)
        if found is None or found.verdict is None:
            return ""
        return words.signed(self._write, found) if found.verdict == estimates.BEYOND else found.verdict


class OfKind(Row):
    """A row of one kind of users, of the figure that has them all."""

    def __init__(self, kind: int, name: str) -> None:
        super().__init__(f"  {name}", "giving_up.by_kind")
        self._kind = kind

    def cell(self, columns: Columns, policy: int) -> str:
        """Returns the share of searches without a chat, give or take."""
        found = columns.figures[policy][self.keys[0]].value[self._kind]
        return words.give_or_take(words.share, Interval(found["share_without_chat"], *found["share_ci95"]))


class InWords(Row):
    """A row of words on a p-value."""

    def __init__(self, label: str, key: str, write: Callable[[float | None, Setting], str]) -> None:
        super().__init__(label, key)
        self._write = write

    def cell(self, columns: Columns, policy: int) -> str:
        """Returns the words."""
        return self._write(columns.figures[policy][self.keys[0]].value, columns.samples[policy].setting)


def _estimated(label: str, key: str, write: words.Write) -> Iterator[Row]:
    """Yields the rows of an estimate: the value, its interval, and what theory says."""
    yield Part(label, key, lambda found: write(found.value), partial(_difference, write))
    yield Part(
        "  95 % interval",
        key,
        lambda found: words.between(write, found.interval),
        lambda found: found.verdict or "",
    )
    yield Part("  theory", key, lambda found: words.theory(write, found.theory, found.agrees), None)


def _difference(write: words.Write, found: Difference) -> str:
    return "" if found.verdict == estimates.SAME else words.signed(write, found)


def _evenness(label: str, key: str) -> Iterator[Row]:
    yield from list(_estimated(label, key, significant))[:2]
    yield Plain("  by chance", words.known(significant), f"{key}_chance")
    yield Plain("  range of chance", partial(words.between, significant), f"{key}_chance_range")
    yield Plain("  p-value", words.p_value, f"{key}_p")


def _several_runs(setting: Setting) -> str:
    return "" if setting.replay else f"{setting.runs:,}"


HISTOGRAM, CHECKS, BY_KIND = "Distribution of waits", "Self-checks", "  by kind"
"""Sections that are drawn as bars, and with one row for each check; and a row in whose place each kind has one."""

ENGINE = "engine"

SECTIONS: dict[str, tuple[Row, ...]] = {
    "": (
        Parameter("scenario", lambda setting: setting.scenario),
        Parameter("world", lambda setting: words.world(setting.world, setting.faults, setting.speed)),
        Parameter("users at first", lambda setting: words.count(setting.users)),
        Part("users ever", "users_ever", lambda found: significant(found.value), None),
        *list(_estimated("users present, mean", "present.mean", words.four_digits))[:2],
        Parameter("seed", lambda setting: str(setting.seed)),
        Plain("runs", words.count, "runs"),
        Parameter("warm-up of each", lambda setting: "" if setting.replay else duration(setting.warmup_seconds)),
        Plain("time measured", duration, "measured_seconds"),
        Plain("pairings", words.count, "pairings"),
    ),
    "Giving up": (
        Plain("searches ended", words.count, "giving_up.searches_ended"),
        *list(_estimated("without a chat", "giving_up.share", words.share))[:2],
        Compact("  gave up", "giving_up.returned", words.share),
        Compact("  left", "giving_up.left", words.share),
        Plain("if all met at once", lambda share: "" if share is None else words.share(share), "giving_up.open_system"),
        Plain("still on at the end", words.count, "giving_up.still_on"),
        Plain(BY_KIND, lambda kinds: "", "giving_up.by_kind"),
    ),
    "Waiting for a chat": (
        *_estimated("mean", "wait.mean", duration),
        *list(_estimated("all searches, mean", "wait.all_mean", duration))[:2],
        *(Compact(f"p{hundredth}", f"wait.p{hundredth}", duration) for hundredth in (50, 90, 99)),
        *(Compact(f"all searches, p{hundredth}", f"wait.all_p{hundredth}", duration) for hundredth in (50, 90, 99)),
        Plain("max", duration, "wait.max"),
        Plain("longest search", partial(words.longest, 0), "wait.longest"),
        Plain("  second", partial(words.longest, 1), "wait.longest"),
        Plain("  third", partial(words.longest, 2), "wait.longest"),
        Plain("users without a chat", words.without_chat, "wait.users_without_chat", "wait.first_without_chat"),
        *_estimated("users searching, mean", "searching.mean", words.four_digits),
        Compact("time in lobby", "time.lobby", words.share),
        Compact("time searching", "time.searching", words.share),
        Compact("time in private", "time.private", words.share),
    ),
    HISTOGRAM: (),
    "Re-pairs": (
        Plain("count", "{:,} of {:,}".format, "repair.count", "repair.opportunities"),
        *_estimated("probability", "repair.probability", words.four_digits),
        Compact("among last 5 partners", "repair.recent", words.share),
    ),
    "Fairness between users": (
        Compact("chats each, mean", "fairness.chats_mean", significant),
        *_evenness("chats, Jain's index", "fairness.chats_jain"),
        Compact("chats, Gini", "fairness.chats_gini", significant),
        Plain("  by chance", words.known(significant), "fairness.chats_gini_chance"),
        *_evenness("waiting, Jain's index", "fairness.waiting_jain"),
        Compact("waiting, Gini", "fairness.waiting_gini", significant),
        Plain("  by chance", words.known(significant), "fairness.waiting_gini_chance"),
        Compact("distinct partners", "fairness.distinct_partners", significant),
        Plain("  by chance", words.known(significant), "fairness.distinct_partners_chance"),
        InWords("draws by arrival", "draws.by_arrival_p", lambda p, setting: words.by_arrival(p, setting.world)),
        Plain("  p-value", words.p_value, "draws.by_arrival_p"),
        InWords("by user", "draws.by_user_p", lambda p, setting: words.by_user(p)),
        Plain("  p-value", words.p_value, "draws.by_user_p"),
    ),
    CHECKS: (),
    "Speed": (
        Plain("time of all runs", duration, "speed.wall_seconds"),
        Plain("pairings per second", significant, "speed.pairings_per_second"),
        Plain("events", words.count, "events"),
    ),
}
"""Title → rows, in the order of the report."""


def kinds(setting: Setting) -> list[Row]:
    """Returns a row for each kind of user, if there are several."""
    return [OfKind(kind, name) for kind, name in enumerate(setting.kinds)] if len(setting.kinds) > 1 else []
