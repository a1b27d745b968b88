"""Who lives in a simulation, and what they ask for: the closed model, personas, or a recorded session."""

from sim.population.at_rest import MOST_WARMUP_SECONDS, WARMUP_CONSTANTS, Beginning, beginning
from sim.population.casting import ScenarioPopulation, cast, cast_of, in_role
from sim.population.closed import WARMUP_CHATS, ClosedModel
from sim.population.composition import composition
from sim.population.persona_population import PersonaPopulation
from sim.population.personas import NEVER, Persona, Rate
from sim.population.random_streams import exponentials
from sim.population.replay import Recording, Replay, open_recording
from sim.population.scenario import MIXED, MOST_USERS, Mixed, Scenario, ScenarioError, load, parse
from sim.population.stages import NextAction, Stage, next_actions

__all__ = [
    "MIXED",
    "MOST_USERS",
    "MOST_WARMUP_SECONDS",
    "NEVER",
    "WARMUP_CHATS",
    "WARMUP_CONSTANTS",
    "Beginning",
    "ClosedModel",
    "Mixed",
    "NextAction",
    "Persona",
    "PersonaPopulation",
    "Rate",
    "Recording",
    "Replay",
    "Scenario",
    "ScenarioError",
    "ScenarioPopulation",
    "Stage",
    "beginning",
    "cast",
    "cast_of",
    "composition",
    "exponentials",
    "in_role",
    "load",
    "next_actions",
    "open_recording",
    "parse",
]
