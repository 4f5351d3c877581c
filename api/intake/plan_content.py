"""What a plan is about: its window, offers, audience, contact and resources."""

from collections.abc import Collection
from datetime import datetime, timedelta

from api.intake.instants import read_end, read_start
from api.intake.plan_document import OfferDocument, PlanChangeDocument, ResourceDocument
from api.intake.reading import Reading
from domain.calendar import Duration
from domain.organisation import Organisation
from domain.plan import Audience, Contact, Offer, Resource, Window

REACH = timedelta(days=3653)
"""A window further away than ten years is a slip of the pen."""


def read_window(document: PlanChangeDocument, reading: Reading) -> Window | None:
    """The window in UTC, or None with the reason noted."""
    if document.window is None:
        return None
    start = reading.instant(document.window.start, "window.start", read_start)
    end = reading.instant(document.window.end, "window.end", read_end)
    reachable = _in_reach(start, "window.start", reading) & _in_reach(end, "window.end", reading)
    if start is None or end is None or not reachable:
        return None
    if end <= start:
        reading.faults.add("window.end", "conflict", "must be after the start")
    elif end <= reading.now:
        reading.faults.add("window.end", "past", "is already past")
    return Window(start=start, end=end)


def note_lapsed(window: Window | None, grace: Duration, reading: Reading) -> None:
    """A launch whose gate may wait no longer would fail the moment it started."""
    if window is None or window.end <= reading.now or reading.faults.concerns("window"):
        return
    if reading.calendar.add(window.start, grace) <= reading.now:
        message = f"is past, and its grace of {grace} too: the launch would fail at once"
        reading.faults.add("window.start", "past", message)


def _in_reach(moment: datetime | None, path: str, reading: Reading) -> bool:
    if moment is None or abs(moment - reading.now) <= REACH:
        return True
    reading.faults.add(path, "out_of_range", "is more than ten years away")
    return False


def read_offers(document: PlanChangeDocument, reading: Reading) -> tuple[Offer, ...]:
    """The offers that could be read; keys must be unique."""
    offers = document.offers or []
    reading.faults.once([offer.key if offer else None for offer in offers], "offers", "key")
    return tuple(_offer(o, f"offers[{i}]", reading) for i, o in enumerate(offers) if o)


def _offer(offer: OfferDocument, path: str, reading: Reading) -> Offer:
    return Offer(
        key=offer.key or "",
        product=offer.product or "",
        pay=offer.pay or "",
        get=offer.get or "",
        currency=offer.currency or "",
        segments=reading.faults.distinct(offer.segments, f"{path}.segments"),
        channels=reading.faults.distinct(offer.channels, f"{path}.channels"),
        key_message=offer.key_message,
    )


def read_audience(document: PlanChangeDocument) -> Audience | None:
    if document.audience is None:
        return None
    return Audience(size=document.audience.size, list=document.audience.list)


def read_contact(document: PlanChangeDocument) -> Contact | None:
    if document.contact is None:
        return None
    return Contact(
        channel=document.contact.channel or "",
        messages_per_customer=document.contact.messages_per_customer or 0,
    )


def read_resources(
    document: PlanChangeDocument, steps: Collection[str] | None, reading: Reading
) -> tuple[Resource, ...]:
    """The resources that could be read. `steps` are the chain's keys, None if not all are known."""
    entries = [
        (f"resources[{i}]", entry) for i, entry in enumerate(document.resources or ()) if entry
    ]
    seen: set[tuple[str | None, ...]] = set()
    for path, entry in entries:
        place = (entry.pool, entry.step, entry.needed_by)
        if place in seen and entry.pool and entry.step:
            reading.faults.add(path, "duplicate", "repeats an earlier entry; add up the quantities")
        seen.add(place)
    return tuple(_resource(entry, path, steps, reading) for path, entry in entries)


def _resource(
    entry: ResourceDocument, path: str, steps: Collection[str] | None, reading: Reading
) -> Resource:
    pools = pools_of(reading.organisation)
    if entry.pool is not None and pools and entry.pool not in pools:
        reading.faults.unknown(f"{path}.pool", "pool", entry.pool, pools)
    if entry.step is not None and steps is not None and entry.step not in steps:
        reading.faults.unknown(f"{path}.step", "step", entry.step, tuple(steps))
    return Resource(
        pool=entry.pool or "",
        quantity=entry.quantity or 0,
        step=entry.step or "",
        needed_by=reading.instant(entry.needed_by, f"{path}.needed_by", read_end),
    )


def pools_of(organisation: Organisation) -> tuple[str, ...]:
    """The keys of the organisation's pools."""
    pools = organisation.rules.get("pools")
    if not isinstance(pools, list | tuple):
        return ()
    return tuple(dict.fromkeys(str(pool["key"]) for pool in pools))
