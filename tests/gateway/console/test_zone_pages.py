"""Pages of zones: what is in force for whom, a draft typed and moved, faults at their place, and who may."""

from __future__ import annotations

import asyncio
import json
import re

import msgspec
import pytest
from opened_desk import client_of, desk_of, submit, visit, written
from timeline import at

from fencing.datum import Datum, from_wgs84
from gateway.console.draft_forms import begun, drawn_again, imported, of_home, typed
from gateway.console.draft_view import area_said, on_maps
from gateway.console.words.zone_words import ZONES
from gateway.control.messages import Reply
from gateway.drafts.draft import Draft
from gateway.drafts.preview import Day, Preview, Tally
from gateway.drafts.shelf import Proposal
from gateway.errors import UserFault

NOW = at(0, 22.8)
SPOT = ["109.45", "24.30"]
RULE = {
    "does": "keep_out", "rule": "no-bar", "people": "P0001", "basis": "order 9", "basis_kind": "court_order",
    "start": "", "until": "",
}  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    return desk_of(written(tmp_path_factory.mktemp("zones") / "county"), NOW)


@pytest.fixture
def draft(desk):
    """The bar, drawn as a circle about a place; it goes at the end."""
    begun = desk.drafts.begin(
        msgspec.structs.replace(
            typed(Draft("", "bar", datum="gcj02"), {"form": ["circle"], **{key: [one] for key, one in RULE.items()}}),
            name="the bar", points=((109.45, 24.30),), by="D02", at=NOW,
        )
    )  # fmt: skip
    yield begun
    if any(one.draft.id == begun.id for one in desk.drafts.all()):
        desk.drafts.drop(begun.id)


def told(draft, **form):
    return typed(draft, {key: one if isinstance(one, list) else [one] for key, one in form.items()})


def test_points_are_typed_moved_split_and_taken_out():
    draft = Draft("", "bar", datum="gcj02", points=((109.45, 24.30), (109.46, 24.30)))
    east = told(draft, do="east:0").points[0]
    assert (east[0] - 109.45) * 101_500 == pytest.approx(10.0, abs=0.1)
    assert told(draft, do="south:1").points[1][1] == pytest.approx(24.30 - 10 / 110_800, abs=2e-6)
    assert told(draft, do="split:0").points[1] == (109.455, 24.30)
    assert told(draft, do="remove:0").points == ((109.46, 24.30),)
    assert told(draft, do="remove:7").points == draft.points
    assert told(draft, longitude=["1", "2,5"], latitude=["3", "4"]).points == ((1.0, 3.0), (2.5, 4.0))
    added = told(draft, do="add", add_longitude="109.5", add_latitude="24.4").points
    assert added[-1] == (109.5, 24.4)


def test_hours_are_typed_and_the_id_goes_by_what_the_rule_asks():
    draft, hours = Draft("", "bar"), {"begins": "22：00", "ends": "08:00", "grace": "15", "days": ["fri", "sat"]}
    rule = told(draft, **RULE | {"does": "be_there", "rule": "no-bar"} | hours).binding
    assert (rule.id, rule.does, rule.begins, rule.ends) == ("at-bar", "be_there", "22:00", "08:00")
    assert (rule.days, rule.grace) == ("fri sat", "15")
    assert told(draft, **RULE | {"does": "be_there", "rule": "mine"}).binding.id == "mine"
    plain = told(draft, **RULE | {"rule": "at-bar"} | hours).binding
    assert (plain.id, plain.begins, plain.days) == ("no-bar", "", ""), "a rule without hours keeps none"
    home = of_home("home-1", "")
    changed = told(home, **RULE | {"does": "keep_out", "form": "polygon"} | hours)
    assert (changed.form, changed.binding.does) == ("polygon", "keep_out")
    assert told(home, **RULE | {"does": "", "form": "home"} | hours).binding.does == "be_there"
    assert told(draft, form="home").form == "polygon", "what is drawn stays drawn"


