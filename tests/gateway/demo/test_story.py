"""What the story says of itself: from what happened, in both languages."""

from __future__ import annotations

import asyncio
from collections import Counter
from types import SimpleNamespace

import pytest

from gateway.demo.story import SCENES, _cut, _found, _kill, _quiet


def received(kind: str, person: str, **facts: object):
    return SimpleNamespace(kind=kind, event={"data": {"kind": kind, "person": person, "facts": facts}})


class Told:
    """A stage on which nothing is real."""

    def __init__(self, *alarms, delivered: bool = True) -> None:
        self.platform = SimpleNamespace(alarms=dict(enumerate(alarms)), order=[])
        self.delivered = delivered

    async def kill_gateway(self) -> float:
        return 1.84

    async def cut_broker(self) -> int:
        self.platform.order += [each.event for each in self.platform.alarms.values()]
        return 2

    async def all_confirmed(self) -> bool:
        return self.delivered


def said(play, stage, naive=()):
    return asyncio.run(play(stage, SimpleNamespace(naive_by_person=Counter(dict(naive)))))


@pytest.mark.parametrize(
    ("ours", "zh", "en"), [(0, "本网关没有报警", "no alarm of ours"), (1, "报警 1 条", "our alarms: 1")]
)
def test_the_quiet_ones_are_told_with_what_others_would_have_raised(ours, zh, en):
    stage = Told(*[received("inclusion_exit", "P0010")] * ours, received("sos", "P0006"))
    text = said(_quiet("甲", "A", "P0010", "P0011"), stage, {"P0010": 11, "P0011": 2, "P0006": 5})
    assert zh in text.zh
    assert en in text.en
    assert "会报 13 条" in text.zh


def test_somebody_at_the_border_and_somebody_on_leave_have_their_line():
    quiet = [said(scene.play, Told()).zh for scene in SCENES if scene.begins is None]
    assert any("县界" in text for text in quiet)
    assert any("准假" in text for text in quiet)
    assert all("没有报警" in text for text in quiet)


def test_the_broker_is_said_to_be_back_with_what_had_waited():
    text = said(_cut, Told(received("comms_lost", "P0007")))
    assert "恢复：等候的 2 条消息已送达市平台（P0007）" in text.zh
    assert "2 messages had waited and are delivered (P0007)" in text.en
    assert "正在补发" in said(_cut, Told(received("comms_lost", "P0007"), delivered=False)).zh


def test_the_gateway_is_said_to_be_back_and_the_place_to_be_found():
    assert "1.8" in said(_kill, Told()).zh
    text = said(_found, Told(received("repeated_place", "P0001", nights=3, of=5)))
    assert text.zh.startswith("找到了：P0001 近5夜有3夜在同一处")
    assert text.en.startswith("Found: P0001 spent 3 of 5 nights")
