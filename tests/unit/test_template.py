from domain.plan import StepPlan
from domain.template import MATERIAL_FIELDS, PLANNER, STANDARD_LAUNCH, find_template


def test_the_standard_launch_is_the_chain_of_five() -> None:
    steps = STANDARD_LAUNCH.steps
    assert [s.key for s in steps] == [
        "product",
        "marketing",
        "communications",
        "channel",
        "service",
    ]
    assert [s.after for s in steps[1:]] == [(s.key,) for s in steps[:-1]]
    assert [s.customer for s in steps] == [*(s.module for s in steps[1:]), PLANNER]
    assert [str(s.lead_time) for s in steps] == ["10bd", "7bd", "5bd", "3bd", "3bd"]
    assert all(set(s.material) <= set(MATERIAL_FIELDS) for s in steps)
    assert all(s.deliverable and s.conditions for s in steps)


def test_a_template_is_found_by_key_or_version() -> None:
    assert find_template("standard-launch") is STANDARD_LAUNCH
    assert find_template("standard-launch@1") is STANDARD_LAUNCH
    assert STANDARD_LAUNCH.name == "standard-launch@1"
    for unknown in ("standard-launch@2", "standard-launch@", "standard-launch@01", "other", ""):
        assert find_template(unknown) is None


def test_a_template_step_fits_a_planned_step() -> None:
    wanted = set(StepPlan.__dataclass_fields__)
    assert set(STANDARD_LAUNCH.steps[0].__dataclass_fields__) <= wanted
