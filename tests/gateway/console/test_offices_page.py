"""The offices' page: a tree with numbers that can be called and links that lead elsewhere and take nothing along."""

from __future__ import annotations

import pytest
from browser import assert_accessible
from opened_desk import desk_of, visit, written
from playwright.sync_api import expect
from served_desk import served

from gateway.console.contacts import ContactBook
from gateway.console.visitor import COOKIE

NOW = 1_793_530_800.0
LINK = "https://video.example/room?id=1"
TREE = f"""\
- {{code: SFJ, name: 示例县司法局, name_en: Sample County, links: [{{name: 会议室 <1>, url: "{LINK}"}}]}}
- {{code: SFS-01, name: 城中司法所, parent: SFJ, phone: "0772 1111111"}}
"""


@pytest.fixture
def desk(tmp_path):
    directory = written(tmp_path / "county")
    put(directory, TREE)
    one = desk_of(directory, NOW)
    one.contacts = ContactBook(directory, one.in_force)
    return one


def put(directory, text):
    (directory / "offices.yaml").write_text(text, "utf-8")
    (directory / "offices.yaml").chmod(0o600)


@pytest.mark.parametrize("number", ["D01", "S01", "A01", "T01"])
def test_whoever_is_in_finds_numbers_and_links(desk, number):
    page = visit(desk, "/offices", number).text
    assert '<a href="tel:07721111111">0772 1111111</a>' in page
    assert f'<a href="{LINK}" target="_blank" rel="noopener noreferrer">会议室 &lt;1&gt;</a>' in page
    assert page.index('class="depth-0">示例县司法局') < page.index('class="depth-1">城中司法所')
    assert 'href="/offices" aria-current="page"' in page
    assert "Sample County" in visit(desk, "/offices", number, "en").text


def test_nobody_who_is_not_in_sees_it(desk):
    assert visit(desk, "/offices", "").headers["location"] == "/login?next=%2Foffices"


def test_a_faulty_file_and_none_are_said(desk):
    put(desk.contacts.directory, TREE.replace("https://", "ftp://"))
    assert "check --contacts" in visit(desk, "/offices").text
    (desk.contacts.directory / "offices.yaml").unlink()
    assert "没有 offices.yaml" in visit(desk, "/offices").text


def test_in_a_browser_a_link_leads_out_in_a_tab_of_its_own_by_keyboard(desk, visitor):
    with served(desk) as running:
        watched = visitor(viewport={"width": 1280, "height": 900})
        watched.context.add_cookies([
            {"name": COOKIE, "value": "D01", "url": running.address},
            {"name": "language", "value": "en", "url": running.address},
        ])  # fmt: skip
        page = watched.context.new_page()
        page.goto(f"{running.address}/offices")
        assert_accessible(page)
        link = page.get_by_role("link", name="会议室")
        with watched.context.expect_event("requestfailed") as asked, watched.context.expect_page() as opened:
            link.press("Enter")
        assert asked.value.url == LINK
        assert "referer" not in asked.value.headers
        assert opened.value.evaluate("window.opener") is None
        expect(page).to_have_url(f"{running.address}/offices")
        # The one other server is the link's own.
        watched.origins.remove("https://video.example")
        page.close()
