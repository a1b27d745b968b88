"""The parts of a specification: ``package.module:Class`` as a class, ``depth=2,patience=10`` as its parameters."""

import importlib
import inspect

from roulette_core.errors import BadPolicy
from roulette_core.policies.policy import Policy


def load(module_name: str, class_name: str) -> type[Policy]:
    """Imports a policy's class. Raises ``BadPolicy`` if it cannot, or if that is not one."""
    try:
        kind = getattr(importlib.import_module(module_name), class_name)
    except (Exception, SystemExit) as error:  # importing runs code that is not ours, and it may fail in any way
        raise BadPolicy(f"cannot load a policy from {module_name}:{class_name}: {error}") from error
    if not (isinstance(kind, type) and issubclass(kind, Policy)) or inspect.isabstract(kind):
        raise BadPolicy(f"{module_name}:{class_name} is not a complete subclass of roulette_core.Policy")
    return kind


def construct(kind: type[Policy], name: str, given: str) -> Policy:
    """Makes a policy with the parameters ``given``. Raises ``BadPolicy`` if the class does not take them."""
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
