"""In which part somebody acted, told only where several people share it: who alone holds a post is
named by it as surely as by name.
"""

from collections.abc import Iterable, Iterator

from domain.escalation import SYSTEM
from domain.launch import Launch
from domain.organisation import MODULE_POSTS

STEERING = "steering"
"""Planner, sponsor and executives together: at least two people, since nobody sponsors the own
plan.
"""
INVOLVED = "involved"
FEWEST = 2


def group_of(launch: Launch, person: str, step: str | None) -> str:
    """The smallest group of at least two people in whose part the person acted, as far as posts at
    the start tell: `lead:product`, else `product`, `steering`, or `involved`.

    Of several posts the one at the step's module counts, then the one at its customer.
    """
    if person == SYSTEM:
        return SYSTEM
    for name, people in _groups(launch, person, step):
        if person in people and len(people) >= FEWEST:
            return name
    return INVOLVED


def _groups(launch: Launch, person: str, step: str | None) -> Iterator[tuple[str, frozenset[str]]]:
    steering = {launch.plan.planner, launch.plan.sponsor, *launch.holders("executive")}
    if person in (launch.plan.planner, launch.plan.sponsor):
        yield STEERING, frozenset(steering)
    plan = None if step is None else launch.step(step).plan
    nearest = () if plan is None else (plan.module, plan.customer)
    for module in dict.fromkeys((*nearest, *_modules(launch))):
        posts = {f"{role}:{module}": launch.holders(f"{role}:{module}") for role in MODULE_POSTS}
        yield from ((post, frozenset(people)) for post, people in posts.items())
        yield module, frozenset(person for people in posts.values() for person in people)
    yield STEERING, frozenset(steering)
    yield from _others(launch)


def _modules(launch: Launch) -> Iterable[str]:
    return dict.fromkeys(m for c in launch.steps for m in (c.plan.module, c.plan.customer))


def _others(launch: Launch) -> Iterator[tuple[str, frozenset[str]]]:
    """Posts of the whole organisation by their kind: `frontline` of all regions."""
    kinds = dict.fromkeys(post.key.partition(":")[0] for post in launch.staff)
    for kind in kinds:
        held = [post.people for post in launch.staff if post.key.partition(":")[0] == kind]
        yield kind, frozenset(person for people in held for person in people)
