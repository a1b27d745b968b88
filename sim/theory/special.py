"""Quantiles and tail probabilities, from the standard library alone.

They agree with scipy to about ten digits, and importing scipy would take longer than many a run. Numbers in parentheses
are those of formulas in the NIST Digital Library of Mathematical Functions, https://dlmf.nist.gov. Factors such as
x^a e^−x / Γ(a + 1), in which large numbers cancel, are written as Loader does: the deviance and the remainder of
Stirling's formula (Catherine Loader, *Fast and Accurate Computation of Binomial Probabilities*, 2000).
"""

import math
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import count

_PRECISION = 2.0**-52
_TINY = 1e-300
"""Stands for a denominator of zero in a continued fraction (Thompson and Barnett, J. Comput. Phys. 64, 1986)."""


def student_tail(t: float, df: float) -> float:
    """Returns the probability that Student's t lies further from 0 than ``t`` does: the two-sided p-value.

    Args:
        t: the statistic, of either sign.
        df: degrees of freedom, above 0.
    """
    _require(df > 0, "df must be above 0")
    if math.isnan(t) or math.isinf(t):
        return math.nan if math.isnan(t) else 0.0
    square = t * t
    return _beta_tails(df / 2, 0.5, df / (df + square), square / (df + square))[0]


@cache  # it takes a millisecond, and reports ask for the same one again and again
def student_quantile(p: float, df: float) -> float:
    """Returns the value that Student's t with ``df`` > 0 degrees of freedom stays below with probability ``p``."""
    _require(df > 0, "df must be above 0")
    _require(0 <= p <= 1, "p must be from 0 to 1")
    if p < 0.5:
        return -_upper_student(2 * p, 1 - 2 * p, df)
    return _upper_student(2 * (1 - p), 2 * p - 1, df)


def beta_quantile(p: float, a: float, b: float) -> float:
    """Returns the value that a Beta(``a``, ``b``) number, both above 0, stays below with probability ``p``."""
    _require(a > 0 and b > 0, "a and b must be above 0")
    _require(0 <= p <= 1, "p must be from 0 to 1")
    if p in (0, 1):
        return float(p)
    return _logistic(_beta_logit(p, 1 - p, a, b))


def chi2_tail(x: float, df: float) -> float:
    """Returns the probability that χ² with ``df`` > 0 degrees of freedom exceeds ``x`` ≥ 0: Q(df/2, x/2)."""
    _require(df > 0, "df must be above 0")
    _require(not x < 0, "x must be 0 or more")
    if math.isnan(x) or math.isinf(x):
        return math.nan if math.isnan(x) else 0.0
    a, half = df / 2, x / 2
    factor = _poisson(a, half)
    if half < a + 1:
        return 1 - factor * _gamma_series(a, half)
    return factor * a * _gamma_fraction(a, half)


def _require(fact: bool, words: str) -> None:
    if not fact:
        raise ValueError(words)


def _upper_student(tail: float, centre: float, df: float) -> float:
    """Returns t ≥ 0 whose two-sided p-value is ``tail``, with ``tail`` + ``centre`` = 1."""
    if tail <= 0 or centre <= 0:
        return math.inf if tail <= 0 else 0.0
    return math.sqrt(df) * math.exp(-_beta_logit(tail, centre, df / 2, 0.5) / 2)


def _beta_logit(p: float, q: float, a: float, b: float) -> float:
    """Returns log(x / (1 − x)) for the ``p`` quantile x of Beta(a, b), where p + q = 1, both above 0.

    The logarithm of the smaller tail is concave in the logit, so that Newton's method approaches the root from one
    side; an interval around it catches the first steps.
    """
    if q < p:
        return -_beta_logit(q, p, b, a)

    def excess(logit: float) -> tuple[float, float]:
        x, y = _logistic(logit), _logistic(-logit)
        tail = _beta_tails(a, b, x, y)[0]
        if tail <= 0:
            return -math.inf, math.inf
        return math.log(tail / p), _beta_factor(a, b, x, y) / tail

    return _root(excess, math.log(a / b))


def _root(excess: Callable[[float], tuple[float, float]], start: float) -> float:
    """Returns the root of an increasing function, given with its slope, by Newton's method kept in an interval."""
    low, high, at = -1400.0, 1400.0, start
    for _ in range(200):
        value, slope = excess(at)
        low, high = (low, min(high, at)) if value > 0 else (max(low, at), high)
        step = at - value / slope if 0 < slope < math.inf else math.nan
        following = step if low < step < high else (low + high) / 2
        if abs(following - at) <= 4 * _PRECISION * max(1.0, abs(at)):
            return following
        at = following
    return at


