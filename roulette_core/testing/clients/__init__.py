"""A run as its clients saw it, who know nothing of the server."""

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

__all__ = [
    "Account",
    "Arrived",
    "Closed",
    "Entry",
    "Gone",
    "Line",
    "Met",
    "PartedFrom",
    "Refused",
    "Returned",
    "Searches",
    "Sighting",
    "Welcomed",
]
