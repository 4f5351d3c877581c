"""All sections, in the order in which they run and are shown. A new one is one line here."""

from typing import Final

from bench import insights, ledgers, memory, reads, replay, signing, starts, ups
from bench.section import Section

SECTIONS: Final[tuple[Section, ...]] = (
    signing.SECTION,
    starts.SECTION,
    reads.SECTION,
    ups.SECTION,
    memory.SECTION,
    ledgers.SECTION,
    replay.SECTION,
    insights.SECTION,
)
NAMES: Final = tuple(section.name for section in SECTIONS)


def chosen(names: str) -> tuple[Section, ...]:
    """Of a list with commas; empty means all. Raises ValueError for an unknown name."""
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    if unknown := [name for name in wanted if name not in NAMES]:
        raise ValueError(f"unknown section {unknown[0]!r}; there are {', '.join(NAMES)}")
    return tuple(section for section in SECTIONS if not wanted or section.name in wanted)
