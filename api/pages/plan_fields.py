"""A plan as fields of a form: the way back from `start_sheet`."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import Any, Final

from api.moments import read_instant
from api.pages.start_sheet import OFFER, RESOURCE
from domain.calendar import Calendar

Document = Mapping[str, Any]

_DAY: Final = timedelta(days=1)


def content_fields(plan: Document, calendar: Calendar) -> dict[str, str]:
    """What a campaign is about, apart from its window."""
    resources = [_by_day(one, calendar) for one in plan.get("resources") or ()]
    return {
        **{name: str(plan[name]) for name in ("title", "theme") if plan.get(name)},
        "regions[]": "\n".join(plan.get("regions") or ()),
        **_of_group("audience", plan.get("audience"), ("size", "list")),
        **_of_group("contact", plan.get("contact"), ("channel", "messages_per_customer")),
        **dict(_of_list("offers", plan.get("offers") or (), OFFER)),
        **dict(_of_list("resources", resources, RESOURCE)),
    }


def window_fields(window: Document, calendar: Calendar) -> dict[str, str]:
    """A window of instants, by day and time of day."""
    start, end = (calendar.local(read_instant(window[name])) for name in ("start", "end"))
    return day_fields(start, end)


def day_fields(start: datetime, end: datetime) -> dict[str, str]:
    """A window by the organisation's clock: its last day is whole where it ends at midnight, and
    times of day are said where they are not midnight.
    """
    last = end.date() - _DAY * (end.time() == time())
    clocks = {"window.start_time": start.time(), "window.end_time": end.time()}
    return {
        "window.start": start.date().isoformat(),
        "window.end": last.isoformat(),
        **{name: _clock(at) for name, at in clocks.items() if at != time()},
    }


def fields_of(place: str, item: Document, keys: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The fields of one group that are filled in."""
    for key in keys:
        if text := _text(item.get(key.removesuffix("[]"))):
            yield f"{place}.{key}", text


def _of_group(name: str, group: Document | None, keys: tuple[str, ...]) -> dict[str, str]:
    return dict(fields_of(name, group or {}, keys))


def _of_list(
    name: str, items: Iterable[Document], keys: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    for at, item in enumerate(items):
        yield from fields_of(f"{name}[{at}]", item, keys)


def _by_day(resource: Document, calendar: Calendar) -> Document:
    """With a day where it is needed by the end of one."""
    instant = resource.get("needed_by")
    at = calendar.local(read_instant(instant)) if instant else None
    if at is None or at.time() != time():
        return resource
    return {**resource, "needed_by": (at.date() - _DAY).isoformat()}


def _clock(at: time) -> str:
    return at.isoformat("seconds" if at.second else "minutes")


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        return "\n".join(map(_text, value))
    if isinstance(value, dict):
        return " ".join(str(value[part]) for part in ("after", "to", "do") if value.get(part))
    return "" if value is None else str(value)
