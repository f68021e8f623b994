"""Annex A as the rest of the gateway sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.account import Fields, blank_account, reports_of
from protocols.allowance import harmless_only
from protocols.annex_a.commands import ORDERS, command_of, is_own
from protocols.annex_a.packet import Packet, read_packet
from protocols.annex_a.payload import PAYLOADS, report_of
from protocols.annex_a.profiles import load_profiles
from protocols.annex_a.session import Session
from protocols.errors import PeerFault
from protocols.jt808.wire import FLAG_BYTE
from protocols.rows import Row, batch_of, raws_of
from protocols.session import Delivery, Frame

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from protocols.annex_a.profiles import Profile
    from protocols.order import OrderForm
    from protocols.report import ReportBatch
    from protocols.session import Family, Fragments, FrameBatch


class AnnexA:
    """Implements :class:`protocols.session.Family`.

    Raises:
        ValueError: a profile names one of `modem` or `jt808` that does not exist.
    """

    name = "annex_a"
    delivery = Delivery.NONE
    signature: tuple[bytes, ...] = ()
    orders: Mapping[str, OrderForm] = ORDERS
    allowance = staticmethod(harmless_only(frozenset({"version", "attributes"})))
    fragments: Fragments | None = None

    def __init__(self, profiles: Mapping[str, Profile]) -> None:
        for name, profile in profiles.items():
            if profile.payload != "raw" and profile.payload_profile not in PAYLOADS[profile.payload].profiles:
                raise ValueError(f"annex_a profile {name}: no profile {profile.payload_profile!r} to read its data by")
        self._profiles = profiles

    @property
    def profiles(self) -> Sequence[str]:
        """Names of the profiles, ``standard`` first."""
        return tuple(self._profiles)

    def session(self, profile: str, *, strict_checksum: bool = True, identity: str = "") -> Session:
        """A fresh session; ``identity`` is whose device it is, for packets do not say so.

        Raises:
            KeyError: no such profile.
        """
        return Session(self._profiles[profile], strict_checksum=strict_checksum, identity=identity)

    def decode(self, frames: FrameBatch) -> ReportBatch:
        """A report without a place for each packet whose own data hold one; an unknown profile counts as the first."""
        rows = (_report(raw, index, self._chosen(profile)) for index, raw, profile in raws_of(frames))
        return batch_of([row for row in rows if row is not None])

    def keep(self, raw: bytes, kept: Sequence[bool]) -> bytes:
        """The packet, or nothing of it: it holds one report at most.

        Raises:
            ValueError: more than one decision.
        """
        if len(kept) > 1:
            raise ValueError(f"{len(kept)} decisions for one report")
        return raw if all(kept) else b""

    def describer(self, profile: str) -> Callable[[bytes, float], Fields]:
        """A function (packet with its flags, now) that describes packets of one session.

        Raises:
            KeyError: no such profile.
        """
        session = self.session(profile, strict_checksum=False)
        return lambda line, now: self._describe(line, now, session, profile)

    def describe(self, lines: Sequence[bytes], profile: str) -> list[Fields]:
        """Account of whole packets run in order through one session."""
        describe = self.describer(profile)
        return [describe(line, 0.0) for line in lines]

    def _describe(self, line: bytes, now: float, session: Session, name: str) -> Fields:
        account = blank_account(self.name, name)
        try:
            packet, sound = _read_line(line)
        except PeerFault as fault:
            return account | {"error": str(fault)}
        (event,) = session.feed(line, now)
        row = _report(event.raw, 0, self._profiles[name]) if isinstance(event, Frame) else None
        return account | {
            "version": str(packet.version),
            "message": command_of(packet.command, self._profiles[name]).name,
            "message_id": f"{packet.command:02X}",
            "checksum": "ok" if sound else "bad",
            "maker": packet.maker,
            "device_type": packet.device_type,
            "reports": reports_of(batch_of([] if row is None else [row])),
            "reply": (event.answer.hex() or None) if isinstance(event, Frame) else None,
        }

    def _chosen(self, name: str) -> Profile:
        return self._profiles.get(name) or next(iter(self._profiles.values()))


def _report(raw: bytes, frame: int, profile: Profile) -> Row | None:
    """The report of a journaled packet; what no session would have given has none."""
    try:
        packet, _ = read_packet(raw[1:-1])
    except PeerFault:
        return None
    return report_of(packet.data, frame, profile) if is_own(packet.command, profile) else None


def _read_line(line: bytes) -> tuple[Packet, bool]:
    """A whole packet with its flags.

    Raises:
        PeerFault: ``no_flags``, ``several_frames`` and those of :func:`read_packet`.
    """
    if len(line) < 2 or line[:1] != FLAG_BYTE or line[-1:] != FLAG_BYTE:  # noqa: PLR2004  # two flags
        raise PeerFault("no_flags", "a packet begins and ends with 7E")
    if FLAG_BYTE in line[1:-1]:
        raise PeerFault("several_frames", "7E stands inside: give one packet a line")
    return read_packet(line[1:-1])


FAMILY: Family = AnnexA(load_profiles())
