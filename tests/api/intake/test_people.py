"""Organisations in which somebody is missing whom a chain cannot do without."""

from dataclasses import replace

from domain.organisation import Organisation
from tests.api.intake.samples import organisation, places, plan_body, plan_errors


def without(*posts: str, give: dict[str, str] | None = None) -> Organisation:
    """The demo organisation without these posts, and with others given to people."""
    given = give or {}
    people = tuple(
        replace(
            person,
            roles=(
                *(role for role in person.roles if role not in posts),
                *((given[person.id],) if person.id in given else ()),
            ),
        )
        for person in organisation().people
    )
    return replace(organisation(), people=people)


MARKETING = ("lead:marketing", "deputy:marketing", "head:marketing")


def test_a_module_without_people_can_neither_sign_nor_judge() -> None:
    errors = plan_errors(plan_body(), known=without(*MARKETING))
    assert places(errors) == [
        ("steps.product.customer", "no_judge"),
        ("steps.marketing.module", "no_signer"),
    ]


def test_the_planner_does_not_count_as_a_signer() -> None:
    known = without(*MARKETING, give={"planner.personal": "lead:marketing"})
    assert places(plan_errors(plan_body(), known=known)) == [
        ("steps.marketing.module", "no_signer")
    ]


def test_two_signers_are_two_people() -> None:
    known = without("lead:service", "deputy:service")
    errors = plan_errors(plan_body(), known=known)
    assert places(errors) == [("steps[0].signers", "no_signer")]
    assert "only 1" in errors[0].message


def test_a_waiver_needs_a_second_person() -> None:
    known = without("executive", "head:channel")
    assert places(plan_errors(plan_body(), known=known)) == [
        ("steps.communications.customer", "no_second_waiver"),
        ("steps[0].customer", "no_second_waiver"),
    ]


def test_the_sponsor_is_not_the_second_waiver() -> None:
    known = without("executive", give={"sponsor": "executive"})
    assert ("steps[0].customer", "no_second_waiver") in places(
        plan_errors(plan_body(), known=known)
    )


def test_a_module_of_one_cannot_judge_itself() -> None:
    known = without("deputy:product", "head:product")
    steps = [{"key": "product", "customer": "product"}]
    errors = plan_errors(plan_body(steps=steps), known=known)
    assert places(errors) == [("steps[0].customer", "no_judge")]


def test_a_module_the_organisation_lacks_is_named_at_the_templates_step() -> None:
    modules = tuple(m for m in organisation().modules if m.key != "channel")
    errors = plan_errors(plan_body(), known=replace(organisation(), modules=modules))
    assert ("steps.channel.module", "unknown") in places(errors)


def test_an_organisation_without_pools_takes_any() -> None:
    rules = {**organisation().rules, "pools": []}
    resources = [{"pool": "balloons", "quantity": 1, "step": "service"}]
    known = replace(organisation(), rules=rules)
    assert plan_errors(plan_body(resources=resources), known=known) == ()
