"""What is refused before anything is connected, and what the machine must give."""

import resource

import pytest

from firmware_sim.firmware.wire import Edition
from firmware_sim.load import Editions, LoadFault, Options
from firmware_sim.load.engine import Load
from firmware_sim.load.machine import OTHER_DESCRIPTORS, PORTS_PER_SOURCE, loopback, soft_limit_for, sources


@pytest.mark.parametrize("host", ["192.0.2.1", "10.0.0.7", "0.0.0.0", "::", "2001:db8::1"])  # noqa: S104
def test_another_machine_is_refused(host):
    with pytest.raises(LoadFault, match="not this machine"):
        Load(Options(port=7611, host=host))


def test_names_are_not_looked_up():
    with pytest.raises(LoadFault, match="neither an address nor localhost"):
        loopback("gateway.example")


@pytest.mark.parametrize(
    ("host", "address"),
    [("127.0.0.1", "127.0.0.1"), ("127.8.9.10", "127.8.9.10"), ("localhost", "127.0.0.1"), ("::1", "::1")],
)
def test_this_machine_is_taken(host, address):
    assert loopback(host) == address


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({"connections": 0}, "at least 1"),
        ({"rate": 0.0}, "rate is 0"),
        ({"seconds": -1.0}, "seconds is -1"),
        ({"ramp": -1.0}, "must not be negative"),
        ({"patience": float("nan")}, "patience is nan"),
        ({"first": "1390000000x"}, "1 to 12 digits"),
        ({"first": "9" * 5000}, "1 to 12 digits"),
        ({"first": "999999999999", "connections": 2}, "13 digits: at most 12"),
    ],
)
def test_what_cannot_be_is_refused(wrong, text):
    with pytest.raises(LoadFault, match=text):
        Options(port=7611, **wrong)


def test_mixed_editions_come_in_turn():
    options = Options(port=7611, editions=Editions.MIXED)
    assert [options.edition(number) for number in range(3)] == [Edition.Y2013, Edition.Y2019, Edition.Y2013]
    assert Options(port=7611, editions=Editions.Y2019).edition(0) is Edition.Y2019


def test_sources_are_spread_when_the_ports_of_one_do_not_suffice():
    assert sources("127.0.0.1", PORTS_PER_SOURCE) == [None]
    assert sources("127.0.0.1", PORTS_PER_SOURCE + 1) == ["127.0.0.1", "127.0.0.2"]
    with pytest.raises(LoadFault, match="only 25000"):
        sources("::1", PORTS_PER_SOURCE + 1)


@pytest.mark.parametrize(
    ("soft", "hard", "expected"),
    [
        (1024, 1 << 20, 5000 + OTHER_DESCRIPTORS),
        (20_000, 20_000, 20_000),
        (1024, resource.RLIM_INFINITY, 5000 + OTHER_DESCRIPTORS),
        (resource.RLIM_INFINITY, resource.RLIM_INFINITY, resource.RLIM_INFINITY),
    ],
)
def test_the_soft_limit_is_raised_when_it_must(soft, hard, expected):
    assert soft_limit_for(5000, soft, hard) == expected


def test_a_hard_limit_below_is_told_with_what_to_do():
    with pytest.raises(LoadFault, match=r"need 5064 descriptors, .* limit here is 4096: .*ulimit -Hn 5064.* 4032 conn"):
        soft_limit_for(5000, 1024, 4096)
