"""The first inputs of each family, built here: ``python -m fuzz.seeds`` writes those that are not there yet.

A family without a row starts from its signature; the fuzzer finds the rest.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from fuzz.harness import IN_PIECES, NAMED, STRICT
from protocols.annex_a.packet import Packet
from protocols.annex_a.packet import seal as seal_annex_a
from protocols.gt06.crc import crc16
from protocols.jt808.wire import seal as seal_jt808
from protocols.registry import FAMILIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

CORPUS = Path(__file__).parent / "corpus"
CHOICES = (STRICT, IN_PIECES | NAMED, NAMED)
_PHONE_2013, _PHONE_2019 = bytes.fromhex("013912345678"), bytes.fromhex("01" + "00000000013912345678")
_TIME = bytes.fromhex("261123190000")


def _jt808(number: int, body: bytes, *, edition_2019: bool = False, part: tuple[int, int] | None = None) -> bytes:
    attributes = len(body) | (0x4000 if edition_2019 else 0) | (0x2000 if part else 0)
    head = number.to_bytes(2, "big") + attributes.to_bytes(2, "big")
    head += (_PHONE_2019 if edition_2019 else _PHONE_2013) + b"\x00\x07"
    head += b"".join(figure.to_bytes(2, "big") for figure in part or ())
    return seal_jt808(head + body)


def _location(items: bytes = b"", status: int = 2) -> bytes:
    fixed = bytes(4) + status.to_bytes(4, "big") + (24_334_665).to_bytes(4, "big") + (109_475_528).to_bytes(4, "big")
    return fixed + bytes.fromhex("0064 0032 005A") + _TIME + items


def _listed(*records: bytes) -> bytes:
    return b"".join(len(record).to_bytes(2, "big") + record for record in records)


_ITEMS = (
    "0104000003E8", "300114", "310109", "2A020003", "530901 01CC 00 2626 0FF1 13", "5D0B01 01CC00 75F8 061C3715 3C",
    "5408 01 24699E010203 4B", "56020A55", "61020E10", "E10B 01CC0000 01 75F80FF1 3C00", "F4020011", "F60401000001",
    "EB0D 000600C5FFFFFFBF 00050001AABBCC", "F3 07 24699E010203 C4", "FE 06 01 04 00000001", "E30101", "E4020164",
    "200F 3436303B303B31303336393B343838343839", "00", "5D FF 01",
)  # fmt: skip


def _of_jt808() -> Iterator[bytes]:
    registration = bytes.fromhex("002D 0001 4142434445") + b"MODEL".ljust(20, b"\0") + b"1234567\x00"
    for edition in (False, True):
        yield _jt808(0x0100, registration, edition_2019=edition)
        yield _jt808(0x0102, b"\x04code" + bytes(35) if edition else b"code", edition_2019=edition)
        yield _jt808(0x0002, b"", edition_2019=edition)
        for items in _ITEMS:
            yield _jt808(0x0200, _location(bytes.fromhex(items)), edition_2019=edition)
        yield _jt808(
            0x0704, b"\x00\x02\x01" + _listed(_location(), _location(b"\x30\x01\x14", 0)), edition_2019=edition
        )
        yield _jt808(0x0900, b"\xf0" + bytes(12), edition_2019=edition)
    yield _jt808(0x0201, b"\x00\x01" + _location())
    yield _jt808(0x0210, b"\x01" + _location())
    yield _jt808(0x0001, bytes.fromhex("0001 8201 00"))
    yield _jt808(0x0104, bytes.fromhex("0001 01 00000001 04 0000003C"))
    yield _jt808(0x0107, bytes(40))
    yield _jt808(0x0005, bytes.fromhex("0001 01 0002"))
    yield _jt808(0x6006, b"\x01" + "温度".encode("gbk"))
    yield b"".join(_jt808(0x0801, bytes(30), part=(2, index)) for index in (1, 2))
    yield b"(text)" + _jt808(0x0002, b"") + b"GET / HTTP/1.1\r\n\r\n" + _jt808(0x0004, b"")


def _of_r16h() -> Iterator[bytes]:
    yield b"@LINK,861000000000207$\r\n@RPLY,861000000000207,STIN,OK$"
    yield b"@GPSD,861000000000207,R,20261123,120000,24.334665,N,109.475528,E,3.5,90,120,88,L,SOS$"
    yield b"@GPSD,861000000000207,S,20260231,246060,0.0,S,0.0,W,-1,361,x,101,R,ULK$"
    yield b"@LBSD,861000000000207,S,20261123,120000,460-00-75f8-61c3715:-111,,,21,R,LBT$"
    yield b"@LBSD,1$@GPSD,35682@XYZW,861000000000207,1,2$$@\xff$"


_ANSWERS = (
    b'+QENG: "servingcell","NOCONN","LTE","FDD",460,00,61C3715,236,1300,3,5,5,75F8,-85,-9,-55,15',
    (
        b'+QENG: "servingcell","NOCONN"\r\n+QENG: "LTE","FDD",460,00,61C3715,236,1300,3,5,5,75F8,-85\r\n'
        b'+QENG: "NR5G-NSA",460,00,94,-80,25,-11,504990,41,3'
    ),
    (
        b'+QENG: "servingcell","LIMSRV","GSM",460,00,1816,0F0F,27,73,0,44\r\n'
        b'+QENG: "neighbourcell","GSM",460,00,1816,0F10,27,75,30'
    ),
    b'+QENG: "neighbourcell intra","LTE",1300,27,-12,-96,-68,0,22,4',
    b'+QENG: "servingcell","NOCONN","NR5G-SA","TDD",460,00,170C23001,94,2710FA,504990,41,12,-80',
    b'+CENG: 1,1\r\n+CENG: 0,"0049,44,00,460,00,27,0e5a,05,05,1878,1"\r\n+CENG: 1,"0055,33,21,0e5b,460,00,1878"',
    b'+CENG: 3,1\r\n+CENG: 0,"460,00,1878,0e5a,27,40"\r\n+CENG: 1,"0055,33,21,460,00,ffff"',
    b'+CENG: 0,"1300,236,-85,-55,-9,15,30200,102512405,460,00,10"\r\n+CENG: 1,"1300,27,-96,-68,-12,3"',
    b"+CPSI: LTE,Online,460-00,0x75F8,102512405,236,EUTRAN-BAND3,1300,5,5,-94,-850,-545,15",
    b"+CCED: 460,00,1816,0f0f,27,73,24,24,24,0,,,460,00,1816,0f10,27,55,20",
    (
        b"+CCED:LTE current cell:460,00,,0,3,5,1300,102512405,56,22,30200,30,236\r\n"
        b"+CCED:LTE neighbor cell:460,00,1300,102512405,56,22,30200,30,236"
    ),
    b"+CCED:GSM current cell info:460,00,75f8,0f0f,27,40\r\n+CCED:GSM neighbor cell info:460,00,30200,38559,27,40",
    b'AT#MONI\r\n+COPS: 0,2,"46000",7\r\n#MONI: NAME RSRP:-85 RSRQ:-9 TAC:75F8 Id:61C3715 EARFCN:1300 PWR:-55dbm',
    b"#MONI: Cc:460 Nc:01 BSIC:35 RxQual:0 LAC:1816 Id:0F0F ARFCN:62 PWR:-68dbm TA:1\r\n+CME ERROR: 3",
)


def _of_modem() -> Iterator[bytes]:
    for answer in _ANSWERS:
        yield answer + b"\r\n\r\nOK\r\n"


def _of_annex_a() -> Iterator[bytes]:
    data = {0x01: b"", 0x02: b"\x00\x1e", 0x03: b"\x01", 0x04: b"\x02\x07", 0x05: b"\x0a\x01", 0x07: bytes(11)}
    data |= {0x40: bytes(65), 0x41: bytes(20), 0x42: b"", 0x43: b"\x00", 0x08: b"\x7e\x7d"}
    for command, content in data.items():
        yield seal_annex_a(Packet(1, 0x42, 0x0A, command, content))
    for answer in _ANSWERS:
        yield seal_annex_a(Packet(1, 0x42, 0x0A, 0x50, answer))
    for items in _ITEMS:
        yield seal_annex_a(Packet(1, 0x42, 0x0A, 0x44, bytes.fromhex(items)))


def _gt06(message: int, content: bytes) -> bytes:
    long = message > 0xFF  # noqa: PLR2004  # the same numbers in the 79 79 form
    size = (len(content) + 5).to_bytes(2 if long else 1, "big")
    summed = size + bytes([message & 0xFF]) + content + b"\x00\x01"
    return (b"\x79\x79" if long else b"\x78\x78") + summed + crc16(summed).to_bytes(2, "big") + b"\r\n"


def _of_gt06() -> Iterator[bytes]:
    login = _gt06(0x01, bytes.fromhex("0861000000000207 0001 3201"))
    place = bytes.fromhex("1A0B170C0000 CC 029C6A3E 0BBE9D20 05 145A")
    cell, cell_4g = bytes.fromhex("01CC 00 75F8 003715"), bytes.fromhex("01CC 00 000075F8 00000000061C3715")
    seven = bytes.fromhex("1A0B170C0000 01CC 00") + bytes.fromhex("75F8 003715 3C") * 7 + b"\xff\x00\x02"
    seven_4g = (
        bytes.fromhex("1A0B170C0000 01CC 00") + bytes.fromhex("000075F8 00000000061C3715 3C") * 7 + b"\xff\x00\x02"
    )
    wifi = b"\x01" + bytes.fromhex("24699E010203 4B")
    bodies = (place + cell + b"\x01\x00\x00", place + b"\x09" + cell + bytes.fromhex("44 06 04 01 02"), place + cell_4g)
    bodies += (b"\x44\x06\x04\x00\x02", seven, seven + wifi, seven_4g, seven_4g + wifi, bytes(60))
    for number in (
        0x10,
        0x12,
        0x13,
        0x16,
        0x19,
        0x22,
        0x23,
        0x24,
        0x26,
        0x28,
        0x2C,
        0x8A,
        0x95,
        0xA0,
        0xA1,
        0xA2,
        0xA4,
    ):
        yield login + b"".join(_gt06(number, body) for body in bodies)
    for number in (0x121, 0x132, 0x138, 0x170, 0x194):
        yield login + b"".join(_gt06(number, body) for body in bodies)
    yield login + bytes.fromhex("7878 01 17 261123120000") + wifi[1:] + bytes.fromhex("01 01CC00 75F8 0FF1 5A 0D0A")


_PD = b"<pd><time utc_off='+0800'>20261123120000</time><shape>%b</shape><lev_conf>67</lev_conf></pd>"
_COORD = b"<coord><X>24 20 04.794N</X><Y>109 28 31.900E</Y></coord>"
_SHAPES = (
    b"<CircularArea>%b<radius>240</radius></CircularArea>",
    (
        b"<CircularArcArea>%b<inRadius>0</inRadius><outRadius>570</outRadius><startAngle>266</startAngle>"
        b"<stopAngle>66</stopAngle></CircularArcArea>"
    ),
    b"<EllipticalArea>%b<angle>30</angle><semiMajor>300</semiMajor><semiMinor>90</semiMinor></EllipticalArea>",
    b"<Point>%b</Point>",
)


def _of_mlp() -> Iterator[bytes]:
    frame = b"<?xml version='1.0'?><svc_result ver='3.0.0'><slia ver='3.0.0'>%b</slia></svc_result>"
    msid = b"<msid type='MSISDN'>8613912345678</msid>"
    for shape in _SHAPES:
        yield frame % (b"<pos>" + msid + _PD % (shape % _COORD) + b"</pos>")
    yield frame % (b"<pos>" + msid + b"<poserr><result resid='5'>ABSENT SUBSCRIBER</result></poserr></pos>")
    yield frame % b"<result resid='101'>CONGESTION</result>"
    yield b"<!DOCTYPE x [<!ENTITY a 'b'>]><svc_result/>"


def _of_detection() -> Iterator[bytes]:
    yield from _JUNK
    for build in (_of_jt808, _of_gt06, _of_r16h):
        first, *_ = build()
        for junk in _JUNK:
            yield junk + first[:200]


_JUNK = (b"", b"\r\n\0", b"rubbish", b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01", b"SSH-2.0-x\r\n", b"x" * 20, b"(t)")

_STREAMS: dict[str, Callable[[], Iterator[bytes]]] = {
    "annex_a": _of_annex_a,
    "detection": _of_detection,
    "gt06": _of_gt06,
    "jt808": _of_jt808,
    "mlp": _of_mlp,
    "modem": _of_modem,
    "r16h": _of_r16h,
}


def seeds_of(family: str) -> Sequence[bytes]:
    """The first inputs of a family: each stream under one way of handling it, each profile in turn."""
    build = _STREAMS.get(family)
    streams = tuple(build() if build else FAMILIES[family].signature) or (b"\0",)
    return [bytes([CHOICES[at % len(CHOICES)], at]) + stream for at, stream in enumerate(streams)]


def write(folder: Path, inputs: Sequence[bytes]) -> None:
    """One file an input, named by its digest."""
    folder.mkdir(parents=True, exist_ok=True)
    for each in inputs:
        (folder / sha256(each).hexdigest()[:16]).write_bytes(each)


if __name__ == "__main__":
    for name in {*FAMILIES, *_STREAMS}:
        write(CORPUS / name, seeds_of(name))
