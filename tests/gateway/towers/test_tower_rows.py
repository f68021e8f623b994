"""A row of a table of cells: its numbers within what their bits allow, its place somewhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tower_files import HEADER, USUAL, row

from gateway.towers.rows import MOST_AREA, MOST_CELL, BadRow, Layout, Radio, Tower
from gateway.words.tower_phrases import TOWER_PHRASES, TOWER_REASONS

NAMES = HEADER.split(",")
LAYOUT = Layout({name: at for at, name in enumerate(NAMES)}, len(NAMES))


def outcome(cells) -> Tower | BadRow | str:
    try:
        return LAYOUT.read(cells)
    except BadRow as bad:
        return bad


def is_told(found) -> bool:
    """A row, the radio of one that is left out, or a reason with its words in both languages."""
    return isinstance(found, (Tower, str)) or (found.reason in TOWER_REASONS and found.text.zh != found.text.en)


def read(**said):
    return LAYOUT.read(row(**said).split(","))


def reason(**said) -> str:
    with pytest.raises(BadRow) as bad:
        read(**said)
    return bad.value.reason


@pytest.mark.parametrize(
    ("radio", "area", "cell"),
    [("GSM", 65_533, 65_535), ("UMTS", 65_533, 268_435_455), ("LTE", 65_533, 268_435_455),
     ("NR", 16_777_213, 68_719_476_735)],
)  # fmt: skip
def test_the_largest_numbers_of_each_radio_are_taken_and_no_larger_ones(radio, area, cell):
    found = read(radio=radio, area=area, cell=cell)
    assert (found.radio, found.area, found.cell) == (Radio[radio], area, cell)
    assert reason(radio=radio, area=area + 1) == "area"
    assert read(radio=radio, area=area + 2).area == area + 2 == MOST_AREA[Radio[radio]]
    assert reason(radio=radio, area=area + 3) == "area"
    assert reason(radio=radio, area=0) == "area"
    assert reason(radio=radio, cell=0) == "cell"
    if radio != "GSM":
        assert reason(radio=radio, cell=cell + 1) == "cell"
    assert MOST_CELL[Radio[radio]] == cell


def test_a_cell_of_gsm_with_more_than_16_bits_is_of_umts():
    assert read(radio="GSM", cell=65_536).radio == Radio.UMTS
    assert reason(radio="GSM", cell=1 << 28) == "cell"


def test_what_is_stated_is_read():
    assert read() == Tower(460, 0, 6334, 1, Radio.LTE, 24.33, 109.41, 1000.0, 7, 1_500_000_000)
    assert read(range="", samples="", updated="")[-3:] == (0.0, 0, 0)
    assert read(radio=" umts ", lon="1.0941E2", range="12.5")[4:8] == (Radio.UMTS, 24.33, 109.41, 12.5)
    assert read(radio="CDMA", mcc="", net=13_844) == "CDMA"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"radio": "WIMAX"}, "radio"), ({"radio": ""}, "radio"), ({"mcc": 0}, "network"), ({"mcc": 1000}, "network"),
        ({"mcc": "x"}, "network"), ({"net": 1000}, "network"), ({"net": -1}, "network"), ({"net": ""}, "network"),
        ({"area": ""}, "area"), ({"area": "1.5"}, "area"), ({"cell": "1_000"}, "cell"), ({"cell": "９"}, "cell"),
        ({"cell": "1" * 5000}, "cell"), ({"lat": ""}, "place"), ({"lon": "nan"}, "place"), ({"lat": "24,3"}, "columns"),
        ({"lon": "inf"}, "place"), ({"lat": "1_0"}, "place"), ({"lat": "0", "lon": "0.0"}, "nowhere"),
        ({"lat": "1e-4", "lon": "-0.001", "mcc": 310}, "nowhere"), ({"lat": "109.41", "lon": "24.33"}, "swapped"),
        ({"lat": "109.41", "lon": "24.33", "mcc": 310}, "swapped"), ({"lat": "85.1", "lon": "44.2"}, "swapped"),
        ({"lat": "95", "lon": "195", "mcc": 310}, "outside"), ({"lat": "24.33", "lon": "181", "mcc": 310}, "outside"),
        ({"lat": "51.5", "lon": "0.1"}, "outside"), ({"lat": "1e9", "lon": "1e9"}, "outside"),
        ({"range": -1}, "range"), ({"range": 120_001}, "range"), ({"range": "nan"}, "range"),
        ({"range": "far"}, "range"),
        ({"samples": -1}, "samples"), ({"samples": 1 << 31}, "samples"), ({"updated": 1_500_000_000_000}, "updated"),
        ({"updated": "yesterday"}, "updated"), ({"unit": "1,2"}, "columns"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_under_its_reason(said, expected):
    assert reason(**said) == expected


def test_of_what_stands_there_a_terminal_gets_a_line():
    with pytest.raises(BadRow) as bad:
        read(radio="\x1b[2J" + "x" * 4000)
    for text in (bad.value.text.zh, bad.value.text.en):
        assert len(text) < 200
        assert text.isprintable()


def test_every_reason_has_its_words():
    assert {f"tower_{name}" for name in TOWER_REASONS} <= set(TOWER_PHRASES)


@given(st.lists(st.text('0123456789.-+eE ,x"\0LTEGSMNR网', max_size=8), min_size=1, max_size=20))
def test_whatever_stands_there_is_a_row_or_a_reason(cells):
    assert is_told(outcome(cells))


@given(
    name=st.sampled_from([each for each in USUAL if each not in ("unit", "changeable", "created", "averageSignal")]),
    text=st.text(st.characters(exclude_characters=","), max_size=12),
)
def test_one_wrong_value_is_one_reason(name, text):
    assert is_told(outcome(row(**{name: text}).split(",")))
