"""The base map that a county brings: read in stretches, refused where it is another file or lies elsewhere."""

from __future__ import annotations

import asyncio

import pytest
from opened_desk import client_of, desk_of, visit, written
from pmtiles_file import pmtiles

from fencing.datum import Datum
from gateway.console.base_map import brought
from gateway.errors import UserFault

NOW = 1_793_530_800.0


def test_whom_its_data_are_owed_to_is_said_in_plain_words(tmp_path):
    path = pmtiles(tmp_path / "a.pmtiles", attribution='<a href="https://x">Survey &amp; <b>Co</b></a>')
    assert brought(path, Datum.GCJ02, Datum.GCJ02).attribution == "Survey & Co"
    assert brought(path, Datum.GCJ02, Datum.GCJ02).zoom == 1
    plain = pmtiles(tmp_path / "b.pmtiles", attribution="© Survey", packed=1)
    assert brought(plain, Datum.WGS84, Datum.WGS84).attribution == "© Survey"


def test_metadata_that_say_nothing_cost_the_attribution_alone(tmp_path):
    path = pmtiles(tmp_path / "a.pmtiles", attribution="x")
    whole = path.read_bytes()
    for bad in (whole.replace(b"\x1f\x8b", b"\x00\x00"), whole[:140]):
        path.write_bytes(bad)
        assert brought(path, Datum.GCJ02, Datum.GCJ02).attribution == ""


def test_a_datum_that_is_not_the_maps_own_is_refused_in_words(tmp_path):
    path = pmtiles(tmp_path / "a.pmtiles")
    with pytest.raises(UserFault, match=r"WGS-84.*GCJ-02"):
        brought(path, Datum.WGS84, Datum.GCJ02)


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (lambda path: path.write_bytes(b"SQLite format 3\0" + bytes(200)), "PMTiles"),
        (lambda path: path.write_bytes(b"PMTiles\x02" + bytes(200)), "PMTiles"),
        (lambda path: path.write_bytes(b"PM"), "PMTiles"),
        (lambda path: pmtiles(path, kind=2), "PMTiles"),
        (lambda path: pmtiles(path, packed=3), "gzip"),
        (lambda path: pmtiles(path, closest=0), "zoom 0"),
        (lambda path: path.mkdir(), "cannot be read"),
        (lambda path: path.unlink(missing_ok=True), "cannot be read"),
    ],
    ids=["other", "version", "short", "pictures", "brotli", "coarse", "directory", "none"],
)
def test_a_file_that_browsers_cannot_draw_is_refused_in_words(tmp_path, made, words):
    made(tmp_path / "a.pmtiles")
    with pytest.raises(UserFault, match=words):
        brought(tmp_path / "a.pmtiles", Datum.GCJ02, Datum.GCJ02)


def test_a_browser_reads_stretches_of_it_and_strangers_none(tmp_path):
    desk = desk_of(written(tmp_path / "county"), NOW)
    assert visit(desk, "/base.pmtiles").status_code == 404
    path = pmtiles(tmp_path / "a.pmtiles")
    desk.base_map = brought(path, Datum.GCJ02, Datum.GCJ02)

    async def read(number, stretch):
        async with client_of(desk, number) as client:
            return await client.get("/base.pmtiles", headers={"Range": stretch})

    part = asyncio.run(read("D01", "bytes=0-6"))
    assert (part.status_code, part.content) == (206, b"PMTiles")
    assert part.headers["content-range"] == f"bytes 0-6/{path.stat().st_size}"
    assert asyncio.run(read("D01", "bytes=999999-")).status_code == 416
    assert asyncio.run(read("", "bytes=0-6")).status_code == 303
    path.unlink()
    assert visit(desk, "/base.pmtiles").status_code == 404