def _logistic(logit: float) -> float:
    return 1 / (1 + math.exp(-logit)) if logit > -700 else math.exp(logit)


def _beta_tails(a: float, b: float, x: float, y: float) -> tuple[float, float]:
    """Returns the regularised incomplete beta function I_x(a, b) and 1 − I_x(a, b), for x + y = 1."""
    if x <= 0 or y <= 0:
        return (0.0, 1.0) if x <= 0 else (1.0, 0.0)
    factor = _beta_factor(a, b, x, y)
    if x < (a + 1) / (a + b + 2):
        low = factor * _beta_fraction(a, b, x, y)
        return low, 1 - low
    high = factor * _beta_fraction(b, a, y, x)  # (8.17.4)
    return 1 - high, high


def _beta_factor(a: float, b: float, x: float, y: float) -> float:
    """Returns x^a y^b / B(a, b)."""
    n = a + b
    exponent = _stirling(n) - _stirling(a) - _stirling(b) - _deviance(a, n * x) - _deviance(b, n * y)
    return math.sqrt(a * b / (2 * math.pi * n)) * math.exp(exponent)


def _beta_fraction(a: float, b: float, x: float, y: float) -> float:
    """Returns I_x(a, b) · B(a, b) / (x^a y^b) by the even part of the continued fraction (8.17.22).

    That part loses no digits where a and b are large (DiDonato and Morris, ACM Trans. Math. Softw. 18, 1992).
    """
    lead = a - (a + b) * x + 1

    def terms() -> Iterator[tuple[float, float]]:
        for n in count():
            last = a + 2 * n - 1
            over = (a + n - 1) * (a + b + n - 1) * n * (b - n) * (x / last) ** 2 if n else 1.0
            under = n + (n * (b - n) * x / last if n else 0.0) + (a + n) * (lead + n * (1 + y)) / (last + 2)
            yield over, under

    return _continued_fraction(terms())


def _gamma_series(a: float, x: float) -> float:
    """Returns P(a, x) · Γ(a + 1) / (x^a e^−x), a series (8.7.1) of positive numbers."""
    total = term = 1.0
    while term > total * _PRECISION:
        a += 1
        term *= x / a
        total += term
    return total


def _gamma_fraction(a: float, x: float) -> float:
    """Returns Q(a, x) · Γ(a) / (x^a e^−x) by the even part of the continued fraction (8.9.2)."""
    return _continued_fraction((k * (a - k) if k else 1.0, x + 1 - a + 2 * k) for k in count())


def _continued_fraction(terms: Iterable[tuple[float, float]]) -> float:
    """Returns α₁/(β₁ + α₂/(β₂ + …)) for terms (αₖ, βₖ), by Lentz's method."""
    value = above = _TINY
    below = 0.0
    for over, under in terms:
        below = 1 / _nonzero(under + over * below)
        above = _nonzero(under + over / above)
        change = above * below
        value *= change
        if abs(change - 1) <= 4 * _PRECISION:
            break
    return value


def _nonzero(number: float) -> float:
    return number if number else _TINY


def _poisson(a: float, x: float) -> float:
    """Returns x^a e^−x / Γ(a + 1)."""
    return math.exp(-_stirling(a) - _deviance(a, x)) / math.sqrt(2 * math.pi * a)


def _stirling(n: float) -> float:
    """Returns what Stirling's formula for log Γ(n + 1) leaves out (5.11.1): about 1/(12 n)."""
    if n < 15:
        return math.lgamma(n + 1) - (n + 0.5) * math.log(n) + n - 0.5 * math.log(2 * math.pi)
    square = n * n
    return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / n


def _deviance(seen: float, expected: float) -> float:
    """Returns seen · log(seen / expected) + expected − seen, without cancellation where the two are close."""
    if expected <= 0:
        return math.inf
    difference, total = seen - expected, seen + expected
    if abs(difference) >= 0.1 * total:
        return seen * math.log(seen / expected) - difference
    share = difference / total
    value, power, k = difference * share, 2 * seen * share, 1
    while True:
        power *= share * share
        k += 2
        following = value + power / k
        if following == value:
            return value
        value = following
