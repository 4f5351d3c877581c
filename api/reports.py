"""A post-mortem as a file to hand on: Markdown, or one HTML page that needs nothing and prints.

What people wrote is text in both: nothing of it becomes markup.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from typing import Any, Final, Literal

from jinja2 import Environment, FunctionLoader, StrictUndefined, select_autoescape

from api.moments import Moments, length_of
from domain.words.kinds import kind_in_words
from domain.words.names import Names
from domain.words.review import SIDES, STATES, WORDS, who
from domain.words.signs import OUTCOMES, sign_of, to_do
from domain.words.signs import STATES as STEP_STATES

Document = Mapping[str, Any]
Form = Literal["md", "html"]
_MARKUP: Final = re.compile(r"([\\`*_{}\[\]()#+.!|<>~&-])")


def report(record: Document, form: Form, names: Names, moments: Moments) -> str:
    """The text of the file."""
    template = _environment(form).get_template(f"postmortem.{form}.j2")
    facts = record["facts"]
    return template.render(
        pm=record,
        sides=SIDES,
        w=_words(record, names),
        at=moments.at,
        factor=lambda key: _factor(record, key, names),
        waits=list(_waits(facts["waits"], names)),
        held=[_stretch(one, names) for one in facts["held"]],
        stops=[_stretch(one, names) for one in facts["stops"]],
        timeline=[_line(line, names) for line in facts["timeline"]],
        lessons=[_lesson(one, names) for one in record["lessons"]],
        actions=[_action(one, names) for one in record["actions"]],
        length=length_of(facts["length"], names.lang),
    )


def _environment(form: Form) -> Environment:
    """Every text is escaped for where it stands."""
    environment = Environment(
        loader=FunctionLoader(_source),
        autoescape=select_autoescape(("html.j2",)),
        undefined=StrictUndefined,
        trim_blocks=form == "md",
        lstrip_blocks=form == "md",
    )
    environment.filters["md"] = as_markdown
    return environment


def _source(name: str) -> str:
    return files("web").joinpath(f"templates/{name}").read_text(encoding="utf-8")


def as_markdown(text: object) -> str:
    """A text that stands in Markdown as what it is, on one line."""
    return _MARKUP.sub(r"\\\1", " ".join(str(text).split()))


def _words(record: Document, names: Names) -> dict[str, Any]:
    words: dict[str, Any] = {key: _of(both, names) for key, both in WORDS.items()}
    words["states"] = {key: _of(both, names) for key, both in STATES.items()}
    words["outcome"] = sign_of(OUTCOMES, record["outcome"]).word(names.lang)
    words["lang"] = "zh-CN" if names.lang == "zh" else "en"
    return words


def _of(both: tuple[str, str], names: Names) -> str:
    return both[1] if names.lang == "zh" else both[0]


def _factor(record: Document, key: str, names: Names) -> str:
    known = {factor["key"]: factor["name"] for factor in record["taxonomy"]}
    return str(known.get(key, {}).get(names.lang, key))


def _waits(waits: Iterable[Document], names: Names) -> Iterator[dict[str, Any]]:
    """The longest first."""
    rows = sorted(waits, key=lambda wait: -float(wait["seconds"]))
    longest = max((wait["seconds"] for wait in rows), default=0) or 1
    for wait in rows:
        yield {
            "interface": " → ".join(map(names.module, wait["interface"].split("→"))),
            "for": to_do(wait["for"], names.lang),
            "time": length_of(wait["seconds"], names.lang),
            "working": length_of(wait["business_seconds"], names.lang),
            "critical": wait["critical"],
            "share": round(100 * wait["seconds"] / longest, 1),
        }


def _stretch(one: Document, names: Names) -> dict[str, Any]:
    reasons = ", ".join(one.get("reasons", ()))
    return {**one, "time": length_of(one["seconds"], names.lang), "reasons": reasons}


def _lesson(one: Document, names: Names) -> dict[str, Any]:
    modules = (
        f"{names.module(at['module'])}: {sign_of(STEP_STATES, at['state']).word(names.lang)}"
        for at in one["modules"]
    )
    return {**one, "modules": ", ".join(modules)}


def _action(one: Document, names: Names) -> dict[str, Any]:
    state = sign_of(STEP_STATES, one["state"]).word(names.lang)
    return {**one, "module": names.module(one["module"]), "state": state}


def _line(line: Document, names: Names) -> dict[str, Any]:
    about = f": {names.module(line['step'])}" if line["step"] else ""
    return {
        "seq": line["source"]["ledger"],
        "at": line["at"],
        "what": f"{kind_in_words(line['event'], names.lang)}{about}",
        "said": "; ".join(line["said"].values()),
        "who": who(line["actor"], line["role"], names),
    }
