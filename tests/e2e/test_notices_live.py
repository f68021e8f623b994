"""People are told: a modem on a pseudo-terminal, an alarm, nobody answers, it goes up, and an SMS acknowledges it."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import struct
import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from gateway_process import Gateway, eventually
from plain_terminal import POSITION, SOS, Terminal, position
from pressed_county import phone, write_county

from firmware_sim.modem.modem import Faults, Modem
from firmware_sim.modem.terminal import Terminal as ModemTerminal
from gateway.demo.broker import free_port
from gateway.journal.entries import EntryKind
from gateway.store.state_db import StateStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NUMBERS = {"D01": "+8613800000001", "D02": "13800000002", "L01": "13800000003"}
NAMES = ("Zhang Made-Up", "Li Made-Up", "Wang Made-Up")
STRANGER = "+8613911111111"
RULES = """\
notices: {{modem: {path}}}
staff:
  - {{number: D01, roles: [duty]}}
  - {{number: D02, roles: [duty]}}
  - {{number: L01, roles: [leader]}}
duty: [{{name: night, staff: [D01]}}, {{name: second, staff: [D02]}}]
alarms:
  sos: {{notify: [{who}], escalate_after: {wait}, to: [second]}}
"""
TERMINAL_ANSWER, TEXT = 0x0001, 0x8300


class Telephone:
    """A modem on its line, in a thread of its own."""

    def __init__(self, faults: Faults | None = None) -> None:
        self.modem = Modem(faults)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._line = asyncio.run_coroutine_threadsafe(self._open(), self._loop).result()
        self.path = self._line.path

    async def _open(self) -> ModemTerminal:
        return ModemTerminal(self.modem)

    def text(self, number: str, text: str) -> None:
        self._loop.call_soon_threadsafe(self._line.text, number, text)

    def restart(self) -> None:
        self._loop.call_soon_threadsafe(self._line.restart)

    def texts(self) -> list[tuple[str, str]]:
        """What the network has taken: to whom, and the text's code, which stands in the state beside it."""
        return [(one.number, one.text) for one in self.modem.taken]

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._line.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Callable[..., tuple[Gateway, Telephone]]]:
    """A gateway with a modem; neither survives the test."""
    made: list[Gateway | Telephone] = []

    def make(wait: str = "2s", faults: Faults | None = None, who: str = "night") -> tuple[Gateway, Telephone]:
        telephone = Telephone(faults)
        county = write_county(tmp_path / "county", free_port(), 2)
        with (county.directory / "gateway.yaml").open("a", encoding="utf-8") as written:
            written.write(RULES.format(path=telephone.path, wait=wait, who=who))
        text = (county.directory / "gateway.yaml").read_text("utf-8")
        (county.directory / "gateway.yaml").write_text(text.replace("language: en", "language: zh"), "utf-8")
        contacts = county.directory / "staff.csv"
        rows = (f"{key},{name},{number}" for (key, number), name in zip(NUMBERS.items(), NAMES, strict=True))
        contacts.write_text("\n".join(["number,name,phone", *rows]) + "\n", "utf-8")
        contacts.chmod(0o600)
        gateway = Gateway(county)
        made.extend((telephone, gateway))
        gateway.start()
        return gateway, telephone

    yield make
    for one in reversed(made):
        one.finish() if isinstance(one, Gateway) else one.close()


def press(gateway: Gateway, number: int = 0) -> None:
    with Terminal(gateway.county.port, phone(number)) as terminal:
        terminal.log_in()
        terminal.ask(POSITION, position(time.time(), alarm=SOS))


def notices(gateway: Gateway) -> list[tuple[str, str]]:
    """Whom, and how each stands, as state.db has it."""
    with sqlite3.connect(f"file:{gateway.county.storage / 'state.db'}?mode=ro", uri=True) as db:
        bodies = [json.loads(body) for (body,) in db.execute("SELECT body FROM notice ORDER BY seq")]
    return [(body["notice"]["to"], body["state"]) for body in bodies]


def code_in(text: str) -> str:
    return text.rstrip("”")[-4:]


