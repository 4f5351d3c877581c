"""The text of a signature, and the list of what was refused."""

import hashlib
import json

from domain.canonical import canonical
from tests.api.story import PLANNER, act, as_document, code_of, sign, started, step_of
from tests.stack import Stack


async def test_the_text_to_be_signed_gives_the_digest(stack: Stack) -> None:
    launch = await started(stack)
    address = f"/launches/{launch['id']}/steps/product/signable"
    found = as_document(await stack.get(address, "lead.product"))
    terms = step_of(launch, "product")["terms"]
    assert found["digest"] == terms["digest"]
    assert found["digest"] == f"sha256:{hashlib.sha256(found['text'].encode()).hexdigest()}"
    told = json.loads(found["text"])
    assert canonical(told).decode() == found["text"], "RFC 8785"
    assert told["terms"]["deliverable"] == terms["deliverable"]
    assert (told["launch"], told["step"]) == (launch["id"], "product")
    assert (told["attempt"], told["version"], found["state"]) == (1, 1, "requested")
    signed = as_document(await sign(stack, launch, "product"))
    assert step_of(signed, "product")["signatures"][0]["digest"] == found["digest"]


async def test_it_follows_the_terms(stack: Stack) -> None:
    launch = await started(stack)
    body = {"terms": {"deliverable": "Half of it"}, "reason": "less"}
    await act(stack, launch, "product/amend", body, PLANNER)
    address = f"/launches/{launch['id']}/steps/product/signable"
    found = as_document(await stack.get(address))
    assert (found["version"], json.loads(found["text"])["terms"]["deliverable"]) == (
        2,
        "Half of it",
    )
    unknown = await stack.get(f"/launches/{launch['id']}/steps/nowhere/signable")
    assert code_of(unknown) == "no_such_step"
    assert code_of(await stack.get("/launches/none/steps/product/signable")) == "no_such_launch"


async def test_what_was_refused_is_listed_with_rule_and_person(stack: Stack) -> None:
    launch = await started(stack)
    await act(stack, launch, "product/decline", {"reason": "no"}, "lead.marketing")
    await act(stack, launch, "product/sign", {"terms_digest": "sha256:x"}, "lead.product")
    await act(stack, launch, "product/sign", {}, "lead.product")
    address = f"/launches/{launch['id']}/refusals"
    items = as_document(await stack.get(address, "sponsor"))["items"]
    assert [(r["person"], r["act"], r["step"], r["code"]) for r in items] == [
        ("lead.product", "sign", "product", "invalid"),
        ("lead.product", "sign", "product", "terms_changed"),
        ("lead.marketing", "decline", "product", "not_yours"),
    ]
    first = as_document(await stack.get(f"{address}?limit=2", "admin"))
    rest = f"{address}?limit=2&cursor={first['next_cursor']}"
    last = as_document(await stack.get(rest, "facilitator"))
    assert first["items"] + last["items"] == items
    assert last["next_cursor"] is None
    assert code_of(await stack.get(f"{address}?cursor=x", "admin")) == "invalid"


async def test_who_may_not_read_it_stands_in_it(stack: Stack) -> None:
    launch = await started(stack)
    address = f"/launches/{launch['id']}/refusals"
    assert code_of(await stack.get(address, PLANNER)) == "not_yours"
    [refused] = as_document(await stack.get(address, "sponsor"))["items"]
    assert (refused["person"], refused["act"], refused["method"]) == (PLANNER, "refusals", "GET")
