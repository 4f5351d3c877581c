"""Who could act at all: whether a chain has enough people for its signatures, judgements, waivers.

These are conditions on starting a launch; who may do what at a given moment is decided elsewhere.
"""

from domain.organisation import MODULE_POSTS, Organisation
from domain.template import PLANNER


def performers(organisation: Organisation, module: str) -> tuple[str, ...]:
    """People who may answer for a module: its lead, deputy and head, without repetition."""
    posts = (f"{post}:{module}" for post in MODULE_POSTS)
    return tuple(dict.fromkeys(p for post in posts for p in organisation.holders(post)))


def eligible_signers(organisation: Organisation, module: str, planner: str) -> tuple[str, ...]:
    """Performers who are not the launch's planner: the planner signs none of its commitments."""
    return tuple(p for p in performers(organisation, module) if p != planner)


def eligible_judges(
    organisation: Organisation, module: str, customer: str, planner: str
) -> tuple[str, ...]:
    """People who may accept what a module delivers; one who reported it never judges it.

    Where a module receives from itself, one of its people is taken off as the reporter.
    """
    if customer == PLANNER:
        return (planner,)
    people = performers(organisation, customer)
    return people[1:] if customer == module else people


def second_waivers(
    organisation: Organisation, module: str, customer: str, *, planner: str, sponsor: str
) -> tuple[str, ...]:
    """People who could make a waiver effective that the sponsor opened.

    Executive or head of the customer module; neither planner, sponsor nor performer of the step.
    """
    excluded = {planner, sponsor, *performers(organisation, module)}
    posts = ("executive", f"head:{customer}")
    found = dict.fromkeys(p for post in posts for p in organisation.holders(post))
    return tuple(p for p in found if p not in excluded)
