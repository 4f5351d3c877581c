import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from bench import page, plot
from bench.charts import charts
from bench.load import drive, quantile
from bench.result import newest, read, text_of
from bench.section import Row, having
from bench.sections import NAMES, SECTIONS, chosen
from bench.targets import TARGETS, held
from bench.turns import rotated
from tests.bench.cells import CELLS, result

SVG = "{http://www.w3.org/2000/svg}"


def rows(name: str) -> list[Row]:
    found: list[Row] = result()["sections"][name]["rows"]
    return found


def test_a_stack_is_compared_within_its_round() -> None:
    (row,) = having(rows("signing"), stack="sqlite", clients=8)
    assert (row["per_second"], row["of_bare"]) == (75.0, 0.75)
    assert (row["p50_of_bare"], row["p99_of_p50"]) == (1.33, 3.0)
    (bare,) = having(rows("signing"), stack="bare", clients=32)
    assert bare["of_bare"] == 2.0


def test_growth_is_told_of_the_fewest_launches() -> None:
    found = having(rows("reads"), read="status", database="postgresql")
    assert [(row["launches"], row["growth"]) for row in found] == [(10_000, 1.0), (100_000, 10.0)]


def test_sign_offs_among_open_launches_are_medians() -> None:
    (row,) = having(rows("memory"), open=2_050)
    assert (row["p50"], row["what"]) == (61.0, "sign-off, 8 clients")


def test_work_on_the_ledger_is_told_per_second() -> None:
    (row,) = having(rows("ledger"), work="verify", database="sqlite")
    assert (row["launches_per_second"], row["entries_per_second"]) == (25, 500)


def test_every_section_has_a_table_of_what_it_measures() -> None:
    assert list(CELLS) == list(NAMES)
    for section in SECTIONS:
        shown = {name for row in section.summary(CELLS[section.name]) for name in row}
        assert set(section.headings) == shown, section.name


@pytest.mark.parametrize(
    ("given", "names"), [("", NAMES), ("up", ("up",)), ("replay, signing", ("signing", "replay"))]
)
def test_sections_are_chosen_by_name(given: str, names: tuple[str, ...]) -> None:
    assert tuple(section.name for section in chosen(given)) == names


def test_an_unknown_section_is_named() -> None:
    with pytest.raises(ValueError, match="unknown section 'speed'"):
        chosen("signing,speed")


def test_another_stack_comes_first_in_each_round() -> None:
    assert [rotated("abc", number) for number in range(4)] == [
        [*"abc"],
        [*"bca"],
        [*"cab"],
        [*"abc"],
    ]


async def test_every_run_is_gone_through_once_and_in_order() -> None:
    seen: list[tuple[int, int]] = []

    def journeys(run: int) -> list[Any]:
        async def see(step: int) -> None:
            seen.append((run, step))

        return [lambda step=step: see(step) for step in range(3)]

    figures = await drive([journeys(run) for run in range(5)], 2)
    assert figures.requests == len(seen) == 15
    for run in range(5):
        assert [step for of, step in seen if of == run] == [0, 1, 2]


def test_a_quantile_is_a_value_that_was_seen() -> None:
    ordered = [float(value) for value in range(1, 101)]
    assert [quantile(ordered, share) for share in (0.5, 0.95, 0.99, 1)] == [51, 96, 100, 100]


def test_the_picture_shows_every_value(tmp_path: Path) -> None:
    source, target = tmp_path / "result.json", tmp_path / "bench.svg"
    source.write_text(text_of(result()), encoding="utf-8")
    plot.main([str(source), str(target)])
    drawn = ET.fromstring(target.read_text(encoding="utf-8"))  # noqa: S314 - we have just written it
    texts = {text.text for text in drawn.iter(f"{SVG}text")}
    for chart in charts(result()):
        assert {chart.title, chart.unit, chart.groups_are} <= texts
        for label, values in chart.groups:
            assert {*label.split("\n"), *map(plot.shown, values)} <= texts
    bars = [bar for bar in drawn.iter(f"{SVG}rect") if "y" in bar.attrib and bar.get("rx") is None]
    height = float(drawn.attrib["height"])
    assert all(0 <= float(bar.attrib["height"]) < plot.PANEL < height for bar in bars)


@pytest.mark.parametrize("highest", [0, 0.004, 0.9, 1, 3.2, 99, 100, 101, 4_999, 123_456])
def test_ticks_are_round_and_reach_above_the_highest(highest: float) -> None:
    ticks = plot.ticks_of(highest)
    assert ticks[0] == 0
    assert highest < ticks[-1] <= max(1, highest * 2)
    assert len(ticks) <= 7


def test_the_page_shows_tables_and_what_must_hold() -> None:
    text = page.page(result())
    for section in SECTIONS:
        assert f"## {section.title}" in text
    assert "| Countersign on SQLite | 8 | 75.0 | 0.75 |" in text
    assert "| sign-offs at 8 clients on SQLite, of bare | at least 0.75 | 0.75 | yes |" in text
    assert "smoke run" not in text
    assert {target.section for target, _ in held(result())} == {t.section for t in TARGETS}


def test_a_figure_that_misses_its_limit_is_marked() -> None:
    found = result()
    (row,) = having(found["sections"]["signing"]["rows"], stack="sqlite", clients=8)
    row["of_bare"] = 0.74
    assert "| at least 0.75 | 0.74 | **no** |" in page.page(found)


def test_a_result_of_some_sections_is_shown_too() -> None:
    found = result()
    for name in NAMES[1:]:
        del found["sections"][name]
    assert "## Reads over HTTP" not in page.page(found)
    assert "Replay" not in plot.draw(found)


def test_a_smoke_run_is_said_to_be_one() -> None:
    assert "smoke run" in page.page({**result(), "quick": True})


def test_the_newest_release_is_by_number(tmp_path: Path) -> None:
    for name in ("0.9.0", "0.10.0", "0.2.11"):
        (tmp_path / f"{name}.json").write_text("{}", encoding="utf-8")
    assert newest(tmp_path).stem == "0.10.0"


def test_a_folder_without_results_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="make bench"):
        newest(tmp_path)


def test_a_result_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    path.write_text(text_of(result()), encoding="utf-8")
    assert read(path)["sections"] == json.loads(json.dumps(result()["sections"]))