def test_what_is_typed_in_another_datum_is_converted_and_the_stated_one_stays():
    draft = told(
        Draft("", "bar", datum="gcj02"), do="add", add_longitude="109.5", add_latitude="24.4", add_datum="wgs84"
    )
    north, east = from_wgs84([24.4], [109.5], Datum.GCJ02)
    assert draft.points[0] == pytest.approx((float(east[0]), float(north[0])), abs=1e-6)
    assert draft.datum == "gcj02"
    assert on_maps(draft, Datum.GCJ02) == [draft.points[0]]
    assert on_maps(draft, Datum.WGS84)[0] == pytest.approx((109.5, 24.4), abs=2e-6)


@pytest.mark.parametrize("text", ["", "x", "nan", "inf", "1e400"])
def test_what_is_no_number_is_refused_in_words(text):
    with pytest.raises(UserFault, match="no number"):
        told(Draft("", "bar"), do="add", add_longitude=text, add_latitude="24")


def test_a_file_says_its_datum_and_a_hand_begins_anew():
    with pytest.raises(UserFault, match="no default"):
        imported(Draft("", "bar"), "{}", "")
    file = imported(Draft("", "bar", points=((1.0, 2.0),)), "{}", "wgs84")
    assert (file.form, file.datum, file.points) == ("file", "wgs84", ())
    again = drawn_again(file, Datum.GCJ02)
    assert (again.form, again.datum, again.text) == ("polygon", "gcj02", "")


def test_a_zone_in_force_is_taken_over_as_it_is_drawn_on_the_maps(desk):
    circle = begun(desk.configuration, "mother-P0003", "", "b")
    assert (circle.form, circle.radius_m, circle.binding, circle.base) == ("circle", 150.0, None, "b")
    assert circle.points == ((109.4521, 24.3012),)
    county = begun(desk.configuration, "county", "", "b")
    assert county.form == "polygon"
    assert len(county.points) >= 4
    assert begun(desk.configuration, "cafes", "", "b").points == ()
    assert begun(desk.configuration, "new", "n", "").binding.does == "keep_out"


def test_areas_have_their_unit():
    assert (area_said(125_663.7), area_said(2_500_000.0)) == ("125664 m²", "2.50 km²")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_zones_in_force_are_listed_with_rule_document_people_and_size(desk, language):
    page = visit(desk, "/zones", "L01", language).text
    row = re.search(r"<td>cafes<br>.*?</tr>", page, re.DOTALL)[0]
    assert ZONES["zones_barred"].of(language) in row
    assert "no-cafes" in row
    assert ZONES["draw_court_order"].of(language) in row
    assert "zones/cafes.geojson" in row
    assert "<td>1</td>" in row
    assert 'href="/zones"' in page


def test_an_office_sees_the_zones_of_its_own_people_and_those_of_nobody(desk):
    mine = visit(desk, "/zones", "S02").text
    assert "<td>cafes<br>" not in mine
    assert "<td>mother-P0003<br>" in mine
    layers = json.loads(visit(desk, "/zones.json", "S02").text)
    assert not any("网吧" in one["name"] for one in layers["zones"])
    assert submit(desk, "/zones/draft", "S02", zone="cafes")[0].status_code == 403


def test_whoever_may_not_draw_is_refused_in_words_and_offered_nothing(desk, draft):
    for path in ("/zones", f"/zones/draft/{draft.id}", "/zones.json"):
        answer = visit(desk, path, "A01")
        assert (answer.status_code, ZONES["zones_who"].zh in answer.text) == (403, True)
    assert 'href="/zones"' not in visit(desk, "/help", "A01").text
    assert visit(desk, "/zones/draft/00000000").status_code == 404
    assert visit(desk, "/zones/draft/..%2f..").status_code == 404


