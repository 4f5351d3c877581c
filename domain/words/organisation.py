"""The organisation in words: its sections, the fields of their entries, days of its calendar."""

from collections.abc import Mapping
from typing import Final

SECTIONS: Final[Mapping[str, tuple[str, str]]] = {
    "organisation": ("Organisation", "组织"),
    "overrides": ("Exceptional days", "例外日期"),
    "modules": ("Modules", "模块"),
    "people": ("People", "人员"),
    "segments": ("Segments with customers in common", "客户重叠的客群"),
    "pools": ("Shared resources", "共享资源池"),
    "limits": ("Limits", "上限"),
    "blackouts": ("Blackouts", "静默期"),
    "themes": ("Themes", "主题"),
    "channel_rules": ("Channel rules", "渠道规则"),
    "call_rates": ("Expected calls", "预计来话率"),
    "factors": ("Contributing factors", "成因"),
    "templates": ("Templates", "模板"),
}
ENTRY_FIELDS: Final[Mapping[str, tuple[str, str]]] = {
    "name": ("name", "名称"),
    "zone": ("time zone", "时区"),
    "country": ("country", "国家"),
    "cutoff": ("cut-off", "截止时间"),
    "name.en": ("English name", "英文名"),
    "name.zh": ("Chinese name", "中文名"),
    "email": ("mail address", "邮箱"),
    "department": ("department", "部门"),
    "roles": ("roles", "角色"),
    "working": ("working day", "工作日"),
    "unit": ("unit", "单位"),
    "period": ("period", "周期"),
    "capacity": ("capacity", "容量"),
    "owner": ("owner", "归口模块"),
    "channels": ("channels", "渠道"),
    "reason": ("reason", "原因"),
    "theme": ("theme", "主题"),
    "verdict": ("verdict", "结论"),
    "evidence": ("evidence", "依据"),
    "calls_per_thousand": ("calls per thousand", "每千人来话"),
    "minutes": ("minutes per call", "每通分钟数"),
    "launches_per_channel_week": ("launches per channel and week", "每渠道每周活动数"),
}
CHANGES: Final[Mapping[str, tuple[str, str]]] = {
    "added": ("+ new", "＋ 新增"),
    "removed": ("− removed", "－ 移除"),
    "changed": ("± changed", "± 变更"),
}
PERIODS: Final[Mapping[str, tuple[str, str]]] = {
    "week": ("week", "周"),
    "month": ("month", "月"),
    "quarter": ("quarter", "季度"),
    "year": ("year", "年"),
}
VERDICTS: Final[Mapping[str, tuple[str, str]]] = {
    "allow": ("✓ allowed", "✓ 允许"),
    "deny": ("✗ denied", "✗ 不允许"),
}
RUNGS: Final[Mapping[str, tuple[str, str]]] = {
    "notify": ("told", "通知"),
    "reassign": ("put in charge", "改派"),
}
DAYS: Final[Mapping[str, tuple[str, str]]] = {
    "working": ("working day", "工作日"),
    "weekend": ("weekend", "周末"),
    "holiday": ("free (public holiday)", "休（节假日）"),
    "make_up": ("working (make-up day)", "班（调休上班）"),
    "set_free": ("free (set here)", "休（本单位设定）"),
    "set_working": ("working (set here)", "班（本单位设定）"),
}
MARKS: Final[Mapping[str, tuple[str, str]]] = {
    "working": ("", ""),
    "weekend": ("–", "–"),
    "holiday": ("free", "休"),
    "make_up": ("work", "班"),
    "set_free": ("free*", "休*"),
    "set_working": ("work*", "班*"),
}
"""What stands in the square of a day; `*` is set by the organisation itself."""
