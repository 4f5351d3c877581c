"""The fields of a plan in words, by their names in forms and, bare, in the errors of a plan."""

from collections.abc import Mapping
from typing import Final

PLAN_FIELDS: Final[Mapping[str, tuple[str, str]]] = {
    "plan.code": ("Code", "编号"),
    "plan.title": ("Title", "名称"),
    "plan.department": ("Department", "部门"),
    "plan.sponsor": ("Sponsor", "发起领导"),
    "plan.template": ("Template", "模板"),
    "plan.window.start": ("First day", "开始日期"),
    "plan.window.start_time": ("From (optional)", "开始时刻（可选）"),
    "plan.window.end": ("Last day", "结束日期"),
    "plan.window.end_time": ("Until (optional)", "结束时刻（可选）"),
    "plan.regions[]": ("Regions, one per line (none: all)", "区域，每行一个（空为全部）"),
    "plan.theme": ("Theme", "主题"),
    "plan.key": ("Key", "代号"),
    "plan.product": ("Product", "产品"),
    "plan.pay": ("Customer pays", "客户支付"),
    "plan.get": ("Customer gets", "客户获得"),
    "plan.currency": ("Currency", "币种"),
    "plan.segments[]": ("Segments, one per line", "客群，每行一个"),
    "plan.channels[]": ("Channels, one per line", "渠道，每行一个"),
    "plan.key_message": ("Key message", "核心卖点"),
    "plan.audience.size": ("Customers addressed", "目标客户数"),
    "plan.audience.list": ("Name of the customer list (optional)", "客户名单名称（可选）"),
    "plan.contact.channel": ("Contacted by", "触达方式"),
    "plan.contact.messages_per_customer": ("Messages per customer", "每位客户触达次数"),
    "plan.pool": ("Pool", "资源池"),
    "plan.quantity": ("Quantity", "数量"),
    "plan.step": ("Step", "环节"),
    "plan.needed_by": ("Needed by", "需求日期"),
    "plan.policy.answer_within": ("Time to answer, such as 2bd", "答复时限，如 2bd（工作日）"),
    "plan.policy.silence": ("No answer", "无答复时"),
    "plan.policy.repair_within": ("Time to repair, such as 3bd", "补救时限，如 3bd（工作日）"),
    "plan.policy.gate_grace": ("Grace at the gate, such as 1bd", "上线宽限，如 1bd（工作日）"),
    "plan.policy.remind_before": (
        "Remind before the due, such as 1bd",
        "提前提醒，如 1bd（工作日）",
    ),
    "plan.policy.acknowledged_for": (
        "An escalation taken up is settled within, such as 1bd",
        "受理后解决时限，如 1bd（工作日）",
    ),
    "plan.policy.ladder[]": (
        "Who hears of silence, one rung per line, such as 1bd head notify",
        "无答复时通知谁，每行一级，如 1bd head notify",
    ),
    "plan.remind_before": ("Remind before due, such as 1bd", "提前提醒，如 1bd（工作日）"),
    "plan.ladder[]": (
        "Who hears of silence, one rung per line, such as 1bd head notify",
        "无答复时通知谁，每行一级，如 1bd head notify",
    ),
    "plan.module": ("Module", "模块"),
    "plan.after[]": ("After these steps, one per line", "前置环节，每行一个"),
    "plan.customer": ("Who receives it: a module, or planner", "内部客户：模块或 planner"),
    "plan.answer_within": ("Time to answer, such as 2bd", "答复时限，如 2bd（工作日）"),
    "plan.silence": ("No answer", "无答复时"),
    "plan.deliverable": ("Deliverable", "交付物"),
    "plan.conditions[]": ("Conditions, one per line", "满足条件，每行一条"),
    "plan.lead_time": ("Days before the start, such as 5bd", "提前量，如 5bd（工作日）"),
    "plan.signers": ("Signatures needed", "签署人数"),
}
PLAN_PARTS: Final[Mapping[str, tuple[str, str]]] = {
    "title": ("Title", "名称"),
    "window": ("Dates of the campaign", "活动日期"),
    "regions": ("Regions", "区域"),
    "offers": ("Offers", "优惠"),
    "audience": ("Customers addressed", "目标客户"),
    "contact": ("Contact", "触达"),
    "resources": ("Resources", "资源"),
    "theme": ("Theme", "主题"),
}
"""What of a plan may change once it is started."""

SILENCES: Final[Mapping[str, tuple[str, str]]] = {
    "": ("as in the template", "按模板"),
    "escalate": ("is escalated", "逐级升级"),
    "decline": ("lets the step lapse", "该环节失效"),
    "deemed": ("counts as given, without a signature", "视为通过，无签名"),
}
"""What no answer means."""
