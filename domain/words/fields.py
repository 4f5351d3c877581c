"""What people fill in, in both languages: the labels of forms."""

from collections.abc import Mapping
from typing import Final

from domain.words.plans import PLAN_FIELDS

FIELDS: Final[Mapping[str, tuple[str, str]]] = {
    **PLAN_FIELDS,
    "note": ("Note (optional)", "备注（可选）"),
    "reason": ("Reason", "原因"),
    "text": ("Text", "内容"),
    "evidence": ("What was delivered, and how one can tell", "交付内容及依据"),
    "link": ("Link (optional)", "链接（可选）"),
    "fact": ("Fact", "事实"),
    "condition.fact": ("Only if this is so", "以此为条件"),
    "condition.by": ("Confirmed by", "确认期限"),
    "to": ("To whom", "交给谁"),
    "resolution": ("How it is settled", "处理方式"),
    "window.start": ("New start of the campaign", "新的开始日期"),
    "window.start_time": ("From this time of day (optional)", "开始时刻（可选）"),
    "window.end": ("New end of the campaign", "新的结束日期"),
    "window.end_time": ("Until this time of day (optional)", "结束时刻（可选）"),
    "until": ("Until", "截至"),
    "answer_by": ("Answer by (optional)", "答复期限（可选）"),
    "plan": ("What changes in the plan", "方案的修改"),
    "finding": ("Finding", "预警"),
    "person.id": ("Id", "账号"),
    "person.name.en": ("Name in English", "英文姓名"),
    "person.name.zh": ("Name in Chinese", "中文姓名"),
    "person.email": ("Mail address (optional)", "邮箱（可选）"),
    "person.department": ("Department (optional)", "部门（可选）"),
    "person.roles": ("Roles", "角色"),
    "person.regions[]": ("Front line of these regions, one per line", "一线所在区域，每行一个"),
    "blackout.from": ("First day", "起始日"),
    "blackout.to": ("Last day", "结束日"),
    "blackout.reason": ("Reason", "原因"),
    "blackout.channels[]": ("Only these channels, one per line", "仅限渠道，每行一个"),
    "override.date": ("Day", "日期"),
    "override.working": ("This day is", "当天为"),
    "label": ("What it is for", "用途"),
    "days": ("Valid for days", "有效天数"),
    "current": ("Current password", "当前密码"),
    "password": ("New password", "新密码"),
    "ratings.score": ("Rating, 1 to 5", "评分（1 至 5）"),
    "terms.quantities.quantity": ("Quantity", "数量"),
    "factor": ("Contributing factor", "影响因素"),
    "terms.deliverable": ("Deliverable", "交付物"),
    "terms.conditions[]": ("Conditions, one per line", "满足条件，每行一条"),
    "terms.deliver_by": ("Deliver by", "交付期限"),
}
"""Labels of fields, by their names in forms."""
