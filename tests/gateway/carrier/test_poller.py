"""The asking against a stand-in for a carrier: what gets into intake, what is refused, and when nobody is asked."""

import asyncio
import time
from contextlib import suppress
from dataclasses import replace

import pytest
from met import counted
from timeline import FOREVER, HOME, alarm_policies, at, authority, county, degrees, person

from firmware_sim.carrier.faults import Fault
from firmware_sim.carrier.server import PATH, LocationServer
from firmware_sim.carrier.subscriber import SHAPES, Subscriber
from gateway.carrier.carriers import Carriers
from gateway.carrier.poller import CarrierPoller
from gateway.clock import ScaledClock
from gateway.engine.records import Command, End
from gateway.errors import UserFault
from gateway.in_force import InForce
from gateway.intake.directory import Directory
from gateway.intake.intake import Intake
from gateway.intake.refusals import Refusals
from gateway.journal.entries import EntryKind
from gateway.settings.model import (
    Assignment,
    Authority,
    AuthorityKind,
    Carrier,
    Credential,
    Device,
)
from protocols.mlp import FAMILY
from protocols.mlp.results import Advice
from protocols.mlp.session import Session
from protocols.session import FrameBatch

SPEED = 3600.0
"""Simulated seconds a second: an hour."""
PATIENCE = 120.0


def number(index):
    return f"138000000{index:02d}"


def phone_check(who):
    return Authority(who, AuthorityKind.PHONE_CHECK, None, "notice 7", "head A", at(-31, 0), at(-30, 0), at(55, 0))


def configuration(phones, url="", **carrier):
    given = {
        "name": "mobile", "url": url, "dialect": "mlp", "profile": "wgs84-opening",
        "credential": Credential("county", "secret"),
        "intervals": {"strict": 600.0, "general": 3600.0, "lenient": 7200.0}, "per_minute": 6000, "per_day": 1_000_000,
        "at_once": 4, "timeout_seconds": 120.0, "accuracy_m": 200, "prefix": "86",
    }  # fmt: skip
    keys = [f"F{n:04d}" for n in range(1, phones + 1)]
    people = {f"P{n:04d}": person(f"P{n:04d}", HOME) for n in range(1, phones + 1)}
    return county(
        people=people, rules=(), alarms=alarm_policies(),
        devices={key: Device(key, "mlp", number(n), "", carrier="mobile") for n, key in enumerate(keys, 1)},
        assignments=tuple(Assignment(f"F{n:04d}", f"P{n:04d}", at(-30, 0), FOREVER) for n in range(1, phones + 1)),
        authorities=tuple(phone_check(who) for who in people),
        carriers=(Carrier(**(given | carrier)),),
    )  # fmt: skip


def subscriber(index, **changes):
    return replace(Subscriber("86" + number(index), ((at(0, 0), *degrees(HOME)),)), **changes)


class Exchange:
    """A location server, the poller that asks it, and what it brought."""

    def __init__(self, phones=2, subscribers=None, change=None, **carrier):
        self.clock = ScaledClock(at(0, 12), time.time(), SPEED)
        listed = subscribers or [subscriber(n) for n in range(1, phones + 1)]
        self.server = LocationServer({one.number: one for one in listed}, self.clock.now, slow_seconds=0.5)
        self.phones, self.change, self.carrier = phones, change, carrier
        self.ended = []
        self.taken = []

    async def begin(self):
        port = await self.server.start()
        self.carrier.setdefault("url", f"http://127.0.0.1:{port}{PATH}")
        made = configuration(self.phones, **self.carrier)
        made = self.change(made) if self.change else made
        self.intake = Intake(Directory(made, b"s" * 32), self.clock, Refusals())
        self.carriers = Carriers(
            InForce(made), self.intake, lambda: None, self.clock, lambda *given: self.ended.append(given)
        )

    def entries(self):
        while self.intake.is_waiting:
            gathered = self.intake.next_batch().entries
            self.taken += zip(gathered.kinds, gathered.origins, gathered.payloads, strict=True)
        return self.taken

    def frames(self):
        return [(origin, raw) for kind, origin, raw in self.entries() if kind == EntryKind.FRAME]

    @property
    def poller(self):
        return self.carriers.pollers["mobile"]

    def tell(self, until, during=None):
        """Ask until something is true; the server and the poller end with it."""

        async def story():
            await self.begin()
            asking = asyncio.create_task(self.carriers.run())
            try:
                if during is not None:
                    during(self)
                deadline = time.monotonic() + PATIENCE
                while not until(self):
                    assert time.monotonic() < deadline, self.intake.counts
                    assert not asking.done(), asking
                    await asyncio.sleep(0.01)
            finally:
                asking.cancel()
                with suppress(asyncio.CancelledError):
                    await asking
                await self.server.stop()

        asyncio.run(story())
        return self


