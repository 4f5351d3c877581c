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
    "plan.window.end": ("Last day", "结束日期"),
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
    "plan.contact.channel": ("Contacted by", "触达方式"),
    "plan.contact.messages_per_customer": ("Messages per customer", "每位客户触达次数"),
    "plan.pool": ("Pool", "资源池"),
    "plan.quantity": ("Quantity", "数量"),
    "plan.step": ("Step", "环节"),
    "plan.needed_by": ("Needed by", "需求日期"),
    "plan.policy.answer_within": ("Time to answer, such as 2bd", "答复时限，如 2bd（工作日）"),
    "plan.policy.silence": ("No answer", "无答复时"),
    "plan.deliverable": ("Deliverable", "交付物"),
    "plan.conditions[]": ("Conditions, one per line", "满足条件，每行一条"),
    "plan.lead_time": ("Days before the start, such as 5bd", "提前量，如 5bd（工作日）"),
    "plan.signers": ("Signatures needed", "签署人数"),
}
