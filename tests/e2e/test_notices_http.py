"""People are told by an HTTP gateway that refuses one text and is late with another; a wearer is reminded in time."""

from __future__ import annotations

import json
import sqlite3
import struct
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from gateway_process import Gateway, eventually
from plain_terminal import POSITION, SOS, Terminal, position
from pressed_county import phone, write_county

from gateway.clock import FollowedClock
from gateway.demo.broker import free_port
from gateway.journal.entries import EntryKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NUMBERS = {"D01": "13800000001", "D02": "13800000002"}
NOTICES = """\
notices:
  http:
    url: "http://127.0.0.1:{port}/send"
    headers: {{Content-Type: application/json}}
    body: '{{"to": "{{number}}", "text": "{{text}}"}}'
"""
STAFF = """\
staff: [{number: D01, roles: [duty]}, {number: D02, roles: [duty]}]
duty: [{name: night, staff: [D01]}, {name: second, staff: [D02]}]
alarms: {sos: {notify: [night], escalate_after: 1s, to: [second]}}
"""
REMINDED = """\
alarms: {curfew_late: {notify: [wearer]}}
"""
NIGHTS = '- {id: nights, people: all, basis: order-2, curfew: {zone: home, from: "22:00", until: "06:00", days: daily}}'
TERMINAL_ANSWER, TEXT = 0x0001, 0x8300
FASTER = 60.0


@dataclass
class TextGateway:
    """A county's HTTP gateway: what it was asked, by whom it refuses, and whether it is late."""

    refused: frozenset[str] = frozenset()
    late: threading.Event = field(default_factory=threading.Event)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        here = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                here.asked.append((said["to"], said["text"]))
                status = 403 if said["to"] in here.refused else 200
                if status == 200:
                    here.late.wait(60.0)
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nothing is to be read."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.late.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Callable[..., tuple[Gateway, TextGateway]]]:
    """A gateway beside such a one; neither survives the test."""
    going: list[Gateway | TextGateway] = []

    def make(more: str, clock: str = "", **how: frozenset[str]) -> tuple[Gateway, TextGateway]:
        texts = TextGateway(**how)
        going.append(texts)
        county = write_county(tmp_path / "county", free_port(), 2)
        main = county.directory / "gateway.yaml"
        text = main.read_text("utf-8").replace("language: en", "language: zh")
        text = text.replace("rules: [{id: stay", "rules:\n" + NIGHTS.replace("- {", "  - {") + "\n  - {id: stay")
        text = text.replace("stay_inside: county}]", "stay_inside: county}")
        main.write_text(text + NOTICES.format(port=texts.server.server_port) + more, "utf-8")
        contacts = county.directory / "staff.csv"
        contacts.write_text("\n".join(["number,name,phone", *(f"{k},Made-Up,{n}" for k, n in NUMBERS.items())]) + "\n")
        contacts.chmod(0o600)
        going.append(Gateway(county, clock=clock))
        going[-1].start()
        return going[-1], texts

    yield make
    for one in reversed(going):
        one.finish() if isinstance(one, Gateway) else one.close()


def notices(gateway: Gateway) -> list[tuple[str, str]]:
    """Whom, and how each stands, as state.db has it."""
    with sqlite3.connect(f"file:{gateway.county.storage / 'state.db'}?mode=ro", uri=True) as db:
        bodies = [json.loads(body) for (body,) in db.execute("SELECT body FROM notice ORDER BY seq")]
    return [(body["notice"]["to"], body["state"]) for body in bodies]


def test_one_text_is_refused_the_next_taken_late_and_meanwhile_all_goes_on(made):
    gateway, texts = made(STAFF, refused=frozenset({NUMBERS["D01"]}))
    with Terminal(gateway.county.port, phone(0)) as terminal:
        terminal.log_in()
        terminal.ask(POSITION, position(time.time(), alarm=SOS))
        eventually(lambda: ("D01", "failed") in notices(gateway), "the first is refused")
        eventually(lambda: len(texts.asked) == 2, "it went up")
        terminal.ask(POSITION, position(time.time()))
        assert ("D02", "owed") in notices(gateway)
    texts.late.set()
    eventually(lambda: ("D02", "sent") in notices(gateway), "it is taken")
    assert [number for number, _ in texts.asked] == [NUMBERS["D01"], NUMBERS["D02"]]
    first, second = (text for _, text in texts.asked)
    assert first.startswith("【紧急】P0000 ")
    assert "已过时限无人接收" in second
    assert max(map(len, (first, second))) <= 70
    assert gateway.status()["notices"]["http"]["trouble"] == "ok"
    assert gateway.tracebacks() == 0


def reminded(gateway: Gateway, number: int, now: float) -> str:
    """What a bracelet is given to show after it has reported from five kilometres north of home."""
    with Terminal(gateway.county.port, phone(number)) as terminal:
        terminal.log_in()
        terminal.ask(POSITION, position(now, latitude=24.38))
        order = terminal.receive()
        assert order is not None
        assert order.message == TEXT
        terminal.send(terminal.frame(TERMINAL_ANSWER, struct.pack(">HHB", order.serial, order.message, 0)))
        eventually(lambda: notices(gateway).count(("wearer", "delivered")) == number + 1, "it is delivered")
    return order.body[1:].decode("gbk")


def test_who_is_far_from_home_before_the_curfew_is_reminded_once_on_his_bracelet(made, tmp_path):
    today = datetime.now(UTC) + timedelta(hours=8)
    now = datetime.fromisoformat(f"{today:%Y-%m-%d}T21:31:00+08:00").timestamp()
    clock = FollowedClock.begin(tmp_path / "clock", now, FASTER)
    gateway, texts = made(REMINDED, clock.name)
    said = reminded(gateway, 0, now)
    assert "22:00前到家" in said
    assert "现在距家约5.3公里" in said
    assert reminded(gateway, 1, now) == said, "by then everybody has been looked at once more"
    entries = [json.loads(payload) for kind, _, _, payload in gateway.journal() if kind is EntryKind.REMINDER]
    assert [(each["person"], each["rule"]) for each in entries] == [("P0000", "nights"), ("P0001", "nights")]
    assert all(5000.0 < each["home_m"] < 6000.0 for each in entries)
    assert texts.asked == []
    assert gateway.events() == []
