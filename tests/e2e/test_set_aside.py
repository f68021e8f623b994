"""What is set aside turns the status red, in words, and goes out again by the officer's command."""

from __future__ import annotations

import time
from contextlib import closing
from typing import TYPE_CHECKING

from gateway_process import eventually
from plain_terminal import POSITION, SOS, Terminal, position
from pressed_county import phone

from gateway.store.outbox import UNCONFIRMED, Marks
from gateway.store.state_db import StateStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from gateway_process import Gateway
    from platform_end import PlatformEnd

    from gateway.demo.broker import LocalBroker

PATIENCE = 600.0


def test_a_message_set_aside_turns_health_red_and_is_sent_again_by_command(
    make_gateway: Callable[..., Gateway], broker: LocalBroker, platform: PlatformEnd
) -> None:
    gateway = make_gateway(1, broker.port)
    with Terminal(gateway.county.port, phone(0)) as terminal:
        terminal.log_in()
        terminal.ask(POSITION, position(time.time(), alarm=SOS))
    eventually(lambda: gateway.events() and gateway.owed() == 0, "the alarm is delivered", PATIENCE)
    eventually(lambda: platform.events, "the platform has it", PATIENCE)
    (identity,) = platform.events
    assert gateway.stop(PATIENCE) == 0
    with closing(StateStore(gateway.county.storage / "state.db")) as store:
        found = store.outbox.find("city", identity)
        assert found is not None
        store._db.execute("UPDATE outbox SET delivered = NULL")
        store.outbox.note("city", Marks(set_aside={found[0].seq: UNCONFIRMED}), time.time())
    gateway.start()
    eventually(lambda: gateway.status()["set_aside"] == {"city": {UNCONFIRMED: 1}}, "it is counted", PATIENCE)
    status = gateway.status()
    assert not status["healthy"]
    assert "bracelet-gateway alarms resend" in status["upstream_troubles"]["city"]["zh"]
    done = gateway.command("alarms", "resend")
    assert (done.returncode, done.stdout) == (0, "city: 1 sent again\n")
    eventually(lambda: platform.messages[identity] == 2, "it is sent again", PATIENCE)
    eventually(lambda: gateway.status()["healthy"] and gateway.owed() == 0, "all is well again", PATIENCE)
    assert gateway.command("alarms", "resend").stdout == "nothing is set aside\n"
