"""Closed runs as one event log of objects, OCEL 2.0 in its JSON form
(https://www.ocel-standard.org/2.0/). Nobody is in it, nor anything that anybody wrote; `vocabulary`
and `keys` see to that.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from domain.events import Entry
from domain.insights.ocel.keys import Keys
from domain.insights.ocel.run import module_object, run_of
from domain.insights.ocel.vocabulary import event_types, object_types


def types() -> dict[str, Any]:
    """What every log begins with: all types, whether or not there is one of each."""
    return {"eventTypes": event_types(), "objectTypes": object_types()}


def event_log(runs: Iterable[Sequence[Entry]], keys: Keys) -> dict[str, Any]:
    """The whole log of these runs; the modules, which they share, come last."""
    told = [run_of(entries, keys) for entries in runs]
    modules = dict.fromkeys(module for run in told for module in run.modules)
    return {
        **types(),
        "events": [event for run in told for event in run.events],
        "objects": [
            *(one for run in told for one in run.objects),
            *(module_object(module) for module in modules),
        ],
    }
