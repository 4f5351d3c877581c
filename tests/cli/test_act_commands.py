"""Every act on a commitment, a finding and an escalation from the command line, as its person."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Shell
from tests.cli.plans import written


@pytest.fixture
async def code(shell: Shell, tmp_path: Path) -> str:
    path, code = written(tmp_path)
    await shell.good("launch", "start", path)
    return code


async def step_of(shell: Shell, code: str, key: str) -> dict[str, Any]:
    launch = json.loads(await shell.good("launch", "status", code, "--json"))
    return next(step for step in launch["steps"] if step["key"] == key)


async def test_from_the_question_to_the_accepted_delivery(shell: Shell, code: str) -> None:
    lead = "lead.product"
    await shell.good("acknowledge", code, "product", "--answer-by", "PT80H", person=lead)
    await shell.good("ask", code, "product", "卖点是什么？", person=lead)
    await shell.good("reply", code, "product", "充100送50")
    signed = await shell.good("sign", code, "product", "--note", "good", person=lead)
    assert "✓ signed" in signed
    assert "marketing to sign" in signed
    await shell.good("report", code, "product", "--evidence", "sold one", person=lead)
    await shell.good(
        "reject", code, "product", "--reason", "not in city A", person="lead.marketing"
    )
    await shell.good(
        *("report", code, "product", "--evidence", "sold two", "--link", "https://example.com/2"),
        person=lead,
    )
    await shell.good(
        *("accept", code, "product", "--rate", "1=5", "--rate", "2=4", "--note", "thanks"),
        person="lead.marketing",
    )
    step = await step_of(shell, code, "product")
    assert step["state"] == "accepted"
    assert [delivery["accepted"] for delivery in step["deliveries"]] == [False, True]
    events = (await shell.good("launch", "events", code, "--json")).splitlines()
    accepted = next(e for e in map(json.loads, events) if e["type"] == "DeliveryAccepted")
    assert [score for _, score in accepted["data"]["ratings"]] == [5, 4]


async def test_what_is_signed_is_shown_with_its_digest(shell: Shell, code: str) -> None:
    terms = (await step_of(shell, code, "product"))["terms"]
    done = await shell("sign", code, "product", "--json", person="lead.product")
    assert done.code == 0
    assert terms["digest"] in done.stderr
    assert terms["deliverable"] in done.stderr
    signature = json.loads(done.stdout)["steps"][0]["signatures"][0]
    assert signature["digest"] == terms["digest"]
    again = await shell("sign", code, "product", person="lead.product")
    assert again.code == 1
    assert "signed already" in again.stderr


async def test_terms_are_negotiated_and_promises_taken_back(shell: Shell, code: str) -> None:
    lead = "lead.product"
    countered = await shell.good(
        *("counter", code, "product", "--reason", "too much", "--deliverable", "half of it"),
        *("--quantity", "gift-phone=300"),
        person=lead,
    )
    assert "◆ countered" in countered
    assert "planner (product) to answer a counter-offer" in countered
    await shell.good("withdraw-counter", code, "product", "--note", "we can", person=lead)
    await shell.good("counter", code, "product", "--reason", "no", "--condition", "x", person=lead)
    amend = ("amend", code, "product", "--reason", "so", "--deliver-by", "PT300H")
    await shell.good(*amend)
    await shell.good(
        *("counter", code, "product", "--reason", "half", "--deliverable", "half of it"),
        person=lead,
    )
    done = await shell("accept-counter", code, "product")
    assert (done.code, "✓ signed" in done.stdout) == (0, True), done.stderr
    assert "half of it" in done.stderr, "what is taken is shown"
    await shell.good("request-release", code, "product", "--reason", "broken", person=lead)
    await shell.good("refuse-release", code, "product", "--note", "repair it")
    await shell.good("report", code, "product", "--evidence", "there", person=lead)
    await shell.good("retract-report", code, "product", person=lead)
    revoked = await shell.good("revoke", code, "product", "--reason", "no paper", person=lead)
    assert "✗ revoked" in revoked
    await shell.good("request", code, "product", "--reason", "again")
    await shell.good("withdraw", code, "product", "--reason", "not so")
    await shell.good("request", code, "product", "--reason", "so")
    await shell.good("sign", code, "product", person=lead)
    cancelled = await shell.good("cancel", code, "product", "--reason", "without it")
    assert "– cancelled" in cancelled
    told = await shell.good("launch", "events", code)
    assert "offers other terms for product (version 2): too much" in told
    assert "takes the promise of product back: no paper" in told


async def test_a_condition_a_delegate_and_a_reminder(shell: Shell, code: str) -> None:
    await shell.good("remind", code, "product")
    again = await shell("remind", code, "product")
    assert (again.code, "reminded already" in again.stderr) == (1, True)
    await shell.good(
        *("delegate", code, "product", "frontline.city-a", "--until", "PT90H", "--reason", "away"),
        person="lead.product",
    )
    await shell.good(
        *("sign", code, "product", "--if-fact", "the stock is there", "--by", "PT50H"),
        person="frontline.city-a",
    )
    assert (await step_of(shell, code, "product"))["state"] == "requested"
    signed = await shell.good("confirm", code, "product", "the stock is there")
    assert "✓ signed" in signed
    [signature] = (await step_of(shell, code, "product"))["signatures"]
    assert (signature["role"], signature["on_behalf_of"]) == ("delegate", "lead.product")
    told = await shell.good("launch", "events", code)
    assert "lets frontline.city-a answer for product" in told
    assert "signs for product, if the stock is there" in told


async def test_half_a_condition_is_wrong_usage(shell: Shell, code: str) -> None:
    for wrong in (("--if-fact", "x"), ("--by", "PT5H"), ("--if-step", "x", "--by", "PT5H")):
        done = await shell("sign", code, "product", *wrong, person="lead.product")
        assert (done.code, done.stdout) == (2, ""), wrong


async def test_terms_without_a_change_are_wrong_usage(shell: Shell, code: str) -> None:
    for act in ("counter", "amend"):
        done = await shell(act, code, "product", "--reason", "so")
        assert (done.code, "what should change" in done.stderr) == (2, True)
    done = await shell("counter", code, "product", "--reason", "so", "--quantity", "gift-phone")
    assert (done.code, "gift-phone=300" in done.stderr) == (2, True)


async def test_declined_and_asked_again_with_other_terms(shell: Shell, code: str) -> None:
    declined = await shell.good(
        "decline", code, "product", "--reason", "too much", person="lead.product"
    )
    assert "✗ declined" in declined
    assert "planner (product) to ask again" in declined
    await shell.good(
        *("request", code, "product", "--reason", "less", "--deliverable", "half of it"),
        *("--condition", "in city A", "--condition", "tested"),
    )
    step = await step_of(shell, code, "product")
    assert step["attempt"] == 2
    assert step["terms"]["deliverable"] == "half of it"
    assert step["terms"]["conditions"] == ["in city A", "tested"]


async def test_a_waiver_takes_two_people(shell: Shell, code: str) -> None:
    await shell.good("waive", code, "product", "--reason", "exists already", person="sponsor")
    refused = await shell("waive", code, "product", "--reason", "sure", person="sponsor")
    assert refused.code == 1
    waived = await shell.good("waive", code, "product", "--reason", "agreed", person="executive")
    assert "≈ waived" in waived


async def test_a_blocking_finding_is_shown_and_waived(shell: Shell, tmp_path: Path) -> None:
    path, code = written(tmp_path, window={"start": "today+2d", "end": "today+9d"})
    shown = await shell.good("launch", "start", path)
    assert "✗ blocks" in shown
    launch = json.loads(await shell.good("launch", "status", code, "--json"))
    finding = next(f["id"] for f in launch["findings"] if f["severity"] == "block")
    for person in ("sponsor", "executive"):
        await shell.good("finding-waive", code, finding, "--reason", "we know", person=person)
    launch = json.loads(await shell.good("launch", "status", code, "--json"))
    assert next(f["state"] for f in launch["findings"] if f["id"] == finding) == "waived"


async def test_an_escalation_is_raised_taken_up_and_settled(shell: Shell, code: str) -> None:
    raised = json.loads(
        await shell.good("escalate", code, "product", "--reason", "who decides?", "--json")
    )
    assert (raised["cause"], raised["step"], raised["state"]) == ("manual", "product", "open")
    listed = await shell.good("escalation", "list", "--launch", code, "--state", "open")
    assert raised["id"] in listed
    assert "who decides?" in listed
    await shell.good("escalation", "acknowledge", raised["id"], "--note", "I do", person="sponsor")
    settled = await shell.good(
        *("escalation", "resolve", raised["id"], "extend", "--reason", "more time"),
        *("--answer-by", "PT100H"),
        person="sponsor",
    )
    assert "resolved: extend" in settled
    await shell.good("escalate", code, "--reason", "the whole launch")


async def test_the_inbox_says_what_to_type(shell: Shell, code: str) -> None:
    said = await shell.good("inbox", "--limit", "100", person="lead.product")
    assert f"sign {code} product" in said
    items = json.loads(
        await shell.good("inbox", "--limit", "100", "--json", person="lead.product")
    )["items"]
    assert any(item["kind"] == "sign" and item["code"] == code for item in items)
    assert "Nothing waits for you" in await shell.good("inbox", person="frontline.city-b")


async def test_what_is_refused_says_why_and_prints_the_problem(shell: Shell, code: str) -> None:
    done = await shell("sign", code, "product", "--json", person="lead.channel")
    assert done.code == 1
    assert json.loads(done.stdout)["code"] == "not_yours"
    assert "Only lead, deputy or head of product" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("launch", "status", "T-none"), "There is no launch “T-none”"),
        (("sign", "{code}", "prodct"), "has no step “prodct”; its steps are product, marketing"),
        (("decline", "{code}", "nothing", "--reason", "x"), "There is no step “nothing”"),
        (("accept", "{code}", "product", "--rate", "9=1"), "There is no condition 9"),
        (("escalation", "resolve", "none.1", "dismiss", "--reason", "x"), "There is no"),
        (("escalation", "list", "--state", "closed"), "state"),
        (("acknowledge", "{code}", "product", "--answer-by", "tomorrow"), "answer_by"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
async def test_unknown_names_and_values_are_said(
    shell: Shell, code: str, arguments: tuple[str, ...], said: str
) -> None:
    done = await shell(*(argument.format(code=code) for argument in arguments))
    assert (done.code, done.stdout) == (1, "")
    assert said in done.stderr


async def test_an_act_without_a_worker_is_waited_for(shell: Shell, code: str) -> None:
    """The API answers 202; the command is final only when a worker is back."""
    async with shell.stack.without_worker():
        early = await shell(
            "decline", code, "product", "--reason", "x", "--wait", "1", person="lead.product"
        )
        assert early.code == 1
        assert "The outcome is not known after 1 s" in early.stderr
    late = await shell.good("launch", "status", code)
    assert "product" in late


async def test_a_command_becomes_final_while_it_is_followed(shell: Shell, code: str) -> None:
    await shell.stack.stop_worker()
    try:
        signing = asyncio.create_task(shell("sign", code, "product", person="lead.product"))
        await asyncio.sleep(2.5)
        assert not signing.done()
    finally:
        await shell.stack.start_worker()
    done = await signing
    assert done.code == 0, done.stderr
    assert "waiting for the outcome" in done.stderr
    assert "✓ signed" in done.stdout
