"""The engine's state: banks of arrays with a schema, the episodes, and the time it has reached.

Rows are named by keys, so that a new configuration re-seats them and a snapshot outlives a reordering.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from gateway.engine.history import History, MemoryHistory
from gateway.engine.records import FragmentState
from gateway.engine.role import Role

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fencing.intervals import KeyedIntervals
    from formulas.formula import Record
    from gateway.engine.episode import Episode
    from gateway.engine.late import Waiting
    from gateway.engine.marks import Mark
    from gateway.engine.notice import Ladder, NoticeRecord
    from gateway.engine.policy import Policy
    from gateway.engine.records import CommandRecord, Erased, Pace
    from gateway.engine.signs import Sign
    from gateway.engine.together import Faint, HeldBack, Outage
    from gateway.engine.usual import Usual

FLAGS = 5
"""Conditions of which the last event's first and last device time are remembered (``families.FLAG_KINDS``)."""

Spec = dict[str, tuple[str, float, tuple[int, ...]]]
"""Column -> dtype, initial value, further dimensions."""

TRACK: Spec = {
    "time": ("f8", math.nan, ()), "x": ("f8", math.nan, ()), "y": ("f8", math.nan, ()),
    "vx": ("f8", 0.0, ()), "vy": ("f8", 0.0, ()), "ex": ("f8", 0.0, ()), "ey": ("f8", 0.0, ()),
    "pxx": ("f8", 0.0, ()), "pxe": ("f8", 0.0, ()), "pee": ("f8", 1.0, ()),
    "strain": ("f8", 1.0, ()), "leap": ("f8", 0.0, ()), "bias": ("f8", 0.0, ()),
    "doubt_x": ("f8", math.nan, ()), "doubt_y": ("f8", math.nan, ()), "doubt_time": ("f8", math.nan, ()),
    "near_time": ("f8", math.nan, ()), "near_x": ("f8", 0.0, ()), "near_y": ("f8", 0.0, ()),
    "near_way": ("f8", 0.0, ()), "near_n": ("f8", 0.0, ()), "near_sum": ("f8", 0.0, ()),
    "far_time": ("f8", math.nan, ()), "far_x": ("f8", 0.0, ()), "far_y": ("f8", 0.0, ()), "far_way": ("f8", 0.0, ()),
    "far_n": ("f8", 0.0, ()), "far_sum": ("f8", 0.0, ()), "far_variance": ("f8", 1.0, ()),
    "went": ("f8", math.nan, ()), "idle": ("f8", 0.0, ()), "variance": ("f8", 0.0, ()), "source": ("u1", 0, ()),
    "sharp": ("?", 0, ()), "hint_time": ("f8", math.nan, ()), "hint_x": ("f8", 0.0, ()), "hint_y": ("f8", 0.0, ()),
    "begun": ("f8", -math.inf, ()), "leapt": ("f8", -math.inf, ()), "fixed": ("f8", math.nan, ()),
    "held_x": ("f8", math.nan, ()), "held_y": ("f8", math.nan, ()),
    "held_pxx": ("f8", 0.0, ()), "held_spread": ("f8", 0.0, ()), "stays": ("f8", 0.0, ()), "scanned": ("u1", 0, ()),
    "there_ex": ("f8", 0.0, ()), "there_ey": ("f8", 0.0, ()), "there_pee": ("f8", 1.0, ()),
    "gone_x": ("f8", math.nan, ()), "gone_y": ("f8", math.nan, ()), "gone_ex": ("f8", 0.0, ()),
    "gone_ey": ("f8", 0.0, ()), "gone_pxx": ("f8", 0.0, ()), "gone_pxe": ("f8", 0.0, ()), "gone_pee": ("f8", 1.0, ()),
    "gone_vx": ("f8", 0.0, ()), "gone_vy": ("f8", 0.0, ()), "gone_pxv": ("f8", 0.0, ()), "gone_pvv": ("f8", 0.0, ()),
    "gone_pve": ("f8", 0.0, ()), "pace": ("f8", 0.0, ()), "passed": ("f8", math.nan, ()),
}  # fmt: skip
DEVICE: Spec = {
    "heard": ("f8", math.nan, ()), "heard_offset": ("i8", -1, ()), "missed": ("f8", 0.0, ()), "silent": ("?", 0, ()),
    "silent_at": ("f8", math.nan, ()), "faint": ("?", 0, ()), "served": ("i8", 0, ()),
    "unplaced_from": ("f8", math.nan, ()), "unplaced_offset": ("i8", -1, ()), "unplaced_missed": ("f8", 0.0, ()),
    "unplaced": ("?", 0, ()), "unplaced_served": ("i8", 0, ()),
    "clockless_from": ("f8", math.nan, ()), "clockless_offset": ("i8", -1, ()), "clockless_missed": ("f8", 0.0, ()),
    "clockless": ("?", 0, ()),
    "absent_from": ("f8", math.nan, ()), "absent_offset": ("i8", -1, ()), "absent_n": ("i8", 0, ()),
    "off": ("?", 0, ()), "spoke": ("f8", math.nan, ()),
    "paced": ("f8", math.nan, ()), "gap": ("f8", math.nan, ()),
    # Since when its silence counts that nothing has ended yet; when it is next given to somebody (``given``).
    "since": ("f8", -math.inf, ()), "given": ("f8", math.nan, ()),
    # The strap (``strap``): since when it is open (device time) and where, by when it has to be closed, its longest
    # opening of the alarm that stands; what persons have found of it: the longest fault, how many alarms, the last.
    "strap_from": ("f8", math.nan, ()), "strap_x": ("f8", math.nan, ()), "strap_y": ("f8", math.nan, ()),
    "strap_due": ("f8", math.inf, ()), "strap_longest": ("f8", 0.0, ()),
    "fault_longest": ("f8", math.nan, ()), "fault_n": ("i8", 0, ()), "fault_at": ("f8", math.nan, ()),
    # In the row of a group's first device: its newest report's place in the order, until when nothing more is taken as
    # it comes, from which order on the next mark is due, and when the first wearing of it ends that is not over.
    "order": ("f8", -math.inf, ()), "tie": ("u8", 0, ()), "closed": ("f8", -math.inf, ()),
    "mark": ("f8", -math.inf, ()), "ends": ("f8", math.inf, ()),
}  # fmt: skip
LEVELS: Spec = {
    "held": ("u8", 0, ()), "held_from": ("f8", math.nan, ()), "unsure": ("u8", 0, ()),
    "battery": ("i8", -1, ()), "low": ("?", 0, ()), "low_lasting": ("?", 0, ()),
    "critical": ("?", 0, ()), "critical_lasting": ("?", 0, ()), "off_from": ("f8", math.nan, ()),
    "flag_from": ("f8", math.nan, (FLAGS,)), "flag_until": ("f8", math.nan, (FLAGS,)),
    # This discharge of the battery (``pace``): its fullest and its least percent, and when; the smallest step.
    "full": ("i8", -1, ()), "full_at": ("f8", math.nan, ()), "least": ("i8", -1, ()),
    "least_at": ("f8", math.nan, ()), "step": ("i8", 0, ()),
}  # fmt: skip
WATCH: Spec = {
    "log_odds": ("f8", 0.0, ()), "run": ("i8", 0, ()), "verdict": ("u1", 0, ()), "seen": ("f8", math.nan, ()),
    "arrived": ("f8", math.nan, ()), "since": ("f8", math.nan, ()), "fixes": ("i8", 0, ()),
    "breach_since": ("f8", math.nan, ()), "breach_offset": ("i8", -1, ()), "breach_fixes": ("i8", 0, ()),
    "raised": ("?", 0, ()), "over": ("?", 0, ()), "counted": ("f8", math.nan, ()),
    "leans": ("i1", 0, ()), "turned": ("f8", math.nan, ()), "turned_offset": ("i8", -1, ()),
    "turned_fixes": ("i8", 0, ()), "in_last": ("f8", math.nan, ()), "hinted": ("f8", math.nan, ()),
    "ends": ("f8", math.inf, ()),
    # How near a boundary (``nearing``).
    "near_odds": ("f8", 0.0, ()), "near_run": ("i8", 0, ()), "near_verdict": ("u1", 0, ()),
    "near_seen": ("f8", math.nan, ()), "near_counted": ("f8", math.nan, ()), "near_since": ("f8", math.nan, ()),
    "near_offset": ("i8", -1, ()), "near_raised": ("?", 0, ()),
}  # fmt: skip
CURFEW: Spec = {
    "start": ("f8", math.nan, ()), "until": ("f8", math.nan, ()), "phase": ("u1", 0, ()), "seen_in": ("?", 0, ()),
    "goes_on": ("?", 0, ()),
    "last": ("f8", math.nan, ()), "last_verdict": ("u1", 0, ()), "out_first": ("f8", math.nan, ()),
    "out_last": ("f8", math.nan, ()), "out_s": ("f8", 0.0, ()), "in_s": ("f8", 0.0, ()), "unknown_s": ("f8", 0.0, ()),
    "stay_x": ("f8", 0.0, ()), "stay_y": ("f8", 0.0, ()), "stay_n": ("i8", 0, ()), "stay_from": ("f8", math.nan, ()),
    "stay_until": ("f8", math.nan, ()), "stay_spread": ("f8", 0.0, ()), "stay_s": ("f8", 0.0, ()),
}  # fmt: skip
PRESENCE: Spec = {
    "time": ("f8", math.nan, ()), "said": ("u1", 0, ()), "state": ("u1", 0, ()), "since": ("f8", math.nan, ()),
    "until": ("f8", -math.inf, ()), "look": ("f8", -math.inf, ()), "lapsed": ("?", 0, ()), "trace": ("u8", 0, ()),
}  # fmt: skip
TRUST: Spec = {
    # Jumps that nobody can make (``jumps``).
    "jumps": ("f8", 0.0, ()), "jump_from": ("f8", math.nan, ()), "jump_last": ("f8", math.nan, ()),
    "jump_offset": ("i8", -1, ()), "jump_m": ("f8", 0.0, ()), "jumpy": ("?", 0, ()),
    # Fixes that what is heard contradicts, case by case (``credible``): the weight of the reports that say so, since
    # when, the last of them, the first one's place in the log, how far, and whether it has been said.
    "far": ("f8", 0.0, ()), "far_from": ("f8", math.nan, ()), "far_last": ("f8", math.nan, ()),
    "far_offset": ("i8", -1, ()), "far_m": ("f8", 0.0, ()), "far_said": ("?", 0, ()),
    "far_x": ("f8", 0.0, ()), "far_y": ("f8", 0.0, ()), "far_hx": ("f8", 0.0, ()), "far_hy": ("f8", 0.0, ()),
    "leap": ("f8", 0.0, ()), "leap_from": ("f8", math.nan, ()), "leap_last": ("f8", math.nan, ()),
    "leap_offset": ("i8", -1, ()), "leap_m": ("f8", 0.0, ()), "leap_said": ("?", 0, ()), "leaping": ("?", 0, ()),
    "leap_x": ("f8", 0.0, ()), "leap_y": ("f8", 0.0, ()), "leap_hx": ("f8", 0.0, ()), "leap_hy": ("f8", 0.0, ()),
    "left": ("f8", 0.0, ()), "left_from": ("f8", math.nan, ()), "left_last": ("f8", math.nan, ()),
    "left_offset": ("i8", -1, ()), "left_m": ("f8", 0.0, ()), "left_said": ("?", 0, ()),
    "left_hx": ("f8", 0.0, ()), "left_hy": ("f8", 0.0, ()),
    # Where a fix rests, and what has been heard there.
    "still_n": ("i8", 0, ()), "still_from": ("f8", math.nan, ()), "still_x": ("f8", 0.0, ()),
    "still_y": ("f8", 0.0, ()), "still_hx": ("f8", 0.0, ()), "still_hy": ("f8", 0.0, ()),
    "still_square": ("f8", 0.0, ()), "strayed": ("f8", 0.0, ()), "strays": ("f8", 0.0, ()),
    # The last fix, what was heard with it, and how many came in a row; reports without one since then (``unseen``).
    "lit_time": ("f8", math.nan, ()), "lit_x": ("f8", math.nan, ()), "lit_y": ("f8", math.nan, ()),
    "lit_speed": ("f8", math.nan, ()), "lit_hx": ("f8", math.nan, ()), "lit_hy": ("f8", math.nan, ()),
    "lit_n": ("i2", -1, ()), "lit_run": ("i8", 0, ()),
    "dark_n": ("i8", 0, ()), "dark_from": ("f8", math.nan, ()), "dark_last": ("f8", math.nan, ()),
    "dark_offset": ("i8", -1, ()), "dark_x": ("f8", math.nan, ()), "dark_y": ("f8", math.nan, ()),
    "dark_variance": ("f8", 0.0, ()), "dark_hx": ("f8", math.nan, ()), "dark_hy": ("f8", math.nan, ()),
    "dark_m": ("f8", 0.0, ()), "dark_least": ("f8", math.nan, ()), "dark_heard": ("i8", 0, ()),
    "dark_left": ("f8", math.nan, ()), "elsewhere": ("i8", 0, ()), "deaf": ("i8", 0, ()), "unseen": ("?", 0, ()),
    # The last three fixes that are known well (``crossing``).
    "way_time": ("f8", math.nan, (3,)), "way_x": ("f8", 0.0, (3,)), "way_y": ("f8", 0.0, (3,)),
    "way_error": ("f8", 0.0, (3,)), "way_speed": ("f8", math.nan, (3,)), "way_offset": ("i8", -1, (3,)),
    # What the device says of its radio (``suppressed``).
    "jam_last": ("f8", math.nan, ()), "jammed": ("?", 0, ()),
    # A phone and the bracelet of its wearer (``apart``).
    "apart_n": ("i8", 0, ()), "apart_from": ("f8", math.nan, ()), "apart_offset": ("i8", -1, ()),
    "apart_m": ("f8", 0.0, ()), "apart": ("?", 0, ()),
}  # fmt: skip
GRANT: Spec = {
    "told": ("u1", 0, ()), "due": ("f8", math.inf, ()),
}  # fmt: skip
PAIR: Spec = {
    "log_odds": ("f8", 0.0, ()), "run": ("i8", 0, ()), "verdict": ("u1", 0, ()), "seen": ("f8", math.nan, ()),
    "counted": ("f8", math.nan, ()), "since": ("f8", math.nan, ()), "since_offset": ("i8", -1, ()),
    "raised": ("?", 0, ()), "said_near": ("?", 0, ()), "closes": ("?", 0, ()), "came": ("f8", math.nan, ()),
}  # fmt: skip
MET: Spec = {
    "time": ("f8", math.nan, ()), "x": ("f8", math.nan, ()), "y": ("f8", math.nan, ()), "sigma": ("f8", math.nan, ()),
    "pace": ("f8", 0.0, ()), "vx": ("f8", 0.0, ()), "vy": ("f8", 0.0, ()),
    # When a report came last; how far apart the last two places were; and the place from which it is reckoned how
    # somebody goes (``coming``).
    "heard": ("f8", math.nan, ()), "gap": ("f8", math.nan, ()),
    "base_time": ("f8", math.nan, ()), "base_x": ("f8", math.nan, ()), "base_y": ("f8", math.nan, ()),
}  # fmt: skip
APPOINTMENT: Spec = {
    "told": ("u1", 0, ()), "due": ("f8", math.inf, ()), "again": ("f8", math.inf, ()),
}  # fmt: skip
NO_DAY = 99_999_999
"""Beyond all ordinals of days: none."""
DAYS_KEPT = 42
"""Remembered of a habit: the longest window of a rule, and four weeks before it."""
HABIT: Spec = {
    # Days by their ordinal: the newest that was looked at, after which they count, from which on something has come
    # late, of which the alarm is; and what each of the last came to (``nights_out``).
    "newest": ("i8", NO_DAY, ()), "begun": ("i8", NO_DAY, ()), "from": ("i8", NO_DAY, ()), "raised": ("i8", NO_DAY, ()),
    "due": ("f8", math.inf, ()), "again": ("f8", math.inf, ()), "days": ("u1", 0, (DAYS_KEPT,)),
}  # fmt: skip
STILL: Spec = {
    # Since when it has not been moved, the newest report, how long that counts, its last word of movement, and where
    # it lies: fixes, their mean and their sum of squares (``still``).
    "since": ("f8", math.nan, ()), "seen": ("f8", math.nan, ()), "still_s": ("f8", 0.0, ()),
    "word": ("f8", math.nan, ()), "fixes": ("i8", 0, ()), "x": ("f8", 0.0, ()), "y": ("f8", 0.0, ()),
    "square": ("f8", 0.0, ()), "placed": ("f8", math.nan, ()), "raised": ("?", 0, ()),
}  # fmt: skip
CHARGING: Spec = {
    # The time of the day that comes next, and the last that was looked at; of what was told; when it was last charged,
    # the newest level, since when there is no gap, and the highest level since (``charge_duty``).
    "by": ("f8", math.inf, ()), "done": ("f8", math.nan, ()), "missed": ("f8", math.nan, ()),
    "topped": ("f8", math.nan, ()), "seen": ("f8", math.nan, ()), "level": ("i8", -1, ()),
    "known_from": ("f8", math.nan, ()), "most": ("i8", -1, ()), "missed_most": ("i8", -1, ()),
}  # fmt: skip
BANKS: dict[str, Spec] = {
    "track": TRACK, "device": DEVICE, "levels": LEVELS, "watch": WATCH, "curfew": CURFEW, "presence": PRESENCE,
    "trust": TRUST, "grant": GRANT, "pair": PAIR,
    "met": MET, "appointment": APPOINTMENT, "habit": HABIT, "still": STILL, "charging": CHARGING,
}  # fmt: skip


