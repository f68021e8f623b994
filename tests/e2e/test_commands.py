"""Orders to a plain JT/T 808 terminal through the running daemon: answered, refused, repeated, queued, killed, expired.

The terminal shares no code with the gateway; its part of the orders is written here from the standard's text alone
(JT/T 808-2013: 8.1 terminal general answer, 8.16 and 8.17 locate, 8.24 text; 2019 alike).
"""

from __future__ import annotations

import json
import struct
import subprocess
import time
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING

import pytest
from gateway_process import PATIENCE, eventually
from plain_terminal import (
    AUTHENTICATE,
    FLAG,
    POSITION,
    REGISTER,
    Answer,
    Terminal,
    authentication,
    position,
    registration,
)
from pressed_county import device, phone
from programs import GATEWAY, begun, ran

from gateway.commands.wish import Wish
from gateway.control.client import ask
from gateway.control.messages import Request
from gateway.journal.entries import EntryKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gateway_process import Gateway

TERMINAL_ANSWER, LOCATED = 0x0001, 0x0201
LOCATE, TEXT = 0x8201, 0x8300
DONE, FAILED, MALFORMED, UNSUPPORTED = range(4)
EDITIONS = pytest.mark.parametrize("edition", [2013, 2019])
BRACELETS = 40
"""More than the tests of this file are."""


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory, gateway_of: Callable[..., Gateway]) -> Gateway:
    """One daemon for every test that neither stops it nor sets it up otherwise."""
    return gateway_of(tmp_path_factory.mktemp("ordered"), BRACELETS)


@pytest.fixture(scope="module")
def numbers() -> Iterator[int]:
    """Bracelets that no test has had."""
    return count()


@pytest.fixture
def mine(numbers: Iterator[int]) -> int:
    """A bracelet of the test's own: what others order and hear is not seen there."""
    return next(numbers)


@pytest.fixture
def order_of() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start ``bracelet-gateway command`` beside the test, which plays the terminal meanwhile."""
    started: list[subprocess.Popen[str]] = []

    def start(gateway: Gateway, *arguments: str) -> subprocess.Popen[str]:
        line = [GATEWAY, "command", *arguments, "--json", "--by", "D01", "--config", gateway.county.directory]
        started.append(begun(line, subprocess.PIPE, subprocess.PIPE, text=True))
        return started[-1]

    yield start
    for one in started:
        if one.poll() is None:
            one.kill()
        one.communicate()


def finished(process: subprocess.Popen[str]) -> tuple[int, dict]:
    """Exit code and what was printed."""
    out, errors = process.communicate(timeout=PATIENCE)
    assert out, errors
    return process.returncode, json.loads(out)


def given(gateway: Gateway, *arguments: str) -> str:
    """Give an order without waiting; returns its id."""
    done = gateway.command("command", *arguments, "--no-wait", "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["state"] == "pending"
    return str(answer["id"])


def wanted(gateway: Gateway, number: int, message: str) -> str:
    """Give the order of a text at the socket, where it costs no process; returns its id."""
    wish = Wish(device(number), "text", "D01", {"text": message})
    answer = ask(gateway.county.storage, Request("command", wish=wish))
    assert answer.ok, answer.error
    return str(answer.data["command"]["id"])


def listed(gateway: Gateway, *more: str) -> dict[str, str]:
    """State of each order by its id; ``more``: options, and the bracelet."""
    done = gateway.command("commands", "list", "--json", *more)
    assert done.returncode == 0, done.stderr
    return {one["id"]: one["state"] for one in map(json.loads, done.stdout.splitlines())}


def states(gateway: Gateway, number: int) -> dict[str, str]:
    """The same of one bracelet, asked at the socket."""
    orders = ask(gateway.county.storage, Request("orders", device=device(number), everything=True)).data["orders"]
    return {one["command"]["id"]: one["end"] or "pending" for one in orders}


def pending(gateway: Gateway, number: int) -> list[dict]:
    """Orders to a device that have not ended; asked at the socket, where asking again and again costs no process."""
    orders: list[dict] = ask(gateway.county.storage, Request("orders", device=device(number))).data["orders"]
    return orders


def ordered(terminal: Terminal, message: int) -> Answer:
    """The next frame that comes is that order."""
    order = terminal.receive()
    assert order is not None, "the gateway closed the line"
    assert order.message == message, hex(order.message)
    return order


def say(terminal: Terminal, order: Answer, result: int = DONE) -> None:
    """The terminal's general answer."""
    terminal.send(terminal.frame(TERMINAL_ANSWER, struct.pack(">HHB", order.serial, order.message, result)))


