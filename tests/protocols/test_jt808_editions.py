"""Bodies of one edition under headers of another, and what tells the editions apart."""

import pytest
from jt808_frames import NOON, frame

from protocols.jt808.messages import Edition
from protocols.jt808.messages.login import edition_of_register
from protocols.jt808.session import Session
from protocols.order import Order
from protocols.session import Login

E11, E13, E19 = Edition.E2011, Edition.E2013, Edition.E2019
WHO = "13812345678"
LONG_MAKER = bytes.fromhex(
    "7e0107405d010000000001390000000100090057373236303600000000000041452d544553542d3100000000000000000000000000000000000000"
    "0000323238343336370000000000000000000000000000000000000000000000898600000000000000010356312e0346322e030f447e"
)
ICCID = bytes.fromhex("89860412345678901234")


def attributes(maker, model, terminal, *, front=False, hardware=b"V1.0", tail=b"\x03\x0f"):
    """A 0107 body; each of the three is (text, size), padded behind or in front."""
    padded = [text.rjust(size, b"\0") if front else text.ljust(size, b"\0") for text, size in (maker, model, terminal)]
    versions = b"".join(bytes([len(text)]) + text for text in (hardware, b"F2.31"))
    return b"\0\x57" + b"".join(padded) + ICCID + versions + tail


def said_of(body, *, edition_2019, order="attributes", message=0x0107, head=b""):
    """What an order's answer says: its text; None where it ends nothing."""
    session = Session()
    session.feed(frame(0x0002, edition_2019=edition_2019), NOON)
    sending = session.order(WHO, Order(order))
    (event,) = session.feed(frame(message, head + body, edition_2019=edition_2019), NOON)
    return next((reply.text for reply in event.replies if reply.key == sending.answered_by), None)


def test_attributes_with_a_maker_of_eleven_bytes():
    session = Session()
    session.feed(frame(0x0002, phone="13900000001", edition_2019=True), NOON)
    session.order("13900000001", Order("attributes"))
    ((said,),) = (event.replies for event in session.feed(LONG_MAKER, NOON))
    assert said.text == (
        "maker=72606; model=AE-TEST-1; terminal=2284367; hardware=V1.; firmware=F2.; iccid=89860000000000000001"
    )


@pytest.mark.parametrize("edition_2019", [False, True])
@pytest.mark.parametrize("front", [False, True])
@pytest.mark.parametrize("sizes", [(5, 20, 7), (5, 30, 30), (11, 30, 30), (11, 20, 7)])
@pytest.mark.parametrize("hardware", [b"V1.0", b"", b"\xc8\xed\xbc\xfe1"])
@pytest.mark.parametrize("tail", [b"\x03\x0f", b"\0\0"])
def test_attributes_are_read_by_what_they_show(edition_2019, front, sizes, hardware, tail):
    fields = zip((b"72606", b"AE-9", b"7654321"), sizes, strict=True)
    said = said_of(attributes(*fields, front=front, hardware=hardware, tail=tail), edition_2019=edition_2019)
    version = f"hardware={hardware.decode('gbk')}; " if hardware else ""
    assert said == f"maker=72606; model=AE-9; terminal=7654321; {version}firmware=F2.31; iccid={ICCID.hex()}"


@pytest.mark.parametrize("edition_2019", [False, True])
def test_attributes_that_end_late_are_read_as_their_header_says(edition_2019):
    sizes = (5, 30, 30) if edition_2019 else (5, 20, 7)
    body = attributes(*zip((b"72606", b"AE-9", b"7654321"), sizes, strict=True)) + b"\x01\x02"
    assert "firmware=F2.31" in said_of(body, edition_2019=edition_2019)


ITEMS = bytes.fromhex("00000001 04 0000000a 00000029 04 0000001e")


@pytest.mark.parametrize("edition_2019", [False, True])
@pytest.mark.parametrize("counts", [b"\2", b"\2\2"])
def test_parameters_are_read_by_the_counts_that_lead_to_their_end(edition_2019, counts):
    said = said_of(counts + ITEMS, edition_2019=edition_2019, order="parameters", message=0x0104, head=b"\0\0")
    assert "interval_s=30" in said


