"""The story of the demo, scene by scene, with what must be true after each."""

from typing import Final

from cli.demo.cast import CUSTOMERS, FRONTLINE, PLANNER, SPONSOR
from cli.demo.plan import SILENT, STEPS
from cli.demo.stage import Stage

REJECTED: Final = "communications"
"""The delivery that is sent back once."""

HEAD_LEVEL: Final = 2
"""The lead hears first, the head second."""

HAPPENED: Final = {
    "CommitmentSigned": 5,
    "CommitmentDeclined": 1,
    "AttemptRenewed": 1,
    "AnswerOverdue": 1,
    "EscalationAdvanced": 1,
    "LaunchStopped": 1,
    "LaunchResumed": 1,
    "DeliveryReported": 6,
    "DeliveryRejected": 1,
    "DeliveryAccepted": 5,
    "ChainCompleted": 1,
    "GatePassed": 1,
    "WindowEnded": 1,
    "LaunchClosed": 1,
}
"""Events that must have happened at least so often."""


def play(stage: Stage) -> None:
    """From the first signature to the closed launch."""
    promise_first_steps(stage)
    decline_and_ask_again(stage)
    escalate_by_the_clock(stage)
    stop_and_resume(stage)
    deliver(stage)
    go_live_and_close(stage)


def promise_first_steps(stage: Stage) -> None:
    stage.expect_states(product="requested", marketing="pending", service="pending")
    stage.sign("lead.product", "product")
    stage.expect_states(product="signed", marketing="requested", communications="pending")
    stage.sign("lead.marketing", "marketing")
    stage.expect_states(marketing="signed", communications="requested")


def decline_and_ask_again(stage: Stage) -> None:
    stage.scene("decline")
    line = stage.cast.line
    stage.act("lead.communications", "decline", step="communications", reason=line("why_declined"))
    stage.expect_states(communications="declined", channel="pending")
    conditions = [*stage.step("communications")["terms"]["conditions"], line("new_condition")]
    stage.act(
        PLANNER,
        "request",
        step="communications",
        reason=line("why_again"),
        terms={"conditions": conditions},
    )
    stage.expect_states(communications="requested")
    stage.expect(stage.step("communications")["attempt"] == 2, "a second attempt")  # noqa: PLR2004
    stage.sign("lead.communications", "communications")
    stage.expect_states(communications="signed", channel="requested")


def escalate_by_the_clock(stage: Stage) -> None:
    stage.scene("silence")
    stage.wait("silent", lambda _: stage.step(SILENT)["overdue"], 10)
    stage.wait("to_head", lambda _: stage.step(SILENT)["escalation_level"] == HEAD_LEVEL, 10)
    waiting = stage.cast[f"head.{SILENT}"].get("/inbox")["items"]
    mine = [item for item in waiting if item["launch"] == stage.launch["id"]]
    stage.expect("escalation" in {item["kind"] for item in mine}, "the head finds it in the inbox")
    stage.expect_states(**{SILENT: "requested"})
    stage.sign(f"head.{SILENT}", SILENT)
    stage.expect_states(**{SILENT: "signed"})
    stage.expect(stage.step(SILENT)["escalation_level"] == 0, "the answer settles the escalation")


def stop_and_resume(stage: Stage) -> None:
    stage.scene("stop")
    line = stage.cast.line
    stage.act(FRONTLINE, "stop", reason=line("why_stopped"))
    stage.expect(stage.launch["stopped"], "the launch is stopped")
    stage.refuse_signature("lead.service", "service", "launch_stopped")
    stage.act(SPONSOR, "resume", reason=line("why_resumed"))
    stage.expect(not stage.launch["stopped"], "the launch goes on")
    stage.refuse_signature(PLANNER, "service", "four_eyes")
    stage.sign("lead.service", "service")
    stage.expect(stage.launch["phase"] == "preparing", "with five promises the launch prepares")


def deliver(stage: Stage) -> None:
    stage.scene("deliver")
    line = stage.cast.line
    for step in STEPS:
        stage.act(f"lead.{step}", "report", step=step, evidence=line("evidence"))
        stage.expect_states(**{step: "reported"})
        if step == REJECTED:
            stage.act(CUSTOMERS[step], "reject", step=step, reason=line("why_rejected"))
            stage.expect_states(**{step: "signed"})
            stage.act(f"lead.{step}", "report", step=step, evidence=line("evidence_again"))
        stage.act(CUSTOMERS[step], "accept", step=step)
        stage.expect_states(**{step: "accepted"})


def go_live_and_close(stage: Stage) -> None:
    stage.scene("gate")
    stage.wait("to_start", lambda launch: launch["phase"] == "live", 40)
    stage.wait("to_end", lambda launch: launch["phase"] == "closed", 30)
    stage.expect(stage.launch["outcome"] == "completed", "the outcome is completed")
    types = stage.types()
    missing = {kind: n for kind, n in HAPPENED.items() if types.count(kind) < n}
    stage.expect(not missing, f"these events happened: {missing}")
