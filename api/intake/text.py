"""YAML and JSON texts decoded into plain trees, each mistake with its line and column.

YAML is read by the core schema of YAML 1.2: dates, times and words like `no` stay text, so that a
file means what it shows. A field named twice is refused in both, and so is anything built to
swell: the text and what it unfolds to are bounded.
"""

import json
import math
import re
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

import yaml

from api.intake.errors import WHOLE_DOCUMENT, Faults, FieldError, InvalidDocument, shown

LARGEST_TEXT = 1024 * 1024
MOST_ALIASES = 100
_MOST_DIGITS = 18


def load_yaml(content: bytes | str) -> object:
    """The tree of one YAML document; InvalidDocument names line and column."""
    text = _decoded(content)
    faults = Faults()
    try:
        raw: object = _Loader(text, faults).get_single_data()
    except yaml.MarkedYAMLError as wrong:
        _refuse(
            _marked(wrong.problem_mark), f"cannot be read as YAML: {shown(wrong.problem or '')}"
        )
    except yaml.reader.ReaderError as wrong:
        message = f"contains a character that cannot stand here: {shown(chr(int(wrong.character)))}"
        _refuse(_place(text, int(wrong.position)), message)
    except RecursionError:
        _refuse(WHOLE_DOCUMENT, "is nested too deeply", "too_deep")
    faults.raise_if_any()
    return raw


def load_json(content: bytes | str) -> object:
    """The tree of one JSON document; InvalidDocument names line and column."""
    text = _decoded(content)
    faults = Faults()

    def once(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
        tree: dict[str, object] = {}
        for key, value in pairs:
            if key in tree:
                message = f"the field “{shown(key)}” is given twice in the same group"
                faults.add(WHOLE_DOCUMENT, "duplicate", message)
            tree[key] = value
        return tree

    try:
        raw: object = json.loads(text, object_pairs_hook=once, parse_int=_whole)
    except json.JSONDecodeError as wrong:
        _refuse(
            f"line {wrong.lineno}, column {wrong.colno}", f"cannot be read as JSON: {wrong.msg}"
        )
    except RecursionError:
        _refuse(WHOLE_DOCUMENT, "is nested too deeply", "too_deep")
    faults.raise_if_any()
    return raw


class _Loader(yaml.SafeLoader):
    """Core schema only: no dates, no merge keys, no tags, few aliases, no field twice."""

    yaml_implicit_resolvers = {}  # noqa: RUF012 -- PyYAML declares them so
    yaml_constructors = {}  # noqa: RUF012 -- PyYAML declares them so

    def __init__(self, text: str, faults: Faults) -> None:
        super().__init__(text)
        self._faults = faults
        self._aliases = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:  # noqa: ANN401 -- as PyYAML has it
        if self.check_event(yaml.AliasEvent):
            self._aliases += 1
            if self._aliases > MOST_ALIASES:
                mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]  # stubs
                problem = f"more than {MOST_ALIASES} aliases are not read"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=mark)
        return super().compose_node(parent, index)

    def group(self, node: yaml.Node) -> dict[Any, object]:
        """A mapping whose fields all differ; every repeated one is noted."""
        if not isinstance(node, yaml.MappingNode):
            return self.refuse(node)
        tree: dict[Any, object] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self.refuse(key_node, "a field name must be text")
            key = self.construct_object(key_node)
            if key in tree:
                message = f"the field “{shown(str(key))}” is given twice in the same group"
                self._faults.add(_marked(key_node.start_mark), "duplicate", message)
            tree[key] = self.construct_object(value_node, deep=True)
        return tree

    def sequence(self, node: yaml.Node) -> list[object]:
        if not isinstance(node, yaml.SequenceNode):
            return self.refuse(node)
        return self.construct_sequence(node, deep=True)

    def text(self, node: yaml.Node) -> str:
        return str(node.value) if isinstance(node, yaml.ScalarNode) else self.refuse(node)

    def refuse(self, node: yaml.Node, problem: str | None = None) -> NoReturn:
        problem = problem or f"the tag {shown(str(node.tag))} is not read"
        raise yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)


def _whole(digits: str) -> int | float:
    """The number; where it has more digits than any we take, only that it is too large."""
    return int(digits) if len(digits) <= _MOST_DIGITS else math.inf


_SCALARS: tuple[tuple[str, str, list[str], Callable[[str], object]], ...] = (
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""], lambda _: None),
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", [*"tTfF"], lambda t: t.lower() == "true"),
    ("int", r"^[-+]?[0-9]+$", [*"-+0123456789"], _whole),
    ("float", r"^[-+]?[0-9]+\.[0-9]+(?:[eE][-+]?[0-9]+)?$", [*"-+0123456789"], float),
)
"""Which plain words mean something else than text: tag, form, first characters, meaning."""


def _teach(name: str, form: str, first: list[str], meaning: Callable[[str], object]) -> None:
    pattern, tag = re.compile(form, re.ASCII), f"tag:yaml.org,2002:{name}"

    def construct(loader: _Loader, node: yaml.Node) -> object:
        text = loader.text(node)
        # A tag written out may stand at a text it does not fit.
        return meaning(text) if pattern.match(text) else loader.refuse(node)

    _Loader.add_implicit_resolver(tag, pattern, first)
    _Loader.add_constructor(tag, construct)


for _scalar in _SCALARS:
    _teach(*_scalar)
_Loader.add_constructor("tag:yaml.org,2002:str", _Loader.text)
_Loader.add_constructor("tag:yaml.org,2002:map", _Loader.group)
_Loader.add_constructor("tag:yaml.org,2002:seq", _Loader.sequence)
_Loader.add_constructor(None, _Loader.refuse)


def _decoded(content: bytes | str) -> str:
    if len(content) > LARGEST_TEXT:
        _refuse(WHOLE_DOCUMENT, f"is larger than {LARGEST_TEXT // 1024} KiB", "too_large")
    if isinstance(content, str):
        return content.removeprefix("\ufeff")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = content.count(b"\n", 0, wrong.start) + 1
        _refuse(f"line {line}", "is not UTF-8; save the file with that encoding")


def _place(text: str, position: int) -> str:
    line = text.count("\n", 0, position) + 1
    return f"line {line}, column {position - text.rfind(chr(10), 0, position)}"


def _marked(mark: yaml.Mark | None) -> str:
    return f"line {mark.line + 1}, column {mark.column + 1}" if mark else WHOLE_DOCUMENT


def _refuse(path: str, message: str, code: str = "malformed") -> NoReturn:
    raise InvalidDocument([FieldError(path, code, message)])
