"""The transports: one line each, loaded where a county has a listener of the kind."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final, TypeAlias

from gateway.listeners.conversation import open_session
from gateway.settings.model import ListenerKind
from protocols.on_demand import OnDemand

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gateway.intake.intake import Intake
    from gateway.listeners.listening import Listening
    from gateway.settings.model import Listener

    Open: TypeAlias = Callable[[Listener, Intake, Callable[[], None]], Listening]

_HOMES: Final = {
    ListenerKind.TCP: ("tcp", "TcpListener"),
    ListenerKind.UDP: ("udp", "UdpListener"),
    ListenerKind.MQTT: ("mqtt", "MqttListener"),
    ListenerKind.SERIAL: ("serial_line", "SerialListener"),
}


def _loaded(kind: ListenerKind) -> Open:
    module, name = _HOMES[kind]
    listener: Open = getattr(import_module(f"gateway.listeners.{module}"), name)
    return listener


LISTENERS: Final[Mapping[ListenerKind, Open]] = OnDemand(_HOMES, _loaded)


def ways_in(listeners: Sequence[Listener], intake: Intake, wake: Callable[[], None]) -> list[Listening]:
    """A listener each, not yet open. Their wires are loaded, so that no bracelet waits for that."""
    for one in listeners:
        open_session(one, intake.families, one.identity)
    return [LISTENERS[one.kind](one, intake, wake) for one in listeners]
