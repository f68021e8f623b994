"""The queue and an alarm's page in a real browser, by keyboard: rows that come, what is typed, what is chosen."""

from __future__ import annotations

from itertools import product

import msgspec
import pytest
from browser import assert_accessible
from made_episodes import KNOWN, episode
from opened_desk import desk_of, stored, written
from playwright.sync_api import expect
from served_desk import served
from timeline import at

from gateway.console.visitor import COOKIE

NOW = at(0, 22.8)


def alarm(name: str, kind: str = "curfew_late", **known):
    values = KNOWN | {"office": "SFS-01", "decided": NOW - 600, "facts": {"verify_by": NOW + 900}}
    return episode(kind, id=f"{name:0<32}", **values | known)


@pytest.fixture
def desk(tmp_path):
    one = desk_of(written(tmp_path / "county"), NOW)
    others = [
        alarm("b", person="P0002", decided=NOW - 500),
        alarm("c", "comms_lost", person="P0003", decided=NOW - 400),
    ]
    stored(one, [alarm("a"), *others])
    with served(one) as running:
        yield running


def opened(desk, visitor, width, height):
    watched = visitor(viewport={"width": width, "height": height})
    desk.watched = watched
    watched.context.add_cookies([{"name": COOKIE, "value": "D01", "url": desk.address}])
    one = watched.context.new_page()
    one.goto(desk.address)
    return one


@pytest.fixture
def page(desk, visitor):
    return opened(desk, visitor, 1280, 900)


def row(page, name):
    return page.locator(f"#row-{name:0<32}")


def focused(page):
    return page.evaluate("document.activeElement.id")


def test_the_queue_by_keyboard(desk, page):
    assert_accessible(page)
    page.evaluate("window.stayed = true")
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    assert focused(page) == f"open-{'b':0<32}"

    # A critical one comes: first, told, heard; the focus stays where it was.
    desk.tell(alarm("d", "strap_cut", person="P0004", decided=NOW))
    expect(row(page, "d")).to_be_visible()
    expect(page.locator("li.row").first).to_have_attribute("data-person", "P0004")
    expect(page.locator("#told")).to_contain_text("P0004")
    expect(page.locator("#siren")).to_have_attribute("data-sounded", f"{'d':0<32}")
    assert focused(page) == f"open-{'b':0<32}"

    # Typed words stay over a reload, until they are submitted.
    page.keyboard.press("n")
    expect(page.locator("#act-note")).to_be_focused()
    page.keyboard.insert_text("家属说在路上")
    assert_accessible(page)
    page.reload()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert focused(page) == f"open-{'b':0<32}"
    page.keyboard.press("n")
    expect(page.locator("#act-note")).to_be_focused()
    expect(page.locator("#act-note")).to_have_value("家属说在路上")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#panel")).to_be_hidden()
    assert [deed.note for deed in desk.episode(f"{'b':0<32}").acts] == ["家属说在路上"]
    expect(page.locator(f"#open-{'b':0<32}")).to_be_focused()
    page.keyboard.press("n")
    expect(page.locator("#act-note")).to_be_focused()
    expect(page.locator("#act-note")).to_have_value("")
    page.keyboard.press("Escape")


def test_several_are_chosen_without_the_critical_one_and_a_mute_is_remembered(desk, page):
    desk.tell(alarm("d", "strap_cut", person="P0004", decided=NOW))
    expect(row(page, "d")).to_be_visible()
    page.keyboard.press("j")
    for _ in range(4):
        page.keyboard.press("k")
    for _ in range(4):
        page.keyboard.press("x")
        page.keyboard.press("j")
    expect(page.locator("#picked")).to_contain_text("3")
    page.keyboard.press("a")
    expect(page.locator(".owner")).to_have_count(3)
    expect(page.locator("#result")).to_contain_text("3")
    assert not desk.episode(f"{'d':0<32}").owner
    expect(row(page, "d").locator(".countdown")).to_have_count(1)

    # A mute stops the sound alone, and is remembered.
    page.keyboard.press("m")
    page.reload()
    expect(page.locator("#mute")).to_have_attribute("aria-pressed", "true")
    desk.tell(alarm("e", "sos", person="P0002", decided=NOW + 1))
    expect(row(page, "e")).to_be_visible()
    assert page.locator("#siren").get_attribute("data-sounded") != f"{'e':0<32}"

    page.keyboard.press("/")
    page.keyboard.insert_text("p0003")
    page.keyboard.press("Enter")
    expect(page.locator("li.row")).to_have_count(1)


