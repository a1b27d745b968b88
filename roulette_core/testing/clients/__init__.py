"""A run as its clients saw it, who know nothing of the server.

``sightings.py`` says what a client can see, ``judge.py`` judges a run.
"""

from roulette_core.testing.clients.breach import Breach, Place
from roulette_core.testing.clients.judge import RULES, Judgement, judge
from roulette_core.testing.clients.sightings import (
    Account,
    Arrived,
    Closed,
    Entry,
    Gone,
    Line,
    Met,
    PartedFrom,
    Refused,
    Returned,
    Searches,
    Sighting,
    Welcomed,
)
from roulette_core.testing.clients.translation import sighting_of
from roulette_core.testing.clients.words import described

__all__ = [
    "RULES",
    "Account",
    "Arrived",
    "Breach",
    "Closed",
    "Entry",
    "Gone",
    "Judgement",
    "Line",
    "Met",
    "PartedFrom",
    "Place",
    "Refused",
    "Returned",
    "Searches",
    "Sighting",
    "Welcomed",
    "described",
    "judge",
    "sighting_of",
]
