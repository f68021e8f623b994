"""What a JT/T 808 bracelet does with orders. Bodies are written out from the standard's tables, chapter 8."""

import struct

import pytest
from plan import START, Plan, blind, measured

from firmware_sim.firmware.bracelet import Bracelet
from firmware_sim.firmware.device import Identity, Timing
from firmware_sim.firmware.dialects import JT808_2011, JT808_2013, JT808_2019
from firmware_sim.firmware.messages import Message, location_body
from firmware_sim.firmware.wire import Edition, FrameReader, build_frame
from firmware_sim.platform import IdealPlatform
from firmware_sim.sensors import Sensors
from firmware_sim.story import build

DIALECTS = [JT808_2011, JT808_2013, JT808_2019]
PHONE = "14000000001"
NOW = START + 100.5
CENTRE = "017374F0 06861500"  # 24.343792, 109.450496
LEAVING, ENTERING = 0x0020, 0x0008


def ordered(dialect=JT808_2013, source=None):
    """A bracelet that is logged in and has made its first report; its platform; a function that orders something."""
    source = source or Plan([measured()])
    edition = dialect.header
    device = Bracelet(Identity(PHONE, "B0001", edition), source, Timing(), dialect=dialect)
    platform = IdealPlatform()
    frames = device.connected(START)
    while frames:
        frames = device.receive(platform.feed(b"".join(frames)), START)
    device.tick(START)

    def order(message, body="", now=NOW):
        data = build_frame(message, PHONE, 9, body if isinstance(body, bytes) else bytes.fromhex(body), edition)
        (answer,) = FrameReader().feed(b"".join(device.receive(data, now)))
        return answer

    return device, source, order


def general(message, result=0):
    return (Message.TERMINAL_ANSWER, struct.pack(">HHB", 9, message, result))


def told(answer):
    return (answer.message, answer.body)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_locate_now(dialect):
    device, source, order = ordered(dialect)
    fresh = location_body(source.measure(NOW))
    assert told(order(0x8201)) == (Message.LOCATION_ANSWER, b"\x00\x09" + fresh)
    assert fresh[22:28].hex() == "261102000140"
    assert len(device.store) == 1


def test_an_answer_to_an_order_waits_for_none_itself():
    device, _, order = ordered()
    before = device.due()
    order(0x8201)
    order(0x8104)
    order(0x8204)
    assert device.due() == before


@pytest.mark.parametrize(("dialect", "counts"), [(JT808_2011, "01 01"), (JT808_2013, "01"), (JT808_2019, "01")])
def test_set_interval(dialect, counts):
    _, source, order = ordered(dialect)
    assert told(order(0x8103, f"{counts} 00000029 04 0000001E")) == general(0x8103)
    assert source.told == [("interval", 30.0, NOW)]
    source.told.clear()
    order(0x8103, f"{counts} 00000028 04 0000000F")
    assert source.told == [("close", 15.0, NOW)]


def test_an_interval_really_changes_the_source():
    story = build("demo", seed=1, days=1, devices=13)
    source = Sensors(story, 5)
    source.make()
    made = source.due() - 300.0
    source.set_interval(30.0, made + 10.5)
    moments = [source.make().moment for _ in range(4)]
    assert moments == [made + 30.0 * number for number in (1, 2, 3, 4)]
    source.set_interval(600.0, moments[-1] + 1.0)
    source.track(5.0, moments[-1] + 12.0, moments[-1] + 1.0)
    assert [source.make().moment - moments[-1] for _ in range(3)] == [5.0, 10.0, 15.0]
    assert source.due() == moments[-1] + 615.0
    source.hurry(urgent=True)
    assert source.due() == moments[-1] + 75.0
    source.set_close_interval(15.0, moments[-1] + 16.0)
    assert source.due() == moments[-1] + 30.0


def test_a_measurement_beside_the_plan_leaves_the_plan_alone():
    story = build("demo", seed=1, days=1, devices=13)
    source = Sensors(story, 5)
    first = source.make().moment
    due = source.due()
    assert [source.measure(now).moment for now in (first - 50.0, first + 10.7, due + 99.0)] == [
        first, first + 10.0, due,
    ]  # fmt: skip
    assert source.make().moment == due


@pytest.mark.parametrize(("dialect", "count"), [(JT808_2011, "0303"), (JT808_2013, "03"), (JT808_2019, "03")])
def test_parameters_are_told(dialect, count):
    _, _, order = ordered(dialect)
    values = "00000001 04 00000258 00000028 04 0000003C 00000029 04 0000012C"
    assert told(order(0x8104)) == (Message.PARAMETERS, bytes.fromhex(f"0009 {count} {values}"))


def test_some_parameters_are_told_and_unknown_ones_left_out():
    _, _, order = ordered()
    order(0x8103, "02 00000029 04 0000001E 00000013 03 612E62")
    wanted = "03 00000013 00000029 00000077"
    assert order(0x8106, wanted).body.hex() == "000902" + "0000001303612e62" + "00000029040000001e"


