"""The form a launch is started with: its fields by name, as a plan document and back."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from api.pages.forms import document_of

Document = Mapping[str, Any]

WHOLE: Final = ("audience.size", "contact.messages_per_customer")
OFFER: Final = (
    *("key", "product", "pay", "get", "currency"),
    *("segments[]", "channels[]", "key_message"),
)
RESOURCE: Final = ("pool", "quantity", "step", "needed_by")
STEP: Final = ("deliverable", "conditions[]", "lead_time", "signers")
SPARE: Final = 1
"""So many empty groups stand below those that are filled in."""


def plan_of(fields: Mapping[str, str]) -> dict[str, Any]:
    """The plan a form stands for; groups nobody filled in are not there, texts that are numbers
    become numbers.
    """
    plan = document_of(fields)
    for path in WHOLE:
        group, _, name = path.partition(".")
        _make_number(plan.get(group), name)
    for resource in plan.get("resources", ()):
        _make_number(resource, "quantity")
    steps = [step for step in plan.get("steps", ()) if set(step) != {"key"}]
    for step in steps:
        _make_number(step, "signers")
    plan.pop("steps", None)
    return {**plan, "steps": steps} if steps else plan


def fields_of(plan: Document) -> dict[str, str]:
    """A plan as fields of the form, without what belongs to its own time: dates and code."""
    simple = ("title", "department", "sponsor", "theme")
    return {
        **{name: str(plan[name]) for name in simple if plan.get(name)},
        "template": str(plan["template"]).partition("@")[0],
        "code": f"{plan['code'][:60]}-2",
        "regions[]": "\n".join(plan.get("regions") or ()),
        **_of_group("audience", plan.get("audience"), ("size",)),
        **_of_group("contact", plan.get("contact"), ("channel", "messages_per_customer")),
        **_of_group("policy", plan.get("policy"), ("answer_within", "silence")),
        **dict(_of_list("offers", plan.get("offers") or (), OFFER)),
        **dict(_of_list("resources", plan.get("resources") or (), RESOURCE[:-1])),
        **dict(_of_steps(plan.get("steps") or ())),
    }


def count_of(fields: Mapping[str, str], group: str) -> int:
    """How many groups the form shows: those with something in them, and a spare one."""
    numbers = [
        int(name.partition("[")[2].partition("]")[0])
        for name, text in fields.items()
        if name.startswith(f"{group}[") and text.strip()
    ]
    return max(numbers, default=-1) + 1 + SPARE


def _make_number(group: object, name: str) -> None:
    """What is no number stays a text, which is then refused by its path."""
    if isinstance(group, dict) and str(group.get(name, "")).strip().isdecimal():
        group[name] = int(str(group[name]).strip()[:18])


def _of_group(name: str, group: Document | None, keys: tuple[str, ...]) -> dict[str, str]:
    given = group or {}
    return {f"{name}.{key}": str(given[key]) for key in keys if given.get(key) is not None}


def _of_list(name: str, items: object, keys: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for at, item in enumerate(items if isinstance(items, list) else ()):
        for key in keys:
            value = item.get(key.removesuffix("[]"))
            if value is not None:
                text = "\n".join(value) if isinstance(value, list) else str(value)
                yield f"{name}[{at}].{key}", text


def _of_steps(steps: object) -> Iterator[tuple[str, str]]:
    for at, step in enumerate(steps if isinstance(steps, list) else ()):
        yield f"steps[{at}].key", step["key"]
        yield f"steps[{at}].deliverable", step["deliverable"]
        yield f"steps[{at}].conditions[]", "\n".join(step["conditions"])
