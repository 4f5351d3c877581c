"""What the intake tests read: the demo organisation, the contract's plan, both spoilt at will."""

import copy
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from api.calendars import build_calendar
from api.intake.errors import FieldError, InvalidDocument
from api.intake.files import read_organisation_file
from api.intake.organisation import read_organisation
from api.intake.organisation_dump import organisation_document
from api.intake.plan import resolve_plan
from domain.organisation import Organisation
from domain.plan import Plan

DATA = Path(__file__).parents[3] / "api" / "data" / "sample"
NOW = datetime(2026, 11, 2, 1, tzinfo=UTC)
PLANNER = "planner.personal"


@cache
def organisation() -> Organisation:
    return read_organisation_file(DATA / "organisation.yaml")


def plan_body(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 -- any JSON
    body: dict[str, Any] = {
        "code": "FT-2026Q4-PERSONAL-TOPUP",
        "title": "社会网点 充100送50",
        "department": "personal",
        "sponsor": "sponsor",
        "template": "standard-launch",
        "window": {"start": "2026-12-01", "end": "2026-12-31"},
        "regions": ["city-a"],
        "offers": [
            {
                "key": "topup-100-50",
                "product": "prepaid-topup",
                "pay": "100.00",
                "get": "50.00",
                "currency": "CNY",
                "segments": ["consumer-prepaid"],
                "channels": ["social-outlet", "hotline"],
                "key_message": "充100送50，当场到账",
            }
        ],
        "audience": {"size": 120000, "list": None},
        "contact": {"channel": "sms", "messages_per_customer": 2},
        "resources": [
            {"pool": "gift-phone", "quantity": 500, "step": "service", "needed_by": "2026-11-27"}
        ],
        "theme": "金秋回馈",
        "steps": [{"key": "service", "signers": 2}],
    }
    return body | changes


def resolve(
    raw: object, *, planner: str = PLANNER, known: Organisation | None = None, now: datetime = NOW
) -> Plan:
    against = known or organisation()
    calendar = build_calendar(against.identity, now.year)
    return resolve_plan(raw, organisation=against, calendar=calendar, planner=planner, now=now)


def plan_errors(raw: object, *, known: Organisation | None = None) -> tuple[FieldError, ...]:
    try:
        resolve(raw, known=known)
    except InvalidDocument as invalid:
        return invalid.errors
    return ()


def organisation_body() -> dict[str, Any]:
    return copy.deepcopy(organisation_document(organisation()))


def organisation_errors(raw: object) -> tuple[FieldError, ...]:
    try:
        read_organisation(raw)
    except InvalidDocument as invalid:
        return invalid.errors
    return ()


def spoilt(body: dict[str, Any], path: tuple[str | int, ...], value: object) -> dict[str, Any]:
    """The body with one value replaced, or added at the end of a list."""
    changed = copy.deepcopy(body)
    holder: Any = changed
    for key in path[:-1]:
        holder = holder[key]
    if isinstance(holder, list) and path[-1] == len(holder):
        holder.append(value)
    else:
        holder[path[-1]] = value
    return changed


def places(errors: tuple[FieldError, ...]) -> list[tuple[str, str]]:
    return [(error.path, error.code) for error in errors]
