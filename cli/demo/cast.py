"""Who plays: one API client per person, and what the demo says in both languages."""

from collections.abc import Mapping
from contextlib import ExitStack
from typing import Final, Self

from cli.remote.api import Api
from domain.words.signs import Lang

PLANNER: Final = "planner.personal"
SPONSOR: Final = "sponsor"
FRONTLINE: Final = "frontline.city-a"
READER: Final = "facilitator"
"""Looks on: everybody in the organisation may read."""

CUSTOMERS: Final = {
    "product": "lead.marketing",
    "marketing": "lead.communications",
    "communications": "lead.channel",
    "channel": "lead.service",
    "service": PLANNER,
}
"""Who judges each delivery."""

PEOPLE: Final = (
    PLANNER,
    SPONSOR,
    FRONTLINE,
    READER,
    *(f"lead.{step}" for step in CUSTOMERS),
    "head.channel",
    "head.marketing",
)

LINES: Final[Mapping[str, tuple[str, str]]] = {
    "start": (
        "The personal customers' department asks five modules, one after the other",
        "个人客户部发起活动，五个能力模块依次承诺",
    ),
    "decline": (
        "Communications declines, and is asked again with better terms",
        "传播谢绝，发起方补充条款后再次请求",
    ),
    "silence": (
        "Channel says nothing: the clock escalates from lead to head",
        "渠道没有答复：系统按时从负责人升级到主管",
    ),
    "stop": (
        "The front line stops the launch; only an authority resumes it",
        "一线叫停活动，只有授权人可以恢复",
    ),
    "deliver": (
        "Every module delivers, and its internal customer judges",
        "各模块交付，由内部客户验收",
    ),
    "gate": ("The gate opens at the start of the window", "窗口开始，闸门放行"),
    "summary": ("Who waited for whom", "谁在等谁"),
    "fail": (
        "The second part: a promotion of city A whose plan comes late",
        "第二部分：A市一次促销，方案下达晚",
    ),
    "late": (
        "What rests on the plan waits for it; posters, gifts and training are late",
        "方案迟迟不到，海报、礼品和培训也跟着晚了",
    ),
    "held": (
        "At the start of the window the gate holds: nothing goes live past an unmet term",
        "窗口开始，闸门不放行：条款未兑现就不上线",
    ),
    "review": (
        "The review opens by itself, with the facts of the record",
        "复盘自动开启，先列出台账里的事实",
    ),
    "publish": (
        "A facilitator writes, a second person publishes; nobody is named",
        "主持人撰写，另一人发布；全文不出现姓名",
    ),
    "what_if": (
        "What if marketing had answered at once?",
        "如果市场当时立即答复，会怎样？",
    ),
    "follow_up": (
        "What follows is a commitment too: asked for, and signed",
        "改进行动同样是承诺：提出、签署、跟踪",
    ),
    "late_plan": ("waiting: nobody answers for marketing", "等待中：市场无人答复"),
    "overdue_plan": ("waiting: the plan is not there", "等待中：方案还没有下达"),
    "overdue_rest": (
        "waiting: advertising, posters, gifts and training are not there",
        "等待中：广告、海报、礼品和培训都没有到位",
    ),
    "to_gate": ("waiting for the window to start", "等待窗口开始"),
    "to_fail": (
        "the gate is held; when its grace ends, the launch fails",
        "闸门关闭；宽限期一过，活动失败",
    ),
    "told_late": ("came late, or not at all", "晚到或未到"),
    "told_held": (
        "the gate was held for {length}: {modules} had not delivered",
        "闸门关闭{length}：{modules}未交付",
    ),
    "what_happened": (
        "The plan came a moment before the start: nobody was trained, nothing at the outlets.",
        "方案在活动开始前一刻才下达，来不及培训，海报和礼品也没能送到网点。",
    ),
    "why_surprised": (
        "Each department saw only its own due date, and nobody what the others were waiting for.",
        "各部门只看到自己的期限，没有看到别人在等什么。",
    ),
    "went_well": (
        "The gate kept customers from an offer nobody could serve.",
        "闸门没有让客户遇到无法兑现的活动。",
    ),
    "thanks": (
        "The outlets, for saying early that nothing had arrived.",
        "感谢网点及早反映物料未到。",
    ),
    "unnamed": (
        "✓ None of {people} people is named in the published review",
        "✓ 已发布的复盘中，{people}人的姓名无一出现",
    ),
    "action": (
        "Training is booked on the day the plan is signed",
        "方案签署当天即预订培训",
    ),
    "why_declined": (
        "no highlight yet: marketing must extract one selling point first",
        "没有提炼卖点：请市场先给出一句话卖点",
    ),
    "new_condition": (
        "Marketing hands over a one-line selling point before the proof",
        "打样前由市场交付一句话卖点",
    ),
    "why_again": ("the selling point is now part of the terms", "卖点已写入条款"),
    "why_stopped": (
        "the posters are not at the outlets and nobody is trained",
        "海报没有到网点，也没有人接受过培训",
    ),
    "why_resumed": ("materials arrive today, training is set", "物料今天到位，培训已安排"),
    "evidence": ("done and checked", "已完成并自查"),
    "why_rejected": ("the selling point is missing on the poster", "海报上缺少卖点"),
    "evidence_again": ("poster corrected, proof attached", "海报已更正，附打样"),
    "refused": (
        "{who} tries to sign for {step} and is refused: {why}",
        "{who}试图为{step}签署，被拒绝：{why}",
    ),
    "proved": (
        "✓ {events} events, every hash computed again from what the API served",
        "✓ {events}条记录，哈希链已按接口返回的内容逐条复核",
    ),
    "retold": (
        "✓ The history of {history} Temporal events, replayed, gives the same {events} events",
        "✓ 用{history}条 Temporal 历史事件回放，得到同样的{events}条记录",
    ),
    "whole": (
        "✓ The ledger is whole: {entries} entries, {signatures} signatures, read model the same",
        "✓ 台账完整：{entries}条记录、{signatures}个签名，读模型一致",
    ),
    "silent": ("waiting: nobody answers for channel", "等待中：渠道无人答复"),
    "to_head": (
        "waiting: the lead has heard and still says nothing",
        "等待中：负责人已获知，仍未答复",
    ),
    "to_start": ("waiting for the window to start", "等待窗口开始"),
    "to_end": ("live, waiting for the window to end", "活动进行中，等待窗口结束"),
}

WHY_REFUSED: Final[Mapping[str, str]] = {
    "launch_stopped": "活动已被叫停",
    "four_eyes": "发起方不能替承诺方签署（四眼原则）",
}
"""Codes of the API, whose sentences are English."""


class Cast:
    """The people of the demo, each with their own token."""

    def __init__(self, url: str, tokens: Mapping[str, str], lang: Lang) -> None:
        self.lang = lang
        self._apis = {person: Api(url, token) for person, token in tokens.items()}

    def __enter__(self) -> Self:
        self._open = ExitStack()
        for api in self._apis.values():
            self._open.enter_context(api.client)
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def __getitem__(self, person: str) -> Api:
        return self._apis[person]

    def line(self, key: str) -> str:
        en, zh = LINES[key]
        return zh if self.lang == "zh" else en
