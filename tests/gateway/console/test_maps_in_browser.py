"""Maps and the page of a person, in a real browser: drawn, by keyboard, in both languages, at the width of a phone."""

from __future__ import annotations

import math

import pytest
from browser import LOOK_MS, PATIENCE_MS, assert_accessible
from opened_desk import Pasts, desk_of, written
from playwright.sync_api import expect
from pmtiles_file import pmtiles
from served_desk import served

from fencing.datum import Datum
from gateway.clock import iso
from gateway.console.base_map import brought
from gateway.console.lawful import lawful_people
from gateway.engine import Curve, Fix, Gap, Past, Told

NOW = 1_793_530_800.0
SHOT = '<img src=x onerror="throw 1">'
PIXEL = """() => {
    const tile = document.querySelector("canvas.leaflet-tile");
    return tile && tile.width > 255 ? [...tile.getContext("2d").getImageData(128, 128, 1, 1).data] : null;
}"""
ZOOM = "deskMap.views.get('map').map.getZoom()"
CENTRE = "deskMap.views.get('map').map.getCenter().lng"
OCEAN = [128, 222, 234, 255]
"""Of water in the light style; where nothing is drawn a tile is grey."""


def past():
    """Ten hours, a fix each two minutes, with a gap."""
    sources = ("gnss", "wifi", "cell", "beacon", "phone")
    minutes = [at for at in range(0, 600, 2) if not 200 < at < 290]
    rows = [(NOW - 36_000 + 60.0 * at, 24.33 + 2e-5 * at, 109.41 + 3e-3 * math.sin(at / 60), 12.0) for at in minutes]
    kinds = [sources[at % 5] for at in minutes]
    fixes = [Fix(*row, 0.0, "well", kind, "B1") for row, kind in zip(rows, kinds, strict=True)]
    told = [Told(*row, kind, "B1", row[0], used=True) for row, kind in zip(rows, kinds, strict=True)]
    times = [row[0] for row in rows]
    breach = [0.5 + 0.49 * math.sin(at / 90) for at in minutes]
    curve = Curve("R1", "z", SHOT, "keep_out", 0.95, times, breach, [(times[50], "inside")])
    gap = Gap(NOW - 36_000 + 200 * 60, NOW - 36_000 + 290 * 60, 0)
    return Past(fixes, told=told, gaps=[gap], curves=[curve])


def row(person, at, office="SFS-01"):
    return {
        "person": person, "office": office, "latitude": 24.28 + at % 25 * 4e-3, "longitude": 109.35 + at // 25 * 5e-3,
        "radius95_m": 15.0, "age_seconds": 60.0, "home_m": 300.0, "silent": at % 7 == 0, "open": [],
    }  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = desk_of(written(tmp_path_factory.mktemp("maps") / "county"), NOW)
    path = pmtiles(desk.readings.directory / "a.pmtiles", attribution=SHOT + "Survey")
    desk.base_map, desk.tracks = brought(path, Datum.GCJ02, Datum.GCJ02), Pasts(past(), desk.configuration)
    return desk


@pytest.fixture(scope="module")
def person(desk):
    return lawful_people(desk.configuration, NOW)[0]


@pytest.fixture(scope="module")
def address(desk, person):
    asks = {"asks": "keep_out", "is": "outside", "probability": 0.02, "duty": None}
    place = {
        "device": "B1", "time": iso(NOW - 180), "age_seconds": 180.0, "source": "gnss", "latitude": 24.3123,
        "longitude": 109.4321, "datum": "GCJ-02",
        "position": {"type": "Point", "coordinates": [109.43, 24.31]},
        "radius95_m": 12.0, "home_m": 3210.0, "home_deg": 135.0,
        "zones": [asks | {"zone": "z", "name": SHOT, "rule": "R1"}], "registered": [],
    }  # fmt: skip
    device = {"device": "B1", "contact": iso(NOW - 60), "silent": False, "battery_percent": 61}
    answers = {
        "where": {"person": person, "places": [place], "devices": [device]},
        "places": {"now": iso(NOW), "places": [row(person, 0), *(row(f"X{at:03}", at) for at in range(1, 600))]},
    }  # fmt: skip
    with served(desk, answers) as one:
        yield one.address


