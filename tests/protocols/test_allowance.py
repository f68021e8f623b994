"""What may be asked of a device: every parameter number, order and word is allowed, maintenance or forbidden."""

from __future__ import annotations

import inspect

import pytest

from protocols.allowance import Allowance
from protocols.errors import OrderFault
from protocols.gt06.orders import order_text
from protocols.jt808.allowed import of_parameter
from protocols.order import Order
from protocols.registry import FAMILIES
from protocols.session import Family

ALLOWED, MAINTENANCE, FORBIDDEN = Allowance
EVERYDAY = {
    "annex_a": {"version", "attributes"},
    "gt06": {"locate", "interval", "status"},
    "jt808": {
        "locate", "track", "interval", "confirm_alarm", "link_test", "parameters", "attributes", "fence",
        "fence_delete", "text", "question",
    },
    "mlp": {"locate"},
    "modem": set(),
    "r16h": {"locate", "interval", "parameters"},
}  # fmt: skip
REPORTING = {1, 0x20, 0x21, 0x22, 0x27, 0x28, 0x29, 0x2C, 0x2D, 0x2E, 0x2F, 0x30, 0x31}
HEARING = {0x45, 0x48, 0x52, 0x53, 0x64, 0x65, *range(0x70, 0x80), *range(0xF364, 0xF371)}
WORDS = {"text": "请于今晚十点前回家", "question": "到家了吗", "answers": "是|否"}


def judged(family, kind, **values):
    return FAMILIES[family].allowance(Order(kind, values))


def test_every_family_says_what_may_be_asked_of_its_devices():
    assert "allowance" in {name for name, _ in inspect.getmembers(Family)}
    for name, family in FAMILIES.items():
        assert callable(family.allowance), name
        assert family.allowance(Order("an order nobody has written yet")).allowance is MAINTENANCE


@pytest.mark.parametrize("name", FAMILIES)
def test_every_order_of_every_family_has_its_place(name):
    family = FAMILIES[name]
    found = {kind for kind in family.orders if judged(name, kind, **WORDS).allowance is ALLOWED}
    assert found == EVERYDAY[name]
    assert all(judged(name, kind, **WORDS).allowance is MAINTENANCE for kind in set(family.orders) - found - {"text"})


def test_every_parameter_number_is_allowed_maintenance_or_forbidden():
    for number in range(0x10000):
        wanted = ALLOWED if number in REPORTING else FORBIDDEN if number in HEARING else MAINTENANCE
        written = judged("jt808", "set_parameters", values=f"{number:04X}=1")
        assert (written.allowance, of_parameter(number).allowance) == (wanted, wanted), f"{number:04X}"
        assert f"{number:04X}" in written.what
    assert of_parameter(0x00010048).allowance is FORBIDDEN
    assert of_parameter(0x00010029).allowance is MAINTENANCE


@pytest.mark.parametrize(
    ("values", "allowance", "what"),
    [
        ("0048=13900000000,0064=60", FORBIDDEN, "0048 listening_phone"),
        ("0029=30, 0x0064 =60", FORBIDDEN, "0064 timed_photo"),
        ("0029=30,00000048=hex:31", FORBIDDEN, "0048 listening_phone"),
        ("listening_phone=1", FORBIDDEN, "0048"),
        ("interval_s=30,0027=60", ALLOWED, ""),
        ("0029=30,0013=203.0.113.9", MAINTENANCE, "0013 server"),
        ("f365=hex:00", FORBIDDEN, "F365"),
        ("nonsense=1", MAINTENANCE, "nonsense"),
        (",", MAINTENANCE, "set_parameters"),
    ],
)
def test_the_gravest_parameter_decides_and_is_named(values, allowance, what):
    verdict = judged("jt808", "set_parameters", values=values)
    assert verdict.allowance is allowance
    assert what in verdict.what