def alarms(gateway: Gateway, number: int) -> list[dict]:
    """What was said of a bracelet, in order."""
    return [event for event in gateway.events() if event["data"]["device"] == device(number)]


def here(terminal: Terminal, order: Answer) -> None:
    """The answer to a locating."""
    terminal.send(terminal.frame(LOCATED, struct.pack(">H", order.serial) + position(time.time())))


def silent(terminal: Terminal, seconds: float = 0.5) -> bool:
    """Whether nothing comes for a while."""
    try:
        return terminal.receive(seconds) is None
    except TimeoutError:
        return True


@contextmanager
def logged_in(gateway: Gateway, number: int, edition: int = 2013) -> Iterator[Terminal]:
    with Terminal(gateway.county.port, phone(number), edition) as terminal:
        terminal.log_in()
        yield terminal


@EDITIONS
def test_a_terminal_is_located_and_its_position_is_journaled(gateway, mine, order_of, edition):
    before = len(list(gateway.journal()))
    with logged_in(gateway, mine, edition) as terminal:
        command = order_of(gateway, device(mine), "locate")
        order = ordered(terminal, LOCATE)
        assert order.body == b""
        here(terminal, order)
        code, answer = finished(command)
    assert (code, answer["state"], answer["by"]) == (0, "done", "D01")
    assert (answer["place"]["datum"], answer["place"]["device"]) == ("GCJ-02", device(mine))
    assert answer["place"]["radius95_m"] > 0
    eventually(lambda: [who for who, _ in gateway.journaled()].count(device(mine)) == 1, "the position is journaled")
    kinds = [kind for kind, *_ in gateway.journal()][before:]
    assert kinds.index(EntryKind.COMMAND) < kinds.index(EntryKind.RESULT)


@pytest.mark.parametrize(
    ("result", "state", "code"),
    [(DONE, "done", 0), (FAILED, "failed", 1), (MALFORMED, "malformed", 1), (UNSUPPORTED, "unsupported", 1)],
)
def test_what_the_terminal_says_is_what_the_officer_reads(gateway, mine, order_of, result, state, code):
    with logged_in(gateway, mine) as terminal:
        command = order_of(gateway, device(mine), "text", "text=请联系司法所")
        order = ordered(terminal, TEXT)
        assert order.body[1:].rstrip(b"\0").decode("gbk") == "请联系司法所"
        say(terminal, order, result)
        assert finished(command)[0] == code
    assert list(listed(gateway, device(mine), "--all").values()) == [state]


def test_eight_orders_reach_a_terminal_that_reads_one_frame_a_segment(gateway, mine):
    identities = [wanted(gateway, mine, f"order {number}") for number in range(8)]
    with Terminal(gateway.county.port, phone(mine)) as terminal:
        terminal.log_in()
        heard = []
        while len(heard) < 8:
            segment = terminal.received or terminal.line.recv(65536)
            assert segment.count(FLAG) == 2, "more or less than one frame in a segment"
            terminal.received = segment
            order = ordered(terminal, TEXT)
            heard.append(order.body[1:].rstrip(b"\0").decode("gbk"))
            say(terminal, order)
        eventually(lambda: not pending(gateway, mine), "all have ended")
    assert heard == [f"order {number}" for number in range(8)]
    assert states(gateway, mine) == dict.fromkeys(identities, "done")


DELETIONS = (0x8601, 0x8603, 0x8605, 0x8607)


def test_an_order_of_several_messages_waits_for_the_answer_to_each_and_is_numbered(gateway, mine, order_of):
    with logged_in(gateway, mine) as terminal:
        command = order_of(gateway, device(mine), "fence_delete", "kind=all")
        serials = []
        for message in DELETIONS:
            order = ordered(terminal, message)
            assert silent(terminal, 0.3)
            serials.append(order.serial)
            terminal.ask(POSITION, position(time.time()))
            say(terminal, order)
        assert finished(command)[1]["state"] == "done"
    assert serials == [2, 4, 6, 8]