def test_from_the_alarm_over_an_escalation_to_an_acknowledgement_by_sms(told):
    gateway, telephone = told()
    press(gateway)
    eventually(lambda: len(telephone.texts()) >= 2, "it went up")
    (first, text), (second, later), *_ = telephone.texts()
    assert (first, second) == (NUMBERS["D01"], NUMBERS["D02"])
    assert text.startswith("【紧急】P0000 ")
    assert len(text) <= 70
    assert "已过时限无人接收" in later
    eventually(lambda: ("D02", "delivered") in notices(gateway), "the report has come")
    telephone.text(STRANGER, f"收 {code_in(text)}")
    eventually(lambda: gateway.refused("sms_unknown_number") == 1, "a stranger is counted")
    telephone.text(NUMBERS["D02"], f"收 {code_in(text)}")
    eventually(lambda: "acknowledged" in changes(gateway), "it is acknowledged")
    (act,) = [json.loads(payload) for kind, _, _, payload in gateway.journal() if kind is EntryKind.ACT]
    assert (act["do"], act["by"], act["origin"]) == ("acknowledge", "D02", "sms")
    telephone.text(NUMBERS["D02"], f"收 {code_in(text)}")
    eventually(lambda: gateway.refused("sms_code_unknown") == 1, "a code is used once")
    # On a slow machine it has gone up again before the acknowledgement came; what was under way may still arrive.
    eventually(lambda: "owed" not in {state for _, state in notices(gateway)}, "nothing is under way")
    count = len(telephone.texts())
    time.sleep(2.5)
    assert len(telephone.texts()) == count
    assert gateway.status()["notices"]["modem"]["trouble"] == "ok"
    assert not telephone.modem.kept
    assert gateway.stop() == 0
    assert leaks(gateway) == []


def changes(gateway: Gateway) -> list[str]:
    return [event["type"].rpartition(".")[2] for event in gateway.events()]


def leaks(gateway: Gateway) -> list[str]:
    """Files, but for the contacts and the configuration, in which a number or a name stands."""
    secrets = [*NUMBERS.values(), *(number[-11:] for number in NUMBERS.values()), STRANGER[-11:], *NAMES]
    files = [path for path in gateway.county.directory.rglob("*") if path.is_file() and path.name != "staff.csv"]
    data = {path.name: path.read_bytes() for path in files}
    with closing(StateStore(gateway.county.storage / "state.db", read_only=True)) as store:
        shots = [each for whole in store.load_snapshots() for each in (whole, *whole.changes)]
    data |= {f"snapshot {shot.offset} {part.name}": part.data for shot in shots for part in shot.parts}
    assert any("episodes" in name or b"ladders" in held for name, held in data.items())
    return [f"{name}: {each}" for name, held in data.items() for each in secrets if each.encode() in held]


def test_what_was_owed_when_it_was_killed_goes_out_after_the_start_and_what_went_does_not_go_again(told):
    gateway, telephone = told("1h", Faults(mute=True))
    press(gateway)
    eventually(lambda: notices(gateway) == [("D01", "owed")], "it is owed")
    gateway.kill()
    telephone.modem.faults.mute = False
    gateway.start()
    eventually(lambda: notices(gateway) == [("D01", "delivered")], "it has arrived")
    gateway.kill()
    gateway.start()
    press(gateway, 1)
    eventually(lambda: len(telephone.texts()) == 2, "the next alarm is told")
    assert [text.split()[0][-5:] for _, text in telephone.texts()] == ["P0000", "P0001"]


@pytest.mark.torture
def test_a_modem_that_garbles_forgets_and_refuses_is_used_until_all_have_gone(told):
    gateway, telephone = told("1h", Faults(garbled=0.05, seed=3, refuses=[331, 41], forgets=1, echo=True))
    press(gateway)
    press(gateway, 1)
    eventually(lambda: {one.text.split()[0][-5:] for one in telephone.modem.taken} == {"P0000", "P0001"}, "both told")
    eventually(lambda: "owed" not in {state for _, state in notices(gateway)}, "both noted")


def test_the_wearer_reads_it_on_his_bracelet_and_the_alarm_says_so(told):
    gateway, telephone = told("1h", who="wearer")
    with Terminal(gateway.county.port, phone(0)) as terminal:
        terminal.log_in()
        terminal.ask(POSITION, position(time.time(), alarm=SOS))
        order = terminal.receive()
        assert order is not None
        assert order.message == TEXT
        assert "您好，已收到您的求助" in order.body[1:].decode("gbk")
        terminal.send(terminal.frame(TERMINAL_ANSWER, struct.pack(">HHB", order.serial, order.message, 0)))
        eventually(lambda: ("wearer", "delivered") in notices(gateway), "it is delivered")
    (updated,) = [event for event in gateway.events() if event["type"].endswith("updated")]
    assert updated["data"]["facts"]["wearer_told_how"] == "delivered"
    assert telephone.texts() == []
