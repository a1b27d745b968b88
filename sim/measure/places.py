"""Where a tally keeps its users, as numbers: who is searching has a place in the line, from 0.

Not compiled: the compiled ``Tally`` takes the numbers over when it is imported.
"""

from typing import Final

OUTSIDE: Final = -1
IN_LOBBY: Final = -2
IN_PRIVATE: Final = -3
