"""Findings: what a check found, and who waived it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from domain.commitment import Waiver

Severity = Literal["block", "warn", "unknown"]


@dataclass(frozen=True, slots=True)
class OtherLaunch:
    id: str
    code: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check found. `step` owns it: while it blocks, that step cannot be signed.

    `id` is stable for the same check and subject, so that the same finding is recognised when the
    check runs again. `suggested_counter` is a plan change that would make it disappear.
    """

    id: str
    check: str
    step: str
    severity: Severity
    message: str
    figures: Mapping[str, object] = field(default_factory=dict)
    other_launch: OtherLaunch | None = None
    suggested_counter: Mapping[str, object] | None = None
    state: Literal["open", "cleared", "waived"] = "open"
    waiver: Waiver | None = None

    @property
    def is_blocking(self) -> bool:
        """It stands before a signature and before the gate."""
        return self.state == "open" and self.severity == "block"
