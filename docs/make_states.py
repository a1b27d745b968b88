"""Writes ``docs/states.md`` from the transition table: ``python docs/make_states.py > docs/states.md``."""

from collections.abc import Iterator

from roulette_core import TRANSITIONS, Reason, State

HEAD = """# States

A user is in the lobby, searching or in private; a user whom the library does not know is outside. This page is generated
by `python docs/make_states.py > docs/states.md` from the table in `roulette_core/states.py`.
"""

UNASKED = (
    (State.SEARCHING, State.PRIVATE, "drawn by the policy"),
    (State.PRIVATE, State.SEARCHING, "left by the partner"),
)
"""The two transitions that no event of the user causes, so that the table does not name them."""

NAMES = {State.OUTSIDE: "[*]"}


def name(state: State) -> str:
    """Returns the name of a state in the diagram."""
    return NAMES.get(state, state.name.lower())


def arrows() -> Iterator[str]:
    """Yields each transition as a line of the diagram; events between the same two states share an arrow."""
    labels: dict[tuple[State, State], list[str]] = {}
    for event, verdicts in TRANSITIONS.items():
        for state, verdict in zip(State, verdicts, strict=True):
            if isinstance(verdict, State):
                labels.setdefault((state, verdict), []).append(event.__name__)
    for state, to, why in UNASKED:
        labels.setdefault((state, to), []).append(why)
    for (state, to), events in labels.items():
        yield f"    {name(state)} --> {name(to)}: {', '.join(events)}"


def rows() -> Iterator[str]:
    """Yields the rows of the table, refusals and errors included."""
    yield f"| event | {' | '.join(state.name.lower() for state in State)} |"
    yield "|---" * (len(State) + 1) + "|"
    for event, verdicts in TRANSITIONS.items():
        cells = []
        for verdict in verdicts:
            if isinstance(verdict, State):
                cells.append(f"→ {verdict.name.lower()}")
            elif isinstance(verdict, Reason):
                cells.append(f"refused: `{verdict}`")
            else:
                cells.append(f"raises `{verdict.__name__}`")
        yield f"| `{event.__name__}` | {' | '.join(cells)} |"


def page() -> str:
    """Returns the whole page."""
    diagram = "\n".join(["```mermaid", "stateDiagram-v2", *arrows(), "```"])
    rest = (
        "`Join` is also refused, with `name_taken`, if the name is in use. `Tick` belongs to no user and is always legal. A\n"
        "refusal or an error changes nothing.\n"
    )
    return "\n".join([HEAD, diagram, "", *rows(), "", rest])


if __name__ == "__main__":
    print(page(), end="")
