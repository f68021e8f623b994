"""All reports of a batch of frames as columns: no Python loop per report.

Loops that are compiled go over all frames, whatever their profiles; then each reader of a profile goes over the entries
of its id, which stand one behind the other.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from formulas.formula import Loop, formula
from protocols.jt808.batch import BEGIN, END, FRAME, bodies_of, locked, records_of
from protocols.jt808.fixed_part import fixed_part
from protocols.jt808.heard import cells_in, wifi_in
from protocols.jt808.items import SAMPLES
from protocols.jt808.messages.position import LOCATION_SIZE
from protocols.jt808.readers import Collected, Reading
from protocols.jt808.status import status_reports, together
from protocols.lists import IDENT, OWNER, SIZE, START, Items
from protocols.report import blank
from protocols.session import FrameBatch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from protocols.jt808.batch import Bodies
    from protocols.jt808.items import Item
    from protocols.jt808.profiles import Profile
    from protocols.report import ReportBatch

    Bytes = NDArray[np.uint8]
    Rows = NDArray[np.int64]

_IDS = 256
_HEAD = 2
"""Bytes of an item before its data: id and size."""
_MOST_MIXTURES = 256


class Mixture(NamedTuple):
    """What several profiles make of their frames.

    Attributes:
        words: uint64 (profiles, 3, 2, 32), :attr:`protocols.jt808.profiles.Profile.words` of each.
        groups: int64 (profiles, 256), which group an item belongs to by profile and id; -1: nobody reads it.
        readers: with the group that each reads, profile by profile in their order.
        ends: how many groups there are.
        status: int64 (k,), messages that tell of the device alone by any of the profiles.
    """

    words: NDArray[np.uint64]
    groups: Rows
    readers: tuple[tuple[int, Item], ...]
    ends: int
    status: Rows


def decode(frames: FrameBatch, profiles: Mapping[str, Profile]) -> ReportBatch:
    """Decode whole frames.

    Args:
        frames: as journaled, still escaped, flags kept.
        profiles: by name; a name in ``frames.profile`` that is not there is read as the first.

    Returns:
        The reports in order of frame; fragments and messages without reports give none.
    """
    used = tuple(profiles.get(name) or next(iter(profiles.values())) for name in frames.profile)
    mixture, profile_of = mixture_of(used), np.ascontiguousarray(frames.profile_index)
    bodies = bodies_of(frames)
    records = records_of(bodies, mixture.status)
    places = _places(bodies, records.rows, profile_of, mixture)
    status = status_reports(bodies, records.status, used, profile_of)
    return places if status is None else together(places, status)


def prepare(profiles: Mapping[str, Profile]) -> None:
    """Call every loop once, with nothing."""
    decode(FrameBatch.of([], ""), profiles)
    items, collected = Items(locked(np.empty(0, np.uint8)), np.empty((0, 4), np.int64)), Collected(blank(0))
    for reader in SAMPLES:
        reader.collect(items, collected)
    Reading(SAMPLES).read(items, collected)
    cells_in(collected.cells)
    wifi_in(collected.wifi)


@lru_cache(_MOST_MIXTURES)
def mixture_of(profiles: tuple[Profile, ...]) -> Mixture:
    """What these profiles, in this order, make of their frames."""
    groups, readers, count = np.full((len(profiles), _IDS), -1), list[tuple[int, "Item"]](), 0
    for own, profile in zip(groups, profiles, strict=True):
        ids = sorted({reader.id for reader in profile.readers if reader.id < _IDS})
        own[ids] = np.arange(count, count + len(ids))
        readers += [(int(own[reader.id]), reader) for reader in profile.readers if reader.id < _IDS]
        count += len(ids)
    status = sorted(frozenset[int]().union(*(profile.status_messages for profile in profiles)))
    words = np.array([profile.words for profile in profiles], np.uint64).reshape(-1, 3, 2, 32)
    return Mixture(words, groups, tuple(readers), count, np.array(status, np.int64))


def _places(bodies: Bodies, records: Rows, profile_of: Rows, mixture: Mixture) -> ReportBatch:
    """The reports of messages that carry positions."""
    reports = fixed_part(bodies.buffer, records, profile_of, mixture.words)
    rows, found = _grouped(bodies.buffer, records, profile_of, mixture.groups, mixture.ends)
    collected, bounds = Collected(reports), found.tolist()
    for group, reader in mixture.readers:
        first, end = bounds[group], bounds[group + 1]
        if first < end:
            reader.collect(Items(bodies.buffer, rows[first:end]), collected)
    if not collected.cells and not collected.wifi:
        return reports
    return replace(reports, cells=cells_in(collected.cells), wifi=wifi_in(collected.wifi))


@formula
def _behind_item(buffer: Bytes, at: int, end: int) -> int:
    """Where the item ends that begins at ``at``; -1: none fits before ``end``."""
    if at + _HEAD > end:
        return -1
    after = at + _HEAD + buffer[at + 1]
    return after if after <= end else -1


@Loop
def _grouped(buffer: Bytes, records: Rows, profile_of: Rows, groups: Rows, count: int) -> tuple[Rows, Rows]:
    """Items that are read, group by group and in each as they stand, and where each group begins: counted, then put."""
    bounds = np.zeros(count + 1, np.int64)
    for row in range(len(records)):
        own, at = groups[profile_of[records[row, FRAME]]], records[row, BEGIN] + LOCATION_SIZE
        after = _behind_item(buffer, at, records[row, END])
        while after >= 0:
            if own[buffer[at]] >= 0:
                bounds[own[buffer[at]] + 1] += 1
            at = after
            after = _behind_item(buffer, at, records[row, END])
    place = np.empty(count, np.int64)
    for group in range(count):
        place[group] = bounds[group]
        bounds[group + 1] += bounds[group]
    items = np.empty((bounds[count], 4), np.int64)
    for row in range(len(records)):
        own, at = groups[profile_of[records[row, FRAME]]], records[row, BEGIN] + LOCATION_SIZE
        after = _behind_item(buffer, at, records[row, END])
        while after >= 0:
            group = own[buffer[at]]
            if group >= 0:
                item = items[place[group]]
                item[OWNER], item[IDENT], item[START], item[SIZE] = row, buffer[at], at + _HEAD, after - at - _HEAD
                place[group] += 1
            at = after
            after = _behind_item(buffer, at, records[row, END])
    return items, bounds