@dataclass(slots=True)
class Bank:
    """Records of one schema, a row a key; a column is a view of them."""

    spec: Spec
    keys: tuple[str, ...] = ()
    records: NDArray[np.void] = field(default_factory=lambda: np.empty(0, np.dtype("V")))

    def __post_init__(self) -> None:
        if self.records.dtype.names is None:
            self.records = fresh(self.spec, len(self.keys))

    def __getitem__(self, name: str) -> NDArray:  # type: ignore[type-arg]
        return self.records[name]

    def open(self, row: int) -> Record:
        """A record whose fields are attributes, for a formula that changes it."""
        return self.records.view(np.recarray)[row]

    def reset(self, rows: NDArray[np.int64]) -> None:
        """Give rows (int64, indices) their initial values."""
        if len(rows):
            self.records[rows] = fresh(self.spec, 1)[0]

    def reseat(self, keys: tuple[str, ...]) -> None:
        """Make the rows those of ``keys``; rows known by name keep their values, the others start fresh."""
        if keys != self.keys:
            self.records = seated(self.spec, keys, self.keys, self.records)
            self.keys = keys


def whole(records: NDArray[np.void]) -> NDArray[np.void]:
    """A view of records as so many bytes each: numpy moves records column by column, thirty times as slowly."""
    return records.view(np.dtype((np.void, records.itemsize)))


