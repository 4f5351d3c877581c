"""pm4py reads what is exported, and finds in it what is there."""

import json
from collections import Counter
from typing import Any

import pm4py
import pytest

from tests.unit.event_logs import typed
from tests.unit.test_insights import delivered
from tests.unit.test_ocel import log_of, renewed

Log = tuple[dict[str, Any], Any]


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Log:
    """Two runs, as the document and as pm4py reads it."""
    document = log_of(delivered(), renewed("L2"))
    path = tmp_path_factory.mktemp("ocel") / "countersign.ocel.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return document, pm4py.read_ocel2_json(str(path))


def test_everything_is_found_again(log: Log) -> None:
    document, read = log
    assert len(read.events) == len(document["events"])
    assert len(read.objects) == len(document["objects"])
    related = [r for event in document["events"] for r in event["relationships"]]
    assert len(read.relations) == len(related)
    assert Counter(read.relations["ocel:qualifier"]) == Counter(r["qualifier"] for r in related)
    between = [r for one in document["objects"] for r in one["relationships"]]
    assert len(read.o2o) == len(between)
    types = {one["type"] for one in document["objects"]}
    assert set(pm4py.ocel_get_object_types(read)) == types


def test_attributes_have_their_types(log: Log) -> None:
    _, read = log
    assert str(read.objects["answer_by"].dtype).startswith("datetime64")
    assert read.objects["attempt"].max() == 2
    assert read.events["automatic"].dtype == bool


def test_what_changed_is_a_change(log: Log) -> None:
    document, read = log
    assert len(read.object_changes) == sum(
        len(one["attributes"]) - len({a["name"] for a in one["attributes"]})
        for one in document["objects"]
    )


def test_commitments_are_cases(log: Log) -> None:
    """Flattened, each commitment is one trace, from the start of its launch."""
    document, read = log
    cases = pm4py.ocel_flattening(read, "commitment")
    assert set(cases["case:concept:name"]) == {
        one["id"] for one in typed(document["objects"], "commitment")
    }
    trace = cases[cases["case:concept:name"] == "commitment:L1:product:1"]
    assert list(trace["concept:name"]) == [
        *("LaunchStarted", "CommitmentRequested", "CommitmentSigned", "StepRan"),
        *("DeliveryReported", "DeliveryRejected", "DeliveryReported", "DeliveryAccepted"),
    ]


def test_a_net_of_objects_is_found(log: Log) -> None:
    _, read = log
    net = pm4py.discover_oc_petri_net(read)
    assert set(net["object_types"]) == {"launch", "commitment", "module", "escalation"}
