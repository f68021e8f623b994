"""A backup of a gateway that serves, and a gateway that starts from it: by the commands that the guide names."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from gateway_process import eventually
from plain_terminal import POSITION, SOS, Terminal, position
from pressed_county import phone

if TYPE_CHECKING:
    from gateway_process import Gateway


def raise_alarm(gateway: Gateway, bracelet: int, moment: int) -> None:
    with Terminal(gateway.county.port, phone(bracelet)) as terminal:
        terminal.log_in()
        terminal.ask(POSITION, position(moment, alarm=SOS))


def test_what_was_acknowledged_before_a_backup_is_there_after_it_is_restored(gateway: Gateway) -> None:
    storage = gateway.county.storage
    copy = storage.with_name("backup")
    moment = int(time.time()) - 100
    with Terminal(gateway.county.port, phone(0)) as terminal:
        terminal.log_in()
        terminal.ask(POSITION, position(moment, alarm=SOS))
        eventually(lambda: gateway.events() and gateway.owed() == 0, "the alarm is out")
        done = gateway.command("backup", str(copy))
        assert (done.returncode, done.stderr) == (0, "")
        assert "chain unbroken" in done.stdout
        assert "can be restored" in gateway.command("backup", str(copy), "--try").stdout
        noted = gateway.status()["backup"]
        assert (noted["made_where"], noted["tried_where"], noted["tried_well"]) == (str(copy), str(copy), True)
        terminal.ask(POSITION, position(moment + 1, alarm=SOS))
    raise_alarm(gateway, 1, moment)
    gateway.settle()
    assert gateway.command("backup", str(copy)).returncode == 2
    refused = gateway.command("restore", str(copy), "--replace")
    assert (refused.returncode, "another gateway is running" in refused.stderr) == (2, True)
    before = gateway.events()
    assert gateway.stop() == 0
    assert gateway.command("restore", str(copy)).returncode == 2
    done = gateway.command("restore", str(copy), "--replace")
    assert (done.returncode, done.stderr) == (0, "")
    assert "what was there is in" in done.stdout
    assert len(gateway.events()) < len(before)
    gateway.start()
    assert ("B0000", moment) in gateway.journaled()
    raise_alarm(gateway, 1, moment)
    with Terminal(gateway.county.port, phone(0)) as terminal:
        terminal.log_in()
        terminal.ask(POSITION, position(moment + 2, alarm=SOS))
    gateway.settle()
    assert {event["id"] for event in before} <= {event["id"] for event in gateway.events()}
    assert len(gateway.events()) == len(before)
    assert gateway.stop() == 0
    assert gateway.command("verify").returncode == 0
    assert gateway.tracebacks() == 0
