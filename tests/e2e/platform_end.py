"""The city platform's end: a subscriber with a persistent session, which counts every message by its CloudEvents id."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from gateway_process import PATIENCE
from paho.mqtt.client import CallbackAPIVersion, Client, MQTTMessage


@dataclass
class PlatformEnd:
    """Connected until closed; comes back by itself when the broker does.

    ``messages`` counts what the broker holds; what it hands out a second time after its own restart carries the DUP
    flag (MQTT 3.1.1, section 3.3.1.1) and is counted in ``handed_out_again``.
    """

    port: int
    messages: Counter[str] = field(default_factory=Counter)
    handed_out_again: Counter[str] = field(default_factory=Counter)
    events: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.client = Client(CallbackAPIVersion.VERSION2, client_id="platform", clean_session=False)
        self.client.reconnect_delay_set(1, 1)
        self.client.on_connect = lambda client, *_: client.subscribe("bracelet/+/alarm/#", qos=1)
        self.client.on_message = self._take
        self.client.connect("127.0.0.1", self.port)
        self.client.loop_start()

    def _take(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        event = json.loads(message.payload)
        seen = self.handed_out_again if message.dup and event["id"] in self.events else self.messages
        seen[event["id"]] += 1
        self.events[event["id"]] = event

    def publish(self, topic: str, payload: bytes) -> None:
        self.client.publish(topic, payload, qos=1).wait_for_publish(PATIENCE)

    def raised(self) -> list[dict[str, Any]]:
        """Data of every alarm raised."""
        return [event["data"] for event in list(self.events.values()) if event["type"] == "bracelet.alarm.raised"]

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()
