"""Changed fields of a plan that is under way, read by the rules of a plan."""

from collections.abc import Collection

from api.intake.document import read
from api.intake.errors import WHOLE_DOCUMENT, FieldError, InvalidDocument, listed
from api.intake.plan_content import (
    read_audience,
    read_contact,
    read_offers,
    read_resources,
    read_window,
)
from api.intake.plan_document import PlanChangeDocument
from api.intake.reading import Reading
from domain.canonical import rfc3339
from domain.plan import Window
from domain.plan_change import PLAN_FIELDS, PlanChange

_NEVER_EMPTY = ("title", "window")


def read_change(
    raw: object, *, window: Window | None, steps: Collection[str], reading: Reading
) -> PlanChange:
    """The change that `raw`, a body's `plan`, asks of a plan with this window and these steps. Of
    an action, which has no window, only the title changes. InvalidDocument with every error, by its
    path below `plan`.
    """
    try:
        return _read(raw, window, steps, reading)
    except InvalidDocument as wrong:
        raise InvalidDocument(map(_below_plan, wrong.errors)) from wrong


def read_window_change(raw: object, *, window: Window | None, reading: Reading) -> Window | None:
    """The window a body names as `window`; what it leaves out stays. InvalidDocument."""
    change = _read({"window": raw}, window, (), reading)
    return change.window or window


def _read(
    raw: object, window: Window | None, steps: Collection[str], reading: Reading
) -> PlanChange:
    faults = reading.faults
    if window is not None and isinstance(raw, dict) and isinstance(raw.get("window"), dict):
        now = {"start": rfc3339(window.start), "end": rfc3339(window.end)}
        raw = {**raw, "window": {**now, **raw["window"]}}
    document = read(PlanChangeDocument, raw, faults)
    given = raw if isinstance(raw, dict) else {}
    fields = tuple(name for name in PLAN_FIELDS if name in given)
    for name in _NEVER_EMPTY:
        if name in given and given[name] is None:
            faults.add(name, "missing", "must not be empty")
    for name in fields if window is None else ():
        if name != "title":
            faults.add(name, "not_possible", "is no part of an action; it has a title and terms")
    if not given:
        faults.add("", "missing", f"must name fields to change: {listed(PLAN_FIELDS)}")
    change = PlanChange(
        fields=fields,
        title=document.title or "",
        window=read_window(document, reading),
        regions=faults.distinct(document.regions, "regions"),
        offers=read_offers(document, reading),
        audience=read_audience(document),
        contact=read_contact(document),
        resources=read_resources(document, steps, reading),
        theme=document.theme,
    )
    _note_past_start(change, window, reading)
    faults.raise_if_any()
    return change


def _note_past_start(change: PlanChange, known: Window | None, reading: Reading) -> None:
    start = None if change.window is None else change.window.start
    stands = known is None or start == known.start
    if start is not None and not stands and start <= reading.now:
        reading.faults.add("window.start", "past", "is already past")


def _below_plan(error: FieldError) -> FieldError:
    place = "plan" if error.path == WHOLE_DOCUMENT else f"plan.{error.path}"
    return FieldError(place, error.code, error.message)
