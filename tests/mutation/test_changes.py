"""Changes are read as mutmut shows them, and the page argues about none that cannot be made any more."""

from tests.mutation.changes import Change, argued, changes
from tests.support.fences import ROOT

SHOWN = """\
# roulette_core._pool.x_untried__mutmut_5: survived
--- roulette_core/_pool.py
+++ roulette_core/_pool.py
@@ -10,4 +10,4 @@
     newcomers = [user for user, since in pool.items() if since == now]
-    return chain(product(before, newcomers), combinations(newcomers, 2))
+    return chain(None, combinations(newcomers, 2))
"""

WRITTEN = """\
--- policies/fresh.py
-one
+another
-two
-lines
+in place of two
--- _pool.py
-return
+pass
"""


def test_a_change_is_read_as_mutmut_shows_it() -> None:
    before = "return chain(product(before, newcomers), combinations(newcomers, 2))"
    assert list(changes(SHOWN)) == [Change("_pool.py", (before,), ("return chain(None, combinations(newcomers, 2))",))]


def test_several_changes_may_stand_one_below_the_other() -> None:
    assert list(changes(WRITTEN)) == [
        Change("policies/fresh.py", ("one",), ("another",)),
        Change("policies/fresh.py", ("two", "lines"), ("in place of two",)),
        Change("_pool.py", ("return",), ("pass",)),
    ]


def test_a_change_is_printed_so_that_it_can_be_put_on_the_page() -> None:
    for change in changes(WRITTEN):
        assert list(changes(str(change))) == [change]


def test_what_changes_nothing_is_no_change() -> None:
    assert list(changes("--- _pool.py\n+++ _pool.py\n unchanged\n")) == []


def stands_in_the_source(change: Change) -> bool:
    lines = [line.strip() for line in (ROOT / "roulette_core" / change.file).read_text(encoding="utf-8").splitlines()]
    return any(lines[start : start + len(change.before)] == list(change.before) for start in range(len(lines)))


def test_the_page_argues_about_nothing_that_is_gone() -> None:
    assert argued()
    assert [change for change in argued() if not stands_in_the_source(change)] == []
    assert not stands_in_the_source(Change("_pool.py", ("no such line",), ("pass",)))
