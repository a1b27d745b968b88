"""The stages and the acts of personas as plain numbers. Not compiled: compiled modules take them over on import."""

from typing import Final

from sim.population import Stage

STAGES: Final = len(Stage)

OUTSIDE: Final = int(Stage.OUTSIDE)
LOBBY: Final = int(Stage.LOBBY)
SEARCHES: Final = int(Stage.SEARCHING)
PRIVATE: Final = int(Stage.PRIVATE)
SILENT: Final = int(Stage.SILENT)
EXPECTED: Final = int(Stage.EXPECTED)
VANISHED: Final = int(Stage.VANISHED)

JOIN: Final = 0
SAY: Final = 1
START: Final = 2
NEXT: Final = 3
BLOCK: Final = 4
RETURN: Final = 5
LEAVE: Final = 6
