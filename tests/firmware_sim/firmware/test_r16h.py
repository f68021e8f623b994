"""The R16H bracelet: sentences against the written one, and what it does without answers."""

from datetime import UTC, datetime

import pytest
from plan import START, Plan, blind, measured, minutes

from firmware_sim.firmware.device import Identity, Timing
from firmware_sim.firmware.measurement import Alarm
from firmware_sim.firmware.quirks import Quirks
from firmware_sim.firmware.r16h.bracelet import R16hBracelet
from firmware_sim.firmware.r16h.sentences import record, sentence
from firmware_sim.radio import Cell

IMEI = "861000000000207"
WRITTEN = b"@LBSD,861000000000207,R,20260202,024000,460-00-25f0-40de62:-111,,,21,L,$"
"""A sentence written from the table of the protocol notes."""


def bracelet(source, quirks=None):
    return R16hBracelet(Identity(IMEI, "B0001"), source, Timing(10.0), quirks=quirks or Quirks())


def test_a_sentence_is_byte_for_byte_what_the_table_says():
    moment = datetime(2026, 2, 2, 2, 40, tzinfo=UTC).timestamp()
    real = blind(moment, signal=1, battery_percent=21, cells=(Cell(460, 0, 0x25F0, 0x40DE62, 0),))
    assert sentence(record(real), IMEI, stored=False) == WRITTEN


def test_a_fix_and_its_evidence():
    real = measured(latitude=-24.33, longitude=-109.42, alarm=Alarm.REMOVAL | Alarm.SOS)
    assert sentence(record(real), IMEI, stored=True) == (
        b"@GPSD,861000000000207,S,20261101,160000,24.330000,S,109.420000,W,28.0,271,95,87,R,ULK$"
    )


def test_what_is_written_is_forgotten():
    device = bracelet(minutes(3))
    assert device.connected(START) == [b"@LINK,861000000000207$"]
    sent = device.tick(START + 60.0)
    assert [each.split(b",")[2] for each in sent] == [b"R", b"R"]
    assert (len(device.store), device.acknowledged, device.sent) == (0, 2, 2)


def test_after_three_tries_a_report_is_a_stored_one():
    device = bracelet(minutes(3))
    for number in range(3):
        device.tick(START + 60.0 * number)
    _, *sent = device.connected(START + 60.0 * 2 + 20.0)
    assert [each.split(b",")[2] for each in sent] == [b"S", b"S", b"R"]


def test_cells_without_a_valid_clock_are_not_kept():
    device = bracelet(Plan([blind(), measured(START + 1)]), Quirks(is_clock_unset=True))
    device.tick(START + 1)
    _, *sent = device.connected(START + 100.0)
    assert [each[:5] for each in sent] == [b"@GPSD"]
    assert (device.store.lost, device.acknowledged) == (1, 1)


@pytest.mark.parametrize("size", [1, 7, 99])
def test_orders_are_obeyed_in_any_split(size):
    source = minutes(1)
    device = bracelet(source)
    device.connected(START)
    device.tick(START)
    data = b"@ROLL,861000000000207$\r\n@STIN,861000000000207,30$@STIN,861000000000207,x$@STTZ,861000000000207,8$"
    said = [each for at in range(0, len(data), size) for each in device.receive(data[at : at + size], START + 100.0)]
    replies = [each.split(b",", 2)[2] for each in said if each.startswith(b"@RPLY")]
    assert replies == [b"ROLL,OK$", b"STIN,OK$", b"STIN,FAIL$", b"STTZ,FAIL$"]
    assert [each.split(b",")[4] for each in said if each.startswith(b"@GPSD")] == [b"160140"]
    assert source.told == [("interval", 30.0, START + 100.0)]
