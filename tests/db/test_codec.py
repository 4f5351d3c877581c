import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.codec import EventUnknown, decode, encode, fields_of
from domain.canonical import canonical, plain
from domain.events import CommitmentRequested, Event, GatePassed, LaunchStopped, StepRan, step_of
from tests.db.events import KINDS, instances
from tests.db.story import signed_story, stalled_story


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@given(data=st.data())
@settings(max_examples=25)
def test_every_event_comes_back_as_it_was(kind: type[Event], data: st.DataObject) -> None:
    event = data.draw(instances(kind))
    text = encode(event)
    again = decode(event.kind, step_of(event), text)
    assert again == event
    assert type(again) is kind
    assert encode(again) == text
    assert canonical(json.loads(text)).decode() == text


def test_data_is_the_event_without_kind_and_step() -> None:
    assert encode(GatePassed()) == "{}"
    assert encode(LaunchStopped("喝茶", "sponsor")) == '{"reason":"喝茶","role":"sponsor"}'
    story = signed_story()
    requested = next(e.event for e in story.entries if isinstance(e.event, CommitmentRequested))
    assert set(plain(requested)) - set(fields_of(requested)) == {"kind", "step"}


def test_a_told_story_comes_back_whole() -> None:
    for entry in stalled_story().entries + signed_story().entries:
        event = entry.event
        assert decode(event.kind, step_of(event), encode(event)) == event


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("LaunchDissolved", "{}"),
        ("LaunchStopped", "{}"),
        ("LaunchStopped", '{"reason":1,"role":"sponsor"}'),
        ("LaunchStopped", '{"reason":"x","role":"sponsor"'),
        ("LaunchResumed", '{"reason":"x","role":"sponsor","stopped_ms":"12"}'),
    ],
)
def test_what_is_no_event_is_refused(kind: str, data: str) -> None:
    with pytest.raises(EventUnknown, match=kind):
        decode(kind, None, data)


def test_type_and_step_are_those_of_the_columns() -> None:
    assert decode("LaunchStopped", None, '{"kind":"GatePassed","reason":"x","role":"y"}') == (
        LaunchStopped("x", "y")
    )
    assert decode("StepRan", "product", '{"step":"service"}') == StepRan("product")
