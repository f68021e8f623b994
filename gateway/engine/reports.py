"""The columns of a run of entries: one row a report, and one row a frame without reports (it proves presence)."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from gateway.engine.fragments import expire, join_fragments
from gateway.engine.heard import hear_places, infer, no_towers, unheard
from gateway.journal.entries import EntryBatch, EntryKind
from gateway.journal.facts import parted
from protocols.content import content_of, heard_in
from protocols.report import (
    EVERY_FLAG,
    CellColumns,
    ReportBatch,
    Source,
    SourceDatum,
    WifiColumns,
    blank,
    column_names,
)
from protocols.session import FrameBatch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from gateway.engine.heard import HeardColumns
    from gateway.engine.policy import Policy
    from gateway.engine.shelf import TowersByDigest
    from gateway.engine.state import EngineState
    from protocols.session import Family

Heard = TypeVar("Heard", CellColumns, WifiColumns)

_FRAME, _FRAGMENT = np.uint8(EntryKind.FRAME), np.uint8(EntryKind.FRAGMENT)
_CELL, _PHONE = np.uint8(Source.CELL), np.uint8(Source.PHONE)


@dataclass(slots=True)
class Reports:
    """Rows in log order. Arrays of shape (n,).

    Attributes:
        entry: int64, index of the entry in the run; ``received`` float64 its receive time.
        device: int64, index in ``Policy.devices``.
        time: float64, device time; where the device's clock is faulty, the receive time (see ``clock_fault``).
        sound: bool, the checksum of the frame was right, or its wire has none.
        impossible: bool, of ``clock_fault`` those whose clock did show something.
        bare: bool, no report of a place and its time: a frame without any, or one that tells of the device alone.
        digest: uint64, of all that the report says, cells and access points too: the same for one sent again in another
            frame (:mod:`protocols.content`).
        wearing: int64, index in ``Policy.wearings``, -1 nobody.
        x, y: float64, metres of the local plane; NaN without a fix.
        heard_latitude, heard_longitude, heard_sigma, heard_n: what the cells and access points say, whatever else the
            report states (:class:`gateway.engine.heard.HeardColumns`); ``heard_x``, ``heard_y`` the same in the plane.
        served: int64, the network, and the area of it, whose cell serves the device (``serving_cell``); 0: not told.
        inferred: bool, the report states no place, and its position is that one.
        blend: float64, m^2 per axis, where ``x``, ``y`` is the fix and what its access points say together
            (``fuse.project``); else NaN.
        offset: int64, of the entry in the log; ``order`` float64 and ``tie`` uint64: the place in its group's order
            (``arrival.arrange``).
    The remaining columns are those of :class:`protocols.report.ReportBatch`.
    """

    entry: NDArray[np.int64]
    received: NDArray[np.float64]
    device: NDArray[np.int64]
    time: NDArray[np.float64]
    sound: NDArray[np.bool_]
    bare: NDArray[np.bool_]
    clock_fault: NDArray[np.bool_]
    impossible: NDArray[np.bool_]
    located: NDArray[np.bool_]
    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    datum: NDArray[np.uint8]
    accuracy_m: NDArray[np.float64]
    speed_kmh: NDArray[np.float64]
    satellites: NDArray[np.int16]
    battery_percent: NDArray[np.int16]
    source: NDArray[np.uint8]
    stored: NDArray[np.bool_]
    flags: NDArray[np.uint64]
    stated: NDArray[np.uint64]
    momentary: NDArray[np.uint64]
    digest: NDArray[np.uint64]
    served: NDArray[np.int64]
    wearing: NDArray[np.int64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    heard_latitude: NDArray[np.float64]
    heard_longitude: NDArray[np.float64]
    heard_sigma: NDArray[np.float64]
    heard_n: NDArray[np.int16]
    heard_x: NDArray[np.float64]
    heard_y: NDArray[np.float64]
    inferred: NDArray[np.bool_]
    blend: NDArray[np.float64]
    offset: NDArray[np.int64]
    order: NDArray[np.float64]
    tie: NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.entry)


_TAKEN = (
    "latitude", "longitude", "located", "datum", "accuracy_m", "speed_kmh", "satellites", "battery_percent",
    "source", "stored", "flags", "stated", "momentary",
)  # fmt: skip


def decode_run(
    state: EngineState, entries: EntryBatch, policy: Policy, towers: TowersByDigest = no_towers
) -> Reports:  # fmt: skip
    """Decode the frames of a run of entries, as :func:`decoded`.

    Reports without a place of their own get that of what they heard, as far as ``towers`` know it.
    """
    entries = entries.compact()
    speakers = policy.speakers.of(entries.origins)
    rows, device, batch = _decoded(state, entries, policy, speakers)
    received = entries.received[rows]
    places = hear_places(state, policy, towers, device, received, batch)
    reports = assemble(rows, received, device, batch, places=places)
    reports.sound = speakers["sound"][entries.origin[reports.entry]]
    return reports


def decoded(
    state: EngineState, entries: EntryBatch, policy: Policy
) -> tuple[NDArray[np.int64], NDArray[np.int64], ReportBatch]:
    """What the frames of entries say: of each report its entry, its device (index in the policy), and all of them.

    Frames of devices that the configuration no longer knows are left out. A fragment is a bare row; the one that
    completes its message gives all the message's reports. ``state`` keeps the others.
    """
    entries = entries.compact()
    return _decoded(state, entries, policy, policy.speakers.of(entries.origins))


def _decoded(
    state: EngineState, entries: EntryBatch, policy: Policy, speakers: NDArray[np.void]
) -> tuple[NDArray[np.int64], NDArray[np.int64], ReportBatch]:  # fmt: skip
    """The same; ``speakers``: of the entries' origins."""
    families, parts = policy.configuration.families, []
    known = speakers["device"][entries.origin] >= 0
    frames = known & (entries.kind == _FRAME)
    manners, wires = tuple(policy.speakers.manners), policy.speakers.wires
    spoken = np.bincount(speakers["wire"], minlength=len(wires))
    for protocol in sorted(wires.keys() & families.keys()):
        number = wires[protocol]
        if spoken[number]:
            mine = frames if spoken[number] == len(speakers) else frames & (speakers["wire"] == number)[entries.origin]
            positions = mine.nonzero()[0]
            if len(positions):
                seats = _seated(speakers["manner"][entries.origin[positions]], manners)
                parts.append(_decode_seated(entries, families[protocol], positions, *seats))
    parts += _decode_joined(state, entries, families, known)
    rows, batch = _stack(parts)
    _set_right(state, speakers["ahead"], entries.origin[rows], batch)
    return rows, speakers["device"][entries.origin[rows]], batch


