"""The line that says when alarms were last proven to arrive: proven, not proven and why, unknown; in both languages."""

from __future__ import annotations

import asyncio
from zoneinfo import ZoneInfo

import pytest
from opened_desk import client_of, daemon_of, desk_of, visit, written

from gateway.console.alarm_path import FAULT, GOOD, SOFT, PathLine, path_line
from gateway.words.alarm_words import Words

NOW = 1_793_456_400.0
PROVEN = {
    "state": "proven", "device": "B9001", "every_seconds": 300.0, "heard_seconds": 61.0, "committed_seconds": 20.0,
    "proven_seconds": {"city": 20.0, "duty": 125.0}, "held_up": "",
}  # fmt: skip
WHY = {"zh": "卡在市局", "en": "duty does not answer"}


def line(told, language="zh"):
    return path_line(told, Words(language, ZoneInfo("Asia/Shanghai"), NOW), NOW)


def test_the_upstream_that_was_proven_longest_ago_counts_and_the_device_is_told_apart():
    assert line(PROVEN) == PathLine(GOOD, "报警通路 2分钟前正常", NOW - 125.0, "canary 设备 1分钟前上报")
    assert line(PROVEN, "en").said == "Alarm path proven 2 min ago"
    assert line(PROVEN | {"heard_seconds": ""}, "en").heard == "its device was never heard"


@pytest.mark.parametrize(
    ("told", "tone", "zh", "en"),
    [
        ({"state": "late", "held_up": WHY}, FAULT, "报警通路未证实：卡在市局", "duty does not answer"),
        ({"state": "begun"}, SOFT, "尚未证实", "nothing proven yet"),
        ({"state": "off", "device": ""}, SOFT, "没有设置 canary", "no canary is set"),
        (None, FAULT, "网关没有应答", "does not answer"),
    ],
)
def test_what_is_not_proven_is_said_with_its_reason_and_no_age(told, tone, zh, en):
    known = None if told is None else PROVEN | told
    for language, words in (("zh", zh), ("en", en)):
        found = line(known, language)
        assert words in found.said
        assert (found.tone, found.proven) == (tone, None)


def test_the_head_of_the_queue_asks_for_it_and_its_age_goes_on_by_itself(tmp_path):
    desk = desk_of(written(tmp_path / "county"), NOW)
    assert 'hx-get="/alarm-path"' in visit(desk, "/").text
    assert "alarm-path" not in visit(desk, "/", "T01").text

    async def run():
        async with daemon_of(desk, status={"alarm_path": PROVEN}), client_of(desk) as client:
            return await client.get("/alarm-path")

    part = asyncio.run(run()).text
    assert f'data-since="{NOW - 125.0}" data-words="报警通路 {{}}前正常">报警通路 2分钟前正常' in part
    assert "网关没有应答" in visit(desk, "/alarm-path").text