def located(exchange):
    frames = [raw for _, raw in exchange.frames()]
    return FAMILY.decode(FrameBatch.of(frames, "wgs84-opening"))


@pytest.mark.parametrize("dialect", ["mlp", "le"])
def test_every_phone_is_asked_and_its_place_journaled_without_any_password(dialect):
    one = Exchange(3, dialect=dialect).tell(lambda one: len(one.frames()) >= 9)
    assert {origin.device for origin, _ in one.frames()} == {"F0001", "F0002", "F0003"}
    assert {(origin.listener, origin.protocol, origin.profile) for origin, _ in one.frames()} == {
        ("mobile", "mlp", "wgs84-opening")
    }
    assert all(b"secret" not in raw for _, _, raw in one.entries())
    rows = located(one)
    assert rows.located.all()
    assert rows.latitude == pytest.approx(degrees(HOME)[0], abs=1e-5)
    assert sum(kind == EntryKind.OPENED for kind, _, _ in one.entries()) == 3
    assert one.poller.figures()["answers"]["done"] >= 9


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_of_the_stand_in_is_read_where_it_is(shape):
    one = Exchange(1, [subscriber(1, shape=shape)]).tell(lambda one: one.frames())
    rows = located(one)
    assert (rows.latitude[0], rows.longitude[0]) == pytest.approx(degrees(HOME), abs=2e-4)
    assert (rows.accuracy_m[0] > 50.0) == (shape != "point")


def test_outside_its_authority_a_phone_is_not_even_asked():
    def only_first(made):
        bracelet = authority("P0002", at(-30, 0), at(55, 0))
        return replace(made, authorities=(phone_check("P0001"), bracelet))

    one = Exchange(2, change=only_first).tell(lambda one: len(one.frames()) >= 5)
    assert {asked for _, asked in one.server.asked} == {"86" + number(1)}


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault.CONGESTION, "carrier_trouble"), (Fault.HTTP_ERROR, "carrier_unreachable"),
        (Fault.GARBAGE, "mlp_encoding"),
        (Fault.BOMB, "mlp_entity"), (Fault.CUT, "bad_xml"), (Fault.HUGE, "mlp_too_large"),
        (Fault.WRONG_NUMBER, "mlp_not_asked"),
    ],
)  # fmt: skip
def test_each_trouble_is_counted_and_asking_goes_on(fault, reason):
    one = Exchange(2)
    one.server.faults.waiting.append(fault)
    one.tell(lambda one: len(one.frames()) >= 3)
    assert one.intake.counts[reason] == 1
    assert located(one).located.all()
    assert "13999999999" not in repr(one.intake.refusals.last)


def test_an_answer_that_we_fail_at_is_one_phones_turn_and_ends_nothing(monkeypatch):
    feed, failed = Session.feed, []

    def fails_once(self, *given):
        if not failed:
            failed.append(self)
            raise RecursionError
        return feed(self, *given)

    monkeypatch.setattr(Session, "feed", fails_once)
    one = Exchange(2).tell(lambda one: len(one.frames()) >= 3)
    assert one.intake.counts["carrier_trouble"] == 1


def test_a_slow_answer_is_given_up_and_asked_for_again():
    one = Exchange(1, timeout_seconds=0.2)
    one.server.faults.waiting.append(Fault.SLOW)
    one.tell(lambda one: one.frames())
    assert one.intake.counts["carrier_unreachable"] >= 1


def test_a_stale_answer_keeps_its_own_time():
    one = Exchange(1)
    one.server.faults.waiting.append(Fault.STALE)
    one.tell(lambda one: one.frames())
    assert located(one).time[0] < at(0, 12)


def test_a_carrier_that_forbids_is_asked_no_more():
    one = Exchange(4, credential=Credential("county", "wrong"))
    one.tell(lambda one: one.poller.schedule.halted)
    requests = one.server.counts["not_authorised"]
    assert "contract" in one.poller.figures()["halted"]
    assert requests <= 4
    assert one.frames() == []


