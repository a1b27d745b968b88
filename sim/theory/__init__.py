"""What a run should give where it can be calculated: by a formula, or exactly from a Markov chain."""

from roulette_core.testing import Expectation
from sim.theory.chain import NotExactError
from sim.theory.exact import MOST_STATES, ExactValues, closed_loop, partners
from sim.theory.formulas import UNKNOWN, closed_model, expected_partners
from sim.theory.report import exact_data, exact_lines
from sim.theory.special import beta_quantile, chi2_tail, student_quantile, student_tail

__all__ = [
    "MOST_STATES",
    "UNKNOWN",
    "ExactValues",
    "Expectation",
    "NotExactError",
    "beta_quantile",
    "chi2_tail",
    "closed_loop",
    "closed_model",
    "exact_data",
    "exact_lines",
    "expected_partners",
    "partners",
    "student_quantile",
    "student_tail",
]
