"""Every layout of every make of modem: a walk over their tables, with an answer to each command that is sent."""

import pytest

from protocols.modem import FAMILY, cced, quectel, simcom
from protocols.modem.columns import Form
from protocols.modem.profiles import load_profiles
from protocols.modem.scan import ANSWERS
from protocols.session import Frame, FrameBatch, Send

CELL = [(460, 0, 9712, 4251234)]
SMALL = [(460, 0, 9712, 4134)]
GSM_HEARD = '+QENG: "servingcell","NOCONN","GSM",460,00,25F0,1025,27,73,0,44'
NEAR = [(460, 0, 9712, 4133)]
# Layout -> the lines of an answer and the cells of it that are identified.
QENG_SERVING = {
    **{
        radio: ([f'+QENG: "servingcell","NOCONN","{radio}","FDD",460,00,40DE62,236,1300,3,5,5,25F0,-85'], CELL)
        for radio in ("LTE", "CAT-M", "CAT-M1", "CAT-NB", "EMTC", "NBIOT")
    },
    "GSM": (['+QENG: "servingcell","NOCONN","GSM",460,00,25F0,1026,27,73,0,44'], SMALL),
    "WCDMA": (['+QENG: "servingcell","NOCONN","WCDMA",460,00,25F0,40DE62,10713,286,1,-76'], CELL),
    "NR5G-SA": (['+QENG: "servingcell","NOCONN","NR5G-SA","TDD",460,00,40DE62,94,25F0,504990,41,12,-80'], CELL),
    "NR5G-NSA": (['+QENG: "NR5G-NSA",460,00,94,-80,25,-11,504990'], []),
}
QENG_NEIGHBOUR = {
    "LTE": (['+QENG: "neighbourcell intra","LTE",1300,27,-12,-96'], []),
    "NR": (['+QENG: "neighbourcell","NR",504990,27,-12,-96'], []),
    "GSM": ([GSM_HEARD, '+QENG: "neighbourcell","GSM",460,00,25F0,1026,27,75,30'], NEAR + SMALL),
    "WCDMA": (['+QENG: "neighbourcell","WCDMA",10713'], []),
}
CENG = [
    (['+CENG: 0,"1300,236,-85,-55,-9,15,9712,4251234,460,00"'], CELL),
    (['+CENG: 0,"0049,44,00,460,00,27,1026,05,05,25f0,1"'], SMALL),
    (["+CENG: 3,1", '+CENG: 0,"460,00,25f0,1026,27,40"'], SMALL),
    (['+CENG: 1,"0055,33,21,1026,460,00,25f0"'], SMALL),
    (['+CENG: 1,"0055,33,21,460,00,25f0"'], []),
    (['+CENG: 1,"1300,27,-96,-68,-12,3"'], []),
    (['+CENG: 0,"460,00,25f0,1026,27,40"'], SMALL),
]
CPSI = (["+CPSI: LTE,Online,460-00,0x25F0,4251234,236,EUTRAN-BAND3,1300,5,5,-94,-850,-545"], CELL)
CCED_LTE = {
    "current": (["+CCED:LTE current cell:460,00,,0,3,5,1300,4251234,56,22,9712,30,236"], CELL),
    "neighbour": (["+CCED:LTE neighbor cell:460,00,1300,4251234,56,22,9712,30,236"], CELL),
}
CCED_GSM = {
    16: (["+CCED:GSM current cell info:460,00,25f0,1026,27,40"], SMALL),
    10: (["+CCED:GSM neighbor cell info:460,00,09712,4134,27,40"], SMALL),
}
CLASSIC = (["+CCED: 460,00,25F0,1026,27,73,24,24,24"], SMALL)
MONI = {
    "LTE": (["#MONI: Cc:460 Nc:00 RSRP:-85 RSRQ:-9 TAC:25F0 Id:40DE62 EARFCN:1300 PWR:-55dbm"], CELL),
    "GSM": (['+COPS: 0,2,"46000",0', "#MONI: NAME BSIC:35 RxQual:0 LAC:25F0 Id:1026 ARFCN:62 PWR:-68dbm TA:1"], SMALL),
}
ROWS = [
    *((quectel.SERVING[radio], lines, cells) for radio, (lines, cells) in QENG_SERVING.items()),
    *((quectel.NEIGHBOUR[radio], lines, cells) for radio, (lines, cells) in QENG_NEIGHBOUR.items()),
    *((row.form, *case) for row, case in zip(simcom.CENG, CENG, strict=True)),
    (simcom.CPSI, *CPSI),
    *((cced.LTE[place], *case) for place, case in CCED_LTE.items()),
    *((cced.GSM[base], *case) for base, case in CCED_GSM.items()),
    (cced.CLASSIC, *CLASSIC),
]
ASKED = {
    'AT+QENG="servingcell"': QENG_SERVING["LTE"],
    'AT+QENG="neighbourcell"': QENG_NEIGHBOUR["LTE"],
    "AT+CENG=1,1": ([], []),
    "AT+CENG?": CENG[1],
    "AT+CPSI?": CPSI,
    "AT+CCED=0,1": CLASSIC,
    "AT+CCED=0,2": CCED_GSM[16],
    "AT+COPS=3,2": ([], []),
    "AT+COPS?": (['+COPS: 0,2,"46000",7'], []),
    "AT#MONI=7": ([], []),
    "AT#MONI": MONI["LTE"],
}
"""Every command that some profile sends, and what is said to it."""


