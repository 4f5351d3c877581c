"""What one check of `countersign doctor` found."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

State: TypeAlias = Literal["ok", "wrong", "off"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`off` says that there is nothing to check now; only `wrong` needs somebody."""

    check: str
    state: State
    detail: str
    advice: str = ""