def _seated(
    manner: NDArray[np.int64], manners: Sequence[tuple[str, str]]
) -> tuple[NDArray[np.int64], Sequence[tuple[str, str]]]:  # fmt: skip
    """The manners that some frames are of, and of each frame which."""
    if (manner == manner[0]).all():
        return np.zeros(len(manner), np.int64), (manners[manner[0]],)
    used, seat = np.unique(manner, return_inverse=True)
    return seat, [manners[each] for each in used.tolist()]


def _set_right(
    state: EngineState, ahead: NDArray[np.float64], origin: NDArray[np.int32], batch: ReportBatch
) -> None:  # fmt: skip
    """Take off device times what intake found their clocks to be ahead; one that stands shows no possible time.

    ``ahead``: seconds by origin; ``origin``: of each report.
    """
    if not (ahead != 0.0).any():
        return
    off = ahead[origin]
    batch.time[:] = np.where(np.isnan(off), -np.inf, batch.time - off)
    state.count("clock_corrected", int(((off != 0.0) & np.isfinite(batch.time)).sum()))


def _decode_joined(
    state: EngineState, entries: EntryBatch, families: Mapping[str, Family], known: NDArray[np.bool_]
) -> list[tuple[NDArray[np.int64], ReportBatch]]:
    """Reports of the messages that fragments of a run complete, and bare rows for the other fragments."""
    is_part = known & (entries.kind == _FRAGMENT)
    joined = join_fragments(state, entries, families, known) if is_part.any() else {}
    if len(entries):
        expire(state, float(entries.received[-1]))
    if not joined:
        return []
    silent = np.array([index for index, frame in joined.items() if not frame], np.int64)
    whole = {index: frame for index, frame in joined.items() if frame}
    part, parts = replaced(entries, whole), [(silent, bare(len(silent)))]
    for protocol in sorted({entries.origin_of(index).protocol for index in whole}):
        mine = [index for index in whole if entries.origin_of(index).protocol == protocol]
        parts.append(_decode_family(part, families[protocol], np.array(mine, np.int64)))
    return parts


