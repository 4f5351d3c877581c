import json

from api.intake.errors import FieldError
from api.problems import Problem


def test_figures_stand_beside_the_code() -> None:
    problem = Problem(409, "pool_exhausted", "Too little.", figures={"left": 3, "pool": "phones"})
    document = json.loads(problem.text("/x"))
    assert (document["left"], document["pool"]) == (3, "phones")
    assert document["figures"] == {"left": 3, "pool": "phones"}


def test_no_figure_takes_the_place_of_a_member_that_every_problem_has() -> None:
    figures = {"code": "T-1", "status": 7, "errors": 1, "type": "x"}
    errors = (FieldError("code", "invalid", "is wrong"),)
    document = json.loads(Problem(409, "code_taken", "Taken.", errors, figures).text("/x"))
    assert (document["code"], document["status"]) == ("code_taken", 409)
    assert document["type"] == "urn:countersign:problem:code_taken"
    assert document["errors"][0]["field"] == "code"
    assert document["figures"] == figures


def test_a_figure_named_errors_is_not_taken_for_errors() -> None:
    document = json.loads(Problem(409, "wrong_state", "No.", figures={"errors": 2}).text("/x"))
    assert "errors" not in document
