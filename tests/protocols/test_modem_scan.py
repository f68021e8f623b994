"""Answers to AT commands, built from the tables of the modules: one golden line a layout, then what modems really do.

No captured answers exist; the lines follow the layouts described in docs/protocols/modem.md.
"""

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from met import must_meet

from protocols.errors import OrderFault
from protocols.modem import FAMILY
from protocols.modem.profiles import Profile
from protocols.modem.scan import read_scan
from protocols.modem.session import MAX_LINE
from protocols.order import Order
from protocols.session import Frame, FrameBatch, Refused, Send

IMSI = b"460001234567890"
LTE = b'+QENG: "servingcell","NOCONN","LTE","FDD",460,00,61C3715,236,1300,3,5,5,75F8,-85,-9,-55,15,30'
LTE_CELL = (460, 0, 0x75F8, 0x61C3715)

# One line, the identities it names, its first level and unit.
GOLDEN = [
    (LTE, [LTE_CELL], -85, "DBM"),
    (b'+QENG: "LTE","FDD",460,00,61C3715,236,1300,3,5,5,75F8,-85,-9,-55,15,30', [LTE_CELL], -85, "DBM"),
    (b'+QENG: "servingcell","NOCONN","LTE","FDD",460,00,61C3715,236,1300,3,5,5,75F8', [LTE_CELL], -1, "NONE"),
    (
        b'+QENG: "servingcell","NOCONN","LTE","FDD",460,00,61C3715,-,-,-,-,-,75F8,-,-,-,-,-,9,9,9',
        [LTE_CELL], -1, "NONE",
    ),
    (b'+QENG: "servingcell","LIMSRV","GSM",460,00,1816,0F0F,27,73,0,44,5,5', [(460, 0, 0x1816, 0xF0F)], 44, "RXLEV"),
    (b'+QENG: "servingcell","NOCONN","GSM",460,01,1816,0F0F,27,73,0,-71', [(460, 1, 0x1816, 0xF0F)], -71, "DBM"),
    (
        b'+QENG: "servingcell","NOCONN","WCDMA",460,01,D5D6,1C5D3A1,10713,286,1,-76,-4',
        [(460, 1, 0xD5D6, 0x1C5D3A1)], -76, "DBM",
    ),
    (
        b'+QENG: "servingcell","NOCONN","NR5G-SA","TDD",460,00,170C23001,94,2710FA,504990,41,12,-80,-11,25,1',
        [(460, 0, 0x2710FA, 0x170C23001)], -80, "DBM",
    ),
    (b'+CENG: 0,"0049,44,00,460,00,27,0e5a,05,05,1878,1"', [(460, 0, 0x1878, 0xE5A)], 44, "RXLEV"),
    (b'+CENG: 1,"0055,33,21,0e5b,460,00,1878"', [(460, 0, 0x1878, 0xE5B)], 33, "RXLEV"),
    (b'+CENG: 0,"460,00,1878,0e5a,27,40"', [(460, 0, 0x1878, 0xE5A)], 40, "RXLEV"),
    (b'+CENG: 0,"1300,236,-85,-55,-9,15,30200,102512405,460,00,10"', [LTE_CELL], -85, "DBM"),
    (b"+CPSI: LTE,Online,460-00,0x75F8,102512405,236,EUTRAN-BAND3,1300,5,5,-94,-850,-545,15", [LTE_CELL], -85, "DBM"),
    (b"+CPSI: LTE,Online,460-00,0x75F8,102512405,236,EUTRAN-BAND3,1300,5,5,-9,-85,-54,15", [LTE_CELL], -85, "DBM"),
    (b"+CPSI: LTE CAT-M1,Online,460-00,0x75F8,102512405,236,EUTRAN-BAND3,1300,5,5,-9,-85", [LTE_CELL], -85, "DBM"),
    (
        b"+CCED: 460,00,1816,0f0f,27,73,24,24,24,0,,,460,00,1816,0f10,27,55,20,460,00,1817,0f11,27,56,18",
        [(460, 0, 0x1816, 0xF0F), (460, 0, 0x1816, 0xF10), (460, 0, 0x1817, 0xF11)], 24, "RXLEV",
    ),
    (b"+CCED:LTE current cell:460,00,,0,3,5,1300,102512405,56,22,30200,30,236", [LTE_CELL], -85, "DBM"),
    (b"+CCED:LTE neighbor cell:460,00,1300,102512405,56,22,30200,30,236", [LTE_CELL], -85, "DBM"),
    (b"+CCED:GSM current cell info:460,00,75f8,0f0f,27,40", [(460, 0, 0x75F8, 0xF0F)], 40, "RXLEV"),
    (b"+CCED:GSM neighbor cell info:460,00,30200,38559,27,40,1,73", [(460, 0, 30200, 38559)], 40, "RXLEV"),
    (
        b"#MONI: Cc:460 Nc:00 RSRP:-85 RSRQ:-9 TAC:75F8 Id:61C3715 EARFCN:1300 PWR:-55dbm DRX:128",
        [LTE_CELL], -85, "DBM",
    ),
    (
        b"#MONI: Cc:460 Nc:01 BSIC:35 RxQual:0 LAC:1816 Id:0F0F ARFCN:62 PWR:-68dbm TA:1",
        [(460, 1, 0x1816, 0xF0F)], -68, "DBM",
    ),
]  # fmt: skip