def replaced(entries: EntryBatch, frames: Mapping[int, bytes]) -> EntryBatch:
    """The same entries, some of them with other payloads."""
    start, length = entries.start.copy(), entries.length.copy()
    at = len(entries.payload)
    for index, frame in frames.items():
        start[index], length[index] = at, len(frame)
        at += len(frame)
    added = np.frombuffer(b"".join(frames.values()), np.uint8)
    payload = np.concatenate([entries.payload, added])
    return EntryBatch(entries.kind, entries.received, entries.origin, start, length, payload, entries.origins)


def _decode_family(
    entries: EntryBatch, family: Family, positions: NDArray[np.int64]
) -> tuple[NDArray[np.int64], ReportBatch]:
    """Reports of one family's frames with their entry indices, bare rows for frames that held none."""
    origin, seats = entries.origin[positions], dict[tuple[str, str], int]()
    seat_of, used = np.zeros(len(entries.origins), np.int64), np.bincount(origin).nonzero()[0]
    spoken = [entries.origins[each] for each in used.tolist()]
    seat_of[used] = [seats.setdefault((each.profile, parted(each.facts)[0]), len(seats)) for each in spoken]
    return _decode_seated(entries, family, positions, seat_of[origin], tuple(seats))


def _decode_seated(
    entries: EntryBatch, family: Family, positions: NDArray[np.int64], seat: NDArray[np.int64],
    manners: Sequence[tuple[str, str]],
) -> tuple[NDArray[np.int64], ReportBatch]:  # fmt: skip
    """The same, where profile and facts of each frame are known: ``manners``, and which of them it has."""
    frames = FrameBatch(
        entries.payload, entries.start[positions], entries.length[positions], tuple(profile for profile, _ in manners),
        seat, tuple(facts for _, facts in manners),
    )  # fmt: skip
    batch = family.decode(frames)
    said = np.zeros(len(positions), np.bool_)
    said[batch.frame] = True
    silent = (~said).nonzero()[0]
    if not len(silent):
        return positions[batch.frame], batch
    whole = _concatenate([batch, bare(len(silent))])
    return np.concatenate([positions[batch.frame], positions[silent]]), whole


def bare(count: int) -> ReportBatch:
    """Rows of frames that hold no report (frame index -1)."""
    rows = blank(count)
    rows.frame[:] = -1
    rows.stated[:] = 0
    return rows


def _stack(parts: list[tuple[NDArray[np.int64], ReportBatch]]) -> tuple[NDArray[np.int64], ReportBatch]:
    """All parts' rows and columns."""
    if not parts:
        return np.empty(0, np.int64), blank(0)
    if len(parts) == 1:
        return parts[0]
    return np.concatenate([rows for rows, _ in parts]), _concatenate([batch for _, batch in parts])


def _concatenate(batches: list[ReportBatch]) -> ReportBatch:
    """Stack reports, with what they heard."""
    columns = {name: np.concatenate([getattr(batch, name) for batch in batches]) for name in column_names()}
    before = np.cumsum([0, *map(len, batches[:-1])])
    return ReportBatch(
        **columns, cells=_heard_by([batch.cells for batch in batches], before),
        wifi=_heard_by([batch.wifi for batch in batches], before),
    )  # fmt: skip


def _heard_by(parts: list[Heard], before: NDArray[np.int64]) -> Heard:
    """What reports heard, one part after another; so many reports stand before those of each part."""
    names = [each.name for each in fields(parts[0])]
    whole = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    whole["report"] = whole["report"] + np.repeat(before, [len(part.report) for part in parts])
    return replace(parts[0], **whole)


