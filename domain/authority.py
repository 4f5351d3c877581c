"""Who may do what: the role table, in one place for the API and for the launch itself.

The API asks before it writes a command, with the posts a person holds at that moment; `decide`
asks again with the posts the signed envelope names. Neither looks anything up.
"""

from collections.abc import Callable, Iterable
from typing import assert_never

from domain import acts
from domain.claim import Claim
from domain.errors import FourEyes, NotYours
from domain.escalation import Addressee
from domain.organisation import MODULE_POSTS
from domain.parties import Parties, StepParties

RANKS = ("lead", "deputy", "head", "planner", "sponsor", "executive")
"""Roles by growing authority; an escalation may be settled by its addressee's rank or above."""


PLANNERS = "Only the launch's planner, or who stands in for the planner, may do this."
SETTLED_BY = {
    "cancel": (("planner", "sponsor"), "Only the planner or the sponsor may cancel the launch."),
    "postpone": (
        ("planner", "sponsor", "executive"),
        "Only the planner, the sponsor or an executive may postpone the campaign.",
    ),
}
"""Who else than an escalation's addressee it takes to settle it so."""


def acting_role(
    act: acts.PersonAct,
    person: str,
    roles: Iterable[str],
    parties: Parties,
    *,
    escalation: tuple[Addressee, str | None] | None = None,
) -> str:
    """The role in which this person may do this act.

    `roles` are posts as written (`lead:product`); `escalation` is the addressee and step of the
    escalation the act names. Raises NoSuchStep, NotYours, FourEyes.
    """
    claim = Claim(person, frozenset(roles), parties)
    if isinstance(act, acts.StepAct):
        return _on_step(claim, act, parties.step(act.step))
    match act:
        case acts.AmendPlan():
            return _first(claim, *_PLANNING, otherwise=PLANNERS)
        case acts.DelegatePlanning():
            message = "Only the launch's planner may let somebody else plan it."
            return _first(claim, _planner, otherwise=message)
        case acts.WaiveFinding():
            return _finding_waiver(claim)
        case acts.StopLaunch() | acts.Escalate() | acts.CommentOnEscalation():
            return _involved(claim)
        case acts.ResumeLaunch():
            return _first(
                claim,
                _sponsor,
                _executive,
                otherwise="Only the sponsor or an executive may resume a stopped launch.",
            )
        case acts.CancelLaunch():
            return _first(
                claim,
                _planner,
                _sponsor,
                otherwise="Only the planner or the sponsor may cancel a launch.",
            )
        case acts.AcknowledgeEscalation() | acts.ResolveEscalation():
            return _escalation_role(claim, act, escalation)
        case _:
            assert_never(act)


def performers(step: StepParties) -> tuple[str, ...]:
    """The posts that may answer for a step; empty when one named person performs it alone."""
    of_module = tuple(f"{role}:{step.module}" for role in MODULE_POSTS)
    if step.performer_role is None and step.performer_person is None:
        return of_module
    besides = of_module if step.signers > 1 else ()
    if step.performer_person is not None or step.performer_role is None:
        return besides
    scoped = step.performer_role in MODULE_POSTS
    named = f"{step.performer_role}:{step.module}" if scoped else step.performer_role
    return tuple(dict.fromkeys((named, *besides)))


def _on_step(claim: Claim, act: acts.StepAct, step: StepParties) -> str:
    if isinstance(act, acts.PerformerAct):
        return _performer(claim, step)
    if isinstance(act, acts.CustomerAct):
        return _customer(claim, step)
    if isinstance(act, acts.PlannerAct):
        return _first(claim, *_PLANNING, otherwise=PLANNERS)
    if isinstance(act, acts.Delegate):
        return _delegator(claim, step)
    return _waiver(claim, step)


def stands_in_for(act: acts.PersonAct, person: str, role: str, parties: Parties) -> str | None:
    """For whom a delegate acts."""
    if role != "delegate":
        return None
    if isinstance(act, acts.PlannerAct | acts.AmendPlan):
        return parties.planner
    if not isinstance(act, acts.PerformerAct):
        return None
    step = parties.step(act.step)
    return step.delegated_by if person == step.delegate else None


Test = Callable[[Claim], str | None]


def _first(claim: Claim, *tests: Test, otherwise: str) -> str:
    for test in tests:
        if role := test(claim):
            return role
    raise NotYours(otherwise, person=claim.person)


def _planner(claim: Claim) -> str | None:
    return "planner" if claim.is_planner else None


def _planning_delegate(claim: Claim) -> str | None:
    return "delegate" if claim.plans else None


_PLANNING: tuple[Test, ...] = (_planner, _planning_delegate)


def _sponsor(claim: Claim) -> str | None:
    return "sponsor" if claim.is_sponsor else None


def _executive(claim: Claim) -> str | None:
    return "executive" if claim.is_executive else None