def until(page, ask, is_so):
    """Wait until what a page answers is so; its policy forbids the browser to do that by itself."""
    for _ in range(PATIENCE_MS // LOOK_MS):
        if is_so(page.evaluate(ask)):
            return
        page.wait_for_timeout(LOOK_MS)
    raise AssertionError(f"{ask} is {page.evaluate(ask)}")


def says(found, words):
    expect(found).to_contain_text(words, timeout=PATIENCE_MS)


def opened(visitor, address, language, width=1280):
    watched = visitor(viewport={"width": width, "height": 900})
    cookies = [{"name": "desk", "value": "L01"}, {"name": "language", "value": language}]
    watched.context.add_cookies([one | {"url": address} for one in cookies])
    return watched.context.new_page()


def looked_at(page, address, person):
    """A person's page, its purpose said by keyboard."""
    page.goto(f"{address}/person/{person}")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    says(page.locator("[data-told-of=map]"), "256")


@pytest.mark.parametrize(("language", "width"), [("zh", 1280), pytest.param("en", 360, marks=pytest.mark.torture)])
def test_a_person_is_looked_at_by_keyboard_and_the_track_is_walked_through(visitor, address, person, language, width):
    page = opened(visitor, address, language, width)
    looked_at(page, address, person)
    said = page.locator("[data-play=said]")
    says(said, "256 / 256" if language == "zh" else "256 of 256")
    for key, at in (("[", 1), (".", 2), (".", 3), (",", 2), ("]", 256)):
        page.keyboard.press(key)
        says(said, f"第 {at} /" if language == "zh" else f"{at} of 256")
    page.locator("[data-play=at]").focus()
    page.keyboard.press("Home")
    says(said, "第 1 /" if language == "zh" else "1 of 256")
    page.locator("details.map-table summary").press("Enter")
    rows = page.locator("[data-table-of=map] tbody tr")
    expect(rows).to_have_count(257, timeout=PATIENCE_MS)
    expect(rows.filter(has_text="没有数据" if language == "zh" else "no data for")).to_have_count(
        1, timeout=PATIENCE_MS
    )
    expect(page.locator(".curve canvas")).to_be_visible(timeout=PATIENCE_MS)
    says(page.locator(".curve option"), SHOT)
    page.locator(".curve summary").press("Enter")
    expect(page.locator(".curve tbody tr")).to_have_count(256, timeout=PATIENCE_MS)
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_countys_base_map_is_drawn_and_its_owner_is_named_as_text(visitor, address, person):
    page = opened(visitor, address, "zh")
    looked_at(page, address, person)
    until(page, PIXEL, lambda pixel: pixel == OCEAN)
    owner = page.locator(".leaflet-control-attribution")
    says(owner, "Survey")
    says(owner, "GCJ-02")
    assert page.locator("img[src=x]").count() == 0


def test_a_map_is_moved_by_keyboard(visitor, address, person):
    page = opened(visitor, address, "en")
    looked_at(page, address, person)
    page.locator("#map").focus()
    before, centre = page.evaluate(ZOOM), page.evaluate(CENTRE)
    page.keyboard.press("+")
    until(page, ZOOM, lambda zoom: zoom > before)
    page.keyboard.press("ArrowRight")
    until(page, CENTRE, lambda longitude: longitude > centre)


@pytest.mark.parametrize(("language", "width"), [("en", 360), pytest.param("zh", 1280, marks=pytest.mark.torture)])
def test_all_are_on_one_map_and_one_is_found_by_id(visitor, address, person, language, width):
    page = opened(visitor, address, language, width)
    page.goto(f"{address}/map")
    says(page.locator("[data-told-of=map]"), "600")
    counts = [int(one) for one in page.locator(".count").all_inner_texts()]
    assert 0 < len(counts) < 300
    assert sum(counts) <= 600
    page.keyboard.press("/")
    page.keyboard.type(person.lower())
    page.keyboard.press("Enter")
    says(page.locator("[data-found]"), person)
    expect(page.locator(f".leaflet-popup a[href='/person/{person}']")).to_be_visible(timeout=PATIENCE_MS)
    page.locator("#find").fill("nobody")
    page.keyboard.press("Enter")
    says(page.locator("[data-found]"), "nobody")
    page.locator("[data-people-table] summary").press("Enter")
    expect(page.locator("[data-people-table] tbody tr")).to_have_count(600, timeout=PATIENCE_MS)
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_places_are_looked_for_again_each_quarter_minute_and_not_more_often(visitor, address):
    page = opened(visitor, address, "zh")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "part=people" in request.url else None)
    page.clock.install()
    page.goto(f"{address}/map")
    says(page.locator("[data-told-of=map]"), "600")
    page.evaluate("document.body.dispatchEvent(new CustomEvent('htmx:sseMessage'))")
    assert asked == []
    with page.expect_response("**/map.json?part=people"):
        page.clock.fast_forward(16_000)
    assert len(asked) == 1
