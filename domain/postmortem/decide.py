"""What may become of a post-mortem: acts of people, refused in the contract's order or answered by
the events that follow.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, assert_never

from domain.errors import FourEyes, Invalid, NotYours, WrongState
from domain.launch import Launch
from domain.postmortem import events
from domain.postmortem.record import Cause, PostMortem, State

FEWEST_FACTORS: Final = 2
"""There is never a single cause."""


@dataclass(frozen=True, slots=True)
class Open:
    """Somebody wants one of a closed run that opened none by itself."""


@dataclass(frozen=True, slots=True)
class Change:
    """Other values for fields of the content, and a state to go to; None: as it is. `seq` is what
    the writer saw of it, where the writer says so.
    """

    values: Mapping[str, Any]
    state: State | None = None
    seq: int | None = None


@dataclass(frozen=True, slots=True)
class Say:
    text: str


@dataclass(frozen=True, slots=True)
class Reveal:
    reason: str


Act = Open | Change | Say | Reveal


@dataclass(frozen=True, slots=True)
class Writer:
    """Who acts, with the posts held now."""

    person: str
    posts: frozenset[str]

    @property
    def facilitates(self) -> bool:
        return "facilitator" in self.posts

    @property
    def reviews(self) -> bool:
        """May stand for a record that somebody else wrote."""
        heads = any(post.startswith("head:") for post in self.posts)
        return heads or bool(self.posts & {"facilitator", "sponsor", "executive"})


def cause_of(launch: Launch) -> Cause | None:
    """Why a post-mortem opens by itself as the launch closes; None where it does not."""
    if launch.plan.kind != "campaign":
        return None  # It follows from a review itself.
    if launch.outcome == "failed":
        return "failed"
    if launch.outcome == "cancelled" and any(_was_signed(launch)):
        return "cancelled"
    return "breach" if any(commitment.breached for commitment in launch.steps) else None


def decide(
    record: PostMortem | None, act: Act, writer: Writer, launch: Launch
) -> tuple[events.Event, ...]:
    """The events of an act; none where it changes nothing. Raises a Refusal.

    Whatever needs a record must be asked where there is one.
    """
    if isinstance(act, Open):
        return _opened(record, launch)
    if record is None:
        message = "there is no post-mortem to act on"
        raise ValueError(message)
    match act:
        case Change():
            return _changed(record, act, writer)
        case Say():
            return (events.CommentAdded(act.text),)
        case Reveal():
            return _revealed(act, writer)
        case _:
            assert_never(act)


def _was_signed(launch: Launch) -> list[bool]:
    """Whether each step was ever signed by anybody, in any attempt and version."""
    return [
        bool(
            c.signatures
            or any(version.signatures for version in c.versions)
            or any(a.signatures or any(v.signatures for v in a.versions) for a in c.attempts)
        )
        for c in launch.steps
    ]


def _opened(record: PostMortem | None, launch: Launch) -> tuple[events.Event, ...]:
    if launch.phase != "closed":
        message = f"The launch is {launch.phase}; a post-mortem is of a closed one."
        raise WrongState(message, state=launch.phase, possible=[])
    if record is not None:
        return ()
    return (events.PostMortemOpened(cause_of(launch) or "requested"),)


def _changed(record: PostMortem, act: Change, writer: Writer) -> tuple[events.Event, ...]:
    """A draft is taken up before its fields are changed, and handed on after."""
    if not act.values and act.state is None:
        raise Invalid("state", "Say what should change: a field of the record, or its state.")
    if act.values and not writer.facilitates:
        raise NotYours("A facilitator writes the record; you may comment on it.")
    if act.state is not None:
        _check_reader(record, act.state, writer)
    if act.seq is not None and act.seq != record.seq:
        message = f"Somebody else changed it meanwhile; you saw {act.seq}, it is at {record.seq}."
        raise WrongState(message, state=record.state, seq=record.seq, possible=["read it again"])
    is_moved = act.state is not None and act.state != record.state
    moves = _moves(record, act.state) if act.state is not None and is_moved else ()
    ready = act.state == "draft" or record.state == "draft"
    if act.values and not ready:
        raise WrongState(_how_to_edit(record), state=record.state, possible=["state: draft"])
    edits = _edits(record, act.values)
    if act.state == "in_review" and moves:
        _check_complete(record, edits)
    return (*moves, *edits) if act.state == "draft" else (*edits, *moves)


def _check_reader(record: PostMortem, state: State, writer: Writer) -> None:
    """Who hands on and takes back facilitates; who publishes is somebody else."""
    if state == "published" and record.state != "published":
        if not writer.reviews:
            message = "Facilitators, sponsors, executives and heads of modules publish a record."
            raise NotYours(message)
        if writer.person in (record.submitted_by, *record.editors):
            message = "You wrote this; a second person must read it and publish it."
            raise FourEyes(message, version=record.version)
        return
    may_return = record.state == "in_review" and writer.reviews
    if not (writer.facilitates or may_return):
        raise NotYours("A facilitator takes a record through its states.")


def _moves(record: PostMortem, state: State) -> tuple[events.Event, ...]:
    match record.state, state:
        case "draft", "in_review":
            return (events.PostMortemSubmitted(record.version),)
        case "in_review", "draft":
            return (events.PostMortemReturned(record.version),)
        case "in_review", "published":
            return (events.PostMortemPublished(record.version),)
        case "published", "draft":
            return (events.PostMortemReopened(record.version + 1),)
        case _:
            message = f"The record is {record.state}; {_next(record.state)}."
            raise WrongState(message, state=record.state, possible=[_next(record.state)])


def _next(state: State) -> str:
    after = {
        "draft": "it goes to in_review first",
        "in_review": "a second person publishes it, or it goes back to draft",
        "published": "another version begins with state draft",
    }
    return after[state]


def _how_to_edit(record: PostMortem) -> str:
    if record.state == "published":
        return f"Version {record.version} is published and stays; begin another with state draft."
    return "The record is being read; take it back with state draft first."


def _edits(record: PostMortem, values: Mapping[str, Any]) -> tuple[events.Event, ...]:
    given = dict(values)
    if "sides" in given:  # each side by itself
        given["sides"] = replace(record.content.sides, **given["sides"])
    content = replace(record.content, **given)
    changed = tuple(n for n in given if getattr(content, n) != getattr(record.content, n))
    return (events.PostMortemEdited(changed, content),) if changed else ()


def _check_complete(record: PostMortem, edits: tuple[events.Event, ...]) -> None:
    edited = (event.content for event in edits if isinstance(event, events.PostMortemEdited))
    content = next(edited, record.content)
    if not content.summary:
        raise Invalid("summary", "Nobody can review a record without a summary.")
    if len(content.factors) < FEWEST_FACTORS:
        message = "Name at least two contributing factors: there is never a single cause."
        raise Invalid("factors", message)


def _revealed(act: Reveal, writer: Writer) -> tuple[events.Event, ...]:
    if not writer.posts & {"facilitator", "executive"}:
        message = "Names are told to a facilitator or an executive only, for a reason."
        raise NotYours(message)
    return (events.NamesRevealed(act.reason),)
