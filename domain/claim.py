"""Who wants to act, and which parts of the launch are theirs."""

from dataclasses import dataclass

from domain.organisation import MODULE_POSTS
from domain.parties import Parties


@dataclass(frozen=True, slots=True)
class Claim:
    """A person, the posts they hold, and the launch they want to act on."""

    person: str
    posts: frozenset[str]
    parties: Parties

    @property
    def is_planner(self) -> bool:
        return self.person == self.parties.planner

    @property
    def plans(self) -> bool:
        """The planner, or who stands in for the planner now."""
        return self.is_planner or self.person == self.parties.planning_delegate

    @property
    def is_sponsor(self) -> bool:
        """The sponsor of this launch, still holding that post."""
        return self.person == self.parties.sponsor and "sponsor" in self.posts

    @property
    def is_executive(self) -> bool:
        return "executive" in self.posts

    @property
    def held(self) -> dict[str, bool]:
        """Which parts of the launch as a whole are this person's."""
        return {
            "planner": self.is_planner,
            "sponsor": self.is_sponsor,
            "executive": self.is_executive,
        }

    def module_role(self, module: str) -> str | None:
        """`lead`, `deputy` or `head` of that module, the first held."""
        return next((role for role in MODULE_POSTS if f"{role}:{module}" in self.posts), None)

    def frontline(self) -> bool:
        """Front line of one of the launch's regions (no regions: of any)."""
        held = {post.partition(":")[2] for post in self.posts if post.startswith("frontline:")}
        return bool(held & set(self.parties.regions)) if self.parties.regions else bool(held)
