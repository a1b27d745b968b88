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


_LOOKS_AT_CHAT = """        if chat is not None and chat != member.chat:
            effects.append(_elsewhere(user, chat))
"""
"""How ``_transitions.py`` refuses what belongs to a chat that is over."""

MUTANTS = [
    # A user in private may begin to search, and is paired a second time.
    Mutant("no_user_in_two_pairs", "states.py", "_SEARCHING, _SEARCHING, Reason.ALREADY_PRIVATE", "*[_SEARCHING] * 3"),
    # Of a pair, one user has themselves as partner.
    Mutant(
        "partnership_is_mutual",
        "_pairing.py",
        "first.partner, second.partner = second, first",
        "first.partner, second.partner = second, second",
    ),
    # The chat ends for the one who goes, and goes on for the one left behind.
    Mutant(
        "partnership_is_mutual", "_transitions.py", "member.partner = partner.partner = None", "member.partner = None"
    ),
    # A user who is searching begins to search again, and is told of a return.
    Mutant("one_state_at_a_time", "_transitions.py", "effects.append(Returned(", "effects.append(Searching("),
    # A user who is present may join.
    Mutant("one_state_at_a_time", "states.py", "(_LOBBY, AlreadyJoined,", "(_LOBBY, _LOBBY,"),
    # A chat that ends is counted for ever.
    Mutant("counts_are_right", "_transitions.py", "self._chats_over += 1", "pass"),
    # A user who stops searching is counted for ever.
    Mutant(
        "counts_are_right",
        "_directory.py",
        "lobby = len(self._members) - searching - private",
        "lobby = len(self._members) - searching",
    ),
    # Back in the lobby, and still in the pool.
    Mutant(
        "pool_is_the_searching",
        "_pairing.py",
        "        self._searching -= 1\n        self._policy.leave(member.user)",
        "",
    ),
    # Left behind, and not in the pool though told to be searching.
    Mutant(
        "pool_is_the_searching",
        "_transitions.py",
        'if place == "searching":  # ahead',
        'if place == "searching" and cause != "lobby":  # ahead',
    ),
    # A private line comes back to the user who said it.
    Mutant(
        "private_line_reaches_partner",
        "_transitions.py",
        "PrivateLine, (user, partner.user,",
        "PrivateLine, (user, user,",
    ),
    # A private line is heard in the lobby.
    Mutant(
        "private_line_reaches_partner",
        "effects.py",
        "Audience((effect.recipient,))",
        "Audience((effect.recipient,), lobby=True)",
    ),
    # What is said in private is swallowed.
    Mutant(
        "private_line_reaches_partner", "_transitions.py", "effects.append(new(PrivateLine,", "tuple(new(PrivateLine,"
    ),
    # What is said in private is said in the lobby.
    Mutant(
        "lobby_line_reaches_lobby",
        "_transitions.py",
        "        elif partner is None:\n            effects.append(LobbyLine",
        "        elif True:\n            effects.append(LobbyLine",
    ),
    # The sender hears oneself.
    Mutant(
        "lobby_line_reaches_lobby",
        "effects.py",
        "LobbyLine: lambda effect: Audience(lobby=True, but=effect.sender)",
        "LobbyLine: lambda effect: Audience(lobby=True)",
    ),
    # What is said is changed on the way.
    Mutant("lobby_line_reaches_lobby", "_transitions.py", "LobbyLine(user, text,", "LobbyLine(user, text.upper(),"),
    # A user in private leaves, and the partner is not told.
    Mutant(
        "pairing_ends_once",
        "_transitions.py",
        'self._part(member, "leave", event.left_behind, effects)',
        'self._part(member, "leave", event.left_behind, [])',
    ),
    # The end of a chat is announced twice.
    Mutant(
        "pairing_ends_once",
        "_transitions.py",
        '        if place == "searching":  # ahead',
        '        effects.append(effects[-1])\n        if place == "searching":  # ahead',
    ),
    # The end of a chat is put down to another request.
    Mutant("pairing_ends_once", "_transitions.py", 'self._part(member, "next",', 'self._part(member, "lobby",'),
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
        "_pairing.py",
        "sum(self._declines(pair, effects) for pair in drawn) > 0",
        "self._declines(drawn[0], effects); break",
        "waves:every=4",
    ),
    # One more than the minimum.
    Mutant("work_conserving", "policies/uniform.py", "waiting < self.minimum", "waiting <= self.minimum", "uniform"),
    # Waits for the wrong one to lose patience.
    Mutant(
        "work_conserving",
        "policies/fresh.py",
        "return searcher.since + self.patience",
        "return searcher.since + 2 * self.patience",
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
        "_transitions.py",
        'self._part(member, "leave", event.left_behind, effects)',
        'effects.append(Left(member.user, member.name)); self._part(member, "leave", event.left_behind, effects)',
    ),
    # Gone, and still talked to.
    Mutant(
        "nothing_after_leaving",
        "_transitions.py",
        'effects.append(new(Left, (member.user, member.name, "left")))',
        "effects += [Left(member.user, member.name), Returned(member.user)]",
    ),
    # A name may be taken twice.
    Mutant("names_are_unique", "_transitions.py", "if name in self._names:", "if False:"),
    # Announced by name instead of as a user.
    Mutant("only_users_who_exist", "_transitions.py", "new(Searching, (member.user,", "new(Searching, (member.name,"),
    Mutant(
        "only_users_who_exist",
        "_pairing.py",
        "(one, other, first.name",
        "(one, second.name, first.name",
    ),
    # A block is the same as next.
    Mutant(
        "blocked_never_paired",
        "_transitions.py",
        'self._blocks.add(user, blocked.user)\n            self._part(member, "block"',
        'self._part(member, "block"',
        "uniform:minimum=2",
    ),
    # The blocks of a Join are lost, in one direction and in the other.
    Mutant(
        "blocked_never_paired",
        "_transitions.py",
        "        for other in blocked:\n            self._blocks.add(user, other)",
        "",
    ),
    Mutant("blocked_never_paired", "_transitions.py", "self._blocks.add(other, user)", "pass"),
    # Only one of the two is kept apart from the other.
    Mutant(
        "blocked_never_paired",
        "_blocks.py",
        "self.apart.setdefault(other, {}).setdefault(user, False)",
        "pass",
        "waves:every=4",
    ),
    # Who leaves is never forgotten.
    Mutant("blocked_never_paired", "_transitions.py", "self._blocks.forget(member.user)", "pass"),
    # A blocked pair is drawn, so that the core pairs neither of the two.
    Mutant(
        "work_conserving",
        "policies/no_repeat.py",
        "if strangers and (not apart or second not in apart.get(first, ())):",
        "if strangers:",
    ),
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
    Mutant(
        "work_conserving",
        "policies/waves.py",
        "if second is not None:",
        "if second is None:\n                break\n            else:",
        "waves:every=4",
    ),
    # A shared interest counts for more than a block.
    Mutant(
        "work_conserving",
        "policies/interests.py",
        "if other != user and other not in apart and not",
        "if other != user and not",
        "interests:patience=6",
    ),
    # Two who may meet again are not tried again.
    Mutant(
        "work_conserving",
        "_transitions.py",
        "            self._reunite(member, other)",
        "            pass",
        "uniform:minimum=2",
    ),
    # New interests do not count before the next search.
    Mutant("work_conserving", "_transitions.py", "self._policy.update(member)", "pass", "interests:patience=6"),
    # A number is given twice.
    Mutant("chats_are_numbered", "_pairing.py", "self._chats = first.chat = second.chat", "first.chat = second.chat"),
    # The end of a chat bears another number.
    Mutant(
        "chats_are_numbered", "_transitions.py", "partner.name, chat, place,", "partner.name, self._chats + 1, place,"
    ),
    # The partner is thought to be in the chat before.
    Mutant("chats_are_numbered", "_pairing.py", "first.chat = second.chat = chat", "first.chat = chat"),
    # A line of a chat that is over is delivered where the user is now.
    Mutant(
        "requests_stay_in_their_chat",
        "_transitions.py",
        _LOOKS_AT_CHAT + "        elif partner is None:",
        "        if partner is None:",
    ),
    # Only lines for the lobby are looked at.
    Mutant(
        "requests_stay_in_their_chat",
        "_transitions.py",
        _LOOKS_AT_CHAT + "        elif partner is None:",
        _LOOKS_AT_CHAT.replace("chat is not None", "chat == 0") + "        elif partner is None:",
    ),
    # A next for a chat that is over ends the present one.
    Mutant(
        "requests_stay_in_their_chat",
        "_transitions.py",
        "if event.chat is not None and event.chat != member.chat:",
        "if False:",
    ),
    # A block for a chat that is over strikes the present partner.
    Mutant(
        "requests_stay_in_their_chat",
        "_transitions.py",
        "elif chat is not None and chat != member.chat:",
        "elif False:",
    ),
    # Refused, and delivered.
    Mutant(
        "requests_stay_in_their_chat",
        "_transitions.py",
        "            effects.append(_elsewhere(user, chat))\n        elif partner is None:",
        "            effects.append(_elsewhere(user, chat))\n        if partner is None:",
    ),
    # A block is taken back for the other, too.
    Mutant("blocks_are_as_asked", "_blocks.py", "if self.made(other, user):", "if False:", "uniform:minimum=2"),
    # A block by name is told, and not kept.
    Mutant(
        "blocks_are_as_asked",
        "_transitions.py",
        "            self._blocks.add(user, blocked.user)\n            self._pool_changed = True  # a deadline",
        "            self._pool_changed = True  # a deadline",
    ),
    # A block that the other has made can be taken back.
    Mutant(
        "blocks_are_as_asked",
        "_transitions.py",
        "if not self._blocks.made(user, other.user):",
        "if not self._blocks.between(user, other.user):",
    ),
    # A block by name strikes the partner.
    Mutant("blocks_are_as_asked", "_transitions.py", "blocked is partner:", "partner is not None:"),
    # A block taken back goes on.
    Mutant(
        "blocks_are_as_asked", "_transitions.py", "self._blocks.remove(user, other.user)", "pass", "uniform:minimum=2"
    ),
    # Partners always search.
    Mutant(
        "partner_goes_where_asked",
        "_transitions.py",
        "place = left_behind or self._left_behind",
        "place = self._left_behind",
    ),
    # Of two who leave at once, one searches first.
    Mutant(
        "partner_goes_where_asked",
        "_transitions.py",
        'event._replace(left_behind="lobby") if together else event',
        "event",
    ),
    # The partner's name is the user's own.
    Mutant(
        "names_are_told", "_transitions.py", "cause, member.name, partner.name,", "cause, member.name, member.name,"
    ),
    Mutant("names_are_told", "_transitions.py", "text, member.name, member.chat,", "text, partner.name, member.chat,"),
    Mutant("names_are_told", "_pairing.py", "first.name, second.name, chat,", "second.name, first.name, chat,"),
    Mutant(
        "names_are_told",
        "_transitions.py",
        "Blocked(user, blocked.user, blocked.name)",
        "Blocked(user, blocked.user, member.name)",
    ),
    # Only the first interests count.
    Mutant(
        "policies_know_the_latest",
        "_transitions.py",
        "member.interests = event.interests",
        "member.interests = member.interests or event.interests",
        "interests:patience=6",
    ),
    # Attributes are merged instead of replaced.
    Mutant(
        "policies_know_the_latest",
        "_transitions.py",
        "            member.attributes = event.attributes",
        "            member.attributes = {**member.attributes, **event.attributes}",
    ),
    # A change of interests costs the user their place.
    Mutant(
        "policies_know_the_latest",
        "_transitions.py",
        "            self._policy.update(member)",
        "            self._policy.update(member)\n            member.since = self._now",
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
