"""Sums of many numbers whose rounding does not grow with their number."""


class CompensatedSum:
    """A sum that carries along what rounding cut off (Neumaier, ZAMM 54, 1974).

    Of numbers that are not below 0, the sum is right to about two roundings, 2.3e-16 of it, however many there are.
    """

    def __init__(self) -> None:
        self._sum = 0.0
        self._lost = 0.0

    def add(self, number: float) -> None:
        """Adds a number."""
        old = self._sum
        new = old + number
        self._lost += (old - new) + number if abs(old) >= abs(number) else (number - new) + old
        self._sum = new

    def value(self) -> float:
        """Returns the sum."""
        return self._sum + self._lost
