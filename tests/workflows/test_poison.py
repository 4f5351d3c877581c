"""Whoever reaches Temporal directly: every payload is refused, and the launch answers the next."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from joserfc.jwk import OKPKey
from temporalio.api.common.v1 import Payload
from temporalio.common import RawValue

from domain import acts
from domain.acts import Command
from domain.canonical import plain
from domain.signature import envelope_of
from runtime.signing import sign
from tests.workflows.cast import KEY, key_of
from tests.workflows.plans import plan, start_of
from tests.workflows.stage import Played, Stage, refusal

UNKNOWN_KEY = key_of("a key the launch does not know")
Poison = Callable[[Command], object]


def signed_by(
    key: OKPKey, given: Command, launch: str, changed: Mapping[str, object] | None = None
) -> Command:
    envelope = plain(envelope_of(given, launch, datetime.now(UTC))) | dict(changed or {})
    return replace(given, jws=sign(envelope, key))


def text(of: str, encoding: str = "json/plain") -> RawValue:
    """A payload as it would be written by hand."""
    return RawValue(Payload(metadata={"encoding": encoding.encode()}, data=of.encode()))


def with_act(**fields: object) -> Poison:
    return lambda good: {**plain(good), "act": fields}


def without_algorithm(good: Command) -> Command:
    """The header `{"alg":"none"}` over the good payload, unsigned."""
    payload = (good.jws or "").split(".")[1]
    return replace(good, jws=f"eyJhbGciOiJub25lIn0.{payload}.")


def altered(good: Command) -> Command:
    head, payload, signature = (good.jws or "").split(".")
    return replace(good, jws=f"{head}.{payload[:-2]}AA.{signature}")


MALFORMED: dict[str, Poison] = {
    "a text": lambda _: "rubbish",
    "a number": lambda _: 5,
    "nothing": lambda _: None,
    "a list": lambda good: [plain(good)],
    "no act": lambda good: {"id": good.id},
    "an act of no kind": with_act(step="product", text="How many?"),
    "an unknown kind": with_act(kind="nope", step="product", text="?"),
    "fields of another kind": with_act(kind="sign", step="product", text="?"),
    "wrong types": with_act(kind="ask", step=1, text=["?"]),
    "a naive instant": with_act(kind="acknowledge", step="product", answer_by="tomorrow"),
    "octets": lambda _: b"\x00\xff\xfe",
    "broken JSON": lambda _: text('{"act": '),
    "an unknown encoding": lambda _: text("{}", "json/unheard-of"),
    "no number": lambda _: text('{"act": NaN}'),
    "half a surrogate": lambda _: text(
        '{"act": {"kind": "ask", "step": "product", "text": "\\ud800"}}'
    ),
    "ten thousand levels": lambda _: text('{"act":' * 10_000 + "1" + "}" * 10_000),
    "a megabyte": lambda _: text('{"act": "' + "x" * 1_000_000 + '"}'),
}
FORGED: dict[str, Poison] = {
    "no envelope": lambda good: replace(good, jws=None),
    "an empty envelope": lambda good: replace(good, jws=""),
    "no envelope at all": lambda good: replace(good, jws="..."),
    "a whole megabyte as envelope": lambda good: replace(good, jws="a" * 1_000_000),
    "no signer": lambda good: replace(good, actor=None),
    "another signer": lambda good: replace(
        good, actor=acts.Actor("head.product", "head", ("head:product",))
    ),
    "another role": lambda good: replace(
        good, actor=acts.Actor("lead.product", "head", ("lead:product",))
    ),
    "more posts than signed": lambda good: replace(
        good, actor=acts.Actor("lead.product", "lead", ("lead:product", "executive"))
    ),
    "on behalf of somebody": lambda good: replace(
        good, actor=acts.Actor("lead.product", "lead", ("lead:product",), "head.product")
    ),
    "another body": lambda good: replace(good, act=acts.Ask("product", "Something else?")),
    "another act": lambda good: replace(good, act=acts.Decline("product", "no")),
    "an unknown key": lambda good: signed_by(UNKNOWN_KEY, good, "any"),
    "no algorithm": without_algorithm,
    "an altered payload": altered,
    "time itself": lambda good: replace(good, act=acts.Elapse()),
    "time itself, unsigned": lambda good: Command(acts.Elapse(), good.id),
    "an undoing": lambda good: replace(good, act=acts.ReportCompensation("product")),
    "another start": lambda good: replace(good, act=start_of("other", plan())),
}


async def answers(played: Played) -> None:
    """The launch takes the next act."""
    before = len(await played.kinds())
    await played.act(acts.Ask("product", "Still there?"), "lead.product")
    assert len(await played.kinds()) == before + 1


@pytest.fixture(scope="module")
async def played(stage: Stage) -> Played:
    return await stage.start(plan())


@pytest.mark.parametrize("name", MALFORMED)
async def test_a_malformed_payload_is_refused(played: Played, name: str) -> None:
    good = played.command(acts.Ask("product", "How many?"), "lead.product")
    length = await played.length()
    sending = played.handle.execute_update("act", MALFORMED[name](good), id=good.id)
    refused = await refusal(sending)
    # Refused while decoding or, where nothing is decoded, by the first look at it.
    assert refused.type in {"RuntimeError", "AttributeError"}
    assert await played.length() == length
    await answers(played)


@pytest.mark.parametrize("name", FORGED)
async def test_a_forged_command_is_refused(played: Played, name: str) -> None:
    good = played.command(acts.Ask("product", "How many?"), "lead.product")
    length = await played.length()
    refused = await refusal(played.handle.execute_update("act", FORGED[name](good), id=good.id))
    assert refused.type == "forged"
    assert await played.length() == length
    await answers(played)


async def test_an_envelope_serves_one_update_of_one_launch(played: Played, stage: Stage) -> None:
    good = played.command(acts.Ask("product", "How many?"), "lead.product")
    other = await stage.start(plan())
    replayed = [
        played.handle.execute_update("act", good, id="another-update"),
        played.handle.execute_update("act", good),
        other.handle.execute_update("act", good, id=good.id),
        other.handle.execute_update("act", replace(good, id="renamed"), id="renamed"),
    ]
    assert [(await refusal(sending)).type for sending in replayed] == ["forged"] * len(replayed)
    await played.send(good)
    await answers(played)
    await answers(other)


@pytest.mark.parametrize(
    "changed",
    [
        {"launch": "another"},
        {"step": "marketing"},
        {"act": "decline"},
        {"person": "head.product"},
        {"roles": ["executive"]},
        {"roles": "lead:product"},
        {"on_behalf_of": "head.product"},
        {"command": "another"},
        {"body_digest": "sha256:0"},
        {"body_digest": None},
    ],
)
async def test_an_envelope_of_something_else_is_refused(
    played: Played, changed: dict[str, object]
) -> None:
    """Signed with the right key all the same."""
    good = played.command(acts.Ask("product", "How many?"), "lead.product")
    odd = signed_by(KEY, good, played.id, changed)
    assert (await refusal(played.send(odd))).type == "forged"
    assert (await played.send(signed_by(KEY, good, played.id))).seq == len(await played.kinds())


@pytest.mark.parametrize("arguments", [[], ["one", "two"]])
async def test_the_wrong_number_of_arguments_is_refused(
    played: Played, arguments: list[object]
) -> None:
    sending = played.handle.execute_update("act", args=arguments, id="odd")
    await refusal(sending)
    await answers(played)


async def test_signals_change_nothing(played: Played) -> None:
    before = await played.kinds()
    await played.handle.signal("act", played.command(acts.StopLaunch("?"), "lead.product"))
    assert await played.kinds() == before
    await answers(played)
