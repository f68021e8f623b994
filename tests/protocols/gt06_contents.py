"""A content of every form of every message of the GT06 family, built from the tables of the protocol notes.

Whoever is heard in them is invented. ``FORMS`` holds one row a form, in the order in which the message tries them.
"""

from dataclasses import dataclass, replace

from gt06_frames import ACCESS_POINTS, BCD_TIME, IMEI, MCC_MNC, NOON, TIME, cell, cell_list, frame, gps

from protocols.report import Flag

HERE, AWAY = (460, 0, 9712, 4251234), (310, 260, 9712, 4251234)
NEXT = (460, 0, 9713, 4251235)
NEXT_AWAY = (310, 260, 9713, 4251235)
POINTS = [("1c40e8112233", -69), ("90671c778899", -47)]
GPS = gps()
CELL, WIDE = cell(), cell(mcc=310, mnc=260, wide=True)
NO_COUNTRY, NO_COUNTRY_WIDE = cell(mcc=800), cell(mcc=800, mnc=260, wide=True)
AWAY_NETWORK = bytes.fromhex("81360104")
STATE = bytes.fromhex("44 03 04 01 02")
"""Charging, step 3 of 6, SOS in the alarm byte, English."""
NOTHING, TOLD = Flag(0), Flag.CHARGING | Flag.SOS
VOLTS = bytes.fromhex("64 0190 04")
"""Charging and SOS in the status byte, 4.00 V, signal."""
STORED = b"\1\0\1"


def long_cell(mcc=460, mnc=0, *, wide=False, country=None):
    """As a 4G message has it: area on four bytes, cell on eight."""
    head = cell(mcc=country or mcc, mnc=mnc, wide=wide)[:-5]
    return head + (9712).to_bytes(4, "big") + (4251234).to_bytes(8, "big")


def middle_cell(*, words=False):
    """The cell on four bytes; ``words``: the MNC on two."""
    return MCC_MNC[:2] + (b"\0\0" if words else b"\0") + (9712).to_bytes(2, "big") + (4251234).to_bytes(4, "big")


CELL_4G, WIDE_4G = long_cell(), long_cell(310, 260, wide=True)


@dataclass(frozen=True)
class Content:
    """One content and what it says. ``bare``: in a frame without serial and CRC."""

    data: bytes
    time: float | None = NOON
    placed: bool = False
    cells: tuple = ()
    wifi: tuple = ()
    flags: Flag = NOTHING
    battery: int = -1
    stored: bool = False
    profile: str = "standard"
    bare: bool = False

    def frame(self, number):
        """The content in a whole frame."""
        if self.bare:
            return b"\x78\x78" + self.data + b"\r\n"
        return frame(number & 0xFF, self.data, 7, long=number > 0xFF or len(self.data) > 250)


def placed(data, *cells, **more):
    return Content(data, placed=True, cells=cells, **more)


def stateless(data, **more):
    return Content(data, time=None, **more)


ALONE = placed(GPS)


def positions(narrow=CELL, wide=WIDE, *, volts=True):
    """What may follow the cell of a position, for an MNC of one byte and of two."""
    forms = []
    for heard, one in ((HERE, narrow), (AWAY, wide)):
        forms.append(placed(GPS + one + STORED, heard, stored=True))
        forms += [placed(GPS + one + VOLTS + b"\0", heard, flags=TOLD)] if volts else []
        forms.append(placed(GPS + one, heard))
    return [*forms, ALONE]


def alarms(size, narrow=CELL, wide=WIDE, *, behind=b"\7"):
    return [
        placed(GPS + size + narrow + STATE + behind, HERE, flags=TOLD, battery=50),
        placed(GPS + size + wide + STATE + behind, AWAY, flags=TOLD, battery=50),
    ]


def listed(count=7, behind=b"", *, lac_size=2, cid_size=3, **more):
    """Cells heard, of a network with an MNC of one byte and of two."""
    cells = cell_list(count, lac_size=lac_size, cid_size=cid_size) + b"\x05"
    return [
        Content(TIME + MCC_MNC + cells + behind, cells=(HERE, NEXT), **more),
        Content(TIME + AWAY_NETWORK + cells + behind, cells=(AWAY, NEXT_AWAY), **more),
    ]


LONG_BLOCKS = [
    placed(GPS + b"\0" + CELL + bytes(37) + STATE, HERE, flags=TOLD, battery=50),
    placed(GPS + b"\0" + WIDE + bytes(36) + STATE, AWAY, flags=TOLD, battery=50),
]
CARDS = [
    placed(GPS + CELL + b"\x11\x22\x33\x44", HERE),
    placed(GPS + WIDE + b"\x11\x22\x33\x44", AWAY),
    stateless(CELL + b"00000000001".ljust(21, b"\0"), cells=(HERE,)),
    stateless(WIDE + b"00000000001".ljust(21, b"\0"), cells=(AWAY,)),
]
SMALL = bytes.fromhex("01 01cc00 25f0 1001 5a")
SMALL_CELL = (460, 0, 0x25F0, 0x1001)


