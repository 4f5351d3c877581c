import asyncio
import json

from tests.api.plans import plan
from tests.api.story import PLANNER, act, as_document, code_of, shown, sign, started, step_of
from tests.stack import Stack


async def test_the_same_request_gets_the_same_reply(stack: Stack) -> None:
    launch = await started(stack)
    first = await sign(stack, launch, "product", key="one")
    await sign(stack, launch, "marketing")
    body = {"terms_digest": step_of(launch, "product")["terms"]["digest"]}
    again = await act(stack, launch, "product/sign", body, "lead.product", key="one")
    assert (again.status_code, again.text) == (first.status_code, first.text)
    assert len(step_of(await shown(stack, launch["id"]), "product")["signatures"]) == 1


async def test_blanks_and_order_of_fields_do_not_make_another_request(stack: Stack) -> None:
    launch = await started(stack)
    body = {"terms_digest": step_of(launch, "product")["terms"]["digest"], "note": "fine"}
    path = f"/launches/{launch['id']}/steps/product/sign"
    first = await stack.post(path, body, "lead.product", key="spaced")
    turned = json.dumps(dict(reversed(body.items())), indent=2).encode()
    again = await stack.post(path, turned, "lead.product", key="spaced")
    assert (again.status_code, again.text) == (200, first.text)


async def test_refusals_are_repeated_too(stack: Stack) -> None:
    launch = await started(stack)
    early = {"evidence": "done"}
    first = await act(stack, launch, "product/report", early, "lead.product", key="early")
    assert code_of(first) == "wrong_state"
    await sign(stack, launch, "product")
    again = await act(stack, launch, "product/report", early, "lead.product", key="early")
    assert again.text == first.text
    fresh = await act(stack, launch, "product/report", early, "lead.product", key="later")
    assert fresh.status_code == 200


async def test_a_corrected_body_goes_by_the_same_key(stack: Stack) -> None:
    launch = await started(stack)
    await sign(stack, launch, "product")
    await act(stack, launch, "product/report", {"evidence": "done"}, "lead.product")
    wrong = {"ratings": [{"condition": "nobody asked for this", "score": 5}]}
    refused = await act(stack, launch, "product/accept", wrong, "lead.marketing", key="accept")
    assert code_of(refused) == "invalid"
    done = await act(stack, launch, "product/accept", {}, "lead.marketing", key="accept")
    assert done.status_code == 200, done.text
    again = await act(stack, launch, "product/accept", {}, "lead.marketing", key="accept")
    assert (again.status_code, again.text) == (200, done.text)


async def test_a_key_is_bound_to_path_and_body(stack: Stack) -> None:
    launch = await started(stack)
    stopped = await act(stack, launch, "stop", {"reason": "a"}, "sponsor", key="bound")
    assert stopped.status_code == 200
    for name, reason in (("stop", "b"), ("resume", "a")):
        other = await act(stack, launch, name, {"reason": reason}, "sponsor", key="bound")
        assert other.status_code == 409
        assert code_of(other) == "idempotency_mismatch"
    assert (await shown(stack, launch["id"]))["seq"] == as_document(stopped)["seq"]


async def test_keys_are_each_persons_own(stack: Stack) -> None:
    launch = await started(stack)
    assert (await sign(stack, launch, "product", key="mine")).status_code == 200
    assert (await sign(stack, launch, "marketing", key="mine")).status_code == 200


async def test_without_a_key_each_request_is_its_own(stack: Stack) -> None:
    launch = await started(stack)
    assert (await sign(stack, launch, "product")).status_code == 200
    assert code_of(await sign(stack, launch, "product")) == "four_eyes"


async def test_fifty_times_at_once_is_once(stack: Stack) -> None:
    launch = await started(stack)
    asked = (sign(stack, launch, "product", key="fifty") for _ in range(50))
    answers = await asyncio.gather(*asked)
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    events = as_document(await stack.get(f"/launches/{launch['id']}/events"))["items"]
    assert [event["type"] for event in events].count("CommitmentSigned") == 1


async def test_a_start_is_repeated_by_its_key(stack: Stack) -> None:
    body = plan()
    first = await stack.post("/launches", body, PLANNER, key=body["code"])
    again = await stack.post("/launches", body, PLANNER, key=body["code"])
    assert (again.status_code, again.text) == (201, first.text)
    assert again.headers["location"] == first.headers["location"]
    await sign(stack, as_document(first), "product")
    later = await stack.post("/launches", body, PLANNER, key=body["code"])
    assert (later.status_code, later.text) == (201, first.text)
    assert later.headers["location"] == first.headers["location"]
    taken = await stack.post("/launches", body, PLANNER)
    assert code_of(taken) == "code_taken"


async def test_two_starts_of_one_code_at_once(stack: Stack) -> None:
    body = plan()
    answers = await asyncio.gather(*(stack.post("/launches", body, PLANNER) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
