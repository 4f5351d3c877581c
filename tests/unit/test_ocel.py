"""The event log as OCEL 2.0: a tool that mines processes reads all of it, and nobody is in it."""

import json
from collections import Counter
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import acts, events
from domain.insights.ocel import OBJECT_TYPES, event_log
from tests.plans import PEOPLE, SPONSOR, chain_of_five
from tests.replay.goldens import names, read
from tests.unit.play import Play

Document = dict[str, Any]


def goldens() -> Document:
    return event_log([read(name).ledger for name in names()])


def related(log: Document) -> int:
    return sum(len(event["relationships"]) for event in log["events"])


@pytest.mark.filterwarnings("ignore")  # pandas and pm4py warn of their own ways
def test_pm4py_reads_all_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import pm4py  # type: ignore[import-untyped]  # noqa: PLC0415 - has no stubs; takes seconds

    log = goldens()
    file = tmp_path / "log.json"
    file.write_text(json.dumps(log), encoding="utf-8")
    read_again = pm4py.read_ocel2_json(str(file))
    capsys.readouterr()
    assert len(read_again.events) == len(log["events"])
    assert read_again.objects["ocel:oid"].nunique() == len(log["objects"])
    assert len(read_again.relations) == related(log)
    assert len(read_again.o2o) == sum(len(one["relationships"]) for one in log["objects"])
    assert set(pm4py.ocel_get_object_types(read_again)) == {one["type"] for one in log["objects"]}
    of_commitments = pm4py.ocel_flattening(read_again, "commitment")
    signed = of_commitments[of_commitments["concept:name"] == "CommitmentSigned"]
    assert len(signed) == Counter(e["type"] for e in log["events"])["CommitmentSigned"]
    graph = pm4py.discover_ocdfg(read_again)
    assert "CommitmentSigned" in graph["activities"]


def test_everything_named_is_described() -> None:
    log = goldens()
    objects = {one["id"]: one for one in log["objects"]}
    assert len(objects) == len(log["objects"])
    assert len({event["id"] for event in log["events"]}) == len(log["events"])
    assert {kind["name"] for kind in log["eventTypes"]} == {
        kind.__name__ for kind in get_args(events.Event)
    }
    for one in (*log["events"], *log["objects"]):
        assert {other["objectId"] for other in one["relationships"]} <= objects.keys()
    for one in log["objects"]:
        assert {a["name"] for a in one["attributes"]} <= OBJECT_TYPES[one["type"]].keys()


def test_a_commitment_is_told_through_its_states() -> None:
    play = Play(chain_of_five())
    play.sign()
    play.deliver()
    log = event_log([play.entries])
    product = next(one for one in log["objects"] if one["id"] == "L1/product/1")
    states = [a["value"] for a in product["attributes"] if a["name"] == "state"]
    assert states == ["pending", "requested", "signed", "reported", "accepted"]
    assert {(r["objectId"], r["qualifier"]) for r in product["relationships"]} == {
        ("launch:L1", "part of"),
        ("module:product", "performer"),
        ("module:marketing", "customer"),
    }


def test_another_attempt_is_another_commitment() -> None:
    play = Play(chain_of_five())
    play.do("lead.product", acts.Decline("product", "No time."))
    play.do("planner.personal", acts.Request("product", "Please."))
    ids = {one["id"] for one in event_log([play.entries])["objects"]}
    assert {"L1/product/1", "L1/product/2"} <= ids


WORDS = "lead.product told deputy.product and Zoe Miller"


@given(order=st.permutations(["ask", "stop", "decline", "sign", "escalate", "cancel"]))
def test_nobody_and_nothing_that_people_wrote_is_in_it(order: list[str]) -> None:
    play = Play(chain_of_five())
    for name in order:
        said: dict[str, tuple[str, acts.PersonAct]] = {
            "ask": ("lead.product", acts.Ask("product", WORDS)),
            "stop": ("lead.marketing", acts.StopLaunch(WORDS)),
            "decline": ("head.product", acts.Decline("product", WORDS)),
            "sign": ("deputy.product", acts.Sign("product", play.step().digest, WORDS)),
            "escalate": ("lead.service", acts.Escalate(WORDS, "product")),
            "cancel": (SPONSOR, acts.CancelLaunch(WORDS)),
        }
        person, act = said[name]
        if not play.refused(person, act):
            play.do(person, act)
    text = json.dumps(event_log([play.entries]), ensure_ascii=False)
    assert WORDS not in text
    assert play.standing().plan.title not in text
    for person in PEOPLE:
        assert f'"{person}"' not in text
