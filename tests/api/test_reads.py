from runtime.signing import verify
from tests.api.story import as_document, inbox, sign, started, step_of
from tests.stack import Stack


async def test_me(stack: Stack) -> None:
    me = as_document(await stack.get("/me", "lead.product"))
    assert me["person"] == "lead.product"
    assert me["roles"] == ["lead:product"]
    assert me["name"]["zh"]


async def test_the_organisation_is_shown_as_it_is_imported(stack: Stack) -> None:
    shown = as_document(await stack.get("/organisation"))
    assert [module["key"] for module in shown["modules"]][:2] == ["product", "marketing"]
    assert {person["id"] for person in shown["people"]} == set(stack.tokens)
    assert shown["organisation"]["zone"] == "Asia/Shanghai"


async def test_signatures_verify_with_the_published_keys(stack: Stack) -> None:
    launch = await started(stack)
    (signature,) = step_of(as_document(await sign(stack, launch, "product")), "product")[
        "signatures"
    ]
    keys = {key["kid"]: key for key in as_document(await stack.get("/keys"))["keys"]}
    envelope = verify(signature["jws"], keys)
    assert envelope["person"] == "lead.product"
    assert (envelope["launch"], envelope["step"]) == (launch["id"], "product")
    assert envelope["act"] == "sign"
    assert envelope["roles"] == ["lead:product"]


async def test_the_inbox_is_the_callers(stack: Stack) -> None:
    launch = await started(stack)
    (item,) = [i for i in await inbox(stack, "head.product") if i["launch"] == launch["id"]]
    assert (item["kind"], item["step"]) == ("sign", "product")
    assert item["overdue"] is False
    assert item["due"] == step_of(launch, "product")["answer_by"]
    assert launch["id"] not in {i["launch"] for i in await inbox(stack, "head.marketing")}


async def test_the_inbox_goes_in_pages(stack: Stack) -> None:
    for _ in range(3):
        await started(stack)
    first = as_document(await stack.get("/inbox?limit=2", "head.product"))
    assert len(first["items"]) == 2
    path = f"/inbox?limit=2&cursor={first['next_cursor']}"
    second = as_document(await stack.get(path, "head.product"))["items"]
    assert not [item for item in second if item in first["items"]]
    foreign = await stack.get(path, "lead.product")
    assert foreign.status_code == 422


async def test_a_filter_no_list_knows_is_named(stack: Stack) -> None:
    launch = await started(stack)
    for path in ("/launches", "/escalations", "/inbox", f"/launches/{launch['id']}/events"):
        refused = await stack.get(f"{path}?limit=1&limt=2")
        assert refused.status_code == 422, path
        (error,) = as_document(refused)["errors"]
        assert (error["field"], error["code"]) == ("limt", "unknown")
        assert "did you mean “limit”?" in error["message"]
        assert (await stack.get(f"{path}?limit=1")).status_code == 200
    assert (await stack.get("/launches?limt=2", None)).status_code == 401
    assert (await stack.get("/launches/none/events?limt=2")).status_code == 404
