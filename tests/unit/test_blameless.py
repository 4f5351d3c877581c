"""Nobody is named: pseudonyms, groups and texts without people."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import acts
from domain.blameless.groups import group_of
from domain.blameless.pseudonyms import Pseudonyms
from domain.blameless.scrub import Scrubber
from domain.organisation import Name, Person
from tests.plans import MODULES, PEOPLE, chain_of_five
from tests.unit.play import Play

COMMON = (
    *("May", "Will", "Mark", "Rose", "an", "I", "Grace", "Summer", "plan", "Person", "Straße"),
    *(
        "高峰",
        "王",
        "王芳",
        "金秋",
        "时间",
        "方案",
        "向前进",
        "Li Lei",
        "Jean-Luc O'Neill",
        "İpek",
        "a.b",
    ),
)
names = st.sampled_from(COMMON) | st.text(
    st.characters(categories=["L", "N"], exclude_characters="#"), min_size=1, max_size=6
)


@st.composite
def directories(draw: st.DrawFn) -> list[Person]:
    """People with any ids and display names; some share one."""
    ids = draw(st.lists(names, min_size=1, max_size=6, unique=True))
    return [Person(one, Name(draw(names), draw(names))) for one in ids]


def scrubber(*people: Person, salt: str = "one") -> Scrubber:
    return Scrubber(people, Pseudonyms(salt).of)


def person(name: str, zh: str = "某某某", key: str = "some.body") -> Person:
    return Person(key, Name(name, zh))


def test_the_same_report_names_alike_and_another_one_otherwise() -> None:
    one, again, other = (Pseudonyms(salt) for salt in ("one", "one", "other"))
    people = [f"person.{number}" for number in range(500)]
    assert [one.of(p) for p in people] == [again.of(p) for p in people]
    assert len({one.of(p) for p in people}) == len(people)
    assert sum(one.of(p) == other.of(p) for p in people) < 3, "by chance, of a hundred thousand"
    assert one.of("system") == "system"


@given(salts=st.tuples(st.text(), st.text()).filter(lambda two: two[0] != two[1]))
def test_two_reports_cannot_be_laid_side_by_side(salts: tuple[str, str]) -> None:
    """Neither the names themselves nor their order in one report say anything of another."""
    one, other = (Pseudonyms(salt) for salt in salts)
    assert sum(one.of(p) == other.of(p) for p in PEOPLE) < 3


def test_a_pseudonym_has_letters_nobody_is_called_by() -> None:
    for number in range(200):
        assert re.fullmatch(r"#[bcdfghjkmnpqrstvwxz]{4,}", Pseudonyms("x").of(str(number)))


@given(people=directories(), data=st.data())
def test_nobody_survives_in_a_text(people: list[Person], data: st.DataObject) -> None:
    """Also where a name is a common word, stands in capitals or between Chinese letters."""
    said = [name for one in people for name in (one.id, one.name.en, one.name.zh)]
    around = st.sampled_from(["", " ", "，", "(", "的", "\n", "《", "…", "/", "“"])
    text = "".join(
        data.draw(around) + data.draw(st.sampled_from([name, name.upper(), name.lower()])) + end
        for name in data.draw(st.permutations(said))
        for end in data.draw(st.sampled_from([[" "], ["，"], [".\n"], ["的"]]))
    )
    scrubbed = scrubber(*people).scrub(text)
    again = scrubber(*people).scrub(scrubbed.text)
    assert again.found == ()
    for name in said:
        assert not alone(name, scrubbed.text), (name, scrubbed.text)


def alone(name: str, text: str) -> bool:
    """Whether it stands in the text as a word of its own."""
    found = re.search(rf"(?<![\w#]){re.escape(name)}(?!\w)", text, re.IGNORECASE)
    return found is not None


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("Li Lei", "Ask Li Lei.", ["Li Lei"]),
        ("Li Lei", "Ask LI  LEI, LiLei or li-lei", ["LI  LEI", "LiLei", "li-lei"]),
        ("Will", "Will it work? It will.", ["Will", "will"]),
        ("Will", "Goodwill and willing people", []),
        ("an", "plan and can", []),
        ("高峰", "在高峰时段由高峰负责", ["高峰", "高峰"]),
        ("Mark", "由Mark签署", ["Mark"]),
        ("Mark", "\uff2d\uff41\uff52\uff4b said so", ["Mark"]),
        ("Mark", "M\u200bark said so", ["Mark"]),
        ("Straße", "STRASSE oder Straße", ["STRASSE", "Straße"]),
    ],
)
def test_what_is_found(name: str, text: str, found: list[str]) -> None:
    scrubbed = scrubber(person(name)).scrub(text)
    assert [said for said, _ in scrubbed.found] == found
    assert all(alias.startswith("#") for _, alias in scrubbed.found)


def test_an_id_is_found_too_and_all_names_are_one_person() -> None:
    scrubbed = scrubber(person("Wang Fang", "王芳", "wang.fang")).scrub(
        "wang.fang, 王芳, Wang Fang"
    )
    assert len({alias for _, alias in scrubbed.found}) == 1
    assert len(scrubbed.found) == 3


def test_the_longer_name_is_the_name() -> None:
    two = (person("王", key="a1"), person("王芳", key="b2"))
    assert [said for said, _ in scrubber(*two).scrub("王芳和王").found] == ["王芳", "王"]


def test_a_document_is_scrubbed_in_every_text() -> None:
    found = scrubber(person("Mark")).document({"mark": ["Mark", {"x": ("Mark!", 3, None)}]})
    assert found["mark"][1]["x"][1:] == [3, None]
    assert "Mark" not in str(found)


def test_nobody_to_find_leaves_the_text() -> None:
    assert scrubber().scrub("Mark").text == "Mark"


def test_who_alone_holds_a_post_is_told_in_a_larger_group() -> None:
    launch = Play(chain_of_five()).standing()
    assert group_of(launch, "lead.product", "product") == "product"
    assert group_of(launch, "planner.personal", None) == "steering"
    assert group_of(launch, "sponsor", "product") == "steering"
    assert group_of(launch, "frontline.city-a", None) == "frontline"
    assert group_of(launch, "admin", None) == "involved"
    assert group_of(launch, "system", None) == "system"


def test_a_post_of_two_is_a_group_of_its_own() -> None:
    people = {**PEOPLE, "second.lead": ("lead:product",)}
    launch = Play(chain_of_five(), people=people).standing()
    assert group_of(launch, "second.lead", "product") == "lead:product"
    assert group_of(launch, "head.product", "product") == "product"


def test_who_is_alone_in_a_module_is_one_of_those_who_lead() -> None:
    people = {p: held for p, held in PEOPLE.items() if p not in ("deputy.product", "head.product")}
    launch = Play(chain_of_five(), people=people).standing()
    assert group_of(launch, "lead.product", "product") == "lead"


def test_every_group_that_is_told_has_two_people() -> None:
    play = Play(chain_of_five())
    play.sign_all()
    play.do("frontline.city-a", acts.StopLaunch("x"))
    launch = play.standing()
    for entry, _ in pairwise(play.entries):
        group = group_of(launch, entry.actor, None)
        assert group in {"system", "steering", "frontline", *MODULES}
