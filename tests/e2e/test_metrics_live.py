"""A running gateway's page for Prometheus beside its own status."""

from __future__ import annotations

import urllib.error
import urllib.request
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Any

import pytest
from gateway_process import Gateway, eventually, locked
from log_server_end import LogServerEnd
from monitoring_files import expressions, unserved
from plain_terminal import POSITION, SOS, Terminal, position
from pressed_county import device, phone, write_county
from prometheus_client.parser import text_string_to_metric_families as parsed

from gateway.demo.broker import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STRANGER = "013812345678"
MOVING = {
    "oldest_waiting_seconds",
    "late",
    "alarm_path",
    "ports",
    "alarm_budget",
    "disk",
    "backup",
    "lag_seconds",
    "answer_seconds",
    "syslog",
}
"""What changes between two looks, what is no figure, and what has figures of other names."""


@pytest.fixture
def around() -> Iterator[ExitStack]:
    """What ends with the test."""
    with ExitStack() as stack:
        yield stack


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], float]]:
    """Every number of the status, with the names that lead to it."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from leaves(each, (*path, name))
    elif isinstance(value, int | float):
        yield path, float(value)


def numbers_of(status: dict[str, Any]) -> list[tuple[tuple[str, ...], float]]:
    """Those that stay while nothing comes."""
    return [each for each in leaves(status) if each[0][0] not in MOVING]


def between_two_alike(gateway: Gateway, port: int) -> tuple[str, dict[str, Any]]:
    """A page that was read while nothing moved, and the status of then."""
    told: list[tuple[str, dict[str, Any]]] = []

    def look() -> bool:
        before = gateway.status()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as answer:
            told.append((answer.read().decode(), gateway.status()))
        after = told[-1][1]
        return (numbers_of(before), before["answer_seconds"]) == (numbers_of(after), after["answer_seconds"])

    eventually(look, "nothing moves")
    return told[-1]


def with_page(tmp_path: Path, log_port: int) -> tuple[Gateway, int]:
    """A gateway that serves its figures and tells a log server, not started, and where its figures are."""
    county, port = write_county(tmp_path / "county", free_port(), 2), free_port()
    with (county.directory / "gateway.yaml").open("a", encoding="utf-8") as written:
        written.write(f'control: {{metrics: "127.0.0.1:{port}"}}\n')
        written.write(f'syslog: {{address: "tcp://127.0.0.1:{log_port}"}}\n')
    return Gateway(county), port


def probe(port: int, path: str) -> tuple[int, str]:
    """What a probe is told."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.read().decode()


def test_the_page_says_what_the_status_says_and_names_nobody(tmp_path: Path, around: ExitStack) -> None:
    log_server = around.enter_context(LogServerEnd())
    gateway, port = with_page(tmp_path, log_server.port)
    try:
        gateway.start()
        with Terminal(gateway.county.port, phone(0)) as terminal:
            terminal.log_in()
            terminal.ask(POSITION, position(1_700_000_000, alarm=SOS))
        with Terminal(gateway.county.port, STRANGER) as stranger:
            stranger.send(stranger.frame(POSITION, position(1_700_000_000)))
            eventually(lambda: gateway.refused("unknown_device"), "the stranger is refused")
        eventually(lambda: gateway.events() and gateway.owed() == 0, "the alarm is out")
        eventually(lambda: len(log_server.octets) == 3, "the log server has been told")
        page, status = between_two_alike(gateway, port)
        probed = [probe(port, path) for path in ("/healthz", "/readyz")]
    finally:
        gateway.finish()
    samples = {(one.name, *one.labels.values()): one.value for each in parsed(page) for one in each.samples}
    numbers = numbers_of(status)
    assert [each for asked in expressions() for each in unserved(page, asked)] == []
    assert probed == [(200, "ok\n")] * 2
    assert {path[0] for path, _ in numbers} >= {"entries", "refused", "connections", "upstreams", "healthy", "owed"}
    assert status["alarm_changes"] == {"sos": {"raised": 1}}
    up_to = status["answer_seconds"]["up_to"]
    assert up_to["+Inf"] >= 2
    assert {bound: samples["bracelet_gateway_answer_seconds_bucket", bound] for bound in up_to} == up_to
    assert {labels[0] for name, *labels in samples if name == "bracelet_gateway_lag_seconds"} == {
        *status["lag_seconds"]
    }
    for (key, *names), number in numbers:
        found = [
            value
            for (name, *labels), value in samples.items()
            if sorted(labels) == sorted(names) and key.rstrip("s") in name
        ]
        assert number in found, (key, names)
    assert [each for each in (device(0), "P0000", phone(0), STRANGER, "24.33") if each in page] == []
    started, configured, alarm = log_server.heard
    assert [one.name for one in (started, configured, alarm)] == ["START", "CONFIGURATION", "alarm.raised"]
    assert int(alarm.fact("entry")) == gateway.events()[0]["data"]["journal"]["entry"]
    assert (status["syslog"]["connected"], status["syslog"]["sent"]) == (True, 3)
    said = b"".join(log_server.octets).decode()
    assert [each for each in ("P0000", phone(0), STRANGER, "24.33", "109.42") if each in said] == []


def test_while_the_journal_is_locked_we_are_alive_and_not_ready(tmp_path: Path, around: ExitStack) -> None:
    gateway, port = with_page(tmp_path, around.enter_context(LogServerEnd()).port)
    try:
        gateway.start()
        with Terminal(gateway.county.port, phone(0)) as terminal:
            terminal.log_in()
            with closing(locked(gateway)):
                terminal.send(terminal.frame(POSITION, position(1_700_000_000)))
                eventually(lambda: probe(port, "/readyz")[0] == 503, "it is not ready")
                words = "journal: journal cannot store: another program holds the file (database is locked). "
                told = [probe(port, path)[1] for path in ("/readyz", "/healthz")]
                assert [each.partition("\n")[0] for each in told] == ["store journal", "ok"]
                assert all(f"\n{words}" in each for each in told)
            eventually(lambda: probe(port, "/readyz") == (200, "ok\n"), "it is ready again")
    finally:
        gateway.finish()
