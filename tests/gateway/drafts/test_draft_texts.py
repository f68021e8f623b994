"""What a draft makes of the county's files: the outline, the entries, and every fault at its place."""

from __future__ import annotations

import json

import msgspec
import pytest

from gateway.drafts.checking import checked
from gateway.drafts.draft import MOST_POINTS, Binding, Draft
from gateway.drafts.measures import bound_by, concerned, edges, size_of
from gateway.drafts.texts import base_of, laid
from gateway.errors import OurFault, UserFault
from gateway.settings.load import load_sources
from gateway.settings.model import BasisKind

BARRED = Binding("no-bar", "keep_out", "P0001", "order 2026-9", "court_order", "2026-11-10", "2026-12-31")
SQUARE = ((109.45, 24.30), (109.46, 24.30), (109.46, 24.31), (109.45, 24.31))
NEW = Draft("0a0b0c0d", "bar", "the bar", "circle", "gcj02", ((109.45, 24.30),), 200.0, binding=BARRED)
HEAD = "  - {id: mother-P0003, name: mother's home, datum: gcj02"
REDRAWN = Draft("0a0b0c0d", "mother-P0003", "mother's home", "polygon", "gcj02", SQUARE)


def of(**changed):
    return msgspec.structs.replace(NEW, **changed)


def bound(**changed):
    return of(binding=msgspec.structs.replace(BARRED, **changed))


@pytest.mark.parametrize(
    ("form", "points", "kind"),
    [("circle", SQUARE[:1], "Point"), ("polygon", SQUARE, "Polygon"), ("corridor", SQUARE[:3], "LineString")],
)
def test_each_form_becomes_a_file_and_a_rule_that_the_county_reads(texts, running, form, points, kind):
    found = checked(texts, running, of(form=form, points=points), "en")
    assert (found.faults, found.warnings) == ([], [])
    assert set(found.laid.changed) == {"zones/drawn-bar.geojson", "rules/drawn-bar-0a0b0c0d.yaml"}
    assert json.loads(found.laid.changed["zones/drawn-bar.geojson"])["geometry"]["type"] == kind
    (rule,) = [one for one in found.configuration.rules if one.id == "no-bar"]
    assert (rule.keep_out, rule.people, rule.basis_kind) == ("bar", ("P0001",), BasisKind.COURT_ORDER)
    assert found.configuration.zones["bar"].name == "the bar"
    assert concerned(found.configuration, "bar") == {"P0001"}
    assert running.rules == tuple(one for one in found.configuration.rules if one.id != "no-bar")


HOURS = {"does": "be_there", "id": "at-bar", "begins": "22:00", "ends": "08:00", "days": "fri sat", "grace": "15"}


def test_a_zone_to_be_in_at_hours_becomes_a_curfew_there(texts, running):
    found = checked(texts, running, bound(**HOURS), "en")
    assert (found.faults, found.warnings) == ([], [])
    (rule,) = [one for one in found.configuration.rules if one.id == "at-bar"]
    assert (rule.keep_out, rule.stay_inside, rule.curfew.zone) == ("", "", "bar")
    written = found.laid.changed["rules/drawn-bar-0a0b0c0d.yaml"]
    assert 'curfew: {zone: bar, from: "22:00", until: "08:00", days: ["fri", "sat"], grace: "15min"}' in written
    assert concerned(found.configuration, "bar") == {"P0001"}
    for days, said in (("workdays", 'days: "workdays"'), ("mon", 'days: ["mon"]'), ("", "")):
        changed = checked(texts, running, bound(**HOURS | {"days": days}), "en")
        assert changed.faults == []
        assert said in changed.laid.changed["rules/drawn-bar-0a0b0c0d.yaml"]


def test_of_home_nothing_is_drawn_and_the_rule_alone_is_written(texts, running):
    home = msgspec.structs.replace(bound(**HOURS | {"id": "at-home-1"}), zone="home-1", form="home", points=())
    found = checked(texts, running, home, "en")
    assert found.faults == []
    assert set(found.laid.changed) == {"rules/drawn-home-1-0a0b0c0d.yaml"}
    (rule,) = [one for one in found.configuration.rules if one.id == "at-home-1"]
    assert rule.curfew.zone == "home"
    assert found.configuration.zones == running.zones
    assert bound_by(found.configuration, home) == {"P0001"}
    assert bound_by(running, home) == frozenset()
    assert found.warnings == checked(texts, running, bound(**HOURS | {"id": "at-home-1"}), "en").warnings
    office = msgspec.structs.replace(home, binding=msgspec.structs.replace(home.binding, basis_kind="office_rule"))
    assert [one.at for one in checked(texts, running, office, "en").warnings] == ["rules.basis_kind"]
    with pytest.raises(UserFault):
        laid(texts, msgspec.structs.replace(home, binding=None))


