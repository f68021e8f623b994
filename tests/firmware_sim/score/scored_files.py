"""Truth, alarms and tracks as files, written record by record, for the scorer's tests."""

import json
from datetime import UTC, datetime

from firmware_sim.score import score

EPOCH = 1_793_548_800.0
DAY = 86400.0
MINUTE = 60.0
HOUR = 3600.0


def iso(moment):
    return None if moment is None else datetime.fromtimestamp(moment, UTC).isoformat().replace("+00:00", "Z")


def scenario(**changed):
    return {
        "record": "scenario", "name": "small", "why": "to test", "seed": 1, "epoch": EPOCH, "until": EPOCH + 30 * DAY,
        "devices": 2, "days": 30, "baselines": {},
    } | changed  # fmt: skip


def breach(onset, until, **changed):
    """Times in seconds of the scenario."""
    return {
        "record": "breach", "person": "P0001", "device": "B0001", "kind": "exclusion_enter", "zone": "cafes",
        "onset": EPOCH + onset, "until": None if until is None else EPOCH + until, "depth_m": 60.0, "usable_s": 600.0,
        "excused": False,
    } | changed  # fmt: skip


def event(kind, onset, until, **changed):
    until = None if until is None else EPOCH + until
    base = {"record": "event", "person": "P0001", "device": "B0001", "kind": kind, "onset": EPOCH + onset}
    return base | {"until": until} | changed


def repeated(onset, until, latitude, longitude):
    return {
        "record": "repeated", "person": "P0001", "device": "B0001", "onset": EPOCH + onset, "until": EPOCH + until,
        "latitude": latitude, "longitude": longitude,
    }  # fmt: skip


def corner(device, time, latitude, longitude, scene):
    return {
        "record": "track", "device": device, "person": "P0001", "time": EPOCH + time, "latitude": latitude,
        "longitude": longitude, "scene": scene,
    }  # fmt: skip


def message(alarm, revision, change, decided, **changed):
    """One CloudEvents message; ``decided``, ``onset``, ``ended`` and ``time`` in seconds of the scenario."""
    onset, ended, time = changed.pop("onset", decided), changed.pop("ended", None), changed.pop("time", decided)
    data = {
        "alarm": alarm, "revision": revision, "kind": "exclusion_enter", "person": "P0001", "device": "B0001",
        "zone": "cafes", "onset": iso(EPOCH + onset), "ended": None if ended is None else iso(EPOCH + ended),
        "decided": iso(EPOCH + decided), "probability": 0.99, "position": None, "facts": {}, "closed": None,
    } | changed  # fmt: skip
    return {
        "specversion": "1.0", "id": f"{alarm}.{revision}", "type": f"bracelet.alarm.{change}",
        "time": iso(EPOCH + time), "data": data,
    }  # fmt: skip


def alarm(name, decided, ended=None, **changed):
    """Messages of an alarm that is raised and, if it ends, cleared."""
    messages = [message(name, 1, "raised", decided, **changed)]
    return messages + ([] if ended is None else [message(name, 2, "cleared", decided, ended=ended, **changed)])


def write(path, records):
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def write_track(path, rows):
    """Rows of device, second of the scenario, latitude, longitude, radius67, radius95, state."""
    lines = ["device,time,latitude,longitude,radius67_m,radius95_m,speed_kmh,state,sources"]
    for device, time, latitude, longitude, radius67, radius95, state in rows:
        lines.append(f"{device},{iso(EPOCH + time)},{latitude},{longitude},{radius67},{radius95},0.0,{state},gnss")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def scored(folder, truth, *alarms, track=None, **changed):
    """The score of records and of lists of messages."""
    messages = [each for one in alarms for each in one]
    files = write(folder / "truth.jsonl", [scenario(**changed), *truth]), write(folder / "alarms.jsonl", messages)
    return score(*files, track)


def gateway(*arguments, **changed):
    """The gateway's column of that score."""
    return scored(*arguments, **changed).columns[0]
