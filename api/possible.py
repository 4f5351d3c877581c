"""What an act says that no launch could make good: instants that are past, pools nobody keeps.

Judged before idempotency and authority, and after the shape of the body.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from api.intake.errors import Faults, FieldError
from api.intake.plan_content import pools_of
from db import directory
from db.session import Database
from domain.acts import (
    Acknowledge,
    Amend,
    Counter,
    Delegate,
    DelegatePlanning,
    PersonAct,
    Request,
    ResolveEscalation,
    Sign,
)
from domain.organisation import Organisation
from domain.terms import Condition, Quantity


async def faults_of(database: Database, act: PersonAct, now: datetime) -> Sequence[FieldError]:
    """Everything about the act that cannot be, as it is now."""
    faults = Faults()
    for path, instant in _instants(act):
        if instant is not None and instant <= now:
            faults.add(path, "past", "is already past")
    if quantities := _quantities(act):
        async with database.read() as session:
            organisation = await directory.load(session)
        _note_pools(quantities, organisation, faults)
    return faults.found


def _instants(act: PersonAct) -> Iterator[tuple[str, datetime | None]]:
    match act:
        case Acknowledge() | ResolveEscalation():
            yield "answer_by", act.answer_by
        case Delegate() | DelegatePlanning():
            yield "until", act.until
        case Sign(condition=Condition(by=by)):
            yield "condition.by", by
        case Request(terms=terms) | Counter(terms=terms) | Amend(terms=terms) if terms is not None:
            yield "terms.deliver_by", terms.deliver_by


def _quantities(act: PersonAct) -> tuple[Quantity, ...]:
    if not isinstance(act, Request | Counter | Amend) or act.terms is None:
        return ()
    return act.terms.quantities or ()


def _note_pools(
    quantities: Sequence[Quantity], organisation: Organisation | None, faults: Faults
) -> None:
    pools = pools_of(organisation) if organisation else ()
    seen: set[tuple[str, datetime | None]] = set()
    for index, quantity in enumerate(quantities):
        path = f"terms.quantities[{index}].pool"
        if pools and quantity.pool not in pools:
            faults.unknown(path, "pool", quantity.pool, pools)
        if (quantity.pool, quantity.needed_by) in seen:
            faults.add(path, "duplicate", "repeats an earlier entry; add up the quantities")
        seen.add((quantity.pool, quantity.needed_by))
