"""Acts of the domain as requests: where they are posted, and with which body."""

from typing import Any

from domain import acts
from domain.acts import PersonAct
from domain.canonical import plain, rfc3339
from domain.plan import Window
from domain.plan_change import PlanChange
from domain.plan_document import change_document
from domain.terms import TermsChange

LAUNCH_ACTS = {"amend-plan": "amend", "delegate-planning": "delegate"}
Request = tuple[str, dict[str, Any]]


def request_of(act: PersonAct, launch: str) -> Request:
    """Path below /api/v1 and body; what says nothing is left out."""
    if isinstance(act, acts.StepAct):
        verb = act.kind.removesuffix("-commitment")
        return f"/launches/{launch}/steps/{act.step}/{verb}", _body(act)
    if isinstance(act, acts.EscalationAct):
        verb = act.kind.removesuffix("-escalation")
        return f"/escalations/{act.escalation}/{verb}", _body(act)
    if isinstance(act, acts.Escalate):
        return f"/launches/{launch}/escalations", _body(act) | {"step": act.step}
    return f"/launches/{launch}/{LAUNCH_ACTS.get(act.kind, act.kind)}", _body(act)


def _body(act: PersonAct) -> dict[str, Any]:
    said = {
        name: value
        for name in act.__dataclass_fields__
        if name not in ("kind", "step", "escalation")
        and (value := getattr(act, name)) is not None
        and value != ()
    }
    return {name: _value(value) for name, value in said.items()}


def _value(value: object) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, PlanChange):
        return change_document(value)
    if isinstance(value, TermsChange):
        return {name: item for name, item in plain(value).items() if item is not None}
    if isinstance(value, Window):
        return {"start": rfc3339(value.start), "end": rfc3339(value.end)}
    document = plain(value)
    if isinstance(document, dict):
        return {name: item for name, item in document.items() if item is not None}
    return document
