"""The rules of an organisation file that checks read: judged, then kept as plain JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

from api.intake.errors import Faults
from api.intake.instants import read_date
from api.intake.organisation_document import (
    FactorDocument,
    OrganisationDocument,
    PeriodDocument,
    PoolDocument,
    ThemeDocument,
)
from domain.postmortem.record import FACTORS

RULES = (
    "segments",
    "pools",
    "limits",
    "blackouts",
    "themes",
    "channel_rules",
    "call_rates",
    "factors",
    "templates",
)
_EMPTY: Mapping[str, object] = {"segments": {"overlaps": []}, "limits": {}}


def read_rules(
    document: OrganisationDocument, modules: tuple[str, ...] | None, faults: Faults
) -> dict[str, object]:
    """Every rule section by name, empty where the file has none."""
    _judge_overlaps(document, faults)
    _judge_pools(document.pools or [], modules, faults)
    for section in ("blackouts", "themes"):
        for index, entry in enumerate(getattr(document, section) or ()):
            if entry is not None:
                _judge_period(entry, f"{section}[{index}]", faults)
    _judge_themes(document.themes or [], faults)
    rules, rates = document.channel_rules or [], document.call_rates or []
    _once(
        [(r.product, r.segment, r.channel) if r else None for r in rules], "channel_rules", faults
    )
    _once([(r.product, r.channel) if r else None for r in rates], "call_rates", faults)
    _judge_factors(document.factors or [], faults)
    plain = document.model_dump(by_alias=True, include=set(RULES))
    return {name: _tidied(_stated(plain[name]) or _EMPTY.get(name, [])) for name in RULES}


def _judge_factors(factors: list[FactorDocument | None], faults: Faults) -> None:
    """A key names one factor, and none of those every organisation has."""
    _once(
        [(factor.key,) if factor and factor.key else None for factor in factors], "factors", faults
    )
    for index, factor in enumerate(factors):
        if factor is not None and factor.key in FACTORS:
            faults.add(f"factors[{index}].key", "duplicate", "every organisation has this factor")


def _stated(section: object) -> object:
    """A section that says nothing says the same however it is written."""
    if not isinstance(section, dict):
        return section
    return {name: value for name, value in section.items() if value is not None}


def _judge_overlaps(document: OrganisationDocument, faults: Faults) -> None:
    seen: set[frozenset[str]] = set()
    overlaps = document.segments.overlaps if document.segments else None
    for index, pair in enumerate(overlaps or ()):
        path = f"segments.overlaps[{index}]"
        if pair is None or None in pair:
            continue
        names = frozenset(name for name in pair if name)
        if len(pair) != 2 or len(names) != 2:  # noqa: PLR2004 -- a pair
            faults.add(path, "bad_format", "must name two different segments")
        elif names in seen:
            faults.add(path, "duplicate", "names a pair that is named already")
        seen.add(names)


def _judge_pools(
    pools: list[PoolDocument | None], modules: tuple[str, ...] | None, faults: Faults
) -> None:
    seen: dict[tuple[str, str | None], int] = {}
    for index, pool in enumerate(pools):
        if pool is None:
            continue
        path = f"pools[{index}]"
        if pool.owner is not None and modules is not None and pool.owner not in modules:
            faults.unknown(f"{path}.owner", "module", pool.owner, modules)
        if pool.key is None:
            continue
        place = (pool.key, pool.region)
        if place in seen:
            message = f"“{pool.key}” is already the key of pools[{seen[place]}] in the same region"
            faults.add(f"{path}.key", "duplicate", message)
        seen.setdefault(place, index)


def _judge_period(period: PeriodDocument, path: str, faults: Faults) -> None:
    since = read_date(period.since, f"{path}.from", faults)
    to = read_date(period.to, f"{path}.to", faults)
    if since is not None and to is not None and to < since:
        faults.add(f"{path}.to", "conflict", "must not be before “from”")


def _judge_themes(themes: list[ThemeDocument | None], faults: Faults) -> None:
    """One theme per period: two different ones on the same day would block every launch."""
    given = [(i, t) for i, t in enumerate(themes) if t and t.since and t.to and t.theme]
    for place, (index, theme) in enumerate(given):
        for earlier, other in given[:place]:
            apart = str(theme.since) > str(other.to) or str(other.since) > str(theme.to)
            if not apart and theme.theme != other.theme:
                message = f"overlaps with another theme, themes[{earlier}]"
                faults.add(f"themes[{index}].from", "conflict", message)


def _once(keys: Sequence[tuple[str | None, ...] | None], path: str, faults: Faults) -> None:
    seen: dict[tuple[str | None, ...], int] = {}
    for index, key in enumerate(keys):
        if key is None or None in key:
            continue
        if key in seen:
            message = f"says again what {path}[{seen[key]}] says"
            faults.add(f"{path}[{index}]", "duplicate", message)
        seen.setdefault(key, index)


def _tidied(value: Any) -> Any:  # noqa: ANN401 -- any JSON
    """The same without floats for whole numbers, so that what was read is what is written."""
    if isinstance(value, dict):
        return {key: _tidied(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_tidied(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
