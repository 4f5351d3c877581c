"""Refusals by their codes: a title, what happened, and what to do, in both languages.

In English the detail of the refusal itself says more; in Chinese it is made of its figures.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from domain.words.signs import Lang


@dataclass(frozen=True, slots=True)
class Refused:
    """`what_zh` may name figures of the refusal in braces."""

    en: str
    zh: str
    what_zh: str
    advice_en: str
    advice_zh: str


_UNKNOWN: Final = Refused(
    "Not possible",
    "无法完成",
    "该操作未被执行。",
    "Nothing was changed. Go back and try again.",
    "未作任何更改。请返回后重试。",
)
REFUSALS: Final[Mapping[str, Refused]] = {
    "unauthenticated": Refused(
        *("Sign in first", "请先登录", "您尚未登录或登录已过期。"),
        *("Sign in; what you wrote is kept.", "请登录；您填写的内容会保留。"),
    ),
    "malformed": Refused(
        *("The request cannot be read", "无法读取请求", "请求的格式不正确。"),
        *("Go back, load the page anew and try again.", "请返回并刷新页面后重试。"),
    ),
    "too_large": Refused(
        *("The text is too long", "内容过长", "提交的内容超过上限（{limit} 字节）。"),
        *("Make it shorter, or link to a document.", "请缩短内容，或改用链接。"),
    ),
    "invalid": Refused(
        *("Some values cannot be used", "部分内容不可用", "请更正标出的内容。"),
        *("Correct what is marked; nothing is lost.", "请更正标出之处；已填内容不会丢失。"),
    ),
    "impossible_condition": Refused(
        *(
            "A signature cannot wait for this",
            "签署不能以此为条件",
            "签署不能等待自身或其后的环节。",
        ),
        *("Choose a step before this one, or a fact.", "请选择之前的环节，或某一事实。"),
    ),
    "idempotency_mismatch": Refused(
        *("This form was sent before", "该表单已提交过", "同一表单此前以其他内容提交过。"),
        *(
            "Look at where things stand now; send it again if it is still needed.",
            "请先查看当前状态；如仍需要，可再次提交。",
        ),
    ),
    "foreign_origin": Refused(
        *("This came from another site", "请求来自其他网站", "该请求来自其他网站，未予执行。"),
        *("Do it from a page of this installation.", "请在本系统页面内操作。"),
    ),
    "another_person": Refused(
        *(
            "Somebody else is signed in now",
            "当前登录的是另一位用户",
            "本页由{opened_by}打开，而浏览器现以{signed_in}登录；未执行任何操作。",
        ),
        *(
            "Two people need two browsers or a private window. Check who you are, then send again.",
            "两人同时使用请用两个浏览器或无痕窗口。请确认身份后再提交。",
        ),
    ),
    "plan_changed": Refused(
        *(
            "The plan changed while you wrote",
            "您填写期间方案已被修改",
            "他人刚修改了您也要改的内容；未执行任何操作。",
        ),
        *(
            "Below stands what you wrote, beside all else as it is now. Check it, then send again.",
            "下方保留您所填内容，其余为当前方案。请核对后再提交。",
        ),
    ),
    "not_yours": Refused(
        *("This is somebody else's to do", "不属于您的职责", "该操作应由他人办理。"),
        *("Ask whoever is named as waited on.", "请联系页面上标明的负责方。"),
    ),
    "four_eyes": Refused(
        *("This takes a second person", "需要第二人", "该操作需要另一人完成（四眼原则）。"),
        *("Ask somebody else who may do it.", "请由其他有权限的人办理。"),
    ),
    "launch_closed": Refused(
        *("The launch has ended", "活动已结束", "活动已结束，不再接受决定。"),
        *("Its record stays open to read and to review.", "记录仍可查阅与复盘。"),
    ),
    "launch_stopped": Refused(
        *("The launch is stopped", "活动已叫停", "活动已叫停，恢复之前不能办理。"),
        *("The sponsor or an executive resumes it.", "由发起领导或分管领导恢复。"),
    ),
    "already_answered": Refused(
        *("This was already answered", "已有答复", "该版本已经答复过。"),
        *("Look at who answered; nothing more is to do.", "请查看答复记录，无需再办理。"),
    ),
    "wrong_state": Refused(
        *("Not possible in this state", "当前状态下不可行", "该承诺当前的状态不允许此操作。"),
        *("See what is offered on this page now.", "请查看本页当前可用的操作。"),
    ),
    "terms_changed": Refused(
        *("The terms have changed", "条款已变更", "条款已变更为第{version}版，您看到的是旧版。"),
        *("Read what changed; then sign the new version.", "请阅读变更之处，再签署新版。"),
    ),
    "blocked_by_finding": Refused(
        *("A finding stands before this", "存在阻断预警", "存在未解除的阻断预警，不能签署。"),
        *(
            "Counter with terms that clear it, or have it waived by two people.",
            "请以反提案消除预警，或由两人豁免。",
        ),
    ),
    "pool_exhausted": Refused(
        *("Not enough is left", "资源不足", "资源池余量不足。"),
        *("Counter with less, or another date.", "请以较少数量或其他日期提出反提案。"),
    ),
    "reminded_recently": Refused(
        *("They were reminded a moment ago", "刚刚已催办", "不久前已催办过。"),
        *("Wait a little before the next reminder.", "请稍后再催办。"),
    ),
    "too_many_attempts": Refused(
        *("Too many attempts", "尝试次数过多", "密码错误次数过多，请 15 分钟后再试。"),
        *("Wait, or ask for a new invitation.", "请等待，或请管理员重新邀请。"),
    ),
    "code_taken": Refused(
        *("This code is taken", "编号已被使用", "编号“{code}”已有活动使用。"),
        *("Choose another code.", "请换一个编号。"),
    ),
    "too_many_drafts": Refused(
        *("Too many drafts", "草稿过多", "草稿数量已达上限。"),
        *("Delete one that you do not need.", "请先删除不需要的草稿。"),
    ),
    "no_organisation": Refused(
        *("This installation is empty", "系统尚未初始化", "尚未导入组织信息。"),
        *("Import one with countersign org import.", "请用 countersign org import 导入。"),
    ),
    "organisation_changed": Refused(
        *(
            "The organisation was changed meanwhile",
            "组织信息已被他人更改",
            "您打开页面之后，他人更改了组织信息；您的更改尚未保存。",
        ),
        *(
            "What you wrote is still there: compare it with what stands now, then save again.",
            "您填写的内容仍在：请与当前内容比较后再保存。",
        ),
    ),
    "organisation_exists": Refused(
        *("There is an organisation already", "组织信息已存在", "本系统已有组织信息，未导入示例。"),
        *("Sign in, or ask an administrator to invite you.", "请登录，或请管理员邀请您。"),
    ),
    "wrong_password": Refused(
        *("The password is not right", "密码不正确", "密码不正确，未作更改。"),
        *("Try again; your password is as it was.", "请重试；您的密码没有变化。"),
    ),
    "method_not_allowed": Refused(
        *("This page only takes forms", "此地址仅接受表单", "此地址只接受页面上的表单提交。"),
        *("Go back to the page with the form and send it from there.", "请返回表单所在页面提交。"),
    ),
    "unavailable": Refused(
        *("Not possible at the moment", "暂时不可用", "数据库暂时没有响应。"),
        *("Try again in a few seconds; nothing is lost.", "请几秒后重试；内容不会丢失。"),
    ),
    "internal": Refused(
        *("Something went wrong on our side", "系统出错", "系统内部出错，未作任何更改。"),
        *("Try again; if it stays, ask an administrator.", "请重试；如仍出错请联系管理员。"),
    ),
}
ERRORS: Final[Mapping[str, str]] = {
    "missing": "不能为空",
    "wrong_type": "类型不正确",
    "too_short": "内容过短",
    "too_long": "内容过长",
    "not_allowed": "不在可选范围内",
    "out_of_range": "超出允许范围",
    "bad_format": "格式不正确",
    "past": "时间已过",
    "unknown_field": "没有这个字段",
    "duplicate": "重复",
    "unknown": "没有登记这个名称",
    "reserved": "为系统保留，不能使用",
    "conflict": "与其他内容冲突",
    "malformed": "无法解析",
    "too_deep": "嵌套过深",
    "too_large": "内容过大",
    "too_many_errors": "错误过多，未全部列出",
    "bad_date": "不是有效日期",
    "bad_text": "只能有一行",
    "not_same": "两次输入不一致",
    "password": "密码须为 10 至 200 个字符，可用几个词组成",
    "taken": "已被使用",
    "invalid": "不可用",
    "impossible_condition": "不能以此为条件",
    "bad_duration": "时长的写法不正确",
    "cycle": "环节的先后顺序成环",
    "four_eyes": "须由另一人担任（四眼原则）",
    "not_a_sponsor": "此人不是发起领导",
    "no_sponsor": "没有人可以担任发起领导",
    "no_signer": "可签署的人不足",
    "no_judge": "没有人可以验收",
    "no_second_waiver": "没有第二人可以同意豁免",
    "not_possible": "不能在此处填写",
    "outdated": "已有更新的版本",
    "unknown_file": "无法识别文件类型",
    "unreadable_file": "无法读取文件",
}
"""What is wrong with a field, by the code of the error; in English its message says it."""

NOTHING_THERE: Final = Refused(
    *("There is nothing here", "页面不存在", "此地址没有内容，或已不存在。"),
    *("Check the address, or start from the first page.", "请检查地址，或从首页开始。"),
)


def refused(code: str) -> Refused:
    """What is said of a code; of one that is not known the same as of every other."""
    if code.startswith("no_such_"):
        return NOTHING_THERE
    return REFUSALS.get(code, _UNKNOWN)


def title(code: str, lang: Lang) -> str:
    found = refused(code)
    return found.zh if lang == "zh" else found.en


def advice(code: str, lang: Lang) -> str:
    found = refused(code)
    return found.advice_zh if lang == "zh" else found.advice_en


def what_happened(code: str, detail: str, figures: Mapping[str, Any], lang: Lang) -> str:
    """One sentence; `detail` is the English one."""
    return refused(code).what_zh.format_map(_Figures(figures)) if lang == "zh" else detail


def error_in_words(lang: Lang, code: str, message: str) -> str:
    """What is wrong with one field."""
    return ERRORS.get(code, "不可用") if lang == "zh" else message


class _Figures(dict[str, Any]):
    """A figure that a refusal lacks is left open."""

    def __missing__(self, key: str) -> str:
        return "…"
