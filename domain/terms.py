"""Terms: what is promised, in which version, put forward by whom and signed by whom."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from domain.canonical import digest
from domain.changing import replace
from domain.plan import Plan
from domain.plan_change import PlanChange


@dataclass(frozen=True, slots=True)
class Quantity:
    """Units of a pool a step needs, and from when."""

    pool: str
    quantity: int
    needed_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What is promised. `deliver_by` is a term; answer-by is a clock and stands elsewhere."""

    deliverable: str
    conditions: tuple[str, ...]
    quantities: tuple[Quantity, ...]
    deliver_by: datetime


@dataclass(frozen=True, slots=True)
class TermsChange:
    """Changed fields of terms; None leaves a field as it is."""

    deliverable: str | None = None
    conditions: tuple[str, ...] | None = None
    quantities: tuple[Quantity, ...] | None = None
    deliver_by: datetime | None = None

    def applied_to(self, terms: Terms) -> Terms:
        """The terms with the change made."""
        return Terms(
            deliverable=terms.deliverable if self.deliverable is None else self.deliverable,
            conditions=terms.conditions if self.conditions is None else self.conditions,
            quantities=terms.quantities if self.quantities is None else self.quantities,
            deliver_by=terms.deliver_by if self.deliver_by is None else self.deliver_by,
        )


def planned_terms(plan: Plan, key: str) -> Terms:
    """What the plan asks of a step."""
    step = plan.step(key)
    needs = (need for need in plan.resources if need.step == key)
    return Terms(
        deliverable=step.deliverable,
        conditions=step.conditions,
        quantities=tuple(Quantity(n.pool, n.quantity, n.needed_by) for n in needs),
        deliver_by=step.deliver_by,
    )


def replanned_terms(terms: Terms, key: str, before: Plan, after: Plan) -> Terms:
    """The terms with what the plan asks differently now; whatever else was agreed stays."""
    old, new = planned_terms(before, key), planned_terms(after, key)
    return replace(
        terms,
        quantities=terms.quantities if new.quantities == old.quantities else new.quantities,
        deliver_by=terms.deliver_by if new.deliver_by == old.deliver_by else new.deliver_by,
    )


def terms_digest(launch: str, step: str, *, attempt: int, version: int, terms: Terms) -> str:
    """The digest a signature names: `sha256:` + SHA-256 of RFC 8785 JSON of these five."""
    return digest(
        {"launch": launch, "step": step, "attempt": attempt, "version": version, "terms": terms}
    )


@dataclass(frozen=True, slots=True)
class Signature:
    """One person's promise for the module. `jws` proves the act; `digest` names the terms."""

    person: str
    role: str
    on_behalf_of: str | None
    version: int
    digest: str
    at: datetime
    jws: str | None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """What a signature waits for until `by`: another step that `reaches` a state, or a `fact` that
    the planner confirms. Exactly one of the two is set.
    """

    by: datetime
    step: str | None = None
    reaches: Literal["signed", "accepted"] | None = None
    fact: str | None = None


@dataclass(frozen=True, slots=True)
class Conditional:
    """A signature that holds as soon as its condition does."""

    signature: Signature
    condition: Condition
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who put the terms of a version forward, and why; the first version is the request itself. A
    counter-offer's `plan` is what it would have changed in the plan.
    """

    kind: Literal["counter", "amend", "plan"]
    by: str
    role: str
    reason: str
    at: datetime
    plan: PlanChange | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """Terms of this attempt that are not the current ones, as they stood with what `shift` stops
    had added to their due. Their signatures bind nobody.
    """

    version: int
    digest: str
    terms: Terms
    signatures: tuple[Signature, ...]
    proposal: Proposal | None
    shift: timedelta
    deemed: bool = False
