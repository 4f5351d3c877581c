"""Every text of a page goes through gettext, and stands in Chinese in the catalogues."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from api.pages.languages import CATALOGUES
from api.pages.render import TEMPLATES

METHODS = [("**.html.j2", "jinja2.ext:babel_extract")]
OPTIONS = {"**.html.j2": {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}}
_TAG = re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}|<(script|style|code|kbd).*?</\1>|<[^>]*>", re.DOTALL)
_ATTRIBUTE = re.compile(r'\b(?:aria-label|title|placeholder|alt)="([^"{]*[A-Za-z][^"{]*)"')
_WORD = re.compile(r"[A-Za-z]{2,}|[\u4e00-\u9fff]")
NOT_TRANSLATED = {"Countersign", "English", "中文"}
"""Our own name, and the languages, which are called the same in every language."""


def texts() -> set[str]:
    """What templates ask the catalogue for; of a text with a plural the singular."""
    found = extract_from_dir(
        TEMPLATES, METHODS, OPTIONS, keywords={"_": None, "gettext": None, "ngettext": (1, 2)}
    )
    return {message if isinstance(message, str) else message[0] for _, _, message, *_ in found}


def translated() -> Iterator[tuple[str, str, bool]]:
    """Each text of the catalogues with its Chinese, and whether somebody still has to look."""
    for part in sorted(CATALOGUES.glob("*.po")):
        with part.open("rb") as source:
            for message in read_po(source, locale="zh_Hans_CN"):
                if message.id:
                    text = message.id if isinstance(message.id, str) else message.id[0]
                    given = message.string or ""
                    chinese = given if isinstance(given, str) else given[0]
                    yield text, chinese, message.fuzzy


def test_every_text_is_in_chinese_and_no_other() -> None:
    found = list(translated())
    assert [text for text, chinese, fuzzy in found if not chinese.strip() or fuzzy] == []
    names = [text for text, _, _ in found]
    assert sorted(texts() - set(names)) == []
    assert sorted(set(names) - texts() - spoken_in_python()) == []
    assert len(names) == len(set(names)), "a text stands in two catalogues"


def spoken_in_python() -> set[str]:
    """Texts that pages hand to templates, which translate them."""
    sources = Path(TEMPLATES).parents[2] / "api"
    text = "".join(source.read_text() for source in sorted(sources.rglob("*.py")))
    joined = re.sub(r'"\s*\n\s*"', "", text)
    return {name for name, _, _ in translated() if f'"{name}"' in joined}


def test_placeholders_are_the_same() -> None:
    for text, chinese, _ in translated():
        places = re.findall(r"%\(\w+\)s", text)
        assert sorted(set(places)) == sorted(set(re.findall(r"%\(\w+\)s", chinese))), text


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.j2")), ids=lambda p: p.name)
def test_no_text_is_written_into_a_template(template: Path) -> None:
    source = template.read_text()
    bare = {line.strip(" ·") for line in _TAG.sub("\n", source).splitlines() if _WORD.search(line)}
    assert bare - NOT_TRANSLATED == set()
    assert _ATTRIBUTE.findall(source) == []
