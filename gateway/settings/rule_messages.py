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
    "extension_unassessed": (
        "注意：{person} 的这条依据接着前一条，是延长，但没有写评估文书；请在 assessment 写明",
        "note: this authority of {person} goes on where another ends: write the document of its assessment",
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
    "excuses_none": (
        "excuses 没有写任何规则；请写规则的 id，或写 all（全部）",
        "excuses names no rule; write ids of rules, or all",
    ),
    "unknown_rule": (
        "没有规则“{value}”；可写：{allowed}，或 all",
        "there is no rule “{value}”; write one of {allowed}, or all",
    ),
    "excuses_other": (
        "规则“{value}”不管 {person}，无需免除；请改正 person，或从 excuses 中删去",
        "the rule “{value}” does not bind {person}; correct person, or take it out of excuses",
    ),
    "excuses_barred": (
        "规则“{value}”是禁入区，请假不能免除；请从 excuses 中删去，确需进入的另行批准并修改规则",
        "the rule “{value}” bars from a zone, which no leave opens; take it out of excuses",
    ),
    "travel_nowhere": (
        "没有写 zone 就没有路途；请删去 travel，或写明 zone（请假地点）",
        "without a zone there is no way to it; delete travel, or write zone",
    ),
    "leave_overlap": (
        "注意：{person} 的请假与 {other} 时间重叠而地点不同，两处都会核对；请改正时间或地点",
        "note: the leave of {person} overlaps that at {other} and names another zone: both places are judged",
    ),
    # rules
    "unknown_protected": (
        "protected 中没有“{value}”；应为其中之一：{allowed}",
        "“{value}” is none of protected; write one of {allowed}",
    ),
    "protected_supervised": (
        "“{value}”已在 people 中：受保护人另用编号，不能是被监管的人",
        "“{value}” is one of people: a protected person has an id of their own and is not supervised",
    ),
    "protected_device": (
        "设备“{device}”在这段时间里已分配给别人；受保护人须有自己的设备",
        "the device “{device}” is somebody else's in that time; a protected person needs one of their own",
    ),
    "near_nothing": (
        "规则“{value}”的 near 是到边界的距离，须同时有 stay_inside 或 keep_out",
        "near of the rule “{value}” is a distance to a boundary: it needs stay_inside or keep_out",
    ),
    "company_unnamed": (
        "规则“{value}”的 not_together 要在 people 中写明至少两个人的编号，不能写 all 或 level",
        "not_together of the rule “{value}” needs the ids of two people at least under people, not all or a level",
    ),
    "rule_empty": (
        "规则“{value}”没有任何要求；请写其中至少一项：{keys}",
        "the rule “{value}” asks for nothing; write at least one of {keys}",
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
    "hours_twice": (
        "写了 hours 就不再写 {key}；请把它写进 hours 的某一项，或删去 hours",
        "{key} goes into an entry of hours, or delete hours",
    ),
    "hours_overlap": (
        "与 {other} 的时段重叠；请合并，或改正 from、until、days",
        "these hours overlap those at {other}; make one of them, or correct from, until or days",
    ),
    "recurs_says": (
        "写了 recurs 就不写 {key}：DTSTART 已说明何时开始；请删去 {key}",
        "with recurs there is no {key}: DTSTART says when it begins; delete {key}",
    ),
    "recurrence_lacks": (
        "recurs 须恰好有一个 {value}；例如 DTSTART:20260105T220000 RRULE:FREQ=WEEKLY;BYDAY=MO",
        "recurs needs exactly one {value}; for example DTSTART:20260105T220000 RRULE:FREQ=WEEKLY;BYDAY=MO",
    ),
    "recurrence_line": (
        "“{value}”不认识；recurs 只写 {allowed}，每项形如 EXDATE:20260216",
        "“{value}” is not known; recurs has {allowed} alone, each as EXDATE:20260216",
    ),
    "recurrence_begin": (
        "DTSTART“{value}”须有日期和时刻、秒为 00、不早于 {allowed} 年；例如 DTSTART:20260105T220000",
        "DTSTART “{value}” needs a day and a time, seconds 00, from {allowed} on; write DTSTART:20260105T220000",
    ),
    "recurrence_moment": (
        "“{value}”不是日期或时刻；请写 20260105 或 20260105T220000",
        "“{value}” is no day or time; write 20260105 or 20260105T220000",
    ),
    "recurrence_zone": (
        "“{value}”不是本县时区；请写当地时间，不写 TZID，或写 TZID={allowed}",
        "“{value}” is not the county's time zone; write local time without TZID, or TZID={allowed}",
    ),
    "recurrence_often": (
        "FREQ“{value}”不能用；请写 {allowed} 之一。一天几个时段请在 hours 中写几项",
        "FREQ “{value}” is not taken; write one of {allowed}. Several windows a day are several entries of hours",
    ),
    "recurrence_part": (
        "RRULE 的“{value}”在此不能用，或写了两次；可用：{allowed}",
        "“{value}” of RRULE is not taken here, or stands twice; possible: {allowed}",
    ),
    "recurrence_number": (
        "“{value}”须在 {allowed} 之间（可从末尾数的可加负号）",
        "“{value}” is not within {allowed} (negative where it may be counted from the end)",
    ),
    "recurrence_day": (
        "“{value}”不是星期；请写 {allowed}；第几个（如 2MO、-1FR）只用于 MONTHLY、YEARLY",
        "“{value}” is no weekday; write {allowed}; the n-th of them (2MO, -1FR) with MONTHLY and YEARLY alone",
    ),
    "recurrence_ends_twice": (
        "COUNT 与 UNTIL 只能写一个；请删去其一：{value}",
        "COUNT and UNTIL exclude each other; delete one of them: {value}",
    ),
    "recurrence_start": (
        "DTSTART {value} 不在 RRULE 所说的日子里（或规则永不成立）；请把 DTSTART 改为第一次的日期",
        "DTSTART {value} is no day of the RRULE, or none ever is; let DTSTART be the first one",
    ),
    "recurrence_exdate": (
        "EXDATE {value} 这一天本来就没有；请改为要除去的那一天，或删去",
        "EXDATE {value} is no day of the recurrence; write the day that is left out, or delete it",
    ),
    "recurrence_long": (
        "recurs 太长（{value} 个字符，至多 {allowed}）；请分为几项，或用 UNTIL 代替许多 EXDATE",
        "recurs is too long ({value} characters, at most {allowed}); make several of it",
    ),
    # holidays
    "days_span": (
        "“{value}”首日晚于末日，或超过 {most} 天；请写成 2026-02-15/2026-02-23",
        "“{value}” ends before it begins, or is longer than {most} days; write 2026-02-15/2026-02-23",
    ),
    "holiday_empty": (
        "没有写任何日子；请写 off（放假）或 work（上班）",
        "there is no day in it; write off or work",
    ),
    "holiday_half": (
        "year 与 document 须同时写：整年的安排要写明公布它的文件",
        "year and document go together: all of a year is as a notice has it",
    ),
    "holiday_both": (
        "{value} 既放假又上班；请从 off 或 work 中删去",
        "{value} is both off and worked on; delete it from off or from work",
    ),
    "holiday_year": (
        "{value} 不在 {year} 年；请改正日期，或写到那一年的一项里",
        "{value} does not lie in {year}; correct it, or write it into the entry of its year",
    ),
    "year_unpublished": (
        (
            "注意：{year} 年的放假调休安排尚未公布或未登记，workdays、weekend 暂按周一至周五；"
            "公布后请写入 holidays（year、document、off、work）"
        ),
        (
            "note: the holidays of {year} are not published, or not entered: until they stand under holidays (year, "
            "document, off, work), workdays are Monday to Friday"
        ),
    ),
    "nights_order": (
        "nights（{nights}）不能大于 of（{of}）；例如 {{nights: 3, of: 5}}",
        "nights ({nights}) cannot exceed of ({of}); for example {{nights: 3, of: 5}}",
    ),
    "office_rule_alone": (
        (
            "注意：规则“{rule}”的 {key} 只以本单位规定（office_rule）为依据；宵禁、禁入和行为规律应有禁止令、"
            "法律规定或批准文书"
        ),
        (
            "note: {key} of the rule “{rule}” rests on a rule of the office alone (office_rule); a curfew, a barred "
            "zone or a pattern should have a court order, a statute or an approval"
        ),
    ),
    # alarms
    "pattern_critical": (
        "注意：“{value}”是行为规律，只供查问，等级至多 serious，按 serious 处理；请改为 serious 或更低",
        "note: “{value}” is a pattern, to be asked about, and treated as serious at most: write that, or less",
    ),
    "notify_unknown": (
        "没有名为“{value}”的值班组；请在 duty 中写明，或写：{allowed}",
        "nobody is called “{value}”; declare the duty or write one of: {allowed}",
    ),
    "after_level_useless": (
        "“{value}”的延时不分监管级别；请只写 after，或删去这一项",
        "the delay of “{value}” is the same at every level; write after instead, or delete this",
    ),
    "at_home_useless": (
        "at_home 只用于 comms_lost，“{value}”不能写；请删去这一项",
        "at_home is of comms_lost alone; delete it at “{value}”",
    ),
    "after_useless": (
        "“{value}”没有延时，不能写 after；请删去这一项",
        "“{value}” has no delay; delete after",
    ),
    "glitch_mild": (
        "疑似误报的表带断开不能低于 serious（重要），写了“{value}”；请写 serious 或 critical",
        "a strap suspected of a fault is never milder than serious, not “{value}”; write serious or critical",
    ),
    "escalation_half": (
        "escalate_after 与 to 须同时写：多久之后、通知谁",
        "escalate_after and to go together: after how long, and to whom",
    ),
    "kind_not_built": (
        "注意：此版本还不会发出“{value}”报警，这项配置不起作用",
        "note: this version never raises “{value}”: what is configured here has no effect",
    ),
    "notify_wearer": (
        "“{value}”不得通知本人（表带、禁入区、受保护人、同案人员）；请删去 wearer",
        "of “{value}” the wearer is never told (strap, barred zones, protected persons, others); delete wearer",
    ),
    "notices_kind": (
        "notices 须且只须写一种：modem（串口）或 http（短信网关）",
        "notices takes exactly one of modem (a serial device) and http (a gateway)",
    ),
    "notices_twice": (
        "短信模块只能写一处：notices，或 upstreams 中的一条 sms",
        "one modem alone: the section notices, or one upstream with sms",
    ),
    "notices_url": (
        "“{value}”不是短信网关地址；请写成 https://主机/路径",
        "“{value}” is not a gateway's address; write https://host/path",
    ),
    "notices_field": (
        "短信网关的 url、headers 或 body 里要有 {value}",
        "the gateway's url, headers or body has to have {value} in it",
    ),
    "notices_secret": (
        "用到了 {value}；请在 credentials.yaml 中写用户名和密码，并在 notices 下写 credential: 名称",
        "{value} is used: put user name and password into credentials.yaml and write credential: name under notices",
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
