"""Officers' acts: from the command line and from the platform; refused with reasons, never done twice, never lost."""

from __future__ import annotations

import json
import time
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from gateway_process import eventually
from msgspec.structs import replace
from plain_terminal import POSITION, SOS, Terminal, position
from pressed_county import ACT_KEY, CODE, phone

from gateway.journal.controls import Act
from gateway.journal.entries import EntryKind
from gateway.upstream.acts import sign

if TYPE_CHECKING:
    from collections.abc import Callable

    from gateway_process import Gateway
    from platform_end import PlatformEnd

    from gateway.demo.broker import LocalBroker

TOPIC = f"bracelet/{CODE}/act"
INCOMPLETE = (
    (("close", "--note", "looked"), "--outcome"),
    (("close", "--outcome", "false"), "--note"),
    (("close", "--outcome", "guilty", "--note", "looked"), "outcome"),
    (("close", "--outcome", "false", "--note", ""), "note"),
)
"""What is typed, and what the refusal names."""


@pytest.fixture(scope="module")
def refusing(tmp_path_factory: pytest.TempPathFactory, gateway_of: Callable[..., Gateway]) -> Gateway:
    """One daemon for all acts that are refused; each has a bracelet of its own."""
    return gateway_of(tmp_path_factory.mktemp("refusing"), len(INCOMPLETE))


def _press(gateway: Gateway, number: int = 0) -> str:
    """SOS pressed on a bracelet; returns the alarm's identity."""
    with Terminal(gateway.county.port, phone(number)) as terminal:
        terminal.log_in()
        terminal.ask(POSITION, position(time.time(), alarm=SOS))

    def raised() -> list[str]:
        events = [event["data"] for event in gateway.events() if event["type"] == "bracelet.alarm.raised"]
        return [data["alarm"] for data in events if (data["device"], data["kind"]) == (f"B{number:04d}", "sos")]

    eventually(raised, "the alarm is raised")
    (alarm,) = raised()
    return alarm


def _listed(gateway: Gateway, *more: str) -> list[dict]:
    done = gateway.command("alarms", "list", "--json", *more)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def _meant(do: str, alarm: str, outcome: str = "", note: str = "") -> Act:
    """An act of the platform for this county, now."""
    identity, moment = uuid.uuid4().hex, datetime.now(UTC).isoformat()
    return Act(identity, do, alarm, "D07", outcome, note, county=CODE, time=moment)


def _changes(events: list[dict]) -> list[str]:
    return [event["type"].rsplit(".", 1)[1] for event in events]


def _acts_journaled(gateway: Gateway) -> list[str]:
    return [json.loads(payload)["do"] for kind, _, _, payload in gateway.journal() if kind is EntryKind.ACT]


def test_an_alarm_from_its_list_to_its_close_across_a_restart(gateway: Gateway) -> None:
    alarm = _press(gateway)
    (pressed,) = _listed(gateway)
    assert (pressed["alarm"], pressed["kind"], pressed["state"]) == (alarm, "sos", "open")
    assert gateway.command("alarms", "ack", alarm[:8], "--note", "on the way", "--by", "D01").returncode == 0
    gateway.kill()
    gateway.start()
    (acknowledged,) = _listed(gateway, "--unresolved")
    assert acknowledged["state"] == "acknowledged"
    assert gateway.command("alarms", "note", alarm, "spoke to the wearer", "--by", "D01").returncode == 0
    done = gateway.command("alarms", "close", alarm, "--outcome", "excused", "--note", "pressed by mistake")
    assert done.returncode == 0, done.stderr
    assert _listed(gateway, "--unresolved") == []
    assert gateway.stop() == 0
    gateway.start()
    (closed,) = _listed(gateway)
    assert (closed["state"], closed["outcome"]) == ("closed", "excused")
    assert [note["text"] for note in closed["notes"]] == ["on the way", "spoke to the wearer", "pressed by mistake"]
    assert _acts_journaled(gateway) == ["acknowledge", "note", "close"]
    assert _changes(gateway.events()) == ["raised", "acknowledged", "updated", "closed"]
    done = gateway.command("alarms", "dispute", alarm, "--note", "did not press it", "--by", "D01")
    assert done.returncode == 0, done.stderr
    gateway.kill()
    gateway.start()
    (again,) = _listed(gateway, "--unresolved")
    assert (again["alarm"], again["state"], again["outcome"]) == (alarm, "disputed", "")
    assert [one["do"] for one in again["acts"]] == ["acknowledge", "note", "close", "dispute"]
    assert _changes(gateway.events())[-1] == "disputed"
    done = gateway.command("alarms", "close", alarm, "--outcome", "false", "--note", "a worn button", "--by", "L01")
    assert done.returncode == 0, done.stderr
    for cause in ("redrawn", "device"):
        done = gateway.command("alarms", "cause", alarm, "--cause", cause, "--by", "L01")
        assert done.returncode == 0, done.stderr
    gateway.kill()
    gateway.start()
    (marked,) = _listed(gateway)
    assert (marked["state"], marked["outcome"]) == ("closed", "false")
    assert [one.get("cause") for one in marked["acts"]][-2:] == ["redrawn", "device"]
    assert _changes(gateway.events())[-2:] == ["examined", "examined"]