def copied(records: NDArray[np.void], at: NDArray[np.int64] | NDArray[np.bool_]) -> NDArray[np.void]:
    """Copies of some records, chosen by index or mask."""
    found: NDArray[np.void] = whole(records)[at].view(records.dtype)
    return found


def opened(record: NDArray[np.void]) -> Record:
    """A record of any array whose fields are attributes."""
    return record.view(np.dtype((np.record, record.dtype)))


def fresh(spec: Spec, count: int) -> NDArray[np.void]:
    """Rows with their initial values."""
    records = np.empty(count, np.dtype([(name, dtype, shape) for name, (dtype, _, shape) in spec.items()]))
    for name, (_, value, _) in spec.items():
        records[name] = value
    return records


def seated(
    spec: Spec, keys: tuple[str, ...], known: tuple[str, ...], records: NDArray[np.void]
) -> NDArray[np.void]:  # fmt: skip
    """Rows of ``keys``: those of ``known`` keep their records, the others are fresh."""
    if keys == known:
        return records
    seat, made = {key: index for index, key in enumerate(known)}, fresh(spec, len(keys))
    kept = [(new, seat[key]) for new, key in enumerate(keys) if key in seat]
    if kept:
        new, old = np.array(kept, np.int64).T
        whole(made)[new] = whole(records)[old]
    return made