@pytest.mark.parametrize(
    ("text", "allowance"),
    [
        ("WHERE#", ALLOWED),
        (" where # ", ALLOWED),
        ("PARAM#ICCID#", ALLOWED),
        ("TIMER,30#", ALLOWED),
        ("TIMER, 30 , 60", ALLOWED),
        ("TIMER,30#RESET#", MAINTENANCE),
        ("TIMER,30,0,evil#", MAINTENANCE),
        ("SERVER,1,203.0.113.9,7611,0#", MAINTENANCE),
        ("APN,internet#", MAINTENANCE),
        ("FACTORY#", MAINTENANCE),
        ("XYZZY#", MAINTENANCE),
        ("#", MAINTENANCE),
        ("MONITOR,13900000000#", FORBIDDEN),
        ("monitor#", FORBIDDEN),
        ("WHERE#MONITOR,139#", FORBIDDEN),
        ("WHERE;mOnItOr 139", FORBIDDEN),
        ("WHERE,MONITOR#", FORBIDDEN),
        ("M O N I T O R #", FORBIDDEN),
        ("MONI,TOR#", FORBIDDEN),
        ("\uff2d\uff2f\uff2e\uff29\uff34\uff2f\uff32#", FORBIDDEN),
        ("monitor123456", FORBIDDEN),
        ("CALL,13900000000#", FORBIDDEN),
        ("PIC,1#", FORBIDDEN),
        ("RECORD,60#", FORBIDDEN),
        ("VOICEMON,5#", FORBIDDEN),
        ("LISTEN", FORBIDDEN),
        ("AT+CREC=1", FORBIDDEN),
        ("ATD13900000000;", FORBIDDEN),
    ],
)
def test_a_devices_own_words_are_weighed_each(text, allowance):
    assert judged("gt06", "text", text=text).allowance is allowance


@pytest.mark.parametrize("kind", ["text", "question"])
@pytest.mark.parametrize(
    ("text", "allowance"),
    [
        ("请于18:00前到城中司法所（SFS-01）报到，电话0772-1234567。", ALLOWED),
        ("您今晚须在家；如需外出请先请假！", ALLOWED),
        ("call the office", ALLOWED),
        ("again", ALLOWED),
        ("Your battery is low: charge it, please.", ALLOWED),
        ("请勿录音", ALLOWED),
        ("<SPBSJ*P:BSJGPS*C:30*W:1>", MAINTENANCE),
        ("RESET", MAINTENANCE),
        ("reset", MAINTENANCE),
        ("TIMER,30", MAINTENANCE),
        ("请稍候 APN,internet#", MAINTENANCE),
        ("请稍候\x00FORMAT", MAINTENANCE),
        ("MONITOR", FORBIDDEN),
        ("monitor 13900000000", FORBIDDEN),
        ("请稍候 MONITOR", FORBIDDEN),
        ("请稍候 call,13900000000", FORBIDDEN),
        ("*监听*13900000000#", FORBIDDEN),
        ("\uff1cPHOTO\uff1e", FORBIDDEN),
    ],
)
def test_a_text_for_the_wearer_is_none_that_a_terminal_takes_for_a_command(kind, text, allowance):
    other = {"answers": "是|否"} if kind == "question" else {}
    assert judged("jt808", kind, **{kind: text}, **other).allowance is allowance
    assert judged("jt808", "question", question="到家了吗", answers=f"是|{text}").allowance is allowance


@pytest.mark.parametrize(
    ("data", "allowance"),
    [
        ("01 02 03", MAINTENANCE),
        ("7e8801000c0139000000010001 01000100000000000000 aa7e", FORBIDDEN),
        ("8801000c013900000001", FORBIDDEN),
        ("7e8400000c01390000000100010131333930007e", FORBIDDEN),
        ("7e9101000a0139000000010001aa7e", FORBIDDEN),
        ("7e8103000c01390000000100010100000048 0131 aa7e", FORBIDDEN),
        ("7e8103001001390000000100010200000029040000001e00000064 0400000001aa7e", FORBIDDEN),
        ("7e8103000a01390000000100010100000029040000001eaa7e", MAINTENANCE),
        (b"MONITOR,13900000000#".hex(), FORBIDDEN),
        (b"m o n i t o r".hex(), FORBIDDEN),
        (b"ATD13900000000;".hex(), FORBIDDEN),
        ("监听".encode("gb18030").hex(), FORBIDDEN),
        ("LISTEN".encode("utf-16-be").hex(), FORBIDDEN),
        ("no hexadecimal", MAINTENANCE),
    ],
)
def test_a_pass_through_carries_nothing_that_hears_or_sees(data, allowance):
    verdict = judged("jt808", "pass_through", type="41", data=data)
    assert verdict.allowance is allowance
    assert "pass_through" in verdict.what


@pytest.mark.parametrize("written", ["MONITOR,{text}#", "{text}#PHOTO#"])
def test_a_models_own_words_send_no_forbidden_one_either(written):
    with pytest.raises(OrderFault, match="hear, see or record"):
        order_text("text", {"text": "1"}, {"text": written})
    with pytest.raises(OrderFault, match="hear, see or record"):
        order_text("locate", {}, {"locate": "WHERE#LISTEN#"})
    assert order_text("locate", {}, {"locate": "WHERE#"}) == "WHERE#"