def test_whoever_has_only_registered_is_told_nothing_and_displaces_nobody(gateway, mine, order_of):
    with logged_in(gateway, mine) as terminal, Terminal(gateway.county.port, phone(mine)) as other:
        other.register()
        command = order_of(gateway, device(mine), "text", "text=for the true one")
        say(terminal, ordered(terminal, TEXT))
        assert finished(command)[1]["state"] == "done"
        assert silent(other, 1.5)


def test_answers_to_a_login_stuck_to_other_frames_leave_in_order_and_numbered_from_0(gateway, mine):
    with Terminal(gateway.county.port, phone(mine)) as terminal:
        code = terminal.register()
    with Terminal(gateway.county.port, phone(mine)) as terminal:
        bodies = [
            (REGISTER, registration(terminal.edition)),
            (AUTHENTICATE, authentication(terminal.edition, b"guess")),
            (AUTHENTICATE, authentication(terminal.edition, code)),
            *((POSITION, position(time.time() - number)) for number in range(20)),
        ]
        terminal.send(b"".join(terminal.frame(message, body) for message, body in bodies))
        answers = [terminal.receive() for _ in bodies]
    assert [answer.serial for answer in answers] == list(range(23))
    assert [answer.answered[1:] for answer in answers[1:4]] == [(AUTHENTICATE, 1), (AUTHENTICATE, 0), (POSITION, 0)]


def test_an_order_without_answer_goes_out_anew_on_the_next_connection(gateway, mine):
    with logged_in(gateway, mine) as terminal:
        identity = wanted(gateway, mine, "come in")
        ordered(terminal, TEXT)
    with logged_in(gateway, mine) as terminal:
        say(terminal, ordered(terminal, TEXT))
        eventually(lambda: not pending(gateway, mine), "it is done")
        assert states(gateway, mine) == {identity: "done"}
        assert silent(terminal)
    with logged_in(gateway, mine) as terminal:
        assert silent(terminal, 1.5), "an order that was done came again"


def test_orders_outlive_kill_9_and_are_done_once(make_gateway):
    gateway = make_gateway()
    waiting = wanted(gateway, 0, "before the kill")
    with logged_in(gateway, 1) as terminal:
        underway = wanted(gateway, 1, "under way")
        ordered(terminal, TEXT)
        gateway.kill()
    gateway.start()
    assert listed(gateway) == {waiting: "pending", underway: "pending"}
    for number in (0, 1):
        with logged_in(gateway, number) as terminal:
            say(terminal, ordered(terminal, TEXT))
            eventually(lambda number=number: not pending(gateway, number), "it is done")
    gateway.kill()
    gateway.start()
    with logged_in(gateway, 0) as terminal:
        assert silent(terminal, 1.5), "an order that was done came again after a crash"
    assert listed(gateway, "--all") == {waiting: "done", underway: "done"}
    results = [payload for kind, _, _, payload in gateway.journal() if kind is EntryKind.RESULT]
    assert len(results) == 2


def test_an_unanswered_order_is_said_again_with_the_same_bytes_then_given_up(make_gateway, order_of):
    gateway = make_gateway(more="commands: {answer_timeout: 0.4s, repeats: 2}")
    with logged_in(gateway, 0) as terminal:
        command = order_of(gateway, device(0), "locate")
        orders = [ordered(terminal, LOCATE) for _ in range(3)]
        assert orders[0] == orders[1] == orders[2]
        code, answer = finished(command)
        assert (code, answer["state"]) == (1, "no_answer")
        assert silent(terminal)
    eventually(lambda: len(gateway.events()) == 1, "the alarm is raised")


def test_an_expired_order_is_never_sent_and_an_unlocated_wearer_is_an_alarm(gateway, mine):
    identity = given(gateway, device(mine), "locate", "--expires", "1s")
    eventually(lambda: not pending(gateway, mine), "it has expired")
    assert listed(gateway, device(mine), "--all") == {identity: "expired"}
    eventually(lambda: len(alarms(gateway, mine)) == 1, "the alarm is raised")
    assert alarms(gateway, mine)[0]["data"]["kind"] == "locate_timeout"
    with logged_in(gateway, mine) as terminal:
        assert silent(terminal, 1.5)
        terminal.ask(POSITION, position(time.time()))
    eventually(lambda: len(alarms(gateway, mine)) == 2, "the alarm is cleared")
    assert alarms(gateway, mine)[1]["type"] == "bracelet.alarm.cleared"


