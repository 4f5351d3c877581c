"""Exit code 2 and nothing on stdout for what can only be a slip of the hand."""

import pytest

from tests.cli.conftest import invoke

READY = {"COUNTERSIGN_TOKEN": "t", "COUNTERSIGN_URL": "http://127.0.0.1:9"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("launch",),
        ("launch", "fly"),
        ("launch", "start"),
        ("launch", "start", "no-such-file.yaml"),
        ("launch", "check", "."),
        ("launch", "list", "--limit", "0"),
        ("launch", "list", "--limit", "many"),
        ("sign", "L"),
        ("sign", "L", "product", "--wait", "0"),
        ("decline", "L", "product"),
        ("stop", "L"),
        ("report", "L", "product"),
        ("accept", "L", "product", "--rate", "good"),
        ("accept", "L", "product", "--rate", "0=3"),
        ("acknowledge", "L", "product", "--answer-by", "2bd"),
        ("escalate", "L"),
        ("escalation", "resolve", "E"),
        ("token", "create"),
        ("token", "create", "lead.product", "--days", "0"),
        ("org", "import", "no-such-file.yaml"),
        ("ledger", "verify", "--jsno"),
        ("demo", "--lang", "fr"),
    ],
    ids=" ".join,
)
def test_wrong_usage(arguments: tuple[str, ...]) -> None:
    done = invoke(*arguments, **READY)
    assert (done.code, "error:" in done.stdout) == (2, False), done


@pytest.mark.parametrize("url", ["ftp://host", "127.0.0.1:8000", "http://", "http://[::1"])
def test_an_address_that_is_none_is_wrong_usage(url: str) -> None:
    done = invoke("inbox", COUNTERSIGN_TOKEN="t", COUNTERSIGN_URL=url)
    assert (done.code, done.stdout) == (2, "")
    assert "COUNTERSIGN_URL" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [("inbox",), ("launch", "list"), ("stop", "L", "--reason", "x"), ("launch", "status", "L")],
    ids=" ".join,
)
def test_nobody_there(arguments: tuple[str, ...]) -> None:
    done = invoke(*arguments, "--json", **READY)
    assert (done.code, done.stdout) == (1, "")
    assert done.stderr == (
        "error: Countersign is not reachable at http://127.0.0.1:9; "
        "start it with `countersign up`.\n"
    )


def test_without_a_token() -> None:
    done = invoke("inbox", COUNTERSIGN_URL="http://127.0.0.1:9")
    assert (done.code, done.stdout) == (1, "")
    assert "countersign token create PERSON" in done.stderr
    assert "COUNTERSIGN_TOKEN" in done.stderr
