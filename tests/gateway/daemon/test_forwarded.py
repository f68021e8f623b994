"""How far the journal's way to the city is behind: for the status, and said from five minutes on."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

from timeline import county

from gateway.daemon.forwarded import LATE, figures, trouble
from gateway.forward.progress import Progress, note
from gateway.settings.model import Credential, Forward, Storage


def test_it_is_behind_by_entries_and_seconds_and_said_with_its_cause_once_that_is_long(tmp_path):
    configuration = county(storage=Storage(str(tmp_path), 180))
    pipeline = SimpleNamespace(
        policy=SimpleNamespace(configuration=configuration), journal=SimpleNamespace(next_offset=10),
        intake=SimpleNamespace(now=lambda: 1000.0 + LATE),
    )  # fmt: skip
    assert (figures(pipeline), trouble(pipeline)) == ({}, None)
    forward = Forward("nats://127.0.0.1:4222", Credential(), "order 7")
    pipeline.policy.configuration = replace(configuration, forward=forward)
    note(tmp_path, Progress(7, 1000.0, ("消息流已满", "the stream is full")))
    assert figures(pipeline) == {"behind_entries": 3, "behind_seconds": LATE}
    said = trouble(pipeline)
    assert "5 min behind" in said.en
    assert said.en.endswith("the stream is full")
    assert said.zh.endswith("消息流已满")
    note(tmp_path, Progress(10, 1000.0))
    assert figures(pipeline) == {"behind_entries": 0, "behind_seconds": 0.0}
    assert trouble(pipeline) is None
