"""The words of reviews in both languages: post-mortems, their export, replays and “what if?”."""

from collections.abc import Mapping
from typing import Final, TypeAlias

from domain.words.names import Names

Words: TypeAlias = Mapping[str, tuple[str, str]]

WORDS: Final[Words] = {
    "title": ("Post-mortem", "复盘"),
    "version": ("version", "版本"),
    "opened": ("opened", "开始于"),
    "published": ("published", "发布于"),
    "summary": ("What happened", "发生了什么"),
    "surprises": ("What surprised us, and why", "意外之处及原因"),
    "factors": ("Contributing factors", "影响因素"),
    "sides": ("From four sides", "四个方面"),
    "company": ("Company", "企业"),
    "customer": ("Customer", "客户"),
    "partner": ("Partner", "伙伴"),
    "employee": ("Employee", "员工"),
    "went_well": ("What went well", "做得好的"),
    "thanks": ("Thanks", "感谢"),
    "waits": ("Where the time went", "时间用在哪里"),
    "interface": ("between", "接口"),
    "for": ("waited", "等待"),
    "time": ("time", "时长"),
    "working": ("on working days", "工作日内"),
    "critical": (
        "what the end of the run had to wait for; together the length of the run",
        "决定全程时长的等待，合计为全程",
    ),
    "held": ("Held gates", "闸门关闭"),
    "stops": ("Stops", "叫停"),
    "refusals": ("What the rules refused", "规则拒绝"),
    "timeline": ("Timeline", "时间线"),
    "at": ("at", "时间"),
    "what": ("what happened", "事件"),
    "who": ("who", "谁"),
    "actions": ("Actions", "改进行动"),
    "lessons": ("Lessons", "经验"),
    "upon": ("follows upon", "取代"),
    "policy": ("policy", "策略"),
    "asked": ("asked for", "事项"),
    "module": ("module", "部门"),
    "state": ("state", "状态"),
    "due": ("due", "期限"),
    "overdue": ("overdue", "已逾期"),
    "comments": ("Comments", "留言"),
    "nothing": ("Nothing is written here yet.", "尚未填写。"),
    "footer": (
        "Each line of the timeline is an entry of the ledger. Pseudonyms hold in this report only.",
        "时间线每行对应台账中的一条记录。本报告不出现姓名，代号仅在本报告内有效。",
    ),
}
SIDES: Final = ("company", "customer", "partner", "employee")
STATES: Final[Words] = {
    "draft": ("draft", "草稿"),
    "in_review": ("in review", "审阅中"),
    "published": ("published", "已发布"),
}
GROUPS: Final[Words] = {
    "steering": ("steering", "统筹方"),
    "involved": ("involved", "参与者"),
    "system": ("the clock", "系统时钟"),
}
CAUSES: Final[Words] = {
    "failed": ("opened because the launch failed", "因活动失败而开启"),
    "cancelled": ("opened because it was cancelled after a signature", "因签署后取消而开启"),
    "breach": ("opened because a promise was broken", "因承诺违约而开启"),
    "requested": ("opened on request", "应请求开启"),
}
ACTIONS: Final[Words] = {
    "open": ("open", "进行中"),
    "overdue": ("overdue", "已逾期"),
    "closed": ("closed", "已结束"),
}
DONE: Final[Words] = {
    "opened": ("The post-mortem is open.", "复盘已开启。"),
    "saved": ("Saved.", "已保存。"),
    "draft": ("It is a draft again.", "已退回草稿。"),
    "in_review": ("A second person reads it now and publishes it.", "已提交，由第二人审阅并发布。"),
    "published": ("Published.", "已发布。"),
    "said": ("Your comment stands beside the record.", "留言已记录。"),
    "asked": ("The action is asked for.", "改进行动已发起。"),
    "proposed": ("The lesson is put to the modules.", "经验已提交相关部门签署。"),
}
FIELDS: Final[Words] = {
    "summary": WORDS["summary"],
    "surprises": WORDS["surprises"],
    "factors": WORDS["factors"],
    "factor_notes": ("Note on a factor", "因素说明"),
    "went_well": WORDS["went_well"],
    "thanks": WORDS["thanks"],
    **{f"sides.{side}": WORDS[side] for side in SIDES},
    "state": WORDS["state"],
    "module": ("Module", "部门"),
    "deliverable": ("What is asked for", "事项"),
    "conditions": ("Conditions, one per line", "满足条件，每行一条"),
    "deliver_by": ("Until when", "截止日期"),
    "policy": WORDS["policy"],
    "template": ("Template", "模板"),
    "lead_time": ("Lead time", "提前量"),
    "signers": ("Signatures needed", "签署人数"),
    "answer_within": ("Time to answer", "答复时限"),
    "repair_within": ("Time to repair", "补救时限"),
    "gate_grace": ("Grace at the gate", "闸门宽限"),
    "silence": ("Silence means", "沉默视为"),
    "answer_at": ("Answered at", "答复时间"),
    "act": ("Answer", "答复"),
    "stop": ("Stop", "叫停"),
}
"""Labels of fields, by their names in requests."""
SILENCE: Final[Words] = {
    "escalate": ("it is escalated", "升级"),
    "decline": ("the step lapses", "逾期失效"),
    "deemed": ("deemed given, never shown as signed", "视为通过，不显示为签署"),
}
ANSWERS: Final[Words] = {
    "sign": ("signs", "签署"),
    "decline": ("declines", "谢绝"),
    "silence": ("says nothing", "不答复"),
}
MILESTONES: Final[Words] = {
    "state": ("ends", "结果"),
    "requested_at": ("asked", "请求"),
    "answered_at": ("answered", "答复"),
    "promised_at": ("promised", "承诺"),
    "reported_at": ("reported", "报告交付"),
    "accepted_at": ("accepted", "验收"),
    "overdue": ("times overdue", "逾期次数"),
    "held_at": ("gate held", "闸门关闭"),
    "live_at": ("live", "上线"),
    "closed_at": ("closed", "结束"),
    "outcome": ("outcome", "结局"),
}
"""What passes in a run, as two runs are laid side by side."""