@pytest.mark.parametrize(
    "wrong",
    [{"begins": ""}, {"ends": ""}, {"begins": "25:00"}, {"days": "someday"}, {"grace": "soon"}, {"grace": "9999"}],
)
def test_what_is_wrong_with_hours_stands_beside_them(texts, running, wrong):
    found = checked(texts, running, bound(**HOURS | wrong), "en")
    assert found.configuration is None
    assert {one.at for one in found.faults} == {"rules.curfew"}, found.faults


def test_sizes_are_those_of_what_was_drawn(texts, running):
    circle = size_of(checked(texts, running, NEW, "en").configuration, "bar")
    assert (round(circle.area_m2, -2), round(circle.around_m), circle.places) == (125_700, 1257, 1)
    line = of(form="corridor", points=((109.45, 24.30), (109.45, 24.31)), width_m=100.0)
    corridor = size_of(checked(texts, running, line, "en").configuration, "bar")
    assert corridor.area_m2 == pytest.approx(1108 * 100 + 3.1416 * 50**2, rel=0.01)


def test_a_zone_in_force_is_drawn_anew_and_keeps_the_rest_of_its_entry(texts, running):
    found = checked(texts, running, REDRAWN, "en")
    assert found.faults == []
    before, after = texts["rules/rules.yaml"], found.laid.changed["rules/rules.yaml"]
    differing = [(one, two) for one, two in zip(before.splitlines(), after.splitlines(), strict=True) if one != two]
    assert differing == [(
        f"{HEAD}, longitude: 109.4521, latitude: 24.3012, radius_m: 150}}",
        f'{HEAD}, file: "zones/drawn-mother-P0003.geojson"}}',
    )]  # fmt: skip
    assert size_of(found.configuration, "mother-P0003").area_m2 == pytest.approx(1014 * 1108, rel=0.01)
    cafes = msgspec.structs.replace(REDRAWN, zone="cafes", name="")
    again = checked(texts, running, cafes, "en")
    assert again.configuration.zones["cafes"].buffer_m == 30
    assert again.configuration.zones["cafes"].category == "internet_cafe"
    assert "zones/cafes.geojson" not in again.laid.changed


BLOCK = """  - id: block          # kept
    polygon:             # goes
      - [109.45, 24.30]
      - [109.46, 24.30]
      - [109.46, 24.31]
    name: a block        # kept, too
    datum: wgs84
    holes: []
"""
"""An entry whose outline stands on lines of its own."""


def test_an_outline_on_lines_of_its_own_goes_whole_and_comments_beside_it_stay(texts):
    text = texts["rules/rules.yaml"].replace("zones:  ", f"zones:\n{BLOCK}#", 1)
    assert "id: block" in text
    with_block = {**texts, "rules/rules.yaml": text}
    draft = msgspec.structs.replace(REDRAWN, zone="block")
    changed = laid(with_block, draft).changed["rules/rules.yaml"]
    assert "id: block          # kept" in changed
    assert "name: a block        # kept, too" in changed
    assert "goes" not in changed
    assert "holes: []" not in changed
    assert load_sources({**with_block, **laid(with_block, draft).changed}).zones["block"].name == "a block"


def test_a_county_that_includes_nothing_by_pattern_is_told_of_the_new_file(texts, running):
    main = texts["gateway.yaml"].replace("include: [rules/*.yaml]", "include: [rules/rules.yaml]")
    changed = laid({**texts, "gateway.yaml": main}, NEW).changed
    assert 'include: [rules/rules.yaml, "rules/drawn-bar-0a0b0c0d.yaml"]' in changed["gateway.yaml"]
    assert checked({**texts, "gateway.yaml": main}, running, NEW, "en").faults == []


