"""Firmwares against ideal platforms through the bad network, in virtual time."""

import math

import pytest
from minutes import START, Minutes

from firmware_sim.firmware.device import Identity
from firmware_sim.firmware.families import FAMILIES, make_firmware
from firmware_sim.firmware.quirks import Quirks
from firmware_sim.firmware.uploads import Upload
from firmware_sim.network import FAIR, Network, Party, Weather, run
from firmware_sim.platform import PLATFORMS
from firmware_sim.schedule import Span

COUNT = 30
END = START + 86_400.0
STORM = Weather(delay_ms=300, jitter_ms=900, loss=0.15, duplication=0.1, reordering=0.1, splits=0.5, breaks=0.05)
PHONES = {"jt808": "1400000000", "jt808-2011": "1400000000", "gt06": "86812014523360", "r16h": "86812014523360"}


STORMS = [
    pytest.param(family, is_stream, upload, marks=pytest.mark.torture if (row + column + is_stream) % 2 else ())
    for row, family in enumerate(["jt808", "jt808-2011", "gt06"])
    for column, upload in enumerate(Upload)
    for is_stream in (True, False)
]
"""Each family with each way of uploading; over a stream and over datagrams by turns, and under torture over both."""


def party(family, number=0, *, is_stream=True, quirks=None, **more):
    identity = Identity(f"{PHONES[family]}{number}", f"B000{number}")
    firmware = make_firmware(family, identity, Minutes(COUNT), quirks=quirks or Quirks())
    return Party(firmware, f"B000{number}", PLATFORMS[family], is_stream=is_stream, **more)


def arrivals(parties, weather, seed=1, until=END):
    return list(run(parties, Network(weather, seed), seed, START, until))


@pytest.mark.parametrize(("family", "is_stream", "upload"), STORMS)
def test_everything_arrives_through_a_storm(family, is_stream, upload):
    sent = 0
    for seed in range(5):
        one = party(family, is_stream=is_stream, quirks=Quirks(upload=upload, seed=seed))
        arrivals([one], STORM, seed)
        firmware = one.firmware
        assert (firmware.store.made, len(firmware.store), firmware.acknowledged) == (COUNT, 0, COUNT)
        sent += firmware.sent
    assert sent > 5 * COUNT


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_same_seed_same_bytes(family):
    first, again, other = (arrivals([party(family, n) for n in range(3)], STORM, seed) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_weather_for_one_changes_nothing_for_another():
    dead = Weather(delay_ms=100, jitter_ms=300, splits=0.5, dead={"B0000": (Span(START + 300, START + 900),)})
    both = Weather(delay_ms=100, jitter_ms=300, splits=0.5)
    of_second = [
        [one for one in arrivals([party("jt808", 0), party("jt808", 1)], weather) if one.index == 1]
        for weather in (dead, both)
    ]
    assert of_second[0] == of_second[1] != []


def test_nothing_comes_out_of_a_dead_stretch_and_all_of_it_afterwards():
    span = Span(START + 300.0, START + 900.0)
    one = party("gt06")
    came = arrivals([one], Weather(delay_ms=200, dead={"B0000": (span,)}))
    assert not [arrival for arrival in came if arrival.moment in span]
    assert one.firmware.acknowledged == COUNT
    assert one.firmware.connects == 2


def test_a_silent_bracelet_is_as_one_in_a_dead_stretch():
    span = Span(START + 300.0, START + 900.0)
    silent = arrivals([party("jt808", silent=(span,))], FAIR)
    dead = arrivals([party("jt808")], Weather(dead={"B0000": (span,)}))
    assert silent == dead


@pytest.mark.parametrize("herd", [0.0, 40.0])
def test_after_an_outage_all_come_back_at_once(herd):
    outage = Span(START + 300.0, START + 900.0)
    parties = [party(family, number) for number, family in enumerate(["jt808", "jt808-2011", "gt06", "r16h"] * 2)]
    came = arrivals(parties, Weather(outages=(outage,), herd_seconds=herd))
    back = [min(one.moment for one in came if one.index == index and one.moment >= 900.0 + START) for index in range(8)]
    assert not [one for one in came if one.moment in outage]
    assert outage.until <= min(back)
    assert max(back) <= outage.until + herd
    assert len(set(back)) == (8 if herd else 1)


def test_without_answers_what_was_on_the_way_at_a_break_is_lost_for_good():
    """R16H: it counts as delivered what it has written."""
    lost = 0
    for seed in range(10):
        one = party("r16h")
        came = arrivals([one], Weather(delay_ms=500, breaks=0.2), seed)
        assert one.firmware.acknowledged == COUNT
        lost += COUNT - b"".join(arrival.data for arrival in came).count(b"@GPSD")
    assert lost > 0


def test_a_wrong_length_and_a_reboot_in_a_storm():
    quirks = Quirks(wrong_length_every=4, reboots=(START + 600.0,), duplicate_every=5, upload=Upload.NEWEST_FIRST)
    for family in ("jt808", "gt06"):
        one = party(family, quirks=quirks)
        arrivals([one], STORM, 3)
        firmware = one.firmware
        assert (len(firmware.store), firmware.acknowledged + firmware.store.lost) == (0, COUNT)


def test_the_run_ends_with_its_time():
    came = arrivals([party("jt808")], FAIR, until=START + 150.0)
    assert max(one.moment for one in came) < START + 150.0
    assert math.isfinite(came[-1].moment)
