"""PDUs that we make are what another reader reads, and what centres send is read whatever it is."""

from __future__ import annotations

from io import StringIO

import pytest
from effort import examples
from hypothesis import example, given, settings
from hypothesis import strategies as st
from met import must_meet
from smspdudecoder.fields import SMSDeliver, SMSSubmit

from gateway.sms.address import dialled
from gateway.sms.alphabet import packed, septets_of, text_of_septets, unpacked
from gateway.sms.faults import PduFault
from gateway.sms.incoming import Fate, Incoming, Report, read
from gateway.sms.submit import submits, validity

GSM = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCXYZÄÖÑÜ§¿abcxyzäöñüà\f^{}\\[~]|€"
EXTENSION = "\f^{}\\[~]|€"
NUMBERS = st.from_regex(r"\+?[0-9]{3,15}", fullmatch=True)
OURS = "【紧急·待核实】P0004 02:14报表带断开，此前在家附近，电量61%。请立即致电，02:29前未核实请派员。接收回“收 7F3A”"


def foreign(pdu) -> dict:
    return SMSSubmit.decode(StringIO(pdu.hex))


def text_of(pdus) -> str:
    return "".join(foreign(pdu)["user_data"]["data"] for pdu in pdus)


def test_a_chinese_notice_is_one_pdu_that_asks_for_a_report():
    (pdu,) = submits("+8613800000001", OURS)
    told = foreign(pdu)
    assert len(OURS) <= 70
    assert told["user_data"] == {"header": None, "data": OURS}
    assert told["header"]["srr"] is True
    assert told["recipient"]["number"] == "8613800000001"
    assert told["recipient"]["toa"]["ton"] == "international"
    assert told["vp"] == 143
    assert pdu.length == len(pdu.hex) // 2 - 1


@must_meet("one", "several", "odd digits")
@example(number="13800000001", text="文" * 66 + "😀" + "字" * 90, reference=300)
@given(NUMBERS, st.text(st.characters(codec="utf-8"), min_size=1, max_size=300), st.integers(0, 999))
@settings(max_examples=examples(100))
def test_what_is_in_ucs2_another_reader_reads(met, number, text, reference):
    pdus = submits(number, "中" + text, reference)
    met["one" if len(pdus) == 1 else "several"] += 1
    met["odd digits"] += len(number.lstrip("+")) % 2
    whole = b"".join(part_octets(pdu) for pdu in pdus)
    assert whole.decode("utf-16-be") == "中" + text
    for at, pdu in enumerate(pdus, 1):
        told = foreign(pdu)
        assert told["recipient"]["number"] == number.lstrip("+")
        assert len(part_octets(pdu)) <= 140
        if len(pdus) > 1:
            (element,) = told["user_data"]["header"]["elements"]
            assert element["data"] == {"reference": reference % 256, "parts_count": len(pdus), "part_number": at}
            assert part_octets(pdu).decode("utf-16-be")  # no part ends within a character


def part_octets(pdu) -> bytes:
    """The text's octets of a PDU in UCS-2, behind its header."""
    data = bytes.fromhex(pdu.hex)
    begin = 2 + 1 + 1 + 1 + (data[3] + 1) // 2 + 3
    length, body = data[begin], data[begin + 1 :]
    assert length == len(body)
    return body[6:] if data[1] & 0x40 else body


@must_meet("one", "several", "extension")
@example(number="+8613800000001", text="x" * 152 + "€" + "[" * 99)
@given(NUMBERS, st.text(st.sampled_from(GSM), min_size=1, max_size=400))
@settings(max_examples=examples(100))
def test_what_is_in_the_default_alphabet_another_reader_reads(met, number, text):
    pdus = submits(number, text, 7)
    met["one" if len(pdus) == 1 else "several"] += 1
    met["extension"] += bool(set(text) & set(EXTENSION))
    if len(pdus) == 1 and not set(text) & set(EXTENSION):  # the other reader counts those as one septet
        assert text_of(pdus) == text
    assert "".join(of_deliver(pdu).text for pdu in pdus) == text


