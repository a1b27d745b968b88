"""Judges a run from what its clients saw, who know nothing of the server.

``client_events.py`` says what a client can see, ``judge.py`` judges a run.
"""

from roulette_core.testing.clients.account_tracker import ASKED
from roulette_core.testing.clients.breach import RuleBreach
from roulette_core.testing.clients.client_events import (
    Account,
    Arrived,
    Entry,
    GivenBack,
    Gone,
    Met,
    PartedFrom,
    SawBlocked,
    SawClosed,
    SawLine,
    SawRefused,
    SawReturned,
    SawUnblocked,
    Searches,
    Sighting,
    Welcomed,
    sighting_of,
)
from roulette_core.testing.clients.judge import RULES, Verdicts, judge
from roulette_core.testing.clients.words import describe

__all__ = [
    "ASKED",
    "RULES",
    "Account",
    "Arrived",
    "Entry",
    "GivenBack",
    "Gone",
    "Met",
    "PartedFrom",
    "RuleBreach",
    "SawBlocked",
    "SawClosed",
    "SawLine",
    "SawRefused",
    "SawReturned",
    "SawUnblocked",
    "Searches",
    "Sighting",
    "Verdicts",
    "Welcomed",
    "describe",
    "judge",
    "sighting_of",
]
