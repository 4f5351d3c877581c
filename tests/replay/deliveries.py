"""How recorded launches come to their good end."""

from domain.acts import Accept, Report
from tests.plans import PLANNER
from tests.workflows.plans import Chain
from tests.workflows.stage import Played


async def deliver(played: Played, chain: Chain, *steps: str) -> None:
    """These steps report, and their customers accept."""
    for step in steps:
        customer = next((other for other, after in chain if step in after), None)
        signer = (await played.launch()).step(step).signatures[-1].person
        await played.act(Report(step, "delivered"), signer)
        await played.act(Accept(step), f"head.{customer}" if customer else PLANNER)


async def deliver_all(played: Played) -> None:
    """Every step of the chain, in its order."""
    planned = (await played.launch()).plan.steps
    chain = tuple((step.key, step.after) for step in planned)
    await deliver(played, chain, *(step.key for step in planned))
