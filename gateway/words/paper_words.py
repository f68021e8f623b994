"""Words of sheets of the office: their titles, their headings, and the small parts of their lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

TITLES: Final[Mapping[str, Text]] = {
    "hand_over": Text("交接班表", "Shift hand-over"),
    "daily": Text("每日必查", "Daily list"),
    "leaders_list": Text("领导每日复核", "The leader's list"),
    "roll_call": Text("点验", "Roll call"),
}
"""By form."""
SECTIONS: Final[Mapping[str, Text]] = {
    "unresolved": Text("未办结", "Unresolved"),
    "agreed": Text("约定和回访", "Agreed and to be followed up"),
    "worse": Text("设备状况变差", "Devices going worse"),
    "leave": Text("请假", "On leave"),
    "removal": Text("经批准取下", "Bracelet off with leave"),
    "ending": Text("期限将到", "Ending soon"),
    "done": Text("本班已办结", "Closed in this shift"),
    "added": Text("值班人员补充", "Added by staff"),
}
"""By the word that a line has, of every form."""
PAPER_PARTS: Final[Mapping[str, Text]] = {
    "ended": Text("{time} 已结束，仍须办结", "ended {time}, still to be closed"),
    "flat_at": Text("按耗电速度，约 {time} 没电", "flat at about {time} by its pace"),
    "leave": Text("请假，至 {time}", "on leave until {time}"),
    "leave_from": Text("请假，{begin} 至 {time}", "on leave from {begin} until {time}"),
    "removal": Text("腕带经批准取下（{reason}），至 {time}", "bracelet off with leave ({reason}) until {time}"),
    "ends_in": Text(
        "{authority}{days}天后到期（最后一天 {last_day}）", "{authority} ends in {days} days (last day {last_day})"
    ),
    "stop": Text("；", "; "),
}
"""What the gateway says in a line; times are of the county."""


def title_of(form: str, language: str) -> str:
    """What a form is called; one without a title by its word."""
    return TITLES[form].of(language) if form in TITLES else form


def section_of(section: str, language: str) -> str:
    """A heading in words; one without by its word."""
    return SECTIONS[section].of(language) if section in SECTIONS else section