RADIO_ONLY = [
    (b'+QENG: "neighbourcell intra","LTE",1300,27,-12,-96,-68,0,22,4,6,44', (27, 1300, -96)),
    (b'+QENG: "neighbourcell inter","LTE",1825,100,-12,-101,-70,0,22,4', (100, 1825, -101)),
    (b'+QENG: "NR5G-NSA",460,00,94,-80,25,-11,504990,41,3', (94, 504990, -80)),
    (b'+CENG: 1,"1300,27,-96,-68,-12,3"', (27, 1300, -96)),
    (b"#MONI: RSRP:-96 RSRQ:-12 Id:01B EARFCN:1300 PWR:-70dbm", (27, 1300, -96)),
]

SILENT = [
    b'+QENG: "servingcell","SEARCH"', b'+QENG: "servingcell","NOCONN"', b"+QENG:", b"+QENG: ,,,,",
    b'+QENG: "servingcell","NOCONN","LTE","FDD",460,00', b'+QENG: "servingcell","NOCONN","LTE"',
    b'+QENG: "servingcell","LIMSRV","LTE","FDD",460,00,FFFFFFF,236,1300,3,5,5,FFFE,-85',
    b'+CENG: 1,"0055,33,21,460,00,ffff"', b'+CENG: 1,"0000,00,00,ffff,000,00,0000"', b"+CENG: 2,1", b"+CENG:",
    b"+CPSI: NO SERVICE,Online", b"+CPSI:", b"+CPSI: LTE,Online", b"+CPSI: LTE,Online,000-00,0x0000,0",
    b"+CCED:", b"+CCED: ,,,,,,", b"+CCED:LTE current cell:", b"+CCED:LTE neighbor cell:460,00", b"#MONI:",
    b"#MONI: Id:",
    b"OK", b"ERROR", b"+CME ERROR: 10", b'AT+QENG="servingcell"', b'+COPS: 0,2,"46000",7', b"+COPS: 0",
]  # fmt: skip


def scan(*lines, **profile):
    return read_scan(lines, Profile(**profile))


def identities(found):
    return [cell.identity for cell in found.cells]


@pytest.mark.parametrize(
    ("line", "cells", "level", "unit"), GOLDEN, ids=lambda one: str(one[:40]) if isinstance(one, bytes) else ""
)
def test_each_layout_is_read(line, cells, level, unit):
    found = scan(line)
    assert identities(found) == cells
    assert (found.cells[0].signal, found.cells[0].unit.name) == (level, unit)


@pytest.mark.parametrize(("line", "radio"), RADIO_ONLY)
def test_a_neighbour_known_by_its_radio_only_is_no_identified_cell(line, radio):
    found = scan(line)
    assert found.cells == ()
    assert [tuple(one) for one in found.unidentified] == [radio]


@pytest.mark.parametrize("line", SILENT)
def test_an_answer_without_a_cell_is_known_and_gives_none(line):
    found = scan(line)
    assert found.known
    assert found.cells == ()


@pytest.mark.parametrize("line", [line for line, *_ in GOLDEN])
def test_columns_too_many_and_unknown_neighbours_change_nothing(line):
    assert scan(line + b",-,-,77,x").cells[0].identity == scan(line).cells[0].identity


