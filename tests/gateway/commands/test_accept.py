"""An officer's wish against the configuration: what becomes a command, and what is said of the rest."""

from __future__ import annotations

import math

import pytest
from shapely import Polygon, box
from timeline import CAFE, PLANE, SQUARE, county, degrees

from gateway.commands import accept
from gateway.commands.accept import LONGEST_EXPIRY, LONGEST_VALUE, command_of
from gateway.commands.fences import MOST_CORNERS, number_of, shapes_of
from gateway.commands.wish import Wish
from gateway.errors import UserFault
from gateway.settings.model import Area, Circle, ZoneDefinition
from gateway.words.command_words import usage
from gateway.words.phrases import spoken
from protocols.order import OrderForm
from protocols.registry import FAMILIES

FORMS = {
    "locate": OrderForm("Report now."),
    "interval": OrderForm("Seconds between reports.", ("seconds",)),
    "text": OrderForm("Show a text.", ("text",), ("urgent",)),
    "fence": OrderForm("A zone into the device.", (), ("alarm",)),
    "fence_delete": OrderForm("Out again.", ("kind",), ("numbers",)),
}
WISH = Wish("B0001", "locate", "D01")


@pytest.fixture(autouse=True)
def forms(monkeypatch):
    monkeypatch.setattr(accept, "forms_of", lambda _: FORMS)


def taken(kind: str = "locate", values: dict[str, str] | None = None, **more: object):
    wish = Wish("B0001", kind, "D01", values or {}, **more)
    return command_of(wish, county(), "a1", 1000.0)


def test_a_wish_becomes_a_command_with_an_end_to_its_time():
    command = taken("text", {"text": "回电"}, expires=60.0)
    assert (command.id, command.device, command.kind, command.by) == ("a1", "B0001", "text", "D01")
    assert (command.expires, command.values, command.shapes) == (1060.0, {"text": "回电"}, ())
    assert (command.order.kind, command.order.values) == ("text", {"text": "回电"})


def test_an_unknown_device_is_named():
    with pytest.raises(UserFault, match="no device 'B9999'"):
        command_of(Wish("B9999", "locate", "D01"), county(), "a1", 0.0)


def test_an_unknown_order_is_answered_with_those_there_are():
    with pytest.raises(
        UserFault, match=r"B0001 \(jt808\) has no order 'explode'; it has: locate, interval, text, fence, fence_delete"
    ):
        taken("explode")


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("text", {"text": "x" * 1024}),
        ("text", {"text": "回" * 512}),
        ("pass_through", {"type": "41", "data": "00" * 16_384}),
    ],
)
def test_the_longest_argument_that_an_order_takes_is_taken(monkeypatch, kind, values):
    monkeypatch.setattr(accept, "forms_of", lambda device: FAMILIES[device.protocol].orders)
    assert taken(kind, values).values == values


@pytest.mark.parametrize(
    ("kind", "values", "said"),
    [
        ("interval", {}, r"interval needs seconds; write: interval seconds=\.\.\."),
        ("interval", {"seconds": "30", "x": "1"}, "interval has no argument x"),
        ("locate", {"seconds": "30"}, "locate has no argument seconds; write: locate"),
        ("text", {"urgent": "1"}, r"text needs text; write: text text=\.\.\. \[urgent=\.\.\.\]"),
        (
            "text",
            {"text": "x" * (LONGEST_VALUE + 1)},
            f"text has {LONGEST_VALUE + 1} characters, at most {LONGEST_VALUE}",
        ),
        ("text", {"text": "x", "zone": "cafes"}, "text has no argument zone"),
        ("fence", {"zone": "nowhere"}, "no zone 'nowhere'.*; zones: .*cafes"),
    ],
)
def test_wrong_arguments_are_answered_with_how_to_write_it(kind, values, said):
    with pytest.raises(UserFault, match=said):
        taken(kind, values)


@pytest.mark.parametrize("seconds", [0.0, -1.0, LONGEST_EXPIRY + 1.0, math.nan, math.inf])
def test_a_time_that_is_none_or_too_long_is_refused(seconds):
    with pytest.raises(UserFault, match="at most 7d"):
        taken(expires=seconds)


def test_usage_shows_what_is_needed_and_what_may_be():
    assert usage("text", FORMS["text"]) == "text text=... [urgent=...]"


def test_a_circle_stays_a_circle_with_its_margin():
    zones = {"c": ZoneDefinition("c", "cafes", (Circle("cafe 3", *degrees(CAFE), 60.0),), 15.0)}
    (shape,) = shapes_of(county(zones=zones), "c")
    assert (shape.name, shape.radius_m, shape.number) == ("cafe 3", 75.0, number_of("c", 0))
    ((latitude, longitude),) = shape.points
    x, y = PLANE.forward(latitude, longitude)
    assert math.hypot(float(x) - CAFE[0], float(y) - CAFE[1]) < 0.2


