"""What a policy may know of a user who is searching."""

from roulette_core.events import Attributes, User

NO_ATTRIBUTES: Attributes = {}


class Searcher:
    """One user of the pool. Kept by the roulette; to be read only.

    Attributes:
        user: the user's id.
        since: when the user began to search, in seconds.
        interests: the topics wanted, each once; none means any topic.
        attributes: what the caller has said of the user.
    """

    __slots__ = ("attributes", "interests", "since", "user")

    def __init__(
        self,
        user: User,
        since: float = 0.0,
        interests: tuple[str, ...] = (),
        attributes: Attributes = NO_ATTRIBUTES,
    ) -> None:
        self.user = user
        self.since = since
        self.interests = interests
        self.attributes = attributes