def test_an_alarm_by_keyboard(desk, page):
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/alarm/{'a':0<32}")
    assert_accessible(page)
    page.keyboard.press("a")
    expect(page.locator(".owner")).to_contain_text("D01 已接收")
    expect(page.locator(".countdown")).to_have_count(0)

    page.keyboard.press("c")
    expect(page.locator("#act-outcome")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#act-fault")).to_contain_text("须写明情况")
    assert page.input_value("#act-outcome") != ""
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(page.locator("#do-close")).to_be_focused()

    page.keyboard.press("f")
    expect(page.locator("#act-time")).to_be_focused()
    page.keyboard.insert_text("23:30")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#lines")).to_contain_text("D01 约定23:30 到家")
    page.keyboard.press("b")
    expect(row(page, "a").locator(".agreed")).to_have_text("约定23:30 到家")
    # What was closed elsewhere goes by itself, and the focus to the row that takes its place.
    page.keyboard.press("j")
    page.locator(f"#open-{'a':0<32}").focus()
    one = desk.episode(f"{'a':0<32}")
    desk.tell(msgspec.structs.replace(one, revision=one.revision + 1, closed=NOW, outcome="excused"))
    expect(row(page, "a")).to_have_count(0)
    expect(page.locator("li.row a:focus")).to_have_count(1)


def test_what_one_typed_is_not_shown_to_the_next_at_the_same_computer(desk, page):
    page.keyboard.press("j")
    page.keyboard.press("n")
    expect(page.locator("#act-note")).to_be_focused()
    page.keyboard.insert_text("家属说在路上")
    page.context.add_cookies([{"name": COOKIE, "value": "D02", "url": desk.address}])
    page.goto(desk.address)
    page.keyboard.press("j")
    page.keyboard.press("n")
    expect(page.locator("#act-note")).to_be_focused()
    expect(page.locator("#act-note")).to_have_value("")


def test_countdowns_and_ages_go_on_by_the_countys_clock_without_a_request(page):
    left = row(page, "a").locator(".countdown")
    expect(left).to_contain_text("核实时限还有")
    # Two hours later, also for rows that come meanwhile.
    page.wait_for_function(
        "now => { for (const each of document.querySelectorAll('[data-now]')) each.dataset.now = now;"
        " return document.querySelector('.countdown').textContent.includes('核实时限已超过1小时45分'); }",
        arg=NOW + 7200,
    )
    expect(row(page, "a").locator("[data-since]")).to_contain_text("2小时18分")


def test_what_was_typed_stays_when_nobody_takes_it(desk, page):
    page.keyboard.press("j")
    page.keyboard.press("n")
    expect(page.locator("#act-note")).to_be_focused()
    page.keyboard.insert_text("家属说在路上")
    page.context.set_offline(True)
    said = desk.watched.expecting
    with said("ERR_INTERNET_DISCONNECTED"), said("htmx:afterRequest"), said("htmx:sendError"):
        page.keyboard.press("Control+Enter")
        expect(page.locator("#unsent")).to_contain_text("没有送到")
    assert page.input_value("#act-note") == "家属说在路上"
    page.context.set_offline(False)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#panel")).to_be_hidden()
    assert [deed.note for deed in desk.episode(f"{'a':0<32}").acts] == ["家属说在路上"]


def test_all_fits_on_a_phone_in_both_languages(desk, visitor):
    page = opened(desk, visitor, 360, 740)
    for language, path in product(("en", "zh"), ("/", f"/alarm/{'a':0<32}", "/help", "/registers/fit")):
        page.context.add_cookies([{"name": "language", "value": language, "url": desk.address}])
        page.goto(desk.address + path)
        assert page.locator("html").get_attribute("lang") == {"en": "en", "zh": "zh-CN"}[language]
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], path
    # Once the line for news is open, all rows are put up anew: a finger between the two would touch nothing.
    with page.expect_response("**/queue/rows*"):
        page.goto(desk.address)
    row(page, "b").locator("[data-acknowledge]").click()
    expect(row(page, "b").locator(".owner")).to_contain_text("D01")


def test_an_urgent_alarm_sounds_again_until_somebody_has_taken_it(desk, visitor):
    desk.tell(alarm("d", "strap_cut", person="P0004", decided=NOW))
    watched = visitor()
    watched.context.add_cookies([{"name": COOKIE, "value": "D01", "url": desk.address}])
    page = watched.context.new_page()
    page.clock.install()
    page.goto(desk.address)
    page.keyboard.press("j")
    siren = page.locator("#siren")
    page.clock.run_for(21_000)
    expect(siren).to_have_attribute("data-sounded", f"{'d':0<32}")
    page.evaluate("document.getElementById('siren').dataset.sounded = 'nothing'")
    page.clock.run_for(21_000)
    expect(siren).to_have_attribute("data-sounded", f"{'d':0<32}")
    page.keyboard.press("a")
    expect(row(page, "d").locator(".owner")).to_have_count(1)
    page.evaluate("document.getElementById('siren').dataset.sounded = 'nothing'")
    page.clock.run_for(60_000)
    expect(siren).to_have_attribute("data-sounded", "nothing")