REWORK: Final[Words] = {
    "countered": ("counter-offers", "反提案"),
    "amended": ("other terms", "条款变更"),
    "voided": ("void through another plan", "方案变更作废"),
    "rejected": ("sent back", "退回"),
    "retracted": ("taken back", "撤回"),
    "renewed": ("asked again", "再次请求"),
}

OBJECTIONS: Final[Words] = {
    "damaged": ("The ledger is damaged.", "账本已损坏。"),
    "empty": ("The ledger tells nothing of this launch.", "账本中没有该活动的记录。"),
    "no_history": (
        "There is no history to hold the ledger against.",
        "没有可与账本核对的运行历史。",
    ),
    "behind": (
        "The history has not caught up with the ledger yet.",
        "运行历史尚未跟上账本，请稍后再看。",
    ),
    "differs": (
        "The ledger and the history run again tell different things.",
        "账本与重放的历史不一致。",
    ),
    "unsigned": ("The ledger tells of an act nobody signed.", "账本中有一项操作没有可信签名。"),
    "failed": (
        "This build no longer does with the history what the one before did.",
        "当前版本重放该历史的结果与当时不同。",
    ),
}
"""What speaks against a record, by kind."""


def word(words: Words, key: str, lang: str) -> str:
    """A key of a newer server stands for itself."""
    en, zh = words.get(key, (key, key))
    return zh if lang == "zh" else en


def who(actor: str, group: str, names: Names) -> str:
    """A pseudonym with the group it acted in: `#bcdf (product lead)`."""
    if actor == "system":
        return word(GROUPS, "system", names.lang)
    return f"{actor} ({group_in_words(group, names)})"


def group_in_words(group: str, names: Names) -> str:
    """`lead:product` as `Product lead`; a module by its name."""
    if group in GROUPS:
        return word(GROUPS, group, names.lang)
    post, _, module = group.partition(":")
    return f"{names.module(module)} {names.role(post)}" if module else names.module(group)