def test_a_draft_is_begun_and_what_cannot_be_one_is_said_with_what_was_typed(desk):
    answer, _ = submit(desk, "/zones/draft", "D01", zone="../x")
    assert "不能用" in answer.text
    assert 'value="../x"' in answer.text
    answer, _ = submit(desk, "/zones/draft", "T01", zone="pub", name="a <b>pub</b>")
    assert answer.status_code == 303
    page = visit(desk, answer.headers["location"], "T01").text
    assert "&lt;b&gt;pub" in page
    assert "GCJ-02" in page
    desk.drafts.drop(answer.headers["location"].rpartition("/")[2])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_draft_says_its_size_and_homes_to_whom_it_may(desk, draft, language):
    page = visit(desk, f"/zones/draft/{draft.id}", "D01", language).text
    assert ZONES["draw_well"].of(language) in page
    assert "125" in page.split('id="draw-check"')[1]
    homes = page.split(ZONES["draw_homes"].of(language))[1]
    assert re.search(r"P0001.{0,30}\d+ (米|m)", homes)
    technician = visit(desk, f"/zones/draft/{draft.id}", "T01", language).text
    assert ZONES["draw_homes"].of(language) not in technician
    # What an office drew is for that office, which is told of others' homes how many there are.
    assert visit(desk, f"/zones/draft/{draft.id}", "S02", language).status_code == 403
    assert draft.id not in visit(desk, "/zones", "S02", language).text
    draft = desk.drafts.change(msgspec.structs.replace(draft, by="S02"))
    other = visit(desk, f"/zones/draft/{draft.id}", "S02", language).text.split(ZONES["draw_homes"].of(language))[1]
    assert "P0001" not in other
    assert ZONES["draw_hidden"].of(language).format(count=1) in other
    layers = json.loads(visit(desk, f"/zones/draft/{draft.id}/map.json", "S02", language).text)
    assert {one["kind"] for one in layers["zones"]} >= {"drawn", "county"}
    assert layers["homes"] == []
    mine = json.loads(visit(desk, f"/zones/draft/{draft.id}/map.json", "D01", language).text)
    assert len(mine["homes"]) == 1


def change(desk, draft, number="D01", **form):
    given = {"revision": str(draft.revision), "name": draft.name, "form": draft.form, **RULE, **form}
    return submit(desk, f"/zones/draft/{draft.id}", number, **given)[0].text


def test_faults_stand_at_their_corner_and_at_their_field(desk, draft):
    page = change(desk, draft, form="polygon", longitude="190", latitude="24.3", do="save")
    assert ZONES["draw_few"].zh.format(least=3) in page
    crossed = [(109.45, 24.30), (109.46, 24.31), (109.46, 24.30), (109.45, 24.31)]
    again = desk.drafts.change(
        msgspec.structs.replace(desk.drafts.of(draft.id).draft, form="polygon", points=tuple(crossed))
    )
    page = change(desk, again, basis="", do="save")
    assert re.search(r'<span id="about-\d"><span class="fault block">', page)
    assert 'aria-invalid="true"' in page
    assert "此处没有内容" in page.split('id="draw-basis"')[1].split("</div>")[0] or "空" in page


def test_two_who_change_a_draft_at_once_and_what_is_no_number_keep_what_there_was(desk, draft):
    assert "the bar" in change(desk, draft, radius_m="300")
    assert "D01 刚改过" in change(desk, draft, "D02", radius_m="400")
    assert desk.drafts.of(draft.id).draft.radius_m == 300.0
    assert "不是数字" in change(desk, desk.drafts.of(draft.id).draft, radius_m="wide")


