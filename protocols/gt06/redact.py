"""A frame with only the reports that may be kept: there is at most one in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.errors import PeerFault
from protocols.gt06.wire import open_frame

if TYPE_CHECKING:
    from collections.abc import Sequence

    from protocols.gt06.profiles import Profile


def keep(raw: bytes, kept: Sequence[bool], profile: Profile) -> bytes:
    """The frame, or nothing of it.

    Args:
        raw: a frame that a session gave.
        kept: one value a report, in the order of ``Frame.device_times``.
        profile: under which the frame is read; any of the family.

    Raises:
        ValueError: ``kept`` has not as many values as the frame can have reports.
    """
    if len(kept) > 1 or (kept and not _may_report(raw, profile)):
        raise ValueError(f"{len(kept)} decisions for a frame with {int(_may_report(raw, profile))} reports")
    return raw if all(kept) else b""


def _may_report(raw: bytes, profile: Profile) -> bool:
    try:
        return bool(profile.forms_of(open_frame(raw).message))
    except PeerFault:
        return False
