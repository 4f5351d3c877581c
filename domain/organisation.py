"""The organisation as data: people, their posts, modules and rules.

A post is what a person holds (`lead:product`, `sponsor`, `frontline:city-a`); who may do what
with a post is decided in `authority`, never here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

PostKind = Literal[
    "lead",
    "deputy",
    "head",
    "planner",
    "sponsor",
    "executive",
    "facilitator",
    "frontline",
    "admin",
]
MODULE_POSTS: tuple[PostKind, ...] = ("lead", "deputy", "head")
"""Posts that belong to a module and may answer for it, in the order in which they are named."""


@dataclass(frozen=True, slots=True)
class Name:
    """A display name in both languages of the product."""

    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Module:
    key: str
    name: Name


@dataclass(frozen=True, slots=True)
class Person:
    """One person of the directory; `roles` are posts as written: `lead:product`, `executive`."""

    id: str
    name: Name
    email: str | None = None
    department: str | None = None
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CalendarOverride:
    """A day that is working (or free) against weekend and public holidays."""

    date: date
    working: bool


@dataclass(frozen=True, slots=True)
class Identity:
    """Who it is and when it works: `zone` IANA, `country` ISO 3166-1 or -2, `cutoff` HH:MM."""

    name: str
    zone: str
    country: str
    cutoff: str
    overrides: tuple[CalendarOverride, ...] = ()


@dataclass(frozen=True, slots=True)
class Organisation:
    """Everything an organisation file says; the parts later checks read are kept as written."""

    identity: Identity
    modules: tuple[Module, ...]
    people: tuple[Person, ...]
    rules: Mapping[str, object] = field(default_factory=dict)
    """segments, pools, limits, blackouts, themes, channel_rules, call_rates, templates as given."""

    def person(self, person_id: str) -> Person | None:
        """The person of that id, or None."""
        return next((p for p in self.people if p.id == person_id), None)

    def holders(self, post: str) -> tuple[str, ...]:
        """Ids of the people holding a post as written (`lead:product`), in file order."""
        return tuple(p.id for p in self.people if post in p.roles)
