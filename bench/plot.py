"""A result drawn as bars in one SVG, readable on light and dark pages.

`python -m bench.plot RESULT.json docs/bench.svg`
"""

import sys
from collections.abc import Iterable, Iterator
from html import escape
from math import floor, log10
from pathlib import Path
from typing import Any, Final

from bench import result
from bench.charts import Chart, charts

WIDTH: Final = 960
PANEL: Final = 310
LEFT, RIGHT, TOP, BOTTOM = 76, 16, 62, 66
STYLE: Final = """
svg { font: 12px system-ui, sans-serif; background: #ffffff; }
text { fill: #1f2328; } .quiet { fill: #59636e; } .title { font-size: 15px; font-weight: 600; }
.value { font-size: 10px; } .axis { stroke: #59636e; } .grid { stroke: #d1d9e0; }
.paper { fill: #ffffff; }
.s0 { fill: #8c959f; } .s1 { fill: #57606a; } .s2 { fill: #0969da; } .s3 { fill: #bc4c00; }
@media (prefers-color-scheme: dark) {
  svg { background: #0d1117; }
  text { fill: #f0f6fc; } .quiet { fill: #9198a1; } .axis { stroke: #9198a1; }
  .grid { stroke: #3d444d; } .paper { fill: #0d1117; }
  .s0 { fill: #9198a1; } .s1 { fill: #656c76; } .s2 { fill: #4493f8; } .s3 { fill: #f0883e; }
}
"""
_FOUR: Final = 4


def draw(found: result.Result) -> str:
    """The picture of a result."""
    panels = tuple(charts(found))
    height = PANEL * len(panels)
    size = f'width="{WIDTH}" height="{height}"'
    name = f'role="img" aria-label="Measurements of Countersign {escape(found["version"])}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {WIDTH} {height}" {name}>',
        f"<style>{STYLE}</style>",
        f'<rect class="paper" {size}/>',
    ]
    for number, chart in enumerate(panels):
        parts += [f'<g transform="translate(0 {number * PANEL})">', *_panel(chart), "</g>"]
    return "\n".join([*parts, "</svg>", ""])


def _panel(chart: Chart) -> Iterator[str]:
    ticks = ticks_of(max(value for _, values in chart.groups for value in values))
    base, top = PANEL - BOTTOM, TOP
    scale = (base - top) / ticks[-1]
    yield _text(LEFT, 22, chart.title, "title")
    yield from _legend(chart)
    for tick in ticks:
        y = base - tick * scale
        yield f'<line class="grid" x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}"/>'
        yield _text(LEFT - 8, y + 4, shown(tick), "quiet", anchor="end")
    yield from _bars(chart, base=base, scale=scale)
    yield f'<line class="axis" x1="{LEFT}" y1="{base}" x2="{WIDTH - RIGHT}" y2="{base}"/>'
    middle = (base + top) / 2
    turned = f' transform="rotate(-90 18 {middle:.1f})"'
    yield _text(18, middle, chart.unit, "quiet", anchor="middle", more=turned)
    yield _text((LEFT + WIDTH) / 2, PANEL - 12, chart.groups_are, "quiet", anchor="middle")


def _bars(chart: Chart, *, base: float, scale: float) -> Iterator[str]:
    wide = (WIDTH - LEFT - RIGHT) / len(chart.groups)
    bar = min(56.0, wide * 0.84 / len(chart.series))
    for place, (label, values) in enumerate(chart.groups):
        middle = LEFT + wide * (place + 0.5)
        x = middle - bar * len(values) / 2
        for number, value in enumerate(values):
            high = value * scale
            yield (
                f'<rect class="{_colour(chart, number)}" x="{x + 1:.1f}" y="{base - high:.1f}"'
                f' width="{bar - 2:.1f}" height="{high:.1f}"/>'
            )
            at = x + bar / 2
            yield _text(at, base - high - 4, shown(value), "value", anchor="middle")
            x += bar
        for line, words in enumerate(label.split("\n")):
            yield _text(middle, base + 16 + 14 * line, words, "quiet", anchor="middle")


def _legend(chart: Chart) -> Iterator[str]:
    x = float(LEFT)
    for number, name in enumerate(chart.series if len(chart.series) > 1 else ()):
        yield f'<rect class="{_colour(chart, number)}" x="{x:.1f}" y="34" width="11" height="11"/>'
        yield _text(x + 16, 44, name, "quiet")
        x += 34 + 6.6 * len(name)


def _colour(chart: Chart, number: int) -> str:
    """Greys are for the bare stacks, which stand in charts of all four."""
    return f"s{number}" if len(chart.series) == _FOUR else f"s{number + 2}"


def ticks_of(highest: float) -> list[float]:
    """Round numbers from 0 to above the highest value, about five of them."""
    if highest <= 0:
        return [0, 1]
    size = 10 ** floor(log10(highest / 4))
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor * 4.5 >= highest)
    return [step * number for number in range(int(highest * 1.05 / step) + 2)]


def shown(value: float) -> str:
    """Three significant digits, or the whole number."""
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"  # noqa: PLR2004


def _text(x: float, y: float, text: str, kind: str, *, anchor: str = "", more: str = "") -> str:
    placed = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}"{placed}{more}>{escape(text)}</text>'


def main(words: Iterable[str]) -> None:
    """Reads a result, writes a picture."""
    source, target = map(Path, words)
    found: dict[str, Any] = result.read(source)
    target.write_text(draw(found), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
