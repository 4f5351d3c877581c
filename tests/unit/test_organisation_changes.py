from dataclasses import replace
from datetime import date

from domain.organisation import CalendarOverride, Identity, Module, Name, Organisation, Person
from domain.organisation_changes import Caution, Change, cautions, changes

NAME = Name("A", "甲")
ADA = Person("ada", NAME, roles=("admin", "lead:product"))
BEN = Person("ben", NAME, department="personal", roles=("planner",))
POOL = {"key": "sms", "unit": "message", "capacity": 10, "region": None}
BEFORE = Organisation(
    Identity("Org", "Asia/Shanghai", "CN", "18:00"),
    (Module("product", NAME),),
    (ADA, BEN),
    {"pools": [POOL], "limits": {"launches_per_channel_week": 3}, "segments": {"overlaps": []}},
)


def test_the_same_says_nothing() -> None:
    assert changes(BEFORE, BEFORE) == ()
    assert cautions(BEFORE, BEFORE, "ada") == ()


def test_people_come_go_and_change_by_their_fields() -> None:
    ben = replace(BEN, roles=("planner", "sponsor"), department=None)
    after = replace(BEFORE, people=(ben, Person("eve", NAME)))
    assert changes(BEFORE, after) == (
        Change("added", "people", "eve", after="name.en: A; name.zh: 甲"),
        Change(
            "removed",
            "people",
            "ada",
            before="name.en: A; name.zh: 甲; roles: admin, lead:product",
        ),
        Change("changed", "people", "ben", "department", "personal", ""),
        Change("changed", "people", "ben", "roles", "planner", "planner, sponsor"),
    )


def test_rules_and_days_are_compared_entry_by_entry() -> None:
    rules = {
        **BEFORE.rules,
        "pools": [{**POOL, "capacity": 5}, {**POOL, "region": "city-a"}],
        "limits": {"launches_per_channel_week": 2},
        "segments": {"overlaps": [["a", "b"]]},
    }
    identity = replace(
        BEFORE.identity,
        cutoff="17:00",
        overrides=(CalendarOverride(date(2027, 1, 2), working=True),),
    )
    found = changes(BEFORE, replace(BEFORE, identity=identity, rules=rules))
    assert [(one.kind, one.section, one.name, one.field, one.after) for one in found] == [
        ("changed", "organisation", "cutoff", None, "17:00"),
        ("added", "overrides", "2027-01-02", None, "working: true"),
        ("added", "pools", "sms · city-a", None, "unit: message; capacity: 10"),
        ("changed", "pools", "sms", "capacity", "5"),
        ("changed", "limits", "launches_per_channel_week", None, "2"),
        ("added", "segments", "a, b", None, "a, b"),
    ]


def test_what_is_rarely_meant() -> None:
    alone = replace(BEFORE, people=(BEN,))
    assert cautions(BEFORE, alone, "ben") == (Caution("no_admin"), Caution("no_lead", "product"))
    handed = replace(
        BEFORE,
        people=(replace(ADA, roles=("lead:product",)), replace(BEN, roles=("admin",))),
        modules=(*BEFORE.modules, Module("channel", NAME)),
    )
    assert cautions(BEFORE, handed, "ada") == (
        Caution("not_admin", "ada"),
        Caution("no_lead", "channel"),
    )
    assert cautions(BEFORE, handed, "ben") == (Caution("no_lead", "channel"),)
