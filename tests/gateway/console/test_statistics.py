"""The alarm budget on a page: by rule and kind, beside what the desk can look into, in both languages."""

from __future__ import annotations

import asyncio

import pytest
from opened_desk import client_of, daemon_of, desk_of, written

from gateway.console.pages.statistics import Share, documents, shares

NOW = 1_793_456_400.0
BUDGET = {
    "allowed": 144, "raised": 10, "by_kind": {"inclusion_exit": 6, "strap_cut": 1, "battery_low": 3},
    "by_rule": {"curfew": 2, "gone": 4},
}  # fmt: skip


@pytest.fixture
def desk(tmp_path):
    return desk_of(written(tmp_path / "county"), NOW)


def shown(desk, number="D01", language="zh", **changes):
    async def run():
        answers = {"status": {"alarm_budget": BUDGET | changes}}
        async with daemon_of(desk, **answers), client_of(desk, number, language) as client:
            return await client.get("/statistics")

    return asyncio.run(run())


def test_rules_and_kinds_stand_by_their_share_with_their_documents(desk):
    rule = desk.configuration.rules[0]
    page = shown(desk, by_rule={rule.id: 2, "gone": 4})
    assert page.status_code == 200
    rows = page.text.split("<tbody>")
    assert rows[1].index("gone") < rows[1].index(rule.id)
    assert rule.basis in rows[1]
    assert "（现行配置中已没有）" in rows[1]
    assert "40%" in rows[1]
    assert "20%" in rows[1]
    assert rows[2].index("疑似离开允许范围") < rows[2].index("电量低") < rows[2].index("表带")
    assert "近一天报警 10 起" in page.text
    assert "共可承受 144 起" in page.text
    assert 'role="alert"' not in page.text
    assert "不作考核" in page.text
    english = shown(desk, language="en").text
    assert "10 alarms in the last day" in english
    assert "no measure of merit" in english


def test_what_is_beyond_the_budget_is_said_and_an_empty_day_too(desk):
    assert "多出 6 起" in shown(desk, allowed=4).text
    nothing = shown(desk, raised=0, by_kind={}, by_rule={}).text
    assert nothing.count("没有</td>") == 2


@pytest.mark.parametrize("number", ["D01", "S01", "L01", "A01", "T01"])
def test_everybody_who_may_come_in_sees_it_and_the_menu_leads_there(desk, number):
    page = shown(desk, number)
    assert page.status_code == 200
    assert 'href="/statistics" aria-current="page"' in page.text


def test_shares_are_of_all_alarms_the_most_first():
    assert shares({"b": 1, "a": 1, "c": 2}, 8, {"c": "C"}) == [
        Share("c", "C", 2, 25.0), Share("a", "", 1, 12.5), Share("b", "", 1, 12.5)
    ]  # fmt: skip
    assert shares({}, 0, {}) == []


def test_documents_are_those_of_the_rules_in_force(desk):
    assert documents(desk.configuration) == {rule.id: rule.basis for rule in desk.configuration.rules}