def _performer(claim: Claim, step: StepParties) -> str:
    if claim.plans:
        message = "The planner asks for this commitment; somebody else must answer for the module."
        raise FourEyes(message, step=step.key)
    if step.performer_person is not None and claim.person == step.performer_person:
        return step.performer_role or "delegate"
    for post in performers(step):
        if post in claim.posts:
            return post.partition(":")[0]
    if claim.person == step.delegate:
        return "delegate"
    message = f"Only lead, deputy or head of {step.module} may answer for this step."
    if step.signers == 1 and step.performer_person is not None:
        message = f"This attempt was reassigned to {step.performer_person}."
    elif step.signers == 1 and step.performer_role is not None:
        message = f"This attempt was reassigned to the {step.performer_role} of {step.module}."
    raise NotYours(message, step=step.key, module=step.module)


def _delegator(claim: Claim, step: StepParties) -> str:
    if claim.plans:
        message = "The planner asks for this commitment; somebody else must answer for the module."
        raise FourEyes(message, step=step.key)
    for role in ("lead", "head"):
        if f"{role}:{step.module}" in claim.posts:
            return role
    message = f"Only lead or head of {step.module} may let somebody else answer for it."
    raise NotYours(message, step=step.key, module=step.module)


def _customer(claim: Claim, step: StepParties) -> str:
    if step.customer == "planner":
        return _first(
            claim, _planner, otherwise="The planner receives this deliverable and judges it."
        )
    message = f"Only lead, deputy or head of {step.customer} may judge this delivery."
    return _first(claim, lambda c: c.module_role(step.customer), otherwise=message)


def _owes(claim: Claim, step: StepParties) -> bool:
    """Of the module, or the one an attempt was reassigned to."""
    if claim.module_role(step.module) or claim.person in (step.performer_person, step.delegate):
        return True
    return any(post in claim.posts for post in performers(step))


def _waiver(claim: Claim, step: StepParties) -> str:
    if claim.plans or _owes(claim, step):
        message = "A waiver is decided by neither the planner nor the module that owes."
        raise NotYours(message, step=step.key)
    if claim.is_sponsor:
        return "sponsor"
    if claim.is_executive:
        return "executive"
    if step.customer != "planner" and f"head:{step.customer}" in claim.posts:
        return "head"
    message = "A waiver takes the sponsor, and then an executive or the customer module's head."
    raise NotYours(message, step=step.key)


def _finding_waiver(claim: Claim) -> str:
    """Which step the finding belongs to is judged where the finding is known."""
    if claim.plans:
        message = "A finding is waived by the sponsor and a second person, not by the planner."
        raise NotYours(message)
    heads = any(post.startswith("head:") for post in claim.posts)
    if claim.is_sponsor:
        return "sponsor"
    if claim.is_executive:
        return "executive"
    if heads:
        return "head"
    message = "A finding takes the sponsor, and then an executive or the customer module's head."
    raise NotYours(message)


def _involved(claim: Claim) -> str:
    for test in (*_PLANNING, _sponsor, _executive):
        if role := test(claim):
            return role
    for step in claim.parties.steps:
        if role := claim.module_role(step.module) or _named(claim, step):
            return role
    if claim.frontline():
        return "frontline"
    message = "Only people involved in this launch may do this."
    raise NotYours(message, person=claim.person)


def _named(claim: Claim, step: StepParties) -> str | None:
    is_named = claim.person in (step.performer_person, step.delegate)
    return "delegate" if is_named else None


def _escalation_role(
    claim: Claim, act: acts.EscalationAct, escalation: tuple[Addressee, str | None] | None
) -> str:
    if escalation is None:
        message = "an escalation act needs its escalation"
        raise ValueError(message)
    to, step = escalation
    role = _addressed(claim, to, claim.parties.step(step) if step else None)
    if isinstance(act, acts.ResolveEscalation) and act.resolution in SETTLED_BY:
        roles, message = SETTLED_BY[act.resolution]
        if not any(claim.held[role] for role in roles):
            raise NotYours(message)
    return role


def _addressed(claim: Claim, to: Addressee, step: StepParties | None) -> str:
    """The addressee, who stands in for the addressee still, or anyone of a higher rank; above a
    person stand sponsor and executive.
    """
    if to.role is None and claim.person == to.person:
        return "addressee"
    lowest = RANKS.index(to.role) if to.role in RANKS else RANKS.index("sponsor")
    module = to.module or (step.module if step else None)
    for role in RANKS[lowest:]:
        of_module = module is not None and f"{role}:{module}" in claim.posts
        if claim.held.get(role, of_module):
            return role
    if claim.person == to.person and step is not None and step.delegate == claim.person:
        return "delegate"
    message = "Only the person this escalation is put to, or somebody above, may settle it."
    raise NotYours(message)
