"""The words of a comparison with another system, in Chinese and English: faults of its file, what was known here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words import account_words, explain_words
from gateway.words.alarm_words import Words
from gateway.words.texts import Text
from gateway.words.track_formats import SOURCES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from zoneinfo import ZoneInfo

    from gateway.words.accounts import Account
    from gateway.words.explained import Explanation
    from gateway.words.shadows import Refused

LANGUAGES: Final = ("zh", "en")
FAULTS: Final[Mapping[str, Text]] = {
    "quote": Text(
        "引号不成对，此后的内容未读；请去掉或补齐",
        'a quotation mark " without its partner, nothing behind it was read: leave both out',
    ),
    "columns": Text(
        "有 {count} 列，首行只有 {most} 列；请核对逗号和引号",
        "{count} columns, the first line names {most}: look at commas and quotation marks",
    ),
    "who": Text("没有写设备或人员；请填 device 或 person", "neither device nor person: write one of them"),
    "device": Text(
        "不认识的设备“{value}”；请写 devices.csv 中的 device 或 identity",
        "device {value!r} is not known: write its device or identity of devices.csv",
    ),
    "person": Text(
        "不认识的人员“{value}”；请写 people.csv 中的编号（不是姓名）",
        "person {value!r} is not known: write the id of people.csv, never a name",
    ),
    "apart": Text(
        "当时佩戴设备 {device} 的不是 {person}；请核对这两列，或只写其中一列",
        "{device} was not worn by {person} then: look at the two columns, or write one of them",
    ),
    "kind": Text(
        "种类“{value}”没有对应；请在 --kinds 文件中写一行 {value},本系统种类（不比较的写 -）",
        "kind {value!r} is not mapped: write a line {value},OUR_KIND in the file of --kinds (- for what"
        " is not to be compared)",
    ),
    "zone": Text(
        "时间“{value}”没有写时区；请写成 {value}+08:00，或用 --times-in Asia/Shanghai",
        "time {value!r} does not say its zone: write {value}+08:00, or give --times-in Asia/Shanghai",
    ),
    "time": Text(
        "“{value}”不是时间；请写成 2026-11-02T22:05:00+08:00",
        "{value!r} is no time: write it as 2026-11-02T22:05:00+08:00",
    ),
    "order": Text("结束早于开始；请核对 from、until 两列", "it ends before it begins: look at from and until"),
}
"""Why a line is not counted, and what to do."""
FILES: Final[Mapping[str, Text]] = {
    "shadow_unreadable": Text("{path}：无法读取（{cause}）", "{path}: cannot be read: {cause}"),
    "shadow_encoding": Text(
        "{path}:{line}：既不是 UTF-8 也不是 GB18030；请另存为 UTF-8",
        "{path}:{line}: neither UTF-8 nor GB18030: save it as UTF-8",
    ),
    "shadow_header": Text(
        "{path}:1：首行缺少列 {missing}；须有 kind（报警类型）、from（开始时间），以及 device（设备）或"
        " person（人员），可有 until（结束时间）",
        "{path}:1: the first line has no column {missing}: it needs kind, from, and device or person;"
        " until may be there",
    ),
    "shadow_empty": Text(
        "{path}：没有一行能用，共 {count} 行有错；第一处：{first}",
        "{path}: no line can be used, {count} have faults; the first: {first}",
    ),
    "shadow_mapping": Text(
        "{path}:{line}：应为“对方种类,本系统种类”，后者须是：{allowed}，或 -（不比较）",
        "{path}:{line}: write THEIR_KIND,OUR_KIND with one of {allowed}, or - for what is not to be compared",
    ),
    "shadow_zone": Text(
        "--times-in“{value}”不是时区；例如 Asia/Shanghai",
        "--times-in {value!r} is no time zone: for example Asia/Shanghai",
    ),
    "shadow_time": Text("--until 须晚于 --since", "--until must be later than --since"),
    "shadow_form": Text("{path}：文件名须以 .html 或 .json 结尾", "{path}: the name must end in .html or .json"),
    "shadow_office": Text(
        "{number} 只能查看 {office} 的人员；对照涉及全县，请由领导或值班人员进行",
        "{number} sees the people of {office} alone: a comparison is of the whole county, for a leader"
        " or the duty desk",
    ),
    "shadow_fault": Text("{path}:{line}：{text}", "{path}:{line}: {text}"),
    "shadow_faults": Text("{count} 行未计入；其余照常比较", "{count} lines were not counted; the others were compared"),
    "shadow_written": Text(
        "{path}：双方都有 {both}，只有对方 {theirs}，只有本系统 {ours}",
        "{path}: both have {both}, only theirs {theirs}, only ours {ours}",
    ),
}
"""What the command says."""
KNOWN: Final[Mapping[str, Text]] = {
    "begins": Text(
        "本系统日志从{begins}开始，当时的已不在或还没有", "our journal begins at {begins}: of that time it has nothing"
    ),
    "nobody": Text("当时没有人佩戴设备 {device}", "nobody wore {device} then"),
    "uncovered": Text(
        "此人目前没有定位依据，因此不再查看当时的情况",
        "no authority covers this wearer now, so that nothing of then was looked at",
    ),
    "reports": Text(
        "此前一小时收到 {count} 次报告，其中 {placed} 次有定位，最后一次 {last}",
        "in the hour before {count} reports had come, {placed} with a place, the last at {last}",
    ),
    "silent": Text("此前一小时没有收到任何报告", "in the hour before no report had come"),
    "retracted": Text(
        "本系统报过“{kind}”（自{onset}起），后来数据到齐又撤回",
        "ours had it ({kind}, since {onset}) and took it back, as later data showed nothing of it",
    ),
    "other": Text("本系统当时报的是“{kind}”（自{onset}起）", "what ours had then is: {kind}, since {onset}"),
    "unasked": Text(
        "“{kind}”：没有规定对此人要求这一项，或当时没有佩戴设备",
        "{kind}: no rule asks for it of this person, or nothing was worn",
    ),
    "unraised": Text("“{kind}”：本版本不报这一种", "{kind}: this version never raises it"),
    "judged": Text(
        "此前一天有 {count} 次可判断的定位，最后一次 {time}（{source}）：{verdict}，累计 {p:.1f}%",
        "{count} fixes to judge by in the day before, the last at {time} ({source}): {verdict}, in all {p:.1f} %",
    ),
}
"""What was known here when they had an alarm and we had none."""


def line_of(path: object, one: Refused) -> Text:
    """Where a fault is, what it is, and what to do: ``file:line: ...``."""
    told = [
        FILES["shadow_fault"].of(each).format(path=path, line=one.line, text=one.text.of(each)) for each in LANGUAGES
    ]
    return Text(*told)


def outline(one: Explanation, words: Words) -> Iterator[str]:
    """Why an alarm of a place stood or none did, without the places: no coordinates, no distance."""
    language = words.language
    yield explain_words.HEAD.of(language).format(
        person=one.person, rule=one.rule, text=one.text[language], basis=one.basis, configuration=one.configuration
    )
    yield explain_words.why(one, words)
    if one.duty is not None:
        begin, end, grace = one.duty
        duty = {"begin": words.clock(begin), "end": words.clock(end), "grace": words.clock(begin + grace)}
        yield explain_words.DUTY.of(language).format(**duty)
    if one.steps:
        last = one.steps[-1]
        yield KNOWN["judged"].of(language).format(
            count=len(one.steps) + one.left_out, time=words.clock(last.time, seconds=True), p=100.0 * last.p,
            source=SOURCES[last.source].of(language),
            verdict=explain_words.VERDICTS[last.verdict].of(language),
        )  # fmt: skip


def outline_of_number(one: Account, words: Words) -> Iterator[str]:
    """Why an alarm that rests on a number stood or none did; a number of metres is not told."""
    yield account_words.head(one, words)
    if one.text:
        yield account_words.RULE.of(words.language).format(
            rule=one.rule, text=one.text[words.language], basis=one.basis
        )  # fmt: skip
    yield account_words.why(one, words)
    if one.measure.unit == "flag" and not one.raised:
        yield UNSAID.of(words.language)
    elif one.measure.unit != "m":
        yield account_words.measure_words(one.measure, words.language)


UNSAID: Final = Text("最近一次报告没有这样说", "the last report did not say so")


def spoken_in(zone: ZoneInfo) -> tuple[Words, Words]:
    """Both languages, in the county's time."""
    return Words("zh", zone), Words("en", zone)
