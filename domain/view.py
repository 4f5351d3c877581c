"""A launch as everybody sees it: the document the API serves, made from nothing but the launch."""

from typing import Any

from domain.canonical import ordered, plain
from domain.commitment import Attempt, Commitment
from domain.escalation import Escalation
from domain.finding import Finding
from domain.launch import Amendment, Launch
from domain.plan import Lesson
from domain.plan_document import change_document, plan_document
from domain.terms import Proposal, Terms
from domain.waiting import Waiting, waiting_on

Document = dict[str, Any]


def launch_document(launch: Launch) -> Document:
    """The launch's JSON form, plain values only; the same launch always gives the same document."""
    return {
        **launch_frame(launch),
        "steps": [step_document(launch, commitment) for commitment in launch.steps],
        "plan": plan_document(launch.plan),
    }


def launch_frame(launch: Launch) -> Document:
    """The document without steps and plan, most of which an event leaves as they are."""
    plan = launch.plan
    return {
        "id": launch.id,
        "code": plan.code,
        "title": plan.title,
        "kind": plan.kind,
        "review_of": None if plan.review is None else plan.review.launch,
        "lesson": None if plan.review is None else _lesson(plan.review.lesson),
        "phase": launch.phase,
        "outcome": launch.outcome,
        "stopped": launch.is_stopped,
        "stop": _stop(launch),
        "seq": launch.seq,
        "planner": plan.planner,
        "sponsor": plan.sponsor,
        "department": plan.department,
        "regions": plain(plan.regions),
        "window": plain(plan.window),
        "started_at": plain(launch.started_at),
        "closed_at": plain(launch.closed_at),
        "gate": _gate(launch),
        "waiting_on": [waiting_document(item) for item in waiting_on(launch)],
        "progress": {
            "satisfied": sum(c.is_satisfied for c in launch.steps),
            "steps": len(launch.steps),
        },
        "findings": [_finding(finding) for finding in launch.findings],
        "bookings": [],
        "open_escalations": sum(e.is_open for e in launch.escalations),
        "delegate": plain(launch.delegate),
        "amendments": [_amendment(amendment) for amendment in launch.amendments],
    }


def step_document(launch: Launch, commitment: Commitment) -> Document:
    """One commitment's JSON form: it depends on the commitment and its escalation level alone."""
    plan = commitment.plan
    answer = commitment.clock("answer")
    return {
        "key": plan.key,
        "module": plan.module,
        "after": list(plan.after),
        "customer": plan.customer,
        "signers": plan.signers,
        "state": commitment.state,
        "attempt": commitment.attempt,
        "ran": commitment.ran_seq is not None,
        "overdue": commitment.is_overdue,
        "escalation_level": escalation_level(launch, plan.key),
        "requested_at": plain(commitment.requested_at),
        "answer_by": plain(answer.due) if answer else None,
        "answered_at": plain(commitment.answered_at),
        "deliver_by": plain(commitment.terms.deliver_by),
        "due": plain(commitment.due),
        "reason": commitment.reason,
        "terms": terms_document(commitment.terms, commitment.version, commitment.digest),
        "signatures": plain(commitment.signatures),
        "deliveries": plain(commitment.deliveries),
        "performer": plain(commitment.performer),
        "condition": _condition(commitment),
        "delegate": plain(commitment.delegate),
        "reminded_at": plain(commitment.reminded_at),
        "deemed": commitment.deemed,
        "breached": commitment.breached,
        "counter": _counter(commitment),
        "release": plain(commitment.release_asked),
        "versions": versions_document(commitment),
        "upstream_open": commitment.upstream_open,
        "waiver": plain(commitment.waiver),
        "attempts": [_attempt(attempt) for attempt in commitment.attempts],
    }


def versions_document(told: Commitment | Attempt) -> list[Document]:
    """Every version of an attempt's terms, in order, with what changed against the one before it;
    empty where there was one only.
    """
    if not told.versions:
        return []
    versions = sorted((*told.versions, told), key=lambda version: version.version)
    befores = (None, *(version.terms for version in versions))
    return [
        {
            **terms_document(version.terms, version.version, version.digest),
            "proposal": _proposal(version.proposal),
            "deemed": version.deemed,
            "current": version is told,
            "signatures": plain(version.signatures),
            "changes": [] if before is None else changes_document(before, version.terms),
        }
        for before, version in zip(befores, versions, strict=False)
    ]


def changes_document(before: Terms, after: Terms) -> list[Document]:
    """What differs between two terms, field by field."""
    old, new = plain(before), plain(after)
    return [
        {"field": name, "before": old[name], "after": new[name]}
        for name in new
        if old[name] != new[name]
    ]


def escalation_level(launch: Launch, step: str) -> int:
    """How far up open escalations of a step have climbed; 0 where there is none."""
    return max((e.level for e in launch.escalations if e.is_open and e.step == step), default=0)