def wifi(number):
    """Access points and a cell: stated in a frame without CRC, under both numbers, and in one with a CRC."""
    points = BCD_TIME + ACCESS_POINTS + SMALL
    found = Content(points, cells=(SMALL_CELL,), wifi=tuple(POINTS))
    stated = [replace(found, data=bytes((3, named)) + points, bare=named == number) for named in (0x17, 0x69)]
    return [*CARDS, *stated, found]


def radio(kind, one):
    return GPS + bytes((0, 1, kind)) + one + (b"\x28" if kind < 3 else b"\0\x28")


BLOCKS = [
    placed(TIME + b"\x0c" + GPS[6:] + b"\x09" + CELL, HERE),
    Content(TIME + b"\0\x09" + CELL, cells=(HERE,)),
    Content(TIME + b"\0"),
]
MODULES = b"".join(
    number.to_bytes(2, "big") + len(data).to_bytes(2, "big") + data
    for number, data in (
        (0x11, middle_cell(words=True)),
        (0x33, int(NOON).to_bytes(4, "big") + b"\x09\0\x0c" + GPS[7:]),
        (0x34, b"\x12" + int(NOON).to_bytes(4, "big") + b"\0"),
    )
)
WHERE = b"Current position!Lat:N31.2000,Lon:E121.4000,Course:90.00,Speed:36.0,DateTime:2026-02-02 02:40:00"
SMALL_STATE = bytes.fromhex("64 03 04")

