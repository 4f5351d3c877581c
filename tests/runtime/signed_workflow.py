"""The smallest workflow that checks a signature where the launch does: in its update validator.

A module of its own, because the sandbox loads the module of a workflow a second time.
"""

from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from runtime.signing import SignatureInvalid, verify


@workflow.defn
class SignedWorkflow:
    @workflow.init
    def __init__(self, trusted: dict[str, dict[str, str]]) -> None:
        self.trusted = trusted
        self.people: list[str] = []

    @workflow.run
    async def run(self, _trusted: dict[str, dict[str, str]]) -> list[str]:
        await workflow.wait_condition(lambda: bool(self.people), timeout=timedelta(minutes=5))
        return self.people

    @workflow.update
    async def sign(self, text: str) -> str:
        person = str(verify(text, self.trusted)["person"])
        self.people.append(person)
        return person

    @sign.validator
    def refuse_forgeries(self, text: str) -> None:
        try:
            verify(text, self.trusted)
        except SignatureInvalid as error:
            raise ApplicationError(str(error), type="signature_invalid") from error
