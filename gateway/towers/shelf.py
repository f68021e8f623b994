"""Versions of what is known of cells, opened, by digest."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from gateway.errors import OurFault
from gateway.fusion.scan.known import NOTHING_KNOWN
from gateway.fusion.scan.places import prepare

if TYPE_CHECKING:
    from collections.abc import Callable

    from gateway.fusion.scan.known import Known
    from gateway.towers.versions import TowerVersions

MOST: Final = 4
"""Versions held open: the one in force, and those before it that late reports are of."""


def refuse(fault: OurFault) -> None:
    """Nothing can be worked out anew without what it was worked out with."""
    raise fault


@dataclass(slots=True)
class TowerShelf:
    """What ``step`` asks for versions.

    Attributes:
        versions: where they lie; None: there are none.
        override: digest of the version that is taken for every one.
        missing: told of a version that cannot be opened; where it does not raise, nothing is known in its time.
    """

    versions: TowerVersions | None = None
    override: str = ""
    missing: Callable[[OurFault], None] = refuse
    _opened: dict[str, Known] = field(default_factory=dict)

    def __call__(self, digest: str) -> Known:
        """The version of a digest."""
        wanted = self.override or digest
        known = self._opened.get(wanted)
        if known is None:
            known = self._tried(wanted)
        self.put(wanted, known)
        return known

    def put(self, digest: str, known: Known) -> None:
        """Keep one that was opened, as the one that was asked for last."""
        self._opened.pop(digest, None)
        self._opened[digest] = known
        while len(self._opened) > MOST:
            del self._opened[next(iter(self._opened))]

    def opened(self, digest: str) -> Known:
        """Open a version, ready to be looked up in; in any thread.

        Raises:
            OurFault: it is not there, or damaged.
        """
        if self.versions is None:
            return NOTHING_KNOWN
        known = self.versions.open(digest)
        prepare(known)
        return known

    def _tried(self, digest: str) -> Known:
        try:
            return self.opened(digest)
        except OurFault as fault:
            self.missing(fault)
            return NOTHING_KNOWN