def escalation_document(launch: Launch, escalation: Escalation) -> Document:
    """One escalation's JSON form."""
    return {
        "id": escalation.id,
        "launch": launch.id,
        "step": escalation.step,
        "cause": escalation.cause,
        "level": escalation.level,
        "to": {**plain(escalation.to), "person": launch.named(escalation.to)},
        "state": escalation.state,
        "raised_at": plain(escalation.raised_at),
        "raised_by": escalation.raised_by,
        "acknowledged_at": plain(escalation.acknowledged_at),
        "acknowledged_by": escalation.acknowledged_by,
        "acknowledged_until": plain(escalation.acknowledged_until),
        "resolved_at": plain(escalation.resolved_at),
        "resolution": escalation.resolution,
        "resolution_reason": escalation.resolution_reason,
        "reason": escalation.reason,
        "thread": plain(escalation.thread),
    }


def terms_document(terms: Terms, version: int, digest: str) -> Document:
    """Terms with the version and digest a signature names."""
    return {"version": version, "digest": digest, **plain(terms)}


def current_details(launch: Launch) -> str:
    """Where the launch stands in one line, without a person's name."""
    state = launch.outcome or ("stopped" if launch.is_stopped else launch.phase)
    waiting = waiting_on(launch)
    if not waiting:
        return f"{state}; waiting on nobody"
    first = waiting[0]
    who = first.module or first.party
    where = f" in {first.step}" if first.step else ""
    more = f" and {len(waiting) - 1} more" if len(waiting) > 1 else ""
    return f"{state}; waiting on {who} to {first.wanted}{where}{more}"


def _lesson(lesson: Lesson | None) -> Document | None:
    if lesson is None:
        return None
    return {
        "based_on": lesson.based_on,
        "template": lesson.becomes.name,
        "changes": plain(lesson.changes),
    }


def _stop(launch: Launch) -> Document | None:
    if launch.stop is None:
        return None
    stop = launch.stop
    return {"by": stop.by, "reason": stop.reason, "at": plain(stop.at)}


def _gate(launch: Launch) -> Document | None:
    gate = launch.gate
    if gate.opens_at is None:
        return None
    return {
        "opens_at": plain(gate.opens_at),
        "held_since": plain(gate.held_since),
        "fails_at": plain(gate.fails_at),
        "passed_at": plain(gate.passed_at),
    }


def waiting_document(item: Waiting) -> Document:
    """One party that is waited on: by its part and module, never by name."""
    return {
        "step": item.step,
        "party": item.party,
        "module": item.module,
        "since": plain(item.since),
        "due": plain(item.due),
        "for": item.wanted,
        "overdue": item.overdue,
    }


def _condition(commitment: Commitment) -> Document | None:
    """What a signature waits for, and that signature; `by` with what stops have added to it."""
    waiting = commitment.conditional
    if waiting is None or commitment.condition is None:
        return None
    asked = {name: value for name, value in plain(waiting.condition).items() if value is not None}
    return {
        **asked,
        "by": plain(commitment.condition.due),
        "confirmed": waiting.confirmed,
        "signature": plain(waiting.signature),
    }


def _counter(commitment: Commitment) -> Document | None:
    """The open counter-offer; `terms` are its terms then."""
    return _proposal(commitment.proposal) if commitment.state == "countered" else None


def _proposal(proposal: Proposal | None) -> Document | None:
    """Who put terms forward; `plan` are the fields of the plan that would change with them."""
    if proposal is None:
        return None
    return {**plain(proposal), "plan": proposal.plan and change_document(proposal.plan)}


def _amendment(amendment: Amendment) -> Document:
    """The plan as changed, field by field."""
    before, after = change_document(amendment.before), change_document(amendment.after)
    changes = [{"field": name, "before": before[name], "after": after[name]} for name in after]
    return {
        "by": amendment.by,
        "role": amendment.role,
        "reason": amendment.reason,
        "at": plain(amendment.at),
        "changes": changes,
    }


def _attempt(attempt: Attempt) -> Document:
    return {
        "attempt": attempt.attempt,
        "state": attempt.state,
        "terms": terms_document(attempt.terms, attempt.version, attempt.digest),
        "signatures": plain(attempt.signatures),
        "versions": versions_document(attempt),
        "deemed": attempt.deemed,
        "requested_at": plain(attempt.requested_at),
        "ended_at": plain(attempt.ended_at),
        "reason": attempt.reason,
    }


def _finding(finding: Finding) -> Document:
    return {
        "id": finding.id,
        "check": finding.check,
        "step": finding.step,
        "severity": finding.severity,
        "state": finding.state,
        "message": finding.message,
        "figures": ordered(plain(finding.figures)),
        "other_launch": plain(finding.other_launch),
        "suggested_counter": ordered(plain(finding.suggested_counter)),
        "waiver": plain(finding.waiver),
    }
