"""Modems as the rest of the gateway sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.account import Fields, blank_account, reports_of
from protocols.allowance import harmless_only
from protocols.family import ProfileFamily
from protocols.modem.privacy import without_subscriber
from protocols.modem.profiles import Profile, load_profiles
from protocols.modem.scan import Scan, lines_of, read_scan
from protocols.modem.session import Session
from protocols.rows import Row, batch_of, raws_of
from protocols.session import Delivery

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from protocols.order import OrderForm
    from protocols.report import ReportBatch
    from protocols.session import Family, Fragments, FrameBatch


class Modem(ProfileFamily[Profile]):
    """Implements :class:`protocols.session.Family`."""

    name = "modem"
    delivery = Delivery.NONE
    signature: tuple[bytes, ...] = ()
    orders: Mapping[str, OrderForm] = {}
    allowance = staticmethod(harmless_only(frozenset()))
    fragments: Fragments | None = None

    def session(self, profile: str, *, strict_checksum: bool = True, identity: str = "") -> Session:
        """A fresh session; ``identity`` is whose modem it is, for its answers do not say so.

        Raises:
            KeyError: no such profile.
        """
        del strict_checksum
        return Session(self._profiles[profile], identity)

    def decode(self, frames: FrameBatch) -> ReportBatch:
        """One report without a place for each scan that heard a cell; a profile that is gone is read as the first."""
        first = next(iter(self._profiles.values()))
        rows: list[Row] = []
        for index, raw, profile in raws_of(frames):
            rows += report_of(read_scan(lines_of(raw), self._profiles.get(profile, first)), index)
        return batch_of(rows)

    def keep(self, raw: bytes, kept: Sequence[bool]) -> bytes:
        """The scan, or nothing of it.

        Raises:
            ValueError: ``kept`` has not as many values as the scan has reports.
        """
        reports = len(report_of(read_scan(lines_of(raw), next(iter(self._profiles.values()))), 0))
        if len(kept) != reports:
            raise ValueError(f"{len(kept)} decisions for {reports} reports")
        return raw if all(kept) else b""

    def describer(self, profile: str) -> Callable[[bytes, float], Fields]:
        """A function (lines, now) that describes one scan, or one line of it.

        Raises:
            KeyError: no such profile.
        """
        chosen = self._profiles[profile]
        return lambda lines, _now: self._describe(lines, profile, chosen)

    def _describe(self, raw: bytes, name: str, profile: Profile) -> Fields:
        scan = read_scan([without_subscriber(line) for line in lines_of(raw)], profile)
        radio = [{"pci": one.pci, "channel": one.channel, "rsrp_dbm": one.dbm} for one in scan.unidentified]
        return blank_account(self.name, name) | {
            "message": "scan" if scan.known else None,
            "reports": reports_of(batch_of(report_of(scan, 0))),
            "unidentified": radio,
            "error": None if scan.known else "no_answer: no line is a modem's answer that is read here",
        }


def report_of(scan: Scan, frame: int) -> list[Row]:
    """The report of a scan: its cells and nothing else; a modem has no clock here and speaks of no alarm."""
    return [Row(frame, stated=0, cells=scan.cells)] if scan.cells else []


FAMILY: Family = Modem(load_profiles())