# fmt: off
FORMS = {
    0x10: [ALONE],
    0x11: [
        Content(TIME + CELL, cells=(HERE,)), Content(TIME + WIDE, cells=(AWAY,)),
        placed(GPS + middle_cell(words=True), HERE), *positions()[2:],
    ],
    0x12: [placed(bytes.fromhex(IMEI) + GPS + CELL, HERE), *positions()],
    0x13: [
        stateless(VOLTS + b"\1\2", flags=TOLD, profile="r11"),
        stateless(STATE, flags=TOLD, battery=50),
        stateless(bytes.fromhex("64 0190 01 02 32") + bytes(8), flags=TOLD, battery=50),
        stateless(bytes.fromhex("64 0190 01 02 ff") + bytes(8), flags=TOLD),
        stateless(bytes.fromhex("00 0000 00 00 32") + bytes(10), battery=50),
        stateless(STATE + bytes(12), flags=TOLD, battery=50),
        stateless(SMALL_STATE, flags=TOLD, battery=50),
        stateless(SMALL_STATE[:1], flags=TOLD),
    ],
    0x15: [placed(bytes((4 + len(WHERE),)) + bytes(4) + WHERE + b"\0\2")],
    0x16: [
        *LONG_BLOCKS,
        placed(GPS + b"\x09" + middle_cell() + STATE, HERE, flags=TOLD, battery=50),
        placed(GPS + CELL + VOLTS + b"\1", HERE, flags=TOLD), *alarms(b"\x09", behind=b""), ALONE,
    ],
    0x17: wifi(0x17),
    0x18: listed(),
    0x19: [
        Content(TIME + CELL + STATE, cells=(HERE,)), Content(TIME + WIDE + STATE, cells=(AWAY,)),
        stateless(CELL + STATE, cells=(HERE,), flags=TOLD, battery=50),
        stateless(WIDE + STATE, cells=(AWAY,), flags=TOLD, battery=50),
        stateless(NO_COUNTRY + STATE), stateless(NO_COUNTRY_WIDE + STATE),
    ],
    0x1A: [ALONE],
    0x1E: [ALONE],
    0x21: [placed(bytes(4) + b"\1" + WHERE)],
    0x22: [
        placed(b"\1" + bytes.fromhex(IMEI) + TIME + GPS + b"\x09" + CELL + VOLTS[:3] + bytes(11), HERE,
               flags=TOLD),
        placed(GPS + middle_cell() + STORED + bytes(12), HERE, stored=True), *positions(),
    ],
    0x23: [stateless(VOLTS + b"\2", flags=TOLD), stateless(VOLTS[:1], flags=TOLD)],
    0x24: [
        placed(GPS + CELL, HERE), placed(GPS + WIDE, AWAY),
        Content(TIME + b"\x04" + MCC_MNC + b"\5" + cell_list(5), cells=(HERE, NEXT)),
        Content(TIME + b"\x04" + AWAY_NETWORK + b"\5" + cell_list(5), cells=(AWAY, NEXT_AWAY)),
    ],
    0x26: [*LONG_BLOCKS, *alarms(b"\x09"), ALONE],
    0x27: [*alarms(b"\x09"), ALONE],
    0x28: listed(),
    0x2C: listed(behind=b"\x03" + ACCESS_POINTS, wifi=tuple(POINTS)),
    0x2D: positions(),
    0x2E: listed(),
    0x31: [placed(GPS + middle_cell(words=True) + STORED, HERE, stored=True), ALONE],
    0x32: [
        placed(GPS + b"\x0a" + middle_cell(words=True) + STATE, HERE, flags=TOLD, battery=50),
        placed(GPS + b"\x0a" + middle_cell(words=True) + SMALL_STATE, HERE, flags=TOLD, battery=50),
        placed(GPS + b"\x0a" + middle_cell(words=True) + b"\x64\xf1", HERE, flags=TOLD),
        *(case for size in (b"\x08", b"\x09") for case in (
            placed(GPS + size + CELL + STATE, HERE, flags=TOLD, battery=50),
            placed(GPS + size + CELL + SMALL_STATE, HERE, flags=TOLD, battery=50),
        )),
        ALONE,
    ],
    0x132: BLOCKS,
    0x33: listed(behind=b"\x03" + ACCESS_POINTS, cid_size=4, wifi=tuple(POINTS)),
    0x133: BLOCKS,
    0x34: [placed(b"\0\0\0\0" + GPS + bytes(6) + middle_cell(), HERE), *listed(cid_size=4)],
    0x36: [
        stateless(STATE + bytes.fromhex("0032 01 01 006a 01 5f"), flags=TOLD, battery=95),
        stateless(SMALL_STATE, flags=TOLD, battery=50), stateless(SMALL_STATE[:1], flags=TOLD),
    ],
    0x37: positions(),
    0x38: [
        *(placed(radio(kind, one), heard, stored=True) for kind in range(3) for heard, one in (
            (HERE, CELL), (AWAY, WIDE),
        )),
        placed(radio(3, CELL_4G), HERE, stored=True), placed(radio(3, WIDE_4G), AWAY, stored=True), ALONE,
    ],
    0x69: wifi(0x69),
    0x70: [placed(b"\0\0\0\1\2" + MODULES, HERE, flags=Flag.STRAP_CUT)],
    0x8C: [Content(TIME + b"\0")],
    0x94: [stateless(b"\x04ALM1=75;STA1=03", flags=Flag.STRAP_CUT), Content(b"\x05" + TIME + b"\1")],
    0x95: [
        placed(b"\xff\xff\1" + TIME + GPS[6:15] + GPS[16:] + b"\0\x24\x01\x90\x01", flags=Flag.SOS),
        placed(TIME + GPS[7:15] + GPS[16:] + b"\x01\0\0E.mp4", flags=Flag.SOS),
        Content(TIME + b"\x01\0\1", flags=Flag.SOS), Content(TIME + b"\x01", flags=Flag.SOS),
    ],
    0xA0: positions(CELL_4G, WIDE_4G, volts=False),
    0xA1: listed(lac_size=4, cid_size=8),
    0xA2: [
        placed(GPS + CELL_4G + b"\1" + VOLTS[:3] + b"\x32" + bytes(20), HERE, flags=TOLD, battery=50),
        placed(GPS + WIDE_4G + b"\1" + VOLTS[:3] + b"\x32" + bytes(20), AWAY, flags=TOLD, battery=50),
        *listed(behind=b"\x03" + ACCESS_POINTS, lac_size=4, cid_size=8, wifi=tuple(POINTS)),
    ],
    0xA3: [
        stateless(STATE, flags=TOLD, battery=50), *alarms(b"\x10", CELL_4G, WIDE_4G),
        stateless(STATE + bytes(15), flags=TOLD, battery=50), ALONE,
    ],
    0xA4: [*alarms(b"\x10", CELL_4G, WIDE_4G), ALONE],
    0xA5: [
        stateless(CELL_4G + STATE, cells=(HERE,), flags=TOLD, battery=50),
        stateless(WIDE_4G + STATE, cells=(AWAY,), flags=TOLD, battery=50),
        stateless(long_cell(country=800) + STATE), stateless(long_cell(310, 260, wide=True, country=800) + STATE),
    ],
    0xA7: [stateless(CELL_4G, cells=(HERE,)), stateless(WIDE_4G, cells=(AWAY,))],
    0xA9: [
        *listed(6, b"\x01", cid_size=4, flags=Flag.SOS), *listed(7, b"\x01", cid_size=4, flags=Flag.SOS),
    ],
    0xF1: [Content(int(NOON).to_bytes(4, "big"))],
    0xF3: [Content(TIME + b"\x02\0\1" + bytes.fromhex("1c40e8112233") + b"\0\2" + b"\xff" * 6,
                   wifi=((POINTS[0][0], 0),))],
}
# fmt: on
EMPTY = {
    0x01: bytes.fromhex(IMEI + "100f3200"),
    0x2A: GPS + b"00000000001".ljust(21, b"\0") + b"\0\2",
    0x35: b"\1\2\3\4",
    0x136: b"\1\2\3\4",
    0x81: b"\1\2",
    0x8A: b"",
    0x9B: b"\1\2\3",
}
"""Contents of the messages that hold no report."""
