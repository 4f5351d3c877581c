"""Where a command stands: the API to talk to, and how its answers are shown to this person."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, Final, TextIO, get_args
from urllib.parse import quote

from rich.console import Console, RenderableType

from api.event_log_headers import LEFT_OUT, RUNS
from api.moments import Moments
from api.reports import Form, report
from api.telling import Teller
from cli.failure import Failed
from cli.remote.api import Api, Document
from cli.remote.calendars import calendar_of_today
from cli.remote.following import follow, listed
from cli.remote.playing import play
from cli.remote.refusal import Refused
from cli.remote.signing import check_digest, confirm
from cli.remote.watching import Watch, tell, watch_in_lines, watch_on_terminal
from cli.show import console
from cli.show.insights import draw_insights
from cli.show.launch import LaunchPicture
from cli.show.lists import (
    draw_check,
    draw_escalation,
    draw_escalations,
    draw_inbox,
    draw_launches,
)
from cli.show.postmortem import (
    RecordPicture,
    draw_actions,
    draw_lesson,
    draw_postmortems,
    draw_templates,
)
from cli.show.replay import ReplayPicture
from cli.show.terms import draw_terms
from cli.show.whatif import WhatIfPicture
from domain.plan import PlanKind
from domain.words.names import Names
from domain.words.signs import Lang

Drawing = Callable[[], RenderableType]
MOST_PAGE: Final = 100
KINDS: Final[tuple[PlanKind, ...]] = get_args(PlanKind)


@dataclass(frozen=True, slots=True)
class Desk:
    """What every command over HTTP has at hand."""

    api: Api
    as_json: bool

    @property
    def out(self) -> Console:
        return console.out()

    def show(self, document: object, drawing: Drawing) -> None:
        """The result: the document where JSON is asked for, else the drawing of it."""
        if self.as_json:
            console.print_json(document)
        else:
            self.out.print(drawing())

    def launch(self, reference: str) -> Document:
        """A launch by its id, or by its code."""
        try:
            return self.api.get(f"/launches/{quote(reference, safe='')}")
        except Refused as refusal:
            if refusal.code != "no_such_launch":
                raise
            found = self._by_code(reference)
            if found is None:
                raise
            return found

    def act(
        self, reference: str, act: str, body: Mapping[str, Any], *, step: str | None = None
    ) -> None:
        """An act on a launch or on one of its steps, and where the launch stands then."""
        path = f"/launches/{self.launch(reference)['id']}"
        if step is not None:
            path += f"/steps/{quote(step, safe='')}"
        self.show_launch(self.api.post(f"{path}/{act}", given(body)))

    def sign(
        self,
        reference: str,
        key: str,
        note: str | None,
        condition: Document | None = None,
        *,
        sure: bool,
    ) -> None:
        """Signs the very terms that were shown, by the digest computed from them."""
        self._agree(reference, key, "sign", {"note": note, "condition": condition}, sure=sure)

    def accept_counter(self, reference: str, key: str, *, sure: bool) -> None:
        """The same for terms that a performer offers."""
        self._agree(reference, key, "accept-counter", {}, sure=sure)

    def _agree(
        self, reference: str, key: str, act: str, body: Mapping[str, Any], *, sure: bool
    ) -> None:
        launch = self.launch(reference)
        step = step_of(launch, key)
        terms_digest = check_digest(launch, step)
        terms = draw_terms(launch, step, Names(), self.moments(launch["id"]))
        question = f"Sign this for {step['module']}?" if act == "sign" else "Take these terms?"
        confirm(terms, question, sure=sure)
        path = f"/launches/{launch['id']}/steps/{quote(key, safe='')}/{act}"
        self.show_launch(self.api.post(path, given({"terms_digest": terms_digest, **body})))

    def accept(self, reference: str, key: str, note: str | None, scores: Mapping[int, int]) -> None:
        """`scores` by the number of the condition, from 1."""
        launch = self.launch(reference)
        conditions = step_of(launch, key)["terms"]["conditions"]
        if unknown := [number for number in scores if number > len(conditions)]:
            raise Failed(f"There is no condition {unknown[0]}; {key} has {len(conditions)}.")
        ratings = [{"condition": conditions[n - 1], "score": s} for n, s in scores.items()]
        path = f"/launches/{launch['id']}/steps/{quote(key, safe='')}/accept"
        self.show_launch(self.api.post(path, given({"note": note, "ratings": ratings or None})))

    def show_launch(self, launch: Document, *, whole: bool = False) -> None:
        def drawing() -> RenderableType:
            picture = self.picture(launch)
            return picture.whole(launch) if whole else picture.brief(launch)

        self.show(launch, drawing)

    def show_check(self, found: Document) -> None:
        self.show(found, lambda: draw_check(found, Names(), self.moments(None)))

    def show_launches(self, page: Document) -> None:
        self.show(page, lambda: draw_launches(page, Names(), self._moments_of(page, "id")))

    def show_inbox(self, page: Document) -> None:
        self.show(page, lambda: draw_inbox(page, Names(), self._moments_of(page, "launch")))

    def show_escalations(self, page: Document) -> None:
        self.show(page, lambda: draw_escalations(page, Names(), self._moments_of(page, "launch")))

    def show_escalation(self, one: Document) -> None:
        self.show(one, lambda: draw_escalation(one, Names(), self.moments(one["launch"])))

    def watch(self, launch: Document) -> None:
        """Until it closes, or Ctrl-C."""
        watched = Watch(self.picture(launch), self.teller(launch["id"]), launch)
        if self.out.is_terminal and not self.as_json:
            watch_on_terminal(self.api, watched, self.out)
        else:
            watch_in_lines(self.api, watched, as_json=self.as_json)

    def tell(self, launch: Document, *, follow_on: bool) -> None:
        events = follow if follow_on and launch["phase"] != "closed" else listed
        tell(events(self.api, launch["id"]), self.teller(launch["id"]), as_json=self.as_json)

    def replay(self, reference: str, *, at: int | None, verify: bool) -> bool:
        """The run told again, or one moment of it, or only whether it is verified: that is returned
        in any case.
        """
        launch = self.launch(reference)
        told = self.api.replay(launch["id"])
        picture = ReplayPicture(Names(), self.moments(launch["id"]), self.out.width)
        if at is not None and at > len(told["frames"]):
            doubt = told["verification"]["detail"]
            raise Failed(
                f"{launch['code']} has no event {at}; the last one that can be told is "
                f"{len(told['frames'])}.{'' if doubt is None else f' {doubt}'}"
            )
        if at is not None:
            self.show(told["frames"][at - 1], lambda: picture.moment(told, launch, at))
        elif verify:
            shown = {key: told[key] for key in ("launch", "verified", "verification")}
            self.show(shown, lambda: picture.verification(told))
        else:
            self.show(told, lambda: picture.whole(told))
        return bool(told["verified"])

    def play(self, reference: str, seconds: float) -> None:
        launch = self.launch(reference)
        told = self.api.replay(launch["id"])
        picture = ReplayPicture(Names(), self.moments(launch["id"]), self.out.width)
        play(told, launch, picture, terminal=self.out, seconds=seconds)

    def what_if(self, reference: str, changes: Sequence[Mapping[str, Any]]) -> None:
        launch = self.launch(reference)
        answer = self.api.post(f"/launches/{launch['id']}/what-if", {"changes": changes})
        self.show(answer, lambda: WhatIfPicture(Names(), self.moments(launch["id"])).whole(answer))

    def postmortems(self, state: str | None) -> None:
        page = {"items": list(self.api.pages("/postmortems", state=state)), "next_cursor": None}
        self.show(page, lambda: draw_postmortems(page, self._moments_of(page, "launch")))

    def postmortem(self, reference: str) -> None:
        record = self._postmortem(reference)
        moments = self.moments(record["launch"])
        self.show(record, lambda: RecordPicture(Names(), moments).whole(record))

    def postmortem_report(self, reference: str, form: Form, lang: Lang) -> str:
        record = self._postmortem(reference)
        names = Names.of(self.api.get("/organisation"), lang)
        moments = replace(self.moments(record["launch"]), lang=lang)
        return report(record, form, replace(names, people={}), moments)

    def insights(self, since: str | None, until: str | None) -> None:
        figures = self.api.get("/insights", **{"from": since, "to": until})
        self.show(figures, lambda: draw_insights(figures, Names(), self.moments(None)))

    def event_log(self, file: TextIO, since: str | None, until: str | None) -> tuple[int, int]:
        """Written to the file; how many runs are in it, and how many are left out."""
        headers = self.api.download("/insights/ocel", file, **{"from": since, "to": until})
        try:
            return int(headers[RUNS]), int(headers[LEFT_OUT])
        except (KeyError, ValueError) as error:
            raise Failed(f"{self.api.url} answered, and not as Countersign does.") from error

    def request_action(self, reference: str, body: Document) -> None:
        action = self._followed_up(reference, "actions", body)
        self.show(action, lambda: draw_actions([action], Names(), self.moments(action["launch"])))

    def propose_lesson(self, reference: str, body: Document) -> None:
        lesson = self._followed_up(reference, "lessons", body)
        self.show(lesson, lambda: draw_lesson(lesson, Names()))

    def _followed_up(self, reference: str, kind: str, body: Document) -> Document:
        """What was asked for, as the record has it: the reply of a command that was not final in
        time is the launch of it.
        """
        place = f"/launches/{self.launch(reference)['id']}/postmortem"
        asked = self.api.post(f"{place}/{kind}", body)["id"]
        found: Document = next(one for one in self.api.get(place)[kind] if one["id"] == asked)
        return found

    def templates(self) -> None:
        page = self.api.get("/templates")
        moments = self.moments(None)
        self.show(page, lambda: draw_templates(page, moments))

    def actions(self, state: str) -> None:
        found = list(self.api.pages("/actions", state=state))
        page = {"items": found, "next_cursor": None}
        self.show(page, lambda: draw_actions(found, Names(), self._moments_of(page, "launch")))

    def _postmortem(self, reference: str) -> Document:
        return self.api.get(f"/launches/{self.launch(reference)['id']}/postmortem")

    def picture(self, launch: Document) -> LaunchPicture:
        return LaunchPicture(Names(), self.moments(launch["id"]), self.out.width)

    def teller(self, launch: str) -> Teller:
        return Teller(Names(), self.moments(launch))

    def moments(self, launch: str | None) -> Moments:
        """In the calendar the launch runs by; without a launch in the organisation's of today."""
        if launch is None:
            return Moments(calendar_of_today(self.api))
        first = self.api.get(f"/launches/{launch}/events", limit=1)["items"]
        return Moments.of(first[0]["data"].get("calendar") if first else None)

    def _moments_of(self, page: Document, field: str) -> Moments:
        return self.moments(page["items"][0][field]) if page["items"] else Moments()

    def _by_code(self, code: str) -> Document | None:
        pages = (self.api.pages("/launches", kind=kind, q=code, limit=MOST_PAGE) for kind in KINDS)
        found = chain.from_iterable(pages)
        return next((launch for launch in found if launch["code"] == code), None)


def given(body: Mapping[str, Any]) -> Document:
    """The fields that were given; the API tells missing ones from empty ones."""
    return {name: value for name, value in body.items() if value is not None}


def step_of(launch: Document, key: str) -> Document:
    """The step of that key, or `Failed` naming those there are."""
    for step in launch["steps"]:
        if step["key"] == key:
            found: Document = step
            return found
    known = ", ".join(step["key"] for step in launch["steps"])
    raise Failed(f"{launch['code']} has no step “{key}”; its steps are {known}.")
