"""What is kept of a snapshot when a roulette goes on under another policy, or the same with other parameters."""

from copy import deepcopy
from typing import Any

from roulette_core._snapshots import CoreState
from roulette_core.events import User
from roulette_core.policies import POLICIES, Policy


def pass_on(state: CoreState, policy: Policy) -> list[str]:
    """Lets a new policy take over what another one remembered.

    Returns:
        What it could not take over, in sentences.
    """
    memory = state.memory
    if memory is None or (isinstance(memory, dict) and memory.get("partners") == []):
        return []
    if type(policy).restore is Policy.restore:
        return [f"{policy.specification} remembers nothing: what {state.policy} remembered is lost"]
    if type(policy) in POLICIES.values() and isinstance(memory, dict) and policy.specification != state.policy:
        memory = {"partners": memory.get("partners")}  # of the rest, who has lost patience, it keeps its own account
    try:
        deepcopy(policy).restore(deepcopy(memory))  # a trial, as a policy that refuses may have taken half of it
    except Exception as error:
        return [f"{policy.specification} cannot take over what {state.policy} remembered: {error!r}"]
    policy.restore(memory)
    shorter = len(_partners(memory) - _partners(policy.snapshot()))
    return [f"{policy.specification} remembers fewer partners: {shorter} are lost"] if shorter else []


def _partners(memory: Any) -> set[tuple[Any, Any]]:
    """Returns the partners that each user remembers, where a memory says so as the built-in ones do."""
    listed = memory.get("partners", ()) if isinstance(memory, dict) else ()
    return {(user, partner) for user, partners in listed for partner in partners}


def in_waiting_order(state: CoreState) -> list[tuple[User, float]]:
    """Returns the pool with the longest-waiting first; a policy's own order need not be that."""
    return sorted(state.pool, key=lambda row: row[1])