@pytest.mark.parametrize("line", [*(line for line, *_ in GOLDEN), *(line for line, _ in RADIO_ONLY)])
def test_a_line_cut_anywhere_gives_a_cell_or_none(line):
    for cut in range(len(line)):
        assert len(scan(line[:cut]).cells) <= 3


@pytest.mark.parametrize(("advance", "expected"), [(b"1", 1), (b"255", -1), (b"63", 63), (b"64", -1), (b"-", -1)])
def test_timing_advance_of_gsm(advance, expected):
    line = b'+CENG: 0,"0049,44,00,460,00,27,0e5a,05,05,1878,' + advance + b'"'
    assert scan(line).cells[0].ta == expected


@pytest.mark.parametrize(
    ("advance", "gsm", "lte"),
    [(0, 0, 0), (63, 63, 63), (64, -1, 64), (255, -1, 255), (1282, -1, 1282), (1283, -1, -1), (9999, -1, -1)],
)
def test_timing_advance_reaches_further_in_lte(advance, gsm, lte):
    of_gsm = b"#MONI: Cc:460 Nc:01 BSIC:35 RxQual:0 LAC:1816 Id:0F0F ARFCN:62 PWR:-68dbm TA:%d" % advance
    of_lte = b"#MONI: Cc:460 Nc:00 RSRP:-85 RSRQ:-9 TAC:75F8 Id:61C3715 EARFCN:1300 PWR:-55dbm TA: %d DRX:128" % advance
    assert (scan(of_gsm).cells[0].ta, scan(of_lte).cells[0].ta) == (gsm, lte)


@pytest.mark.parametrize("mark", [b"RSRP:-85 LAC:75F8", b"TAC:75F8", b"LAC:75F8 EARFCN:1300"])
def test_any_word_of_lte_shows_it(mark):
    assert scan(b"#MONI: Cc:460 Nc:00 " + mark + b" Id:61C3715 TA:800").cells[0].ta == 800


def test_the_column_of_quectels_timing_advance_is_a_matter_of_the_profile():
    line = b'+QENG: "servingcell","CONN","GSM",460,00,1816,0F0F,' + b",".join(b"%d" % n for n in range(5, 25))
    assert scan(line).cells[0].ta == -1
    assert scan(line, qeng_gsm_ta_column=20).cells[0].ta == 20


def test_the_base_of_a_gsm_line_is_told_by_its_digits_else_by_the_profile():
    line = b"+CCED:GSM current cell info:460,00,1816,3333,27,40"
    assert identities(scan(line)) == [(460, 0, 0x1816, 0x3333)]
    assert identities(scan(line, hexadecimal_gsm_cced=False)) == [(460, 0, 1816, 3333)]
    letters = line.replace(b"3333", b"33a3")
    assert identities(scan(letters, hexadecimal_gsm_cced=False)) == [(460, 0, 0x1816, 0x33A3)]


def test_a_gsm_neighbour_is_a_cell_only_beside_a_gsm_cell_of_its_country():
    serving = b'+QENG: "servingcell","NOCONN","GSM",460,00,1816,0F0F,27,73,0,44'
    neighbour = b'+QENG: "neighbourcell","GSM",460,00,1816,0F10,27,75,30'
    assert identities(scan(serving, neighbour)) == [(460, 0, 0x1816, 0xF0F), (460, 0, 0x1816, 0xF10)]
    thresholds = b'+QENG: "neighbourcell","GSM",600,3,10,8,1,0,27,-90'
    assert identities(scan(LTE, thresholds)) == [LTE_CELL]


def test_a_registered_network_completes_a_line_that_only_names_it():
    line = b"#MONI: CHINA MOBILE RSRP:-85 RSRQ:-9 TAC:75F8 Id:61C3715 EARFCN:1300 PWR:-55dbm DRX:128"
    assert scan(line).cells == ()
    assert identities(scan(b'+COPS: 0,2,"46000",7', line)) == [LTE_CELL]


def test_the_serving_cell_comes_first_and_none_twice():
    neighbour = b"+CCED:LTE neighbor cell:460,00,1300,7,56,22,30200,30,236"
    current = b"+CCED:LTE current cell:460,00,,0,3,5,1300,102512405,56,22,30200,30,236"
    assert identities(scan(neighbour, current, neighbour, LTE)) == [LTE_CELL, (460, 0, 30200, 7)]


