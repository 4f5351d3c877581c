"""A launch as its page shows it: the document of the API, told to one reader."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from api.intake.plain import wrong_text
from api.pages.acting import Attempted
from api.pages.forms import Form
from api.pages.offers import launch_offers, may_waive, step_offers
from api.pages.picture import Picture, draw
from api.pages.proofs import verified
from api.pages.reader import Reader
from api.problems import Problem, missing
from api.telling import Teller
from db import keys, ledger, pages, read_model
from domain.words.desk import OF_A_LAUNCH
from domain.words.signs import Sign, to_do

Document = Mapping[str, Any]

EVENTS: Final = 100
"""The newest events of a launch that its page tells; the API lists all."""
_TALK: Final = ("QuestionAsked", "QuestionAnswered")


@dataclass(frozen=True, slots=True)
class Told:
    """One event in words."""

    seq: int
    at: str
    step: str | None
    sign: Sign
    words: str


@dataclass(frozen=True, slots=True)
class LaunchView:
    """Everything the page of a launch says; `step` is the one that is looked at."""

    launch: Document
    step: Document
    across: Picture
    down: Picture
    waiting: str
    offers: tuple[str, ...]
    acts: tuple[str, ...]
    waivable: Collection[str]
    verified: Collection[str]
    thread: tuple[Document, ...]
    told: tuple[Told, ...]
    found: Mapping[str, str]
    escalations: tuple[Document, ...]
    attempted: Attempted | None = None
    seen: Document | None = None

    @property
    def is_asked_again(self) -> bool:
        """The reader wanted to sign terms that are no more the current ones."""
        tried = self.attempted
        is_changed = tried is not None and tried.problem.code == "terms_changed"
        return is_changed and tried is not None and "terms_digest" in tried.form.fields

    @property
    def untold(self) -> int:
        """How many events are older than those that are told."""
        return int(self.launch["seq"]) - len(self.told)

    @property
    def is_lost(self) -> bool:
        """The reader tried what has no form on the page any more."""
        if self.attempted is None:
            return False
        act, form = self.attempted.act, self.attempted.form
        if act == "finding-waive":
            return form.get("finding") not in self.waivable
        if act == "suggest":
            return form.get("at") not in self.suggestible
        return act not in {*self.offers, *(OF_A_LAUNCH.get(one, one) for one in self.acts)}

    @property
    def suggestible(self) -> Collection[str]:
        """The findings of the step whose suggestion the reader may offer as a counter."""
        if "counter" not in self.offers or "amend" in self.acts:
            return ()
        open_ones = (f for f in self.launch["findings"] if f["state"] == "open")
        return {
            finding["id"]
            for finding in open_ones
            if finding["step"] == self.step["key"] and finding["suggested_counter"]
        }


async def view_of(
    reader: Reader, launch: str, step: str | None = None, attempted: Attempted | None = None
) -> LaunchView:
    """The page of a launch, or 404 for a launch or step there is not."""
    if wrong_text(launch):
        raise missing("launch", launch)
    async with reader.office.database.read() as session:
        text = await read_model.launch_text(session, launch)
        standing = await read_model.standing(session, launch)
        if text is None or standing is None:
            raise missing("launch", launch)
        known = json.loads(text)
        chosen = _chosen(known, step)
        rows = await ledger.entries(session, launch, after=max(0, known["seq"] - EVENTS))
        talk = await ledger.entries_of_step(session, launch, chosen["key"], _TALK, limit=EVENTS)
        signatures = [one["jws"] for one in chosen["signatures"] if one["jws"]]
        signed = await ledger.signed_rows(session, launch, signatures)
        open_ones = await pages.escalation_page(session, states=(), launch=launch, limit=100)
        trusted = await keys.trusted(session)
    events = [ledger.event_document(row) for row in rows]
    teller = Teller(reader.names, reader.moments)
    return LaunchView(
        launch=known,
        step=chosen,
        across=draw(known["steps"], "across"),
        down=draw(known["steps"], "down"),
        waiting=waiting_sentence(reader, known),
        offers=step_offers(reader.holder, known, chosen, standing.parties),
        acts=launch_offers(reader.holder, known, standing.parties),
        waivable={
            finding["id"]
            for finding in known["findings"]
            if finding["step"] == chosen["key"]
            and may_waive(reader.holder, known, finding, standing.parties)
        },
        verified=verified(launch, chosen, signed, trusted),
        thread=tuple(map(ledger.event_document, talk)),
        told=tuple(_told(teller, event) for event in reversed(events)),
        found={finding["id"]: teller.finding(finding) for finding in known["findings"]},
        escalations=tuple(json.loads(one) for one in open_ones.items),
        attempted=attempted,
        seen=_seen(chosen, attempted),
    )


def waiting_sentence(reader: Reader, launch: Document) -> str:
    """On whom a launch waits, for what and until when, in one sentence; empty where on nobody."""
    if not launch["waiting_on"]:
        return ""
    first, *others = sorted(launch["waiting_on"], key=_urgency)
    is_zh = reader.lang == "zh"
    who, what = reader.names.waiting(first), to_do(first["for"], reader.lang)
    place = reader.names.module(first["step"]) if first["step"] else ""
    where = "" if not first["step"] or first["step"] == first["module"] else place
    due = reader.moments.due(first["due"]) if first["due"] else ""
    if is_zh:
        late = "已逾期，" if first["overdue"] else ""
        until = f"，{late}期限 {due}" if due else ""
        more = f"；另有 {len(others)} 项等待" if others else ""
        return f"等待{who}{what}{f'（{where}）' if where else ''}{until}{more}。"
    late = "overdue since" if first["overdue"] else "due"
    until = f", {late} {due}" if due else ""
    more = f", and {len(others)} more" if others else ""
    return f"Waiting for {who} {what}{f' ({where})' if where else ''}{until}{more}."


def _urgency(item: Document) -> tuple[bool, str]:
    """Overdue first, then what is due first; what has no due waits longest."""
    return not item["overdue"], item["due"] or "9999"


def between(before: Document, after: Document) -> list[Document]:
    """What differs between two versions of terms, field by field."""
    names = ("deliverable", "conditions", "quantities", "deliver_by")
    return [
        {"field": name, "before": before[name], "after": after[name]}
        for name in names
        if before[name] != after[name]
    ]


def plan_with(plan: Document, change: Document) -> list[Document]:
    """What a change of the plan would change in it, part by part."""
    return [{"field": name, "before": plan[name], "after": change[name]} for name in change]


def _chosen(launch: Document, step: str | None) -> Document:
    """The step asked for; else the first one that is waited on, else the first."""
    steps: list[Document] = launch["steps"]
    if step is not None:
        found = next((one for one in steps if one["key"] == step), None)
        if found is None:
            raise missing("step", step)
        return found
    waited = [item["step"] for item in launch["waiting_on"] if item["step"]]
    return next((one for one in steps if one["key"] in waited[:1]), steps[0])


def _told(teller: Teller, event: Document) -> Told:
    sign, words = teller.tell(event)
    return Told(event["seq"], event["at"], event["step"], sign, words)


def terms_seen(step: Document, form: Form) -> Document:
    """The terms that a form was filled in with: those of the version it names, of this attempt or
    one before; the current ones where it names none. Raises 409 for a version there never was.
    """
    digest = form.get("was")
    current: Document = step["terms"]
    if not digest:
        return current
    places = (step, *step["attempts"])
    found = next(filter(None, (_version(place, digest) for place in places)), None)
    if found is None:
        raise Problem(409, "terms_changed", "The terms are others than those of the form.")
    return found


def _seen(step: Document, attempted: Attempted | None) -> Document | None:
    """The version whose terms somebody saw who wanted to sign them."""
    return None if attempted is None else _version(step, attempted.form.get("terms_digest"))


def _version(place: Document, digest: str) -> Document | None:
    known = (place["terms"], *place["versions"])
    return next((one for one in known if one["digest"] == digest), None)
