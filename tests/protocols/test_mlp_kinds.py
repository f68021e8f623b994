"""Every shape, service, result and reading of a location server, without a captured answer."""

import pytest
from mlp_answers import NOON, pd, pos, poserr, slia

from protocols.mlp import FAMILY
from protocols.mlp.answer import SERVICES
from protocols.mlp.reading import DATUMS, STOP_ANGLES, reading_of
from protocols.mlp.results import _TABLE, OK, UNKNOWN, Advice, result_of
from protocols.mlp.session import Session
from protocols.mlp.shapes import _READERS
from protocols.report import SourceDatum
from protocols.session import FrameBatch

HERE = "<coord><X>31.21</X><Y>121.5</Y></coord>"


def corners(*places):
    return "".join(f"<coord><X>{x}</X><Y>{y}</Y></coord>" for x, y in places)


SHAPES = {
    "point": f"<Point>{HERE}</Point>",
    "circulararea": f"<CircularArea>{HERE}<radius>240</radius></CircularArea>",
    "ellipticalarea": f"<EllipticalArea>{HERE}<angle>30</angle><semiMajor>300</semiMajor><semiMinor>90</semiMinor>"
    "</EllipticalArea>",
    "circulararcarea": f"<CircularArcArea>{HERE}<inRadius>0</inRadius><outRadius>500</outRadius>"
    "<startAngle>0</startAngle><stopAngle>360</stopAngle></CircularArcArea>",
    "polygon": "<Polygon><outerBoundaryIs><LinearRing>"
    + corners((31.2, 121.49), (31.2, 121.51), (31.22, 121.51), (31.22, 121.49))
    + "</LinearRing></outerBoundaryIs></Polygon>",
    "box": f"<Box>{corners((31.2, 121.49), (31.22, 121.51))}</Box>",
}
"""Each about the same middle."""
ADVICE = {
    Advice.BACK_OFF: {1, 2, 7, 101, 203, 207},
    Advice.STOP: {3, 202, 204},
    Advice.CONFIGURE: {4},
    Advice.ABSENT: {5},
    Advice.WEAKER: {6, 201},
    Advice.OURS: {103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113},
}


def taken(data, reading="wgs84-opening"):
    session = Session(reading_of(reading))
    return session, session.feed(data, NOON)


def test_every_shape_and_result_stands_here():
    assert set(SHAPES) == set(_READERS)
    assert {code for codes in ADVICE.values() for code in codes} == set(_TABLE) - {OK}
    assert {*ADVICE, Advice.DONE} == set(Advice)


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_is_its_middle_and_as_wide_as_it_is(name):
    _, (frame,) = taken(slia(pos(pd(SHAPES[name]))))
    rows = FAMILY.decode(FrameBatch.of([frame.raw], "wgs84-opening"))
    assert (rows.latitude[0], rows.longitude[0]) == pytest.approx((31.21, 121.5), abs=1e-4)
    assert rows.time.tolist() == list(frame.device_times) == [NOON]
    assert bool(rows.accuracy_m[0] > 0) is (name != "point")


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_carries_positions(service):
    session, (frame,) = taken(slia("<req_id>7</req_id>", pos(pd()), service=service))
    assert (session.request, frame.identity, session.results) == ("7", "13800000001", {"13800000001": OK})


@pytest.mark.parametrize("holder", ["pos", "trl_pos", "eme_pos"])
def test_every_kind_of_position_is_one_and_stands_by_itself(holder):
    text = pos(pd()).replace("<pos>", f"<{holder}>").replace("</pos>", f"</{holder}>")
    _, (frame,) = taken(slia(text))
    assert taken(frame.raw)[1][0].raw == frame.raw


@pytest.mark.parametrize(("advice", "code"), [(advice, code) for advice, codes in ADVICE.items() for code in codes])
def test_every_result_is_kept_of_its_phone_and_says_what_to_do(advice, code):
    session, (frame,) = taken(slia(pos(poserr(code))))
    assert (frame.message, session.results, frame.device_times) == (code, {"13800000001": code}, ())
    assert result_of(code).advice is advice
    assert result_of(code).name.isidentifier()


def test_a_carriers_own_result_is_its_own_trouble():
    assert result_of(500) is result_of(9999) is UNKNOWN


@pytest.mark.parametrize("datum", DATUMS)
@pytest.mark.parametrize("angle", STOP_ANGLES)
def test_every_reading_says_its_datum(datum, angle):
    name = f"{datum}-{angle}"
    _, (frame,) = taken(slia(pos(pd())), name)
    assert SourceDatum(int(FAMILY.decode(FrameBatch.of([frame.raw], name)).datum[0])).name.lower() == datum
    assert name in FAMILY.profiles
