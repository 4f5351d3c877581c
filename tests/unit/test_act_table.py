"""Every situation × act × person, against a second writing of the rules, and on its page."""

from pathlib import Path
from typing import get_args

import pytest

from domain import acts
from domain.commitment import CommitmentState
from tests.unit import act_table, expectations
from tests.unit.situations import EVERYBODY, SITUATIONS, all_acts

PAGE = Path(__file__).parents[2] / "docs" / "acts.md"


@pytest.mark.parametrize("situation", SITUATIONS)
def test_what_becomes_of_every_act_by_everybody(situation: str) -> None:
    play = SITUATIONS[situation]()
    wrong = {
        (kind, who): (came, expected)
        for kind, found in act_table.outcomes(play)
        for who, came in found.items()
        if came != (expected := expectations.outcome(play, all_acts(play)[kind], EVERYBODY[who]))
    }
    assert wrong == {}


def test_nothing_is_left_out() -> None:
    plays = [make() for make in SITUATIONS.values()]
    assert {play.step().state for play in plays} == set(get_args(CommitmentState))
    of_findings = {"finding-waive"}
    kinds = {kind.__dataclass_fields__["kind"].default for kind in get_args(acts.PersonAct)}
    assert set(all_acts(plays[0])) == kinds - of_findings


def test_the_page_says_what_the_rules_do() -> None:
    assert PAGE.read_text(encoding="utf-8") == act_table.page()
