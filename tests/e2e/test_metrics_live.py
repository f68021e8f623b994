"""A running gateway's page for Prometheus beside its own status."""

from __future__ import annotations

import urllib.request
from typing import TYPE_CHECKING, Any

from gateway_process import Gateway, eventually
from plain_terminal import POSITION, SOS, Terminal, position
from pressed_county import device, phone, write_county
from prometheus_client.parser import text_string_to_metric_families as parsed

from gateway.demo.broker import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STRANGER = "013812345678"
MOVING = {"oldest_waiting_seconds", "late", "ports", "alarm_budget", "disk", "backup"}
"""What changes between two looks, what is no figure, and what has figures of other names."""


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
        return numbers_of(before) == numbers_of(told[-1][1])

    eventually(look, "nothing moves")
    return told[-1]


def test_the_page_says_what_the_status_says_and_names_nobody(tmp_path: Path) -> None:
    county, port = write_county(tmp_path / "county", free_port(), 2), free_port()
    with (county.directory / "gateway.yaml").open("a", encoding="utf-8") as written:
        written.write(f'control: {{metrics: "127.0.0.1:{port}"}}\n')
    gateway = Gateway(county)
    try:
        gateway.start()
        with Terminal(county.port, phone(0)) as terminal:
            terminal.log_in()
            terminal.ask(POSITION, position(1_700_000_000, alarm=SOS))
        with Terminal(county.port, STRANGER) as stranger:
            stranger.send(stranger.frame(POSITION, position(1_700_000_000)))
            eventually(lambda: gateway.refused("unknown_device"), "the stranger is refused")
        eventually(lambda: gateway.events() and gateway.owed() == 0, "the alarm is out")
        page, status = between_two_alike(gateway, port)
    finally:
        gateway.finish()
    samples = {(one.name, *one.labels.values()): one.value for each in parsed(page) for one in each.samples}
    numbers = numbers_of(status)
    assert {path[0] for path, _ in numbers} >= {"entries", "refused", "connections", "upstreams", "healthy"}
    for (key, *names), number in numbers:
        found = [
            value
            for (name, *labels), value in samples.items()
            if sorted(labels) == sorted(names) and key.rstrip("s") in name
        ]
        assert number in found, (key, names)
    assert [each for each in (device(0), "P0000", phone(0), STRANGER, "24.33") if each in page] == []
