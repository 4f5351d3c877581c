"""“What if?” over HTTP: what is asked, and the recorded run that it is asked of."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated, Final, Literal

from pydantic import Field, StrictInt

from api.intake.fields import DurationText
from api.office import Office
from api.shapes import Instant, Name, Shape
from db import integrity, keys
from db.integrity import Record
from domain.calendar import Duration
from domain.errors import Invalid, WrongState
from domain.events import Entry
from domain.evolve import fold
from domain.recall import Envelope, Untold
from domain.whatif.changes import AnswerAct, Change, StepChange, WithoutStop
from domain.whatif.document import Document, what_if
from runtime.signing import PublicJwk, verify

MOST: Final = 20
"""Changes at once; a chain has few steps."""


class ChangeBody(Shape):
    """One thing that is different: an answer of a step, its signers, or that nobody stopped."""

    step: Name | None = None
    answer_within: DurationText | None = None
    answer_at: Instant | None = None
    act: AnswerAct | None = None
    signers: StrictInt | None = None
    stop: Literal[False] | None = None

    def change(self, path: str) -> Change:
        """Raises Invalid at the path of what does not go together."""
        others = (self.answer_within, self.answer_at, self.act, self.signers)
        if self.stop is False:
            if self.step is not None or any(other is not None for other in others):
                raise Invalid(f"{path}.stop", "stands alone: no stop is of the whole launch.")
            return WithoutStop()
        if self.step is None:
            raise Invalid(f"{path}.step", "is missing; say which step answers otherwise.")
        within = None if self.answer_within is None else Duration.parse(self.answer_within)
        return StepChange(self.step, within, self.answer_at, self.act, self.signers)


class WhatIf(Shape):
    """With no changes the answer shows the run as it was recorded."""

    changes: Annotated[tuple[ChangeBody, ...], Field(max_length=MOST)] = ()


async def what_if_of(office: Office, launch: str, body: WhatIf) -> Document:
    """The answer as `POST /launches/{launch}/what-if` gives it. Nothing is written.

    Raises Invalid, and WrongState for a run that is not over or whose ledger is damaged.
    """
    changes = [one.change(f"changes[{place}]") for place, one in enumerate(body.changes)]
    async with office.database.read() as session:
        record, trusted = await integrity.record(session, launch), await keys.trusted(session)
    return await asyncio.to_thread(_answer, record, trusted, changes)


def _answer(
    record: Record, trusted: Mapping[str, PublicJwk], changes: Sequence[Change]
) -> Document:
    told = integrity.told(record, trusted)
    if told.problems:
        where = told.problems[0].seq
        message = f"The ledger of this run is damaged at entry {where}; what is not true has no if."
        raise WrongState(message, possible=["replay"])
    phase = fold(told.entries).phase
    if phase != "closed":
        message = f"This launch is {phase}; ask what if when it is closed."
        raise WrongState(message, state=phase, possible=["replay"])
    envelopes = _envelopes(told.entries, trusted)
    try:
        return {"launch": record.launch, **what_if(told.entries, envelopes, changes)}
    except Untold as untold:
        message = f"This run can be replayed, but not played again: {untold}."
        raise WrongState(message, possible=["replay"]) from untold


def _envelopes(
    entries: Sequence[Entry], trusted: Mapping[str, PublicJwk]
) -> Mapping[str, Envelope]:
    signed = ((entry.command, entry.jws) for entry in entries)
    return {command: verify(jws, trusted) for command, jws in signed if command and jws}
