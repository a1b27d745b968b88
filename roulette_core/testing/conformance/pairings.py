"""Whether a policy ever pairs any users: if not, all checks of it are about nothing."""

from roulette_core.effects import Paired
from roulette_core.testing.conformance.crowd import Crowd
from roulette_core.testing.conformance.fairness import words
from roulette_core.testing.conformance.histories import evenings, play
from roulette_core.testing.exploring import CheckedRoulette, Maker, made

CROWD = 31
"""The number of users in the crowd; an odd number, as in the checks."""

EVENTS = 500
"""The number of events in the crowd."""

NEVER_PAIRED = "no users were ever paired, so nothing was checked: does the policy's cast name the people it pairs?"


def pairs_any(make: Maker) -> bool:
    """Returns whether any users are paired in some random histories, or in a crowd; True if the policy fails."""
    try:
        crowd = Crowd(made(make), words(CROWD, 0), 0)
        for user in crowd.roles:
            crowd.come(user)
        if crowd.roulette.pairs() or any(type(each) is Paired for _ in range(EVENTS) for each in crowd.ask()):
            return True
        for evening in evenings():
            trial = CheckedRoulette(make)
            if any(trial.flaw or trial.roulette.pairs() for _ in play(trial, evening)):
                return True
    except (Exception, SystemExit):  # the checks report it
        return True
    return False
