"""The part of a configuration that a partition needs, so that its engine says of its people what one engine says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gateway.engine.sharing import counts_since
from gateway.partition.placed import Placed

if TYPE_CHECKING:
    from gateway.settings.model import Configuration


def part_of(
    configuration: Configuration, partition: int, partitions: int, placed: Placed | None = None
) -> Configuration:
    """What is told of a partition's people and guests, and the devices that go there; one of one is all.

    Zones, rules and people's homes are those of the whole county, by reference: a change of any of them closes
    everybody's past, and so it has to in each partition at the same entry. Its digest is that of the whole, by which
    the log names it.

    Args:
        configuration: checked, of the whole county.
        partition: which, 0 <= partition < partitions.
        partitions: how many there are.
        placed: what ``Placed.of`` makes of both, if it is at hand.
    """
    if partitions == 1:
        return configuration
    placed = placed or Placed.of(configuration, partitions)
    here = placed.known[:, partition]

    def holds(person: str) -> bool:
        return placed.holds(partition, person)

    return replace(
        configuration,
        counts_since=counts_since(configuration),
        devices={key: one for key, one in configuration.devices.items() if here[placed.devices[key]]},
        assignments=tuple(one for one in configuration.assignments if here[placed.devices[one.device]]),
        authorities=tuple(one for one in configuration.authorities if holds(one.person)),
        leave=tuple(one for one in configuration.leave if holds(one.person)),
        removals=tuple(one for one in configuration.removals if holds(one.person)),
        appointments=tuple(one for one in configuration.appointments if holds(one.person)),
    )
