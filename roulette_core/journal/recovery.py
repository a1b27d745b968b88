"""Reads a journal: function ``recover``."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

from roulette_core.effects import Effect
from roulette_core.errors import BadRecording, BrokenPolicy, RouletteError
from roulette_core.journal.writing import FORMAT
from roulette_core.machine import Roulette
from roulette_core.policies import Choose, Policy
from roulette_core.recording import event_from


class Recovered(NamedTuple):
    """What a journal brings back.

    Attributes:
        roulette: the roulette, which goes on exactly alike. Its time is that of the latest event in the journal.
        note: the latest note of the caller.
        effects: the effects of the latest event, which may not have been carried out; empty if that one changed
            nothing.
    """

    roulette: Roulette
    note: Any
    effects: tuple[Effect, ...]


def recover(
    source: Path | str | Iterable[bytes], policy: Policy | None = None, choose: Choose | None = None
) -> Recovered:
    """Returns the roulette of a journal, as it was after the last event that was written.

    Args:
        source: the file, or its lines with their ends. If the program was killed while it wrote the last line, that one
            is left out.
        policy: as for ``Roulette.restore``.
        choose: as for ``Roulette.restore``; the choices since the snapshot are made again.

    Raises:
        OSError: the file cannot be read.
        BadRecording: this is not a journal, or a line in it is damaged.
        BadSnapshot: the snapshot in it cannot be restored.
    """
    if isinstance(source, Path | str):
        with open(source, "rb") as file:
            return recover(file, policy, choose)
    lines = _sound(source)
    first = next(lines, {})
    if first.get("journal") != FORMAT:
        raise BadRecording(f"this is not a journal of format {FORMAT}: it does not begin with a whole first line")
    roulette, note = Roulette.restore(first.get("snapshot", {}), policy, choose), first.get("note")
    effects: tuple[Effect, ...] = ()
    for number, data in enumerate(lines, 2):
        note = data.pop("note", note)
        try:
            effects = roulette.handle(*event_from(data)) if data else ()
        except BrokenPolicy:
            raise
        except RouletteError as error:
            raise BadRecording(f"line {number} of the journal does not follow from those before it: {error}") from error
    return Recovered(roulette, note, effects)


def _sound(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """Yields the data of each whole line. Raises ``BadRecording`` for one that is not as it was written."""
    crc, torn = 0, False
    for number, line in enumerate(lines, 1):
        crc = crc32(line[9:-1], crc)
        if torn or (line.endswith(b"\n") and line[:9] != b"%08x " % crc):
            raise BadRecording(f"line {number - torn} of the journal is damaged; those before it are sound")
        torn = not line.endswith(b"\n")
        if not torn:
            yield json.loads(line[9:])
