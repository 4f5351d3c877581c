"""Figures over many runs on the terminal."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from api.moments import Moments, length_of, plural
from cli.show.console import said
from cli.show.launch import table_of
from domain.words.names import Names
from domain.words.signs import OUTCOMES, sign_of

Document = Mapping[str, Any]
ENDS: Final = ("from", "to")


def draw_insights(figures: Document, names: Names, moments: Moments) -> RenderableType:
    """The outcomes, a row for each interface and step, then what held runs up."""
    if not figures["cases"]:
        return Text("No run closed in that time.", "dim")
    return Group(
        _head(figures, moments),
        Text(),
        _interfaces(figures, names),
        Text("lengths are the median, and what nine in ten do not exceed", "dim"),
        Text(),
        *_remarks(figures),
    )


def _head(figures: Document, moments: Moments) -> Text:
    found = Text(plural(figures["cases"], "run"), "bold")
    for outcome, cases in figures["outcomes"].items():
        sign = sign_of(OUTCOMES, outcome)
        found.append_text(Text.assemble("  ", (f"{sign.symbol} {cases} {sign.en}", sign.style)))
    since, until = (None if figures[end] is None else moments.at(figures[end]) for end in ENDS)
    if since or until:
        found.append(f"  closed{f' since {since}' if since else ''}", "dim")
        found.append(f" before {until}" if until else "", "dim")
    return found


def _interfaces(figures: Document, names: Names) -> Table:
    table = table_of(
        *("interface", "step", "runs", "answer", "delivery", "judgement"),
        *("late", "silent", "declined", "kept", "broken", "again"),
    )
    table.columns[0].no_wrap = True
    for row in figures["interfaces"]:
        promises = row["promises"]
        table.add_row(
            said(" → ".join(map(names.module, row["interface"].split("→"))), "bold"),
            said(names.module(row["step"]), "dim"),
            Text(str(row["cases"])),
            *(_lengths(row[kind]) for kind in ("answer", "delivery", "judgement")),
            *(_count(row[name]) for name in ("overdue", "silent", "declined")),
            Text(f"{promises['kept']}/{promises['promised']}"),
            _count(promises["broken"]),
            _count(sum(row["rework"].values())),
        )
    return table


def _lengths(found: Document) -> Text:
    """`3 h, 2 d`; nothing without a case."""
    if not found["cases"]:
        return Text("–", "dim")
    return Text(f"{length_of(found['median_seconds'])}, {length_of(found['p90_seconds'])}")


def _count(number: int) -> Text:
    return Text(str(number), "" if number else "dim")


def _remarks(figures: Document) -> Iterator[Text]:
    for name, symbol, words in (("gates", "⊘", "gate held"), ("stops", "‖", "stopped")):
        found = figures[name]
        if found["times"]:
            often = f"{plural(found['times'], 'time')} in {plural(found['cases'], 'run')}"
            median = length_of(found["median_seconds"])
            yield Text(f"{symbol} {words} {often}, half of them up to {median}")
    factors = figures["factors"]
    if factors["named"]:
        named = ", ".join(f"{one['factor']} × {one['cases']}" for one in factors["named"])
        yield said(f"factors of {plural(factors['cases'], 'post-mortem')}: {named}")
