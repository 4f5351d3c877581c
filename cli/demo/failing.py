"""The second part of the demo: a promotion for which plan, posters and training come late. It fails
at its gate, whatever each department says of the others.
"""

from typing import Final

from cli.demo.cast import CUSTOMERS
from cli.demo.plan import LATE, LATE_PLAN
from cli.demo.stage import Stage

HAPPENED: Final = {
    "AnswerOverdue": 1,
    "EscalationAdvanced": 1,
    "ClockOverdue": 4,
    "GateHeld": 1,
    "LaunchFailed": 1,
    "StepCompensated": 5,
    "LaunchClosed": 1,
}
"""Events that must have happened at least so often."""


def fail(stage: Stage) -> None:
    """From the first signature to the failed launch."""
    promise_late(stage)
    deliver_late(stage)
    hold_the_gate(stage)


def promise_late(stage: Stage) -> None:
    stage.sign("lead.product", "product")
    _deliver(stage, "product")
    stage.wait("late_plan", lambda _: stage.step(LATE_PLAN)["escalation_level"] > 1, 10)
    stage.sign(f"head.{LATE_PLAN}", LATE_PLAN)
    for step in LATE:
        stage.sign(f"lead.{step}", step)
    stage.expect(stage.launch["phase"] == "preparing", "everything is promised, if late")


def deliver_late(stage: Stage) -> None:
    stage.scene("late")
    stage.wait("overdue_plan", lambda _: stage.step(LATE_PLAN)["overdue"], 10)
    _deliver(stage, LATE_PLAN)
    stage.wait("overdue_rest", lambda _: all(stage.step(step)["overdue"] for step in LATE), 20)


def hold_the_gate(stage: Stage) -> None:
    stage.scene("held")
    stage.wait("to_gate", lambda launch: launch["gate"]["held_since"] is not None, 20)
    stage.wait("to_fail", lambda launch: launch["phase"] == "closed", 20)
    stage.expect(stage.launch["outcome"] == "failed", "the outcome is failed")
    types = stage.types()
    missing = {kind: n for kind, n in HAPPENED.items() if types.count(kind) < n}
    stage.expect(not missing, f"these events happened: {missing}")


def _deliver(stage: Stage, step: str) -> None:
    stage.act(f"lead.{step}", "report", step=step, evidence=stage.cast.line("evidence"))
    stage.act(CUSTOMERS[step], "accept", step=step)
    stage.expect_states(**{step: "accepted"})
