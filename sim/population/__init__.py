"""Who lives in a simulation, and what they ask for: the closed model, personas, or a recorded session."""

from sim.population.casting import cast, cast_of, in_role
from sim.population.closed import ClosedModel
from sim.population.persona_population import PersonaPopulation
from sim.population.personas import NEVER, Persona, Rate
from sim.population.random_streams import exponentials
from sim.population.replay import Recording, Replay, open_recording
from sim.population.scenario import MIXED, MOST_USERS, Mixed, Scenario, ScenarioError, load, parse

__all__ = [
    "MIXED",
    "MOST_USERS",
    "NEVER",
    "ClosedModel",
    "Mixed",
    "Persona",
    "PersonaPopulation",
    "Rate",
    "Recording",
    "Replay",
    "Scenario",
    "ScenarioError",
    "cast",
    "cast_of",
    "exponentials",
    "in_role",
    "load",
    "open_recording",
    "parse",
]
