from api.intake.plan_document import PlanDocument


def test_the_schema_says_what_is_accepted() -> None:
    schema = PlanDocument.model_json_schema()
    assert schema["required"] == ["code", "title", "department", "sponsor", "window"]
    assert schema["additionalProperties"] is False
    code = schema["properties"]["code"]
    assert code["type"] == "string"
    assert code["pattern"].startswith("^[A-Za-z0-9]")
    assert {"type": "null"} in schema["properties"]["theme"]["anyOf"]
    offers = schema["properties"]["offers"]["anyOf"][0]
    assert offers["items"] == {"$ref": "#/$defs/OfferDocument"}
    assert schema["$defs"]["OfferDocument"]["properties"]["pay"]["type"] == "string"
