"""What can be fuzzed: every registered family, and the port shared by all of them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

from fuzz.harness import Target
from protocols.detect import Detecting
from protocols.registry import FAMILIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from protocols.session import Family, Frame, WireSession

DETECTION = "detection"
NAMES = (*FAMILIES, DETECTION)


class DetectionTarget(Target):
    """A shared port: sessions, logins, orders and ticks. Its frames are decoded in the targets of their families."""

    def __init__(self) -> None:
        orders = {kind: form for family in FAMILIES.values() for kind, form in family.orders.items()}
        shared = SimpleNamespace(name=DETECTION, profiles=("shared",), orders=orders, session=_shared, describer=_none)
        super().__init__(cast("Family", shared))

    def _decode(self, profile: str, frames: Sequence[Frame], *, now: bool) -> None:
        del profile, frames, now

    def _keep(self, frames: Sequence[Frame]) -> None:
        del frames


def target_of(name: str) -> Target:
    """A fresh target by its name, one of :data:`NAMES`."""
    return DetectionTarget() if name == DETECTION else Target(FAMILIES[name])


def _shared(_profile: str, *, strict_checksum: bool = True, identity: str = "") -> WireSession:
    del identity
    return Detecting(FAMILIES, strict_checksum=strict_checksum)


def _none(_profile: str) -> object:
    return lambda _stream, _now: {}
