from datetime import UTC, datetime
from typing import Any

import pytest

from api.intake.errors import InvalidDocument
from domain.calendar import Duration
from domain.errors import NotYours
from domain.plan import Audience, Contact, Rung, Window
from domain.plan_document import plan_document
from domain.template import MATERIAL_FIELDS
from tests.api.intake.samples import PLANNER, places, plan_body, plan_errors, resolve, spoilt
from tests.plans import window_of

LADDER = (
    Rung(Duration.parse("PT0S"), "lead"),
    Rung(Duration.parse("1bd"), "head"),
    Rung(Duration.parse("1bd"), "sponsor"),
)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]  # parts of a date


def test_the_plan_of_the_contract_is_resolved() -> None:
    plan = resolve(plan_body())
    assert plan.planner == PLANNER
    assert plan.template == "standard-launch@1"
    assert plan.window == Window(utc(2026, 11, 30, 16), utc(2026, 12, 31, 16))
    assert plan.audience == Audience(size=120000)
    assert plan.contact == Contact(channel="sms", messages_per_customer=2)
    assert plan.resources[0].needed_by == utc(2026, 11, 27, 16)
    assert plan.policy.ladder == LADDER
    assert [s.key for s in plan.steps] == [
        "product",
        "marketing",
        "communications",
        "channel",
        "service",
    ]
    assert [s.signers for s in plan.steps] == [1, 1, 1, 1, 2]
    assert [s.deliver_by.day for s in plan.steps] == [17, 20, 24, 26, 26]
    assert all(s.ladder == LADDER and s.answer_within == Duration.parse("2bd") for s in plan.steps)


def test_the_least_plan_takes_everything_from_the_template() -> None:
    body = {
        "code": "X",
        "title": "t",
        "department": "d",
        "sponsor": "sponsor",
        "window": {"start": "2026-12-01T00:00:00+08:00", "end": "2026-12-01T00:00:05.5+08:00"},
    }
    plan = resolve(body)
    assert plan.template == "standard-launch@1"
    assert window_of(plan).end == utc(2026, 11, 30, 16, 0, 5, 500_000)
    assert (plan.offers, plan.regions, plan.audience, plan.contact) == ((), (), None, None)


def test_a_resolved_plan_written_out_resolves_to_itself() -> None:
    steps = [
        {"key": "legal", "module": "product", "after": ["training"], "deliverable": "x",
         "lead_time": "PT5S"},
        {"key": "training", "module": "service", "after": ["product"], "deliverable": "y",
         "deliver_by": "2026-11-20", "silence": "deemed", "conditions": ["a", "b"],
         "ladder": [{"after": "PT1S", "to": "executive"}], "material": []},
        {"key": "channel", "after": ["communications", "legal"]},
    ]  # fmt: skip
    plan = resolve(plan_body(steps=steps, policy={"answer_within": "PT2S", "silence": "decline"}))
    assert resolve(plan_document(plan)) == plan


def test_steps_are_added_and_put_into_working_order() -> None:
    steps = [
        {"key": "legal", "module": "product", "after": ["training"], "deliverable": "x",
         "lead_time": "4bd"},
        {"key": "training", "module": "service", "after": ["product"], "deliverable": "y",
         "lead_time": "6bd"},
        {"key": "channel", "after": ["communications", "legal"], "lead_time": "1bd"},
    ]  # fmt: skip
    plan = resolve(plan_body(steps=steps))
    assert [s.key for s in plan.steps] == [
        "product",
        "marketing",
        "communications",
        "training",
        "legal",
        "channel",
        "service",
    ]
    assert plan.step("training").customer == "product"
    assert plan.step("legal").customer == "channel"
    assert plan.step("legal").material == MATERIAL_FIELDS
    assert plan.step("product").customer == "marketing"
    assert plan.step("channel").deliver_by == utc(2026, 11, 30, 10)
    assert plan.step("channel").deliverable.startswith("Outlets")


def test_a_day_to_deliver_by_ends_at_midnight() -> None:
    plan = resolve(plan_body(steps=[{"key": "service", "deliver_by": "2026-11-27"}]))
    assert plan.step("service").deliver_by == utc(2026, 11, 27, 16)


