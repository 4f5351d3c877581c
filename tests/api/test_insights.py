"""Figures over many runs, over HTTP."""

from datetime import UTC, datetime, timedelta

import pytest

from api.insight_documents import InsightsPublic
from domain.canonical import rfc3339
from tests.api.story import Document, as_document, cancelled, code_of, signed_up_to, started
from tests.stack import Stack


async def insights(stack: Stack, query: str = "") -> Document:
    answer = await stack.get(f"/insights{query}")
    assert answer.status_code == 200, answer.text
    document = as_document(answer)
    InsightsPublic.model_validate(document)
    return document


async def test_what_closed_in_a_time_is_counted(stack: Stack) -> None:
    since = rfc3339(datetime.now(UTC))
    before = await insights(stack)
    launch = await cancelled(stack, await signed_up_to(stack, await started(stack), "marketing"))
    body = {"summary": "x", "factors": ["clash", "tool"], "state": "in_review"}
    place = f"/launches/{launch['id']}/postmortem"
    await stack.send("PATCH", place, body, "facilitator")
    found = await insights(stack, f"?from={since}")
    assert found["cases"] == 1
    assert found["outcomes"]["cancelled"] == 1
    row = next(one for one in found["interfaces"] if one["step"] == "product")
    assert row["interface"] == "product→marketing"
    assert (row["answer"]["cases"], row["promises"]["promised"]) == (1, 1)
    assert found["factors"]["cases"] == 0, "only what is published counts"
    published = await stack.send("PATCH", place, {"state": "published"}, "sponsor")
    assert published.status_code == 200, published.text
    found = await insights(stack, f"?from={since}")
    assert found["factors"] == {
        "cases": 1,
        "named": [{"factor": "clash", "cases": 1}, {"factor": "tool", "cases": 1}],
    }
    assert (await insights(stack))["cases"] == before["cases"] + 1


async def test_a_time_without_runs_has_no_figures(stack: Stack) -> None:
    found = await insights(stack, "?from=2020-01-01&to=2020-12-31")
    assert (found["cases"], found["interfaces"]) == (0, [])
    assert found["to"] == "2020-12-31T16:00:00Z", "a date counts as a whole day"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?from=yesterday", "from"),
        ("?to=2026-02-30", "to"),
        ("?from=2026-02-03T10:00:00", "from"),
        ("?from=2026-02-03&to=2026-02-01", "to"),
        ("?since=2026-02-03", "since"),
    ],
)
@pytest.mark.parametrize("place", ["/insights", "/insights/ocel"])
async def test_a_time_that_is_none_is_named(
    stack: Stack, place: str, query: str, field: str
) -> None:
    answer = await stack.get(f"{place}{query}")
    assert answer.status_code == 422
    assert code_of(answer) == "invalid"
    assert [error["field"] for error in as_document(answer)["errors"]] == [field]


async def test_a_far_future_has_none_either(stack: Stack) -> None:
    later = (datetime.now(UTC) + timedelta(days=400)).date()
    assert (await insights(stack, f"?from={later}"))["cases"] == 0
