"""The chain of a plan: the template's steps, overridden and added to, put into working order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from api.intake.plan_document import MOST_STEPS, StepDocument
from api.intake.reading import Reading
from domain.plan import Template, TemplateStep
from domain.precedence import find_cycles, ordered

Entries: TypeAlias = Sequence[StepDocument | None] | None


@dataclass(frozen=True, slots=True)
class Source:
    """Where a step comes from: the entry of the plan, the template's step, or both.

    `path` is the entry's, or `steps.<key>` for a step the plan does not mention.
    """

    key: str
    path: str
    document: StepDocument
    template: TemplateStep | None

    def require(self, field: str, message: str, reading: Reading) -> None:
        """Note a missing field, unless what was given there is noted as wrong already."""
        path = f"{self.path}.{field}"
        if not reading.faults.concerns(path):
            reading.faults.add(path, "missing", message)


@dataclass(frozen=True, slots=True)
class Chain:
    """The steps in working order, with what each waits for.

    `is_known` is False where an entry lost its key, so that an unknown name may be that step.
    """

    sources: tuple[Source, ...]
    after: Mapping[str, tuple[str, ...]]
    is_known: bool

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(source.key for source in self.sources)


def read_chain(given: Entries, template: Template, reading: Reading) -> Chain:
    """Every given step and the template's others, once and in working order; repeated, unknown and
    circular ones are noted.
    """
    sources = _sources(given, template, reading)
    if len(sources) > MOST_STEPS:
        reading.faults.add("steps", "too_long", f"a chain has at most {MOST_STEPS} steps")
        sources = sources[:MOST_STEPS]
    is_known = _is_known(given, reading)
    keys = tuple(source.key for source in sources)
    after = {s.key: _after(s, keys if is_known else None, reading) for s in sources}
    known = {key: tuple(b for b in before if b in after) for key, before in after.items()}
    _note_cycles(sources, known, reading)
    # Steps on a cycle have no place; they stay at the end so that their fields are still judged.
    order = dict.fromkeys((*ordered(known), *keys))
    by_key = {source.key: source for source in sources}
    return Chain(tuple(by_key[key] for key in order), known, is_known)


def _sources(given: Entries, template: Template, reading: Reading) -> tuple[Source, ...]:
    """The template's steps in its order, then the plan's own in file order."""
    entries = given or []
    reading.faults.once([entry.key if entry else None for entry in entries], "steps", "key")
    named: dict[str, tuple[str, StepDocument]] = {}
    for index, entry in enumerate(entries):
        if entry is not None and entry.key is not None:
            named.setdefault(entry.key, (f"steps[{index}]", entry))
    defaults = {step.key: step for step in template.steps}
    unmentioned = {key: (f"steps.{key}", StepDocument(key=key)) for key in defaults}
    return tuple(
        Source(key, *entry, template=defaults.get(key))
        for key, entry in (unmentioned | named).items()
    )


def _is_known(given: Entries, reading: Reading) -> bool:
    if given is None:
        return not reading.faults.concerns("steps")
    return all(entry is not None and entry.key is not None for entry in given)


def _after(source: Source, keys: Sequence[str] | None, reading: Reading) -> tuple[str, ...]:
    given, template = source.document.after, source.template
    if given is None:
        if template is None:
            source.require("after", "is missing; name the steps before it, or [] for none", reading)
        return template.after if template else ()
    path = f"{source.path}.after"
    for index, key in enumerate(given):
        if key == source.key:
            reading.faults.add(f"{path}[{index}]", "cycle", "a step cannot come after itself")
        elif key is not None and keys is not None and key not in keys:
            reading.faults.unknown(f"{path}[{index}]", "step", key, keys)
    return tuple(key for key in reading.faults.distinct(given, path) if key != source.key)


def _note_cycles(
    sources: Sequence[Source], after: Mapping[str, tuple[str, ...]], reading: Reading
) -> None:
    paths = {source.key: source.path for source in sources}
    for cycle in find_cycles(after):
        arrows = " → ".join((*cycle, cycle[0]))
        message = f"these steps wait for each other: {arrows}"
        reading.faults.add(f"{paths[cycle[0]]}.after", "cycle", message)