def scan_of(lines):
    return "".join(f"{line}\r\n" for line in lines).encode() + b"OK\r\n"


def identities(batch):
    heard = batch.cells
    return list(zip(*(getattr(heard, name).tolist() for name in ("mcc", "mnc", "lac", "cid")), strict=True))


def test_every_layout_and_every_command_stands_here():
    assert set(QENG_SERVING) == set(quectel.SERVING)
    assert set(QENG_NEIGHBOUR) == set(quectel.NEIGHBOUR)
    assert set(CCED_LTE) == set(cced.LTE)
    assert set(CCED_GSM) == set(cced.GSM)
    assert set(ASKED) == {command for profile in load_profiles().values() for command in profile.commands}
    lines = [line for _, said, _ in ROWS for line in said] + [line for said, _ in MONI.values() for line in said]
    assert {line.partition(":")[0] for line in lines} == set(ANSWERS)


@pytest.mark.parametrize(("form", "lines", "cells"), ROWS, ids=[row[1][-1][:44] for row in ROWS])
def test_a_line_is_read_by_its_layout(form, lines, cells, monkeypatch):
    used = []

    def noting(layout, fields, read=Form.read):
        used.append(layout)
        return read(layout, fields)

    monkeypatch.setattr(Form, "read", noting)
    (account,) = FAMILY.describe([scan_of(lines)], "standard")
    assert used[-1] is form
    assert account["error"] is None
    heard = [cell for report in account["reports"] for cell in report["cells"]]
    assert [(cell["mcc"], cell["mnc"], cell["lac"], cell["cid"]) for cell in heard] == [*cells]


@pytest.mark.parametrize("radio", MONI)
def test_a_telit_says_its_cell_in_words(radio):
    lines, cells = MONI[radio]
    (account,) = FAMILY.describe([scan_of(lines)], "standard")
    assert [(cell["mcc"], cell["mnc"], cell["lac"], cell["cid"]) for cell in account["reports"][0]["cells"]] == cells


@pytest.mark.parametrize("profile", FAMILY.profiles)
def test_every_profile_asks_its_commands_and_makes_one_scan_of_the_answers(profile):
    commands = load_profiles()[profile].commands
    session, asked, frames = FAMILY.session(profile, identity="861"), [], []
    events = session.tick(0.0)
    while events:
        (event,) = events
        if isinstance(event, Frame):
            frames.append(event)
            break
        assert isinstance(event, Send)
        asked.append(event.segments[0].decode().strip())
        events = session.feed(scan_of(ASKED[asked[-1]][0]), 1.0)
    assert tuple(asked) == commands
    assert len(frames) == bool(commands)
    for frame in frames:
        heard = {cell for command in commands for cell in ASKED[command][1]}
        assert set(identities(FAMILY.decode(FrameBatch.of([frame.raw], profile)))) == heard