def test_a_number_the_carrier_does_not_know_is_asked_once_and_shown():
    one = Exchange(2, [subscriber(1)]).tell(lambda one: len(one.server.asked) >= 8)
    assert [asked for _, asked in one.server.asked].count("86" + number(2)) == 1
    assert one.poller.figures()["stopped"] == {"F0002": "configure"}


def test_a_server_that_is_not_there_is_counted_and_waited_for():
    one = Exchange(1, url="http://127.0.0.1:9/none")
    one.tell(lambda one: one.intake.counts["carrier_unreachable"] >= 3)
    assert one.poller.schedule.paused_until > at(0, 12)


def test_while_the_store_fails_nobody_is_asked(monkeypatch):
    one, turns = Exchange(2), counted(monkeypatch, CarrierPoller, "_turn")
    one.tell(lambda _one: turns["_turn"] >= 4, during=lambda one: one.carriers.set_reading(reading=False))
    assert one.server.asked == []


def command(device, name="0123456789ab"):
    return Command(name, device, "locate", "D01", at(1, 0))


def test_a_demanded_locating_goes_first_and_is_told_how_it_ended():
    one = Exchange(2, intervals={"strict": 86400.0})
    one.tell(lambda one: one.ended, during=lambda one: one.carriers.undertake(command("F0002")))
    assert one.ended == [("0123456789ab", End.DONE, "done")]
    assert one.server.asked[0][1] == "86" + number(2)


def test_a_demanded_locating_outlives_a_busy_carrier():
    one = Exchange(1, intervals={"strict": 86400.0})
    one.server.faults.waiting += [Fault.CONGESTION, Fault.HTTP_ERROR]
    one.tell(lambda one: one.ended, during=lambda one: one.carriers.undertake(command("F0001")))
    assert one.ended == [("0123456789ab", End.DONE, "done")]
    assert len(one.server.asked) == 3


def test_an_absent_phone_ends_the_order_as_failed():
    one = Exchange(1, [subscriber(1, absent=((0.0, FOREVER),))])
    one.tell(lambda one: one.ended, during=lambda one: one.carriers.undertake(command("F0001")))
    assert one.ended == [("0123456789ab", End.FAILED, "absent")]
    assert not located(one).located.any()


def test_without_an_authority_an_order_is_refused():
    one = Exchange(1, change=lambda made: replace(made, authorities=()))
    one.tell(lambda one: one.ended, during=lambda one: one.carriers.undertake(command("F0001")))
    assert one.ended[0][1] is End.REFUSED
    assert one.server.asked == []


def test_a_dropped_order_is_not_asked_for(monkeypatch):
    def take_and_drop(one):
        one.carriers.undertake(command("F0001"))
        one.carriers.drop(command("F0001"))

    one, turns = Exchange(1, intervals={"strict": 7 * 86400.0}), counted(monkeypatch, CarrierPoller, "_turn")
    one.tell(lambda _one: turns["_turn"] >= 2, during=take_and_drop)
    assert (one.server.asked, one.ended) == ([], [])


def test_certificates_that_are_not_there_are_the_users_fault():
    made = configuration(1, authorities_file="/nowhere/ca.pem")
    intake = Intake(Directory(made, b"s" * 32), ScaledClock(at(0, 12), 0.0, 1.0), Refusals())
    with pytest.raises(UserFault, match=r"ca\.pem"):
        Carriers(InForce(made), intake, lambda: None, ScaledClock(at(0, 12), 0.0, 1.0), lambda *_: None)


def test_a_pause_is_no_longer_and_no_shorter_because_the_wall_clock_is_set():
    class Set:
        time, set_by = at(0, 12), 0.0

        def now(self):
            return self.time + self.set_by

        def monotonic(self):
            return self.time

        def real_seconds(self, seconds):
            return seconds

    clock, made = Set(), configuration(1)
    intake = Intake(Directory(made, b"s" * 32), clock, Refusals())
    poller = Carriers(InForce(made), intake, lambda: None, clock, lambda *_: None).pollers["mobile"]
    poller.schedule.answered(next(iter(poller.subjects.devices)), intake.steady(), Advice.BACK_OFF)
    waits = poller.figures()["waits"]
    assert waits > 0.0
    for seconds in (3600.0, -3600.0):
        clock.set_by += seconds
        assert poller.figures()["waits"] == waits
    clock.time += 60.0
    assert poller.figures()["waits"] == 0.0
