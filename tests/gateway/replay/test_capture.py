"""A capture of frames through the same engine; a damaged one says what is wrong with it."""

import json

import numpy as np
import pytest
from met import counted
from rich.console import Console

from firmware_sim import configuration, story
from gateway.errors import UserFault
from gateway.replay import run as run_module
from gateway.replay.run import Request, run

QUIET = Console(quiet=True)


@pytest.fixture
def told(tmp_path):
    """A story's county and its frames as a capture."""
    tale = story.build("cafe", seed=1, days=2)
    configuration.write(tale, tmp_path / "county", configuration.Surroundings(7611, "state", "mqtt://127.0.0.1:1"))
    frames = list(story.frames(tale))
    folder = tmp_path / "frames"
    folder.mkdir()
    senders = "".join(f"jt808,{schedule.identity.phone}\n" for schedule in tale.schedules)
    (folder / "senders.csv").write_text(f"protocol,identity\n{senders}", encoding="utf-8")
    save(folder / "1.npz", [frame.receive_time for frame in frames], [frame.frame_bytes for frame in frames])
    return tmp_path


def save(path, received, frames, sender=0):
    np.savez(
        path, received=np.array(received), sender=np.full(len(frames), sender, np.int32),
        length=np.array([len(frame) for frame in frames]), octets=np.frombuffer(b"".join(frames), np.uint8),
    )  # fmt: skip


def replayed(folder, until="", batch=65_536):
    out = folder / "alarms.jsonl"
    run(Request(folder / "county", None, None, out, None, until, batch, folder / "frames"), QUIET)
    return [json.loads(line)["data"] for line in out.read_text("utf-8").splitlines()]


def test_a_capture_says_what_the_story_is_worth(told):
    kinds = [alarm["kind"] for alarm in replayed(told) if alarm["revision"] == 1]
    assert kinds.count("exclusion_enter") == 1
    assert {"curfew_late", "curfew_absent"} & set(kinds)


def test_the_size_of_the_batches_does_not_matter(told, monkeypatch):
    calls = counted(monkeypatch, run_module, "step")
    whole = replayed(told)
    large = calls["step"]
    assert replayed(told, batch=7) == whole
    assert calls["step"] - large > 10 * large > 0


def test_it_stops_where_it_is_told(told):
    assert replayed(told, until="2026-11-01T17:00:00Z") == []


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda folder: (folder / "senders.csv").unlink(), "no capture here"),
        (lambda folder: (folder / "senders.csv").write_text("protocol,identity\njt808,1\n"), "senders.csv:2: jt808 1"),
        (lambda folder: (folder / "1.npz").write_bytes(b"no"), "cannot be read"),
        (lambda folder: save(folder / "1.npz", [2.0, 1.0], [b"a", b"b"]), "goes back in time"),
        (lambda folder: save(folder / "0.npz", [9e9], [b"a"]), "goes back in time"),
        (lambda folder: save(folder / "1.npz", [1.0], [b"a"], sender=5), "sender 5 is no row"),
        (lambda folder: np.savez(folder / "1.npz", received=np.zeros(1)), "needed are the arrays"),
    ],
)  # fmt: skip
def test_a_capture_that_cannot_be_used_says_why(told, spoil, said):
    spoil(told / "frames")
    with pytest.raises(UserFault, match=said):
        replayed(told)


def test_lengths_beyond_the_octets_are_refused(told):
    np.savez(
        told / "frames" / "1.npz", received=np.ones(1), sender=np.zeros(1, np.int32), length=np.array([9]),
        octets=np.zeros(2, np.uint8),
    )  # fmt: skip
    with pytest.raises(UserFault, match="do not fit"):
        replayed(told)


def test_the_configuration_is_needed(told):
    with pytest.raises(UserFault, match="needs --config"):
        run(Request(None, None, None, None, None, "", 10, told / "frames"), QUIET)
