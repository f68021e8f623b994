"""Row of the benchmark: from the last byte of an emergency to the message at a subscriber, while half of what is possible comes."""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from bench_rows import APART, BEHIND, county, rate
from bench_table import Figure
from paho.mqtt.client import CallbackAPIVersion, Client, MQTTMessage

from gateway.demo.broker import LocalBroker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench_process import Server
    from bench_rows import Asked

EACH_SECOND = 20
"""Buttons pressed."""
LEAST_SECONDS = 10.0
LAST_WORDS = 2.0
"""Seconds that the last alarms may take."""


class Subscriber:
    """Notes when the first message of each device's emergency comes."""

    def __init__(self, port: int) -> None:
        self.came: dict[int, float] = {}
        self._client = Client(CallbackAPIVersion.VERSION2, client_id="bench")
        self._client.on_connect = lambda client, *_: client.subscribe("bracelet/+/alarm/#", qos=1)
        self._client.on_message = self._take
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()

    def _take(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        now, event = time.perf_counter(), json.loads(message.payload)["data"]
        if event["kind"] == "sos":
            self.came.setdefault(int(event["device"][1:]), now)

    def close(self) -> None:
        """Enough."""
        self._client.disconnect()
        self._client.loop_stop()


def at_the_broker(asked: Asked) -> Iterator[Figure]:
    """Row e. Half of the load is half of what one frame in flight gave just before, by the same gateway."""
    with tempfile.TemporaryDirectory() as folder:
        broker = LocalBroker(Path(folder))
        broker.start()
        subscriber = Subscriber(broker.port)
        try:
            with county(asked.connections, broker=broker.port) as ours:
                load, waits = _waits(ours, subscriber, asked)
        finally:
            subscriber.close()
            broker.stop()
    p50, p99 = np.percentile(waits, (50, 99)) if waits else (np.inf, np.inf)
    beside = f"{len(waits)} of {len(load['pressed'])} alarms, at {rate(load):,.0f} reports/s"
    yield Figure(
        "e", "alarm at the broker's subscriber after its last byte, half load: p50", p50, "ms", most=60, beside=beside
    )
    yield Figure("e", "the same: p99", p99, "ms", most=250)


def _waits(ours: Server, subscriber: Subscriber, asked: Asked) -> tuple[dict, list[float]]:
    """The load's result, and milliseconds from each button to its message."""
    full = rate(ours.load(asked.connections, asked.seconds, start=int(time.time()) - BEHIND, apart=APART))
    seconds = max(LEAST_SECONDS, asked.seconds)
    load = ours.load(
        asked.connections, seconds, interval=2.0 * asked.connections / full, warm_up=2.0, sos=int(EACH_SECOND * seconds)
    )  # fmt: skip
    time.sleep(LAST_WORDS)
    came = subscriber.came
    return load, [1000.0 * (came[device] - at) for device, at in load["pressed"] if device in came]
