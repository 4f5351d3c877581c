import json
from typing import Any, get_args

import pytest

from api.app import create_app
from domain.events import Event
from runtime.settings import Settings
from tests.stack import Stack


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return create_app(Settings()).openapi()


def test_it_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")


def test_every_event_type_is_described_with_its_data(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    names = {kind.__name__ for kind in get_args(Event)}
    assert set(schemas["Event"]["properties"]["type"]["enum"]) == names
    assert "digest" in schemas["CommitmentSigned"]["properties"]
    assert not {"kind", "step"} & schemas["CommitmentSigned"]["properties"].keys()


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    text = json.dumps(document)
    schemas = document["components"]["schemas"]
    used = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert used <= schemas.keys()
    assert "$defs" not in text


def test_every_act_describes_its_body_and_its_refusals(document: dict[str, Any]) -> None:
    for path, methods in document["paths"].items():
        for operation in methods.values():
            if "requestBody" in operation:
                assert {"200", "201", "202", "204"} & operation["responses"].keys(), path
                assert {"400", "401", "413", "422"} <= operation["responses"].keys(), path


async def test_the_description_is_served(stack: Stack, document: dict[str, Any]) -> None:
    answer = await stack.http.get("/api/v1/openapi.json")
    assert answer.json() == json.loads(json.dumps(document))