def test_a_new_heartbeat_interval():
    device, _, order = ordered(JT808_2019, Plan([]))
    order(0x8103, "01 00000001 04 0000003C")
    assert device.due() == START + 600.0
    device.tick(START + 600.0)
    assert device.due() == START + 600.0 + 30.0  # the heartbeat's own repeat
    device.receive(IdealPlatform().feed(b"".join(device.tick(START + 630.0))), START + 630.0)
    assert device.due() == START + 660.0


@pytest.mark.parametrize(("dialect", "body"), [(JT808_2011, "0C C7EBBBD8BCD2 00"), (JT808_2019, "0C 02 C7EBBBD8BCD2")])
def test_text_is_shown(dialect, body):
    device, _, order = ordered(dialect)
    assert told(order(0x8300, body)) == general(0x8300)
    assert device.orders.texts == ["请回家"]


def test_tracking_for_a_while_and_its_end():
    _, source, order = ordered()
    assert told(order(0x8202, "000A 0000003C")) == general(0x8202)
    order(0x8202, "0000")
    assert source.told == [("track", 10.0, NOW + 60.0, NOW), ("track", 0.0, NOW, NOW)]


@pytest.mark.parametrize(
    ("message", "body", "result"),
    [(0x8204, "", 0), (0x8105, "04", 3), (0x8606, "", 3), (0x8103, "02 00000029 04 0000001E", 2), (0x8600, "0001", 2)],
)
def test_others_are_answered(message, body, result):
    _, _, order = ordered()
    assert told(order(message, body)) == general(message, result)


def circle(attribute, radius, number=1):
    return f"{number:08X} {attribute:04X} {CENTRE} {radius:08X}"


@pytest.mark.parametrize(("dialect", "head", "tail"), [
    (JT808_2011, "01 01 01", ""), (JT808_2013, "01 01", ""), (JT808_2019, "01 01", "0002 BCD2"),
])  # fmt: skip
def test_outside_a_fence_the_source_hurries(dialect, head, tail):
    inside, outside = (24.343792, 109.4505), (24.353792, 109.4505)
    places = [measured(START + n, latitude=y, longitude=x) for n, (y, x) in enumerate((inside, outside, inside), 1)]
    device, source, order = ordered(dialect, Plan([measured(), *places, blind(START + 4)]))
    assert told(order(0x8600, f"{head} {circle(LEAVING | ENTERING, 1000)} {tail}")) == general(0x8600)
    device.tick(START + 4.0)
    assert source.told == [("hurry", False), ("hurry", True), ("hurry", False)]
    assert told(order(0x8601, "01 00000001")) == general(0x8601)
    assert len(device.orders.fences) == 0


def test_in_a_barred_polygon_of_the_south_west_it_hurries():
    device, source, order = ordered(source=Plan([measured(), measured(START + 1, latitude=-24.5, longitude=-109.5)]))
    corners = ((24, 109), (25, 109), (25, 110), (24, 110))
    body = struct.pack(">IHH", 7, ENTERING | 0x00C0, 4)
    body += b"".join(struct.pack(">II", y * 10**6, x * 10**6) for y, x in corners)
    assert told(order(0x8604, body)) == general(0x8604)
    device.tick(START + 1.0)
    assert source.told == [("hurry", True)]


def test_a_setting_that_replaces_takes_the_place_of_its_kind_alone():
    device, _, order = ordered()
    order(0x8600, f"01 02 {circle(LEAVING, 10, 1)} {circle(LEAVING, 10, 2)}")
    order(0x8602, f"01 01 00000005 0020 {CENTRE} {CENTRE}")
    order(0x8600, f"00 01 {circle(LEAVING, 10, 3)}")
    assert set(device.orders.fences.kept) == {("circle", 3), ("rectangle", 5)}
    order(0x8603, "00")
    assert set(device.orders.fences.kept) == {("circle", 3)}


def test_a_terminal_of_2011():
    """Registration of 25 bytes and an empty string, a code that ends with a zero, no 0704, heartbeats always."""
    device = Bracelet(Identity(PHONE, "B0001"), Plan([measured(START + n) for n in range(3)]), Timing(),
                      dialect=JT808_2011)  # fmt: skip
    platform = IdealPlatform()
    device.tick(START + 2)
    frames = device.connected(START + 2)
    while frames:
        frames = device.receive(platform.feed(b"".join(frames)), START + 2)
    seen = [(frame.message, frame.body) for frame in platform.received]
    assert [message for message, _ in seen] == [0x0100, 0x0102, 0x0200, 0x0200, 0x0200]
    assert seen[0][1] == bytes.fromhex("002D00C8") + b"GOOME" + b"G10LS   " + b"B0001\0\0" + b"\0\0"
    assert seen[1][1] == b"made-up\0"
    assert {frame.edition for frame in platform.received} == {Edition.Y2013}
    assert device.due() == START + 2 + 600.0
