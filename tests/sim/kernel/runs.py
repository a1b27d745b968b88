"""Runs on the core that the kernel is compared with, and any scenarios to run."""

import numpy as np
from hypothesis import strategies as st

from roulette_core import Roulette
from sim import engine
from sim.population import NEVER, Mixed, Persona
from sim.rows import EffectRows, Kept, Rows

POLICIES = ["v1", "v2", "fresh:patience=3", "waves:every=4", "interests:patience=2"]


def on_core(scenario, policy, seed, until, progress=None):
    """The rows of a run of the core, and when it ended."""
    kept = Kept()
    rows, population = Rows([kept]), scenario.population(np.random.SeedSequence(seed))
    observe = EffectRows(rows, population.kind_of).observe
    end = engine.run(Roulette(policy, seed), population, until, [observe], progress=progress)
    rows.flush()
    return kept.columns(), end


durations = st.floats(0.5, 200)
chances = st.floats(0, 1) | st.sampled_from([0.0, 1.0])
topics = st.lists(st.sampled_from(["chess", "films", "music"]), unique=True).map(tuple)


@st.composite
def personas(draw):
    """Any habits, in which something happens within minutes."""
    return Persona(
        "p",
        draw(durations | st.just(NEVER)),
        draw(durations | st.just(NEVER)),
        share=draw(st.sampled_from([0.0, 1.0, 2.5])),
        arrivals_per_minute=draw(st.sampled_from([0.0, 3.0, 40.0])),
        patience_seconds=draw(durations | st.just(NEVER)),
        block_probability=draw(chances),
        next_probability=draw(chances),
        lobby_lines_per_minute=draw(st.sampled_from([0.0, 6.0])),
        private_lines_per_minute=draw(st.sampled_from([0.0, 20.0])),
        stay_seconds=draw(durations | st.just(NEVER)),
        away_seconds=draw(durations | st.just(NEVER)),
        unnoticed_seconds=draw(st.sampled_from([0.0, 5.0, 60.0, NEVER])),
        interests=draw(topics),
    )


@st.composite
def scenarios(draw):
    """Up to three kinds of users, up to 25 of them at the beginning."""
    kinds = draw(st.lists(personas(), min_size=1, max_size=3).filter(lambda found: any(each.share for each in found)))
    return Mixed("any", draw(st.integers(0, 25)), tuple(kinds))
