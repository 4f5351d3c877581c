"""Policies and ladders: what happens when nobody answers, with the template's as the default."""

from collections.abc import Sequence
from typing import get_args

from api.intake.errors import join
from api.intake.plan_document import PolicyDocument, RungDocument
from api.intake.reading import Reading, duration
from domain.calendar import Duration
from domain.plan import Policy, Rung, RungRole

ROLES: tuple[str, ...] = get_args(RungRole)


def read_policy(document: PolicyDocument | None, default: Policy, reading: Reading) -> Policy:
    """The launch's policy: what the plan says, else what the template says."""
    given = document or PolicyDocument()
    return Policy(
        answer_within=read_answer_within(given.answer_within, "policy.answer_within", reading)
        or default.answer_within,
        repair_within=duration(given.repair_within) or default.repair_within,
        gate_grace=duration(given.gate_grace) or default.gate_grace,
        silence=given.silence or default.silence,
        ladder=read_ladder(given.ladder, "policy.ladder", reading) or default.ladder,
        remind_before=duration(given.remind_before) or default.remind_before,
        acknowledged_for=read_answer_within(
            given.acknowledged_for, "policy.acknowledged_for", reading
        )
        or default.acknowledged_for,
    )


def read_answer_within(text: str | None, path: str, reading: Reading) -> Duration | None:
    """A time to answer; it must be some time, or everything would be overdue when asked."""
    given = duration(text)
    if given is not None and given.milliseconds == 0:
        reading.faults.add(path, "out_of_range", "must be longer than nothing")
    return given


def read_ladder(
    rungs: Sequence[RungDocument | None] | None, path: str, reading: Reading
) -> tuple[Rung, ...]:
    """The rungs that could be read; none when no ladder was given."""
    return tuple(
        _rung(rung, join(path, index), reading) for index, rung in enumerate(rungs or ()) if rung
    )


def _rung(document: RungDocument, path: str, reading: Reading) -> Rung:
    rung = Rung(
        after=duration(document.after) or Duration(milliseconds=0),
        to=document.to or "",
        do=document.do or "notify",
    )
    people = tuple(person.id for person in reading.organisation.people)
    if document.to is not None and rung.to not in ROLES and rung.to not in people:
        reading.faults.unknown(f"{path}.to", "role or person", rung.to, (*ROLES, *people))
    if rung.do == "reassign" and rung.to in ("planner", reading.planner):
        message = "a step cannot be reassigned to the planner, who signs none of the commitments"
        reading.faults.add(f"{path}.to", "conflict", message)
    return rung
