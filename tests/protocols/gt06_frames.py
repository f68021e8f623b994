"""GT06 frames built from the tables of the protocol notes, independently of the code under test."""

NOON = 1_770_000_000.0  # 2026-02-02T02:40:00Z
TIME = bytes((26, 2, 2, 2, 40, 0))
BCD_TIME = bytes.fromhex("260202024000")
IMEI = "0861000000000108"
LATITUDE, LONGITUDE = 31.2, 121.4
LOCATED, NORTH, WEST = 0x1000, 0x0400, 0x0800


def crc(data):
    """Bit by bit, as ITU-T X.25 describes it."""
    value = 0xFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0x8408 if value & 1 else 0)
    return value ^ 0xFFFF


def frame(number, content=b"", serial=1, *, long=False):
    size = len(content) + 5
    checked = size.to_bytes(2 if long else 1, "big") + bytes((number,)) + content + serial.to_bytes(2, "big")
    return (b"\x79\x79" if long else b"\x78\x78") + checked + crc(checked).to_bytes(2, "big") + b"\r\n"


def gps(time=TIME, latitude=LATITUDE, longitude=LONGITUDE, speed=36, fix=LOCATED | NORTH | 90, satellites=9):
    place = round(abs(latitude) * 1_800_000).to_bytes(4, "big") + round(abs(longitude) * 1_800_000).to_bytes(4, "big")
    return time + bytes((0xC0 | satellites,)) + place + bytes((speed,)) + fix.to_bytes(2, "big")


def cell(lac=9712, cid=4251234, mcc=460, mnc=0, *, wide=False):
    head = (mcc | (0x8000 if wide else 0)).to_bytes(2, "big") + mnc.to_bytes(2 if wide else 1, "big")
    return head + lac.to_bytes(2, "big") + cid.to_bytes(3, "big")


def cell_list(count=7, *, lac_size=2, cid_size=3, level=40):
    """``count`` cells, all but two of them empty."""
    heard = [(9712 + place, 4251234 + place) if place < 2 else (0, 0) for place in range(count)]
    return b"".join(
        lac.to_bytes(lac_size, "big") + cid.to_bytes(cid_size, "big") + bytes((level + place if lac else 0,))
        for place, (lac, cid) in enumerate(heard)
    )


MCC_MNC = bytes.fromhex("01cc00")
ACCESS_POINTS = bytes.fromhex("1c40e8112233 45 ffffffffffff 30 90671c778899 d1")
LOGIN = frame(0x01, bytes.fromhex(IMEI), 1)
