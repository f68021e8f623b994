"""A score in rows of texts: what the table on the terminal and the page have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from firmware_sim.score import wording
from firmware_sim.score.rules import LEAST_BREACH

if TYPE_CHECKING:
    from collections.abc import Callable

    from firmware_sim.score.figures import Rate, Told
    from firmware_sim.score.result import Column, SceneAccuracy, Score, Track

    Lines = dict[str, Callable[[Column], str]]

SCENE_HEADS = ("scene", "rows", "p50 m", "p67 m", "p95 m", "67 % radius holds", "95 % radius holds")


@dataclass(frozen=True, slots=True)
class Row:
    """A label and a text for each column of the score."""

    label: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under a heading."""

    title: str
    rows: tuple[Row, ...]


_ALARMS: Lines = {
    "alarms raised per device-month [95 %]": lambda column: wording.rate(column.notices),
    "of them more than info": lambda column: wording.rate(column.asking),
    "false zone alarms per device-month [95 %]": lambda column: wording.rate(column.false_zones),
    "the same, at most (one-sided 95 %)": lambda column: f"{column.false_zones.at_most95:.3g}",
    "zone alarms true / false": lambda column: f"{column.zones.true:,} / {column.zones.false:,}",
    "of the false: no breach near": lambda column: f"{column.zones.reasons['unfounded']:,}",
    "of the false: excused": lambda column: f"{column.zones.reasons['excused']:,}",
    "of the false: double": lambda column: f"{column.zones.reasons['double']:,}",
    "of the false: retracted": lambda column: f"{column.zones.reasons['retracted']:,}",
    "doubles of all sorts": lambda column: f"{column.doubles:,}",
    "retracted of all sorts": lambda column: f"{column.retracted:,}",
    "Brier score of the probability": lambda column: wording.score(column.calibration.brier),
    "decided after the end, left out": lambda column: f"{column.after_the_end:,}",
}
_BREACHES: Lines = {
    "all counted breaches": lambda column: wording.found(column.breaches.counted),
    "missed": lambda column: f"{column.breaches.counted.missed:,}",
    "of those whose fixes came later than in ten minutes": lambda column: wording.found(column.breaches.late),
    "found only by an alarm that still stood": lambda column: f"{column.breaches.counted.spanned:,}",
    f"of at most {LEAST_BREACH / 60.0:.0f} minutes (not counted)": lambda column: wording.found(column.breaches.short),
    "excused (not counted)": lambda column: f"{column.breaches.excused:,}",
}
_APPROACHES: Lines = {
    "warned before the buffer is reached [95 %]": (
        lambda column: wording.counted_share(column.approaches.before_buffer)
    ),
    "of those a report of the way came before that": lambda column: wording.counted_share(column.approaches.could),
    "warned before what is barred is reached [95 %]": (
        lambda column: wording.counted_share(column.approaches.before_barred)
    ),
    "false ones per pair-month [95 %]": (
        lambda column: wording.NOTHING if column.approaches.false is None else wording.rate(column.approaches.false)
    ),
    "pair-months": lambda column: f"{column.approaches.pair_months:,.1f}",
}
_EVENTS: Lines = {
    "repeated_place": lambda column: wording.events(column.repeated),
    "silences in outages: in one notice / singly": lambda column: (
        f"{column.outages.gathered:,} / {column.outages.singly:,} of {column.outages.silences:,}"
    ),
    "strap alarms without a cut": lambda column: wording.share(column.strap.false_rate),
    "longest time from a cut to its being critical": (
        lambda column: "–" if column.strap.latest_s is None else f"{column.strap.latest_s:,.0f} s"
    ),
    "straps suspected of a glitch / of those at a cut": (
        lambda column: f"{column.strap.suspected:,} / {column.strap.suspected_at_cut:,}"
    ),
}


def sections(score: Score) -> tuple[Section, ...]:
    """All figures that every column has."""
    first = score.columns[0]
    notices = sorted({kind for column in score.columns for kind in column.notices_by_kind})
    unjudged = sorted({kind for column in score.columns for kind in column.unjudged})
    tables: dict[str, Lines] = {
        "Alarms": _ALARMS,
        "False zone alarms per device-month [95 %] by kind": {kind: _false(kind) for kind in first.false_zones_by_kind},
        "Breaches found by true depth and signal": {
            wording.tier(tier): _tier(position) for position, tier in enumerate(first.breaches.tiers)
        },
        "All breaches": _BREACHES | {f"family {family}": _family(family) for family in first.breaches.families},
        "Latency: half / 95 % / longest": {family: _latency(family) for family in first.latency},
        "Device events found; false ones of the alarms": {kind: _event(kind) for kind in _events(score)} | _EVENTS,
        "Approaches to somebody protected": _APPROACHES if first.approaches.pair_months else {},
        "Zone alarms by scene at onset: true / false (per device-month there, at most); breaches found": {
            scene: _scene_count(scene) for scene in first.scenes
        },
        "Alarms raised per device-month by kind; of them more than info": {kind: _notices(kind) for kind in notices},
        **({} if first.told is None else _told(first.told)),
        "Alarms of kinds without a truth": {kind: _unjudged(kind) for kind in unjudged},
    }
    return tuple(_section(title, score, lines) for title, lines in tables.items() if lines)


