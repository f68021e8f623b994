"""A zone drawn in a real browser: by keyboard alone, and by mouse on the map, in both languages."""

from __future__ import annotations

import pytest
from browser import LOOK_MS, PATIENCE_MS, assert_accessible
from opened_desk import desk_of, written
from playwright.sync_api import expect
from served_desk import served

from gateway.console.draft_trials import Trials
from gateway.console.words.zone_words import ZONES
from gateway.drafts.preview import Preview, Tally
from gateway.drafts.shelf import DraftShelf

DAY = 86_400.0
NOW = 1_793_530_800.0
MAP = "deskMap.views.get('map').map"


class Known(Trials):
    """Comes to the same for every draft, at once."""

    async def _judge(self, storage, identity, trial):
        comes = Tally(12, {"technical": 9})
        DraftShelf(storage).tried(identity, Preview(trial.digest, "", NOW - 90 * DAY, NOW, comes))


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    one = desk_of(written(tmp_path_factory.mktemp("drawing") / "county"), NOW)
    one.trials = Known()
    return one


@pytest.fixture(scope="module")
def address(desk):
    with served(desk) as one:
        yield one.address


def opened(visitor, address, language, width=1280):
    watched = visitor(viewport={"width": width, "height": 900})
    cookies = [{"name": "desk", "value": "D01"}, {"name": "language", "value": language}]
    watched.context.add_cookies([one | {"url": address} for one in cookies])
    return watched.context.new_page()


def says(page, key, language, **values):
    expect(page.locator("#draft")).to_contain_text(
        ZONES[key].of(language).format_map(values), timeout=PATIENCE_MS
    )  # fmt: skip


def typed(page, field, text):
    page.locator(field).press("Control+a")
    page.keyboard.type(text)


def add(page, longitude, latitude):
    typed(page, "#add-longitude", longitude)
    page.keyboard.press("Tab")
    page.keyboard.type(latitude)
    page.locator("#draw-add").press("Enter")


@pytest.mark.parametrize(("language", "width"), [("zh", 360), pytest.param("en", 1280, marks=pytest.mark.torture)])
def test_a_zone_is_drawn_checked_and_tried_by_keyboard_alone(visitor, address, desk, language, width):
    page = opened(visitor, address, language, width)
    page.goto(f"{address}/zones")
    assert_accessible(page)
    typed(page, "#zone", "bar")
    page.keyboard.press("Tab")
    page.keyboard.type("the bar")
    page.keyboard.press("Enter")
    says(page, "draw_few", language, least=3)
    page.locator("#draw-form").press("ArrowUp")
    for field, text in (("#draw-rule", "no-bar"), ("#draw-people", "P0001"), ("#draw-basis", "order 9")):
        typed(page, field, text)
    page.locator("#draw-save").press("Enter")
    says(page, "draw_few", language, least=1)
    add(page, "109.45", "24.30")
    says(page, "draw_well", language)
    before = page.locator("#latitude-0").input_value()
    page.locator("#north-0").press("Enter")
    expect(page.locator("#latitude-0")).not_to_have_value(before, timeout=PATIENCE_MS)
    assert page.evaluate("document.activeElement.id") == "north-0"
    assert float(page.locator("#latitude-0").input_value()) == pytest.approx(24.30 + 10 / 110_800, abs=2e-6)
    typed(page, "#draw-radius", "3")
    page.keyboard.press("Enter")
    says(page, "draw_faults", language)
    typed(page, "#draw-radius", "300")
    page.keyboard.press("Enter")
    says(page, "draw_well", language)
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("#draw-try").press("Enter")
    would = "会报警 12 起（9 起按“设备原因”办结）" if language == "zh" else "raised 12, of which 9 closed as technical"
    expect(page.locator("#tried")).to_contain_text(would, timeout=PATIENCE_MS)
    # What may be proposed now stands on the page as it is then.
    expect(page.locator("#draw-propose")).to_be_visible(timeout=PATIENCE_MS)
    assert_accessible(page)
    page.locator("#draw-drop").press("Enter")
    expect(page.locator("#in-force")).to_be_visible(timeout=PATIENCE_MS)
    assert desk.drafts.all() == []


def test_a_rule_to_be_at_home_at_hours_needs_no_drawing(visitor, address, desk):
    page = opened(visitor, address, "zh")
    page.goto(f"{address}/zones")
    page.locator("#begin-home").press("Enter")
    expect(page.locator("#draw-hours")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator("#draw-add")).to_have_count(0)
    for field, text in (("#draw-people", "P0001"), ("#draw-basis", "order 9"), ("#draw-begins", "22:00")):
        typed(page, field, text)
    page.locator("#draw-save").press("Enter")
    # It had faults before: what was typed comes back with the answer.
    expect(page.locator("#draw-begins")).to_have_attribute("value", "22:00", timeout=PATIENCE_MS)
    says(page, "draw_faults", "zh")
    typed(page, "#draw-ends", "08:00")
    page.locator("[name=days][value=sat]").press("Space")
    page.locator("#draw-save").press("Enter")
    says(page, "draw_well", "zh")
    (kept,) = desk.drafts.all()
    assert (kept.draft.form, kept.draft.binding.days, kept.draft.rule) == ("home", "sat", f"at-{kept.draft.zone}")
    assert_accessible(page)
    page.locator("#draw-drop").press("Enter")
    expect(page.locator("#in-force")).to_be_visible(timeout=PATIENCE_MS)
    typed(page, "#zone", "farm")
    page.keyboard.press("Enter")
    expect(page.locator("#draw-hours")).to_be_hidden(timeout=PATIENCE_MS)
    page.locator("#draw-does").press("End")
    expect(page.locator("#draw-hours")).to_be_visible(timeout=PATIENCE_MS)
    page.locator("#draw-drop").press("Enter")


def test_a_zone_is_drawn_by_mouse_on_the_map_and_a_corner_is_dragged(visitor, address, desk):
    page = opened(visitor, address, "en")
    page.goto(f"{address}/zones")
    typed(page, "#zone", "square")
    page.keyboard.press("Enter")
    says(page, "draw_few", "en", least=3)
    box = page.locator("#map").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.wait_for_selector("#map[data-pencil]", timeout=PATIENCE_MS)
    for number, (right, down) in enumerate(((-60, -60), (60, -60), (60, 60)), 1):
        page.mouse.click(x + right, y + down)
        expect(page.locator(".points tbody tr")).to_have_count(number, timeout=PATIENCE_MS)
    expect(page.locator(".drawn-corner")).to_have_count(3, timeout=PATIENCE_MS)
    before = page.locator("#longitude-2").input_value()
    corner = page.locator(".drawn-corner").nth(2).bounding_box()
    page.mouse.move(corner["x"] + 11, corner["y"] + 11)
    page.mouse.down()
    page.mouse.move(corner["x"] + 61, corner["y"] + 11, steps=4)
    page.mouse.up()
    for _ in range(PATIENCE_MS // LOOK_MS):
        (kept,) = desk.drafts.all()
        if str(kept.draft.points[2][0]) != before:
            break
        page.wait_for_timeout(LOOK_MS)
    assert kept.draft.points[2][0] > float(before)
    desk.drafts.drop(kept.draft.id)
