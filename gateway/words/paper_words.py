"""What the gateway says in lines of sheets of the office, in Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

PAPER_PARTS: Final[Mapping[str, Text]] = {
    "ended": Text("{time} 已结束，仍须办结", "ended {time}, still to be closed"),
    "flat_at": Text("按耗电速度，约 {time} 没电", "flat at about {time} by its pace"),
    "leave": Text("请假，至 {time}", "on leave until {time}"),
    "leave_from": Text("请假，{begin} 至 {time}", "on leave from {begin} until {time}"),
    "removal": Text("腕带经批准取下（{reason}），至 {time}", "bracelet off with leave ({reason}) until {time}"),
    "ends_in": Text(
        "{authority}{days}天后到期（最后一天 {last_day}）", "{authority} ends in {days} days (last day {last_day})"
    ),
    "not_returned": Text("假期 {time} 已满，未登记返回（销假）", "leave over {time}, return not on record"),
    "returned": Text("{time} 已返回（销假）", "back {time}, on record"),
    "track_unseen": Text("自 {time} 起无人查看轨迹", "nobody has looked at the track since {time}"),
    "track_seen": Text("{by} 已查看；目的：{purpose}", "looked at by {by}; what for: {purpose}"),
    "closed_as": Text("{by} {time} 办结：{outcome}", "closed {time} by {by}: {outcome}"),
    "reminded": Text(
        "{what}：{days}天后到期（最后一天 {last_day}）", "{what}: ends in {days} days (last day {last_day})"
    ),
    "reminded_authority": Text(
        "{what}：{days}天后到期（最后一天 {last_day}）；延长须先有评估文书",
        "{what}: ends in {days} days (last day {last_day}); extended only by its assessment document",
    ),
    "review": Text("复核是否仍有必要定位（依据 {document}）", "is positioning still necessary? (document {document})"),
    "appointment": Text("{begin} 至 {time} 报到（{document}）", "to report between {begin} and {time} ({document})"),
    "to_return": Text("假期至 {time}，返回后登记（销假）", "leave until {time}; the return to be entered"),
    "to_be_back": Text("腕带（{reason}）须在 {time} 前戴回", "bracelet ({reason}) to be back on by {time}"),
    "stop": Text("；", "; "),
}
"""Times are of the county."""
