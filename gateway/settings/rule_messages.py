"""The words of ``check`` about authorities, rules, alarms and duties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

RULE_MESSAGES: Final[Mapping[str, tuple[str, str]]] = {
    "home_near": (
        "注意：有人的家距禁入区“{zone}”不超过 {most} 米：{people}；在家时的定位可能落入其中，请核对范围",
        "note: homes within {most} m of barred zone “{zone}”: {people}; fixes at home may fall in: look at its size",
    ),
    # law
    "term_outlasted": (
        "{person} 的监管期限到 {latest} 为止；依据和规则的 until 最晚写这一天（解矫日在 people 的 term_until）",
        (
            "the term of {person} ends on {latest}: neither authority nor rule may last longer; correct until, or "
            "term_until under people"
        ),
    ),
    "returned_early": (
        "returned 早于 from；没有请假出去就删去这一条",
        "returned lies before from; of who never went, take the entry out",
    ),
    "authority_long": (
        "依据期限超过三个月；until 最晚写 {latest}，需要延长的另写一条并注明新的批准文书",
        (
            "the authority is longer than three months; until may be {latest} at the latest, an extension is an "
            "entry of its own with its own document"
        ),
    ),
    "ground_missing": (
        "佩戴腕带须写明法定情形 ground，五选一：{allowed}",
        "a bracelet needs one of the five statutory grounds; write ground: one of {allowed}",
    ),
    "ground_useless": (
        "ground 是佩戴腕带的法定情形，电话核查不写；请删去这一项",
        "ground is the statutory ground of a bracelet, not of a phone check; delete it",
    ),
    "bracelet_needed": (
        (
            "规则“{rule}”的 {key} 也管到 {people}，而他们没有佩戴腕带的依据；手机定位只能说明在不在 2 公里以上的"
            "大范围内、是否关机：请把他们移出 people，或在 authorities 中补上 kind: bracelet 的依据"
        ),
        (
            "{key} of the rule “{rule}” binds {people}, who have no authority for a bracelet; a phone only tells "
            "whether it is in a region of 2 km or more, or off: take them out of people, or add an authority of "
            "kind bracelet"
        ),
    ),
    "informed_late": (
        "告知日 {value} 晚于开始日；应先告知，后开始：请改正 wearer_informed 或 from",
        "the wearer was informed on {value}, after the start; correct wearer_informed or from",
    ),
    # rules
    "rule_empty": (
        "规则“{value}”没有任何要求；请写 stay_inside、keep_out、curfew、repeated_place 中至少一项",
        "the rule “{value}” asks for nothing; write at least one of stay_inside, keep_out, curfew, repeated_place",
    ),
    "rule_people": (
        "“{value}”不是人员；请写 all、编号列表 [P0001]，或 {{level: strict}}",
        "“{value}” does not name people; write all, a list of ids [P0001], or {{level: strict}}",
    ),
    "home_needed": (
        "规则“{value}”要求在家，但 {person} 没有住处坐标；请在 people 中填写",
        "the rule “{value}” asks to be at home, but {person} has no home; fill it in under people",
    ),
    "curfew_empty": (
        '宵禁的开始与结束相同；请改正 from 或 until；全天请写 from: "00:00"、until: "24:00"',
        (
            "the curfew starts and ends at the same time; correct from or until; for the whole day write "
            'from: "00:00", until: "24:00"'
        ),
    ),
    "days": (
        "“{value}”不是星期；请写 daily、workdays、weekend 或 [mon, tue, wed, thu, fri, sat, sun] 中若干",
        "“{value}” is not a day; write daily, workdays, weekend or a list out of [mon, tue, wed, thu, fri, sat, sun]",
    ),
    "nights_order": (
        "nights（{nights}）不能大于 of（{of}）；例如 {{nights: 3, of: 5}}",
        "nights ({nights}) cannot exceed of ({of}); for example {{nights: 3, of: 5}}",
    ),
    # alarms
    "notify_unknown": (
        "没有名为“{value}”的值班组；请在 duty 中写明，或写：{allowed}",
        "nobody is called “{value}”; declare the duty or write one of: {allowed}",
    ),
    "after_level_useless": (
        "“{value}”的延时不分监管级别；请只写 after，或删去这一项",
        "the delay of “{value}” is the same at every level; write after instead, or delete this",
    ),
    "after_useless": (
        "“{value}”没有延时，不能写 after；请删去这一项",
        "“{value}” has no delay; delete after",
    ),
    "glitch_mild": (
        "疑似误报的表带断开不能低于 serious（重要），写了“{value}”；请写 serious 或 critical",
        "a strap that is only suspected of a fault is never milder than serious, not “{value}”; write serious or"
        " critical",
    ),
    "escalation_half": (
        "escalate_after 与 to 须同时写：多久之后、通知谁",
        "escalate_after and to go together: after how long, and to whom",
    ),
    "kind_not_built": (
        "注意：此版本还不会发出“{value}”报警，这项配置不起作用",
        "note: this version never raises “{value}”: what is configured here has no effect",
    ),
    "holidays_not_built": (
        "注意：此版本还不按节假日判断，holidays 不起作用；节假日不同的时段请另写规则或请假",
        (
            "note: this version does not judge by holidays yet: what stands here has no effect; write rules or leave "
            "for these days"
        ),
    ),
    "duty_half": (
        "值班的 from 与 until 须同时写，或都不写（全天）",
        "from and until of a duty go together, or leave both out (always)",
    ),
    "network_form": (
        "“{value}”不是网段；请写成 10.0.0.0/8（主机位为 0），多个用空格隔开",
        "“{value}” is no network; write 10.0.0.0/8 (no bits behind the mask), several with blanks between",
    ),
    "staff_unknown": (
        "staff 表中没有工号“{value}”；请先在 staff 中登记或改正工号",
        "no staff number “{value}”; enter it under staff or correct it",
    ),
    "staff_user": (
        "账号“{value}”已在 {other} 用过；一个账号只能属于一个人",
        "the account “{value}” is already at {other}; an account belongs to one person",
    ),
    "staff_root": (
        "root 不能作为工作人员的账号；请给每人建一个自己的账号",
        "root cannot be the account of a member of staff; give everybody an account of their own",
    ),
    "staff_audit": (
        "注意：审计应与其他工作分开；请让审计员只有 auditor 一个角色",
        "note: audit is to be apart from all other work; let the auditor have no role but auditor",
    ),
    "staff_office": (
        "角色 office 须写明 office（所属司法所），例如 office: SFS-01",
        "the role office needs the office, for example office: SFS-01",
    ),
    "grace_long": (
        "宽限不短于宵禁本身（{length}）；请写短一些，例如 15min",
        "the grace is not shorter than the curfew itself ({length}); write less, for example 15min",
    ),
    "zone_both": (
        "同一区域“{value}”既要求在内又禁止进入；请删去 stay_inside 或 keep_out",
        "the zone “{value}” is both to be stayed in and kept out of; delete stay_inside or keep_out",
    ),
}
