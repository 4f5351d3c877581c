"""Acts that were under way at once, in every order in which they may arrive."""

from collections import Counter
from collections.abc import Iterator

from domain import acts
from domain.decide import decide
from domain.errors import Refusal
from domain.evolve import evolve
from domain.launch import Launch
from domain.terms import TermsChange
from tests.plans import PEOPLE, PLANNER, SPONSOR, at, chain_of_five
from tests.unit.invariants import Watch
from tests.unit.play import Play
from tests.unit.states import check_state

PERFORMER = "lead.product"
HALF = TermsChange("Half of it")
DEADLINE = acts.Command(acts.Elapse())
LATE = at(10.5)
"""After the answer-by: the deadline may be looked at before, between and after the acts."""


def commands(play: Play) -> tuple[acts.Command, ...]:
    """All decided on what stood before any of them."""
    digest = play.step().digest
    return (
        play.command(PERFORMER, acts.Sign("product", digest)),
        play.command("head.product", acts.Counter("product", HALF, "Too much.")),
        play.command("deputy.product", acts.Decline("product", "No.")),
        play.command(PLANNER, acts.Amend("product", TermsChange("A third"), "Less.")),
        play.command("frontline.city-a", acts.StopLaunch("Wait.")),
        play.command(SPONSOR, acts.CancelLaunch("Enough.")),
        DEADLINE,
    )


def orders(
    launch: Launch, left: tuple[acts.Command, ...], watch: Watch, seen: Counter[str]
) -> Iterator[tuple[str, ...]]:
    """Every order of what is left, each with its outcomes; the launch is checked all the way."""
    if not left:
        yield ()
    for command in left:
        told = watch.copied()
        outcome, after = carried_out(launch, command, told)
        seen[outcome] += 1
        again = carried_out(launch, command, watch.copied())
        assert again == (outcome, after), "the same on replay"
        rest = tuple(other for other in left if other is not command)
        for later in orders(after, rest, told, seen):
            yield (outcome, *later)


def carried_out(launch: Launch, command: acts.Command, watch: Watch) -> tuple[str, Launch]:
    """What becomes of the command, by name, and the launch then."""
    name = command.act.kind
    try:
        entries = decide(launch, command, LATE)
    except Refusal as refusal:
        return f"{name}: {refusal.code}", launch
    for entry in entries:
        after = evolve(launch, entry)
        watch.see(launch, entry, after, command)
        launch = after
    if entries:
        check_state(launch, LATE)
    return f"{name}: done" if entries else f"{name}: nothing", launch


def test_in_every_order_each_act_has_one_outcome() -> None:
    play = Play(chain_of_five(), people=PEOPLE)
    seen: Counter[str] = Counter()
    watch = Watch()
    launch: Launch | None = None
    for entry in play.entries:
        after = evolve(launch, entry)
        watch.see(launch, entry, after, DEADLINE)
        launch = after
    assert launch is not None
    found = list(orders(launch, commands(play), watch, seen))
    assert len(found) == 5_040
    for outcomes in found:
        answers = [o for o in outcomes if o in ("sign: done", "decline: done")]
        assert len(answers) <= 1, "I4: one answer to what was asked"
        assert "cancel: done" in outcomes
    firsts = {outcomes[0] for outcomes in found}
    assert firsts == {f"{c.act.kind}: done" for c in commands(play)}
    assert {"sign: terms_changed", "sign: wrong_state", "decline: launch_stopped"} <= set(seen)
    assert {"counter: launch_closed", "elapse: nothing", "amend: wrong_state"} <= set(seen)