def scene_rows(track: Track) -> tuple[Row, ...]:
    """Accuracy by scene, all scenes last; cells as ``SCENE_HEADS`` without the first."""
    scenes = {**track.scenes, "all": track.all_scenes}
    return tuple(Row(name, _scene(accuracy)) for name, accuracy in scenes.items())


def _scene(accuracy: SceneAccuracy) -> tuple[str, ...]:
    errors = map(wording.length, (accuracy.p50_m, accuracy.p67_m, accuracy.p95_m))
    return (f"{accuracy.rows:,}", *errors, wording.share(accuracy.covered67), wording.share(accuracy.covered95))


def unknown_text(score: Score) -> str:
    """Hours of UNKNOWN in a sentence."""
    if score.track is None:
        return "Hours of UNKNOWN: not known, there is no track."
    hours = score.track.unknown_hours
    return (
        f"Hours of UNKNOWN: {hours:,.1f}, {hours / score.device_months:.3g} per device-month."
        f" {score.track.unmatched:,} of {score.track.rows:,} rows have no true place."
    )


def title(score: Score) -> str:
    """Name and size of the scenario."""
    size = f"{score.devices:g} devices, {score.days:g} days, {score.device_months:g} device-months"
    return f"{score.scenario}: {size}, seed {score.seed}"


def _section(heading: str, score: Score, lines: Lines) -> Section:
    rows = (Row(label, tuple(text(column) for column in score.columns)) for label, text in lines.items())
    return Section(heading, tuple(rows))


def _events(score: Score) -> list[str]:
    """Kinds of device events that happened or were alarmed."""
    return sorted({
        kind
        for column in score.columns
        for kind, one in column.events.items()
        if one.happened.happened or one.judged.alarms
    })  # fmt: skip


def _false(kind: str) -> Callable[[Column], str]:
    return lambda column: wording.rate(column.false_zones_by_kind[kind])


def _notices(kind: str) -> Callable[[Column], str]:
    def cell(column: Column) -> str:
        rates = (column.notices_by_kind.get(kind), column.asking_by_kind.get(kind))
        return "; ".join(map(wording.plain_rate, rates))

    return cell


def _told(first: Told) -> dict[str, Lines]:
    """What people are told, by rung and by kind; of the gateway alone."""
    sums = {
        "all, where each is answered in time": _people(lambda told: told.answered),
        "all, where nobody ever answers": _people(lambda told: told.unanswered),
    }
    return {
        "Notices to people per device-month by rung": {
            name.replace("_", " "): _people(_rung(name)) for name in first.by_rung
        }
        | sums,
        "Notices to people per device-month by kind, each answered in time": {
            kind: _people(_of_kind(kind)) for kind in first.by_kind
        },
    }


def _rung(name: str) -> Callable[[Told], Rate | None]:
    return lambda told: told.by_rung.get(name)


def _of_kind(kind: str) -> Callable[[Told], Rate | None]:
    return lambda told: told.by_kind.get(kind)


def _people(pick: Callable[[Told], Rate | None]) -> Callable[[Column], str]:
    return lambda column: wording.plain_rate(None if column.told is None else pick(column.told))


def _scene_count(scene: str) -> Callable[[Column], str]:
    return lambda column: wording.scene(column.scenes.get(scene))


def _tier(position: int) -> Callable[[Column], str]:
    return lambda column: wording.found(column.breaches.tiers[position].found)


def _family(family: str) -> Callable[[Column], str]:
    return lambda column: wording.found(column.breaches.families[family])


def _latency(family: str) -> Callable[[Column], str]:
    return lambda column: wording.latency(column.latency[family])


def _event(kind: str) -> Callable[[Column], str]:
    return lambda column: wording.events(column.events.get(kind))


def _unjudged(kind: str) -> Callable[[Column], str]:
    return lambda column: f"{column.unjudged.get(kind, 0):,}"
