"""What happens to a post-mortem, in the past tense: its own ledger, beside that of the launch."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from domain.postmortem.record import Cause, Content
from domain.tagged import ByKind


@dataclass(frozen=True, slots=True)
class PostMortemOpened:
    """By itself as the launch closed, or, `requested`, by somebody."""

    cause: Cause
    kind: Literal["PostMortemOpened"] = "PostMortemOpened"


@dataclass(frozen=True, slots=True)
class PostMortemEdited:
    """The whole content after the edit, which changed these `fields`."""

    fields: tuple[str, ...]
    content: Content
    kind: Literal["PostMortemEdited"] = "PostMortemEdited"


@dataclass(frozen=True, slots=True)
class PostMortemSubmitted:
    """A second person is to read it."""

    version: int
    kind: Literal["PostMortemSubmitted"] = "PostMortemSubmitted"


@dataclass(frozen=True, slots=True)
class PostMortemReturned:
    """Not yet: it is a draft again."""

    version: int
    kind: Literal["PostMortemReturned"] = "PostMortemReturned"


@dataclass(frozen=True, slots=True)
class PostMortemPublished:
    """A second person stands for it too."""

    version: int
    kind: Literal["PostMortemPublished"] = "PostMortemPublished"


@dataclass(frozen=True, slots=True)
class PostMortemReopened:
    """Another version is begun; the published ones stay as they are."""

    version: int
    kind: Literal["PostMortemReopened"] = "PostMortemReopened"


@dataclass(frozen=True, slots=True)
class CommentAdded:
    text: str
    kind: Literal["CommentAdded"] = "CommentAdded"


@dataclass(frozen=True, slots=True)
class FollowUpRequested:
    """An action or a lesson: the launch of that id."""

    follow_up: str
    kind: Literal["FollowUpRequested"] = "FollowUpRequested"


@dataclass(frozen=True, slots=True)
class NamesRevealed:
    """Somebody was told who stands behind the pseudonyms, for that reason."""

    reason: str
    kind: Literal["NamesRevealed"] = "NamesRevealed"


Event = (
    PostMortemOpened
    | PostMortemEdited
    | PostMortemSubmitted
    | PostMortemReturned
    | PostMortemPublished
    | PostMortemReopened
    | CommentAdded
    | FollowUpRequested
    | NamesRevealed
)
TaggedEvent = Annotated[Event, ByKind()]


@dataclass(frozen=True, slots=True)
class Entry:
    """One event in its place; `actor` is a person's id or `system`. `command` is the request that
    brought it about (None: the launch's own end).
    """

    seq: int
    at: datetime
    actor: str
    command: str | None
    event: TaggedEvent
