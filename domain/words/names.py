"""People, steps and posts by name, in the language of the reader."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from domain.words.signs import Lang

ROLES: Final[Mapping[str, tuple[str, str]]] = {
    "lead": ("lead", "负责人"),
    "deputy": ("deputy", "副手"),
    "head": ("head", "部门主管"),
    "planner": ("planner", "策划"),
    "sponsor": ("sponsor", "发起领导"),
    "executive": ("executive", "分管领导"),
    "frontline": ("front line", "一线"),
    "facilitator": ("facilitator", "复盘主持人"),
    "admin": ("administrator", "管理员"),
    "system": ("the clock", "系统时钟"),
    "calendar": ("the calendar", "日历"),
    "launch": ("the launch", "活动"),
}


@dataclass(frozen=True, slots=True)
class Names:
    """Without a directory everybody is called by their id, and every step by its key."""

    lang: Lang = "en"
    people: Mapping[str, str] = field(default_factory=dict)
    modules: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, organisation: Mapping[str, Any], lang: Lang) -> "Names":
        """From the organisation as the API serves it."""
        return cls(
            lang,
            {person["id"]: person["name"][lang] for person in organisation["people"]},
            {module["key"]: module["name"][lang] for module in organisation["modules"]},
        )

    def person(self, person: str) -> str:
        return self.people.get(person, self.role(person))

    def module(self, key: str | None) -> str:
        """A module, or a step named after one."""
        return self.modules.get(key or "", self.role(key or ""))

    def role(self, role: str) -> str:
        en, zh = ROLES.get(role, (role, role))
        return zh if self.lang == "zh" else en

    def addressee(self, to: Mapping[str, Any], module: str | None = None) -> str:
        """Whom an escalation is put to: a person, `lead of marketing`, `sponsor`."""
        if to.get("person"):
            return self.person(str(to["person"]))
        role = str(to.get("role") or "")
        module = to.get("module") or (module if role in {"lead", "deputy", "head"} else None)
        if module is None:
            return self.role(role)
        place = self.module(module)
        return f"{place}{self.role(role)}" if self.lang == "zh" else f"{self.role(role)} of {place}"

    def waiting(self, item: Mapping[str, Any]) -> str:
        """The party an entry of `waiting_on` names."""
        return self.module(item.get("module")) if item.get("module") else self.role(item["party"])