def test_a_file_is_imported_with_its_datum(desk, draft):
    data = {"type": "Point", "coordinates": [109.44, 24.30]}
    text = json.dumps({"type": "Feature", "properties": {"radius_m": 99, "name": "x"}, "geometry": data})

    async def run(**form):
        async with client_of(desk) as client:
            files = {"file": ("a.geojson", text)}
            return (await client.post(f"/zones/draft/{draft.id}/import", data=form, files=files)).text

    assert "坐标系：没有默认值" in asyncio.run(run(datum=""))
    page = asyncio.run(run(datum="wgs84"))
    assert "WGS-84" in page
    assert ZONES["draw_well"].zh in page
    assert "a.geojson" not in page
    assert desk.drafts.of(draft.id).draft.text == text
    asyncio.run(run(do="again"))
    assert desk.drafts.of(draft.id).draft.form == "polygon"


def tried(desk, draft, **more):
    comes, lost = Tally(12, {"technical": 9}), Tally(2, {"false": 2})
    given = {"since": NOW - 80 * 86_400.0, "until": NOW, "comes": comes, "fresh": 3, "lost": lost, "others": 0}
    days = [Day("2026-11-01", comes, lost)]
    given |= {"days": days, "configuration": "c"} | more
    desk.drafts.tried(draft.id, Preview(draft.digest, **given))


def test_a_preview_is_a_sentence_and_a_list_by_day_and_of_nobody(desk, draft):
    tried(desk, draft)
    page = visit(desk, f"/zones/draft/{draft.id}", "L01", "en").text
    assert "it would have raised 12, of which 9 closed as technical; 3 of them are not raised as it is now" in page
    assert "2 that are raised now would not be, of which 2 closed as false." in page
    assert "<td>2026-11-01</td><td>12, of which 9 closed as technical</td>" in page
    assert "会报警 12 起（9 起按“设备原因”办结）" in visit(desk, f"/zones/draft/{draft.id}").text
    assert "Rules or registers have changed since" in page
    assert 'id="draw-try"' in page
    tried(desk, draft, configuration=desk.configuration.digest)
    assert 'id="draw-try"' not in visit(desk, f"/zones/draft/{draft.id}", "L01").text
    tried(desk, draft, since=0.0, until=0.0)
    assert "没有可试算的历史" in visit(desk, f"/zones/draft/{draft.id}").text


def test_one_proposes_what_he_saw_and_another_confirms(desk, draft):
    path = f"/zones/draft/{draft.id}"
    assert "draw-propose" not in visit(desk, path).text
    tried(desk, draft)
    assert 'id="draw-propose"' in visit(desk, path).text
    answer, asked = submit(
        desk, f"{path}/propose", "D01", {"draft_propose": {"state": "proposed"}}, digest=draft.digest
    )
    assert answer.status_code == 303
    assert (asked[0].do, asked[0].id, asked[0].digest, asked[0].by) == (
        "draft_propose", draft.id, draft.digest, "D01",
    )  # fmt: skip
    desk.drafts.propose(draft.id, Proposal(draft.digest, "L01", "root", NOW))
    assert 'id="draw-confirm"' not in visit(desk, path, "L01").text
    desk.drafts.propose(draft.id, Proposal(draft.digest, "D01", "root", NOW))
    assert 'id="draw-confirm"' not in visit(desk, path, "D02").text
    assert 'id="draw-confirm"' in visit(desk, path, "L01").text
    refusal = Reply(ok=False, error="base changed", refused=True)
    answer, _ = submit(desk, f"{path}/confirm", "L01", {"draft_confirm": refusal}, digest=draft.digest)
    assert "base changed" in answer.text.split('id="draft-fault"')[1]
    done = {"state": "in_force", "zone": "bar", "files": ["rules/x.yaml"], "changes": ["P0001: new"]}
    answer, _ = submit(desk, f"{path}/confirm", "L01", {"draft_confirm": done}, digest=draft.digest)
    assert "rules/x.yaml" in answer.text
    assert "P0001: new" in answer.text


def test_a_draft_is_dropped(desk, draft):
    answer, _ = submit(desk, f"/zones/draft/{draft.id}/drop", "D01")
    assert answer.status_code == 303
    assert visit(desk, f"/zones/draft/{draft.id}").status_code == 404