def test_a_polygon_becomes_a_ring_that_is_not_closed():
    command = taken("fence", {"zone": "square"})
    (shape,) = command.shapes
    assert (command.values, command.zone) == ({}, "square")
    assert shape.radius_m == 0.0
    assert len(shape.points) == 4 == len(set(shape.points))
    metres = [PLANE.forward(*point) for point in shape.points]
    assert {(round(float(x)), round(float(y))) for x, y in metres} == {
        (sign * int(SQUARE), other * int(SQUARE)) for sign in (-1, 1) for other in (-1, 1)
    }


def test_a_zone_is_taken_off_a_device_by_the_numbers_it_was_put_there_under():
    put, off = (
        taken("fence", {"zone": "cafes", "alarm": "in"}),
        taken("fence_delete", {"kind": "circle", "zone": "cafes"}),
    )
    assert put.values == {"alarm": "in"}
    assert off.values == {"kind": "circle", "numbers": str(put.shapes[0].number)}
    assert (off.shapes, off.zone) == ((), "cafes")
    assert taken("fence_delete", {"kind": "circle", "numbers": "7"}).values == {"kind": "circle", "numbers": "7"}


def test_a_margin_makes_a_polygon_larger():
    plain, grown = (
        shapes_of(
            county(zones={"s": ZoneDefinition("s", "s", (Area("s", box(109.4, 24.3, 109.41, 24.31)),), margin)}), "s"
        )
        for margin in (0.0, 20.0)
    )
    assert max(lat for lat, _ in grown[0].points) == pytest.approx(24.31 + 20.0 / 110_750.0, abs=2e-6)
    assert max(lat for lat, _ in plain[0].points) == pytest.approx(24.31, abs=1e-6)


def test_a_home_is_a_zone_of_its_own():
    (shape,) = shapes_of(county(), "home:P0001")
    assert shape.radius_m == 80.0


def test_numbers_are_the_same_whatever_else_is_configured_and_differ_between_places():
    places = (Circle("a", 24.33, 109.41, 50.0), Circle("b", 24.34, 109.41, 50.0))
    one = shapes_of(county(zones={"z": ZoneDefinition("z", "z", places)}), "z")
    more = {"a": ZoneDefinition("a", "a", places), "z": ZoneDefinition("z", "z", places)}
    assert shapes_of(county(zones=more), "z") == one
    assert one[0].number != one[1].number
    assert number_of("z", 0) == 4245218783


def test_a_polygon_with_a_hole_is_refused_in_words():
    ring = Polygon(box(109.3, 24.2, 109.4, 24.3).exterior, [box(109.33, 24.23, 109.36, 24.26).exterior])
    with pytest.raises(UserFault, match="'ring' has a hole"):
        shapes_of(county(zones={"r": ZoneDefinition("r", "r", (Area("ring", ring),))}), "r")


def test_too_many_corners_are_refused():
    turns = [math.tau * step / (MOST_CORNERS + 1) for step in range(MOST_CORNERS + 1)]
    large = Polygon([(109.4 + 0.1 * math.cos(turn), 24.3 + 0.1 * math.sin(turn)) for turn in turns])
    with pytest.raises(UserFault, match="more than 2000 corners"):
        shapes_of(county(zones={"r": ZoneDefinition("r", "r", (Area("round", large),))}), "r")


@pytest.mark.parametrize(
    ("protocol", "kind", "values", "said"),
    [
        ("jt808", "interval", {"seconds": "abc"}, "seconds 写了 'abc'，应是 1 到 4294967295 的整数"),
        ("jt808", "interval", {"seconds": "-1"}, "应是 1 到"),
        ("jt808", "text", {"text": ""}, "文字有 0 字节"),
        ("jt808", "text", {"text": "x", "type": "nonsense"}, "不能执行这条指令"),
        ("gt06", "interval", {"seconds": "0"}, "interval 的 seconds 须符合"),
        ("r16h", "interval", {"seconds": "abc"}, "interval 的 seconds 不能是 'abc'"),
        ("annex_a", "power_saving", {"on": "2"}, "原文“power_saving"),
    ],
)
def test_what_no_device_of_a_protocol_can_be_told_is_refused_at_once(monkeypatch, protocol, kind, values, said):
    monkeypatch.setattr(accept, "forms_of", lambda _: FAMILIES[protocol].orders)
    with pytest.raises(UserFault) as refused:
        taken(kind, values)
    assert said in spoken(refused.value, "zh")


@pytest.mark.parametrize("protocol", sorted(FAMILIES))
def test_what_some_edition_can_be_told_waits_for_the_device(monkeypatch, protocol):
    given = {"interval": {"seconds": "30"}, "locate": {}, "text": {"text": "x", "type": "service"}, "version": {}}
    forms = FAMILIES[protocol].orders
    monkeypatch.setattr(accept, "forms_of", lambda _: forms)
    for kind in set(given) & set(forms):
        values = {
            name: value for name, value in given[kind].items() if name in forms[kind].required + forms[kind].optional
        }
        assert taken(kind, values).kind == kind
