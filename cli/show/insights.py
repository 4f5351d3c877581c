"""Figures over closed runs on the terminal."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from cli.show.console import said
from cli.show.launch import table_of
from cli.show.moments import length_of
from cli.show.names import Names

Document = Mapping[str, Any]


def draw_insights(found: Document, names: Names) -> RenderableType:
    """One row for each interface and step; how many cases each figure rests on stands beside it."""
    if not found["cases"]:
        return Text("No run closed in that time.", "dim")
    table = table_of(
        *("between", "runs", "answer", "delivery", "judgement"),
        *("promised", "kept", "in time", "broken", "rework"),
    )
    for row in found["interfaces"]:
        promises = row["promises"]
        table.add_row(
            said(" → ".join(map(names.module, row["interface"].split("→")))),
            str(row["cases"]),
            *(_median(row[kind], names) for kind in ("answer", "delivery", "judgement")),
            *(str(promises[kind]) for kind in ("promised", "kept", "kept_on_time", "broken")),
            str(sum(row["rework"].values())),
        )
    return Group(_outcomes(found), table, *_beside(found, names))


def _outcomes(found: Document) -> Text:
    ends = ", ".join(f"{count} {name}" for name, count in found["outcomes"].items() if count)
    return Text(f"{found['cases']} runs closed: {ends}")


def _median(lengths: Document, names: Names) -> str:
    if lengths["median_seconds"] is None:
        return "–"
    return f"{length_of(lengths['median_seconds'], names.lang)} ({lengths['cases']})"


def _beside(found: Document, names: Names) -> Iterator[Text]:
    for name, what in (("gates", "⊘ gates held"), ("stops", "✋ stops")):
        one = found[name]
        if one["times"]:
            length = length_of(one["median_seconds"], names.lang)
            yield Text(f"{what}: {one['times']} in {one['cases']} runs, median {length}")
    factors = found["factors"]
    if factors["named"]:
        named = ", ".join(f"{one['factor']} {one['cases']}" for one in factors["named"])
        yield said(f"factors of {factors['cases']} published post-mortems: {named}")
    yield Text("Medians, with the number of cases in brackets.", "dim")
