"""Who may do what, written a second time from the table of roles, as a judge over `authority`.

It answers only whether a person may do an act at all; whether now is the moment is another matter.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import assert_never

from domain import acts
from domain.commitment import Commitment
from domain.launch import Launch

POSTS_OF_A_MODULE = ("lead", "deputy", "head")
HIERARCHY = ("lead", "deputy", "head", "planner", "sponsor", "executive")


def may(
    launch: Launch, act: acts.PersonAct, person: str, posts: Iterable[str], now: datetime
) -> bool:
    """Whether the table gives this act to this person, holding these posts at that moment."""
    return _Person(launch, person, frozenset(posts), now).may(act)


class _Person:
    def __init__(self, launch: Launch, person: str, posts: frozenset[str], now: datetime) -> None:
        self.launch = launch
        self.now = now
        self.person = person
        self.posts = posts
        self.is_planner = person == launch.plan.planner
        given = launch.delegate
        stands_in = given is not None and given.to == person and given.until > now
        self.plans = self.is_planner or stands_in
        self.is_sponsor = person == launch.plan.sponsor and "sponsor" in posts
        self.is_executive = "executive" in posts

    def may(self, act: acts.PersonAct) -> bool:
        match act:
            case acts.Acknowledge() | acts.Ask() | acts.Sign() | acts.Decline() | acts.Report():
                return self.performs(self.launch.step(act.step))
            case (
                acts.Counter()
                | acts.WithdrawCounter()
                | acts.RetractReport()
                | acts.RequestRelease()
                | acts.Revoke()
            ):
                return self.performs(self.launch.step(act.step))
            case (
                acts.AcceptCounter()
                | acts.Amend()
                | acts.AmendPlan()
                | acts.Withdraw()
                | acts.CancelCommitment()
                | acts.AllowRelease()
                | acts.RefuseRelease()
                | acts.Confirm()
                | acts.Remind()
                | acts.Reply()
                | acts.Request()
            ):
                return self.plans
            case acts.Delegate():
                return self.lets_stand_in(self.launch.step(act.step))
            case acts.Accept() | acts.Reject():
                return self.judges(self.launch.step(act.step))
            case acts.DelegatePlanning():
                return self.is_planner
            case acts.Waive():
                return self.waives(self.launch.step(act.step))
            case acts.WaiveFinding():
                return self.waives_finding(act)
            case acts.StopLaunch() | acts.Escalate() | acts.CommentOnEscalation():
                return self.is_involved
            case acts.ResumeLaunch():
                return self.is_sponsor or self.is_executive
            case acts.CancelLaunch():
                return self.is_planner or self.is_sponsor
            case acts.AcknowledgeEscalation():
                return self.outranks(act)
            case acts.ResolveEscalation():
                return self.outranks(act) and self.may_settle_so(act)
            case _:
                assert_never(act)

    def belongs_to(self, module: str) -> bool:
        return any(f"{post}:{module}" in self.posts for post in POSTS_OF_A_MODULE)

    def lets_stand_in(self, commitment: Commitment) -> bool:
        posts = {f"{post}:{commitment.plan.module}" for post in ("lead", "head")}
        return not self.plans and bool(posts & self.posts)

    def stands_in(self, commitment: Commitment) -> bool:
        given = commitment.delegate
        return given is not None and given.to == self.person and given.until > self.now

    def performs(self, commitment: Commitment) -> bool:
        if self.plans:
            return False
        if self.stands_in(commitment):
            return True
        named = commitment.performer
        belongs = self.belongs_to(commitment.plan.module)
        if named is None or (belongs and commitment.plan.signers > 1):
            return belongs
        if named.person is not None:
            return self.person == named.person
        assert named.role is not None
        if named.role in POSTS_OF_A_MODULE:
            return f"{named.role}:{commitment.plan.module}" in self.posts
        return {"sponsor": self.is_sponsor, "executive": self.is_executive}[named.role]

    def judges(self, commitment: Commitment) -> bool:
        if commitment.plan.customer == "planner":
            return self.is_planner
        return self.belongs_to(commitment.plan.customer)

    def waives(self, commitment: Commitment) -> bool:
        """The sponsor to open; executive or head of the customer to agree. Nobody who performs."""
        owes = self.belongs_to(commitment.plan.module) or self.performs(commitment)
        agrees = self.is_executive or f"head:{commitment.plan.customer}" in self.posts
        return not (self.plans or owes) and (self.is_sponsor or agrees)

    def waives_finding(self, act: acts.WaiveFinding) -> bool:
        return self.waives(self.launch.step(self.launch.finding(act.finding).step))

    @property
    def is_involved(self) -> bool:
        steps = self.launch.steps
        regions = [post.removeprefix("frontline:") for post in self.posts if "frontline" in post]
        return (
            self.plans
            or self.is_sponsor
            or self.is_executive
            or any(self.belongs_to(c.plan.module) for c in steps)
            or any(c.performer and c.performer.person == self.person for c in steps)
            or any(self.stands_in(c) for c in steps)
            or any(r in self.launch.plan.regions or not self.launch.plan.regions for r in regions)
        )

    def outranks(self, act: acts.EscalationAct) -> bool:
        """The addressee, or somebody on a higher rung; above a person stands the sponsor."""
        escalation = self.launch.escalation(act.escalation)
        if escalation.to.person is not None and escalation.to.person == self.person:
            return True
        step = self.launch.step(escalation.step).plan.module if escalation.step else None
        module = escalation.to.module or step
        roles = {role for role in POSTS_OF_A_MODULE if f"{role}:{module}" in self.posts}
        roles |= {"planner"} if self.is_planner else set()
        roles |= {"sponsor"} if self.is_sponsor else set()
        roles |= {"executive"} if self.is_executive else set()
        lowest = HIERARCHY.index(escalation.to.role or "sponsor")
        return any(HIERARCHY.index(role) >= lowest for role in roles)

    def may_settle_so(self, act: acts.ResolveEscalation) -> bool:
        if act.resolution in ("cancel", "postpone"):
            above = self.is_executive and act.resolution == "postpone"
            return self.is_planner or self.is_sponsor or above
        step = self.launch.escalation(act.escalation).step
        if act.resolution == "waive" and step is not None:
            return self.waives(self.launch.step(step))
        return True