@pytest.mark.parametrize("counts", [b"\2", b"\2\2"])
def test_parameters_of_a_terminal_that_registered_as_2011(counts):
    session = Session()
    session.feed(frame(0x0100, bytes(4) + b"MAKERMODEL   ID00001\0\0"), NOON)
    session.order(WHO, Order("parameters"))
    (event,) = session.feed(frame(0x0104, b"\0\0" + counts + ITEMS), NOON)
    assert "interval_s=30" in event.replies[0].text


TAIL = b"1" * 15 + b"V1".ljust(20, b"\0")


@pytest.mark.parametrize(
    ("body", "credential"),
    [
        (b"\x044567" + TAIL, "4567"),
        (b"\x044567", "4567"),
        (b"\x30" + b"A" * 0x30 + TAIL, "A" * 0x30),
        (b"\x0945", "\t45"),  # its length leads nowhere
        (b"0123456789abcdef", "0123456789abcdef"),
    ],
)
def test_a_code_with_its_length_before_it_under_a_header_of_2013(body, credential):
    (login,) = Session().feed(frame(0x0102, body), NOON)
    assert isinstance(login, Login)
    assert login.credential == credential


def registration(model=20, names=(b"AE-TEST", b"DEV0001"), *, front=False, fill=b"\0", colour=1, plate=b"TEST01"):
    pairs = zip(names, (model, 7), strict=True)
    padded = [name.rjust(size, fill) if front else name.ljust(size, fill) for name, size in pairs]
    return bytes.fromhex("002c00cc") + b"MAKER" + b"".join(padded) + bytes([colour]) + plate


@pytest.mark.parametrize(
    "body",
    [
        bytes.fromhex("002c00cc4d414b4552000000000000000000000000000000004d4f444c4445563030303101544553543031"),
        registration(),
        registration(front=True),
        registration(fill=b" "),
        registration(fill=b" ", front=True),
        registration(fill=b"\xff"),
        registration(fill=b"\xff", front=True),
        registration(names=(b"", b"")),
        registration(names=(b"", b""), fill=b"\xff", colour=0, plate=b""),
        registration(names=("定位手环".encode("gbk"), b"DEV0001")),
        registration(names=("定位手环".encode("gbk"), b"DEV0001"), front=True, plate="测A12345".encode("gbk")),
        registration(names=("定位手环".encode("gbk"), b"DEV0001"), plate="粤B".encode("gbk") + b"F1234", colour=94),
        registration(names=(b"A" * 20, b"DEV0001"), plate=b"LSVAA4182E2184847", colour=0),
        registration(names=(b"AE-TEST", b"12"), front=True, plate=b""),
        registration(names=(b"\x01\x02\x03", b"DEV0001")),  # no text at all: but read as 2011 the plate is none either
    ],
)
def test_a_registration_of_2013_whatever_it_is_padded_with(body):
    assert edition_of_register(body, E13) is E13


@pytest.mark.parametrize(
    "body",
    [
        registration(8),
        registration(8, fill=b" "),
        registration(8, fill=b" ", plate=b"LSVAA4182E2184847"),
        registration(8, plate=b"LSVAA4182E2184847", colour=0),
        registration(8, names=(b"", b""), plate=b"LSVAA4182E2184847", colour=0),
        registration(8, plate=b"LSVAA4182E2184847\0", colour=2),
        registration(8, fill=b"\xff", plate=b"LSVAA4182E2184847", colour=2),
        registration(8, names=("手环".encode("gbk"), b"DEV0001"), plate="测A12345测A12345".encode("gbk") + b"\0"),
    ],
)
def test_a_registration_of_2011_however_long_its_plate(body):
    assert edition_of_register(body, E13) is E11


def test_the_whole_frame_padded_in_front_tells_2013():
    """Its later texts must not end in a zero, which is how 2011 writes them."""
    session = Session()
    raw = bytes.fromhex(
        "7e0100002b0139000001070001002c00cc4d414b4552000000000000000000000000000000004d4f444c4445563030303101544553543031ef"
        "7e"
    )
    (login,) = session.feed(raw, NOON)
    assert isinstance(login, Login)
    sending = session.order(login.frame.identity, Order("text", {"text": "hello"}))
    assert sending.segments[0][-7:-2] == b"hello"
    assert edition_of_register(bytes(80), E19) is E19
