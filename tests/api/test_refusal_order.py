"""Requests with several things wrong: the first of the contract's order is the one that is said."""

import pytest

from tests.api.story import act, code_of, shown, sign, started
from tests.stack import Stack

LONG = b'{"terms_digest": "' + b"x" * 70_000 + b'"}'
GOOD = b'{"terms_digest": "x"}'
FINDING = b'{"finding": "none", "reason": "x"}'


@pytest.mark.parametrize(
    ("person", "path", "body", "code"),
    [
        # Nobody is told anything before it is known who asks.
        (None, "/launches/none/steps/none/sign", b"{", "unauthenticated"),
        (None, "/launches/none/steps/none/nothing", LONG, "unauthenticated"),
        (None, "/nothing/at/all", GOOD, "unauthenticated"),
        ("admin", "/launches/none/steps/none/sign", b"{", "malformed"),
        ("admin", "/launches/none/steps/none/nothing", b"{", "malformed"),
        ("admin", "/launches/none/steps/none/sign", LONG, "too_large"),
        ("admin", "/launches/none/steps/none/sign", b"{}", "no_such_launch"),
        ("admin", "/launches/none/cancel", b"{}", "no_such_launch"),
        ("admin", "/launches/none/escalations", b"{}", "no_such_launch"),
        ("admin", "/escalations/none/resolve", b"{}", "no_such_escalation"),
        ("admin", "/launches/{id}/steps/none/sign", b"{}", "no_such_step"),
        ("admin", "/launches/{id}/steps/none/nothing", b"{}", "no_such_step"),
        ("admin", "/launches/{id}/steps/product/approve", b"{}", "no_such_act"),
        ("admin", "/launches/{id}/nothing", b"{}", "no_such_act"),
        ("admin", "/launches/{id}/finding-waive", FINDING, "no_such_finding"),
        ("admin", "/launches/{id}/steps/product/sign", b'{"note": 1}', "invalid"),
        ("admin", "/launches/{id}/steps/product/sign", GOOD, "not_yours"),
        ("planner.personal", "/launches/{id}/steps/product/sign", GOOD, "four_eyes"),
        ("lead.product", "/launches/{id}/steps/product/sign", GOOD, "terms_changed"),
    ],
)
async def test_order(stack: Stack, person: str | None, path: str, body: bytes, code: str) -> None:
    launch = await started(stack)
    answer = await stack.post(path.format(id=launch["id"]), body, person)
    assert code_of(answer) == code
    assert await shown(stack, launch["id"]) == launch


async def test_a_used_key_is_judged_before_authority(stack: Stack) -> None:
    launch = await started(stack)
    await sign(stack, launch, "product", key="used")
    other = {"terms_digest": "x"}
    answer = await act(stack, launch, "marketing/sign", other, "lead.product", key="used")
    assert code_of(answer) == "idempotency_mismatch"
    invalid = await act(stack, launch, "marketing/sign", {}, "lead.product", key="used")
    assert code_of(invalid) == "invalid"


async def test_whose_act_it_is_comes_before_what_the_launch_allows(stack: Stack) -> None:
    launch = await started(stack)
    await act(stack, launch, "stop", {"reason": "x"}, "sponsor")
    asked = {"terms_digest": "x"}
    assert code_of(await act(stack, launch, "product/sign", asked, "admin")) == "not_yours"
    stopped = await act(stack, launch, "marketing/sign", asked, "lead.marketing")
    assert code_of(stopped) == "launch_stopped"