def test_the_customer_of_a_last_or_branching_step_is_the_planner() -> None:
    steps = [
        {"key": "end", "module": "product", "after": ["service"], "deliverable": "x",
         "lead_time": "1bd"},
        {"key": "fork", "module": "product", "after": [], "deliverable": "x", "lead_time": "9bd"},
        {"key": "marketing", "after": ["product", "fork"]},
        {"key": "service", "after": ["channel", "fork"]},
    ]  # fmt: skip
    plan = resolve(plan_body(steps=steps))
    assert plan.step("end").customer == "planner"
    assert plan.step("fork").customer == "planner"


def test_a_step_overrides_what_it_inherits_from_the_policy() -> None:
    policy = {
        "answer_within": "PT2S",
        "silence": "decline",
        "ladder": [{"after": "PT0S", "to": "head"}],
    }
    steps = [
        {"key": "product", "answer_within": "1bd", "silence": "deemed"},
        {"key": "channel", "ladder": [{"after": "PT1S", "to": "lead.service", "do": "reassign"}]},
    ]
    plan = resolve(plan_body(policy=policy, steps=steps))
    assert plan.step("product").answer_within == Duration.parse("1bd")
    assert plan.step("product").silence == "deemed"
    assert plan.step("marketing").silence == "decline"
    assert plan.step("marketing").ladder == (Rung(Duration.parse("PT0S"), "head"),)
    assert plan.step("channel").ladder == (
        Rung(Duration.parse("PT1S"), "lead.service", "reassign"),
    )
    assert plan.policy.repair_within == Duration.parse("3bd")


def test_only_a_planner_starts_a_launch_but_the_document_is_judged_first() -> None:
    with pytest.raises(NotYours):
        resolve(plan_body(), planner="facilitator")
    with pytest.raises(InvalidDocument):
        resolve(plan_body(title=" "), planner="facilitator")


def test_every_error_comes_at_once_structure_and_rules_together() -> None:
    body = plan_body(
        code="a b",
        sponsor="planner.personal",
        window={"start": "2026-12-31", "end": "2026-12-01"},
        resources=[{"pool": "gift-phones", "quantity": 0, "step": "servce"}],
        steps=[{"key": "channel", "after": ["service"]}, {"key": "legal", "signers": 3}],
        colour="red",
    )
    assert sorted(places(plan_errors(body))) == [
        ("code", "bad_format"),
        ("colour", "unknown_field"),
        ("resources[0].pool", "unknown"),
        ("resources[0].quantity", "out_of_range"),
        ("resources[0].step", "unknown"),
        ("sponsor", "four_eyes"),
        ("steps[0].after", "cycle"),
        ("steps[1].after", "missing"),
        ("steps[1].deliverable", "missing"),
        ("steps[1].lead_time", "missing"),
        ("steps[1].module", "missing"),
        ("steps[1].signers", "out_of_range"),
        ("window.end", "conflict"),
    ]


def test_a_cycle_is_named_in_the_order_of_work() -> None:
    steps = [{"key": "product", "after": ["communications"]}]
    (error,) = plan_errors(plan_body(steps=steps))
    assert error.path == "steps[0].after"
    assert "product → marketing → communications → product" in error.message


def test_a_step_whose_key_is_unreadable_makes_no_other_name_wrong() -> None:
    steps = [
        {"key": 7, "module": "product", "after": [], "deliverable": "x", "lead_time": "1bd"},
        {"key": "channel", "after": ["communications", "legal"]},
    ]
    resources = [{"pool": "gift-phone", "quantity": 1, "step": "legal"}]
    errors = plan_errors(plan_body(steps=steps, resources=resources))
    assert places(errors) == [("steps[0].key", "wrong_type")]


