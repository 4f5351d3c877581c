"""`countersign postmortem …`: listed, shown, and exported as files that need nothing else."""

import json
import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args

import pytest

from api.reports import as_markdown
from domain.events import Event
from domain.words.kinds import KINDS
from tests.cli.conftest import Shell
from tests.cli.plans import written
from tests.stack import Stack

NASTY = "<script>alert(1)</script> **bold** | cell | [x](http://evil) `code` # head &amp;"


class Page(HTMLParser):
    """What a page consists of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.text += data


def in_a_month() -> str:
    return str((datetime.now(UTC) + timedelta(days=30)).date())


@pytest.fixture
async def code(shell: Shell, stack: Stack, tmp_path: Path) -> str:
    """A launch that was stopped, resumed and cancelled after a signature; written about."""
    path, code = written(tmp_path)
    launch = json.loads(await shell.good("launch", "start", path, "--json"))["id"]
    await shell.good("sign", code, "product", "--yes", person="lead.product")
    await shell.good("stop", code, "--reason", "lead.channel is ill", person="frontline.city-a")
    await shell.good("resume", code, "--reason", "on", person="sponsor")
    await shell.good("decline", code, "marketing", "--reason", NASTY, person="lead.marketing")
    await shell.good("cancel", code, "--reason", "over")
    await shell.good("launch", "status", code, "--watch", "--json")
    body = {
        "summary": f"{NASTY} and it was his fault",
        "factors": ["late_plan", "shortage"],
        "factor_notes": {"late_plan": "one day"},
        "went_well": ["the hotline"],
        "thanks": [NASTY],
        "sides": {"customer": "waited"},
    }
    answer = await stack.send("PATCH", f"/launches/{launch}/postmortem", body, "facilitator")
    assert answer.status_code == 200, answer.text
    return code


async def test_they_are_listed_and_shown(shell: Shell, code: str) -> None:
    listed = await shell.good("postmortem", "list")
    assert code in listed
    assert "draft, version 1" in listed
    found = json.loads(await shell.good("postmortem", "list", "--state", "draft", "--json"))
    assert code in {item["code"] for item in found["items"]}
    said = await shell.good("postmortem", "show", code)
    for words in ("Plan late: one day", "◆ is the critical path", "‖ stopped for", "“fault”"):
        assert words in said
    assert "lead.channel" not in said
    record = json.loads(await shell.good("postmortem", "show", code, "--json"))
    assert record["code"] == code


async def test_what_has_none_says_so(shell: Shell, tmp_path: Path) -> None:
    path, code = written(tmp_path)
    await shell.good("launch", "start", path)
    done = await shell("postmortem", "show", code)
    assert done.code == 1
    assert "There is no postmortem" in done.stderr


async def test_actions_are_asked_for_done_and_listed(shell: Shell, stack: Stack, code: str) -> None:
    wish = ("service", "--deliverable", NASTY, "--by", in_a_month(), "--condition", "In writing.")
    asked = await shell.good("postmortem", "request", code, *wish, person="facilitator")
    assert "requested" in asked
    record = json.loads(await shell.good("postmortem", "show", code, "--json"))
    [action] = record["actions"]
    assert action["conditions"] == ["In writing."]
    assert action["code"] not in await shell.good("postmortem", "actions")
    for body, person in (
        ({"state": "in_review"}, "facilitator"),
        ({"state": "published"}, "sponsor"),
    ):
        place = f"/launches/{record['launch']}/postmortem"
        assert (await stack.send("PATCH", place, body, person)).status_code == 200
    assert action["code"] in await shell.good("postmortem", "actions")
    assert action["code"] in await shell.good("postmortem", "show", code)
    assert action["code"] in await shell.good("launch", "list", "--kind", "action")
    text = await shell.good("postmortem", "export", code, "--lang", "zh")
    assert "改进行动" in text
    signed = await shell.good("sign", action["code"], "service", "--yes", person="lead.service")
    assert "signed" in signed
    status = await shell.good("launch", "status", action["code"])
    assert action["code"] in status
    assert "There are no such actions" in await shell.good(
        "postmortem", "actions", "--state", "overdue"
    )


async def test_a_lesson_is_proposed_signed_and_in_effect(
    shell: Shell, code: str, tmp_path: Path
) -> None:
    file = tmp_path / "lesson.yaml"
    file.write_text(
        "reason: lead.channel asked for it\nsteps:\n- {key: service, lead_time: 4bd}\n",
        encoding="utf-8",
    )
    said = await shell.good("postmortem", "propose", code, str(file), person="facilitator")
    assert "follows upon standard-launch@1" in said
    assert "lead.channel" not in said
    version = "standard-launch@2"
    assert version not in await shell.good("templates")
    await shell.good("sign", version, "service", "--yes", person="lead.service")
    assert version in await shell.good("templates")
    assert version in await shell.good("postmortem", "show", code)
    for lang, heading in (("en", "## Lessons"), ("zh", "## 经验")):
        text = await shell.good("postmortem", "export", code, "--lang", lang)
        assert heading in text
        assert "\n\n\n" not in text
    out = tmp_path / "report.html"
    await shell.good("postmortem", "export", code, "--format", "html", "--out", str(out))
    assert "Lessons" in Page(out.read_text(encoding="utf-8")).text
    wrong = await shell("postmortem", "propose", code, str(file), person="facilitator")
    assert wrong.code == 1
    assert "standard-launch@2 does not say already" in wrong.stderr


async def test_an_action_for_an_unknown_module_says_so(shell: Shell, code: str) -> None:
    wish = ("sales", "--deliverable", "x", "--by", "2020-01-01")
    done = await shell("postmortem", "request", code, *wish, person="facilitator")
    assert done.code == 1
    assert "module" in done.stderr
    assert "deliver_by" in done.stderr


@pytest.mark.parametrize(("lang", "heading"), [("en", "Contributing factors"), ("zh", "影响因素")])
async def test_a_page_needs_nothing_else_and_runs_nothing(
    shell: Shell, code: str, tmp_path: Path, lang: str, heading: str
) -> None:
    out = tmp_path / "report.html"
    await shell.good(
        *("postmortem", "export", code, "--format", "html", "--lang", lang, "--out", str(out))
    )
    page = Page(out.read_text(encoding="utf-8"))
    assert not {"script", "img", "link", "iframe", "a"} & set(page.tags)
    assert page.addresses == []
    assert heading in page.text
    assert NASTY in page.text, "what was written stands there as it was written"
    assert "lead.channel" not in page.text
    assert re.search(r"#[a-z]{4,} is ill", page.text)


@pytest.mark.parametrize("lang", ["en", "zh"])
async def test_markdown_is_text_where_people_wrote(shell: Shell, code: str, lang: str) -> None:
    text = await shell.good("postmortem", "export", code, "--lang", lang)
    assert text.startswith("# ")
    assert as_markdown(NASTY) in text
    assert "<script>" not in text
    rows = [line for line in text.splitlines() if line.startswith("|")]
    for row in rows:
        assert len(re.findall(r"(?<!\\)\|", row)) in (5, 6), row
    assert "\n\n\n" not in text


def test_every_event_has_a_name_in_both_languages() -> None:
    assert set(KINDS) == {kind.__name__ for kind in get_args(Event)}
    assert all(en and zh and en != zh for en, zh in KINDS.values())
