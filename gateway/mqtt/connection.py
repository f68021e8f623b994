"""One connection to a broker: what aiomqtt 2.5 does not say is said here.

What came is acknowledged by us, after it is on disk; it carries the flag of a repetition; a topic or message that
cannot be read ends nothing. A PUBACK brings its reason (MQTT 5). What waits ends at once when the connection does. A
connection that could not be had leaves no socket behind, over which a slow broker might yet accept it.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import urlsplit

import aiomqtt
from paho.mqtt.client import MQTT_CLEAN_START_FIRST_ONLY
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from gateway.settings.model import Tls
from gateway.tls import client_context

if TYPE_CHECKING:
    from paho.mqtt.client import Client as PahoClient
    from paho.mqtt.client import MQTTMessage
    from paho.mqtt.reasoncodes import ReasonCode

    from gateway.settings.model import Credential

PORTS: Final = {"mqtt": 1883, "mqtts": 8883}
KEEPALIVE = 20
"""Seconds of silence after which the broker is asked whether it is still there."""
KEEPALIVE_OVER = 0x8D
"""Reason code of a broker that did not answer to that."""
NEVER = 0xFFFFFFFF
"""MQTT 5: the session does not expire."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message that came; ``topic`` is empty where it cannot be read.

    ``retained``: the broker had kept it, and says it to whoever subscribes.
    """

    topic: str
    payload: bytes
    mid: int
    qos: int
    repeated: bool
    retained: bool = False


class Connection(aiomqtt.Client):
    """To be entered once. ``window``: publishes that may wait for their acknowledgement."""

    def __init__(  # noqa: PLR0913  what a connection is made of
        self, url: str, credential: Credential, identifier: str, *, connect_wait: float, window: int, version: int = 3,
        tls: Tls | ssl.SSLContext | None = None,
    ) -> None:  # fmt: skip
        """``connect_wait``: seconds for connecting; publishes and subscriptions bring their own.

        ``tls``: files, or what was made of them; None: public authorities.

        Raises:
            TransientFault: a file of ``tls`` cannot be used.
        """
        there, newer = urlsplit(url), version == int(aiomqtt.ProtocolVersion.V5)
        super().__init__(
            there.hostname or "127.0.0.1",
            there.port or PORTS.get(there.scheme, 1883),
            identifier=identifier,
            protocol=aiomqtt.ProtocolVersion.V5 if newer else aiomqtt.ProtocolVersion.V311,
            clean_session=None if newer else False,
            clean_start=False if newer else MQTT_CLEAN_START_FIRST_ONLY,
            properties=_kept() if newer else None,
            username=credential.username or None,
            password=credential.password or None,
            tls_context=_secured(tls or Tls()) if there.scheme == "mqtts" else None,
            socket_options=[(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)],
            keepalive=KEEPALIVE,
            timeout=connect_wait,
        )
        self.pending_calls_threshold = window  # a window in flight is meant, not worth a warning
        # paho would acknowledge on arrival.
        self._client.manual_ack_set(True)  # noqa: FBT003  paho's signature
        self._came: asyncio.Queue[Incoming | None] = asyncio.Queue()
        self._awaited: dict[int, asyncio.Future[int]] = {}

    async def __aenter__(self) -> Self:
        """Connect.

        Raises:
            MqttError: it is refused, or the time is over.
        """
        try:
            await super().__aenter__()
        except BaseException:
            # aiomqtt leaves the socket open, and its keep-alive running.
            self._client._sock_close()  # noqa: SLF001  paho has no call of its own
            raise
        self._disconnected.add_done_callback(self._ended)
        return self

    def leave_word(self, topic: str, payload: bytes) -> None:
        """What the broker publishes in our name, and keeps, once we are gone without a word; before connecting."""
        self._client.will_set(topic, payload, 1, retain=True)

    @property
    def waiting(self) -> int:
        """Messages that came and were not taken yet."""
        return self._came.qsize()

    @property
    def was_ended(self) -> bool:
        """Whether the broker ended the connection: not we, and not a silence on the line."""
        if not self._disconnected.done() or self._disconnected.cancelled():
            return False
        fault = self._disconnected.exception()
        code = fault.rc if isinstance(fault, aiomqtt.MqttCodeError) else None
        return fault is not None and getattr(code, "value", code) != KEEPALIVE_OVER

    async def receive(self) -> Incoming:
        """The next message that came.

        Raises:
            MqttError: the connection is lost, and nothing of it is left.
        """
        incoming = await self._came.get()
        if incoming is None:
            raise aiomqtt.MqttError(_why(self._disconnected))
        return incoming

    async def send(self, topic: str, payload: bytes, *, keep: bool = False) -> int:
        """Publish at QoS 1; returns the broker's reason code, which from 0x80 on says no.

        ``keep``: the broker says it to whoever subscribes later (retained).

        Raises:
            MqttError: the connection is lost; whether the message arrived is not known.
        """
        sent = self._client.publish(topic, payload, 1, keep)
        if sent.rc:
            raise aiomqtt.MqttCodeError(sent.rc, "cannot publish")
        confirmed: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._awaited[sent.mid] = confirmed
        try:
            return await confirmed
        finally:
            self._awaited.pop(sent.mid, None)

    async def ask(self, topic: str, wait: float) -> int:
        """Subscribe at QoS 1; returns the broker's code, which from 0x80 on says no.

        Raises:
            MqttError: no answer within ``wait`` seconds.
        """
        codes = await self.subscribe(topic, 1, timeout=wait)
        return max(map(_number, codes))

    def forget(self, incoming: Incoming) -> None:
        """Acknowledge to the broker: it may forget the message now."""
        self._client.ack(incoming.mid, incoming.qos)

    def acknowledge(self, mid: int) -> None:
        """The same for a message of QoS 1 by its packet id."""
        self._client.ack(mid, 1)

    def _ended(self, disconnected: asyncio.Future[None]) -> None:
        why = _why(disconnected)
        self._came.put_nowait(None)
        for confirmed in self._awaited.values():
            if not confirmed.done():
                confirmed.set_exception(aiomqtt.MqttError(why))

    def _on_message(self, client: PahoClient, userdata: Any, message: MQTTMessage) -> None:  # noqa: ANN401, ARG002
        try:
            topic = message.topic
        except UnicodeDecodeError:
            topic = ""
        payload, flags = bytes(message.payload), (bool(message.dup), bool(message.retain))
        self._came.put_nowait(Incoming(topic, payload, message.mid, message.qos, *flags))

    def _on_publish(
        self,
        client: PahoClient,  # noqa: ARG002
        userdata: Any,  # noqa: ANN401, ARG002
        mid: int,
        reason_code: ReasonCode,
        properties: Properties,  # noqa: ARG002
    ) -> None:
        confirmed = self._awaited.get(mid)
        if confirmed is not None and not confirmed.done():
            confirmed.set_result(_number(reason_code))


class _Handshaken(ssl.SSLSocket):
    """Closed at once where the two ends do not know each other: paho leaves that to a collection of memory."""

    def do_handshake(self, block: bool = False) -> None:  # noqa: FBT001, FBT002  the library's signature
        """As it is there."""
        try:
            super().do_handshake(block)
        except OSError:
            self.close()
            raise


def _secured(tls: Tls | ssl.SSLContext) -> ssl.SSLContext:
    """How both ends know each other.

    Raises:
        TransientFault: a file cannot be used.
    """
    context = tls if isinstance(tls, ssl.SSLContext) else client_context(tls)
    context.sslsocket_class = _Handshaken
    return context


def _number(code: ReasonCode | int) -> int:
    number: int = code if isinstance(code, int) else code.value
    return number


def _kept() -> Properties:
    """What a CONNECT of MQTT 5 carries for a session that outlasts the connection."""
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
    properties.SessionExpiryInterval = NEVER
    return properties


def _why(disconnected: asyncio.Future[None]) -> str:
    fault = None if disconnected.cancelled() else disconnected.exception()
    return f"connection lost: {fault}" if fault is not None else "connection closed"


REFUSED = 0x80
"""MQTT: reason codes from here on say no."""
