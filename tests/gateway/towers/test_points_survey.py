"""A survey of access points: what its rows may say, and what can be looked up of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tower_files import imported, places, row, written

from gateway.errors import UserFault
from gateway.fusion.scan.constants import FIX, REACH_POINT
from gateway.fusion.towers import NO_COUNTRY, point_names
from gateway.towers.rows import BadRow, Radio, Tower
from gateway.towers.survey import SurveyLayout, bssid_of
from gateway.towers.versions import TowerVersions
from gateway.words.tower_phrases import TOWER_REASONS

HEADER = "bssid,lat,lon,accuracy_m,updated"
SHOP = 0x0000_5E00_5301
NAMES = HEADER.split(",")
LAYOUT = SurveyLayout({name: at for at, name in enumerate(NAMES)}, len(NAMES))
PLACE = (24.33, 109.41)


@pytest.fixture
def storage(tmp_path):
    return tmp_path / "storage"


def point(bssid="00:00:5e:00:53:01", lat="24.33", lon="109.41", accuracy_m="", updated=""):
    return ",".join(map(str, (bssid, lat, lon, accuracy_m, updated)))


def reason(**said):
    with pytest.raises(BadRow) as bad:
        LAYOUT.read(point(**said).split(","))
    assert bad.value.reason in TOWER_REASONS
    assert bad.value.text.zh != bad.value.text.en
    return bad.value.reason


def stands(storage, *bssids):
    """Where access points stand by the version in use, and metres per axis; None: unknown."""
    versions = TowerVersions(storage)
    towers = versions.open(versions.current()).towers
    found = towers.at(towers.look_up(*point_names(np.array(bssids, np.int64))))
    rows = zip(found.latitude.tolist(), found.longitude.tolist(), found.sigma_m.tolist(), strict=True)
    return [None if np.isnan(latitude) else (latitude, longitude, sigma) for latitude, longitude, sigma in rows]


@pytest.mark.parametrize(
    "text",
    ["00:00:5e:00:53:01", "00-00-5E-00-53-01", "00005e005301", "0000.5e00.5301", "00005E005301", "0:0:5e:0:53:1"],
)
def test_a_bssid_is_read_as_it_is_usually_written(text):
    assert bssid_of(text) == SHOP


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "bssid"), ("00:00:00:00:00:00", "bssid"), ("00:00:5e:00:53", "bssid"), ("00:00-5e:00:53:01", "bssid"),
        ("5e005301", "bssid"), ("1.12E+11", "bssid"), ("00:00:5e:00:53:0g", "bssid"), ("00:00:5e:00:53:001", "bssid"),
        ("００００５e005301", "bssid"), ("ff:ff:ff:ff:ff:ff", "bssid_group"), ("01:00:5e:00:00:01", "bssid_group"),
        ("02:00:00:00:00:01", "bssid_local"), ("da:12:34:56:78:9a", "bssid_local"),
    ],
)  # fmt: skip
def test_what_is_no_points_own_name_is_refused_by_name(text, expected):
    assert reason(bssid=text) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"lat": ""}, "place"), ({"lon": "nan"}, "place"), ({"lat": "0", "lon": "0.0"}, "nowhere"),
        ({"lat": "109.41", "lon": "24.33"}, "swapped"), ({"lat": "95", "lon": "195"}, "outside"),
        ({"accuracy_m": "-1"}, "accuracy"), ({"accuracy_m": "301"}, "accuracy"), ({"accuracy_m": "good"}, "accuracy"),
        ({"updated": "1500000000000"}, "updated"), ({"updated": "2026-02-30"}, "updated"),
        ({"updated": "yesterday"}, "updated"), ({"updated": "1,2"}, "columns"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_under_its_reason(said, expected):
    assert reason(**said) == expected


def test_what_is_stated_is_read():
    expected = Tower(NO_COUNTRY, NO_COUNTRY, 0, SHOP, Radio.WIFI, *PLACE, 8.5, 0, 86_400)
    assert LAYOUT.read(point(accuracy_m="8.5", updated="86400").split(",")) == expected
    assert LAYOUT.read(point(accuracy_m="8.5", updated="1970-01-02").split(",")) == expected
    assert LAYOUT.read(point(bssid="fc:dc:ba:98:76:54").split(","))[2:4] == (0xFCD, 0xC_BA98_7654)
    assert LAYOUT.read(point().split(","))[7:] == (0.0, 0, 0)


@given(st.lists(st.text('0123456789abcdef.-+:,x"\0网', max_size=18), min_size=1, max_size=6))
def test_whatever_stands_there_is_a_point_or_a_reason(cells):
    try:
        found = LAYOUT.read(cells)
    except BadRow as bad:
        found = bad
    assert isinstance(found, Tower) or found.reason in TOWER_REASONS


def test_a_survey_is_known_by_its_header_and_its_points_are_looked_up(storage, tmp_path):
    path = written(
        tmp_path / "w.csv", "cafe,000012345678,24.33,109.41,20", "bank,00-00-5e-00-53-01,25,110,", header=
        "name,MAC,Latitude,longitude,accuracy",
    )  # fmt: skip
    told = imported(storage, path)
    assert (told.counts["w.csv"].good, told.counts["w.csv"].new, told.broken) == (2, 2, [])
    cafe, bank, unknown = stands(storage, 0x1234_5678, SHOP, SHOP + 1)
    assert cafe == (*PLACE, pytest.approx(np.hypot(20.0, REACH_POINT)))
    assert bank == (25.0, 110.0, pytest.approx(np.hypot(FIX, REACH_POINT)))
    assert unknown is None


def test_cells_and_points_stand_beside_each_other_and_are_counted_apart(storage, tmp_path):
    survey = written(tmp_path / "w.csv", point(), point(bssid="000012345678"), header=HEADER)
    imported(storage, written(tmp_path / "c.csv", row(1)), survey, mccs=(460,))
    version = TowerVersions(storage).about(TowerVersions(storage).current())
    assert version.cells == 1
    assert [(each.radio, each.mcc, each.cells) for each in version.counted] == [("LTE", 460, 1), ("WIFI", 1023, 2)]
    assert places(storage, 1) == [PLACE]
    assert stands(storage, SHOP) != [None]


def test_broken_rows_are_named_by_line_and_the_others_kept(storage, tmp_path):
    lines = [point(), point(bssid="02:00:00:00:00:01"), "", point(bssid="01:00:5e:00:00:01"), point(bssid="x", lat=1)]
    told = imported(storage, written(tmp_path / "w.csv", *lines, header=HEADER))
    assert [line.split(":")[0] for line in told.broken] == ["3", "5", "6"]
    assert "locally administered" in told.broken[0]
    assert "group address" in told.broken[1]
    assert told.counts["w.csv"].broken == {"bssid_local": 1, "bssid_group": 1, "bssid": 1}
    assert told.counts["w.csv"].good == 1


def test_one_point_at_two_far_places_of_a_file_is_used_at_neither(storage, tmp_path):
    near, far = point(lat="24.331"), point(lat="24.334")
    told = imported(storage, written(tmp_path / "a.csv", point(), point(bssid="000012345678"), far, header=HEADER))
    assert told.broken == ["4: the same as in line 2, 445 m away from there: neither is used"]
    assert told.counts["a.csv"].broken == {"contradiction": 2}
    assert stands(storage, SHOP) == [None]
    imported(storage, written(tmp_path / "b.csv", point(), near, header=HEADER))
    assert stands(storage, SHOP)[0][:2] == (24.331, 109.41)


def test_of_an_older_and_a_newer_survey_the_newer_holds_and_of_two_without_a_date_the_later_import(storage, tmp_path):
    def where(name, *lines):
        told = imported(storage, written(tmp_path / name, *lines, header=HEADER))
        return stands(storage, SHOP)[0][0], told.counts[name].changed

    assert where("1.csv", point(lat="24.1")) == (24.1, 0)
    assert where("2.csv", point(lat="24.2")) == (24.2, 1)
    assert where("3.csv", point(lat="24.2"), "") == (24.2, 0)
    assert where("4.csv", point(lat="24.3", updated="2026-11-29")) == (24.3, 1)
    assert where("5.csv", point(lat="24.4", updated="2026-11-28")) == (24.3, 0)
    assert where("6.csv", point(lat="24.5")) == (24.3, 0)


def test_a_survey_without_a_place_is_refused_and_says_what_is_missing(storage, tmp_path):
    path = written(tmp_path / "w.csv", "00:00:5e:00:53:01,1", header="bssid,lat")
    with pytest.raises(UserFault, match="no survey of access points, for it has no column lon"):
        imported(storage, path)
    assert not storage.exists()


def test_a_swapped_row_among_many_is_found(storage, tmp_path):
    lines = [point(bssid=f"0000123400{n:02x}", lat=f"25.{n}", lon=f"51.{n}") for n in range(10, 70)]
    told = imported(storage, written(tmp_path / "w.csv", *lines, point(lat="51.4", lon="25.2"), header=HEADER))
    assert told.broken == ["62: lat 51.4, lon 25.2: latitude and longitude are swapped"]
