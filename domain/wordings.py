"""Whether the acts that a ledger tells of are those that were signed.

A change may name a field and leave its value as it was. The ledger does not tell which were named;
the digest that was signed does.
"""

from collections.abc import Iterator, Sequence
from itertools import chain, combinations
from typing import Final, TypeVar

from domain import acts, events
from domain.acts import Act
from domain.changing import replace
from domain.launch import Launch
from domain.plan import Plan
from domain.plan_change import PLAN_FIELDS, PlanChange
from domain.recall import Envelope, recall
from domain.signature import is_digest_of
from domain.terms import Terms, TermsChange

T = TypeVar("T")

TERMS_FIELDS: Final = ("deliverable", "conditions", "quantities", "deliver_by")


def is_what_was_signed(before: Launch, told: Sequence[events.Event], envelope: Envelope) -> bool:
    """Whether the act of these events, in the launch it met, has the digest the envelope names.

    Raises Untold where the events tell of no such act.
    """
    act = recall(before, told, envelope).act
    return any(is_digest_of(envelope["body_digest"], said) for said in _wordings(act, told))


def _wordings(act: Act, told: Sequence[events.Event]) -> Iterator[Act]:
    """The acts that have the effect of this one, which says the least."""
    yield act
    for event in told:
        match act, event:
            case (
                acts.Counter() | acts.Amend() | acts.Request(),
                events.CounterOffered() | events.TermsAmended() | events.AttemptRenewed(),
            ):
                for change in _terms_changes(act.terms or TermsChange(), event.terms):
                    yield replace(act, terms=change)
            case acts.AmendPlan(), events.PlanAmended():
                for plan in _plan_changes(act.plan, event.plan):
                    yield replace(act, plan=plan)
            case _:
                continue
        return


def _terms_changes(least: TermsChange, after: Terms) -> Iterator[TermsChange]:
    same = [name for name in TERMS_FIELDS if getattr(least, name) is None]
    for named in _subsets(same):
        yield replace(least, **{name: getattr(after, name) for name in named})


def _plan_changes(least: PlanChange, after: Plan) -> Iterator[PlanChange]:
    same = [name for name in PLAN_FIELDS if name not in least.fields]
    for named in _subsets(same):
        fields = tuple(name for name in PLAN_FIELDS if name in (*least.fields, *named))
        yield PlanChange.of(after, fields)


def _subsets(members: Sequence[T]) -> Iterator[tuple[T, ...]]:
    """From none of them to all."""
    return chain.from_iterable(combinations(members, n) for n in range(len(members) + 1))