def of_deliver(pdu) -> Incoming:
    """What our own reader makes of the same user data in an SMS-DELIVER."""
    data = bytes.fromhex(pdu.hex)
    address = data[3 : 5 + (data[3] + 1) // 2]
    scheme, user = data[3 + len(address) + 1], data[3 + len(address) + 3 :]
    header = 0x40 & data[1]
    return read((bytes([0, header]) + address + bytes([0, scheme]) + bytes(7) + user).hex())


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=300), NUMBERS)
@settings(max_examples=examples(100))
def test_a_text_that_comes_in_parts_has_them_and_its_number(text, number):
    told = [of_deliver(pdu) for pdu in submits(number, text, 300)]
    expected = text if septets_of(text) is not None else text.encode("utf-16-be").decode("utf-16-be")
    assert "".join(one.text for one in told) == expected
    assert {one.number for one in told} == {number}
    parts = [one.part for one in told]
    assert parts == ([None] if len(told) == 1 else [(300 % 256, len(told), at) for at in range(1, len(told) + 1)])


@pytest.mark.parametrize(
    ("pdu", "number", "text"),
    [
        (
            "0891683110000005F0240D91683108000010F0000862113020412523046536 0037".replace(" ", ""),
            "+8613800000010",
            "收7",
        ),
        ("07912299976758F2040BD0CDE6DB5DCE03000091102251422300 05E8329BFD06".replace(" ", ""), "MMoney", "hello"),
    ],
)
def test_texts_of_centres_are_read_as_another_reader_reads_them(pdu, number, text):
    told = read(pdu)
    assert told == Incoming(number, text)
    assert SMSDeliver.decode(StringIO(pdu))["user_data"]["data"] == text


@pytest.mark.parametrize(
    ("status", "fate"),
    [(0x00, Fate.DELIVERED), (0x02, Fate.DELIVERED), (0x20, Fate.TRYING), (0x30, Fate.TRYING), (0x41, Fate.FAILED),
     (0x63, Fate.FAILED), (0xFF, Fate.FAILED)],
)  # fmt: skip
def test_a_report_says_of_which_text_and_what_became_of_it(status, fate):
    told = read(f"00062A0D91683108000010F062113020412523621130204125 23{status:02X}".replace(" ", ""))
    assert told == Report(0x2A, "+8613800000010", status)
    assert told.fate is fate


@given(st.one_of(st.binary(max_size=60).map(bytes.hex), st.text(max_size=40)))
@settings(max_examples=examples(200))
def test_anything_is_read_or_refused_and_no_fault_repeats_it(pdu):
    said: object = None
    try:
        said = read(pdu)
    except PduFault as fault:
        said = fault
    assert isinstance(said, Incoming | Report) or len(pdu) < 4 or pdu not in str(said)


@pytest.mark.parametrize("scheme", [0x04, 0x20, 0xF4])
def test_data_has_no_text(scheme):
    assert read(f"00000D91683108000010F000{scheme:02X}6211302041252302ABCD").text == ""


def test_a_number_that_cannot_be_dialled_and_no_text_are_refused_without_being_repeated():
    for number, text in (("P0001", "x"), ("", "x"), ("138", "")):
        with pytest.raises(PduFault) as raised:
            submits(number, text)
        assert "P0001" not in str(raised.value)
    assert dialled("+86 (138) 0000-0001") == "+8613800000001"


@pytest.mark.parametrize(
    ("minutes", "octet"),
    [
        (0, 0),
        (5, 0),
        (6, 1),
        (720, 143),
        (721, 144),
        (1440, 167),
        (1441, 168),
        (43_200, 196),
        (43_201, 197),
        (1e9, 255),
    ],
)
def test_a_validity_is_the_next_longer_that_can_be_said(minutes, octet):
    assert validity(minutes) == octet


@given(st.binary(max_size=80).map(lambda data: bytes(each & 0x7F for each in data)), st.integers(0, 6))
@settings(max_examples=examples(100))
def test_septets_come_back_out_of_their_octets(septets, fill):
    assert unpacked(packed(septets, fill), len(septets), fill) == septets


def test_an_escape_alone_is_no_character_of_ours_and_is_read_all_the_same():
    assert septets_of("\x1b") is None
    assert isinstance(text_of_septets(b"\x1b\x1b\x41\x1b"), str)


def test_the_other_reader_counts_the_extension_wrongly():
    (pdu,) = submits("13800000001", "000\f{")
    assert foreign(pdu)["user_data"]["data"] != "000\f{"
    assert of_deliver(pdu).text == "000\f{"