@pytest.mark.parametrize(
    ("draft", "at", "said"),
    [
        (of(form="polygon", points=(SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3])), None, "cross"),
        (of(form="corridor", points=SQUARE[:2], width_m=0.0), "shape", "width_m"),
        (of(radius_m=0.0), "shape", "radius_m"),
        (of(radius_m=5.0), "shape", "inner radius"),
        (of(points=((181.0, 24.3),)), "0", "181"),
        (of(points=((24.3, 109.45),)), "0", "latitude"),
        (of(points=((116.4, 39.9),)), "shape", "outside"),
        (of(form="polygon", points=(SQUARE[0], SQUARE[1], SQUARE[0])), None, "coordinates"),
        (of(form="corridor", points=(SQUARE[0], SQUARE[0])), None, "one point"),
        (of(name=""), "zones.name", "nothing is written"),
        (bound(basis=""), "rules.basis", "nothing is written"),
        (bound(people="P0009"), "rules.people", "P0009"),
        (bound(start="soon"), "rules.from", "soon"),
        (bound(until="2026-11-01"), "rules.until", "until"),
        (bound(id="no-cafes"), "", "already used"),
        (bound(basis_kind="rumour"), "rules.basis_kind", "rumour"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_in_words_at_its_place(texts, running, draft, at, said):
    found = checked(texts, running, draft, "en")
    assert found.configuration is None
    assert any(said in one.message for one in found.faults), found.faults
    if at is not None:
        assert at in {one.at for one in found.faults}, found.faults


def test_corners_that_cross_are_named_by_their_number(texts, running):
    crossed = of(form="polygon", points=(SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]))
    (fault,) = checked(texts, running, crossed, "zh").faults
    assert fault.at in {"0", "1", "2", "3"}
    assert "自相交" in fault.message or "相交" in fault.message


def test_a_rule_of_the_office_alone_is_warned_of_and_others_are_not(texts, running):
    (warning,) = checked(texts, running, bound(basis_kind="office_rule"), "en").warnings
    assert warning.at == "rules.basis_kind"
    assert "office_rule" in warning.message


def feature(geometry, **more):
    return json.dumps({"type": "Feature", "properties": {"name": "x", **more}, "geometry": geometry})


def test_a_geojson_file_is_taken_as_it_is_with_heights_and_several_features(texts, running):
    heights = [[*corner, 12.5] for corner in (*SQUARE, SQUARE[0])]
    one = json.loads(feature({"type": "Polygon", "coordinates": [heights]}))
    two = json.loads(feature({"type": "Point", "coordinates": [109.5, 24.35]}, radius_m=100))
    text = json.dumps({"type": "FeatureCollection", "features": [one, two]})
    found = checked(texts, running, of(form="file", text=text), "en")
    assert found.faults == []
    assert size_of(found.configuration, "bar").places == 2
    assert found.laid.changed["zones/drawn-bar.geojson"] == text


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:EPSG::3857", "EPSG:2362", "urn:ogc:def:crs:EPSG::4214", ""])
def test_another_system_of_coordinates_is_refused_in_words(texts, running, name):
    data = {"type": "Point", "coordinates": [109.5, 24.35], "crs": {"type": "name", "properties": {"name": name}}}
    with pytest.raises(UserFault, match="another system"):
        checked(texts, running, of(form="file", text=json.dumps(data)), "en")


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4490"])
def test_degrees_by_whatever_name_are_taken(texts, running, name):
    data = json.loads(feature({"type": "Point", "coordinates": [109.5, 24.35]}, radius_m=100))
    data["crs"] = {"type": "name", "properties": {"name": name}}
    assert checked(texts, running, of(form="file", text=json.dumps(data)), "en").faults == []


@pytest.mark.parametrize("text", ["{", "[]", '{"type": "Topology"}', "[" * 5000, '{"type": "FeatureCollection"}'])
def test_what_is_no_geojson_is_said_with_its_line(texts, running, text):
    found = checked(texts, running, of(form="file", text=text), "en")
    assert {one.at for one in found.faults} == {"shape"}
    assert found.faults[0].where.startswith("zones/drawn-bar.geojson:1:")


@pytest.mark.parametrize(
    "draft", [of(zone="../x"), of(zone=""), of(zone="吧"), of(points=SQUARE * MOST_POINTS), of(text="x" * 800_000)]
)
def test_what_is_too_large_or_cannot_name_a_file_is_refused(texts, draft):
    with pytest.raises(UserFault):
        laid(texts, draft)


def test_a_draft_that_would_change_more_than_its_zone_is_refused(texts, running):
    others = running.rules[:-1]
    object.__setattr__(running, "rules", others)
    try:
        with pytest.raises(OurFault, match="more than the zone"):
            checked(texts, running, NEW, "en")
    finally:
        object.__setattr__(running, "rules", load_sources(texts).rules)


def test_the_base_of_a_zone_is_its_entry_and_its_file_and_no_other(texts):
    assert base_of(texts, "nowhere") == ""
    before = {zone: base_of(texts, zone) for zone in ("county", "cafes")}
    other = {**texts, "zones/cafes.geojson": texts["zones/cafes.geojson"] + "\n"}
    assert base_of(other, "cafes") != before["cafes"]
    assert base_of(other, "county") == before["county"]
    renamed = texts["rules/rules.yaml"].replace("internet cafes", "cafes")
    assert base_of({**texts, "rules/rules.yaml": renamed}, "cafes") != before["cafes"]


def test_homes_are_told_with_their_way_to_the_edge_but_no_protected_persons(texts, running):
    home = running.people["P0001"].home
    here = ((home.longitude, home.latitude),)
    around = of(
        datum="wgs84", points=here, radius_m=240.0, binding=msgspec.structs.replace(BARRED, people="P0001 P0002 P0003")
    )
    whole = checked(texts, running, around, "en").configuration
    found = edges(whole, "bar", whole.people)
    first = next(one for one in found if one.person == "P0001")
    assert (round(first.metres), first.inside) == (240, True)
    assert [one.metres for one in found] == sorted(one.metres for one in found)
    assert edges(whole, "bar", ["P0002"]) == [one for one in found if one.person == "P0002"]
    # A protected person has no home in the registers, and would not be told if there were one.
    object.__setattr__(whole.people["P0001"], "protected", True)
    assert "P0001" not in {one.person for one in edges(whole, "bar", whole.people)}
