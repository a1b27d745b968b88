"""Planted bugs: copies of the library under another name, each with one place in its source spoilt.

The whole library is copied, the invariants with it, so that nothing of the sound one is changed or shared.
"""

import importlib
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import roulette_core


class Mutant(NamedTuple):
    """A planted bug.

    Attributes:
        invariant: the name of the invariant that must be seen broken.
        file: where the bug is, within the package.
        before: what stands there, once.
        after: what is put in its place.
        policy: with which policy the bug shows.
    """

    invariant: str
    file: str
    before: str
    after: str
    policy: str = "no-repeat"


MUTANTS = [
    # A user in private may begin to search, and is paired a second time.
    Mutant(
        "no_user_in_two_pairs",
        "states.py",
        "Reason.ALREADY_SEARCHING, Reason.ALREADY_PRIVATE",
        "Reason.ALREADY_SEARCHING, _SEARCHING",
    ),
    # Of a pair, one user has themselves as partner.
    Mutant(
        "partnership_is_mutual",
        "machine.py",
        "first.partner, second.partner = second, first",
        "first.partner, second.partner = second, second",
    ),
    # The chat ends for the one who goes, and goes on for the one left behind.
    Mutant("partnership_is_mutual", "machine.py", "member.partner = partner.partner = None", "member.partner = None"),
    # A user who is searching may begin to search.
    Mutant("one_state_at_a_time", "states.py", "_SEARCHING, Reason.ALREADY_SEARCHING", "_SEARCHING, _SEARCHING"),
    # A user who is present may join.
    Mutant("one_state_at_a_time", "states.py", "(_LOBBY, AlreadyJoined,", "(_LOBBY, _LOBBY,"),
    # A chat that ends is counted for ever.
    Mutant("one_state_at_a_time", "machine.py", "self._chats -= 1", "pass"),
    # Back in the lobby, and still in the pool.
    Mutant("pool_is_the_searching", "machine.py", "self._policy.leave(member.user)", "pass"),
    # Left behind, and not in the pool though told to be searching.
    Mutant(
        "pool_is_the_searching",
        "machine.py",
        'self._search(self._part(member, "lobby", effects))',
        'self._part(member, "lobby", effects)',
    ),
    # A private line comes back to who said it.
    Mutant(
        "private_line_reaches_partner",
        "machine.py",
        "PrivateLine(member.user, partner.user,",
        "PrivateLine(member.user, member.user,",
    ),
    # A private line is heard in the lobby.
    Mutant(
        "private_line_reaches_partner",
        "effects.py",
        "Audience((effect.recipient,))",
        "Audience((effect.recipient,), lobby=True)",
    ),
    # What is said in private is swallowed.
    Mutant("private_line_reaches_partner", "machine.py", "effects.append(PrivateLine(", "tuple(PrivateLine("),
    # What is said in private is said in the lobby.
    Mutant("lobby_line_reaches_lobby", "machine.py", "        if partner is None:\n", "        if True:\n"),
    # The sender hears oneself.
    Mutant(
        "lobby_line_reaches_lobby",
        "effects.py",
        "LobbyLine: lambda effect: Audience(lobby=True, but=effect.sender)",
        "LobbyLine: lambda effect: Audience(lobby=True)",
    ),
    # What is said is changed on the way.
    Mutant(
        "lobby_line_reaches_lobby",
        "machine.py",
        "LobbyLine(member.user, event.text)",
        "LobbyLine(member.user, event.text.upper())",
    ),
    # A user in private leaves, and the partner is not told.
    Mutant(
        "pairing_ends_once",
        "machine.py",
        'self._search(self._part(member, "leave", effects))',
        "self._search(member.partner)",
    ),
    # The end of a chat is announced twice.
    Mutant(
        "pairing_ends_once",
        "machine.py",
        "effects.append(Parted(member.user, partner.user, cause))",
        "effects.extend([Parted(member.user, partner.user, cause)] * 2)",
    ),
    # Looked at from one side only.
    Mutant(
        "no_partner_twice_running",
        "policies/no_repeat.py",
        "latest.get(first) != second and latest.get(second) != first",
        "latest.get(first) != second",
    ),
    # Only one of the two remembers.
    Mutant("no_partner_twice_running", "_history.py", "self.partner[second] = first", "pass"),
    # Only those who have waited longest are looked at.
    Mutant("work_conserving", "policies/no_repeat.py", "combinations(self.pool, 2)", "[tuple(self.pool)[:2]]"),
    # Users waiting in a full pool are not tried with newcomers.
    Mutant("work_conserving", "_pool.py", "product(before, newcomers)", "()", "fresh:memory=3,patience=20"),
    # One pair at a time.
    Mutant(
        "work_conserving",
        "machine.py",
        "Paired(first.user, second.user))",
        "Paired(first.user, second.user)); break",
        "waves:every=4",
    ),
    # One more than the minimum.
    Mutant("work_conserving", "policies/uniform.py", "waiting < self.minimum", "waiting <= self.minimum", "uniform"),
    # Waits for the wrong one to lose patience.
    Mutant(
        "work_conserving",
        "policies/fresh.py",
        "return since + self.patience",
        "return since + 2 * self.patience",
        "fresh:memory=3,patience=7",
    ),
    # Sleeps through every other wave.
    Mutant(
        "work_conserving",
        "policies/waves.py",
        "wave = self._wave(now) + 1",
        "wave = self._wave(now) + 2",
        "waves:every=4",
    ),
    # A user who loses patience is not tried again.
    Mutant(
        "work_conserving",
        "policies/interests.py",
        "self._open[user] = self._untried[user] = None",
        "self._open[user] = None",
        "interests:patience=6",
    ),
    # The latest partner is avoided for ever.
    Mutant("work_conserving", "policies/interests.py", "if both_impatient or not", "if not", "interests:patience=6"),
    # The deadline is not looked at.
    Mutant(
        "work_conserving", "machine.py", "if now >= self._deadline:", "if now > self._deadline + 1:", "waves:every=4"
    ),
    # Gone, and then announced to have parted.
    Mutant(
        "nothing_after_leaving",
        "machine.py",
        'self._search(self._part(member, "leave", effects))',
        'effects.append(Left(member.user, member.name)); self._search(self._part(member, "leave", effects))',
    ),
    # Gone, and still talked to.
    Mutant(
        "nothing_after_leaving",
        "machine.py",
        "effects.append(Left(member.user, member.name))",
        "effects += [Left(member.user, member.name), Returned(member.user)]",
    ),
    # A name may be taken twice.
    Mutant("names_are_unique", "machine.py", "if name in self._names:", "if False:"),
    # Announced by name instead of as a user.
    Mutant("only_users_who_exist", "machine.py", "Searching(member.user)", "Searching(member.name)"),
    Mutant("only_users_who_exist", "machine.py", "Paired(first.user, second.user)", "Paired(first.user, second.name)"),
    # A block is the same as next.
    Mutant(
        "blocked_never_paired",
        "machine.py",
        "self._blocks.add(member.user, partner.user)",
        "pass",
        "uniform:minimum=2",
    ),
    # The blocks of a Join are lost.
    Mutant("blocked_never_paired", "machine.py", "self._blocks.add(user, other)", "pass"),
    # Only one of the two is kept apart from the other.
    Mutant(
        "blocked_never_paired", "_blocks.py", "self.apart.setdefault(second, {})[first] = None", "pass", "waves:every=4"
    ),
    # Who leaves is never forgotten.
    Mutant("blocked_never_paired", "machine.py", "self._blocks.forget(member.user)", "pass"),
    # A blocked pair is drawn, so that the core pairs neither of the two.
    Mutant("work_conserving", "policies/no_repeat.py", " and (not apart or second not in apart.get(first, ()))", ""),
    Mutant(
        "work_conserving", "policies/uniform.py", "if pair[1] not in apart.get(pair[0], ()):", "if True:", "uniform"
    ),
    Mutant(
        "work_conserving",
        "policies/fresh.py",
        "if not times(first, second) and second not in apart.get(first, ()):",
        "if not times(first, second):",
        "fresh:memory=1,patience=7",
    ),
    Mutant("work_conserving", "policies/waves.py", "if other in apart:", "if False:", "waves:every=4"),
    # A user who may meet none holds up all behind them.
    Mutant("work_conserving", "policies/waves.py", "range(len(self.pool))", "range(1)", "waves:every=4"),
    # A shared interest counts for more than a block.
    Mutant(
        "work_conserving",
        "policies/interests.py",
        "if other != user and other not in apart and not",
        "if other != user and not",
        "interests:patience=6",
    ),
]