def test_a_cancelled_order_is_never_sent(gateway, mine):
    identity = wanted(gateway, mine, "never mind")
    assert gateway.command("commands", "cancel", identity, "--by", "D02").returncode == 0
    assert states(gateway, mine) == {identity: "cancelled"}
    again = gateway.command("commands", "cancel", identity)
    assert (again.returncode, "has ended before" in again.stderr) == (2, True)
    with logged_in(gateway, mine) as terminal:
        assert silent(terminal, 1.5)


def test_the_newest_connection_gets_the_order(gateway, mine, order_of):
    with logged_in(gateway, mine) as older, logged_in(gateway, mine) as newer:
        command = order_of(gateway, device(mine), "text", "text=where are you")
        say(newer, ordered(newer, TEXT))
        assert finished(command)[1]["state"] == "done"
        assert older.receive() is None


def test_the_queue_is_bounded_and_says_so(gateway, mine, numbers):
    before = gateway.status()["commands"]
    for _ in range(32):
        wanted(gateway, mine, "again")
    refused = gateway.command("command", device(mine), "text", "text=again")
    assert (refused.returncode, "32 orders waiting" in refused.stderr) == (2, True)
    assert gateway.status()["commands"] == {**before, "queued": before["queued"] + 32}
    wanted(gateway, next(numbers), "another device has room")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["B9999", "locate"], "no device 'B9999'"),
        (["B0000", "explode"], "it has: "),
        (["B0000", "text"], "write: text text=..."),
        (["B0000", "text", "hello"], "write NAME=VALUE"),
        (["B0000", "locate", "--expires", "soon"], "for example 90s, 15m"),
        (["B0000", "locate", "--expires", "8d"], "at most 7d"),
        (["B0000", "fence", "zone=nowhere"], "no zone 'nowhere'"),
    ],
)
def test_wrong_input_ends_with_2_and_what_is_possible(gateway, arguments, said):
    done = gateway.command("command", *arguments)
    assert done.returncode == 2, done.stdout
    assert said in done.stderr
    assert gateway.tracebacks() == 0


def test_a_device_without_an_order_named_lists_what_it_can_be_told(gateway, mine):
    done = gateway.command("command", device(mine))
    assert done.returncode == 0, done.stderr
    assert {"locate", "text"} <= {line.split()[0] for line in done.stdout.splitlines()}


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory, gateway_of: Callable[..., Gateway]) -> Gateway:
    """A daemon that was stopped after an order that expired and the alarm of it."""
    gateway = gateway_of(tmp_path_factory.mktemp("ended"), 1)
    given(gateway, device(0), "locate", "--expires", "1s")
    eventually(lambda: len(gateway.events()) == 1, "the alarm is raised")
    with logged_in(gateway, 0) as terminal:
        terminal.ask(POSITION, position(time.time()))
    eventually(lambda: len(gateway.events()) == 2, "the alarm is cleared")
    assert gateway.stop() == 0
    return gateway


def test_without_a_daemon_a_command_says_so_and_changes_nothing(ended: Gateway) -> None:
    before = listed(ended, "--all")
    done = ended.command("command", device(0), "locate")
    assert (done.returncode, "not running" in done.stderr) == (1, True)
    assert list(before.values()) == ["expired"]
    assert listed(ended, "--all") == before


def test_replaying_a_journal_with_orders_gives_the_same_events_to_the_byte(ended: Gateway, tmp_path: Path) -> None:
    out = tmp_path / "again.jsonl"
    journal = ended.county.storage / "journal"
    ran([GATEWAY, "replay", "--journal", journal, "--alarms", out], PATIENCE, check=True)
    assert out.read_text("utf-8") == (ended.county.directory / "alarms.jsonl").read_text("utf-8")
    assert out.read_text("utf-8").count("\n") == 2