@pytest.mark.parametrize(("number", "arguments", "said"), [(at, *one) for at, one in enumerate(INCOMPLETE)])
def test_a_close_without_outcome_or_note_is_refused(
    refusing: Gateway, number: int, arguments: tuple[str, ...], said: str
) -> None:
    alarm = _press(refusing, number)
    do, *options = arguments
    done = refusing.command("alarms", do, alarm, *options)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert [one["state"] for one in _listed(refusing, "--unresolved") if one["alarm"] == alarm] == ["open"]


def test_an_unknown_alarm_is_refused(refusing: Gateway) -> None:
    done = refusing.command("alarms", "ack", "0" * 32)
    assert done.returncode == 2
    assert "0" * 32 in done.stderr


def test_without_the_daemon_a_change_fails_with_a_plain_sentence(gateway: Gateway) -> None:
    alarm = _press(gateway)
    gateway.stop()
    done = gateway.command("alarms", "ack", alarm)
    assert done.returncode == 1
    assert "not running" in done.stderr
    assert done.stderr.count("\n") == 1
    assert [alarm["state"] for alarm in _listed(gateway)] == ["open"]


def test_acts_of_the_platform_are_authenticated_and_done_once(
    make_gateway: Callable[..., Gateway], broker: LocalBroker, platform: PlatformEnd
) -> None:
    gateway = make_gateway(mqtt=broker.port)
    alarm = _press(gateway)
    eventually(platform.raised, "the platform has the alarm")
    act = _meant("acknowledge", alarm)
    refused = {
        "act_unauthenticated": sign(act, "another key"),
        "act_malformed": b'{"do": "acknowledge"}',
        "act_too_long": b"x" * 20_000,
        "act_foreign": sign(replace(act, county="other"), ACT_KEY),
        "act_stale": sign(replace(act, time="2026-01-01T00:00:00Z"), ACT_KEY),
    }
    for reason, payload in refused.items():
        platform.publish(TOPIC, payload)
        eventually(lambda reason=reason: gateway.refused(reason) == 1, f"{reason} is counted")
    assert [alarm["state"] for alarm in _listed(gateway)] == ["open"]
    assert _acts_journaled(gateway) == []

    for _ in range(2):
        platform.publish(TOPIC, sign(act, ACT_KEY))
    platform.publish(TOPIC, sign(_meant("close", alarm, "technical", "strap replaced"), ACT_KEY))
    eventually(lambda: any(e["type"].endswith("closed") for e in list(platform.events.values())), "closed")
    assert _changes(list(platform.events.values())) == ["raised", "acknowledged", "closed"]
    assert set(platform.messages.values()) == {1}
    (closed,) = _listed(gateway)
    assert (closed["state"], closed["outcome"]) == ("closed", "technical")
    assert gateway.tracebacks() == 0
