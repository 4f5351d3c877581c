"""Chinese and English: which one a reader gets, and the catalogue of what pages say.

Pages are written in English; `web/locale/zh/*.po` have the Chinese of every text, a file for each
part of the pages. A text that is missing there stays English, and a test fails.
"""

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

from babel import negotiate_locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from fastapi import Request, Response

from domain.words.signs import Lang

COOKIE: Final = "countersign_language"
LOCALES: Final[dict[Lang, str]] = {"en": "en", "zh": "zh_Hans_CN"}
HTML_LANG: Final[dict[Lang, str]] = {"en": "en", "zh": "zh-CN"}
CATALOGUES: Final = Path(__file__).parents[2] / "web" / "locale" / "zh"
_YEAR: Final = 365 * 24 * 3600


def language_of(request: Request) -> Lang:
    """What the reader chose, else what the browser prefers, else English."""
    chosen = request.cookies.get(COOKIE)
    if chosen in ("en", "zh"):
        return "zh" if chosen == "zh" else "en"
    wanted = request.headers.get("accept-language", "")
    preferred = [part.partition(";")[0].strip().replace("-", "_") for part in wanted.split(",")]
    found = negotiate_locale([p.partition("_")[0] for p in preferred if p], ["zh", "en"])
    return "zh" if found == "zh" else "en"


def choose(response: Response, lang: Lang) -> None:
    """Keep a reader's choice for a year."""
    response.set_cookie(COOKIE, lang, max_age=_YEAR, samesite="lax", httponly=True)


@cache
def translations(lang: Lang) -> NullTranslations:
    """What pages say in a language."""
    if lang == "en":
        return NullTranslations()
    catalogue = Catalog(LOCALES[lang])
    for part in sorted(CATALOGUES.glob("*.po")):
        with part.open("rb") as source:
            for message in read_po(source, locale=LOCALES[lang]):
                if message.id:
                    catalogue[message.id] = message
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)
