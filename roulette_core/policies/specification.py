"""From a policy's name to the policy: ``no-repeat``, ``uniform:minimum=5``, ``package.module:Class:depth=2``."""

import importlib
import inspect

from roulette_core.errors import BadPolicy
from roulette_core.policies.fresh import Fresh
from roulette_core.policies.interests import Interests
from roulette_core.policies.no_repeat import NoRepeat
from roulette_core.policies.policy import Policy
from roulette_core.policies.uniform import Uniform
from roulette_core.policies.waves import Waves

POLICIES: dict[str, type[Policy]] = {kind.name: kind for kind in (NoRepeat, Uniform, Fresh, Waves, Interests)}
"""The built-in policies by name."""

SHORT = {"v1": NoRepeat.name, "v2": Uniform.name}
"""Short names: the original's two versions."""


def make_policy(specification: str) -> Policy:
    """Makes a policy from its specification.

    Args:
        specification: a built-in policy's name, ``v1`` or ``v2``, or ``package.module:Class`` for one's own;
            behind it, if wanted, a colon and ``name=number`` pairs separated by commas.

    Returns:
        A new policy.

    Raises:
        BadPolicy: there is no such policy, or it does not take these parameters.
    """
    name, _, rest = specification.partition(":")
    if name in POLICIES or name in SHORT:
        kind = POLICIES[SHORT.get(name, name)]
    elif "." in name or (rest and "=" not in rest.partition(":")[0]):
        class_name, _, rest = rest.partition(":")
        kind = _load(name, class_name)
    else:
        raise BadPolicy(f"there is no policy {name!r}; choose from {', '.join(POLICIES)} or name package.module:Class")
    return _construct(kind, name, rest)


def _load(module_name: str, class_name: str) -> type[Policy]:
    try:
        kind = getattr(importlib.import_module(module_name), class_name)
    except (Exception, SystemExit) as error:  # importing runs code that is not ours, and it may fail in any way
        raise BadPolicy(f"cannot load a policy from {module_name}:{class_name}: {error}") from error
    if not (isinstance(kind, type) and issubclass(kind, Policy)) or inspect.isabstract(kind):
        raise BadPolicy(f"{module_name}:{class_name} is not a complete subclass of roulette_core.Policy")
    return kind


def _construct(kind: type[Policy], name: str, given: str) -> Policy:
    signature = inspect.signature(kind)
    accepted = {each: it.annotation for each, it in signature.parameters.items() if it.kind is not it.VAR_KEYWORD}
    parameters: dict[str, float] = {}
    for setting in given.split(",") if given else ():
        parameter, _, value = setting.partition("=")
        if parameter not in accepted:
            known = f"it takes {', '.join(accepted)}" if accepted else "it takes none"
            raise BadPolicy(f"{name} has no parameter {parameter!r}; {known}")
        if parameter in parameters:
            raise BadPolicy(f"{name} was given {parameter!r} twice")
        try:
            parameters[parameter] = int(value) if accepted[parameter] in (int, "int") else float(value)
        except ValueError:
            raise BadPolicy(f"{name} needs a number for {parameter}, not {value!r}") from None
    try:
        signature.bind(**parameters)
    except TypeError as error:
        raise BadPolicy(f"{name} cannot be made from its specification: {error}") from None
    return kind(**parameters)
