"""The events behind the figures, over HTTP."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pm4py
import pytest

from api import event_logs
from api.event_log_documents import EventLogPublic
from api.event_log_headers import LEFT_OUT, RUNS
from db import integrity
from db.integrity import Record
from db.transaction import Session
from domain.canonical import rfc3339
from domain.insights.ocel.keys import Keys
from domain.insights.ocel.log import event_log
from tests.api.story import (
    PLANNER,
    Document,
    act,
    as_document,
    cancelled,
    code_of,
    signed_up_to,
    started,
)
from tests.stack import DEMO, Stack
from tests.unit.event_logs import check_form, check_objects, texts, typed


async def answered(stack: Stack, query: str = "") -> httpx2.Response:
    answer = await stack.get(f"/insights/ocel{query}")
    assert answer.status_code == 200, answer.text
    EventLogPublic.model_validate(as_document(answer))
    return answer


async def closed(stack: Stack) -> Document:
    return await cancelled(stack, await signed_up_to(stack, await started(stack), "marketing"))


async def test_what_closed_in_a_time_is_told(stack: Stack) -> None:
    since = rfc3339(datetime.now(UTC))
    first, second, open_one = await closed(stack), await closed(stack), await started(stack)
    answer = await answered(stack, f"?from={since}")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-disposition"] == 'attachment; filename="countersign.ocel.json"'
    assert (answer.headers[RUNS], answer.headers[LEFT_OUT]) == ("2", "0")
    log = as_document(answer)
    check_form(log)
    check_objects(log)
    assert [one["id"] for one in typed(log["objects"], "launch")] == [first["id"], second["id"]]
    assert open_one["id"] not in answer.text
    assert len(log["events"]) == first["seq"] + second["seq"]
    assert log["countersign"] == {"from": since, "to": None, "runs": 2, "left_out": 0}
    at_all = as_document(await answered(stack))
    assert at_all["countersign"]["runs"] >= 2


async def test_nobody_and_nothing_written_is_in_it(stack: Stack) -> None:
    since = rfc3339(datetime.now(UTC))
    launch = await signed_up_to(stack, await started(stack, title="王芳 said so"), "product")
    await act(stack, launch, "marketing/ask", {"text": "Is Li Lei there?"}, "lead.marketing")
    await act(stack, launch, "escalations", {"reason": "lead.channel is ill"}, "sponsor")
    launch = await cancelled(stack, launch)
    answer = await answered(stack, f"?from={since}")
    for written in ("王芳", "Li Lei", "is ill", "over", launch["code"], PLANNER, "jws", "sha256"):
        assert written not in {*texts(as_document(answer))}
        assert written == "over" or written not in answer.text, written
    for person in DEMO.people:
        assert not {person.id, person.name.en, person.name.zh} & {*texts(as_document(answer))}
        assert "." not in person.id or person.id not in answer.text


async def test_pm4py_reads_the_answer(stack: Stack, tmp_path: Path) -> None:
    since = rfc3339(datetime.now(UTC))
    launch = await closed(stack)
    answer = await answered(stack, f"?from={since}")
    path = tmp_path / "countersign.ocel.json"
    path.write_bytes(answer.content)
    read: Any = pm4py.read_ocel2_json(str(path))
    log = as_document(answer)
    assert len(read.events) == len(log["events"]) == launch["seq"]
    assert len(read.objects) == len(log["objects"])
    assert len(read.relations) == sum(len(event["relationships"]) for event in log["events"])


async def test_more_runs_than_are_read_at_once(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    since = rfc3339(datetime.now(UTC))
    launches = [(await closed(stack))["id"] for _ in range(3)]
    together = as_document(await answered(stack, f"?from={since}"))
    monkeypatch.setattr(event_logs, "AT_ONCE", 1)
    assert as_document(await answered(stack, f"?from={since}")) == together
    assert [one["id"] for one in typed(together["objects"], "launch")] == launches


async def test_a_damaged_run_is_left_out_and_counted(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    since = rfc3339(datetime.now(UTC))
    whole, cut, edited = [(await closed(stack))["id"] for _ in range(3)]
    real = integrity.record

    async def damaged(session: Session, launch: str) -> Record:
        record = await real(session, launch)
        rows = [dict(row) for row in record.rows]
        if launch == cut:
            rows = rows[:-1]
        if launch == edited:
            rows[2]["data"] = json.dumps({"who": "knows"})
        return Record(launch, tuple(rows), record.unreadable)

    monkeypatch.setattr(integrity, "record", damaged)
    answer = await answered(stack, f"?from={since}")
    log = as_document(answer)
    assert [one["id"] for one in typed(log["objects"], "launch")] == [whole]
    assert (answer.headers[RUNS], answer.headers[LEFT_OUT]) == ("1", "2")
    assert (log["countersign"]["runs"], log["countersign"]["left_out"]) == (1, 2)


async def test_a_time_without_runs_is_an_empty_log(stack: Stack) -> None:
    later = (datetime.now(UTC) + timedelta(days=400)).date()
    log = as_document(await answered(stack, f"?from={later}"))
    assert (log["events"], log["objects"]) == ([], [])
    assert log["eventTypes"] == event_log([], Keys())["eventTypes"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?from=yesterday", "from"),
        ("?from=2026-02-03&to=2026-02-01", "to"),
        ("?since=2026-02-03", "since"),
    ],
)
async def test_a_time_that_is_none_is_named(stack: Stack, query: str, field: str) -> None:
    answer = await stack.get(f"/insights/ocel{query}")
    assert answer.status_code == 422
    assert code_of(answer) == "invalid"
    assert [error["field"] for error in as_document(answer)["errors"]] == [field]
