"""The short way through the invariants for the two effects that a long run is made of.

As long as no invariant has been broken, the ledger is sound: whoever is in its pool is present and not in private,
and whoever is in private is present and has a partner who says the same. Then a few look-ups are enough to know
that a pairing or a parting breaks nothing. Where they fail, or once anything was broken, the invariants themselves
are asked, so they alone decide what counts as broken.
"""

from roulette_core.effects import Paired, Parted
from roulette_core.testing.ledger import Ledger


def sound_pairing(ledger: Ledger, effect: Paired, never_repeats: bool) -> bool:
    """Whether two different users of the pool are paired, who may be."""
    first, second, _ = effect
    pool, latest = ledger.pool, ledger.latest
    return (
        first in pool
        and second in pool
        and first != second
        and not (never_repeats and (latest.get(first) == second or latest.get(second) == first))
    )


def sound_parting(ledger: Ledger, effect: Parted) -> bool:
    """Whether two users part who are in private with each other."""
    return ledger.partner.get(effect[0]) == effect[1]
