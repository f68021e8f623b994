"""Where a start, a log and a command meet a disk that takes nothing: one line, and the exit code that fits."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from pathlib import Path

import pytest
import structlog

from gateway.cli import app
from gateway.daemon import logs, storage
from gateway.daemon.lock import Lock
from gateway.errors import TransientFault, UserFault


@pytest.mark.parametrize(
    ("number", "kind"),
    [(errno.ENOSPC, TransientFault), (errno.EROFS, TransientFault), (errno.EIO, TransientFault),
     (errno.EACCES, UserFault), (errno.ENOTDIR, UserFault)],
)  # fmt: skip
def test_what_may_pass_is_no_fault_of_the_configuration(tmp_path, monkeypatch, number, kind):
    def refused(*_given, **_named):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(type(tmp_path), "mkdir", refused)
    with pytest.raises(kind, match="cannot be made: .*" + os.strerror(number)):
        storage.make(tmp_path / "data")
    monkeypatch.setattr("builtins.open", refused)
    with pytest.raises(kind, match="cannot be written: .*" + os.strerror(number)), Lock(tmp_path / "lock"):
        pass


@pytest.fixture
def full():
    """Standard output and error on a disk that is full."""
    with Path("/dev/full").open("w", encoding="utf-8", buffering=1) as out:
        yield out
        with suppress(OSError):
            out.close()


def test_a_log_that_cannot_be_written_ends_nothing(full, monkeypatch):
    monkeypatch.setattr(sys, "stderr", full)
    before = structlog.get_config()
    try:
        logs.configure_logs()
        for _ in range(3):
            structlog.get_logger().error("store fails", store="journal")
    finally:
        structlog.configure(**before)


def test_a_command_says_that_its_output_cannot_be_written(full, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(sys, "argv", ["bracelet-gateway", "init", str(tmp_path / "county"), "--lang", "en"])
    monkeypatch.setattr(sys, "stdout", full)
    with pytest.raises(SystemExit) as end:
        app.main()
    assert end.value.code == 1
    assert capsys.readouterr().err.startswith(
        "the output cannot be written: the disk is full (No space left on device)"
    )
