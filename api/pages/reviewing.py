"""What forms about post-mortems send, as bodies of the requests the API takes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from api.pages.forms import Form, lines_of
from api.problems import Problem
from domain.words.review import SIDES

Document = Mapping[str, Any]

TEXTS: Final = ("summary", "surprises")
LISTS: Final = ("went_well", "thanks")
POLICY: Final = ("answer_within", "repair_within", "gate_grace", "silence")
FACTOR, NOTE = "factor:", "note:"
LEAD, SIGNERS = "lead_time:", "signers:"


def change_of(form: Form, record: Document) -> dict[str, Any]:
    """The fields whose text is another than the record's, the state it goes to, and what was read
    of it.
    """
    changed: dict[str, Any] = {}
    if form.get("what") == "content":
        changed = {
            name: value
            for name, value in _written(form).items()
            if not _is_same(name, value, record[name])
        }
    if state := form.get("state"):
        changed["state"] = state
    seq = form.get("seq")
    return {**changed, "seq": int(seq)} if seq.isdecimal() and len(seq) < 10 else changed  # noqa: PLR2004 - digits


def action_of(form: Form) -> dict[str, Any]:
    """What is asked of a module."""
    asked = {name: form.get(name).strip() for name in ("module", "deliverable", "deliver_by")}
    said = {name: text for name, text in asked.items() if text}
    return {**said, "conditions": lines_of(form.get("conditions"))}


def lesson_of(form: Form, template: Document) -> dict[str, Any]:
    """The policy and the steps that are to be otherwise than in the template."""
    policy = {
        name: text
        for name in POLICY
        if (text := form.get(name).strip()) and text != template["policy"][name]
    }
    steps = [_step_otherwise(form, step) for step in template["steps"]]
    return {
        "template": form.get("template"),
        **({"reason": form.get("reason")} if form.get("reason").strip() else {}),
        **({"policy": policy} if policy else {}),
        "steps": [step for step in steps if len(step) > 1],
    }


def relabelled(problem: Problem, prefixes: Mapping[str, str]) -> Problem:
    """The same with the places of its errors by names that people know: `steps[0]` as Product."""
    errors = tuple(replace(one, path=_named(one.path, prefixes)) for one in problem.errors)
    return replace(problem, errors=errors)


def _named(path: str, prefixes: Mapping[str, str]) -> str:
    for prefix, name in prefixes.items():
        if path == prefix or path.startswith(f"{prefix}."):
            return name
    return path


def _written(form: Form) -> dict[str, Any]:
    """The content as it stands in the form."""
    given = form.fields
    return {
        **{name: form.get(name).strip() or None for name in TEXTS},
        "factors": [name.removeprefix(FACTOR) for name in given if name.startswith(FACTOR)],
        "factor_notes": {
            name.removeprefix(NOTE): text.strip()
            for name, text in given.items()
            if name.startswith(NOTE) and text.strip()
        },
        **{name: lines_of(form.get(name)) for name in LISTS},
        "sides": {side: form.get(f"sides.{side}").strip() or None for side in SIDES},
    }


def _is_same(name: str, written: Any, known: Any) -> bool:  # noqa: ANN401 - any field
    """Factors have no order; a field of lines shows a text of several lines as several."""
    if name == "factors":
        return set(written) == set(known)
    if isinstance(known, list):
        return bool(written == lines_of("\n".join(known)))
    if isinstance(known, str):
        return bool(written == known.strip())
    return bool(written == known)


def _step_otherwise(form: Form, step: Document) -> dict[str, Any]:
    key = step["key"]
    lead, signers = form.get(f"{LEAD}{key}").strip(), form.get(f"{SIGNERS}{key}").strip()
    return {
        "key": key,
        **({"lead_time": lead} if lead and lead != step["lead_time"] else {}),
        **(
            {"signers": int(signers)}
            if signers in ("1", "2") and int(signers) != step["signers"]
            else {}
        ),
    }


def places_of(steps: Sequence[Document], root: str, names: Mapping[str, str]) -> dict[str, str]:
    """`steps[0]` and so on, by the name of the step that stands there."""
    return {f"{root}[{at}]": names[step["key"]] for at, step in enumerate(steps)}
