"""A campaign of many short runs in the wire world, each with its own mix of everything that can go wrong.

A *case* is what one run depends on (``case.py``). ``case_run.py`` runs one and judges it: start reading there.
``campaign.py`` runs many. A case is made of network faults, personas, rude clients and tightened limits, each in the
module of its name. What is checked is in ``limit_checker.py`` and ``driver_checker.py`` (during the run) and in
``progress_checks.py`` (after each phase).
"""

from sim.swarm.campaign import ENOUGH, SwarmCampaign, run_cases
from sim.swarm.case import draw_case
from sim.swarm.case_run import Outcome, run_case
from sim.swarm.command import NAMES, BadName, Fixed, command_of, option_of, read_names
from sim.swarm.failure import Failure
from sim.swarm.report import campaign_data, campaign_lines
from sim.swarm.shrinking import shrink
from sim.swarm.sometimes import GROUPS

__all__ = [
    "ENOUGH",
    "GROUPS",
    "NAMES",
    "BadName",
    "Failure",
    "Fixed",
    "Outcome",
    "SwarmCampaign",
    "campaign_data",
    "campaign_lines",
    "command_of",
    "draw_case",
    "option_of",
    "read_names",
    "run_case",
    "run_cases",
    "shrink",
]