class Night(msgspec.Struct):
    """A stay elsewhere than home, in the night that began at ``start`` (metres of the local plane, epoch seconds).

    ``number`` counts the stays of a person and a rule.
    """

    start: float
    x: float
    y: float
    spread_m: float
    arrived: float
    left: float
    number: int = 0


@dataclass(slots=True)
class EngineState:
    """All the engine knows. ``step`` changes it in place and is the only one to do so.

    Attributes:
        offset: entries before it have been applied.
        now: receive time of the last entry applied; it goes back at a CLOCK entry alone.
        listening: START has been seen and no STOP after it; ``listening_since`` is the time of that START, and
            ``first_start`` that of the first one.
        episodes: standing and unresolved episodes, by identity.
        open: (kind, device or person, rule, zone) -> identity of the episode that is open for it; of the kinds that
            are about delivery.
        found: of the kinds decided on place and device time, what stands by person or device, whatever officers did
            with it: (kind, rule, zone or place) -> episode.
        settled: episodes of these kinds that nobody has to look at any more, by identity, of the last days.
        closes: receive times at which persons closed what only a person ends, by :func:`closing_key`.
        marks: earlier states of each group, by its first device, oldest first.
        waiting: groups with late reports that wait to be decided anew, by their first device.
        epochs: since when, in receive time, the zones and rules of which configuration have been in force.
        leave: by person, the leave that counts, of the last days, where it is not what is entered (``lifted``);
            ``leaves``: all of it as a table, by digest of the configuration; not part of a snapshot.
        bound: by curfew row key ``person/rule``, when a configuration that came brought it, in receive time, of the
            last days (``lifted``).
        entered: by wearing, when a configuration brought it, in receive time, and when one took it away, of the last
            days (``given``); ``entered_at``: the same as columns, by digest of the configuration; not part of a
            snapshot.
        towers: since when, in receive time, which version of what is known of cells has been in force; oldest first.
        history: the reports that came; not part of a snapshot.
        nights: by curfew row key ``person/rule``, the last stays elsewhere at night.
        acts: identities of acts already applied, bounded, oldest first.
        commands: those to devices that have not ended, by id, in log order.
        unanswered: device key -> identity of the alarm of a locating that nobody answered.
        paces: how often devices were told to report, by device key (``closer``).
        faint: who has fallen silent and is not heard yet, by device, in the order in which they did; ``held``: alarms
            of them that are held back; ``after``: when those are to be told whom an outage has left silent.
        outage: the one that lasts; ``usual``: how many fall silent as a rule, by group, the one asked last behind.
        ladders: how far each alarm has come in telling people, by its identity (``ladder``).
        notices: those of which something is to come, by id, as they stand.
        reminded: of ``person/rule`` the begin of the last night of which the wearer was reminded.
        erasures: orders that a person's places are erased, once confirmed, by id (``erased``).
        fragments: messages of which not all fragments have come.
        rings: receive time before which no timer of a device or wearing can be due; not part of a snapshot.
        tells: receive time before which nobody is told by time alone; not part of a snapshot.
        looked: when what is too old was last dropped.
        counts: refusals and other figures, by reason.
        engine: number of the engine that steps (``takeover.ENGINE``); 0: one before there were numbers.
        fence: device times before it, UTC epoch seconds, are what an older engine has decided; -inf: there was none.
        role: whether its engine gathers the signs of silence; not part of a snapshot. ``signs``: those of others that
            the step is to take, placed in its log; none are left behind it.
        keeps_fences: False for a replay that judges all of history by one engine; not part of a snapshot.
    """

    offset: int = 0
    now: float = -math.inf
    listening: bool = False
    listening_since: float = -math.inf
    first_start: float = math.inf
    digest: str = ""
    banks: dict[str, Bank] = field(default_factory=lambda: {name: Bank(spec) for name, spec in BANKS.items()})
    episodes: dict[str, Episode] = field(default_factory=dict)
    open: dict[tuple[str, str, str, str], str] = field(default_factory=dict)
    found: dict[str, dict[tuple[str, str, str], Episode]] = field(default_factory=dict)
    settled: dict[str, Episode] = field(default_factory=dict)
    closes: dict[str, list[float]] = field(default_factory=dict)
    marks: dict[str, list[Mark]] = field(default_factory=dict)
    waiting: dict[str, Waiting] = field(default_factory=dict)
    epochs: list[tuple[float, str]] = field(default_factory=list)
    leave: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    leaves: dict[str, KeyedIntervals] = field(default_factory=dict)
    bound: dict[str, float] = field(default_factory=dict)
    entered: dict[str, tuple[float, float]] = field(default_factory=dict)
    entered_at: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    towers: list[tuple[float, str]] = field(default_factory=list)
    history: History = field(default_factory=MemoryHistory)
    nights: dict[str, list[Night]] = field(default_factory=dict)
    acts: dict[str, str] = field(default_factory=dict)
    commands: dict[str, CommandRecord] = field(default_factory=dict)
    unanswered: dict[str, str] = field(default_factory=dict)
    paces: dict[str, Pace] = field(default_factory=dict)
    faint: dict[str, Faint] = field(default_factory=dict)
    held: dict[str, HeldBack] = field(default_factory=dict)
    after: dict[str, float] = field(default_factory=dict)
    outage: Outage | None = None
    usual: dict[str, Usual] = field(default_factory=dict)
    ladders: dict[str, Ladder] = field(default_factory=dict)
    notices: dict[str, NoticeRecord] = field(default_factory=dict)
    reminded: dict[str, float] = field(default_factory=dict)
    erasures: dict[str, Erased] = field(default_factory=dict)
    fragments: FragmentState = field(default_factory=FragmentState)
    counts: dict[str, int] = field(default_factory=dict)
    looked: float = -math.inf
    rings: float = -math.inf
    tells: float = -math.inf
    engine: int = 0
    fence: float = -math.inf
    role: Role = Role.WHOLE
    signs: list[Sign] = field(default_factory=list)
    keeps_fences: bool = True

    @property
    def has_started(self) -> bool:
        """Whether there was a START."""
        return math.isfinite(self.first_start)

    @property
    def track(self) -> Bank:
        """Fused tracks, a row a wearing."""
        return self.banks["track"]

    @property
    def device(self) -> Bank:
        """What devices said last."""
        return self.banks["device"]

    @property
    def levels(self) -> Bank:
        """What devices say of themselves, as far as it lasts."""
        return self.banks["levels"]

    @property
    def watch(self) -> Bank:
        """Evidence, a row a (person, rule, zone)."""
        return self.banks["watch"]

    @property
    def curfew(self) -> Bank:
        """The running curfew night, a row a (person, rule)."""
        return self.banks["curfew"]

    @property
    def presence(self) -> Bank:
        """What stands of each duty, and what the last fix said; a row a (person, rule, zone), as ``watch``."""
        return self.banks["presence"]

    @property
    def trust(self) -> Bank:
        """What speaks against what devices report, a row a wearing, as ``track``."""
        return self.banks["trust"]

    def count(self, reason: str, number: int = 1) -> None:
        """Count what was refused or set aside."""
        if number:
            self.counts[reason] = self.counts.get(reason, 0) + number

    def stand(self, episode: Episode) -> None:
        """What the passes have found holds from here on."""
        self.found.setdefault(episode.person or episode.device, {})[seat_of(episode)] = episode

    def fall(self, episode: Episode) -> None:
        """It is over."""
        who = episode.person or episode.device
        self.found.get(who, {}).pop(seat_of(episode), None)
        if not self.found.get(who, True):
            del self.found[who]

    def seat(self, policy: Policy, digest: str) -> None:
        """Make the rows those of a configuration."""
        for name, bank in self.banks.items():
            bank.reseat(policy.seats[name])
        self.digest = digest


def seat_of(episode: Episode) -> tuple[str, str, str]:
    """Under which an episode stands, of a person or device: kind, rule, zone or place."""
    place = str(episode.facts.get("place", "")) if episode.kind == "repeated_place" else episode.zone
    return (episode.kind, episode.rule, place)


def closing_key(kind: str, who: str, rule: str, place: str = "*") -> str:
    """Under which closes are remembered: of one place, or by default of any."""
    return f"{kind}/{who}/{rule}/{place}"
