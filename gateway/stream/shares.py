"""How much of a city's streams each county may take: more than it can honestly have, and nothing of another's.

What a county may put somewhere is bounded where it lies, so that the sum of all shares is the size of the stream: a
county that fills its own makes nothing full for anybody else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

KIB: Final = 1 << 10
MIB: Final = 1 << 20
GIB: Final = 1 << 30

ALARM_SIZE: Final = 64 * KIB
"""Bytes of the largest message about an alarm, with its headers: it has the acts so far, some 300 bytes each."""
ALARMS_EACH: Final = 100
"""Messages about alarms of one bracelet in the 30 days that they are kept. Measured: 4.2 alarms in a device-month
(docs/simulator.md), of some five messages."""
LEAST_ALARMS: Final = 2_000
ACT_SIZE: Final = 32 * KIB
"""A county takes no act of more than 16,384 bytes."""
ACTS: Final = 10_000
"""Of a county, in 30 days."""
LIFE_SIZE: Final = 16 * KIB
BESIDE: Final = 512
"""Bytes that a message takes in a stream besides, at most."""
JOURNAL_EACH: Final = 10 * MIB
"""Bytes of the journal of one bracelet. A report a minute comes to 3.2 MB in 30 days (docs/scale.md)."""
LEAST_JOURNAL: Final = 256 * MIB
SIGNS: Final = 2 * GIB
"""Of a partition. Two messages a second, some 250 bytes each, come to 0.3 GB in the seven days that they are kept."""
CONFIGURATIONS: Final = 1 * GIB
CONFIGURATIONS_EACH: Final = 3 * MIB
"""Bytes of configurations and of what is known of cells: of a county, and of each of its bracelets besides."""
SOURCES: Final = 2
"""Of alarms: a county's gateway, and the city's worker, which says no more than the county's journal gives it."""


@dataclass(frozen=True, slots=True)
class Share:
    """Of one county. ``bracelets``: most that it has. Bytes, but for messages that are counted."""

    bracelets: int = 1_000

    @property
    def alarms(self) -> int:
        """Messages about alarms of each source."""
        return max(LEAST_ALARMS, ALARMS_EACH * self.bracelets)

    @property
    def alarm_bytes(self) -> int:
        """All messages about alarms."""
        return SOURCES * self.alarms * (ALARM_SIZE + BESIDE)

    @property
    def act_bytes(self) -> int:
        """All acts."""
        return ACTS * (ACT_SIZE + BESIDE)

    @property
    def configurations(self) -> int:
        """The bucket of configurations."""
        return CONFIGURATIONS + CONFIGURATIONS_EACH * self.bracelets

    def journal(self, partitions: int) -> int:
        """The stream of each of so many partitions; one may have twice its part of the people."""
        whole = max(LEAST_JOURNAL, JOURNAL_EACH * self.bracelets)
        return whole if partitions == 1 else 2 * whole // partitions

    def signs(self, partitions: int) -> int:
        """What partitions hand on."""
        return SIGNS * partitions