def test_the_short_mode_is_told_by_its_header():
    line = b'+CENG: 0,"460,00,1878,321,27,40"'
    assert identities(scan(b"+CENG: 3,1", line)) == [(460, 0, 0x1878, 0x321)]


def session(profile="standard"):
    return FAMILY.session(profile, identity="867000000000001")


def test_a_scan_is_one_frame_from_its_first_line_to_ok():
    (frame,) = session().feed(b'\r\nAT+QENG="servingcell"\r\n\r\n' + LTE + b"\r\n\r\nOK\r\n", 1.0)
    assert frame.identity == "867000000000001"
    assert frame.raw == b'AT+QENG="servingcell"\r\n' + LTE + b"\r\nOK\r\n"
    assert len(frame.device_times) == 1
    assert math.isnan(frame.device_times[0])
    assert frame.answer == b""


def test_a_scan_without_ok_ends_with_quiet():
    one = session()
    assert one.feed(LTE + b"\r\n", 100.0) == []
    assert one.tick(102.0) == []
    (frame,) = one.tick(103.5)
    assert frame.raw == LTE + b"\r\n"
    assert one.tick(200.0) == []


def test_a_round_asks_one_command_after_the_other_and_is_one_scan():
    one = session("quectel")
    assert one.tick(0.0) == [Send((b'AT+QENG="servingcell"\r',))]
    assert one.feed(LTE + b"\r\nOK\r\n", 0.1) == [Send((b'AT+QENG="neighbourcell"\r',))]
    neighbours = b'+QENG: "neighbourcell intra","LTE",1300,27,-12,-96,-68\r\n'
    (frame,) = one.feed(neighbours + b"OK\r\n", 0.2)
    assert isinstance(frame, Frame)
    assert neighbours in frame.raw
    assert one.tick(30.0) == []
    assert one.tick(60.0) == [Send((b'AT+QENG="servingcell"\r',))]


def test_a_modem_that_says_nothing_is_asked_again_at_its_time():
    one = session("sim7600")
    asked = [at for at in range(0, 181, 5) if one.tick(float(at))]
    assert asked == [0, 60, 120, 180]


def test_a_clock_set_back_does_not_silence_the_questions():
    one = session("sim7600")
    assert one.tick(1e9)
    one.tick(5.0)
    assert one.tick(66.0)


def test_an_error_ends_a_command_and_the_next_is_asked():
    one = session("quectel")
    one.tick(0.0)
    assert isinstance(one.feed(b"ERROR\r\n", 0.1)[0], Send)
    (frame,) = one.feed(b"+CME ERROR: 3\r\n", 0.2)
    assert frame.device_times == ()


def test_lines_that_are_no_answer_are_refused_and_counted():
    one = session()
    one.feed(b"RDY\r\nhello\r\n", 0.0)
    (event,) = one.tick(10.0)
    assert event == Refused("rubbish", b"RDY\r\nhello\r\n")
    assert one.discarded == {"rubbish": 12}


def test_endless_lines_and_endless_scans_are_bounded():
    one = session()
    events = one.feed(b"x" * 1_000_000, 0.0)
    assert [event.reason for event in events] == ["endless_frame"]
    assert one.discarded == {"endless_frame": 1_000_000}
    frames = session().feed((LTE + b"\r\n") * 1000, 0.0)
    assert len(frames) >= 1000 // 64
    assert max(len(frame.raw) for frame in frames) <= 8192 + MAX_LINE


@pytest.mark.parametrize(
    "line",
    [
        b"+CCED:LTE current cell:460,00," + IMSI + b",0,3,5,1300,102512405,56,22,30200,30,236",
        b'+CCED: LTE current cell: 460,00,"' + IMSI + b'",0,3,5,1300,102512405,56,22,30200,30,236',
        b"+CCED:LTE Current Cell:460,00,46000 1234567890,0,3,5,1300,102512405,56,22,30200,30,236",
        IMSI + b"\r\n" + LTE,
        b"+ICCID: 89860012345678901234\r\n" + LTE,
    ],
)
def test_the_subscriber_is_never_kept(line):
    whole, single = session(), session()
    (frame,) = whole.feed(line + b"\r\nOK\r\n", 0.0)
    (same,) = [event for byte in line + b"\r\nOK\r\n" for event in single.feed(bytes([byte]), 0.0)]
    assert same.raw == frame.raw
    for part in (IMSI, b"1234567890", b"89860012345678901234"):
        assert part not in frame.raw
    assert identities(scan(*frame.raw.split(b"\r\n"))) == [LTE_CELL]


