"""Figures over many closed runs, as charts and tables; none is of a person."""

from collections.abc import Mapping
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response

from api.moments import length_of
from api.pages.acting import heard
from api.pages.charts import Bar, bars, interface_in_words
from api.pages.reader import Reader, ReaderDep
from api.pages.render import page
from api.postmortem_bodies import taxonomy_of
from api.problems import Problem
from api.replies import BASE
from api.routes.insights import get_insights
from domain.postmortem.record import FACTORS
from domain.words import review
from domain.words.signs import OUTCOMES

router = APIRouter(include_in_schema=False)

Document = Mapping[str, Any]
KINDS: Final = ("answer", "delivery", "judgement")
Day = Annotated[str, Query(max_length=40)]


@router.get("/insights")
async def show_insights(
    reader: ReaderDep, since: Annotated[str, Query(alias="from", max_length=40)] = "", to: Day = ""
) -> Response:
    figures, problem = None, None
    try:
        figures = (await heard(get_insights(reader.office, since or None, to or None))).reply
    except Problem as refused:
        problem = refused
    chosen = {name: text for name, text in (("from", since), ("to", to)) if text}
    context: dict[str, Any] = {
        "review": review,
        "figures": figures,
        "problem": problem,
        "since": since,
        "until": to,
        "export": f"{BASE}/insights/ocel" + (f"?{urlencode(chosen)}" if chosen else ""),
        "length_of": length_of,
        "between": lambda text: interface_in_words(text, reader.names),
        "factor_name": lambda key: _factor(reader, key),
    }
    if figures:
        context["charts"] = _charts(reader, figures)
    return page(
        reader, "insights.html.j2", status=problem.status if problem else 200, context=context
    )


def _charts(reader: Reader, figures: Document) -> dict[str, list[Bar]]:
    """Outcomes, median answers by interface, and factors."""
    lang = reader.lang
    outcomes = [
        (f"{sign.symbol} {sign.word(lang)}", "", float(cases), str(cases))
        for key, sign in OUTCOMES.items()
        if (cases := figures["outcomes"][key]) is not None
    ]
    answers = [
        (
            interface_in_words(row["interface"], reader.names),
            reader.names.module(row["step"]),
            float(row["answer"]["median_seconds"]),
            length_of(row["answer"]["median_seconds"], lang),
        )
        for row in figures["interfaces"]
        if row["answer"]["cases"]
    ]
    factors = [
        (_factor(reader, one["factor"]), "", float(one["cases"]), str(one["cases"]))
        for one in figures["factors"]["named"]
    ]
    return {"outcomes": bars(outcomes), "answers": bars(answers), "factors": bars(factors)}


def _factor(reader: Reader, key: str) -> str:
    if reader.organisation is not None:
        name = taxonomy_of(reader.organisation).get(key)
        if name is not None:
            return name.zh if reader.lang == "zh" else name.en
    return review.word(FACTORS, key, reader.lang)
