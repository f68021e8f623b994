"""What JT/T 808 terminals may say in a turn: messages and bodies by the time and a number that varies them."""

from __future__ import annotations

from timeline import HOME, record
from turn_worlds import DEVICES, NOON, phone_of

from firmware_sim.firmware.messages import Alarm, Message
from firmware_sim.firmware.wire import Edition, build_frame

PROTOCOL = "jt808"
HELLO = "login", "fresh"
COMING = ()
CODE = b"<code>"


def located(time: float, salt: int = 0) -> bytes:
    return record(time, (float(salt), 0.0))


def batch(body: bytes) -> bytes:
    return b"\0\1\1" + len(body).to_bytes(2, "big") + body


CALM = {
    "fresh": lambda time, salt: [(Message.LOCATION, located(time, salt))],
    "stored": lambda time, salt: [(Message.LOCATION, located(time - 3600.0 - salt))],
    "heartbeat": lambda _time, _salt: [(Message.HEARTBEAT, b"")],
    "escaped": lambda time, _salt: [(Message.LOCATION, located(time) + b"\xe1\x02\x7e\x7d")],
    "several": lambda time, salt: [(Message.LOCATION, located(time + at / 2.0)) for at in range(2 + salt % 9)],
}
ODD = {
    "help": lambda time, _salt: [(Message.LOCATION, record(time, HOME, alarm=Alarm.SOS))],
    "unlawful": lambda _time, _salt: [(Message.LOCATION, located(NOON - 40 * 86400.0))],
    "future": lambda time, _salt: [(Message.LOCATION, located(time + 8 * 3600.0))],
    "no_time": lambda time, _salt: [(Message.LOCATION, located(time)[:22] + b"\xff" * 6 + located(time)[28:])],
    "batch": lambda time, _salt: [(Message.LOCATION_BATCH, batch(located(time)))],
    "stuck": lambda _time, _salt: [(Message.LOCATION, located(NOON))],
    "short": lambda time, _salt: [(Message.LOCATION, located(time)[:20])],
    "register": lambda _time, _salt: [(Message.REGISTER, bytes(37))],
    "login": lambda _time, salt: [(Message.AUTHENTICATE, CODE if salt % 4 else b"wrong")],
    "asks": lambda _time, _salt: [(Message.ASK_TIME, b"")],
}
DAMAGE = {
    "bad_sum": lambda data, _salt: data[:12] + bytes((data[12] ^ 1,)) + data[13:],
    "half": lambda data, salt: data[: 1 + salt % (len(data) - 1)],
    "rest": lambda data, salt: data[-1 - salt % 20 :],
    "rubbish": lambda _data, salt: bytes((salt % 256, 0x30, 0x7D)),
    "shared_flag": lambda data, _salt: data + data[1:],
    "twice": lambda data, _salt: data + data,
    "double_flag": lambda data, _salt: b"\x7e" + data,
}
"""What becomes of a position on its way."""


def frame(number: int, message: int, body: bytes, serial: int, code: str) -> bytes:
    """``code``: what the gateway wants to hear of it."""
    return build_frame(message, phone_of(number), serial, body.replace(CODE, code.encode()), Edition.Y2013)


def of_another(number: int, time: float, serial: int) -> bytes:
    """On its connection, of another device."""
    return frame((number + 1) % DEVICES, Message.LOCATION, located(time), serial, "")
