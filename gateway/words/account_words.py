"""Why an alarm that rests on no zone's evidence stands, or none does, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.explain_words import FLIPS
from gateway.words.kind_names import kind_name
from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gateway.words.accounts import Account, Measure, Seen, Turn
    from gateway.words.alarm_words import Words

HEAD: Final = Text(
    "{who}，{kind}（配置 {configuration}；判断程序第 {engine} 版）",
    "{who}: {kind} (configuration {configuration}; engine {engine})",
)
RULE: Final = Text("规定 {rule}：{text}（依据 {basis}）", "rule {rule}: {text} (basis {basis})")
RAISED: Final = Text(
    "有报警，自{onset}起，{decided}判断（{alarm}）", "an alarm stands since {onset}, decided at {decided} ({alarm})"
)
NONE: Final = Text("{at}没有这种报警", "no such alarm stood at {at}")
NOT_ANEW: Final = Text(
    "自{since}起的数据不足以重新得出这一结果（所依据的更早），因此没有逐项试算",
    "the entries since {since} do not lead to it anew (what it rests on is older), so that nothing was tried",
)
READ: Final = Text("已重算自{since}起收到的数据", "worked out anew from what was received since {since}")
OVER: Final[Mapping[bool, Text]] = {
    True: Text("数值 {value}，达到 {limit} 即报警（出处：{source}）", "{value}; an alarm from {limit} on ({source})"),
    False: Text("数值 {value}，不超过 {limit} 即报警（出处：{source}）", "{value}; an alarm up to {limit} ({source})"),
}
UNLIMITED: Final = Text(
    "数值 {value}，没有界限，出现即报警", "{value}; there is no limit, it is an alarm as it happens"
)
SAID: Final = Text("由一条记录本身说明，出现即报警", "an entry says so by itself")
ENGINE: Final = Text("程序规定", "the engine's own")
UNITS: Final[Mapping[str, Text]] = {
    "s": Text("{value:,.0f} 秒", "{value:,.0f} s"), "percent": Text("{value:.0f}%", "{value:.0f} %"),
    "m": Text("{value:,.0f} 米", "{value:,.0f} m"), "p": Text("{percent:.1f}%", "{percent:.1f} %"),
    "n": Text("{value:g} 次", "{value:g}"), "days": Text("{value:.1f} 天", "{value:.1f} days"),
    "flag": Text("{value:.0f}", "{value:.0f}"),
}  # fmt: skip
"""A number with its unit."""
UNKNOWN: Final = Text("不明", "not known")
LEFT_OUT: Final = Text("（更早的 {count} 条略）", "({count} earlier entries left out)")
SEEN: Final = Text(
    "第 {offset} 条  收到 {received}{time}  {device}  {what}{says}{battery}{place}{value}",
    "entry {offset}  received {received}{time}  {device}  {what}{says}{battery}{place}{value}",
)
MADE: Final = Text("（设备时间 {time}）", " (device time {time})")
BATTERY: Final = Text("；电量 {percent}%", "; battery {percent} %")
PLACED: Final = Text("；有定位", "; with a place")
VALUE: Final = Text("；数值 {value}", "; the number is {value}")
WHAT: Final[Mapping[str, Text]] = {
    "frame": Text("报文", "frame"), "fragment": Text("分包", "fragment"), "opened": Text("连接", "connected"),
    "closed": Text("断开", "disconnected"), "stop": Text("网关停止", "gateway stopped"),
    "clock": Text("时钟调整", "clock set"), "command": Text("指令", "order"),
    "result": Text("指令结果", "result of an order"),
    "test": Text("测试请求", "test asked for"), "skipped": Text("跳过的记录", "entry passed over"),
    "erased": Text("已依法删除", "erased by order"),
}  # fmt: skip
"""Kinds of entry."""
SAYS: Final[Mapping[str, Text]] = {
    "sos": Text("求助", "emergency button"), "strap_cut": Text("表带断开", "strap open"),
    "strap_loose": Text("表带松动", "strap loose"), "case_open": Text("外壳打开", "case open"),
    "off_body": Text("未贴身", "no skin contact"), "battery_low": Text("电量低", "battery low"),
    "battery_empty": Text("电量将尽", "battery nearly flat"), "power_off": Text("正在关机", "being switched off"),
    "charging": Text("充电中", "charging"), "moving": Text("移动中", "moving"), "vibration": Text("震动", "vibration"),
    "fall": Text("跌落", "fall"), "collision": Text("碰撞", "collision"), "rollover": Text("翻转", "rollover"),
    "pseudo_base_station": Text("伪基站", "false base station"), "jamming": Text("受干扰", "jammed"),
    "absent": Text("手机关机或不在服务区", "phone off or out of reach"),
    "sim_changed": Text("换了SIM卡", "another SIM card"),
}  # fmt: skip
"""Flags of a device that have a part in alarms; its other words are in the JSON alone."""
NO_TURNS: Final = Text("没有试出会使结果相反的情况。", "Nothing that was tried would have made it otherwise.")
TURN: Final[Mapping[str, Text]] = {
    "limit": Text("{source} 为 {value}", "{source} at {value}"),
    "boundary": Text("区域边界外移 {value}（负数为内移）", "the zone's boundary {value} further out (negative: in)"),
    "extended": Text("依据延长 {value}", "the authority {value} longer"),
    "leave": Text("自{since}至{until}有请假（事先登记）", "leave from {since} to {until}, entered before"),
    "heard": Text("{since}收到该设备的任何报文", "any frame of the device at {since}"),
    "fewer": Text("失联的设备中有 {value} 在{since}收到报文", "{value} of the silent devices heard at {since}"),
    "without": Text("没有第 {offset} 条（{since}收到）", "had entry {offset} (received {since}) not come"),
}


def lines(one: Account, words: Words) -> Iterator[str]:
    """All of it, a line each."""
    language = words.language
    yield head(one, words)
    if one.text:
        yield RULE.of(language).format(rule=one.rule, text=one.text[language], basis=one.basis)
    yield why(one, words)
    yield (READ if one.anew else NOT_ANEW).of(language).format(since=words.clock(one.since, seconds=True))
    yield measure_words(one.measure, language)
    if one.left_out:
        yield LEFT_OUT.of(language).format(count=one.left_out)
    yield from (_seen(each, one.measure.unit, words) for each in one.seen)
    if one.anew:
        yield (FLIPS if one.turns else NO_TURNS).of(language)
    yield from (f"  {turn_words(each, words)}" for each in one.turns)


def head(one: Account, words: Words) -> str:
    """Whose alarm of which kind it is, and by which version."""
    return HEAD.of(words.language).format(
        who=" ".join(each for each in (one.person, one.device) if each) or "-",
        kind=kind_name(one.kind, words.language),
        configuration=one.configuration, engine=one.engine,
    )  # fmt: skip


def why(one: Account, words: Words) -> str:
    """Whether it stood."""
    if not one.raised or one.onset is None or one.decided is None:
        return NONE.of(words.language).format(at=words.clock(one.at, seconds=True))
    onset, decided = (words.clock(each, seconds=True) for each in (one.onset, one.decided))
    return RAISED.of(words.language).format(onset=onset, decided=decided, alarm=one.alarm[:8])


def measure_words(one: Measure, language: str) -> str:
    """The number and its limit."""
    if one.unit == "flag" and one.value is not None:
        return SAID.of(language)
    value = UNKNOWN.of(language) if one.value is None else number_words(one.value, one.unit, language)
    if one.limit is None:
        return UNLIMITED.of(language).format(value=value)
    limit = number_words(one.limit, one.unit, language)
    source = ENGINE.of(language) if one.source == "engine" else one.source
    return OVER[one.over].of(language).format(value=value, limit=limit, source=source)


def number_words(value: float, unit: str, language: str) -> str:
    """A number with its unit."""
    return UNITS[unit].of(language).format(value=value, percent=100.0 * value)


def turn_words(turn: Turn, words: Words) -> str:
    """What would have made it otherwise."""
    return TURN[turn.what].of(words.language).format(
        value=number_words(turn.value, turn.unit or "n", words.language), source=turn.source, offset=turn.offset,
        since=words.clock(turn.since, seconds=True), until=words.clock(turn.until, seconds=True),
    )  # fmt: skip


def _seen(one: Seen, unit: str, words: Words) -> str:
    language = words.language
    said = "，" if language == "zh" else ", "
    return SEEN.of(language).format(
        offset=one.offset, received=words.clock(one.received, seconds=True), device=one.device or "-",
        time="" if one.time is None else MADE.of(language).format(time=words.clock(one.time, seconds=True)),
        what=WHAT[one.what].of(language),
        says="".join(f"{said}{SAYS[each].of(language)}" for each in one.says if each in SAYS),
        battery="" if one.battery_percent is None else BATTERY.of(language).format(percent=one.battery_percent),
        place=PLACED.of(language) if one.located else "",
        value="" if one.value is None else VALUE.of(language).format(value=number_words(one.value, unit, language)),
    )  # fmt: skip
