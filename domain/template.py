"""Templates: prefabricated chains a plan starts from and overrides step by step.

A template version never changes once launches were started from it; a better one is a new version.
"""

from collections.abc import Sequence

from domain.calendar import Duration
from domain.plan import Policy, Rung, Template, TemplateStep

MATERIAL_FIELDS = ("offers", "audience", "window", "regions", "theme", "contact", "resources")
"""Plan fields a promise may rest on; changing one voids the signatures of steps that name it."""

PLANNER = "planner"
"""The customer of a deliverable that no module receives."""


_TWO_DAYS, _DAY, _AT_ONCE = (Duration.parse(text) for text in ("2bd", "1bd", "PT0S"))

STANDARD_LAUNCH = Template(
    key="standard-launch",
    version=1,
    policy=Policy(
        answer_within=_TWO_DAYS,
        repair_within=Duration.parse("3bd"),
        gate_grace=_DAY,
        silence="escalate",
        ladder=(
            Rung(after=_AT_ONCE, to="lead"),
            Rung(after=_DAY, to="head"),
            Rung(after=_DAY, to="sponsor"),
        ),
        remind_before=_DAY,
        acknowledged_for=_DAY,
    ),
    steps=(
        TemplateStep(
            key="product",
            module="product",
            after=(),
            customer="marketing",
            deliverable="Offers configured, priced and testable in the billing system",
            conditions=(
                "Every offer can be ordered by a test customer in each of its segments",
                "Limits and exclusions are written in words a customer understands",
                "Credits and benefits arrive when the offer says",
            ),
            lead_time=Duration.parse("10bd"),
            material=("offers", "window"),
        ),
        TemplateStep(
            key="marketing",
            module="marketing",
            after=("product",),
            customer="communications",
            deliverable="Campaign plan with a one-line selling point for each offer",
            conditions=(
                "Each offer has one selling point and one target segment list",
                "No clash with another launch is left open",
                "The plan is issued to every module and to the front line",
            ),
            lead_time=Duration.parse("7bd"),
            material=("offers", "audience", "window", "regions"),
        ),
        TemplateStep(
            key="communications",
            module="communications",
            after=("marketing",),
            customer="channel",
            deliverable="Approved artwork, texts and booked media slots",
            conditions=(
                "Marketing has accepted the proof before print",
                "The theme is the one of the period",
                "Advertising is booked to be live on day one",
            ),
            lead_time=Duration.parse("5bd"),
            material=("offers", "theme", "contact", "window"),
        ),
        TemplateStep(
            key="channel",
            module="channel",
            after=("communications",),
            customer="service",
            deliverable="Outlets and online channels ready to sell, with materials in place",
            conditions=(
                "Posters and leaflets are at every outlet of the regions before the start",
                "Each offer is loaded only on channels the rules allow",
                "Gift stock is held at the outlets",
            ),
            lead_time=Duration.parse("3bd"),
            material=("offers", "regions", "window", "resources"),
        ),
        TemplateStep(
            key="service",
            module="service",
            after=("channel",),
            customer=PLANNER,
            deliverable="Hotline and front line trained and staffed for the forecast load",
            conditions=(
                "Training is finished before the start, with questions and answers handed out",
                "Agent hours cover the forecast calls",
                "Contacts respect opt-outs and the monthly cap",
            ),
            lead_time=Duration.parse("3bd"),
            material=("offers", "audience", "contact", "resources", "window"),
        ),
    ),
)

BUILT_IN = (STANDARD_LAUNCH,)
"""The template versions every installation begins with, oldest first."""


def find_template(name: str, templates: Sequence[Template] = BUILT_IN) -> Template | None:
    """The template of `key` (its latest version) or `key@N`, or None."""
    found = [t for t in templates if name in (t.key, t.name)]
    return max(found, key=lambda template: template.version, default=None)
