"""The words of ``check`` about single values: numbers, durations, times, ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

VALUE_MESSAGES: Final[Mapping[str, tuple[str, str]]] = {
    "number_expected": (
        "“{value}”不是数字；请写半角数字，例如 {example}",
        "“{value}” is not a number; write digits, for example {example}",
    ),
    "number_above": (
        "{value} 超出范围；请写大于 {bound} 的数",
        "{value} is out of range; write a number greater than {bound}",
    ),
    "number_least": (
        "{value} 超出范围；最小为 {bound}",
        "{value} is out of range; write {bound} or more",
    ),
    "number_most": (
        "{value} 超出范围；最大为 {bound}",
        "{value} is out of range; write {bound} or less",
    ),
    "boolean_expected": (
        "“{value}”应写 true 或 false",
        "“{value}” should be true or false",
    ),
    "choice": (
        "“{value}”不在可选之列；请写其中之一：{allowed}",
        "“{value}” is not a choice; write one of: {allowed}",
    ),
    "identifier": (
        "编号“{value}”只能用字母、数字和 _ . -，不写姓名",
        "the id “{value}” may only have letters, digits and _ . -; no names",
    ),
    "care_code": (
        "“{value}”不是照护代码：只写代码（如 H2，含义由县里另存）或 {words}，不写病情",
        (
            "“{value}” is no care code: write a code, for example H2 (what it means the county keeps elsewhere), or "
            "one of {words}; never words of health"
        ),
    ),
    "duration": (
        "“{value}”不是时长；请写数字加单位，例如 90s、15min、2h、1d",
        "“{value}” is not a duration; write a number and a unit, for example 90s, 15min, 2h, 1d",
    ),
    "clock_number": (
        '{value} 是数字，不是时刻；请加引号写成 "{guess}"（不加引号的 22:00 在有些软件里会变成 1320）',
        '{value} is a number, not a time; write "{guess}" in quotes (an unquoted 22:00 becomes 1320 in some programs)',
    ),
    "clock": (
        '“{value}”不是时刻；请写 "00:00" 到 "23:59"，例如 "22:00"',
        '“{value}” is not a time of day; write "00:00" to "23:59", for example "22:00"',
    ),
    "clock_mark": (
        '“{value}”不是时刻；请用冒号，加引号写成 "{guess}"',
        '“{value}” is not a time of day; write it with a colon, in quotes: "{guess}"',
    ),
    "clock_beyond": (
        '“{value}”超过一天；次日时刻直接写，例如 "{guess}"（结束早于开始即为次日）',
        (
            '“{value}” is past midnight; write the time of the next day, for example "{guess}" (an end before '
            "the start means the next day)"
        ),
    ),
    "date": (
        "“{value}”不是日期；请写成 2026-11-01",
        "“{value}” is not a date; write it like 2026-11-01",
    ),
    "moment": (
        '“{value}”不是时间；请写成 "2026-12-31 18:00"（当地时间）',
        '“{value}” is not a time; write it like "2026-12-31 18:00" (local time)',
    ),
    "timezone": (
        "不认识时区“{value}”；请写 Asia/Shanghai 这样的名称",
        "the time zone “{value}” is not known; write a name like Asia/Shanghai",
    ),
    "duration_short": (
        "“{value}”太短；最短写 {bound}",
        "“{value}” is too short; write {bound} or more",
    ),
    "duration_long": (
        "“{value}”太长；最长写 {bound}",
        "“{value}” is too long; write {bound} or less",
    ),
    "closer_whole": (
        "“{value}”不是整秒；设备只认整秒，请写成 60s 这样的",
        "“{value}” is no whole number of seconds, and devices take no other; write it like 60s",
    ),
    "closer_usual": (
        "平时的间隔 usual 须长于加密时的 every（{every}）；请把 usual 写得更长",
        "usual has to be longer than every ({every}), else nothing comes closer; write a longer one",
    ),
    "closer_lasting": (
        "lasting 太短，加密期间来不了三次上报；请写 {least} 或更长",
        "lasting is too short for three closer reports; write {least} or more",
    ),
    "hold_of": (
        "保全须写明对象：person（人员编号）或 alarm（报警编号）只写一个",
        "a hold is of somebody or of an alarm: write exactly one of person and alarm",
    ),
    "task_begins": (
        "任务须写明何时开始：every（每隔多久）、before（哪种期限之前）或 alarm（哪种报警之后）只写一个",
        "say what a task begins with: write exactly one of every, before and alarm",
    ),
    "task_alarm": (
        "没有“{value}”这种报警；请写 docs/rules.md 里列出的种类",
        "there is no kind of alarm “{value}”; write one of those in docs/rules.md",
    ),
    "hold_alarm": (
        "“{value}”不是报警编号；请照 alarms 里的写全 32 位",
        "“{value}” is no alarm's id; write all 32 digits as alarms shows them",
    ),
    "alarm_days_short": (
        "报警及其处置的保存天数 alarm_days（{value}）少于位置的 keep_days（{least}）；请写 {least} 或更多",
        "alarms would be kept for fewer days (alarm_days: {value}) than places (keep_days: {least}); write {least}",
    ),
    "days_empty": (
        "没有写任何一天；请写 daily、workdays、weekend 或 [mon, tue, wed, thu, fri, sat, sun] 中若干",
        "no day is written; write daily, workdays, weekend or a list out of [mon, tue, wed, thu, fri, sat, sun]",
    ),
    "unseen": (
        "“{value}”中有看不见的字符；请删去",
        "“{value}” has characters that cannot be seen; delete them",
    ),
    "secret_short": (
        "密钥太短；至少 {least} 个字符，用 openssl rand -hex 32 生成",
        "the key is too short; it takes {least} characters or more: make one with openssl rand -hex 32",
    ),
    "request_open": (
        "注意：“{value}”不加密；号码和位置是个人信息，出本机须用 https://",
        "note: “{value}” is not encrypted; numbers and places are personal data: beyond this machine use https://",
    ),
}
