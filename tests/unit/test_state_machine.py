import pytest
from hypothesis import seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.unit.machine import LaunchMachine, happened

ALWAYS_MET = {
    *("CommitmentSigned", "SignatureGiven", "CommitmentDeemed", "CommitmentLapsed"),
    *("EscalationAdvanced", "PerformerReassigned", "LaunchResumed", "StepCompensated"),
    *("not_yours", "four_eyes", "launch_closed", "launch_stopped", "already_answered"),
    *("wrong_state", "terms_changed", "blocked_by_finding", "invalid"),
    *("completed", "failed", "cancelled"),
}
"""What a run must have met at least, or it shows nothing."""

SEARCHES = 12
"""Each begins elsewhere. What one search finds it varies, so that a single one may miss much."""


@pytest.mark.timeout(900)  # a failure is made small before it is shown
def test_every_launch_keeps_the_invariants_and_has_a_way_to_the_end() -> None:
    long = settings.get_current_profile_name() == "long"
    profile = settings.get_profile("long" if long else "launches")
    for number in range(SEARCHES):
        machine = LaunchMachine if long else seed(number)(LaunchMachine)
        run_state_machine_as_test(machine, settings=profile)
    assert set(happened) >= ALWAYS_MET
