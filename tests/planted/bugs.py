"""Twenty bugs of every part, each as a place in a source and what stands there instead."""

from typing import NamedTuple


class Bug(NamedTuple):
    """A planted bug.

    Attributes:
        name: what is wrong, in words.
        file: where, from the top of the repository.
        before: what stands there, once.
        after: what is put in its place.
        policy: with which policy it shows.
        tool: what catches it soonest.
    """

    name: str
    file: str
    before: str
    after: str
    policy: str = "no-repeat"
    tool: str = "prove"

    @property
    def part(self) -> str:
        """Core, policies, gateway or codec."""
        if self.file.startswith("transports/dialects/"):
            return "codec"
        if self.file.startswith("transports/"):
            return "gateway"
        return "policies" if "/policies/" in self.file or self.file.endswith(("pool.py", "history.py")) else "core"


BUGS = (
    Bug(
        "only one of two is told that their chat is over",
        "roulette_core/effects.py",
        "Parted: lambda effect: Audience((effect.user, effect.partner))",
        "Parted: lambda effect: Audience((effect.user,))",
    ),
    Bug(
        "whoever leaves in private leaves the partner to nobody",
        "roulette_core/machine.py",
        'self._search(self._part(member, "leave", effects))',
        'self._part(member, "leave", effects)',
    ),
    Bug(
        "a block is no more than next",
        "roulette_core/machine.py",
        "self._blocks.add(member.user, partner.user)",
        "pass",
        "uniform:minimum=2",
    ),
    Bug(
        "what is due happens a second late",
        "roulette_core/machine.py",
        "if now >= self._deadline:",
        "if now > self._deadline + 1:",
        "waves:every=5",
    ),
    Bug(
        "a restored roulette has forgotten who is kept apart",
        "roulette_core/_directory.py",
        "            self._blocks.add(*pair)\n",
        "            pass\n",
        tool="swarm",
    ),
    Bug(
        "only one of two is avoided as latest partner",
        "roulette_core/_history.py",
        "self.partner[second] = first",
        "pass",
    ),
    Bug(
        "lots are drawn among the first few alone",
        "roulette_core/policies/uniform.py",
        "choose(waiting), choose(waiting - 1)",
        "choose(waiting), choose(min(2, waiting - 1))",
        "uniform:minimum=5",
        tool="check",
    ),
    Bug(
        "patience lasts twice as long",
        "roulette_core/policies/fresh.py",
        "return since + self.patience",
        "return since + 2 * self.patience",
        "fresh:memory=3,patience=7",
    ),
    Bug(
        "every other wave is slept through",
        "roulette_core/policies/waves.py",
        "wave = self._wave(now) + 1",
        "wave = self._wave(now) + 2",
        "waves:every=4",
    ),
    Bug(
        "a shared interest counts for more than a block",
        "roulette_core/policies/interests.py",
        "if other != user and other not in apart and not",
        "if other != user and not",
        "interests:patience=6",
    ),
    Bug(
        "who waits in a full pool is not tried with those who come",
        "roulette_core/_pool.py",
        "product(before, newcomers)",
        "()",
        "fresh:memory=3,patience=20",
        tool="swarm",
    ),
    Bug(
        "the lobby is heard in private",
        "transports/gateway/lobby_audience.py",
        "del self._groups[dialect][user]",
        "self._groups[dialect].get(user)",
        tool="swarm",
    ),
    Bug(
        "of what came too fast, the first line is lost",
        "transports/gateway/request_handler.py",
        "session.backlog = backlog",
        "session.backlog = backlog[1:]",
        tool="swarm",
    ),
    Bug(
        "what comes late overtakes what was held back",
        "transports/gateway/gateway.py",
        "session.backlog = [*session.backlog, *lines]",
        "session.backlog = [*lines, *session.backlog]",
        tool="swarm",
    ),
    Bug(
        "an alarm cannot be brought forward",
        "transports/gateway/timers.py",
        'if when < self._earliest.get(connection, float("inf")):',
        "if connection not in self._earliest:",
        tool="swarm",
    ),
    Bug(
        "a connection that is lost leaves its user behind",
        "transports/gateway/sessions.py",
        "        if session.name:\n            self.driver.leave(session, now)",
        "        if session.name and reason is not CloseReason.LOST:\n            self.driver.leave(session, now)",
        tool="swarm",
    ),
    Bug(
        "those who left are counted for ever",
        "transports/gateway/sessions.py",
        "        self.admission.leave(session.address)\n",
        "",
        tool="swarm",
    ),
    Bug(
        "a line that comes in two pieces loses the first",
        "transports/dialects/lines.py",
        " and not self._pending and not self.skipped",
        " and not self.skipped",
        tool="swarm",
    ),
    Bug(
        "a program is told the wrong side of a farewell",
        "transports/dialects/json_lines.py",
        '("you" if user == effect.user else "partner")',
        '("you" if user == effect.partner else "partner")',
        tool="swarm",
    ),
    Bug(
        "what begins with a slash is not said",
        "transports/dialects/text.py",
        "said = rest if word == SAY.typed else line",
        'said = rest if word == SAY.typed else line.removeprefix("/")',
        tool="swarm",
    ),
)
"""Twenty and no more: a bug that is added replaces one that taught less."""
