"""What people can do, in both languages: the words of buttons."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from domain.words.signs import Lang


@dataclass(frozen=True, slots=True)
class Doing:
    """An act as a button says it, what it means, and what is said when it is done."""

    en: str
    zh: str
    means_en: str
    means_zh: str
    done_en: str
    done_zh: str

    def label(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en

    def means(self, lang: Lang) -> str:
        return self.means_zh if lang == "zh" else self.means_en

    def done(self, lang: Lang) -> str:
        return self.done_zh if lang == "zh" else self.done_en


ACTS: Final[Mapping[str, Doing]] = {
    "sign": Doing(
        *("Sign", "签署"),
        *("You promise exactly the text above.", "您承诺的正是以上文字。"),
        *("Signed.", "已签署。"),
    ),
    "sign-if": Doing(
        *("Sign on a condition", "附条件签署"),
        *(
            "The signature counts as soon as the fact is confirmed by the planner in time.",
            "发起方按时确认该事实后，签署即生效。",
        ),
        *("Signed on a condition.", "已附条件签署。"),
    ),
    "counter": Doing(
        *("Counter-offer", "反提案"),
        *(
            "You offer other terms and sign them; the planner answers.",
            "您提出并签署新的条款，由发起方答复。",
        ),
        *("Your counter-offer is with the planner.", "反提案已提交发起方。"),
    ),
    "decline": Doing(
        *("Decline", "谢绝"),
        *(
            "Saying no before a promise is a good answer; say why.",
            "承诺之前说“不”是好的答复，请说明原因。",
        ),
        *("Declined; the planner is told.", "已谢绝，并通知发起方。"),
    ),
    "ask": Doing(
        *("Ask", "提问"),
        *("The planner replies; your clock goes on.", "由发起方答复；您的时限照常计算。"),
        *("Your question is with the planner.", "问题已提交发起方。"),
    ),
    "reply": Doing(
        *("Reply", "答复"),
        *("Everybody involved reads it in the thread.", "相关各方都能在讨论中看到。"),
        *("Replied.", "已答复。"),
    ),
    "acknowledge": Doing(
        *("Acknowledge", "知悉"),
        *("You have seen it and will answer in time.", "表示已看到，将按时答复。"),
        *("Acknowledged.", "已知悉。"),
    ),
    "accept-counter": Doing(
        *("Accept the counter-offer", "接受反提案"),
        *(
            "The offered terms become the terms; they are signed already.",
            "所提条款即成为正式条款，对方已签署。",
        ),
        *("Accepted: the offered terms hold.", "已接受，新条款生效。"),
    ),
    "withdraw-counter": Doing(
        *("Withdraw the counter-offer", "撤回反提案"),
        *("The terms before it are asked for again.", "恢复请求原来的条款。"),
        *("The counter-offer is withdrawn.", "反提案已撤回。"),
    ),
    "amend": Doing(
        *("Ask for other terms", "修改要求"),
        *(
            "A new version of the terms is asked for; older ones can no longer be signed.",
            "提出新版条款，旧版不能再签署。",
        ),
        *("The new version is with the module.", "新版条款已提交承诺方。"),
    ),
    "withdraw": Doing(
        *("Withdraw the request", "撤回请求"),
        *("Nothing is asked any more; the step ends.", "不再请求，该环节结束。"),
        *("The request is withdrawn.", "请求已撤回。"),
    ),
    "report": Doing(
        *("Report the delivery", "报告交付"),
        *("You say it is delivered; the customer judges.", "您声明已交付，由内部客户验收。"),
        *("Reported; the customer judges now.", "已报告，等待验收。"),
    ),
    "retract-report": Doing(
        *("Take the report back", "撤回交付报告"),
        *("The promise stands; you report again.", "承诺仍有效，稍后重新报告。"),
        *("The report is taken back.", "交付报告已撤回。"),
    ),
    "accept": Doing(
        *("Accept the delivery", "验收通过"),
        *("You received what was promised.", "您已收到所承诺的内容。"),
        *("Accepted.", "已验收。"),
    ),
    "reject": Doing(
        *("Send it back", "退回"),
        *("It is not what was promised; the promise stands.", "与承诺不符；承诺仍有效。"),
        *("Sent back; the promise stands.", "已退回，承诺仍有效。"),
    ),
    "request-release": Doing(
        *("Ask to be released", "请求解除"),
        *("The promise stands until the planner agrees.", "发起方同意之前承诺仍有效。"),
        *("The planner decides about the release.", "已提交发起方决定。"),
    ),
    "allow-release": Doing(
        *("Allow the release", "同意解除"),
        *("The promise ends; the step needs a new one.", "承诺解除，该环节需要重新承诺。"),
        *("Released.", "已解除。"),
    ),
    "refuse-release": Doing(
        *("Refuse the release", "不同意解除"),
        *("The promise stands.", "承诺仍有效。"),
        *("Refused; the promise stands.", "未同意解除，承诺仍有效。"),
    ),
    "revoke": Doing(
        *("Revoke the promise", "撤销承诺"),
        *(
            "Without consent: it is escalated at once. Asking to be released is the better way.",
            "未经同意即撤销，会立即升级；请求解除更为妥当。",
        ),
        *("Revoked and escalated.", "已撤销并升级。"),
    ),
    "cancel": Doing(
        *("Cancel the commitment", "取消承诺"),
        *("It is not needed any more; what is held is given back.", "不再需要，预占资源释放。"),
        *("Cancelled.", "已取消。"),
    ),
    "request": Doing(
        *("Ask again", "重新请求"),
        *("A new attempt; the earlier ones stay visible.", "发起新一次请求，此前记录保留。"),
        *("Asked again.", "已重新请求。"),
    ),
    "delegate": Doing(
        *("Delegate", "委托"),
        *("Somebody else may answer too; the module stays accountable.", "由他人代办，责任不变。"),
        *("Delegated.", "已委托。"),
    ),
    "waive": Doing(
        *("Waive", "豁免"),
        *("It takes two people, and is never shown as signed.", "需两人同意，且不显示为已签署。"),
        *("Noted; a waiver takes two people.", "已记录；豁免需两人同意。"),
    ),
    "confirm": Doing(
        *("Confirm", "确认"),
        *("The fact holds, and the signature with it.", "事实成立，签署随之生效。"),
        *("Confirmed.", "已确认。"),
    ),
    "remind": Doing(
        *("Remind", "催办"),
        *("Whoever is waited on gets a notice.", "向被等待方发送提醒。"),
        *("Reminded.", "已催办。"),
    ),
    "stop": Doing(
        *("Stop the launch", "叫停活动"),
        *(
            "Every clock stands still until the sponsor or an executive resumes it.",
            "所有时限暂停，直到发起领导或分管领导恢复。",
        ),
        *("The launch is stopped.", "活动已叫停。"),
    ),
    "resume": Doing(
        *("Resume the launch", "恢复活动"),
        *("Every due moves by the length of the stop.", "各项期限按暂停时长顺延。"),
        *("The launch goes on.", "活动已恢复。"),
    ),
    "cancel-launch": Doing(
        *("Cancel the launch", "取消活动"),
        *("It ends; everyone who signed stands down.", "活动终止，所有签署方停止工作。"),
        *("The launch is cancelled.", "活动已取消。"),
    ),
    "amend-plan": Doing(
        *("Change the plan", "修改方案"),
        *(
            "Promises that rest on what changes are asked for anew; a move to later voids none.",
            "依赖所改内容的承诺失效并重新请求；活动整体延后不影响任何承诺。",
        ),
        *("The plan is changed.", "方案已修改。"),
    ),
    "delegate-planning": Doing(
        *("Let somebody stand in", "委托他人代为发起"),
        *(
            "They plan beside you until then: amend, reply, accept counter-offers.",
            "对方可在期限前与您一同修改方案、答复、接受反提案。",
        ),
        *("They may plan too now.", "已委托。"),
    ),
    "suggest": Doing(
        *("Offer this change of the plan", "就此提出反提案"),
        *(
            "Your terms stay; the planner decides whether the plan changes so.",
            "您的条款不变，由发起方决定是否照此修改方案。",
        ),
        *("Your counter-offer is with the planner.", "反提案已提交发起方。"),
    ),
    "finding-waive": Doing(
        *("Waive the finding", "豁免预警"),
        *("It takes two people.", "需两人同意。"),
        *("Noted; a waiver takes two people.", "已记录；豁免需两人同意。"),
    ),
    "escalate": Doing(
        *("Escalate", "升级"),
        *("The sponsor is asked to settle it.", "请发起领导处理。"),
        *("Escalated to the sponsor.", "已升级至发起领导。"),
    ),
    "take-up": Doing(
        *("Take it up", "受理"),
        *("You say that you see to it; that expires.", "表示由您处理，逾期未解决会再次提醒。"),
        *("Taken up.", "已受理。"),
    ),
    "comment": Doing(
        *("Comment", "留言"),
        *("Everybody involved reads it.", "相关各方都能看到。"),
        *("Noted in the thread.", "已留言。"),
    ),
    "resolve": Doing(
        *("Settle it", "解决"),
        *("How it ends, and why.", "说明处理结果及原因。"),
        *("Settled.", "已解决。"),
    ),
    "save-draft": Doing(
        *("Save as a draft", "保存草稿"),
        *("Only you see it.", "仅您可见。"),
        *("Saved; only you see it.", "草稿已保存，仅您可见。"),
    ),
    "forget-draft": Doing(
        *("Delete", "删除"),
        *("The draft is gone.", "草稿将被删除。"),
        *("The draft is deleted.", "草稿已删除。"),
    ),
    "read": Doing(
        *("Take note", "知道了"),
        *("The notices of this launch leave your inbox.", "该活动的通知将从收件箱移除。"),
        *("Noted.", "已阅。"),
    ),
}
OF_A_LAUNCH: Final[Mapping[str, str]] = {
    "cancel": "cancel-launch",
    "amend": "amend-plan",
    "delegate": "delegate-planning",
}
"""Acts on a whole launch whose names in addresses are those of other acts on a step."""
