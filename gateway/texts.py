"""What an alarm says, in Chinese and English: what was measured, how sure, what else it may be, what to do, on which basis.

A lead, not a finding: no text says that somebody violated anything, none carries a name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from gateway.engine.episode import Episode


@dataclass(frozen=True, slots=True)
class Text:
    """One message in both languages."""

    zh: str
    en: str

    def of(self, language: str) -> str:
        """The message in ``zh`` or ``en``."""
        return self.zh if language == "zh" else self.en

    def filled(self, **values: object) -> Text:
        """The same with its places filled."""
        return Text(self.zh.format_map(values), self.en.format_map(values))

    def __str__(self) -> str:
        return self.en


SEVERITY = {
    "critical": Text("紧急·待核实", "URGENT, to be verified"),
    "serious": Text("重要·待核实", "SERIOUS, to be verified"),
    "warning": Text("提醒", "NOTICE"),
    "info": Text("信息", "INFO"),
}
MEASURED = {
    "strap_cut": Text(
        "腕带于{onset}上报表带断开。可能是拆除，也可能是器材故障；请先致电本人，联系不上即派员查看。须人工办结。",
        "bracelet reported its strap open at {onset}. It may be removal or a fault: call first, send someone if there is"
        " no answer. Ended by a person only.",
    ),
    "strap_loose": Text(
        "腕带于{onset}上报表带松动，请核对佩戴情况。", "bracelet reported a slack strap at {onset}: check its fit."
    ),
    "case_open": Text(
        "腕带于{onset}上报外壳打开。可能是拆动，也可能是故障；请尽快查看。须人工办结。",
        "bracelet reported its case open at {onset}. Tampering or a fault: look soon. Ended by a person only.",
    ),
    "off_body": Text(
        "腕带于{onset}上报未贴身，请核对佩戴情况。", "bracelet reported no skin contact at {onset}: check its fit."
    ),
    "sos": Text(
        "佩戴人于{onset}按下求助键。请立即回电；可能误触，仍须核实。",
        "the wearer pressed the emergency button at {onset}. Call back at once; it may be a slip, verify all the same.",
    ),
    "battery_low": Text(
        "腕带电量低{battery}，请提醒充电。", "bracelet battery is low{battery}: remind the wearer to charge."
    ),
    "comms_lost": Text(
        "自{onset}起收不到腕带数据{battery}。可能没电、无信号或故障，不表示已离开。请联系本人。",
        "nothing received from the bracelet since {onset}{battery}. Flat, no coverage or a fault: no proof of leaving."
        " Contact the wearer.",
    ),
    "phone_off": Text(
        "运营商自{onset}起报告手机关机或不在服务区。可能没电、欠费、无信号或关机，不表示已离开。请联系本人。",
        "the carrier has reported the phone off or out of reach since {onset}. Flat, out of credit, no coverage or switched"
        " off: no proof of leaving. Contact the person.",
    ),
    "region_unauthorised": Text(
        "运营商自{onset}起{fixes}次把手机定位在“{zone}”以外{radius}，位置把握{sure}。手机不一定在本人身上，基站定位也会有偏差；请先致电核实。",
        'the carrier has placed the phone outside "{zone}" {fixes} times since {onset}{radius}, {sure} sure of the position.'
        " The phone need not be with the person, and masts mislead: call first.",
    ),
    "locate_timeout": Text(
        "{onset}发出的立即定位指令未得到回应。可能没电、无信号或故障，不表示已离开。请联系本人。",
        "no answer to the locate order of {onset}. Flat, no coverage or a fault: no proof of leaving. Contact the wearer.",
    ),
    "entry_skipped": Text(
        "网关未能处理收到的一条数据（流水号{offset}），原样保存，未据此作出任何判断；此后可能少一条报警。请技术人员查看；有疑问请联系本人。",
        "the gateway could not process one entry of its journal (offset {offset}). It is kept as it came and nothing was"
        " judged from it, so an alarm may be missing: have the log looked at, and call the wearer when in doubt.",
    ),
    "inclusion_exit": Text(
        "自{onset}起疑似不在允许范围“{zone}”内，据{fixes}次定位{radius}，位置把握{sure}。请核实去向。",
        'probably outside the allowed area "{zone}" since {onset}: {fixes} fixes{radius}, {sure} sure of the position.'
        " Ask where the wearer is.",
    ),
    "exclusion_enter": Text(
        "自{onset}起疑似在禁入区“{zone}”内，据{fixes}次定位{radius}，位置把握{sure}。请尽快核实。",
        'probably inside the barred zone "{zone}" since {onset}: {fixes} fixes{radius}, {sure} sure of the position.'
        " Verify soon.",
    ),
    "curfew_late": Text(
        "{from}至{until}应在{zone}，{onset}判断不在{radius}，把握{sure}。请联系本人。",
        "due at {zone} from {from} until {until}; judged not there since {onset}{radius}, {sure} sure. Contact the wearer.",
    ),
    "curfew_early_leave": Text(
        "{from}至{until}应在{zone}，曾在，{onset}起判断已不在{radius}，把握{sure}。请联系本人。",
        "due at {zone} from {from} until {until}; was there, judged gone since {onset}{radius}, {sure} sure. Contact the"
        " wearer.",
    ),
    "curfew_absent": Text(
        "{from}至{until}应在{zone}：{out_from}至{out_until}判断不在，另有{unknown}无法判断。请核实原因。",
        "due at {zone} from {from} until {until}: judged away {out_from} to {out_until}, {unknown} undetermined. Ask why.",
    ),
    "repeated_place": Text(
        "近{of}夜中有{nights}夜停留在同一处（{latitude}, {longitude}）{radius}：{hours}。该处为何地未知，请实地核查。",
        "{nights} of the last {of} nights at the same place ({latitude}, {longitude}){radius}: {hours}. What the place is"
        " is not known: check on site.",
    ),
}
OTHER = Text("于{onset}上报。请核实。", "reported at {onset}. Verify.")
RETROSPECTIVE = Text("此为事后补传数据所示。", " Seen from data that arrived late.")
AGAIN = Text("其后又上报，共{times}次，最近{again}。", " Reported again since, {times} times in all, last {again}.")
HANDED_OVER = Text(
    "设备已于{handed_over}移交或停用，此后不再观测，不表示已离开。",
    " The device was handed over or taken off at {handed_over}: nothing observed since, no proof that it is over.",
)
BASIS = Text("依据：{basis}。", " Basis: {basis}.")
OUTCOMES = {
    "confirmed": Text("属实", "confirmed"), "excused": Text("有正当理由", "excused"), "technical": Text("设备原因", "technical"),
    "false": Text("误报", "false"), "unverifiable": Text("无法核实", "unverifiable"),
}  # fmt: skip
CHANGES = {
    "cleared": Text("【已恢复 {when}】", "ENDED {when}. "),
    "unobserved": Text("【不再观测 {when}】", "NO LONGER OBSERVED {when}. "),
    "retracted": Text("【撤回】", "TAKEN BACK. "),
    "acknowledged": Text("【已接收】", "ACKNOWLEDGED. "),
    "closed": Text("【已办结：{outcome}】", "CLOSED ({outcome}). "),
}


def text_of(episode: Episode, change: str, timezone: str) -> Text:
    """The message of an episode after a change, times in the county's zone."""
    values = {language: _values(episode, timezone, language) for language in ("zh", "en")}
    severity, measured = SEVERITY[episode.severity], MEASURED.get(episode.kind, OTHER)
    unobserved = change == "cleared" and "handed_over" in episode.facts
    prefix = CHANGES.get("unobserved" if unobserved else change, Text("", ""))
    parts = [prefix, Text(f"【{severity.zh}】", f"{severity.en}. "), Text("{who} ", "{who}: "), measured]
    if "again" in episode.facts:
        parts.append(AGAIN)
    if "handed_over" in episode.facts:
        parts.append(HANDED_OVER)
    if episode.basis:
        parts.append(BASIS)
    if episode.retrospective:
        parts.append(RETROSPECTIVE)
    return Text(
        "".join(part.zh for part in parts).format_map(values["zh"]),
        "".join(part.en for part in parts).format_map(values["en"]),
    )