BAD_VALUES: tuple[tuple[tuple[str | int, ...], Any, str, str], ...] = (
    (("code",), None, "code", "missing"),
    (("code",), "", "code", "bad_format"),
    (("code",), "x" * 65, "code", "bad_format"),
    (("code",), ".x", "code", "bad_format"),
    (("code",), "充值", "code", "bad_format"),
    (("code",), 7, "code", "wrong_type"),
    (("title",), "  ", "title", "missing"),
    (("title",), "a\nb", "title", "bad_text"),
    (("title",), "a\x00b", "title", "bad_text"),
    (("title",), "a\x1bb", "title", "bad_text"),
    (("title",), "\ud83d", "title", "bad_text"),
    (("title",), "x" * 201, "title", "too_long"),
    (("title",), "x" * 9999, "title", "too_long"),
    (("department",), "", "department", "missing"),
    (("sponsor",), "nobody", "sponsor", "unknown"),
    (("sponsor",), "executive", "sponsor", "not_a_sponsor"),
    (("template",), "standard-launch@2", "template", "unknown"),
    (("template",), "standard-lunch", "template", "unknown"),
    (("window",), [], "window", "wrong_type"),
    (("window",), None, "window", "missing"),
    (("window",), {}, "window.end", "missing"),
    (("window", "start"), "2026-02-30", "window.start", "bad_date"),
    (("window", "start"), "2026-12-01T10:00:00", "window.start", "bad_date"),
    (("window", "start"), "2026-12-01T25:00:00Z", "window.start", "bad_date"),
    (("window", "start"), "2026-12-01T10:00:00+99:00", "window.start", "bad_date"),
    (("window", "start"), "today+30d", "window.start", "bad_date"),
    (("window", "start"), "0001-01-01", "window.start", "bad_date"),
    (("window", "start"), "1999-01-01", "window.start", "out_of_range"),
    (("window", "end"), "9999-12-31", "window.end", "bad_date"),
    (("window", "end"), "2046-12-31", "window.end", "out_of_range"),
    (("window", "end"), "2026-11-30", "window.end", "conflict"),
    (("window",), {"start": "2026-10-01", "end": "2026-10-02"}, "window.end", "past"),
    (("window", "start"), "2026-10-29", "window.start", "past"),
    (("window", "ends"), "2026-12-31", "window.ends", "unknown_field"),
    (("regions",), "city-a", "regions", "wrong_type"),
    (("regions", 1), "city-a", "regions[1]", "duplicate"),
    (("regions", 1), None, "regions[1]", "missing"),
    (("regions",), ["r"] * 201, "regions", "too_long"),
    (("offers", 0), "topup", "offers[0]", "wrong_type"),
    (("offers", 0, "pay"), 100, "offers[0].pay", "wrong_type"),
    (("offers", 0, "pay"), "-1.00", "offers[0].pay", "out_of_range"),
    (("offers", 0, "pay"), "1e5", "offers[0].pay", "bad_format"),
    (("offers", 0, "pay"), "1" * 13, "offers[0].pay", "bad_format"),
    (("offers", 0, "get"), "NaN", "offers[0].get", "bad_format"),
    (("offers", 0, "get"), "٥", "offers[0].get", "bad_format"),
    (("offers", 0, "currency"), "yuan", "offers[0].currency", "bad_format"),
    (("offers", 0, "segments", 1), "consumer-prepaid", "offers[0].segments[1]", "duplicate"),
    (("offers", 1), {"key": "topup-100-50", "product": "p", "pay": "1", "get": "0",
                     "currency": "CNY"}, "offers[1].key", "duplicate"),
    (("audience", "size"), -1, "audience.size", "out_of_range"),
    (("audience", "size"), True, "audience.size", "wrong_type"),
    (("audience", "size"), 1.5, "audience.size", "wrong_type"),
    (("audience", "size"), 2**53 + 1, "audience.size", "out_of_range"),
    (("audience", "size"), 10**400, "audience.size", "out_of_range"),
    (("audience", "size"), float("nan"), "audience.size", "out_of_range"),
    (("contact",), {"channel": "sms"}, "contact.messages_per_customer", "missing"),
    (("resources", 0, "pool"), "gift-phoen", "resources[0].pool", "unknown"),
    (("resources", 0, "quantity"), 0, "resources[0].quantity", "out_of_range"),
    (("resources", 0, "step"), "legal", "resources[0].step", "unknown"),
    (("resources", 0, "needed_by"), "soon", "resources[0].needed_by", "bad_date"),
    (("resources", 1), {"pool": "gift-phone", "quantity": 1, "step": "service",
                        "needed_by": "2026-11-27"}, "resources[1]", "duplicate"),
    (("policy",), {"answer_within": "P1M"}, "policy.answer_within", "bad_duration"),
    (("policy",), {"answer_within": "PT0S"}, "policy.answer_within", "out_of_range"),
    (("policy",), {"answer_within": 2}, "policy.answer_within", "wrong_type"),
    (("policy",), {"silence": "approve"}, "policy.silence", "not_allowed"),
    (("policy",), {"silence": "deemed"}, "steps[0].signers", "conflict"),
    (("policy",), {"ladder": []}, "policy.ladder", "too_short"),
    (("policy",), {"ladder": [{"after": "1bd", "to": "boss"}]}, "policy.ladder[0].to", "unknown"),
    (("policy",), {"ladder": [{"to": "lead"}]}, "policy.ladder[0].after", "missing"),
    (("policy",), {"ladder": [{"after": "-1bd", "to": "lead"}]}, "policy.ladder[0].after",
     "bad_duration"),
    (("policy",), {"ladder": [{"after": "1bd", "to": "planner", "do": "reassign"}]},
     "policy.ladder[0].to", "conflict"),
    (("steps", 0, "key"), None, "steps[0].key", "missing"),
    (("steps", 1), {"key": "service"}, "steps[1].key", "duplicate"),
    (("steps", 0, "after"), ["service"], "steps[0].after[0]", "cycle"),
    (("steps", 0, "after"), ["chanel"], "steps[0].after[0]", "unknown"),
    (("steps", 0, "after"), ["channel", "channel"], "steps[0].after[1]", "duplicate"),
    (("steps", 0, "module"), "sales", "steps[0].module", "unknown"),
    (("steps", 0, "customer"), "sales", "steps[0].customer", "unknown"),
    (("steps", 0, "signers"), 3, "steps[0].signers", "out_of_range"),
    (("steps", 0, "silence"), "deemed", "steps[0].silence", "conflict"),
    (("steps", 0, "material"), ["title"], "steps[0].material[0]", "unknown"),
    (("steps", 0, "conditions"), [""], "steps[0].conditions[0]", "missing"),
    (("steps", 0, "lead_time"), "3 days", "steps[0].lead_time", "bad_duration"),
    (("steps", 0, "deliver_by"), "2027-01-05", "steps[0].deliver_by", "conflict"),
    (("steps", 0), {"key": "service", "lead_time": "1bd", "deliver_by": "2026-11-30"},
     "steps[0].lead_time", "conflict"),
    (("steps",), [{"key": f"s{i}"} for i in range(51)], "steps", "too_long"),
    (("planner",), "planner.enterprise", "planner", "unknown_field"),
)  # fmt: skip


