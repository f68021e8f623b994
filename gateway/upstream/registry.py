"""The kinds of upstreams: a module each, loaded where a county has one, with a function ``made``."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from gateway.settings.model import UpstreamKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.settings.model import Upstream
    from gateway.upstream.contract import Means, Receiver

MODULES: Final[Mapping[UpstreamKind, str]] = {
    UpstreamKind.MQTT: "gateway.upstream.mqtt",
    UpstreamKind.WEBHOOK: "gateway.upstream.webhook",
    UpstreamKind.FILE: "gateway.upstream.file",
    UpstreamKind.NATS: "gateway.upstream.nats",
}


def receiver(upstream: Upstream, means: Means) -> Receiver:
    """The receiver of an upstream, not running yet."""
    made: Receiver = import_module(MODULES[upstream.kind]).made(upstream, means)
    return made