def plant(mutant: Mutant | None, folder: Path) -> ModuleType:
    """Copies the library into a folder, spoilt, and imports the copy.

    Raises:
        AssertionError: the place to spoil is not there, or not there once: the mutant must follow the source.
    """

    def spoil(source: str) -> str:
        assert mutant is not None
        assert source.count(mutant.before) == 1, f"{mutant.before!r} is not there once in {mutant.file}"
        return source.replace(mutant.before, mutant.after)

    return edited(folder, {} if mutant is None else {mutant.file: spoil})


def edited(folder: Path, edits: Mapping[str, Callable[[str], str]]) -> ModuleType:
    """Copies the library into a folder under a name of its own, edits some files, and imports the copy.

    Args:
        folder: where to.
        edits: what to do to the source of a file, by its path within the package; of a new file the source is empty.
    """
    name = f"mutant_{folder.name.replace('-', '_')}"
    home = Path(roulette_core.__file__).parent
    sources = {str(path.relative_to(home)): path.read_text() for path in home.rglob("*.py")}
    for file, edit in edits.items():
        sources[file] = edit(sources.get(file, ""))
    for file, source in sources.items():
        copy = folder / name / file
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(source.replace("roulette_core", name))
    sys.path.insert(0, str(folder))
    try:
        importlib.import_module(f"{name}.testing")
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(folder))
