"""What terms may be asked for, and what stands before a signature of them."""

from datetime import datetime

from domain.commitment import Commitment
from domain.decisions.guards import figures_of
from domain.errors import (
    BlockedByFinding,
    Invalid,
    TermsChanged,
    WrongState,
)
from domain.launch import Launch
from domain.precedence import check_order
from domain.terms import Condition, TermsChange


def check_terms(change: TermsChange, end: datetime | None, now: datetime) -> None:
    """Invalid where a changed due date is past, or after the `end` of a campaign."""
    if change.deliver_by is None:
        return
    if change.deliver_by <= now:
        raise Invalid("terms.deliver_by", "The new due date is past already.")
    if is_beyond(change.deliver_by, end):
        raise Invalid("terms.deliver_by", "The new due date is after the end of the campaign.")


def is_beyond(moment: datetime, end: datetime | None) -> bool:
    """Whether it is after the end, where there is one."""
    return end is not None and moment > end


def check_digest(commitment: Commitment, digest: str) -> None:
    """TermsChanged where these are not the terms that were read."""
    if digest == commitment.digest:
        return
    message = (
        f"The digest you sent is not that of the current terms (version {commitment.version}); "
        "read them and answer again."
    )
    raise TermsChanged(message, version=commitment.version, digest=commitment.digest)


def check_condition(
    launch: Launch, commitment: Commitment, condition: Condition, now: datetime
) -> None:
    """ImpossibleCondition or Invalid where it cannot be, WrongState where a signature waits for one
    already.
    """
    if condition.step is not None:
        after = {planned.key: planned.after for planned in launch.plan.steps}
        check_order(after, commitment.key, condition.step)
    if condition.by <= now or is_beyond(condition.by, launch.plan.end):
        message = "A condition takes an instant after now and not after the end of the campaign."
        raise Invalid("condition.by", message)
    if commitment.conditional is not None:
        message = "A signature waits for a condition already."
        raise WrongState(message, **figures_of(commitment))


def is_too_late(commitment: Commitment, now: datetime) -> bool:
    """The time for what a signature waits for is over, whether or not a clock has said so yet."""
    return commitment.condition is not None and commitment.condition.due < now


def check_findings(launch: Launch, commitment: Commitment) -> None:
    """BlockedByFinding where an open one stands before the step's signature."""
    blocking = [f for f in launch.findings if f.is_blocking and f.step == commitment.key]
    if blocking:
        message = "A finding stands before this signature: " + blocking[0].message
        raise BlockedByFinding(message, findings=[f.id for f in blocking])
