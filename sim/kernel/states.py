"""The states of ``roulette_core.State`` as plain numbers. Not compiled: compiled modules take them over on import."""

from typing import Final

from roulette_core import State

OUTSIDE: Final = int(State.OUTSIDE)
IN_LOBBY: Final = int(State.LOBBY)
IN_POOL: Final = int(State.SEARCHING)
IN_PRIVATE: Final = int(State.PRIVATE)
