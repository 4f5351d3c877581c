"""Requests made up from the OpenAPI document: never a 500, and every answer as it is described."""

import asyncio
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.app import create_app
from runtime.settings import Settings
from tests.api.story import act, as_document, started
from tests.stack import Stack

CHECKS: list[CheckFunction] = [
    not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
]
WHO = {"reply": "planner.personal", "request": "planner.personal", "accept": "lead.marketing"}
EXAMPLES = 10


def operations(app: FastAPI) -> dict[str, Any]:
    """Every described operation that answers at once, by method and path."""
    schema = schemathesis.openapi.from_dict(app.openapi())
    results = schema.get_all_operations()
    found = [result.ok() for result in results if isinstance(result, Ok)]
    return {f"{operation.method.upper()} {operation.path}": operation for operation in found}


OPERATIONS = operations(create_app(Settings()))


@pytest.mark.parametrize(
    "name", [name for name in OPERATIONS if not name.endswith("/events/stream")]
)
async def test_no_request_breaks_the_api(stack: Stack, name: str) -> None:
    launch = await started(stack)
    raised = await act(stack, launch, "escalations", {"reason": "x"}, "sponsor")
    real = {"launch": launch["id"], "step": "product", "escalation": as_document(raised)["id"]}
    person = WHO.get(name.rsplit("/", 1)[-1], "sponsor" if "steps" not in name else "lead.product")
    headers = {"Authorization": f"Bearer {stack.tokens[person]}"}
    await asyncio.to_thread(_fuzz, OPERATIONS[name], stack.base_url, headers, real)


def _fuzz(
    operation: Any,  # noqa: ANN401 - schemathesis' own
    base_url: str,
    headers: dict[str, str],
    real: dict[str, str],
) -> None:
    @given(case=operation.as_strategy(), is_real=st.booleans())
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def run(case: schemathesis.Case[Any], *, is_real: bool) -> None:
        for place in real.keys() & case.path_parameters.keys() if is_real else ():
            case.path_parameters[place] = real[place]
        answer = case.call(base_url=base_url, headers=headers)
        case.validate_response(answer, checks=CHECKS)

    run()