@pytest.mark.parametrize(("place", "value", "path", "code"), BAD_VALUES)
def test_a_bad_value_is_named_by_its_path(
    place: tuple[str | int, ...], value: object, path: str, code: str
) -> None:
    errors = plan_errors(spoilt(plan_body(), place, value))
    assert (path, code) in places(errors)
    assert all(error.message and error.message[0] != " " for error in errors)


def test_more_than_fifty_steps_are_refused_with_the_templates_own() -> None:
    extra = [
        {"key": f"s{i}", "module": "product", "after": [], "deliverable": "x", "lead_time": "1bd"}
        for i in range(46)
    ]
    assert places(plan_errors(plan_body(steps=extra))) == [("steps", "too_long")]
    assert len(resolve(plan_body(steps=extra[:-1])).steps) == 50


@pytest.mark.parametrize("raw", [None, [], "plan", 7])
def test_what_is_no_group_of_fields_is_refused_as_a_whole(raw: object) -> None:
    assert places(plan_errors(raw)) == [("(document)", "wrong_type")]


def test_a_window_may_begin_as_long_as_its_gate_may_wait() -> None:
    window = {"start": "2026-10-29", "end": "2026-12-31"}
    plan = resolve(plan_body(window=window, policy={"gate_grace": "10bd"}))
    assert window_of(plan).start == utc(2026, 10, 28, 16)
