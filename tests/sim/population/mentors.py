"""Policies that pair users of two roles only."""

from itertools import product
from typing import ClassVar

from roulette_core import Policy, Role, User
from roulette_core.policies.policy import Choose, Searcher


class Mentors(Policy):
    """Pairs mentors with mentees, who say so in an attribute."""

    cast: ClassVar[tuple[Role, ...]] = (Role(attributes={"role": "mentor"}), Role(attributes={"role": "mentee"}))

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        """Returns the longest-waiting mentor and mentee."""
        mentors, mentees = (self._users(role) for role in ("mentor", "mentee"))
        apart = self.blocks.apart
        return next((pair for pair in product(mentors, mentees) if pair[1] not in apart.get(pair[0], ())), None)

    def _users(self, role: str) -> list[User]:
        return [user for user, searcher in self.pool.items() if self.role(searcher) == role]

    def role(self, searcher: Searcher) -> object:
        """Returns what a user has said to be."""
        return searcher.attributes.get("role")


class MentorsByInterest(Mentors):
    """The same, by interests."""

    cast: ClassVar[tuple[Role, ...]] = (Role(("mentor",)), Role(("mentee",)))

    def role(self, searcher: Searcher) -> object:
        """Returns what a user is interested to be."""
        return "".join(searcher.interests)
