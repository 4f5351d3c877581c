"""What the client does when the line breaks, the outcome is late, or the answer is not ours."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from cli.failure import Failed
from cli.remote.api import Api
from cli.remote.following import follow
from cli.remote.refusal import Refused

Answer = Callable[[httpx2.Request], httpx2.Response]


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)


def api(*answers: Answer, patience: float = 60) -> tuple[Api, list[httpx2.Request]]:
    """A client whose requests get these answers, one after the other, the last one for ever."""
    seen: list[httpx2.Request] = []

    def handle(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return answers[min(len(seen), len(answers)) - 1](request)

    transport = httpx2.MockTransport(handle)
    return Api("http://127.0.0.1:8000", "token", patience, transport=transport), seen


def answered(status: int, document: Any, **headers: str) -> Answer:  # noqa: ANN401
    return lambda _: httpx2.Response(status, json=document, headers=headers)


def cut(request: httpx2.Request) -> httpx2.Response:
    raise httpx2.RemoteProtocolError("gone", request=request)


def refused_connection(request: httpx2.Request) -> httpx2.Response:
    raise httpx2.ConnectError("refused", request=request)


def test_every_post_has_a_key_of_its_own() -> None:
    client, seen = api(answered(200, {"seq": 1}))
    client.post("/launches/L/stop", {"reason": "x"})
    client.post("/launches/L/stop", {"reason": "x"})
    keys = [request.headers["Idempotency-Key"] for request in seen]
    assert len(set(keys)) == 2
    assert seen[0].headers["Authorization"] == "Bearer token"


def test_a_cut_connection_is_tried_again_with_the_same_key() -> None:
    client, seen = api(cut, refused_connection, answered(200, {"seq": 7}))
    assert client.post("/launches/L/stop", {"reason": "x"}) == {"seq": 7}
    assert len({request.headers["Idempotency-Key"] for request in seen}) == 1
    assert [json.loads(request.content) for request in seen] == [{"reason": "x"}] * 3


def test_nobody_there_at_all_is_said_at_once() -> None:
    client, seen = api(refused_connection)
    with pytest.raises(Failed, match=r"not reachable at http://127.0.0.1:8000; .*countersign up"):
        client.post("/launches", {})
    with pytest.raises(Failed, match="not reachable"):
        client.get("/launches")
    assert len(seen) == 2


def test_an_outcome_that_stays_unknown_is_not_called_a_failure() -> None:
    client, _ = api(cut, patience=0.1)
    with pytest.raises(Failed, match=r"not known after 0\.1 s.*may still take effect"):
        client.post("/launches", {})


def test_a_command_under_way_is_followed_until_it_is_final() -> None:
    waits: list[str] = []
    pending = {"id": "c1", "state": "pending", "status": None, "reply": None}
    done = {"id": "c1", "state": "done", "status": 200, "reply": {"seq": 9}}
    client, seen = api(
        answered(202, pending, Location="/api/v1/commands/c1"),
        answered(200, pending),
        cut,
        answered(200, done),
    )
    client.on_wait = waits.append
    assert client.post("/launches/L/stop", {"reason": "x"}) == {"seq": 9}
    assert [request.url.path for request in seen[1:]] == ["/api/v1/commands/c1"] * 3
    assert len(waits) == 3


def test_a_command_that_is_refused_later_is_a_refusal() -> None:
    problem = {"code": "launch_closed", "detail": "The launch is closed.", "status": 409}
    client, _ = api(
        answered(202, {}, Location="/api/v1/commands/c1"),
        answered(200, {"id": "c1", "state": "refused", "status": 409, "reply": problem}),
    )
    with pytest.raises(Refused, match="The launch is closed") as caught:
        client.post("/launches/L/stop", {"reason": "x"})
    assert caught.value.code == "launch_closed"


def test_a_refusal_is_a_sentence_with_its_fields_and_figures() -> None:
    problem = {
        "code": "invalid",
        "detail": "2 values cannot be used.",
        "errors": [
            {"field": "offers[0].pay", "code": "bad_format", "message": "must be an amount"},
            {"field": "window.end", "code": "bad_date", "message": "is before the start"},
        ],
        "figures": {"left": 12, "possible": ["sign", "decline"]},
    }
    client, _ = api(answered(422, problem))
    with pytest.raises(Refused) as caught:
        client.post("/launches", {})
    assert str(caught.value).splitlines() == [
        "2 values cannot be used.",
        "  offers[0].pay: must be an amount",
        "  window.end: is before the start",
        "  left: 12",
        "  possible: sign, decline",
    ]


def test_what_others_wrote_cannot_act_on_the_terminal() -> None:
    refusal = Refused({"code": "launch_stopped", "detail": "stopped: \x1b[2J\x07 now\nplease"})
    assert str(refusal) == "stopped: [2J now please"


@pytest.mark.parametrize(
    "answer",
    [
        answered(200, ["no", "object"]),
        answered(502, {"error": "bad gateway"}),
        lambda _: httpx2.Response(200, text="<html>"),
        lambda _: httpx2.Response(302, headers={"Location": "https://example.com"}),
    ],
)
def test_an_answer_of_somebody_else_is_named(answer: Answer) -> None:
    client, _ = api(answer)
    with pytest.raises(Failed, match="not as Countersign does"):
        client.get("/launches")


def test_pages_are_read_to_the_end() -> None:
    client, seen = api(
        answered(200, {"items": [{"id": 1}], "next_cursor": "c"}),
        answered(200, {"items": [{"id": 2}], "next_cursor": None}),
    )
    assert [item["id"] for item in client.pages("/launches", q="x")] == [1, 2]
    assert dict(seen[1].url.params) == {"q": "x", "cursor": "c"}


def test_without_a_token_it_is_said_how_to_get_one() -> None:
    with pytest.raises(Failed, match="countersign token create"):
        Api("http://127.0.0.1:8000", "")


def event(seq: int, kind: str = "StepRan") -> dict[str, Any]:
    return {"seq": seq, "type": kind}


def streamed(*events: dict[str, Any], broken: bool = False) -> Answer:
    def body() -> Iterator[bytes]:
        yield b": still there\n\n"
        for one in events:
            yield f"id: {one['seq']}\ndata: {json.dumps(one)}\n\n".encode()
        if broken:
            raise httpx2.ReadError("cut")

    headers = {"Content-Type": "text/event-stream"}
    return lambda _: httpx2.Response(200, content=body(), headers=headers)


def test_a_broken_stream_goes_on_after_the_last_event() -> None:
    client, seen = api(
        streamed(event(1), event(2), broken=True),
        refused_connection,
        streamed(event(2), event(3, "LaunchClosed")),
    )
    assert [e["seq"] for e in follow(client, "L")] == [1, 2, 3]
    assert [request.headers["Last-Event-ID"] for request in seen] == ["0", "2", "2"]


def test_where_there_is_no_stream_the_list_is_asked() -> None:
    no_stream = answered(404, {"code": "no_such_page", "detail": "There is nothing here."})
    first = answered(200, {"items": [event(1)], "next_cursor": None})
    second = answered(200, {"items": [event(2, "LaunchClosed")], "next_cursor": None})
    client, _ = api(no_stream, first, no_stream, second)
    assert [e["seq"] for e in follow(client, "L")] == [1, 2]


def test_a_token_that_ends_ends_the_following() -> None:
    client, _ = api(answered(401, {"code": "unauthenticated", "detail": "Not any more."}))
    with pytest.raises(Refused, match="Not any more"):
        list(follow(client, "L"))


def test_following_gives_up_when_nobody_answers_any_more() -> None:
    client, seen = api(streamed(event(1), broken=True), refused_connection)
    with pytest.raises(Failed, match="does not answer any more"):
        list(follow(client, "L"))
    assert len(seen) > 10
