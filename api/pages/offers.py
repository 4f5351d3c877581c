"""Which acts a page offers to whom: what the role table gives the reader, where it has a meaning.

An offer is no promise; what is sent is judged again, as from anybody.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from db.access import Holder
from domain import acts
from domain.authority import acting_role
from domain.decisions.guards import ALLOWED, DURING_STOP, LATE
from domain.errors import Refusal
from domain.escalation import Addressee
from domain.parties import Parties
from domain.plan_change import PlanChange
from domain.terms import TermsChange

Document = Mapping[str, Any]

_SOON: Final = datetime.max.replace(tzinfo=UTC)
_NO_CHANGE: Final = TermsChange()
ON_A_STEP: Final[Mapping[str, Callable[[str], acts.StepAct]]] = {
    "sign": lambda step: acts.Sign(step, ""),
    "accept-counter": lambda step: acts.AcceptCounter(step, ""),
    "accept": lambda step: acts.Accept(step, (), None),
    "report": lambda step: acts.Report(step, "", None),
    "confirm": lambda step: acts.Confirm(step, ""),
    "reply": lambda step: acts.Reply(step, ""),
    "allow-release": lambda step: acts.AllowRelease(step, None),
    "refuse-release": lambda step: acts.RefuseRelease(step, None),
    "request": lambda step: acts.Request(step, "", None),
    "counter": lambda step: acts.Counter(step, None, ""),
    "sign-if": lambda step: acts.Sign(step, ""),
    "decline": lambda step: acts.Decline(step, ""),
    "reject": lambda step: acts.Reject(step, ""),
    "ask": lambda step: acts.Ask(step, ""),
    "acknowledge": lambda step: acts.Acknowledge(step, None),
    "withdraw-counter": lambda step: acts.WithdrawCounter(step, None),
    "retract-report": lambda step: acts.RetractReport(step, None),
    "amend": lambda step: acts.Amend(step, _NO_CHANGE, ""),
    "remind": acts.Remind,
    "delegate": lambda step: acts.Delegate(step, "", _SOON, ""),
    "request-release": lambda step: acts.RequestRelease(step, ""),
    "waive": lambda step: acts.Waive(step, ""),
    "withdraw": lambda step: acts.Withdraw(step, ""),
    "cancel": lambda step: acts.CancelCommitment(step, ""),
    "revoke": lambda step: acts.Revoke(step, ""),
}
"""Acts by their names in addresses, in the order in which they are offered."""

ON_A_LAUNCH: Final[Mapping[str, acts.LaunchAct]] = {
    "stop": acts.StopLaunch(""),
    "resume": acts.ResumeLaunch(""),
    "escalate": acts.Escalate("", None),
    "amend": acts.AmendPlan(PlanChange(()), ""),
    "delegate": acts.DelegatePlanning("", _SOON, ""),
    "cancel": acts.CancelLaunch(""),
}


def step_offers(
    holder: Holder, launch: Document, step: Document, parties: Parties
) -> tuple[str, ...]:
    """The acts on this step that the reader may do now."""
    return tuple(
        name
        for name, sample in ON_A_STEP.items()
        if _fits(sample(step["key"]).kind, launch, step)
        and _has_occasion(name, launch, step, holder)
        and may(holder, sample(step["key"]), parties)
    )


def launch_offers(holder: Holder, launch: Document, parties: Parties) -> tuple[str, ...]:
    """The acts on the whole launch that the reader may do now."""
    if launch["phase"] in ("closing", "closed"):
        return ()
    return tuple(
        name
        for name, sample in ON_A_LAUNCH.items()
        if (sample.kind in DURING_STOP if launch["stopped"] else name != "resume")
        and (name != "amend" or launch["kind"] == "campaign")
        and may(holder, sample, parties)
    )


def may_waive(holder: Holder, launch: Document, finding: Document, parties: Parties) -> bool:
    """Whether a blocking finding is the reader's to waive now: to open by the sponsor, then to be
    agreed to by a second person.
    """
    if launch["phase"] in ("closing", "closed") or launch["stopped"]:
        return False
    opened = finding["waiver"]
    turn = holder.person == launch["sponsor"] if opened is None else opened["by"] != holder.person
    blocks = finding["state"] == "open" and finding["severity"] == "block"
    return blocks and turn and may(holder, acts.WaiveFinding(finding["id"], ""), parties)


def may(
    holder: Holder,
    act: acts.PersonAct,
    parties: Parties,
    *,
    escalation: tuple[Addressee, str | None] | None = None,
) -> bool:
    """Whether the role table gives this act to somebody; `escalation` is whom one is put to."""
    try:
        acting_role(act, holder.person, holder.roles, parties, escalation=escalation)
    except Refusal:
        return False
    return True


def _fits(kind: str, launch: Document, step: Document) -> bool:
    """Whether launch and step are where this act has a meaning."""
    if launch["phase"] == "closed" or step["state"] not in ALLOWED[kind]:
        return False
    if launch["phase"] == "closing" and kind not in LATE:
        return False
    return not launch["stopped"] or kind in DURING_STOP


def _has_occasion(name: str, launch: Document, step: Document, holder: Holder) -> bool:
    """What a state alone does not say."""
    waited = [item for item in launch["waiting_on"] if item["step"] == step["key"]]
    condition = step["condition"] or {}
    match name:
        case "sign" | "sign-if":
            has_signed = any(s["person"] == holder.person for s in step["signatures"])
            return step["condition"] is None and not has_signed
        case "counter" | "decline" | "acknowledge":
            return step["condition"] is None
        case "allow-release" | "refuse-release":
            return step["release"] is not None
        case "request-release":
            return step["release"] is None
        case "reply":
            return any(item["for"] == "reply" for item in waited)
        case "confirm":
            return condition.get("fact") is not None and not condition["confirmed"]
        case "waive":
            return step["waiver"] is not None or holder.person == launch["sponsor"]
        case "accept" | "reject":
            return not step["deliveries"] or step["deliveries"][-1]["by"] != holder.person
        case "remind":
            return bool(waited)
        case _:
            return True
