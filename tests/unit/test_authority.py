"""The role table, act by act, for everybody of the demo organisation."""

from contextlib import suppress

import pytest

from domain import acts
from domain.authority import acting_role
from domain.errors import FourEyes, NoSuchStep, NotYours
from domain.escalation import Addressee
from domain.parties import parties_of
from tests.plans import MODULES, PEOPLE, PLANNER, chain_of_five, plan, single_step, step
from tests.unit.play import Play

PRODUCT = {f"{post}.product": post for post in ("lead", "deputy", "head")}
MARKETING = {f"{post}.marketing": post for post in ("lead", "deputy", "head")}
MODULE_PEOPLE = {
    f"{post}.{module}": post for module in MODULES for post in ("lead", "deputy", "head")
}
INVOLVED = {
    **MODULE_PEOPLE,
    PLANNER: "planner",
    "sponsor": "sponsor",
    "executive": "executive",
    "frontline.city-a": "frontline",
}
PERFORMER_ACTS = (
    acts.Acknowledge("product"),
    acts.Ask("product", "Why?"),
    acts.Sign("product", "sha256:0"),
    acts.Decline("product", "No."),
    acts.Report("product", "There."),
)
TABLE: list[tuple[acts.PersonAct, dict[str, str]]] = [
    *((act, PRODUCT) for act in PERFORMER_ACTS),
    (acts.Reply("product", "So."), {PLANNER: "planner"}),
    (acts.Request("product", "Again."), {PLANNER: "planner"}),
    (acts.Accept("product"), MARKETING),
    (acts.Reject("product", "No."), MARKETING),
    (acts.Accept("service"), {PLANNER: "planner"}),
    (acts.Reject("service", "No."), {PLANNER: "planner"}),
    (
        acts.Waive("product", "Without."),
        {"sponsor": "sponsor", "executive": "executive", "head.marketing": "head"},
    ),
    (
        acts.Waive("service", "Without."),
        {"sponsor": "sponsor", "executive": "executive"},
    ),
    (acts.StopLaunch("Wait."), INVOLVED),
    (acts.Escalate("Look."), INVOLVED),
    (acts.ResumeLaunch("On."), {"sponsor": "sponsor", "executive": "executive"}),
    (acts.CancelLaunch("Enough."), {PLANNER: "planner", "sponsor": "sponsor"}),
]


def roles_for(act: acts.PersonAct, to: Addressee | None = None) -> dict[str, str]:
    """Who of the demo organisation may do this, and in which role."""
    parties = parties_of(Play(chain_of_five()).standing())
    found = {}
    for person, posts in PEOPLE.items():
        escalation = None if to is None else (to, "product")
        with suppress(NotYours, FourEyes):
            found[person] = acting_role(act, person, posts, parties, escalation=escalation)
    return found


@pytest.mark.parametrize(("act", "allowed"), TABLE, ids=lambda value: getattr(value, "kind", ""))
def test_the_table_of_roles(act: acts.PersonAct, allowed: dict[str, str]) -> None:
    assert roles_for(act) == allowed


@pytest.mark.parametrize(
    ("to", "allowed"),
    [
        (
            Addressee("lead", "product"),
            {
                **PRODUCT,
                PLANNER: "planner",
                "sponsor": "sponsor",
                "executive": "executive",
            },
        ),
        (
            Addressee("head", "product"),
            {
                "head.product": "head",
                PLANNER: "planner",
                "sponsor": "sponsor",
                "executive": "executive",
            },
        ),
        (Addressee("sponsor"), {"sponsor": "sponsor", "executive": "executive"}),
        (
            Addressee("sponsor", person="sponsor"),
            {"sponsor": "sponsor", "executive": "executive"},
        ),
        (Addressee("executive"), {"executive": "executive"}),
        (
            Addressee(None, person="lead.channel"),
            {"lead.channel": "addressee", "sponsor": "sponsor", "executive": "executive"},
        ),
    ],
)
def test_an_escalation_is_settled_by_its_addressee_or_above(
    to: Addressee, allowed: dict[str, str]
) -> None:
    assert roles_for(acts.AcknowledgeEscalation("e"), to) == allowed
    assert roles_for(acts.ResolveEscalation("e", "dismiss", "So."), to) == allowed
    cancelling = acts.ResolveEscalation("e", "cancel", "So.")
    may_cancel = {p: role for p, role in allowed.items() if p in (PLANNER, "sponsor")}
    assert roles_for(cancelling, to) == may_cancel


@pytest.mark.parametrize("act", PERFORMER_ACTS, ids=lambda act: act.kind)
def test_the_planner_answers_for_no_module_even_as_its_lead(act: acts.PersonAct) -> None:
    parties = parties_of(Play(chain_of_five()).standing())
    with pytest.raises(FourEyes):
        acting_role(act, PLANNER, ("planner", "lead:product"), parties)


def test_the_sponsor_is_this_launchs_and_still_holds_the_post() -> None:
    parties = parties_of(Play(single_step()).standing())
    for person, roles in (("sponsor.other", ("sponsor",)), ("sponsor", ())):
        with pytest.raises(NotYours):
            acting_role(acts.ResumeLaunch("On."), person, roles, parties)


def test_posts_count_as_the_command_names_them() -> None:
    """Who held the post at the start, or holds it now, is not asked."""
    play = Play(single_step())
    signed = acts.Sign("product", play.step().digest)
    newcomer = acts.Actor("somebody.new", "lead", ("lead:product",))
    former = acts.Actor("lead.product", "lead", ())
    with pytest.raises(NotYours):
        play.carry_out(acts.Command(signed, "former", former))
    play.carry_out(acts.Command(signed, "newcomer", newcomer))
    assert play.step().signatures[0].person == "somebody.new"


def test_an_unknown_step_is_missing_for_everybody() -> None:
    for person in PEOPLE:
        play = Play(single_step())
        for act in (acts.Sign("nowhere", "d"), acts.Waive("nowhere", "r"), acts.Accept("nowhere")):
            assert play.refused(person, act) == NoSuchStep.code


def test_the_customer_who_also_performs_waives_nothing() -> None:
    play = Play(plan(step("product", customer="product")))
    play.do("sponsor", acts.Waive("product", "Without."))
    assert play.refused("head.product", acts.Waive("product", "Agreed.")) == "not_yours"


def test_posts_are_of_one_module() -> None:
    play = Play(chain_of_five())
    for module in MODULES[1:]:
        signed = acts.Sign("product", play.step("product").digest)
        assert play.refused(f"lead.{module}", signed) == "not_yours"
