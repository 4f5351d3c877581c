from domain.eligibility import eligible_judges, eligible_signers, performers, second_waivers
from domain.organisation import Identity, Name, Organisation, Person


def organisation(**roles: str) -> Organisation:
    people = tuple(
        Person(id=name, name=Name(name, name), roles=tuple(held.split()))
        for name, held in roles.items()
    )
    return Organisation(Identity("Any", "UTC", "CN", "18:00"), (), people)


def test_performers_are_lead_deputy_and_head_once_each() -> None:
    org = organisation(ana="head:m lead:m", ben="deputy:m", cem="lead:other", dua="sponsor")
    assert performers(org, "m") == ("ana", "ben")
    assert eligible_signers(org, "m", planner="ana") == ("ben",)


def test_a_module_that_receives_from_itself_needs_a_second_person() -> None:
    org = organisation(ana="head:m lead:m", ben="lead:n")
    assert eligible_judges(org, "m", "m", planner="pia") == ()
    assert eligible_judges(org, "m", "n", planner="pia") == ("ben",)
    assert eligible_judges(org, "m", "planner", planner="pia") == ("pia",)


def test_the_second_waiver_is_neither_planner_nor_sponsor_nor_performer() -> None:
    org = organisation(
        pia="planner executive", sam="sponsor executive", ana="lead:m executive", eva="head:n"
    )
    waivers = second_waivers(org, "m", "n", planner="pia", sponsor="sam")
    assert waivers == ("eva",)
    assert second_waivers(org, "m", "planner", planner="pia", sponsor="sam") == ()
