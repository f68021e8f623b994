"""The ways from a bracelet to the platform: one row each, by the name a scenario gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware_sim.links.line import Address, Line, LineEnd
from firmware_sim.links.mqtt import MqttLine
from firmware_sim.links.serial_line import SerialLine
from firmware_sim.links.tcp import TcpLine
from firmware_sim.links.udp import UdpLine

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["LINES", "Address", "Line", "LineEnd", "MqttLine", "SerialLine", "TcpLine", "UdpLine"]

LINES: dict[str, Callable[[str, Address, LineEnd], Line]] = {
    "tcp": TcpLine,
    "udp": UdpLine,
    "mqtt": MqttLine,
    "serial": SerialLine,
}
"""Makers of a line from the bracelet's key, the platform's address, and who is told."""
