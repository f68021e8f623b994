"""What GT06 devices may say in a turn: messages (100 hex and more: in the long form) and contents."""

from __future__ import annotations

from turn_worlds import DEVICES, NOON, identity_of

from protocols.gt06.clock import to_binary
from protocols.gt06.wire import seal

PROTOCOL = "gt06"
HELLO = "login", "fresh", "local"
COMING = ("login",)
"""What it begins each connection with."""
CELL = bytes.fromhex("01cc 00 25f0 40de22")
STATE = bytes.fromhex("04 03 04 00 02")
SOS = bytes.fromhex("24 03 04 00 02")
EAST = 8 * 3600.0
POSITION, LOCAL, HEARTBEAT, CELLS, ALARM = 0x22, 0x12, 0x13, 0x28, 0x26
LONG = 0x100
IMEI = "<imei>"


def gps(time: float, salt: int = 0) -> bytes:
    place = (1_800_000 * 31 + salt).to_bytes(4, "big") + (1_800_000 * 121).to_bytes(4, "big")
    return to_binary(time) + b"\xc9" + place + b"\x05\x14\x5a"


def located(time: float, salt: int = 0, tail: bytes = b"") -> bytes:
    return gps(time, salt) + CELL + tail


def cells(time: float) -> bytes:
    return to_binary(time) + CELL[:3] + (CELL[3:] + b"\x28") * 7 + b"\xff\0\1"


CALM = {
    "fresh": lambda time, salt: [(POSITION, located(time, salt))],
    "stored": lambda time, salt: [(POSITION, located(time - 600.0 - salt, tail=b"\1\0\1"))],
    "late": lambda time, salt: [(POSITION, located(time - 3600.0 - salt))],
    "heartbeat": lambda _time, salt: [(HEARTBEAT, STATE[: 1 + 2 * (salt % 3)])],
    "local": lambda time, _salt: [(LOCAL, located(time, tail=b"\1\0\0"))],
    "local_stored": lambda time, salt: [(LOCAL, located(time - 600.0 - salt, tail=b"\1\0\1"))],
    "cells": lambda time, _salt: [(CELLS, cells(time))],
    "calm_alarm": lambda time, _salt: [(ALARM, gps(time) + b"\x09" + CELL + STATE)],
    "long": lambda time, salt: [(POSITION | LONG, located(time, salt))],
    "unknown": lambda _time, _salt: [(0x66, b"\1\2\3")],
    "several": lambda time, salt: [(POSITION, located(time + at / 2.0)) for at in range(2 + salt % 9)],
}
ODD = {
    "help": lambda _time, _salt: [(HEARTBEAT, SOS)],
    "help_there": lambda time, _salt: [(ALARM, gps(time) + b"\x09" + CELL + SOS)],
    "unlawful": lambda _time, _salt: [(POSITION, located(NOON - 40 * 86400.0))],
    "unlawful_stored": lambda _time, _salt: [(POSITION, located(NOON - 40 * 86400.0, tail=b"\1\0\1"))],
    "future": lambda time, _salt: [(POSITION, located(time + EAST))],
    "zone": lambda time, _salt: [(LOCAL, located(time + EAST, tail=b"\1\0\0"))],
    "unsaid_zone": lambda time, _salt: [(LOCAL, located(time - EAST))],
    "no_time": lambda time, _salt: [(POSITION, b"\xff" * 6 + located(time)[6:])],
    "stuck": lambda _time, _salt: [(POSITION, located(NOON))],
    "short": lambda time, _salt: [(POSITION, located(time)[:16])],
    "login": lambda _time, salt: [(0x01, IMEI.encode() + b"\x10\x0f" + (b"\x19\x0a", b"\x32\0", b"\0\0")[salt % 3])],
    "short_login": lambda _time, _salt: [(0x01, IMEI.encode())],
    "asks": lambda _time, _salt: [(0x8A, b"")],
    "said": lambda _time, _salt: [(0x15, b"\x07" + int(NOON).to_bytes(4, "big") + b"OK!\0\2")],
    "not_answered": lambda _time, _salt: [(0x35, b"\1\2\3\4")],
    "trailer": lambda time, _salt: [(POSITION, located(time, tail=b"\r\n"))],
}
DAMAGE = {
    "bad_sum": lambda data, _salt: data[:12] + bytes((data[12] ^ 1,)) + data[13:],
    "half": lambda data, salt: data[: 1 + salt % (len(data) - 1)],
    "rest": lambda data, salt: data[-1 - salt % 20 :],
    "rubbish": lambda _data, salt: bytes((salt % 256, 0x30, 0x78)),
    "wrong_length": lambda data, salt: data[:2] + bytes((data[2] + salt % 5 - 2 & 0xFF,)) + data[3:],
    "twice": lambda data, _salt: data + data,
    "double_mark": lambda data, _salt: b"\x78\x78" + data,
    "no_trailer": lambda data, _salt: data[:-2],
}
"""What becomes of a position on its way."""


def frame(number: int, message: int, body: bytes, serial: int, code: str) -> bytes:
    """``code`` is not asked for on this wire."""
    del code
    return seal(message, body.replace(IMEI.encode(), bytes.fromhex(identity_of(PROTOCOL, number).zfill(16))), serial)


def of_another(number: int, time: float, serial: int) -> bytes:
    """On its connection, with another device's IMEI inside."""
    content = IMEI.encode() + located(time)
    return frame((number + 1) % DEVICES, LOCAL, content, serial, "")
