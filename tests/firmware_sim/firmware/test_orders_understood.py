"""Orders as the gateway's own sessions write them, and what they make of the bracelet's answers."""

import pytest
from plan import START, Plan, measured

from firmware_sim.firmware.device import Identity, Link
from firmware_sim.firmware.families import FAMILIES, make_firmware
from firmware_sim.firmware.wire import Edition
from protocols.order import Order, Result, Shape
from protocols.registry import FAMILIES as GATEWAY
from protocols.session import Decision, Login

PHONE, IMEI = "14000000001", "868120145233604"
HOME = (
    Shape(1, "家", ((24.33, 109.42),), 200.0),
    Shape(2, "school", ((24.0, 109.0), (25.0, 109.0), (25.0, 110.0), (24.0, 110.0))),
)
ONE_MINUTE = {"seconds": "60"}
JT808 = [
    (Order("locate"), Result.DONE),
    (Order("interval", {"seconds": "30"}), Result.DONE),
    (Order("parameters"), Result.DONE),
    (Order("text", {"text": "请回家"}), Result.DONE),
    (Order("fence", {"zone": "home"}, HOME), Result.DONE),
    (Order("fence_delete", {"kind": "circle"}), Result.DONE),
    (Order("track", {"seconds": "10", "validity": "60"}), Result.DONE),
    (Order("question", {"question": "?", "answers": "A|B"}), Result.UNSUPPORTED),
]
GT06 = [
    (Order("locate"), Result.DONE),
    (Order("interval", ONE_MINUTE), Result.DONE),
    (Order("status"), Result.DONE),
    (Order("reset"), Result.FAILED),
]
R16H = [
    (Order("locate"), Result.DONE),
    (Order("interval", ONE_MINUTE), Result.DONE),
    (Order("parameters"), Result.FAILED),
]
CASES = [
    *(("jt808", Edition.Y2013, PHONE, *case) for case in JT808),
    *(("jt808", Edition.Y2019, PHONE, *case) for case in [*JT808, (Order("link_test"), Result.DONE)]),
    *(("jt808-2011", Edition.Y2013, PHONE, *case) for case in JT808),
    *(("gt06", Edition.Y2013, IMEI, *case) for case in GT06),
    *(("r16h", Edition.Y2013, IMEI, *case) for case in R16H),
]


def replies_of(session, frames, now):
    return [reply for event in session.feed(b"".join(frames), now) for reply in getattr(event, "replies", ())]


@pytest.mark.parametrize(("family", "edition", "phone", "order", "result"), CASES)
def test_the_gateway_reads_what_came_of_its_order(family, edition, phone, order, result):
    row = FAMILIES[family]
    device = make_firmware(family, Identity(phone, "B0001", edition), Plan([measured()]))
    session = GATEWAY[row.protocol].session(row.profile)
    waiting = device.connected(START)
    while waiting:
        answers = b""
        for event in session.feed(b"".join(waiting), START):
            known = isinstance(event, Login)
            answers += session.decide(event, Decision.ACCEPTED, "code") if known else event.answer
        waiting = device.receive(answers, START)
    assert device.link is Link.ONLINE
    device.tick(START)
    sending = session.order(phone, order)
    said = [frame for segment in sending.segments for frame in device.receive(segment, START + 5.0)]
    keys = (sending.accepted_by, sending.answered_by)
    replies = [reply for reply in replies_of(session, said, START + 5.0) if reply.key in keys]
    assert [reply.result for reply in replies] == [result]
    assert not session.discarded
