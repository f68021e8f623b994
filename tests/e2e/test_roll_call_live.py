"""Sixty simulated bracelets are called by the running daemon, in virtual time: all have answered in three minutes."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import pytest
from gateway_process import Gateway, eventually
from pressed_county import County
from programs import SIMULATOR, begun, ran

from gateway.clock import FollowedClock
from gateway.control.client import ask
from gateway.control.messages import Request
from gateway.demo.broker import free_port
from gateway.journal.entries import EntryKind
from gateway.rollcall.selection import Selection

SPEED, PEOPLE = 5_000.0, 60
TOLD = 900.0
"""Real seconds it may take at most."""
EPOCH = datetime(2026, 11, 2, 1, tzinfo=UTC).timestamp()
"""9:00 there."""
CALLED = EPOCH + 1800.0
MINUTES = 3 * 60.0
STRIDE, LOOKS = 4.0, 8
"""Seconds of the clock that go by at a time, and how often the gateway is asked in each."""
PATIENCE = 60.0
"""Real seconds for answers that are on their way when the clock stands."""
SCENARIO = """\
why: People on an ordinary day, who are called.
devices: 60
people: {curfew: 1.0}
firmware: {formats: {jt808-2013: 1, jt808-2019: 1}, links: {tcp: 1}}
"""


def asked(gateway: Gateway, do: str, by: str = "D01", **said: object) -> dict:
    reply = ask(gateway.county.storage, Request(do, by=by, **said))
    assert reply.ok, reply.error
    return reply.data


def is_signed(gateway: Gateway, call: str) -> bool:
    """The lists as they are seen are signed; False where they have changed since."""
    digest = asked(gateway, "roll_calls", id=call)["call"]["lists_digest"]
    return ask(gateway.county.storage, Request("roll_call_sign", by="D01", id=call, digest=digest)).ok


@pytest.fixture
def called(tmp_path):
    """A gateway with sixty bracelets that have reported for half an hour, and the clock that stands then."""
    scenario = tmp_path / "called.yaml"
    scenario.write_text(SCENARIO, encoding="utf-8")
    port, clock_file = free_port(1), tmp_path / "clock"
    moment = datetime.fromtimestamp(EPOCH, UTC).isoformat()
    told = ["--scenario", str(scenario), "--days", "1", "--epoch", moment, "--port", str(port)]
    county = County(tmp_path / "county", port, PEOPLE)
    where = ["--storage", str(county.storage), "--mqtt", "mqtt://127.0.0.1:1"]
    ran([SIMULATOR, "county", county.directory, *told, *where], TOLD, check=True)
    clock = FollowedClock.begin(clock_file, EPOCH, SPEED)
    clock.hold(CALLED)
    gateway = Gateway(county, clock=clock.name)
    gateway.start()
    bracelets = begun([SIMULATOR, "run", *told, "--clock-file", str(clock_file), "--speed", str(SPEED)])
    try:
        eventually(lambda: clock.now() >= CALLED, "half an hour has gone by", TOLD)
        yield gateway, clock
    finally:
        clock.hold(math.inf)
        bracelets.kill()
        bracelets.communicate()
        gateway.finish()


def _three_minutes_go_by(gateway: Gateway, clock: FollowedClock, call: str) -> None:
    """A few seconds of the clock at a time, each for so long that what is on its way on the machine arrives in it.

    The clock stands at three minutes until all have answered; what comes later would come never.
    """
    passed = 0.0
    while passed < MINUTES and not _is_complete(gateway, call):
        passed += STRIDE
        clock.hold(CALLED + passed)
        eventually(lambda until=CALLED + passed: clock.now() >= until, "the clock goes on", TOLD)
        for _ in range(LOOKS):
            if _is_complete(gateway, call):
                return
    eventually(lambda: _is_complete(gateway, call), "all answer", PATIENCE)


def _is_complete(gateway: Gateway, call: str) -> bool:
    return asked(gateway, "roll_calls", id=call)["call"]["state"] == "complete"


def test_sixty_bracelets_have_answered_within_three_minutes(called):
    gateway, clock = called
    looked = asked(gateway, "roll_call_look", selection=Selection())
    assert (looked["orders"], looked["of_all"]) == (PEOPLE, True)
    waits = asked(gateway, "roll_call", id=looked["offer"], why="a check of all")
    done = asked(gateway, "roll_call_confirm", "L01", id=waits["id"])
    assert done["orders"] == PEOPLE
    again = asked(gateway, "roll_call_look", "D02", selection=Selection())
    twice = ask(gateway.county.storage, Request("roll_call", by="D02", id=again["offer"], why="me too", language="en"))
    assert twice.refused
    assert f"the roll call {done['id']} that D01 began" in twice.error
    _three_minutes_go_by(gateway, clock, done["id"])
    told = asked(gateway, "roll_calls", id=done["id"])
    call, rows = told["call"], told["rows"]
    assert call["owed"] == 0
    assert call["finished"] - call["begun"] <= MINUTES
    assert len(rows) == PEOPLE
    assert {row["reason"] for row in rows} <= {"within", "no_place"}
    assert sum(row["reason"] == "within" for row in rows) > PEOPLE / 2
    assert all(row["since"] >= call["begun"] - 60.0 for row in rows)
    # Places that came with the last answers may still be on their way into the lists.
    eventually(lambda: is_signed(gateway, done["id"]), "the lists stand as they were seen", TOLD)
    assert asked(gateway, "roll_calls", id=done["id"])["call"]["state"] == "signed"
    looks = [(row["what"], row["number"], row["purpose"], row["ok"]) for row in asked(gateway, "audit", "A01")["rows"]]
    assert ("roll_call", "D01", "a check of all", True) in looks
    assert ("roll_call", "D02", "me too", False) in looks
    assert {("roll_call_confirm", "L01", "", True), ("roll_call_sign", "D01", "", True)} <= set(looks)
    kinds = [kind for kind, *_ in gateway.journal()]
    assert kinds.index(EntryKind.PAPER) < kinds.index(EntryKind.COMMAND), "what it is stands before what it does"
