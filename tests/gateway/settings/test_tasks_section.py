"""The section ``tasks``: templates of what is to be done, and what is wrong with them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.settings.differences import ALONE, LIVE, told
from gateway.settings.kept import pack, unpack
from gateway.settings.load import ConfigurationRefused, load, load_sources
from gateway.settings.task_model import Ending, Owner, TaskTemplate

MAIN = "gateway.yaml"
WRITTEN = """tasks:
  - {id: talk, zh: 每月谈话, en: Monthly talk, every: 30d, due_after: 7d, courtesy: true}
  - {id: file, zh: 备齐材料, en: Get the papers ready, before: term, days: 30, owner: leader}
  - {id: visit, zh: 上门查看, en: Go there, alarm: strap_cut, due_after: 1d, owner: duty}
"""


def read(written, text: str):
    written.replace(MAIN, "storage:", f"{text}\nstorage:")
    return load(written.write())


def test_templates_are_read_in_their_order_and_kept(written):
    found = read(written, WRITTEN)
    assert found.tasks == (
        TaskTemplate("talk", "每月谈话", "Monthly talk", 2_592_000, None, 14, "", 604_800, Owner.OFFICE, courtesy=True),
        TaskTemplate(
            "file", "备齐材料", "Get the papers ready", 0, Ending.TERM, 30, "", 0, Owner.LEADER, courtesy=False
        ),
        TaskTemplate("visit", "上门查看", "Go there", 0, None, 14, "strap_cut", 86_400, Owner.DUTY, courtesy=False),
    )
    assert load_sources(found.sources).tasks == found.tasks
    assert unpack(pack(found))["tasks"] == found.tasks


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{id: a, zh: 甲, en: A}", "exactly one"), ("{id: a, zh: 甲, en: A, every: 1d, alarm: sos}", "exactly one"),
        ("{id: a, zh: 甲, en: A, alarm: gone}", "gone"), ("{id: a, zh: 甲, en: A, before: week}", "week"),
        ("{id: a, zh: 甲, en: A, every: 1h}", "1d"), ("{id: a, zh: 甲, en: A, every: 1d, owner: me}", "me"),
        ("{id: a, zh: 甲, en: A, every: 1d}, {id: a, zh: 乙, en: B, every: 2d}", "a"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_with_its_place(written, text, said):
    with pytest.raises(ConfigurationRefused) as refused:
        read(written, f"tasks: [{text}]")
    assert MAIN in str(refused.value)
    assert said in str(refused.value)


def test_they_change_while_the_gateway_runs_by_two_and_are_told(written):
    assert "tasks" in LIVE
    assert "tasks" not in ALONE
    before = load(written.write())
    one = TaskTemplate("talk", "谈话", "Talk", 86_400, None, 14, "", 0, Owner.OFFICE, courtesy=True)
    assert told(before, replace(before, tasks=(one,)), "en") == ["tasks: talk added"]
