"""A start by what is kept is the start that the files make, and each configuration in force is kept for the next."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from gateway.daemon.kept_start import begun
from gateway.daemon.storage import secret_of
from gateway.engine import compile_policy
from gateway.replay.reading import PolicyShelf
from gateway.settings.init import write_sample
from gateway.settings.kept import NAME
from gateway.settings.load import inspect


@pytest.fixture
def county(tmp_path):
    write_sample(tmp_path, "en")
    (tmp_path / "data").mkdir()
    secret_of(tmp_path / "data" / "secret")
    return tmp_path


def begin(county):
    """What a start goes by, and why it reads the files; empty: it does not."""
    with capture_logs() as logs:
        start = begun(county)
    return start, logs[0].get("kept", "")


def test_the_first_start_reads_and_keeps_and_the_second_recalls(county):
    first, why = begin(county)
    assert (why, first.drawing(first.configuration)) == ("none", None)
    shelf = PolicyShelf(None)
    first.keep(first.configuration, shelf.put(first.configuration))
    second, why = begin(county)
    assert (why, second.configuration) == ("", inspect(county)[0])
    policy = shelf.put(second.configuration, second.drawing(second.configuration))
    assert policy.rules_digest == compile_policy(first.configuration).rules_digest
    assert policy.configuration is second.configuration


def test_what_was_drawn_is_used_for_its_configuration_alone(county):
    start, _ = begin(county)
    start.keep(start.configuration, compile_policy(start.configuration))
    start, _ = begin(county)
    other = inspect(county, deeds=False)[0]
    assert start.drawing(other) is not None
    rules = county / "rules" / "rules.yaml"
    rules.write_text(f"{rules.read_text('utf-8')}# more\n", "utf-8")
    assert start.drawing(inspect(county)[0]) is None


def test_what_is_kept_already_is_not_written_again(county):
    start, _ = begin(county)
    start.keep(start.configuration, compile_policy(start.configuration))
    start, _ = begin(county)
    (county / "data" / NAME).unlink()
    start.keep(start.configuration, compile_policy(start.configuration))
    assert not (county / "data" / NAME).exists()


def test_damage_is_said_and_the_files_are_read(county):
    start, _ = begin(county)
    start.keep(start.configuration, compile_policy(start.configuration))
    (county / "data" / NAME).write_bytes(b"damage" * 20)
    again, why = begin(county)
    assert (why, again.configuration) == ("damaged", start.configuration)
    again.keep(again.configuration, compile_policy(again.configuration))
    assert begin(county)[1] == ""


def test_what_cannot_be_kept_stops_nothing(county):
    start, _ = begin(county)
    (county / "data" / "secret").unlink()
    with capture_logs() as logs:
        start.keep(start.configuration, compile_policy(start.configuration))
    assert [each["log_level"] for each in logs] == ["warning"]
    assert not (county / "data" / NAME).exists()
