"""The ledger commits before the workflow task does: what stands there without the launch knowing
is taken over, whoever comes next. A row is written here by the same decision that a worker made
before it died.
"""

from domain.acts import Command, Decline, Elapse, StopLaunch
from domain.decide import decide
from tests.plans import SPONSOR, StepFields, rung
from tests.workflows.ledgers import MemoryLedger
from tests.workflows.plans import LINE, plan
from tests.workflows.stage import Stage, refusal


async def test_the_lost_command_is_sent_again(stage: Stage) -> None:
    played = await stage.start(plan())
    lost = await played.signing("product")
    seq = await played.lose(lost)
    rows = await stage.ledger.entries(played.id)
    assert (await played.send(lost)).seq == seq
    assert await stage.ledger.entries(played.id) == rows
    await played.sign("marketing")
    assert (await played.kinds()).count("CommitmentSigned") == 2
    assert await played.doubts() == ()


async def test_another_command_arrives_first(stage: Stage) -> None:
    played = await stage.start(plan())
    lost = await played.signing("product")
    seq = await played.lose(lost)
    stopped = await played.act(StopLaunch("a wrong price"), SPONSOR)
    assert stopped.seq > seq
    assert (await played.send(lost)).seq == seq
    kinds = await played.kinds()
    assert kinds.count("CommitmentSigned") == kinds.count("LaunchStopped") == 1
    launch = await played.launch()
    assert launch.commands[lost.id or ""] == seq
    assert launch.is_stopped
    assert await played.doubts() == ()


async def test_the_other_command_no_longer_fits(stage: Stage) -> None:
    """It passed the validator, which knew nothing of the row; the row changes the answer."""
    played = await stage.start(plan())
    lost = await played.signing("product")
    await played.lose(lost)
    declined = await played.refused(Decline("product", "no people"), "head.product")
    assert declined.type == "wrong_state"
    assert "CommitmentDeclined" not in await played.kinds()
    assert (await played.send(lost)).seq == (await played.launch()).commands[lost.id or ""]
    assert await played.doubts() == ()


async def test_several_lost_commands_are_adopted_together(stage: Stage) -> None:
    played = await stage.start(plan())
    lost = []
    for step, _ in LINE[:3]:
        lost.append(await played.signing(step))
        await played.lose(lost[-1])
    await played.act(StopLaunch("a wrong price"), SPONSOR)
    assert [(await played.send(command)).seq for command in lost] == [
        (await played.launch()).commands[command.id or ""] for command in lost
    ]
    assert (await played.kinds()).count("CommitmentSigned") == 3
    assert await played.doubts() == ()


async def test_a_lost_deadline_is_not_met_twice(stage: Stage, ledger: MemoryLedger) -> None:
    soon = {"product": StepFields(answer_within=0.3)}
    ladder = (rung(0.3, "lead"), rung(0.3, "sponsor"))
    played = await stage.open(plan(chain=LINE[:1], steps=soon, ladder=ladder))
    launch = await played.until(lambda launch: launch.steps[0].answer is not None)
    clock = launch.steps[0].answer
    assert clock is not None
    entries = decide(launch, Command(Elapse()), clock.due)
    assert ledger.append(played.id, entries) is None
    await played.until(lambda launch: launch.escalations != () and launch.escalations[0].level == 2)
    await played.started()
    kinds = await played.kinds()
    assert kinds.count("AnswerOverdue") == 1
    assert kinds.count("EscalationRaised") == kinds.count("EscalationAdvanced") == 1
    assert await played.doubts() == ()


async def test_a_record_whose_answer_got_lost_is_repeated(
    stage: Stage, ledger: MemoryLedger
) -> None:
    """Committed, and then the activity fails: its next attempt finds its own rows."""
    played = await stage.start(plan())
    ledger.lose_answers = 2
    signed = await played.send(await played.signing("product"))
    assert signed.seq == len(await played.kinds())
    assert ledger.lose_answers == 0
    await played.sign("marketing")
    assert (await played.kinds()).count("CommitmentSigned") == 2
    assert await played.doubts() == ()


async def test_a_refused_repeat_of_a_lost_command_is_no_loss(stage: Stage) -> None:
    """A forged repeat of a command that stands in the ledger is refused all the same."""
    played = await stage.start(plan())
    lost = await played.signing("product")
    await played.lose(lost)
    forged = Command(lost.act, lost.id, lost.actor, (lost.jws or "")[:-8] + "AAAAAAAA")
    assert (await refusal(played.send(forged))).type == "forged"
    await played.send(lost)
    assert await played.doubts() == ()
