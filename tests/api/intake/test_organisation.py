from datetime import date

import pytest

from api.intake.organisation import read_organisation
from api.intake.organisation_dump import organisation_document, organisation_text
from api.intake.text import load_yaml
from domain.organisation import CalendarOverride, Identity, Name
from tests.api.intake.samples import (
    organisation,
    organisation_body,
    organisation_errors,
    places,
    spoilt,
)

MODULES = ("product", "marketing", "communications", "channel", "service")
PEOPLE = {
    *(f"{post}.{module}" for post in ("lead", "deputy", "head") for module in MODULES),
    *(f"planner.{department}" for department in ("personal", "enterprise", "product")),
    *("sponsor", "executive", "facilitator", "frontline.city-a", "frontline.city-b", "admin"),
}


def test_the_demo_organisation_is_the_one_of_the_contract() -> None:
    known = organisation()
    assert known.identity == Identity(
        name="Feiteng 飞腾",
        zone="Asia/Shanghai",
        country="CN",
        cutoff="18:00",
        overrides=(CalendarOverride(date(2027, 1, 2), working=True),),
    )
    assert tuple(module.key for module in known.modules) == MODULES
    assert {person.id for person in known.people} == PEOPLE
    assert known.holders("deputy:channel") == ("deputy.channel",)
    planner = known.person("planner.enterprise")
    assert planner is not None
    assert planner.department == "enterprise"
    assert planner.name == Name(en="Planner government and enterprise", zh="政企客户部策划")
    assert set(known.rules) == {
        "segments",
        "pools",
        "limits",
        "blackouts",
        "themes",
        "channel_rules",
        "call_rates",
        "factors",
        "templates",
    }


def test_an_organisation_written_out_reads_as_itself() -> None:
    text = organisation_text(organisation())
    assert read_organisation(load_yaml(text)) == organisation()
    assert read_organisation(organisation_document(organisation())) == organisation()


def test_sections_left_out_are_empty() -> None:
    body = organisation_body()
    least = {name: body[name] for name in ("organisation", "modules", "people")}
    rules = read_organisation(least).rules
    assert rules["segments"] == {"overlaps": []}
    assert rules["limits"] == {}
    assert rules["pools"] == rules["themes"] == rules["templates"] == []


def test_every_error_comes_at_once() -> None:
    body = organisation_body()
    body["organisation"] |= {"zone": "Asia/Beijing", "country": "XX", "cutoff": "6pm"}
    body["people"][3]["roles"] = ["lead:sales"]
    body["pools"][0]["owner"] = "stock"
    body["colour"] = "red"
    errors = organisation_errors(body)
    assert sorted(places(errors)) == [
        ("colour", "unknown_field"),
        ("organisation.country", "unknown"),
        ("organisation.cutoff", "bad_format"),
        ("organisation.zone", "unknown"),
        ("people[3].roles[0]", "unknown"),
        ("pools[0].owner", "unknown"),
    ]
    assert "unknown module “sales”" in next(e.message for e in errors if "roles" in e.path)


def test_a_module_without_key_makes_no_role_wrong() -> None:
    body = spoilt(organisation_body(), ("modules", 0, "key"), 5)
    assert places(organisation_errors(body)) == [("modules[0].key", "wrong_type")]


THEME = {"from": "2026-12-31", "to": "2027-01-05", "theme": "新年"}

