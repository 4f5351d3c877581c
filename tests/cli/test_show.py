"""What is drawn: widths of Chinese text, chains of any shape, no colour where it is no terminal."""

import io
from dataclasses import fields
from string import Formatter
from typing import Any, get_args

import pytest
from rich.cells import cell_len
from rich.console import Console, RenderableType

from api.moments import Moments
from api.telling import Teller
from cli.show import console
from cli.show.chain import draw_chain
from cli.show.console import said
from cli.show.happenings import sentence
from cli.show.launch import LaunchPicture
from domain.commitment import CommitmentState
from domain.decide import decide
from domain.escalation import Cause, Resolution
from domain.events import Event
from domain.evolve import fold
from domain.inbox import InboxKind
from domain.launch import Launch, Phase
from domain.view import launch_document
from domain.waiting import Wanted
from domain.words.names import Names
from domain.words.sentences import CAUSES, RESOLUTIONS, SENTENCES
from domain.words.signs import PHASES, STATES, TO_DO
from tests import plans

CHINESE = Names(
    "zh",
    modules={
        "product": "产品",
        "marketing": "市场",
        "channel": "渠道",
        "service": "客服与一线支撑",
    },
)


def printed(drawing: RenderableType, width: int = 100, *, terminal: bool = False) -> str:
    stream = io.StringIO()
    Console(file=stream, width=width, force_terminal=terminal, markup=False).print(drawing)
    return stream.getvalue()


def started(plan: Any) -> Launch:  # noqa: ANN401 - a plan of tests.plans
    return fold(decide(None, plans.start_of(plan), plans.at(0)))


def document(plan: Any) -> dict[str, Any]:  # noqa: ANN401 - the same
    return launch_document(started(plan))


@pytest.mark.parametrize("names", [Names(), CHINESE], ids=["en", "zh"])
@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_lines_of_boxes_are_equally_wide(names: Names, width: int) -> None:
    steps = document(plans.chain_of_five())["steps"]
    lines = printed(draw_chain(steps, names, width), width).splitlines()
    rows = [lines[at : at + 5] for at in range(0, len(lines), 5)]
    assert all(len({cell_len(line.rstrip()) for line in row}) == 1 for row in rows)
    assert max(cell_len(line.rstrip()) for line in lines) <= width


def test_parallel_steps_stand_below_each_other() -> None:
    steps = document(plans.diamond())["steps"]
    drawn = printed(draw_chain(steps, Names(), 100)).splitlines()
    first = next(line for line in drawn if "product" in line)
    assert "marketing" in first
    assert "service" in first
    assert "channel" not in first
    assert any("channel" in line for line in drawn)


def test_a_long_name_of_a_step_stays_inside_its_box() -> None:
    steps = document(plans.single_step(module="product"))["steps"]
    steps[0]["key"] = "模块" * 30
    lines = printed(draw_chain(steps, Names(), 60), 60).splitlines()
    assert all(cell_len(line) <= 60 for line in lines)


def test_a_table_with_chinese_text_is_aligned() -> None:
    launch = document(plans.chain_of_five(deliverable="充100送50已配置、可受理、可测试"))
    picture = LaunchPicture(CHINESE, Moments(), 140)
    lines = printed(picture.whole(launch), 140).splitlines()
    rows = [line for line in lines if "充100送50已" in line]
    assert len(rows) == 5
    assert len({cell_len(line.split("充100送50已")[0]) for line in rows}) == 1


def test_no_colour_where_it_is_no_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    launch = document(plans.chain_of_five())
    console.out().print(LaunchPicture(Names(), Moments(), 100).whole(launch))
    said_there = capsys.readouterr().out
    assert "\x1b" not in said_there
    assert "● requested" in said_there
    picture = LaunchPicture(Names(), Moments(), 100).whole(launch)
    assert "\x1b[" in printed(picture, terminal=True)


def test_what_somebody_wrote_is_neither_markup_nor_control() -> None:
    launch = document(plans.chain_of_five())
    launch["title"] = "[bold red]sale[/] \x1b[2J\x07:smile: 买一送一"
    drawn = printed(LaunchPicture(Names(), Moments(), 100).whole(launch))
    assert "[bold red]sale[/] [2J:smile: 买一送一" in drawn
    assert str(said("a\nb\tc\u202e")) == "a b c"


def test_a_stream_that_cannot_write_chinese_is_no_reason_to_fail(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="latin-1")
    monkeypatch.setattr("sys.stdout", stream)
    console.out().print(said("充100送50"))
    console.print_json({"title": "充100送50"})
    stream.flush()
    assert b"100" in raw.getvalue()


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        (STATES, CommitmentState),
        (PHASES, Phase),
        (TO_DO, Wanted),
        (TO_DO, InboxKind),
        (CAUSES, Cause),
        (RESOLUTIONS, Resolution),
    ],
)
def test_every_kind_has_its_words(words: dict[str, object], kinds: object) -> None:
    assert set(get_args(kinds)) <= set(words)


def test_every_event_has_its_sentence_in_both_languages() -> None:
    assert {kind.__name__ for kind in get_args(Event)} == set(SENTENCES)


COMPUTED = {
    *("actor", "step", "title", "message", "performer", "to", "reasons"),
    *("stopped", "outcome", "cause", "resolution"),
}


@pytest.mark.parametrize("kind", get_args(Event), ids=lambda kind: kind.__name__)
def test_a_sentence_names_only_what_its_event_tells(kind: type) -> None:
    told = {field.name for field in fields(kind)} | COMPUTED
    sign = SENTENCES[kind.__name__]
    for words in (sign.en, sign.zh):
        assert {name for _, name, _, _ in Formatter().parse(words) if name} <= told


def test_an_event_of_a_newer_server_is_told_by_its_type() -> None:
    teller = Teller(Names(), Moments())
    event = {"seq": 1, "type": "SomethingNew", "actor": "system", "step": None, "data": {}}
    assert str(sentence(teller, event)) == "· SomethingNew"


def test_a_text_with_braces_is_told_as_it_is() -> None:
    event = {
        "type": "LaunchStopped",
        "actor": "sponsor",
        "step": None,
        "data": {"reason": "{actor} {0} {", "role": "sponsor"},
    }
    told = str(sentence(Teller(Names(), Moments()), event))
    assert told == "‖ sponsor stops the launch: {actor} {0} {"
