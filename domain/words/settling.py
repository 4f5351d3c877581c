"""Escalations in words: where they stand, what happened to them, how they are settled."""

from collections.abc import Mapping
from typing import Final

SETTLEMENTS: Final[Mapping[str, tuple[str, str]]] = {
    "extend": ("More time to answer", "延长答复期限"),
    "reassign": ("Somebody else answers", "改派他人"),
    "waive": ("Waive the step (two people)", "豁免该环节（需两人）"),
    "postpone": ("Postpone the campaign", "活动改期"),
    "cancel": ("Cancel the launch", "取消活动"),
    "dismiss": ("Nothing has to be done", "无需处理"),
}
"""Ways to settle an escalation, as a choice."""

NEEDED_FOR: Final[Mapping[str, str]] = {
    "answer_by": "extend",
    "to": "reassign",
    "window.start": "postpone",
    "window.start_time": "postpone",
    "window.end": "postpone",
    "window.end_time": "postpone",
}
"""Fields that go with one way to settle an escalation only."""

ESCALATION_STATES: Final[Mapping[str, tuple[str, str]]] = {
    "unsettled": ("not settled", "未解决"),
    "open": ("open", "待受理"),
    "acknowledged": ("taken up", "已受理"),
    "resolved": ("settled", "已解决"),
}
REMARKS: Final[Mapping[str, tuple[str, str]]] = {
    "raised": ("raised", "提出"),
    "advanced": ("moved up", "逐级上报"),
    "acknowledged": ("taken up", "受理"),
    "expired": ("not settled in time", "逾期未解决"),
    "comment": ("said", "留言"),
    "resolved": ("settled", "解决"),
}
"""What happened to an escalation."""
