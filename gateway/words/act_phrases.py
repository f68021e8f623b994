"""Officers' acts in words, in Chinese and English: why one is refused, its line, and what came of what was agreed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.engine import ActLine
from gateway.words.change_texts import OUTCOMES
from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.engine import Episode, FollowUp
    from gateway.words.alarm_words import Words

REFUSALS: Final[Mapping[str, Text]] = {
    "alarm_gone": Text(
        "没有未办结的报警 {value}：编号不对，或已办结",
        "no unresolved alarm {value}: the id is wrong, or it has been closed",
    ),
    "act_unknown": Text("“{value}”不是对报警的操作", "{value!r} is nothing that can be done with an alarm"),
    "alarm_past": Text("报警已办结或撤回，不能再操作", "the alarm is {value}: nothing more can be done with it"),
    "alarm_open": Text(
        "报警尚未办结，只有办结之后才能这样做；现在请用备注写下",
        "the alarm is not closed, and this is for closed ones: note it instead",
    ),
    "acts_many": Text(
        "这条报警已有 {value} 次操作，不能再加；请办结", "the alarm has {value} acts, and takes no more: close it"
    ),
    "outcome_missing": Text(
        "办结须写结论（outcome）：confirmed 属实、excused 有正当理由、technical 设备原因、false 误报、unverifiable 无法核实",
        "a close needs an outcome: confirmed, excused, technical, false, unverifiable",
    ),
    "verified_by_missing": Text(
        "以“属实”办结，须写明如何核实（verified_by）：call 电话、visit 上门、document 文书、police 公安；轨迹本身不能认定",
        "a close as confirmed has to say how it was verified (verified_by): call, visit, document, police; a track alone"
        " never suffices",
    ),
    "whom_missing": Text(
        "联系记录须写联系了谁（whom）：wearer 本人、family 家属、office 司法所、police 公安、other 其他人",
        "an attempt needs whom: wearer, family, office, police, other",
    ),
    "result_missing": Text(
        "联系记录须写结果（result）：no_answer 无人接、reached 接通、promised 已答应、refused 拒绝",
        "an attempt needs its result: no_answer, reached, promised, refused",
    ),
    "expects_missing": Text(
        "约定须写届时应怎样（expects）：home 到家、reports 设备上报、calls 来电、visit 上门",
        "a follow-up needs what is to be so then (expects): home, reports, calls, visit",
    ),
    "due_past": Text("约定的时间已过；请写将来的时间", "the time of a follow-up has passed: give one to come"),
    "due_far": Text("约定的时间太远；最多92天以后", "the time of a follow-up lies too far ahead: 92 days at most"),
    "to_unknown": Text(
        "配置中没有工号或司法所“{value}”，不能指派",
        "no staff number or office {value!r} in the configuration: not assigned",
    ),
    "disputed_leader": Text(
        "本人对办结有异议，须由领导复核后办结",
        "the wearer has objected to its close: a leader has to look at it and close it",
    ),
    "cause_missing": Text(
        "标记原因须写明（cause）：redrawn 边界改画、device 设备、rule 规定、other 其他",
        "a cause is needed: redrawn (the zone), device, rule, other",
    ),
    "cause_leader": Text("误报原因由领导标记", "a leader marks why an alarm was none"),
    "cause_outcome": Text(
        "报警不是以“误报”或“设备原因”办结的（{value}），不标记原因",
        "the alarm was closed as {value}, not as false or technical: no cause is marked",
    ),
    "note_missing": Text("须写明情况（note），不能空着", "a note is needed that says something"),
    "note_long": Text("说明有 {value} 个字符，最多 4000 个", "the note has {value} characters, at most 4000"),
    "not_processed": Text(
        "网关未能处理这一操作；请联系技术人员", "the gateway could not process it: tell the technician"
    ),
}
"""By the word that the engine answers; ``value`` is what stands behind it."""
WHOM: Final[Mapping[str, Text]] = {
    "wearer": Text("本人", "the wearer"), "family": Text("家属", "the family"), "office": Text("司法所", "the office"),
    "police": Text("公安", "the police"), "other": Text("其他人", "somebody else"),
}  # fmt: skip
RESULTS: Final[Mapping[str, Text]] = {
    "no_answer": Text("未接", "no answer"), "reached": Text("接通", "reached"),
    "promised": Text("已答应", "promised"), "refused": Text("拒绝", "refused"),
}  # fmt: skip
EXPECTS: Final[Mapping[str, Text]] = {
    "home": Text("到家", "home"), "reports": Text("设备上报", "the device reports"), "calls": Text("来电", "calls"),
    "visit": Text("上门", "a visit"),
}  # fmt: skip
CAUSES: Final[Mapping[str, Text]] = {
    "redrawn": Text("边界改画", "zone redrawn"), "device": Text("设备", "device"), "rule": Text("规定", "rule"),
    "other": Text("其他", "other"),
}  # fmt: skip
"""Why an alarm was none."""
VERIFIED: Final[Mapping[str, Text]] = {
    "call": Text("电话核实", "verified by a call"), "visit": Text("上门核实", "verified by a visit"),
    "document": Text("凭文书核实", "verified by a document"), "police": Text("公安核实", "verified by the police"),
}  # fmt: skip
LINES: Final[Mapping[str, Text]] = {
    "acknowledge": Text("{by} 接收", "{by} acknowledged it"),
    "take_over": Text("{by} 接手", "{by} took it over"),
    "note": Text("{by} 备注", "{by} noted"),
    "close": Text("{by} 办结·{outcome}{verified}", "{by} closed it ({outcome}{verified})"),
    "attempt": Text("{by} 联系{whom}：{result}", "{by} tried {whom}: {result}"),
    "follow_up": Text("{by} 约定{due} {expects}", "{by} agreed for {due}: {expects}"),
    "assign": Text("{by} 指派给 {to}", "{by} assigned it to {to}"),
    "arrived": Text("{by}：已到本人处", "{by}: somebody has reached the wearer"),
    "dispute": Text("本人对办结有异议，{by} 登记", "the wearer objects to its close, recorded by {by}"),
    "cause": Text("{by} 标记原因：{cause}", "{by} marked its cause: {cause}"),
}
FOUND: Final[Mapping[tuple[str, str], Text]] = {
    ("home", "met"): Text("判断已在家", "judged at home"),
    ("home", "not_met"): Text("判断仍不在家", "still judged away from home"),
    ("home", "unknown"): Text("是否在家无法判断", "whether at home cannot be judged"),
    ("reports", "met"): Text("设备已上报", "the device has reported"),
    ("reports", "not_met"): Text("设备仍未上报", "the device has still not reported"),
    ("reports", "unknown"): Text("设备是否上报无法判断", "whether the device has reported cannot be judged"),
    ("calls", "unknown"): Text("请核对是否已来电", "check whether the call has come"),
    ("visit", "unknown"): Text("请核对是否已上门", "check whether the visit was made"),
}
"""By what was agreed and what was found of it."""
REACHED: Final = Text("约定时间已到（{due} {expects}），{found}", "Agreed time reached ({due}, {expects}): {found}")
PENDING: Final = Text("约定{due} {expects}", "agreed for {due}: {expects}")
OWNER: Final = Text("处理人 {owner}", "with {owner}")
ASSIGNED: Final = Text("指派给 {assigned}", "assigned to {assigned}")


def refusal(result: str) -> Text:
    """Why an act was not done, of what the engine answers (``engine.acts.apply_act``); an older one did so in words."""
    word, _, value = result.partition(" ")
    return REFUSALS[word].filled(value=value) if word in REFUSALS else Text(result, result)


def line(act: ActLine, words: Words) -> str:
    """One act: who did what, and what was said of it."""
    said = {
        name: table[getattr(act, name)].of(words.language) if getattr(act, name) in table else getattr(act, name)
        for name, table in (
            ("whom", WHOM),
            ("result", RESULTS),
            ("expects", EXPECTS),
            ("outcome", OUTCOMES),
            ("cause", CAUSES),
        )
    }
    verified = VERIFIED[act.verified_by].of(words.language) if act.verified_by in VERIFIED else ""
    stop, colon = ("，", "：") if words.language == "zh" else (", ", ": ")
    told = LINES[act.do].of(words.language).format(
        by=act.by, to=act.to, due=words.clock(act.due), verified=verified and stop + verified, **said
    )  # fmt: skip
    # The result of an attempt has a colon before it.
    return told + ((stop if act.result or act.cause else colon) + act.note if act.note else "")


def act_lines(episode: Episode, words: Words) -> list[tuple[float, str]]:
    """All that was done about an alarm, the oldest first: when (UTC epoch seconds), and its line."""
    acts, noted = list(episode.acts), {(act.at, act.note) for act in episode.acts}
    # Of an older version there are notes alone.
    older = [note for note in episode.notes if (note.at, note.text) not in noted]
    acts += [ActLine(note.at, note.by, "note", 0, note=note.text) for note in older]
    return sorted((act.at, line(act, words)) for act in acts)


def followed(agreed: FollowUp, words: Words) -> str:
    """What was agreed, and what came of it."""
    found, text = FOUND.get((agreed.expects, agreed.verdict)), PENDING if agreed.is_pending else REACHED
    return text.of(words.language).format(
        due=words.clock(agreed.at), expects=EXPECTS[agreed.expects].of(words.language),
        found="" if found is None else found.of(words.language),
    )  # fmt: skip


def in_hand(episode: Episode, words: Words) -> str:
    """Whose it is, and what was agreed; empty: nobody's, nothing."""
    said = [OWNER.of(words.language).format(owner=episode.owner)] if episode.owner else []
    said += [ASSIGNED.of(words.language).format(assigned=episode.assigned)] if episode.assigned else []
    said += [followed(episode.follow_up, words)] if episode.follow_up is not None else []
    return ("；" if words.language == "zh" else "; ").join(said)
