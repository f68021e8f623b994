"""The transports: one line each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.listeners.mqtt import MqttListener
from gateway.listeners.serial_line import SerialListener
from gateway.listeners.tcp import TcpListener
from gateway.listeners.udp import UdpListener
from gateway.settings.model import ListenerKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gateway.intake.intake import Intake
    from gateway.listeners.listening import Listening
    from gateway.settings.model import Listener

LISTENERS: Final[Mapping[ListenerKind, Callable[[Listener, Intake, Callable[[], None]], Listening]]] = {
    ListenerKind.TCP: TcpListener,
    ListenerKind.UDP: UdpListener,
    ListenerKind.MQTT: MqttListener,
    ListenerKind.SERIAL: SerialListener,
}
