"""Cells and access points of a fixes table: what is taken, and where it is said that one cannot be."""

from __future__ import annotations

import pytest
from timeline import at, county

from gateway.engine.policy import compile_policy
from gateway.errors import UserFault
from gateway.replay.fixes import read_fixes
from gateway.replay.heard import check_cells, check_wifi

NAMES = "device,time,received_at,source,latitude,longitude,accuracy_m,speed_kmh,course_deg,cells,wifi"
GOOD_CELLS = [
    "", "460-0-1-2", "460-00-1-2@-70/1", "460-0-1-2@19", "460-0-1-2@/63", "460-0-1-2@-70.5", "460-0-0-0",
    "460-11-16777215-68719476735@-70/3846;302-720-29100-9751830", "460-0-1-2@-70/1;460-0-1-3@-80",
]  # fmt: skip
BAD_CELLS = [
    "460", "460-0-1", "460-0-1-2-3", "460-0-1-x", "460-0--2", "-460-0-1-2", "460-0-1-2@", "460-0-1-2@-70/", ";",
    "460-0-1-2;", "460-0-1-2 ;460-0-1-3", "460-0-1-2@dBm", "460-0-1-2/1", "460-0-16777216-2", "460-0-1-68719476736",
    "1000-0-1-2", "460-1000-1-2", "４６０-0-1-2", "460-0-1-2@-70/1/1", "460:0:1:2", "网吧",
]  # fmt: skip
GOOD_WIFI = ["", "0a1b2c3d4e5f", "0A:1B:2C:3D:4E:5F@-60", "0a-1b-2c-3d-4e-5f@-60;0a1b2c3d4e60@0"]
BAD_WIFI = ["网吧", "0a1b", "0a1b2c3d4e5g", "0a:1b-2c:3d:4e:5f", "0a1b2c3d4e5f@", "0a1b2c3d4e5f@loud", "0a1b2c3d4e5f;"]


@pytest.mark.parametrize("text", GOOD_CELLS)
def test_cells_as_devices_hear_them_are_taken(text):
    check_cells(text)


@pytest.mark.parametrize("text", GOOD_WIFI)
def test_access_points_are_taken_however_their_digits_are_parted(text):
    check_wifi(text)


@pytest.mark.parametrize("text", BAD_CELLS)
def test_a_cell_of_another_form_is_refused_with_the_form(text):
    with pytest.raises(ValueError, match="write mcc-mnc-lac-cid@signal/ta"):
        check_cells(text)


@pytest.mark.parametrize("text", BAD_WIFI)
def test_an_access_point_of_another_form_is_refused_with_the_form(text):
    with pytest.raises(ValueError, match="write bssid@rssi"):
        check_wifi(text)


@pytest.mark.parametrize(("cells", "wifi", "said"), [("460-0-1", "", "cells '460-0-1'"), ("", "cafe", "wifi 'cafe'")])
def test_the_line_is_named(tmp_path, cells, wifi, said):
    path, time = tmp_path / "fixes.csv", int(at(0, 13))
    rows = [f"B0001,{time + n},,gnss,24.33,109.41,,,,460-0-1-2@-70/1," for n in range(3)]
    rows[1] = f"B0001,{time + 1},,gnss,24.33,109.41,,,,{cells},{wifi}"
    path.write_text("\n".join([NAMES, *rows]), "utf-8")
    with pytest.raises(UserFault, match=rf"fixes\.csv:3: {said}: write"):
        read_fixes(path, compile_policy(county()))
