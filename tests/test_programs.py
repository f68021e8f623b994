"""A copy of the loaded programs is like a program that was started: what it says, how it ends, and with whom."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from programs import GATEWAY, PATIENCE, SIMULATOR, begun, ran

ASKED = {
    "well": [GATEWAY, "--version"],
    "a fault": [GATEWAY, "check", "/nowhere", "--lang", "en"],
    "not understood": [GATEWAY, "--bogus"],
    "another program": [SIMULATOR, "run", "--bogus"],
    "to be told what": [GATEWAY, "decode", "--protocol", "jt808"],
}
ENDLESS = [SIMULATOR, "carrier", "--port", 0, "--phones", 1, "--anchor", 0]


@pytest.mark.parametrize("line", ASKED.values(), ids=ASKED)
def test_it_says_and_ends_as_one_that_was_started(line):
    said = "7e00\n"
    copy = ran(line, said=said)
    started = subprocess.run(line, input=said, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert (copy.returncode, copy.stdout, copy.stderr) == (started.returncode, started.stdout, started.stderr)
    assert copy.stdout + copy.stderr


def test_a_failure_is_raised_where_it_is_asked_for():
    with pytest.raises(subprocess.CalledProcessError):
        ran(ASKED["a fault"], check=True)


def test_it_takes_the_environment_and_the_directory_it_is_given(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with begun([GATEWAY, "--help"], subprocess.PIPE, env={**os.environ, "LANG": "zh_CN.UTF-8"}, text=True) as chinese:
        assert "电子腕带网关" in chinese.communicate(timeout=PATIENCE)[0]
    assert ran([GATEWAY, "init", "here"]).returncode == 0
    assert (tmp_path / "here" / "gateway.yaml").is_file()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_it_is_killed_and_asked_to_end_as_any_other(how):
    with begun(ENDLESS, subprocess.PIPE, text=True) as process:
        process.stdout.readline()
        assert process.poll() is None
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.01)
        process.send_signal(how)
        assert process.wait(PATIENCE) == (0 if how is signal.SIGTERM else -how)


def test_a_program_that_takes_too_long_is_killed():
    with pytest.raises(subprocess.TimeoutExpired):
        ran(ENDLESS, 0.05)


def test_it_ends_with_the_test_that_began_it():
    """However that ends."""
    program = (
        "import os, programs, subprocess\n"
        f"process = programs.begun({[str(word) for word in ENDLESS]}, subprocess.PIPE, text=True)\n"
        "process.stdout.readline()\n"
        "print(process.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    here = Path(__file__).parent
    environment = {**os.environ, "PYTHONPATH": f"{here.parent}{os.pathsep}{here}"}
    line = [sys.executable, "-P", "-c", program]
    ended = subprocess.run(line, stdout=subprocess.PIPE, env=environment, check=False)
    assert ended.returncode == -signal.SIGKILL
    with suppress(ProcessLookupError):
        assert has_ended(int(ended.stdout))


def has_ended(number):
    process = os.pidfd_open(number)
    try:
        return bool(select.select([process], [], [], PATIENCE)[0])
    finally:
        os.close(process)


def test_where_time_is_no_matter_it_is_started(monkeypatch):
    monkeypatch.setenv("HYPOTHESIS_PROFILE", "thorough")
    with begun([GATEWAY, "--version"], subprocess.PIPE) as process:
        assert type(process) is subprocess.Popen
        process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
