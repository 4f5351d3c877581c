"""A resolved plan written as a document again, in the form in which plans are submitted."""

from typing import Any

from domain.calendar import Duration
from domain.canonical import plain, rfc3339
from domain.plan import Offer, Plan, Policy, Resource, Rung, StepPlan, Template
from domain.plan_change import PlanChange

NEVER = Duration(milliseconds=0)
"""Nobody is reminded at the due itself."""


def plan_document(plan: Plan) -> dict[str, Any]:
    """The plan as JSON with everything inherited written out; read again, it is the same plan.

    The planner is not part of it: whoever submits a plan is its planner.
    """
    return {
        "code": plan.code,
        "department": plan.department,
        "sponsor": plan.sponsor,
        "template": plan.template,
        **_content(plan),
        "policy": _policy(plan.policy),
        "steps": [_step(step) for step in plan.steps],
    }


def template_document(template: Template) -> dict[str, Any]:
    """A template version in the words of a plan that says all of it."""
    return {
        "name": template.name,
        "key": template.key,
        "version": template.version,
        "policy": _policy(template.policy),
        "steps": [{**plain(step), "lead_time": str(step.lead_time)} for step in template.steps],
    }


def change_document(change: PlanChange) -> dict[str, Any]:
    """The changed fields, in the form in which they are submitted."""
    content = _content(change)
    return {name: content[name] for name in change.fields}


def _content(plan: Plan | PlanChange) -> dict[str, Any]:
    """What may change once a plan is started."""
    window, audience, contact = plan.window, plan.audience, plan.contact
    return {
        "title": plan.title,
        "window": window and {"start": rfc3339(window.start), "end": rfc3339(window.end)},
        "regions": list(plan.regions),
        "offers": [_offer(offer) for offer in plan.offers],
        "audience": audience and {"size": audience.size, "list": audience.list},
        "contact": contact
        and {
            "channel": contact.channel,
            "messages_per_customer": contact.messages_per_customer,
        },
        "resources": [_resource(resource) for resource in plan.resources],
        "theme": plan.theme,
    }


def _offer(offer: Offer) -> dict[str, Any]:
    return {
        "key": offer.key,
        "product": offer.product,
        "pay": offer.pay,
        "get": offer.get,
        "currency": offer.currency,
        "segments": list(offer.segments),
        "channels": list(offer.channels),
        "key_message": offer.key_message,
    }


def _resource(resource: Resource) -> dict[str, Any]:
    return {
        "pool": resource.pool,
        "quantity": resource.quantity,
        "step": resource.step,
        "needed_by": rfc3339(resource.needed_by) if resource.needed_by else None,
    }


def _policy(policy: Policy) -> dict[str, Any]:
    return {
        "answer_within": str(policy.answer_within),
        "repair_within": str(policy.repair_within),
        "gate_grace": str(policy.gate_grace),
        "silence": policy.silence,
        "ladder": [_rung(rung) for rung in policy.ladder],
        "remind_before": str(policy.remind_before or NEVER),
        "acknowledged_for": policy.acknowledged_for and str(policy.acknowledged_for),
    }


def _rung(rung: Rung) -> dict[str, Any]:
    return {"after": str(rung.after), "to": rung.to, "do": rung.do}


def _step(step: StepPlan) -> dict[str, Any]:
    """Of lead time and instant only the one that was given: both together are refused."""
    if step.lead_time is not None:
        due = {"lead_time": str(step.lead_time)}
    else:
        due = {"deliver_by": rfc3339(step.deliver_by)}
    return {
        "key": step.key,
        "module": step.module,
        "after": list(step.after),
        "customer": step.customer,
        "deliverable": step.deliverable,
        "conditions": list(step.conditions),
        "signers": step.signers,
        **due,
        "answer_within": str(step.answer_within),
        "silence": step.silence,
        "ladder": [_rung(rung) for rung in step.ladder],
        "remind_before": str(step.remind_before or NEVER),
        "material": list(step.material),
    }
