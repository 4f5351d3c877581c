"""Plans around the moment they are made at, for launches that live on a server's clock."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from domain.acts import StartLaunch
from domain.plan import Plan, Rung, StepPlan
from tests.plans import MODULES, StepFields, office_hours, rung, staff, step
from tests.plans import plan as plan_of

LONG: Final = "PT10M"
"""A clock that does not fire in a test at the scale of seconds."""

Chain = tuple[tuple[str, tuple[str, ...]], ...]
LINE: Final[Chain] = tuple((m, MODULES[max(0, i - 1) : i]) for i, m in enumerate(MODULES))
DIAMOND: Final[Chain] = (
    ("product", ()),
    ("marketing", ("product",)),
    ("channel", ("product",)),
    ("service", ("marketing", "channel")),
)
STEEP: Final = (rung(0, "lead"), rung(0, "head"), rung(0, "sponsor"))
"""A ladder that is climbed to the top at once."""


def plan(
    *,
    opens_in: float = 3600,
    ends_in: float = 7200,
    due_in: float = 86_400,
    chain: Chain = LINE,
    answer: str = LONG,
    repair: str = LONG,
    grace: str = LONG,
    ladder: tuple[Rung, ...] = STEEP,
    now: datetime | None = None,
    steps: Mapping[str, StepFields] | None = None,
) -> Plan:
    """A plan whose clocks do not fire in a test, unless told otherwise; in seconds from `now`.

    Each step delivers to the first one that waits for it, the last to the planner; the deliveries
    are due long after the window, so that only signatures hold the gate. `steps` overrides fields.
    """
    begun = now or datetime.now(UTC)
    opens, ends, due = (begun + timedelta(seconds=s) for s in (opens_in, ends_in, due_in))

    def planned(key: str, after: tuple[str, ...]) -> StepPlan:
        fields: StepFields = {
            "customer": next((other for other, befores in chain if key in befores), "planner"),
            "deliver_by": due,
            "answer_within": answer,
            "ladder": ladder,
        }
        fields.update((steps or {}).get(key, {}))
        return step(key, after, **fields)

    return plan_of(
        *(planned(key, after) for key, after in chain),
        window=(opens, ends),
        repair_within=repair,
        gate_grace=grace,
    )


def start_of(launch: str, planned: Plan) -> StartLaunch:
    return StartLaunch(launch, planned, office_hours(), staff())
