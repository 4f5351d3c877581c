"""Whatever anybody puts into whatever form there is stays text: on the page that refuses it, and on
every page that shows it later.
"""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urljoin

import httpx2
import pytest
from temporalio.client import Client

from tests.api.plans import plan
from tests.api.story import cancelled, signed_up_to, started
from tests.pages.conftest import Browsing
from tests.pages.forms import Attributes, Field, Form, Page
from tests.stack import Stack, running_stack

HOSTILE: Final = (
    "'\"><img src=x onerror=hostile()></textarea></title></script><script>hostile()</script>"
    "<b hx-on:click=hostile()>{{7*7}} \u202eтxet\u2066 ѕіgnеd"
)
LINK: Final = 'javascript:hostile()//"onmouseover=hostile()'
LEFT_OUT: Final = (
    "/sign-out",
    "/language",
    "/sign-in",
    "/sign-in/demo",
    "/tokens/sign-out",
)
LAST: Final = ("cancel", "stop", "withdraw", "revoke", "decline", "waive", "remove")
ISOLATED: Final = ("bdi", "textarea", "title", "option", "code")


@pytest.fixture(scope="module")
async def stack(tmp_path_factory: pytest.TempPathFactory, temporal: Client) -> AsyncIterator[Stack]:
    """An installation of its own: whatever can be done in it is done, by everybody."""
    async with running_stack(tmp_path_factory.mktemp("hostile"), temporal) as stack:
        yield stack


async def test_what_anybody_writes_anywhere_stays_text(stack: Stack, browser: Browsing) -> None:
    places = await furnished(stack)
    browsers = {person: await browser(person) for person in places}
    sent, echoed = set(), set()
    for person, addresses in places.items():
        for address in addresses:
            page = await read(browsers[person], address)
            for form, to, fields in filled(page):
                answer = await send(browsers[person], form, urljoin(address, to), fields)
                harmless(answer.text, f"{person} sent {to}")
                sent.add(re.sub(r"[0-9a-f-]{32,36}", "…", to))
                if HOSTILE in text_of(Page.of(answer.text)):
                    echoed.add(to)
    shown = 0
    for person, addresses in places.items():
        for address in addresses:
            page = await read(browsers[person], address)
            shown += text_of(page).count(HOSTILE)
    assert len(sent) > 50
    assert len(echoed) > 20
    assert shown > 200


async def furnished(stack: Stack) -> dict[str, list[str]]:
    """Launches in which everybody has something to do, and the pages people see them on."""
    launch = (await started(stack))["id"]
    raised = await stack.post(
        f"/launches/{launch}/escalations", {"reason": HOSTILE}, "lead.product"
    )
    escalation = raised.json()["id"]
    promised = (await signed_up_to(stack, await started(stack), "product"))["id"]
    ended = (await cancelled(stack, await signed_up_to(stack, await started(stack), "product")))[
        "id"
    ]
    soon = (datetime.now(UTC) + timedelta(days=2)).date()
    late = plan(
        title=HOSTILE[:80], window={"start": str(soon), "end": str(soon + timedelta(days=5))}
    )
    found = (await stack.post("/launches", late, "planner.personal")).json()["id"]
    launches = [
        f"/launches/{one}?step={step}"
        for one in (launch, promised, found)
        for step in ("product", "marketing")
    ]
    review = [
        f"/launches/{ended}",
        f"/launches/{ended}/postmortem",
        f"/launches/{ended}/replay",
        f"/launches/{ended}/what-if",
    ]
    everybodys = ["/inbox", *launches, f"/escalations/{escalation}", *review]
    everybodys += ["/launches", "/escalations", "/postmortems", "/actions", "/insights", "/tokens"]
    house = [
        "/organisation",
        "/organisation/people",
        "/organisation/rules",
        "/organisation/calendar",
    ]
    return {
        "facilitator": everybodys,
        "lead.product": everybodys,
        "lead.marketing": everybodys,
        "frontline.city-a": everybodys,
        "planner.personal": [*everybodys, "/launches/new", f"/launches/{launch}/plan", *house],
        "sponsor": everybodys,
        "admin": [
            *everybodys,
            *house,
            "/organisation/edit",
            "/organisation/people?edit=lead.service",
        ],
    }


async def read(browser: httpx2.AsyncClient, address: str) -> Page:
    answer = await browser.get(address, follow_redirects=True)
    assert answer.status_code in (200, 403, 409), (address, answer.status_code)
    assert not answer.url.path.startswith("/sign-in")
    return harmless(answer.text, address)


async def send(
    browser: httpx2.AsyncClient, form: Form, to: str, fields: dict[str, str]
) -> httpx2.Response:
    if form.method == "get":
        return await browser.get(to, params=fields)
    answer = await browser.post(to, data=fields)
    assert answer.status_code < 500, (to, answer.status_code)
    return answer


def filled(page: Page) -> Iterator[tuple[Form, str, dict[str, str]]]:
    """Every form by every button of it, with something hostile in every field."""

    def is_last(form: Form) -> bool:
        return form.action.rpartition("/")[2] in LAST

    for form in sorted(page.forms, key=is_last):
        fields = {
            **form.filled,
            **{one.name: said(one) for one in form.fields if one.kind != "hidden"},
        }
        for to, name, value in form.buttons or [(form.action, "", "")]:
            if to not in LEFT_OUT:
                yield form, to, {**fields, **({name: value} if name else {})}


def said(one: Field) -> str:
    soon = datetime.now(UTC) + timedelta(days=30)
    match one.kind:
        case "select":
            return one.value or next(filter(None, one.options), "")
        case "radio" | "checkbox":
            return one.value or "on"
        case "number":
            return one.value or "2"
        case "date":
            return f"{soon:%Y-%m-%d}"
        case "time":
            return "10:00"
        case "datetime-local":
            return f"{soon:%Y-%m-%dT%H:%M}"
        case "url":
            return LINK
        case _:
            return HOSTILE


def harmless(text: str, where: str) -> Page:
    """The page, which runs and draws nothing of what was written."""
    page = Page.of(text)
    for tag, attributes in page.tags:
        assert tag not in ("img", "b"), (where, tag, attributes)
        assert tag != "script" or attributes.get("src", "").startswith("/static/"), (
            where,
            attributes,
        )
        for name, value in attributes.items():
            assert not name.startswith(("on", "hx-on")), (where, tag, name)
            is_link = name in ("href", "src", "action", "formaction")
            assert not (is_link and value.strip().lower().startswith("javascript")), (where, value)
    for written, around in page.texts:
        if "\u202e" in written:
            assert any(map(isolates, around)), (where, [tag for tag, _ in around], written[:80])
    return page


def isolates(element: tuple[str, Attributes]) -> bool:
    tag, attributes = element
    return tag in ISOLATED or "said" in attributes.get("class", "").split()


def text_of(page: Page) -> str:
    values: list[Any] = [one.value for form in page.forms for one in form.fields]
    return "\n".join([*(written for written, _ in page.texts), *values])