BAD_VALUES: tuple[tuple[tuple[str | int, ...], object, str, str], ...] = (
    (("organisation",), None, "organisation", "missing"),
    (("organisation", "name"), "", "organisation.name", "missing"),
    (("organisation", "cutoff"), "24:00", "organisation.cutoff", "bad_format"),
    (("organisation", "cutoff"), 1080, "organisation.cutoff", "wrong_type"),
    (("organisation", "overrides", 0, "date"), "2027-02-30", "organisation.overrides[0].date",
     "bad_date"),
    (("organisation", "overrides", 0, "working"), "yes", "organisation.overrides[0].working",
     "wrong_type"),
    (("organisation", "overrides", 1), {"date": "2027-01-02", "working": False},
     "organisation.overrides[1].date", "duplicate"),
    (("modules",), [], "modules", "too_short"),
    (("modules", 1, "key"), "product", "modules[1].key", "duplicate"),
    (("modules", 1, "key"), "planner", "modules[1].key", "reserved"),
    (("modules", 1, "name"), {"en": "Marketing"}, "modules[1].name.zh", "missing"),
    (("people", 1, "id"), "planner.personal", "people[1].id", "duplicate"),
    (("people", 1, "id"), "a b", "people[1].id", "bad_format"),
    (("people", 1, "email"), "nobody", "people[1].email", "bad_format"),
    (("people", 1, "roles"), None, "people[1].roles", "missing"),
    (("people", 1, "roles"), ["boss"], "people[1].roles[0]", "unknown"),
    (("people", 1, "roles"), ["lead"], "people[1].roles[0]", "bad_format"),
    (("people", 1, "roles"), ["frontline:"], "people[1].roles[0]", "bad_format"),
    (("people", 1, "roles"), ["sponsor:product"], "people[1].roles[0]", "bad_format"),
    (("people", 1, "roles"), ["planner", "planner"], "people[1].roles[1]", "duplicate"),
    (("people", 1, "age"), 44, "people[1].age", "unknown_field"),
    (("segments", "overlaps", 0), ["a"], "segments.overlaps[0]", "bad_format"),
    (("segments", "overlaps", 0), ["a", "a"], "segments.overlaps[0]", "bad_format"),
    (("segments", "overlaps", 0), ["enterprise-staff", "enterprise-vip"], "segments.overlaps[1]",
     "duplicate"),
    (("pools", 0, "capacity"), -1, "pools[0].capacity", "out_of_range"),
    (("pools", 0, "period"), "day", "pools[0].period", "not_allowed"),
    (("pools", 1, "key"), "gift-phone", "pools[1].key", "duplicate"),
    (("limits", "launches_per_channel_week"), 0, "limits.launches_per_channel_week",
     "out_of_range"),
    (("limits", "launches"), 3, "limits.launches", "unknown_field"),
    (("blackouts", 0, "to"), "2027-02-03", "blackouts[0].to", "conflict"),
    (("blackouts", 0, "from"), "4.2.2027", "blackouts[0].from", "bad_date"),
    (("blackouts", 0), {"to": "2027-02-12", "reason": "x"}, "blackouts[0].from", "missing"),
    (("themes", 1), THEME, "themes[1].from", "conflict"),
    (("channel_rules", 0, "verdict"), "maybe", "channel_rules[0].verdict", "not_allowed"),
    (("channel_rules", 5), {"product": "*", "segment": "*", "channel": "sms", "verdict": "deny",
                            "reason": "x"}, "channel_rules[5]", "duplicate"),
    (("factors",), [{"key": "tool", "name": {"en": "x", "zh": "y"}}],
     "factors[0].key", "duplicate"),
    (("factors",), [{"key": "a", "name": {"en": "x", "zh": "y"}}] * 2, "factors[1]", "duplicate"),
    (("factors",), [{"key": "a"}], "factors[0].name", "missing"),
    (("call_rates", 0, "minutes"), -0.5, "call_rates[0].minutes", "out_of_range"),
    (("call_rates", 0, "minutes"), float("inf"), "call_rates[0].minutes", "out_of_range"),
    (("templates",), ["mine"], "templates", "too_long"),
)  # fmt: skip


@pytest.mark.parametrize(("place", "value", "path", "code"), BAD_VALUES)
def test_a_bad_value_is_named_by_its_path(
    place: tuple[str | int, ...], value: object, path: str, code: str
) -> None:
    assert (path, code) in places(organisation_errors(spoilt(organisation_body(), place, value)))


@pytest.mark.parametrize("limits", [None, {}, {"launches_per_channel_week": None}])
def test_limits_that_say_nothing_come_back_as_they_were(limits: object) -> None:
    known = read_organisation({**organisation_body(), "limits": limits})
    assert known.rules["limits"] == {}
    assert read_organisation(organisation_document(known)) == known
