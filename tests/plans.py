"""Plans, people and a calendar for tests: the demo organisation's people, everything in seconds.

Instants are counted in seconds from START, a Monday morning at the desks of the organisation. A
chain asks for an answer within 10 s, delivers at 60 s and goes live from 100 s to 200 s, unless
told otherwise.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Final, Literal, TypedDict, Unpack

from domain.acts import Actor, Command, StartLaunch
from domain.calendar import Calendar, Duration, ZoneOffset
from domain.launch import Post
from domain.organisation import MODULE_POSTS
from domain.plan import Offer, Plan, Policy, Resource, Rung, SilencePolicy, StepPlan, Window

START: Final = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
MODULES: Final = ("product", "marketing", "communications", "channel", "service")
PLANNER: Final = "planner.personal"
SPONSOR: Final = "sponsor"
EXECUTIVE: Final = "executive"
PEOPLE: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys((PLANNER, "planner.enterprise", "planner.product"), ("planner",)),
    **{f"{post}.{module}": (f"{post}:{module}",) for module in MODULES for post in MODULE_POSTS},
    SPONSOR: ("sponsor",),
    EXECUTIVE: ("executive",),
    "facilitator": ("facilitator",),
    "frontline.city-a": ("frontline:city-a",),
    "frontline.city-b": ("frontline:city-b",),
    "admin": ("admin",),
}
"""The demo organisation: each person's id and posts."""

Moment = float | datetime
"""Seconds from START, or an instant."""


def at(moment: Moment) -> datetime:
    """The instant of a moment."""
    return moment if isinstance(moment, datetime) else START + timedelta(seconds=moment)


def within(seconds: float | str) -> Duration:
    """So many seconds, or a duration as planners write it (`2bd`)."""
    if isinstance(seconds, str):
        return Duration.parse(seconds)
    return Duration(milliseconds=round(seconds * 1000))


def office_hours() -> Calendar:
    """Working days Monday to Friday until 18:00, eight hours east of UTC, no holidays."""
    east = ZoneOffset(datetime(1970, 1, 1, tzinfo=UTC), 28_800)
    return Calendar(zone="Asia/Shanghai", cutoff=time(18), offsets=(east,))


def staff(people: Mapping[str, Iterable[str]] = PEOPLE) -> tuple[Post, ...]:
    """Who holds which post, as a launch gets it at its start."""
    posts = dict.fromkeys(post for held in people.values() for post in held)
    return tuple(Post(post, _holders(people, post)) for post in posts)


def _holders(people: Mapping[str, Iterable[str]], post: str) -> tuple[str, ...]:
    return tuple(person for person, held in people.items() if post in held)


def rung(after: float | str, to: str, do: Literal["notify", "reassign"] = "notify") -> Rung:
    """A rung that is reached so many seconds after the one before."""
    return Rung(within(after), to, do)


LADDER: Final = (rung(0, "lead"), rung(5, "head"), rung(5, "sponsor"))
"""At the due, five and ten seconds after it."""


def window_of(plan: Plan) -> Window:
    """The window of a campaign."""
    assert plan.window is not None
    return plan.window


class Fields(TypedDict, total=False):
    """What every step of a chain may be given instead of the usual."""

    deliverable: str
    conditions: tuple[str, ...]
    signers: int
    deliver_by: Moment
    lead_time: Duration | None
    answer_within: float | str
    silence: SilencePolicy
    ladder: tuple[Rung, ...]
    material: tuple[str, ...]
    remind_before: Duration | None


class StepFields(Fields, total=False):
    """What one step may be given besides: who owes, and who receives."""

    module: str
    customer: str


def step(key: str, after: Iterable[str] = (), **given: Unpack[StepFields]) -> StepPlan:
    """A step; its module is its key, its customer the planner, where nothing else is given."""
    return StepPlan(
        key=key,
        module=given.get("module", key),
        after=tuple(after),
        customer=given.get("customer", "planner"),
        deliverable=given.get("deliverable", f"What {key} delivers"),
        conditions=given.get("conditions", ("It is complete", "It is on time")),
        signers=given.get("signers", 1),
        deliver_by=at(given.get("deliver_by", 60)),
        lead_time=given.get("lead_time"),
        answer_within=within(given.get("answer_within", 10)),
        silence=given.get("silence", "escalate"),
        ladder=given.get("ladder", LADDER),
        material=given.get("material", ("offers", "window")),
        remind_before=given.get("remind_before"),
    )


def plan(
    *steps: StepPlan,
    window: tuple[Moment, Moment] = (100, 200),
    repair_within: float | str = 30,
    gate_grace: float | str = 20,
    regions: Iterable[str] = ("city-a",),
    planner: str = PLANNER,
    sponsor: str = SPONSOR,
    resources: tuple[Resource, ...] = (),
    acknowledged_for: float | None = None,
) -> Plan:
    """A campaign of these steps, in an order in which each comes after those it waits for."""
    offer = Offer("topup", "prepaid-topup", "100.00", "50.00", "CNY", ("consumer",), ("hotline",))
    return Plan(
        code="FT-TOPUP",
        title="充100送50",
        department="personal",
        planner=planner,
        sponsor=sponsor,
        template="standard-launch@1",
        window=Window(at(window[0]), at(window[1])),
        regions=tuple(regions),
        offers=(offer,),
        audience=None,
        contact=None,
        resources=resources,
        theme=None,
        policy=Policy(
            answer_within=within(10),
            repair_within=within(repair_within),
            gate_grace=within(gate_grace),
            silence="escalate",
            ladder=LADDER,
            acknowledged_for=None if acknowledged_for is None else within(acknowledged_for),
        ),
        steps=steps,
    )


def single_step(**fields: Unpack[StepFields]) -> Plan:
    """One step, of product for the planner."""
    return plan(step("product", **fields))


def chain_of_five(**fields: Unpack[Fields]) -> Plan:
    """The standard chain: each module delivers to the next one, the last to the planner."""
    befores = ((), *((module,) for module in MODULES))
    customers = (*MODULES[1:], "planner")
    return plan(
        *(
            step(module, before, customer=customer, **fields)
            for module, before, customer in zip(MODULES, befores, customers, strict=False)
        )
    )


def diamond(**fields: Unpack[Fields]) -> Plan:
    """Product first, marketing and channel side by side, service when both have promised."""
    return plan(
        step("product", customer="marketing", **fields),
        step("marketing", ["product"], customer="service", **fields),
        step("channel", ["product"], customer="service", **fields),
        step("service", ["marketing", "channel"], **fields),
    )


def two_signers(**fields: Unpack[StepFields]) -> Plan:
    """One step that takes two signatures."""
    fields["signers"] = 2
    return single_step(**fields)


def start_of(
    planned: Plan,
    *,
    launch: str = "L1",
    command: str = "start",
    people: Mapping[str, Iterable[str]] = PEOPLE,
) -> Command:
    """The planner's command that starts a launch of this plan."""
    act = StartLaunch(launch, planned, office_hours(), staff(people))
    posts = tuple(people.get(planned.planner, ()))
    return Command(act, command, Actor(planned.planner, "planner", posts))
