"""Whether the organisation has the people a chain needs: sponsor, signers, judges, waivers."""

from api.intake.plan_chain import Chain
from api.intake.reading import Reading
from domain.eligibility import eligible_judges, eligible_signers, second_waivers
from domain.plan import StepPlan
from domain.template import PLANNER


def read_sponsor(sponsor: str | None, reading: Reading) -> str:
    """The sponsor: a person with that post, and another one than the planner."""
    if sponsor is None:
        return ""
    sponsors = reading.organisation.holders("sponsor")
    if sponsor == reading.planner:
        reading.faults.add("sponsor", "four_eyes", "must be another person than the planner")
    elif reading.organisation.person(sponsor) is None:
        reading.faults.unknown("sponsor", "person", sponsor, sponsors)
    elif sponsor not in sponsors:
        message = f"“{sponsor}” does not hold the post of sponsor"
        reading.faults.add("sponsor", "not_a_sponsor", message)
    return sponsor


def note_missing_people(
    chain: Chain, steps: tuple[StepPlan, ...], sponsor: str, reading: Reading
) -> None:
    """Note every step that nobody could sign, accept or, with the sponsor, waive."""
    modules = {module.key for module in reading.organisation.modules}
    for source, step in zip(chain.sources, steps, strict=True):
        if step.module in modules and step.customer in modules | {PLANNER}:
            _note_missing(step, source.path, sponsor, reading)


def _note_missing(step: StepPlan, path: str, sponsor: str, reading: Reading) -> None:
    organisation, planner = reading.organisation, reading.planner
    signers = eligible_signers(organisation, step.module, planner)
    if len(signers) < step.signers:
        field = "signers" if signers else "module"
        reading.faults.add(f"{path}.{field}", "no_signer", _too_few(step, len(signers)))
    if not eligible_judges(organisation, step.module, step.customer, planner):
        message = f"nobody of {step.customer} could accept this deliverable"
        reading.faults.add(f"{path}.customer", "no_judge", message)
    if not second_waivers(
        organisation, step.module, step.customer, planner=planner, sponsor=sponsor
    ):
        message = (
            "nobody could confirm a waiver: it takes an executive or the head of the customer "
            "module who is neither planner, sponsor nor of the module that delivers"
        )
        reading.faults.add(f"{path}.customer", "no_second_waiver", message)


def _too_few(step: StepPlan, count: int) -> str:
    posts = f"lead, deputy or head of {step.module} other than the planner"
    if count == 0:
        return f"nobody could sign “{step.key}”: there is no {posts}"
    return f"“{step.key}” takes {step.signers} signers, but there is only {count} {posts}"