def test_the_subscriber_is_not_kept_in_what_is_refused():
    one = session()
    one.feed(IMSI + b"\r\n", 0.0)
    (event,) = one.tick(10.0)
    (endless,) = one.feed(IMSI * 100, 11.0)
    assert b"46000" not in event.raw + endless.raw


def test_columns_have_cells_and_no_place_and_speak_of_no_flag():
    frames = FrameBatch.of([b"ERROR\r\n", LTE + b"\r\nOK\r\n"], "quectel")
    batch = FAMILY.decode(frames)
    assert batch.frame.tolist() == [1]
    assert not batch.located[0]
    assert math.isnan(batch.time[0])
    assert (batch.source[0], batch.stated[0]) == (0, 0)
    assert batch.cells.cid.tolist() == [0x61C3715]


def test_what_the_law_does_not_allow_is_not_kept():
    raw = LTE + b"\r\nOK\r\n"
    assert (FAMILY.keep(raw, [True]), FAMILY.keep(raw, [False])) == (raw, b"")
    assert FAMILY.keep(b"OK\r\n", []) == b"OK\r\n"
    with pytest.raises(ValueError, match="0 decisions for 1 reports"):
        FAMILY.keep(raw, [])


def test_a_modem_takes_no_orders():
    with pytest.raises(OrderFault, match="locate"):
        session().order("1", Order("locate"))


def test_the_account_names_neighbours_without_identity_apart():
    (account,) = FAMILY.describe([LTE + b"\r\n" + RADIO_ONLY[0][0] + b"\r\nOK"], "standard")
    assert account["message"] == "scan"
    assert [cell["cid"] for cell in account["reports"][0]["cells"]] == [0x61C3715]
    assert account["unidentified"] == [{"pci": 27, "channel": 1300, "rsrp_dbm": -96}]
    (nothing,) = FAMILY.describe([b"\x00\xffhello"], "standard")
    assert nothing["error"].startswith("no_answer")


LINES = st.sampled_from([line for line, *_ in GOLDEN] + [line for line, _ in RADIO_ONLY] + SILENT)
PIECES = st.lists(
    LINES
    | st.binary(max_size=40)
    | st.sampled_from([b"\r\n", b"OK\r\n", b",", b'"', b"-", b"+QENG: ", b"+CENG: ", b"+CCED:"]),
    max_size=14,
)


@pytest.mark.parametrize("profile", FAMILY.profiles)
@must_meet("a scan with cells", "one without", "a refusal")
@given(pieces=PIECES)
@example(pieces=[LTE + b"\r\nOK\r\n", b"OK\r\n", b"\x00hello\r\n"])
@example(pieces=[b"\x00hello\r\n"])
def test_any_bytes_in_any_split_give_scans_that_decode_or_counted_refusals(profile, met, pieces):
    one, events = session(profile), []
    for at, piece in enumerate(pieces):
        events += one.feed(piece, float(at)) + one.tick(float(at))
    events += one.tick(1e6)
    frames = [event for event in events if isinstance(event, Frame)]
    batch = FAMILY.decode(FrameBatch.of([frame.raw for frame in frames], profile))
    assert batch.frame.tolist() == [index for index, frame in enumerate(frames) if frame.device_times]
    met["a scan with cells"] += len(batch)
    met["one without"] += len(frames) - len(batch)
    met["a refusal"] += sum(isinstance(event, Refused) for event in events)
    FAMILY.describe([b"".join(pieces)], profile)


def test_a_control_character_inside_a_number_makes_it_none():
    # Found by the fuzzer: Python strips 1C as a blank, and then does not take it in a number.
    assert scan(b'+COPS: 0,2,"460\x1c0",7', GOLDEN[-2][0]).known
    assert scan(GOLDEN[0][0].replace(b",460,", b",4\x1c60,")).cells == ()