def _values(episode: Episode, timezone: str, language: str) -> dict[str, str]:
    """Every placeholder a text may use, formatted."""
    zone = ZoneInfo(timezone)
    chinese = language == "zh"

    def moment(key: str) -> str:
        at = episode.facts.get(key)
        return _clock(float(at), zone) if isinstance(at, int | float) else ("未知" if chinese else "unknown")

    battery = episode.facts.get("battery_percent")
    outcome = OUTCOMES.get(episode.outcome, Text("", ""))
    return {
        "who": episode.person or episode.device or ("网关" if chinese else "gateway"),
        "onset": _clock(episode.onset, zone, seconds=True),
        "when": _clock(episode.ended, zone) if episode.ended is not None else "",
        "from": moment("from"), "until": moment("until"),
        "times": str(episode.facts.get("times", 1)), "again": moment("again"),
        "handed_over": moment("handed_over"),
        "out_from": moment("out_from"), "out_until": moment("out_until"),
        "zone": _zone_name(episode, chinese=chinese),
        "fixes": str(episode.facts.get("fixes", "?")),
        "radius": _radius(episode, chinese=chinese),
        "sure": f"{_percent(episode.probability)}%" if chinese else f"{_percent(episode.probability)} %",
        "battery": "" if battery is None else (f"（电量{battery}%）" if chinese else f" (battery {battery} %)"),
        "unknown": _duration(episode.facts.get("unknown_seconds"), chinese=chinese),
        "nights": str(episode.facts.get("nights", "")), "of": str(episode.facts.get("of", "")),
        "hours": _hours(episode, zone),
        "latitude": f"{episode.latitude or 0:.5f}", "longitude": f"{episode.longitude or 0:.5f}",
        "offset": str(episode.facts.get("offset", "")),
        "basis": episode.basis, "outcome": outcome.zh if chinese else outcome.en,
    }  # fmt: skip


