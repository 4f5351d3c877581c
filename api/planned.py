"""What a body says about the plan of a launch, read against that launch and the organisation."""

import json
from collections.abc import Collection
from typing import Any

from api.intake.plan_change import read_change, read_window_change
from api.intake.reading import Reading
from api.office import Office
from api.problems import missing
from api.setting import setting_of
from api.shapes import instant_of
from db import read_model
from domain.acts import AmendPlan, Counter, PersonAct, ResolveEscalation
from domain.changing import replace
from domain.plan import Window


async def with_plan(office: Office, launch: str, act: PersonAct, body: dict[str, Any]) -> PersonAct:
    """The act with the change of the plan that its body names; InvalidDocument with every error."""
    if isinstance(act, AmendPlan) or (isinstance(act, Counter) and body.get("plan") is not None):
        window, steps, reading = await _surroundings(office, launch)
        change = read_change(body["plan"], window=window, steps=steps, reading=reading)
        return replace(act, plan=change)
    if isinstance(act, ResolveEscalation) and body.get("window") is not None:
        window, _, reading = await _surroundings(office, launch)
        later = read_window_change(body["window"], window=window, reading=reading)
        return replace(act, window=later)
    return act


async def _surroundings(
    office: Office, launch: str
) -> tuple[Window | None, Collection[str], Reading]:
    async with office.database.read() as session:
        text = await read_model.launch_text(session, launch)
    if text is None:
        raise missing("launch", launch)
    known = json.loads(text)
    window = known["window"] and Window(
        *(instant_of(known["window"][edge]) for edge in ("start", "end"))
    )
    setting = await setting_of(office)
    reading = setting.reading(known["planner"])
    return window, [step["key"] for step in known["steps"]], reading
