"""The engine is a function: ``step(state, entries) -> outcomes``. No clock, no I/O, no randomness.

This is its face; other rooms import what they need from here, and ``step`` from ``gateway.engine.step``. What is asked
for is loaded then: a list of alarms needs no decoders, and the command line stays quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from gateway.engine.act_lines import ActLine, FollowUp
    from gateway.engine.context import Context, spread
    from gateway.engine.controls import configure, start
    from gateway.engine.drawn import Drawn, as_before, draw_packed, pack_drawn, redrawn, undrawn, unpack_drawn
    from gateway.engine.episode import WERE_NONE, CloseOutcome, Episode, Note
    from gateway.engine.erased import PLACES_ERASED, PLACES_HIDDEN, place_hidden, placeless, without_place
    from gateway.engine.families import FLAG_KINDS
    from gateway.engine.fuse import project, radii_of
    from gateway.engine.heard import hear_places, no_towers, take_towers
    from gateway.engine.history import (
        KEPT,
        PAST,
        History,
        MemoryHistory,
        PastStore,
        by_device,
        gathered,
        in_order,
        joined,
        picked,
    )
    from gateway.engine.image import Image
    from gateway.engine.imported import imported_name, imported_reports, with_imported
    from gateway.engine.ledger import CALLS, Outcome
    from gateway.engine.loops import prepare
    from gateway.engine.notice import ARRIVED, OPEN, WEARER, About, Notice, NoticeRecord, NoticeState, Topic
    from gateway.engine.number import ENGINE
    from gateway.engine.pace import Discharge, discharges, flat_between, full_hours, lasts_until
    from gateway.engine.policy import Policy, compile_policy
    from gateway.engine.presence import Interval, Presence, duty_now
    from gateway.engine.records import (
        GATEWAY,
        INTERVAL,
        LOCATE,
        ROLL_CALL,
        WELL,
        Closeness,
        Command,
        CommandRecord,
        End,
        Ended,
        Erased,
        Wished,
    )
    from gateway.engine.registered import Registered
    from gateway.engine.reminders import curfews_of, reminders_due
    from gateway.engine.reports import Reports, assemble, decode_run
    from gateway.engine.role import Role
    from gateway.engine.roster import duty_began, on_duty
    from gateway.engine.shapes import HOME, zone_shapes
    from gateway.engine.shelf import Observer, Policies, TowersByDigest
    from gateway.engine.signs import Sign
    from gateway.engine.snapshot import Snapshot, SnapshotPart, restore, snapshot_of
    from gateway.engine.state import EngineState
    from gateway.engine.takeover import adopt
    from gateway.engine.timers import next_due
    from gateway.engine.track import Curve, Fix, Gap, Past, Told, state_of
    from gateway.engine.trial import is_overtaken, stands_in_the_way
    from gateway.engine.watching import WatchKind
    from gateway.engine.whereabouts import IS_IN, RADIUS95, last_known, place_of

__all__ = [
    "ARRIVED",
    "CALLS",
    "ENGINE",
    "FLAG_KINDS",
    "GATEWAY",
    "HOME",
    "INTERVAL",
    "IS_IN",
    "KEPT",
    "LOCATE",
    "OPEN",
    "PAST",
    "PLACES_ERASED",
    "PLACES_HIDDEN",
    "RADIUS95",
    "ROLL_CALL",
    "WEARER",
    "WELL",
    "WERE_NONE",
    "About",
    "ActLine",
    "CloseOutcome",
    "Closeness",
    "Command",
    "CommandRecord",
    "Context",
    "Curve",
    "Discharge",
    "Drawn",
    "End",
    "Ended",
    "EngineState",
    "Episode",
    "Erased",
    "Fix",
    "FollowUp",
    "Gap",
    "History",
    "Image",
    "Interval",
    "MemoryHistory",
    "Note",
    "Notice",
    "NoticeRecord",
    "NoticeState",
    "Observer",
    "Outcome",
    "Past",
    "PastStore",
    "Policies",
    "Policy",
    "Presence",
    "Registered",
    "Reports",
    "Role",
    "Sign",
    "Snapshot",
    "SnapshotPart",
    "Told",
    "Topic",
    "TowersByDigest",
    "WatchKind",
    "Wished",
    "adopt",
    "as_before",
    "assemble",
    "by_device",
    "compile_policy",
    "configure",
    "curfews_of",
    "decode_run",
    "discharges",
    "draw_packed",
    "duty_began",
    "duty_now",
    "flat_between",
    "full_hours",
    "gathered",
    "hear_places",
    "imported_name",
    "imported_reports",
    "in_order",
    "is_overtaken",
    "joined",
    "last_known",
    "lasts_until",
    "next_due",
    "no_towers",
    "on_duty",
    "pack_drawn",
    "picked",
    "place_hidden",
    "place_of",
    "placeless",
    "prepare",
    "project",
    "radii_of",
    "redrawn",
    "reminders_due",
    "restore",
    "snapshot_of",
    "spread",
    "stands_in_the_way",
    "start",
    "state_of",
    "take_towers",
    "undrawn",
    "unpack_drawn",
    "with_imported",
    "without_place",
    "zone_shapes",
]

_FACE: Final = {
    "records": (
        "Closeness",
        "Command",
        "CommandRecord",
        "End",
        "Ended",
        "Erased",
        "GATEWAY",
        "INTERVAL",
        "LOCATE",
        "ROLL_CALL",
        "WELL",
        "Wished",
    ),
    "act_lines": ("ActLine", "FollowUp"),
    "context": ("Context", "spread"),
    "controls": ("configure", "start"),
    "drawn": ("Drawn", "as_before", "draw_packed", "pack_drawn", "redrawn", "undrawn", "unpack_drawn"),
    "episode": ("WERE_NONE", "CloseOutcome", "Episode", "Note"),
    "erased": ("PLACES_ERASED", "PLACES_HIDDEN", "place_hidden", "placeless", "without_place"),
    "families": ("FLAG_KINDS",),
    "fuse": ("project", "radii_of"),
    "heard": ("hear_places", "no_towers", "take_towers"),
    "history": (
        "KEPT",
        "PAST",
        "History",
        "MemoryHistory",
        "PastStore",
        "by_device",
        "gathered",
        "in_order",
        "joined",
        "picked",
    ),
    "image": ("Image",),
    "imported": ("imported_name", "imported_reports", "with_imported"),
    "ledger": ("CALLS", "Outcome"),
    "notice": ("ARRIVED", "OPEN", "WEARER", "About", "Notice", "NoticeRecord", "NoticeState", "Topic"),
    "number": ("ENGINE",),
    "pace": ("Discharge", "discharges", "flat_between", "full_hours", "lasts_until"),
    "role": ("Role",),
    "roster": ("duty_began", "on_duty"),
    "loops": ("prepare",),
    "policy": ("Policy", "compile_policy"),
    "watching": ("WatchKind",),
    "presence": ("Interval", "Presence", "duty_now"),
    "registered": ("Registered",),
    "reminders": ("curfews_of", "reminders_due"),
    "reports": ("Reports", "assemble", "decode_run"),
    "shapes": ("HOME", "zone_shapes"),
    "shelf": ("Observer", "Policies", "TowersByDigest"),
    "signs": ("Sign",),
    "snapshot": ("Snapshot", "SnapshotPart", "restore", "snapshot_of"),
    "state": ("EngineState",),
    "takeover": ("adopt",),
    "timers": ("next_due",),
    "track": ("Curve", "Fix", "Gap", "Past", "Told", "state_of"),
    "trial": ("is_overtaken", "stands_in_the_way"),
    "whereabouts": ("IS_IN", "RADIUS95", "last_known", "place_of"),
}
_HOMES: Final = {name: module for module, names in _FACE.items() for name in names}


def __getattr__(name: str) -> object:
    """A name of the face, from the module it lives in (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"the engine's face has no {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
