"""The door, one's account and the audit log in a real browser, by keyboard, in both languages."""

from __future__ import annotations

import re

import pyotp
import pytest
from browser import assert_accessible
from desk_accounts import PASSWORD, REAL, SECRET, admitted, code, real_desk
from made_episodes import episode
from opened_desk import stored
from playwright.sync_api import expect
from served_desk import served

from gateway.console.contacts import ContactBook

NOW = 1_793_530_800.0
NEW = "quite another 8"
ALARM = "a" * 32
REFUSED = re.compile(r"403 \(Forbidden\)|401 \(Unauthorized\)|object Event")
"""What a browser notes of a form that was refused in words, and of news that nobody is told any more."""


@pytest.fixture
def desk(tmp_path):
    directory = tmp_path / "county"
    one = real_desk(directory, NOW)
    (directory / "contacts.csv").write_text("person,name,phone\nP0001,Made Up,13800000001\n", "utf-8")
    (directory / "contacts.csv").chmod(0o600)
    one.contacts = ContactBook(directory, one.in_force)
    stored(one, [episode(id=ALARM, office="SFS-01")])
    admitted(one, "A01")
    admitted(one, "D01", must_change=True)
    with served(one) as running:
        yield running


def in_(language, other):
    """A page in one language; in the other at length."""
    return pytest.mark.parametrize("page", [language, pytest.param(other, marks=pytest.mark.torture)], indirect=True)


@pytest.fixture
def page(request, desk, visitor):
    watched = visitor(viewport={"width": 1280, "height": 900})
    watched.context.add_cookies([{"name": "language", "value": request.param, "url": desk.address}])
    yield watched.context.new_page()
    watched.complaints[:] = [one for one in watched.complaints if not REFUSED.search(one)]


def enter(page, desk, number="D01", password=PASSWORD, typed=""):
    """By keyboard alone: the number has the focus."""
    assert_accessible(page)
    for each in (number, password, typed or code(desk.desk)):
        page.keyboard.insert_text(each)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")


@in_("zh", "en")
def test_from_the_door_over_a_new_password_to_a_number_and_out_again(desk, page):
    page.goto(f"{desk.address}/alarm/{ALARM}")
    enter(page, desk, password="wrong wrong", typed="000000")  # noqa: S106  nobody's
    expect(page.get_by_role("alert")).to_be_visible()
    page.locator("#number").focus()
    page.keyboard.press("Control+a")
    enter(page, desk)

    page.wait_for_url("**/password")
    assert_accessible(page)
    for each in (PASSWORD, NEW, NEW):
        page.keyboard.insert_text(each)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{desk.address}/")

    page.goto(f"{desk.address}/alarm/{ALARM}")
    page.keyboard.press("t")
    expect(page.locator("#contact")).to_contain_text("13800000001")
    assert_accessible(page)

    page.goto(f"{desk.address}/contact/P0001")
    assert_accessible(page)
    page.keyboard.insert_text("calls back")
    page.keyboard.press("Enter")
    expect(page.locator("dl.contact")).to_contain_text("13800000001")
    assert_accessible(page)

    page.get_by_role("button", name=re.compile("退出|Log out")).press("Enter")
    page.wait_for_url("**/login")


@in_("en", "zh")
def test_another_second_factor_by_the_picture_and_its_code(desk, page):
    page.goto(f"{desk.address}/me")
    enter(page, desk, "A01")
    page.wait_for_url("**/me")
    assert_accessible(page)
    page.goto(f"{desk.address}/me/factor")
    assert_accessible(page)
    page.keyboard.insert_text(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("img.qr")).to_be_visible()
    assert_accessible(page)
    secret = page.locator("code").inner_text()
    page.keyboard.insert_text(pyotp.TOTP(secret).at(REAL))
    page.keyboard.press("Enter")
    page.wait_for_url("**/me")
    assert secret != SECRET


@in_("en", "zh")
def test_the_audit_log_is_read_and_taken_away(desk, page):
    page.goto(f"{desk.address}/audit")
    enter(page, desk, "A01")
    page.wait_for_url("**/audit")
    assert_accessible(page)
    expect(page.locator("tbody")).to_contain_text("A01")
    with page.expect_download() as taken:
        page.get_by_role("button", name="CSV").press("Enter")
    assert taken.value.suggested_filename == "audit.csv"


def test_whose_session_has_ended_sees_no_more_and_whoever_works_stays(desk, visitor):
    watched = visitor(viewport={"width": 1280, "height": 900})
    page = watched.context.new_page()
    page.clock.install()
    page.goto(f"{desk.address}/audit")
    enter(page, desk, "A01")
    page.wait_for_url("**/audit")
    for moment in (600, 1200, 1800):
        desk.desk.sessions.clock.at = REAL + moment
        page.keyboard.press("Tab")
        with page.expect_response("**/alive") as answered:
            page.clock.run_for(30_000)
        assert answered.value.status == 204
    desk.desk.sessions.clock.at = REAL + 1800 + 901
    page.clock.run_for(30_000)
    page.wait_for_url("**/login?next=%2Faudit")
    watched.complaints[:] = [one for one in watched.complaints if "401" not in one]


@in_("zh", "en")
def test_a_screen_that_nobody_works_on_rings_on_at_the_door(desk, page):
    admitted(desk.desk, "L01")
    page.goto(f"{desk.address}/help")
    enter(page, desk, number="L01")
    page.wait_for_url(f"{desk.address}/help")
    desk.desk.sessions.clock.at += desk.desk.configuration.console.idle + 1.0
    # As the page itself goes: a browser lets sound begin where somebody has pressed a key before.
    page.evaluate("location.assign('/help')")
    expect(page.get_by_role("alert")).to_contain_text("1")
    expect(page.locator("#siren")).to_have_attribute("data-sounded", "1")
    assert_accessible(page)
