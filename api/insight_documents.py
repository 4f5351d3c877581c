"""The shape of figures over many runs, for the OpenAPI document and its readers."""

from datetime import datetime

from pydantic import BaseModel, Field


class LengthsPublic(BaseModel):
    """Median and ninth decile in seconds, elapsed without stops and of working days; null without a
    case.
    """

    cases: int
    median_seconds: float | None
    p90_seconds: float | None
    median_business_seconds: float | None
    p90_business_seconds: float | None


class StretchesPublic(BaseModel):
    """In how many runs, how often, and how long it took."""

    cases: int
    times: int
    median_seconds: float | None
    p90_seconds: float | None


class PromisesPublic(BaseModel):
    """How many were made, kept (in time), broken, and excused: released or waived."""

    promised: int
    kept: int
    kept_on_time: int
    broken: int
    excused: int


class ReworkPublic(BaseModel):
    """What was done again: counter-offers, other terms, promises voided by another plan, deliveries
    sent back or taken back, new attempts.
    """

    countered: int
    amended: int
    voided: int
    rejected: int
    retracted: int
    renewed: int


class FactorCasesPublic(BaseModel):
    factor: str
    cases: int


class FactorsPublic(BaseModel):
    """How many published post-mortems there are, and how many of them name each factor."""

    cases: int
    named: list[FactorCasesPublic]


class InterfacePublic(BaseModel):
    """One step between a module and whom it delivers to, over `cases` runs. Its factors are of
    runs in which it came late, was done again, did not come or held the gate.
    """

    interface: str
    step: str
    cases: int
    answer: LengthsPublic
    delivery: LengthsPublic
    judgement: LengthsPublic
    asked: int
    declined: int
    silent: int
    overdue: int
    promises: PromisesPublic
    rework: ReworkPublic
    factors: FactorsPublic


class OutcomesPublic(BaseModel):
    completed: int
    cancelled: int
    failed: int


class InsightsPublic(BaseModel):
    """Figures over `cases` closed runs. None is of a person."""

    since: datetime | None = Field(alias="from")
    until: datetime | None = Field(alias="to")
    cases: int
    outcomes: OutcomesPublic
    interfaces: list[InterfacePublic]
    gates: StretchesPublic
    stops: StretchesPublic
    factors: FactorsPublic
