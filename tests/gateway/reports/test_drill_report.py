"""What a drill came to, in the report: who answered after how long, who did not; and that nothing else counts it."""

from __future__ import annotations

import msgspec
import pytest
from made_episodes import episode
from story_month import NOW, ZONE, alarms, moment, written

from gateway.engine import About, Notice, NoticeRecord, NoticeState
from gateway.engine.act_lines import ActLine
from gateway.reports.drills import drills_among
from gateway.reports.period import month_of
from gateway.reports.sheet import PARTS, Known, sheet_of
from gateway.settings.load import load
from gateway.words.alarm_words import Words

NOVEMBER = month_of("2026-11", ZONE)
BEGUN = moment("2026-11-10 10:00")
ZH, EN = Words("zh", ZONE), Words("en", ZONE)


def drill(**known: object):
    """Of half an hour: two answer, one by telephone's code and one at the desk whom nobody told."""
    return episode(
        "drill", id="d" * 32, severity="info", ends="self", person="", device="B0009", onset=BEGUN, decided=BEGUN,
        ended=BEGUN + 1800, facts={"like": "sos", "by": "L01", "reason": "=new"},
        acts=[ActLine(BEGUN + 75, "D01", "acknowledge", 2), ActLine(BEGUN + 90, "D01", "note", 3),
              ActLine(BEGUN + 200, "D03", "acknowledge", 4)],
        **known,
    )  # fmt: skip


def notice(to: str, after: float, rung: int, state: NoticeState) -> NoticeRecord:
    about = About("drill", "critical", "", "B0009", "", BEGUN)
    return NoticeRecord(Notice(f"{to:0>16}", "d" * 32, to, BEGUN + after, about, rung, "ABCD"), state)


NOTICES = [
    notice("D01", 0, 0, NoticeState.DELIVERED), notice("D02", 0, 0, NoticeState.UNREACHABLE),
    notice("L01", 300, 1, NoticeState.WITHDRAWN),
]  # fmt: skip


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    county = load(written(tmp_path_factory.mktemp("drilled") / "county"))
    held = [*alarms(), drill()]
    assert drills_among(held) == ["d" * 32]
    return Known(
        county, NOW, moment("2026-10-20 12:00"), held, frozenset({"P0001", "P0005"}), notices={"d" * 32: NOTICES}
    )


def rows(sheet):
    return {table.key: [[cell.text for cell in row] for row in table.rows] for table in sheet.tables}


def test_each_answer_is_timed_from_when_he_was_told_and_who_gave_none_is_named(known):
    found = rows(sheet_of("drills", NOVEMBER, known, ZH))
    assert found["drills_held"] == [
        ["2026-11-10 10:00", "求助", "L01 =new", "1/2 50.0% [9.5, 90.5]", "2分18秒", "D02", "已结束"]
    ]
    assert found["drill_answers"] == [
        ["2026-11-10 10:00", "D01", "2026-11-10 10:00", "已送达", "1分15秒"],
        ["2026-11-10 10:00", "D02", "2026-11-10 10:00", "没有号码", "没有答复"],
        ["2026-11-10 10:00", "D03", "2026-11-10 10:00", "没有通知，在值班台答复", "3分20秒"],
    ]
    assert dict(rows(sheet_of("month", NOVEMBER, known, EN))["overview"])[
        "Drills (how many; of those told, who answered)"
    ].startswith("1; 1/2 50.0%")


def test_one_that_was_called_off_is_no_drill_of_the_month(known):
    off = msgspec.structs.replace(drill(), facts={"called_off": 1})
    one = Known(known.configuration, NOW, known.since, [off], frozenset())
    assert rows(sheet_of("drills", NOVEMBER, one, EN))["drills_held"][0][-1] == "called off: something critical came"
    assert rows(sheet_of("month", NOVEMBER, one, EN))["overview"][-1][-1] == "—"


@pytest.mark.parametrize("part", [part for part in PARTS if part != "drills"])
def test_no_other_figure_is_another_for_it(known, part):
    without = Known(known.configuration, NOW, known.since, alarms(), known.confirmed)
    found = [rows(sheet_of(part, NOVEMBER, each, ZH)) for each in (known, without)]
    for each in found:
        each.get("overview", [[]]).pop()
    assert found[0] == found[1]
