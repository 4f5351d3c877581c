"""What must be so of every event log of objects: of the log alone, and held against its runs."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, get_args

from domain.escalation import SYSTEM
from domain.events import Entry, LaunchStarted
from domain.evolve import fold
from domain.insights.ocel.vocabulary import Qualifier
from domain.launch import Launch

Document = dict[str, Any]
PLAIN = {"string": str, "time": str, "integer": int, "boolean": bool}


def check_event_log(log: Document, runs: Sequence[Sequence[Entry]]) -> None:
    """Well formed by the standard, complete by the runs, and without anybody in it."""
    check_form(log)
    check_objects(log)
    happened = [(entry.event.kind, entry.seq) for run in runs for entry in run]
    assert [(e["type"], values(e)["seq"]) for e in log["events"]] == happened
    for run in runs:
        launch = fold(run)
        check_ends(log, launch)
        check_nobody(log, people_of(launch, run))


def check_form(log: Document) -> None:
    """Ids are unique, types declared, values of their type, relations to what is there."""
    objects = {one["id"] for one in log["objects"]}
    known = objects | {event["id"] for event in log["events"]}
    assert len(known) == len(log["objects"]) + len(log["events"])
    for listed, declared in (("events", "eventTypes"), ("objects", "objectTypes")):
        types = {t["name"]: {a["name"]: a["type"] for a in t["attributes"]} for t in log[declared]}
        for one in log[listed]:
            for attribute in one["attributes"]:
                of = types[one["type"]][attribute["name"]]
                assert type(attribute["value"]) is PLAIN[of], (one["type"], attribute)
                if of == "time":
                    assert datetime.fromisoformat(str(attribute["value"])).tzinfo
            for relation in one["relationships"]:
                assert relation["objectId"] in objects
                assert relation["qualifier"] in get_args(Qualifier)
    for event in log["events"]:
        related = [relation["objectId"] for relation in event["relationships"]]
        assert len(related) == len(set(related)), "one relation between an event and an object"


def check_objects(log: Document) -> None:
    """Each takes part in some event, and has one value of an attribute at a time."""
    in_events = {r["objectId"] for event in log["events"] for r in event["relationships"]}
    assert {one["id"] for one in log["objects"]} == in_events
    for one in log["objects"]:
        for name in {attribute["name"] for attribute in one["attributes"]}:
            course = [a for a in one["attributes"] if a["name"] == name]
            times = [datetime.fromisoformat(a["time"]) for a in course]
            assert times == sorted(set(times))
            assert all(a["value"] != b["value"] for a, b in pairwise(course))


def check_ends(log: Document, launch: Launch) -> None:
    """Where everything stood when the launch closed."""
    objects = {one["id"]: one for one in log["objects"]}
    assert values(objects[launch.id])["outcome"] == launch.outcome
    of_launch = [one for one in log["objects"] if within(one, launch.id)]
    ends = {(v["step"], v["attempt"]): v for v in map(values, typed(of_launch, "commitment"))}
    for commitment in launch.steps:
        for attempt in commitment.attempts:
            assert ends.pop((commitment.key, attempt.attempt))["state"] == attempt.state
        end = ends.pop((commitment.key, commitment.attempt))
        assert (end["state"], end["version"]) == (commitment.state, commitment.version)
        assert end["breached"] == commitment.breached
    assert not ends
    settled = [values(one)["state"] for one in typed(of_launch, "escalation")]
    assert settled == [escalation.state for escalation in launch.escalations]
    found = [values(one)["state"] for one in typed(of_launch, "finding")]
    assert found == [finding.state for finding in launch.findings]


def check_nobody(log: Document, people: set[str]) -> None:
    said = set(texts(log))
    for person in people:
        alone = re.compile(rf"(?<![\w.]){re.escape(person)}(?![\w.])", re.IGNORECASE)
        assert not [text for text in said if alone.search(text)], person


def people_of(launch: Launch, run: Sequence[Entry]) -> set[str]:
    """Everybody the launch knew or heard of."""
    acting = {entry.actor for entry in run} - {SYSTEM}
    started = run[0].event
    assert isinstance(started, LaunchStarted)
    held = {person for post in started.staff for person in post.people}
    return {launch.plan.planner, launch.plan.sponsor} | acting | held


def texts(log: Document) -> Iterator[str]:
    """Every text that comes from a run: ids, and values of attributes."""
    for one in (*log["events"], *log["objects"]):
        yield one["id"]
        yield from (a["value"] for a in one["attributes"] if isinstance(a["value"], str))
        yield from (relation["objectId"] for relation in one["relationships"])


def values(one: Document) -> Document:
    """The attributes of an event; of an object, as they were in the end."""
    return {attribute["name"]: attribute["value"] for attribute in one["attributes"]}


def typed(objects: Sequence[Document], of: str) -> list[Document]:
    return [one for one in objects if one["type"] == of]


def within(one: Document, launch: str) -> bool:
    return {"objectId": launch, "qualifier": "part of"} in one["relationships"]