def _clock(at: float, zone: ZoneInfo, *, seconds: bool = False) -> str:
    return f"{datetime.fromtimestamp(at, UTC).astimezone(zone):%m-%d %H:%M{':%S' if seconds else ''}}"


def _zone_name(episode: Episode, *, chinese: bool) -> str:
    if episode.zone.startswith("home:"):
        return "家" if chinese else "home"
    return episode.zone_name or episode.zone


def _radius(episode: Episode, *, chinese: bool) -> str:
    if episode.radius_m is None:
        return ""
    return f"（误差{episode.radius_m:.0f}米）" if chinese else f" (±{episode.radius_m:.0f} m)"


def _percent(probability: float | None) -> str:
    return "?" if probability is None else f"{min(99.9, 100.0 * probability):.1f}".rstrip("0").rstrip(".")


def _duration(seconds: object, *, chinese: bool) -> str:
    minutes = int(float(seconds) // 60) if isinstance(seconds, int | float) else 0
    hours, minutes = divmod(minutes, 60)
    if chinese:
        return f"{hours}小时{minutes}分" if hours else f"{minutes}分钟"
    return f"{hours} h {minutes:02d}" if hours else f"{minutes} min"


def _hours(episode: Episode, zone: ZoneInfo) -> str:
    """From-to of each night at a repeated place."""
    nights = episode.facts.get("hours", [])
    if not isinstance(nights, list):
        return ""
    return "; ".join(f"{_clock(first, zone)}–{_clock(last, zone)[6:]}" for first, last in nights)
