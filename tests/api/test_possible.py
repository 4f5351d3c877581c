"""What no launch could make good is said before authority and state are judged."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.api.story import act, as_document, code_of, shown, started
from tests.stack import Stack

PAST = "2026-01-01T00:00:00Z"


def fields(answer: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - any client's response
    assert code_of(answer) == "invalid"
    return [(error["field"], error["code"]) for error in as_document(answer)["errors"]]


def asked(**terms: object) -> dict[str, object]:
    return {"reason": "again", "terms": terms}


@pytest.mark.parametrize(
    ("name", "body", "expected"),
    [
        ("product/acknowledge", {"answer_by": PAST}, [("answer_by", "past")]),
        ("product/request", asked(deliver_by=PAST), [("terms.deliver_by", "past")]),
        (
            "product/request",
            asked(quantities=[{"pool": "gift-phon", "quantity": 1}]),
            [("terms.quantities[0].pool", "unknown")],
        ),
        (
            "product/request",
            asked(quantities=[{"pool": "gift-phone", "quantity": n} for n in (1, 2)]),
            [("terms.quantities[1].pool", "duplicate")],
        ),
    ],
)
async def test_before_authority(
    stack: Stack, name: str, body: object, expected: list[tuple[str, str]]
) -> None:
    launch = await started(stack)
    assert fields(await act(stack, launch, name, body, "admin")) == expected
    assert await shown(stack, launch["id"]) == launch


async def test_extending_into_the_past(stack: Stack) -> None:
    launch = await started(stack)
    body = {"reason": "stuck", "step": "product"}
    raised = as_document(await act(stack, launch, "escalations", body, "lead.product"))
    extend = {"resolution": "extend", "reason": "x", "answer_by": PAST}
    answer = await stack.post(f"/escalations/{raised['id']}/resolve", extend, "admin")
    assert fields(answer) == [("answer_by", "past")]


async def test_a_pool_of_the_organisation_may_be_asked_for(stack: Stack) -> None:
    launch = await started(stack)
    body = asked(quantities=[{"pool": "gift-phone", "quantity": 1}])
    assert code_of(await act(stack, launch, "product/request", body, "admin")) == "not_yours"


async def test_what_a_key_was_answered_stays_when_the_time_is_past(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    launch = await started(stack)
    soon = (datetime.now(UTC) + timedelta(hours=1)).isoformat(timespec="seconds")
    body = {"answer_by": soon}
    first = await act(stack, launch, "product/acknowledge", body, "lead.product", key="soon")
    assert first.status_code == 200, first.text

    class Later(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]  # noqa: ANN401
            return datetime.now(tz) + timedelta(hours=2)

    monkeypatch.setattr("api.submissions.datetime", Later)
    again = await act(stack, launch, "product/acknowledge", body, "lead.product", key="soon")
    assert (again.status_code, again.text) == (200, first.text)
    fresh = await act(stack, launch, "product/acknowledge", body, "lead.product")
    assert fields(fresh) == [("answer_by", "past")]
