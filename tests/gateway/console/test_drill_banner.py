"""In a drill every page and every print says that nothing of it is real; else none does."""

from __future__ import annotations

import pytest
from opened_desk import desk_of, visit, written

NOW = 1_793_530_800.0
ZH, EN = "演练，不是真实报警", "DRILL, not real alarms"


@pytest.fixture
def desk(tmp_path):
    one = desk_of(written(tmp_path / "county"), NOW)
    one.drill = True
    return one


@pytest.mark.parametrize("path", ["/", "/help", "/sheets/none", "/nowhere"])
def test_every_page_says_so_in_both_languages(desk, path):
    banner = '<aside class="drill" aria-label="{0}">{0}</aside>'
    assert banner.format(ZH) in visit(desk, path).text
    assert banner.format(EN) in visit(desk, path, language="en").text
    assert banner.format(ZH) in visit(desk, "/login", "").text


def test_what_is_printed_says_so_on_each_sheet(desk):
    printed = visit(desk, "/print/notice/P0001")
    assert printed.status_code == 200
    assert printed.text.count(ZH) == 2
    assert f'<p class="watermark" aria-hidden="true">{ZH}</p>' in printed.text


def test_else_nothing_does(desk):
    desk.drill = False
    assert ZH not in visit(desk, "/help").text
    assert ZH not in visit(desk, "/print/notice/P0001").text
