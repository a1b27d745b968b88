"""A journal: a snapshot and the events since, from which a killed program goes on exactly where it was.

A snapshot takes time by the number of users, so it cannot be written after every event; a line for the event can::

    journal = Journal(path, roulette)
    ...
    effects = roulette.handle(event, now)
    journal.append(event, now, effects)  # before they are carried out
    ...
    roulette, note, effects = recover(path)

The first line is a snapshot, every further line an event as in a recording, without the text of what was said. A line
begins with a checksum of the file up to its end::

    5d0fa8b1 {"journal": 1, "note": null, "snapshot": {"format": 3, ...}}
    c2b5a0f9 {"now": 3.25, "kind": "join", "user": 1, "name": "ada"}
    a6d11c6e {"now": 9.5, "kind": "start", "user": 1, "note": 17}

Events that change nothing, such as what is said, are left out.
"""

from roulette_core.journal.recovery import Recovered, recover
from roulette_core.journal.writing import LEAST, Journal

__all__ = ["LEAST", "Journal", "Recovered", "recover"]
