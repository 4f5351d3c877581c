import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from api.calendars import build_calendar
from api.intake.errors import InvalidDocument
from api.intake.files import read_organisation_file, read_plan_file, with_dates
from api.intake.plan import resolve_plan
from tests.api.intake.samples import DATA, NOW, organisation, places, plan_body
from tests.plans import window_of

MORNING = datetime(2026, 11, 2, 0, 30, tzinfo=timezone(timedelta(hours=8)))
EXAMPLES = DATA.parents[2] / "examples"


@pytest.mark.parametrize(
    ("name", "department"),
    [
        ("case-1-personal-topup", "personal"),
        ("case-1-enterprise-topup", "enterprise"),
        ("case-5-city-a", "personal"),
    ],
)
@pytest.mark.parametrize("day", [0, 100, 200, 300])
def test_the_example_plans_can_be_started_on_any_day(name: str, department: str, day: int) -> None:
    now = NOW + timedelta(days=day)
    raw = read_plan_file(DATA / f"{name}.yaml", now=now)
    plan = resolve_plan(
        raw,
        organisation=organisation(),
        calendar=build_calendar(organisation().identity, now.year),
        planner=f"planner.{department}",
        now=now,
    )
    assert plan.department == department
    assert window_of(plan).start > now + timedelta(days=40)
    assert all(now < step.deliver_by < window_of(plan).start for step in plan.steps)


def test_the_examples_lie_where_a_reader_looks_for_them() -> None:
    for path in DATA.glob("*.yaml"):
        assert (EXAMPLES / path.name).read_bytes() == path.read_bytes()


def test_relative_dates_are_written_out_where_dates_stand() -> None:
    raw = {
        "title": "today",
        "window": {"start": "today", "end": "today+30d"},
        "resources": [{"needed_by": "today-2d"}, 5],
        "steps": [{"deliver_by": "now+PT30S"}, {"deliver_by": "now+2bd"}, {"deliver_by": 5}],
    }
    assert with_dates(raw, MORNING) == {
        "title": "today",
        "window": {"start": "2026-11-02", "end": "2026-12-02"},
        "resources": [{"needed_by": "2026-10-31"}, 5],
        "steps": [
            {"deliver_by": "2026-11-02T00:30:30+08:00"},
            {"deliver_by": "now+2bd"},
            {"deliver_by": 5},
        ],
    }
    assert with_dates([1], MORNING) == [1]


def test_plans_are_read_by_their_ending(tmp_path: Path) -> None:
    for name in ("plan.json", "plan.YAML", "plan.yml"):
        path = tmp_path / name
        path.write_text(json.dumps(plan_body()), encoding="utf-8")
        assert read_plan_file(path, now=NOW) == plan_body()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("plan.txt", "unknown_file"),
        ("plan", "unknown_file"),
        ("missing.yaml", "unreadable_file"),
        ("folder.yaml", "unreadable_file"),
        ("broken.xlsx", "unreadable_file"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, name: str, code: str) -> None:
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 but no more")
    with pytest.raises(InvalidDocument) as invalid:
        read_plan_file(tmp_path / name, now=NOW)
    assert places(invalid.value.errors) == [("(document)", code)]


def test_an_organisation_is_no_workbook(tmp_path: Path) -> None:
    with pytest.raises(InvalidDocument, match=r"\.yaml, \.yml, \.json$"):
        read_organisation_file(tmp_path / "organisation.xlsx")
