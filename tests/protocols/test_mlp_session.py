"""Answers of location servers: what is taken, what is refused under which reason, and what the journal keeps of it."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mlp_answers import CIRCLE, NOON, pd, pos, poserr, slia

from protocols.errors import OrderFault
from protocols.mlp import FAMILY
from protocols.mlp.reading import Reading, reading_of
from protocols.mlp.session import Session
from protocols.order import Order
from protocols.report import Flag, Source, SourceDatum
from protocols.session import Frame, FrameBatch, Refused

READING = "wgs84-opening"


def fed(data, asked=(), now=NOON, reading=READING):
    session = Session(reading_of(reading), asked)
    return session, session.feed(data, now)


def decoded(frame, reading=READING):
    return FAMILY.decode(FrameBatch.of([frame.raw], reading))


def refused(data, **given):
    _, events = fed(data, **given)
    assert all(isinstance(event, Refused) for event in events)
    return [event.reason for event in events]


def test_a_circle_is_a_place_with_its_own_time_and_accuracy():
    _, (frame,) = fed(slia(pos(pd(more="<lev_conf>67</lev_conf>"), "+86 138 0000 0001")))
    assert (frame.identity, frame.device_times, frame.message, frame.answer) == ("13800000001", (NOON,), 0, b"")
    rows = decoded(frame)
    assert (rows.latitude[0], rows.longitude[0]) == pytest.approx((31.21, 121.5), abs=1e-9)
    assert rows.accuracy_m[0] == pytest.approx(240 / math.sqrt(-2 * math.log(0.33)))
    assert (rows.located[0], rows.source[0], rows.time[0]) == (True, Source.PHONE, NOON)


def test_without_a_confidence_the_radius_is_widened_by_the_carriers_setting():
    _, (frame,) = fed(slia(pos(pd())))
    narrow = decoded(frame, "wgs84-opening-x1.000").accuracy_m[0]
    assert decoded(frame).accuracy_m[0] == pytest.approx(1.5 * narrow)
    assert decoded(frame, Reading(widening=3.0).name).accuracy_m[0] == pytest.approx(3.0 * narrow)


@pytest.mark.parametrize("radius", [4999, 5000])
def test_somewhere_in_the_cell_is_not_made_precise_by_a_stated_confidence(radius):
    shape = CIRCLE.replace("240", str(radius))
    _, (plain,) = fed(slia(pos(pd(shape))))
    _, (stated,) = fed(slia(pos(pd(shape, more="<lev_conf>95</lev_conf>"))))
    assert decoded(stated).accuracy_m[0] == decoded(plain).accuracy_m[0]


def test_an_absent_subscriber_is_no_place_and_says_so():
    session, (frame,) = fed(slia(pos(poserr(5))))
    rows = decoded(frame)
    assert (rows.located[0], rows.flags[0], rows.source[0]) == (False, Flag.ABSENT, Source.PHONE)
    assert math.isnan(rows.latitude[0])
    assert session.results == {"13800000001": 5}
    assert frame.device_times == ()


@pytest.mark.parametrize("code", [4, 6, 7, 101, 201, 203, 999])
def test_any_other_error_is_no_absence(code):
    _, (frame,) = fed(slia(pos(poserr(code))))
    assert decoded(frame).flags[0] == 0
    assert not decoded(frame).located[0]


def test_positions_of_one_answer_are_judged_each_by_itself():
    session, events = fed(
        slia(
            pos(pd(), "13800000001"),
            pos(pd("<Cone/>"), "13800000002"),
            pos(poserr(5), "13800000003"),
            pos(pd(), "13800000009"),
            pos("", "13800000004"),
        ),
        asked=("13800000001", "13800000002", "13800000003", "13800000004"),
    )
    assert [type(event) for event in events] == [Frame, Refused, Frame, Refused, Refused]
    assert [event.reason for event in events if isinstance(event, Refused)] == [
        "mlp_shape", "mlp_not_asked", "mlp_no_place",
    ]  # fmt: skip
    assert session.results == {"13800000001": 0, "13800000003": 5}
    assert set(session.discarded) == {"mlp_shape", "mlp_not_asked", "mlp_no_place"}


def test_the_same_number_twice_gives_two_frames():
    _, events = fed(slia(pos(pd()), pos(pd(time="20261101115000"))))
    assert [event.device_times for event in events] == [(NOON,), (NOON - 600,)]


@pytest.mark.parametrize(
    ("offset", "time", "odd"),
    [
        ("+0800", "20261101120000", 0), ("+08:00", "20261101120000", 0), ("0800", "20261101120000", 0),
        ("+0000", "20261101040000", 1), ("-0300", "20261101010000", 1), ("", "20261101120000", 1),
        ("+9900", "20261101120000", 1), ("noon", "20261101120000", 1),
    ],
)  # fmt: skip
def test_the_time_is_local_at_its_offset_and_odd_offsets_are_counted(offset, time, odd):
    session, (frame,) = fed(slia(pos(pd(time=time, offset=offset))))
    assert frame.device_times == (NOON,)
    assert session.odd_offsets == odd


def test_yesterdays_place_keeps_yesterdays_time():
    _, (frame,) = fed(slia(pos(pd(time="20261031120000"))))
    assert frame.device_times == (NOON - 86400,)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (pd(time="20261101130000"), "future_time"), (pd(time="20261301120000"), "mlp_time"), (pd(time=""), "mlp_time"),
        ("<pd><shape/></pd>", "mlp_time"), (pd(shape=""), "mlp_shape"),
        (pd(CIRCLE.replace("240", "nan")), "mlp_shape"), (pd(CIRCLE.replace("240", "-5")), "mlp_shape"),
        (pd(CIRCLE.replace("240", "1e400")), "mlp_shape"),
        (pd(CIRCLE.replace("31 12 36.000N", "91")), "mlp_coordinates"),
        (pd(CIRCLE.replace("31 12 36.000N", "31 61 00N")), "mlp_coordinates"),
        (pd("<Point><coord><X>0</X><Y>0</Y></coord></Point>"), "mlp_coordinates"),
        (pd("<Point/>"), "mlp_shape"), ("<poserr/>", "mlp_result"),
        (poserr("x"), "mlp_result"), (poserr(0), "mlp_result"),
        (pd(CIRCLE.replace("<radius>", "<distanceUnit>furlong</distanceUnit><radius>")), "mlp_shape"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_under_its_reason(body, reason):
    assert refused(slia(pos(body))) == [reason]


@pytest.mark.parametrize("number", ["", "abc", "0000", "1" * 16, "１３８"])
def test_a_number_that_is_none_is_refused(number):
    assert refused(slia(pos(pd(), number))) == ["mlp_msid"]


@pytest.mark.parametrize(
    "written",
    [
        ("31.21", "121.5"), ("+31.21N", "121.5E"), ("031 12 36.0N", "121 30 0E"), ("31 12 36 n", "121 30 00 e"),
        ("121 30 00.000E", "31 12 36.000N"), ("31:12:36N", "121:30:00E"),
    ],
)  # fmt: skip
def test_coordinates_in_every_way_of_writing(written):
    shape = f"<Point><coord><X>{written[0]}</X><Y>{written[1]}</Y></coord></Point>"
    _, (frame,) = fed(slia(pos(pd(shape))))
    rows = decoded(frame)
    assert (rows.latitude[0], rows.longitude[0]) == pytest.approx((31.21, 121.5), abs=1e-9)
    assert math.isnan(rows.accuracy_m[0])


def test_south_and_west_are_negative():
    _, (frame,) = fed(slia(pos(pd("<Point><coord><X>31 12 36S</X><Y>121 30 00W</Y></coord></Point>"))))
    rows = decoded(frame)
    assert (rows.latitude[0], rows.longitude[0]) == pytest.approx((-31.21, -121.5))


def test_speed_course_height_and_cell_are_kept():
    more = (
        "<alt>12</alt><speed>10</speed><direction>270</direction><plmn><mcc>460</mcc><mnc>00</mnc></plmn>"
        "<cgi><mcc>460</mcc><mnc>0</mnc><lac>9360</lac><cellid>4321</cellid></cgi>"
    )
    rows = decoded(fed(slia(pos(pd(more=more))))[1][0])
    assert (rows.altitude_m[0], rows.speed_kmh[0], rows.course_deg[0]) == (12.0, 36.0, 270.0)
    assert [int(rows.cells.mcc[0]), int(rows.cells.lac[0]), int(rows.cells.cid[0])] == [460, 9360, 4321]


def test_the_datum_is_the_carriers():
    _, (frame,) = fed(slia(pos(pd())), reading="gcj02-opening")
    assert decoded(frame, "gcj02-opening").datum[0] == SourceDatum.GCJ02


@pytest.mark.parametrize("encoding", ["GB2312", "GBK", "UTF-8", "UTF-16", "us-ascii", "iso-8859-1"])
def test_every_declared_encoding_is_read_and_the_journal_has_utf_8(encoding):
    note = "<note>佛山</note>" if encoding[0] in "GU" else ""
    _, (frame,) = fed(slia(pos(pd() + note), encoding=encoding))
    assert frame.raw.startswith(b"<pos>")
    assert note.encode() in frame.raw
    assert decoded(frame).located[0]


def test_the_journaled_position_has_nothing_of_the_rest():
    answer = slia("<req_id>77</req_id>", pos(pd())).replace(b"<slia", b"<hdr><pwd>secret</pwd></hdr><slia")
    session, (frame,) = fed(answer)
    assert b"secret" not in frame.raw
    assert session.request == "77"


def prefixed(text, prefix="m"):
    """Every element of a text with a prefix."""
    return re.sub(r"<(/?)(?=\w)", rf"<\1{prefix}:", text)


DECLARED = '<svc_result xmlns:m="urn:x" xmlns:unused=\'urn:y\' xmlns:p=\'urn:"p"\' xmlns="urn:z"'


@pytest.mark.parametrize(
    "position",
    [
        prefixed(pos(pd())),
        pos(pd()).replace("<pd>", '<pd p:a="1">'),
        prefixed(pos(pd())).replace("<m:pd>", '<m:pd p:a="1">'),
        prefixed(pos(pd())).replace("<m:pos>", '<m:pos xmlns:m="urn:x" p:b="2">'),
        prefixed(pos(pd())).replace("<m:pd>", "<m:pd\nxmlns:m = 'urn:own'>"),
    ],
)
def test_a_position_takes_the_prefixes_along_that_the_document_around_it_declares(position):
    data = slia(position, pos(pd(), "13800000002")).replace(b"<svc_result", DECLARED.encode())
    _, (frame, plain) = fed(data)
    assert (frame.identity, decoded(frame).located[0]) == ("13800000001", True)
    assert b"unused" not in frame.raw
    assert plain.raw == pos(pd(), "13800000002").encode()
    assert fed(frame.raw)[1] == [frame]


def test_a_prefix_nobody_declares_is_refused():
    assert refused(slia(prefixed(pos(pd())))) == ["bad_xml"]


def test_a_whole_request_refused_says_so():
    session, events = fed(slia('<result resid="101">CONGESTION</result>'))
    assert (session.whole, events) == (101, [])
    gem = b'<svc_result><gem ver="3.2.0"><result resid="105"/></gem></svc_result>'
    assert fed(gem)[0].whole == 105


@pytest.mark.parametrize("service", ["slrep", "slirep"])
def test_reports_that_come_later_are_read_alike(service):
    session, (frame,) = fed(slia("<req_id>5</req_id>", pos(pd()), service=service))
    assert (session.request, frame.identity) == ("5", "13800000001")


def test_periodic_reports_are_read_alike():
    triggered = pos(pd()).replace("<pos>", '<trl_pos trl_trigger="PERIODIC">').replace("</pos>", "</trl_pos>")
    session, (frame,) = fed(slia("<req_id>9</req_id>", triggered, service="tlrep"))
    assert (session.request, decoded(frame).located[0]) == ("9", True)


def test_nothing_can_be_sent_to_a_phone():
    session = Session(Reading())
    with pytest.raises(OrderFault, match="asking its carrier"):
        session.order("13800000001", Order("locate"))
    assert session.tick(NOON) == []
    assert session.end_datagram(NOON) == []


@pytest.mark.parametrize("code", [4, 5, 6, 201])
def test_what_is_said_of_a_request_for_one_phone_is_said_of_the_phone(code):
    session, (frame,) = fed(slia(f'<result resid="{code}"/>'), asked=("13800000001",))
    assert session.results == {"13800000001": code}
    assert decoded(frame).flags[0] == (Flag.ABSENT if code == 5 else 0)
    assert fed(slia(f'<result resid="{code}"/>'), asked=("13800000001", "13800000002"))[1] == []


def test_of_a_number_that_was_not_asked_for_nothing_is_kept():
    _, (event,) = fed(slia(pos(pd(), "13800000009")), asked=("13800000001",))
    assert (event.reason, event.raw) == ("mlp_not_asked", b"")


def test_a_frame_is_kept_whole_or_not_at_all():
    assert FAMILY.keep(b"<pos/>", [True]) == b"<pos/>"
    assert FAMILY.keep(b"<pos/>", [False]) == b""


def test_decode_gives_an_account_of_an_answer():
    (account,) = FAMILY.describe([slia(pos(pd()), pos(poserr(5)))], READING)
    assert (account["message"], account["version"], account["device"]) == ("slia", "3.2.0", "13800000001")
    assert [report["flags"] for report in account["reports"]] == [[], ["absent"]]
    assert "absent_subscriber" in account["error"]
    (broken,) = FAMILY.describe([b"<slia>"], READING)
    assert broken["error"].startswith("bad_xml")


def test_frames_of_another_version_give_no_rows():
    assert len(FAMILY.decode(FrameBatch.of([b"<pos/>", b"\x00", pos(pd()).encode()], READING))) == 1
    assert len(FAMILY.decode(FrameBatch.of([pos(pd()).encode()], "another"))) == 0


@given(st.sampled_from(["wgs84", "gcj02"]), st.sampled_from(["opening", "end"]), st.floats(1.0, 10.0))
def test_a_readings_name_says_all_of_it(datum, stop_angle, widening):
    reading = Reading(datum, stop_angle, round(widening, 3))
    assert reading_of(reading.name) == reading


@pytest.mark.parametrize("name", ["", "wgs84", "wgs84-opening-x0.5", "wgs84-opening-x99", "bd09-end"])
def test_there_are_no_other_readings(name):
    with pytest.raises(KeyError):
        reading_of(name)
