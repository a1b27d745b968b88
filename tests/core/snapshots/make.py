"""Makes ``format_N_POLICY.json`` with the code that wrote format N: a snapshot of a busy roulette, and what came next.

Kept to show where the files come from; it runs on old code, and uses nothing that has changed since::

    git worktree add /tmp/old COMMIT    # ebc2a6e and 196e32c wrote format 1, 3ed4581 format 2
    PYTHONPATH=/tmp/old python -P tests/core/snapshots/make.py tests/core/snapshots

Within format 1 the memory of ``interests`` changed: ``format_1_later_interests.json`` is of 196e32c.

Each file holds the snapshot, and the further events as lines of a recording, each with the effects that it had.
"""

import json
import sys
from pathlib import Path
from random import Random

import roulette_core
from roulette_core import Join, Leave, Lobby, Next, Roulette, Say, Start, State, Tick
from roulette_core.recording import encode_event

POLICIES = ["no-repeat", "uniform:minimum=4", "fresh:memory=3,patience=20", "waves:every=4", "interests:patience=6"]
USERS = [1, 2, 3, 4, "1", "ada", "élise", 7, 8, 9, 10, 11]
DELAYS = [0.0, 0.25, 1.0, 2.5, 7.0]
TOPICS = ["chess", "échecs", "go"]
BLOCK = getattr(roulette_core, "Block", None)


def main(folder):
    for number, policy in enumerate(POLICIES):
        roulette, chance = Roulette(policy, seed=7), Random(number)
        now = 0.0
        for user in USERS:
            blocked = {"blocked": (2, 4)} if BLOCK and user == 9 else {}
            roulette.handle(Join(user, f"name of {user!r}", **blocked), now)
        steps = 0
        while steps < 200 or not telling(roulette):
            now, steps = now + chance.choice(DELAYS), steps + 1
            roulette.handle(sensible(roulette, chance), now)
        snapshot = roulette.snapshot()
        afterwards = []
        for _ in range(80):
            now += chance.choice(DELAYS)
            event = sensible(roulette, chance)
            effects = roulette.handle(event, now)
            afterwards.append([encode_event(event, now), [effect._asdict() for effect in effects]])
        name = f"format_{snapshot['format']}_{policy.partition(':')[0].replace('-', '_')}.json"
        lines = ",\n".join(json.dumps(each) for each in afterwards)
        (folder / name).write_text(f'{{"snapshot": {json.dumps(snapshot)},\n"afterwards": [\n{lines}\n]}}\n')
        print(name, steps, roulette.counts())


def telling(roulette):
    """Returns whether users are in all states, and several wait, one of them for long if time can tell."""
    users = {state: roulette.users(state) for state in (State.LOBBY, State.SEARCHING, State.PRIVATE)}
    pool, now = roulette.policy.pool, roulette.now
    impatient = any(since + 6 <= now for since in pool.values()) or roulette.policy.name != "interests"
    return min(map(len, users.values())) >= 2 and roulette.snapshot()["memory"] != [] and impatient


def sensible(roulette, chance):
    """Returns an event that a user may ask for now, under old rules and new ones."""
    if len(roulette.users()) < len(USERS):
        missing = [user for user in USERS if user not in roulette.users()]
        return Join(missing[0], f"name of {missing[0]!r}")
    user = chance.choice(roulette.users())
    state = roulette.state(user)
    usual = {
        State.LOBBY: [Start(user, tuple(chance.sample(TOPICS, chance.randrange(3)))), Say(user, "")],
        State.SEARCHING: [Say(user, ""), Tick(), Lobby(user)],
        State.PRIVATE: [Next(user), Next(user), Say(user, ""), Lobby(user)],
    }[state]
    if chance.random() < 0.1:
        return Leave(user)
    if BLOCK and state is State.PRIVATE and chance.random() < 0.1:
        return BLOCK(user)
    return chance.choice(usual)


main(Path(sys.argv[1]))