def assemble(
    rows: NDArray[np.int64],
    received: NDArray[np.float64],
    device: NDArray[np.int64],
    batch: ReportBatch,
    heard: NDArray[np.uint64] | None = None,
    places: HeardColumns | None = None,
) -> Reports:
    """Order decoded rows by entry (stable, so that a frame's reports keep their order) and make their columns.

    All count as sound: who knows of checksums says so afterwards. The arrays become the reports' own: what the engine
    writes into these stands in them.

    Args:
        rows: int64 (n,), the entry of each report.
        received: float64 (n,), when it came.
        device: int64 (n,), index in ``Policy.devices``.
        batch: the reports.
        heard: uint64 (n,), a digest of the cells and access points of each; by default of those in ``batch``.
        places: where those put each.
    """
    count, content = len(rows), content_of(batch, heard_in(batch) if heard is None else heard)
    columns = [
        rows,
        received,
        device,
        batch.time,
        content,
        serving_cell(batch),
        *(getattr(batch, name) for name in _TAKEN),
    ]
    places = unheard(count) if places is None else places
    if (rows[1:] < rows[:-1]).any():
        order = np.argsort(rows, kind="stable")
        columns, places = [column[order] for column in columns], places.ordered(order)
    rows, received, device, time, content, served, *more = columns
    taken = dict(zip(_TAKEN, more, strict=True))
    reports = Reports(
        entry=rows, received=received, device=device, time=time,
        sound=np.ones(count, np.bool_), bare=_bare(taken),
        clock_fault=np.zeros(count, np.bool_), impossible=np.zeros(count, np.bool_),
        digest=content, served=served, wearing=np.full(count, -1, np.int64),
        x=np.full(count, np.nan), y=np.full(count, np.nan),
        heard_latitude=places.latitude, heard_longitude=places.longitude, heard_sigma=places.sigma,
        heard_n=places.number, heard_x=np.full(count, np.nan), heard_y=np.full(count, np.nan),
        inferred=np.zeros(count, np.bool_), blend=np.full(count, np.nan), offset=np.full(count, -1, np.int64),
        order=np.full(count, np.nan), tie=np.zeros(count, np.uint64), **taken,
    )  # fmt: skip
    infer(reports, places.source)
    return reports


def serving_cell(batch: ReportBatch) -> NDArray[np.int64]:
    """Of each report its first cell's MCC (10 bit), MNC (10), LAC or TAC (24), int64 (n,); 0 where it heard none."""
    cells, served = batch.cells, np.zeros(len(batch), np.int64)
    first = np.flatnonzero(np.diff(cells.report, prepend=-1))
    packed = (cells.mcc[first] & 0x3FF) << 34 | (cells.mnc[first] & 0x3FF) << 24 | cells.lac[first] & 0xFFFFFF
    served[cells.report[first]] = packed
    return served


def _bare(taken: dict[str, NDArray]) -> NDArray[np.bool_]:  # type: ignore[type-arg]
    """Rows that tell of the device alone: neither a place, nor all that a report without a fix would tell."""
    alone: NDArray[np.bool_] = ~taken["located"] & (taken["stated"] != EVERY_FLAG)
    return alone


def tells_alone(reports: Reports, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Rows, of ``rows``, without a place that tell of the device: a heartbeat's battery or flags."""
    alone: NDArray[np.bool_] = reports.bare[rows] & ((reports.stated[rows] != 0) | (reports.battery_percent[rows] >= 0))
    return alone


def is_gcj02(reports: Reports) -> NDArray[np.bool_]:
    """Rows whose position the device's plug-in has shifted."""
    shifted: NDArray[np.bool_] = reports.datum == SourceDatum.GCJ02
    return reports.located & shifted


def is_firm(reports: Reports, rows: NDArray[np.int64] | slice = slice(None)) -> NDArray[np.bool_]:
    """Which rows, by default of all, have a position that may by itself move a verdict: not cells', not a carrier's."""
    source = reports.source[rows]
    firm: NDArray[np.bool_] = (source != _CELL) & (source != _PHONE)
    return reports.located[rows] & firm


def is_usable(reports: Reports) -> NDArray[np.bool_]:
    """Rows with a place that says more than which cells are near: the device's own, or that of known access points."""
    usable: NDArray[np.bool_] = reports.located & ~(reports.inferred & (reports.source == _CELL))
    return usable
