"""Templates become pages: in the reader's language, every text escaped, nothing from elsewhere.

The policy sent with each page lets the browser run and load only what this server serves, and lets
htmx act only on elements that carry the page's nonce.
"""

import gzip
import re
import secrets
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.pages.languages import HTML_LANG, translations
from api.pages.reader import Reader
from api.pages.statics import address_of
from api.problems import Problem
from domain.words import (
    desk,
    fields,
    names,
    organisation,
    plans,
    refusals,
    review,
    sentences,
    settling,
    signs,
)
from domain.words.signs import Lang, Sign, sign_of

TEMPLATES: Final = Path(__file__).parents[2] / "web" / "templates" / "pages"
LABELS: Final = {**review.FIELDS, **fields.FIELDS}
ENOUGH: Final = 1024
"""Pages of fewer octets are not compressed."""

_VOCABULARY: Final = (sentences, signs, names, organisation, plans, settling)
"""Where `words` looks a table up."""

_NUMBER: Final = re.compile(r"\[(\d+)\]")
_POLICY: Final = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types htmx"
)
_HEADERS: Final = {
    # What a page shows is only true now: going back asks again, and nothing stays on a disk.
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Vary": "Accept-Encoding, Cookie",
}


def page(
    reader: Reader, template: str, *, status: int = 200, context: Mapping[str, Any]
) -> Response:
    """A page for somebody who is signed in; `me` in it is the reader."""
    shown = {"me": reader, "names": reader.names, "moments": reader.moments, **context}
    return bare_page(reader.request, reader.lang, template, status=status, context=shown)


def bare_page(
    request: Request,
    lang: Lang,
    template: str,
    *,
    status: int = 200,
    context: Mapping[str, Any],
) -> Response:
    """A page for whoever asks. `address` in the context is where it is shown in another language;
    None where it has no address, and would lose what somebody has yet to send.
    """
    nonce = secrets.token_urlsafe(16)
    about = {
        "me": None,
        "lang": lang,
        "html_lang": HTML_LANG[lang],
        "nonce": nonce,
        "path": request.url.path,
        "address": shown_at(request, "/"),
        "query": request.query_params,
    }
    text = environment(lang).get_template(template).render({**about, **context})
    headers = {**_HEADERS, "Content-Security-Policy": _POLICY.format(nonce=nonce)}
    content = text.encode(errors="replace")
    if len(content) >= ENOUGH and "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        content = gzip.compress(content, 6)
    return Response(content, status, headers, "text/html; charset=utf-8")


def shown_at(request: Request, place: str) -> str:
    """The address of a page: its own, or `place` where it answers a form."""
    if request.method != "GET":
        return place
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def see_other(address: str) -> Response:
    """On to a page after something was done: loading that again does nothing twice."""
    return RedirectResponse(address, status_code=303, headers={"Cache-Control": "no-store"})


@cache
def environment(lang: Lang) -> Environment:
    """The templates in one language."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    found = translations(lang)
    made.install_gettext_translations(found, newstyle=True)  # type: ignore[attr-defined]  # by i18n
    made.globals |= {
        "static": address_of,
        "new_key": lambda: uuid4().hex,
        "signs": signs,
        "words": partial(_word, lang),
        "sign": _sign,
        "act_words": desk.ACTS,
        "of_launch": desk.OF_A_LAUNCH,
        "needed_for": settling.NEEDED_FOR,
        "field_label": lambda name: _pair(lang, LABELS.get(name, (name, name))),
        "label_of": partial(_label, lang),
        "refusals": refusals,
        "problem_of": partial(_problem_words, lang),
        "error_words": partial(refusals.error_in_words, lang),
        "sign_of_step": signs.sign_of_step,
        "pair": partial(_pair, lang),
    }
    return made


def _word(lang: Lang, table: str, key: str | None) -> str:
    """The word of a key in one of the vocabularies, as `words("CAUSES", "manual")`."""
    known = next(getattr(words, table) for words in _VOCABULARY if hasattr(words, table))
    found = known.get(key or "", (key or "", key or ""))
    if isinstance(found, Sign):
        return found.word(lang)
    return str(found[1] if lang == "zh" else found[0])


def _sign(table: str, key: str | None) -> Sign:
    return sign_of(getattr(signs, table), key)


def _pair(lang: Lang, words: tuple[str, str]) -> str:
    return words[1] if lang == "zh" else words[0]


def _problem_words(lang: Lang, problem: Problem) -> dict[str, str]:
    """Title, sentence and advice of a refusal."""
    return {
        "title": refusals.title(problem.code, lang),
        "what": refusals.what_happened(problem.code, problem.detail, problem.figures, lang),
        "advice": refusals.advice(problem.code, lang),
    }


def _label(lang: Lang, path: str) -> str:
    """A field by its path in a body or its name in a form: `offers[0].pay` is the payment of the
    first offer, `lead_time:product` the lead time of a step.
    """
    name, _, about = path.partition(":")
    bare = _NUMBER.sub("", name)
    last = bare.rpartition(".")[2]
    places = (bare, f"plan.{bare}", f"plan.{last}")
    names_ = (f"{place}{end}" for place in places for end in ("", "[]"))
    found = next((LABELS[one] for one in names_ if one in LABELS), None)
    if found is None:
        return path
    label, number = _pair(lang, found), _NUMBER.search(name)
    which = about or (str(int(number[1]) + 1) if number else "")
    return f"{label} ({which})" if which else label
