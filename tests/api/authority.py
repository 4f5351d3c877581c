"""Who may use which route: every route of the API by name, and the people of the demo organisation.

`ACTS` says who is let through to the launch itself; everybody else is refused with `not_yours` or
`four_eyes`, whatever state the launch is in.
"""

from collections.abc import Mapping
from typing import Any, Final

MODULES: Final = ("product", "marketing", "communications", "channel", "service")
PLANNERS: Final = frozenset({"planner.personal", "planner.enterprise", "planner.product"})
OWN_PLANNER: Final = frozenset({"planner.personal"})
SPONSOR: Final = frozenset({"sponsor"})
EXECUTIVE: Final = frozenset({"executive"})
FACILITATOR: Final = frozenset({"facilitator"})
FRONT_LINE: Final = frozenset({"frontline.city-a"})


def people_of(module: str) -> frozenset[str]:
    return frozenset(f"{post}.{module}" for post in ("lead", "deputy", "head"))


PERFORMER: Final = people_of("product")
CUSTOMER: Final = people_of("marketing")
INVOLVED: Final = frozenset().union(
    OWN_PLANNER, SPONSOR, EXECUTIVE, FRONT_LINE, *(people_of(module) for module in MODULES)
)
ABOVE_SPONSOR: Final = SPONSOR | EXECUTIVE

STEP: Final = "/launches/{launch}/steps/{step}"
TEXT: Final = {"text": "x"}
REASON: Final = {"reason": "x"}
FINDING: Final = "lead_time:product"
"""What is found where the window begins the day after tomorrow."""

ACTS: Final[Mapping[str, tuple[frozenset[str], dict[str, Any]]]] = {
    f"{STEP}/acknowledge": (PERFORMER, {}),
    f"{STEP}/ask": (PERFORMER, TEXT),
    f"{STEP}/reply": (OWN_PLANNER, TEXT),
    f"{STEP}/sign": (PERFORMER, {"terms_digest": "x"}),
    f"{STEP}/counter": (PERFORMER, {"terms": {"deliverable": "x"}, **REASON}),
    f"{STEP}/accept-counter": (OWN_PLANNER, {"terms_digest": "x"}),
    f"{STEP}/withdraw-counter": (PERFORMER, {}),
    f"{STEP}/amend": (OWN_PLANNER, {"terms": {"deliverable": "x"}, **REASON}),
    f"{STEP}/decline": (PERFORMER, REASON),
    f"{STEP}/withdraw": (OWN_PLANNER, REASON),
    f"{STEP}/report": (PERFORMER, {"evidence": "x"}),
    f"{STEP}/retract-report": (PERFORMER, {}),
    f"{STEP}/request-release": (PERFORMER, REASON),
    f"{STEP}/allow-release": (OWN_PLANNER, {}),
    f"{STEP}/refuse-release": (OWN_PLANNER, {}),
    f"{STEP}/revoke": (PERFORMER, REASON),
    f"{STEP}/cancel": (OWN_PLANNER, REASON),
    f"{STEP}/confirm": (OWN_PLANNER, {"fact": "x"}),
    f"{STEP}/remind": (OWN_PLANNER, {}),
    f"{STEP}/delegate": (
        frozenset({"lead.product", "head.product"}),
        {"to": "frontline.city-a", "until": "2199-01-01T00:00:00Z", **REASON},
    ),
    f"{STEP}/accept": (CUSTOMER, {}),
    f"{STEP}/reject": (CUSTOMER, REASON),
    f"{STEP}/request": (OWN_PLANNER, REASON),
    f"{STEP}/waive": (SPONSOR, REASON),
    "/launches/{launch}/amend": (OWN_PLANNER, {"plan": {"theme": "x"}, **REASON}),
    "/launches/{launch}/delegate": (
        OWN_PLANNER,
        {"to": "facilitator", "until": "2199-01-01T00:00:00Z", **REASON},
    ),
    "/launches/{launch}/stop": (INVOLVED, REASON),
    "/launches/{launch}/resume": (ABOVE_SPONSOR, REASON),
    "/launches/{launch}/cancel": (OWN_PLANNER | SPONSOR, REASON),
    "/launches/{launch}/finding-waive": (SPONSOR, {"finding": FINDING, **REASON}),
    "/launches/{launch}/escalations": (INVOLVED, REASON),
    "/escalations/{escalation}/acknowledge": (ABOVE_SPONSOR, {}),
    "/escalations/{escalation}/comment": (INVOLVED, TEXT),
    "/escalations/{escalation}/resolve": (ABOVE_SPONSOR, {"resolution": "dismiss", **REASON}),
}
"""The path of each act, who may do it, and a body that can be understood. A waiver is opened by the
sponsor; who may confirm one is tested where one is open."""

STARTS: Final[Mapping[str, frozenset[str]]] = {
    "/launches": PLANNERS,
    "/launches/check": PLANNERS,
}
"""Posts that name no launch."""

READS: Final = (
    "/launches",
    "/launches/{launch}",
    "/launches/{launch}/events",
    "/launches/{launch}/events/stream",
    "/launches/{launch}/replay",
    "/launches/{launch}/postmortem",
    "/postmortems",
    "/insights",
    "/insights/ocel",
    "/launches/{launch}/steps/{step}/signable",
    "/escalations",
    "/escalations/{escalation}",
    "/inbox",
    "/commands/{command}",
    "/keys",
    "/me",
    "/organisation",
)
"""Everybody in the organisation reads everything; an inbox and a command are one's own."""

OWN: Final = ("/inbox/read",)
"""Posts that change nothing but what is the caller's own."""

ASKS: Final = ("/launches/{launch}/what-if",)
"""Posts that change nothing at all, for everybody."""

RECORDS: Final[Mapping[tuple[str, str], tuple[frozenset[str], dict[str, Any]]]] = {
    ("POST", "/launches/{launch}/postmortem"): (frozenset(), {}),
    ("PATCH", "/launches/{launch}/postmortem"): (FACILITATOR, {"summary": "x"}),
    ("POST", "/launches/{launch}/postmortem/comments"): (frozenset(), TEXT),
    ("POST", "/launches/{launch}/postmortem/reveal"): (FACILITATOR | EXECUTIVE, REASON),
}
"""What is done to a post-mortem, and by whom; an empty set: by everybody."""

AUDITS: Final[Mapping[str, frozenset[str]]] = {
    "/launches/{launch}/refusals": SPONSOR | {"facilitator", "admin"},
}
"""What not everybody reads, and who does."""

UNKNOWN_ACTS: Final = (
    "/launches/{launch}/steps/{step}/{act}",
    "/launches/{launch}/{act}",
    "/escalations/{escalation}/{act}",
)
"""Acts that do not exist, for nobody."""

OPEN: Final = ("/healthz", "/readyz", "/api/v1/openapi.json")
"""Outside of /api/v1, and the description of the API itself."""
