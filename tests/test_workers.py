"""Tests in workers come out as in one process; what a worker that dies has left undone fails the run."""

from __future__ import annotations

import os
import re
import select
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from programs import PATIENCE

TESTS = Path(__file__).parent
MANY = """
import os
import pytest

@pytest.fixture(scope="session")
def place(tmp_path_factory):
    yield tmp_path_factory.mktemp("place")
    with open(f"{os.environ['SEEN']}/ended {os.getpid()}", "w"):
        pass

@pytest.mark.parametrize("n", range(3))
def test_in_order(place, n):
    assert len(list(place.iterdir())) == n
    (place / str(n)).touch()
    with open(f"{os.environ['SEEN']}/begun {os.getpid()}", "w"):
        pass

def test_says():
    print("said by NAME")
    assert os.environ["SEEN"] == "NAME"

@pytest.fixture
def broken_after():
    yield
    raise ValueError("after NAME")

def test_ends_badly(broken_after):
    pass

def test_skipped():
    pytest.skip("not here")

@pytest.mark.xfail
def test_expected():
    raise ValueError
"""
STUBBORN = """
import os, signal, sys

def test_goes_on():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.write(int(os.environ["SEEN"]), b"%d" % os.getpid())
    signal.pause()
"""
CONFTEST = """
from workers import Workers

def pytest_configure(config):
    if {0}:
        config.pluginmanager.register(Workers({0}))
"""
PYTEST = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:hypothesispytest"]
DYING = (
    "import os\n\ndef test_before():\n    pass\n\ndef test_dies():\n    os._exit(7)\n\ndef test_after():\n    pass\n"
)


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Files and options in; exit code, what was said, and the processes that began and ended their part, out."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "seen").mkdir()
    monkeypatch.setenv("SEEN", str(tmp_path / "seen"))
    shutil.copy(TESTS / "workers.py", tmp_path / "tests")

    def perform(files, workers, *options):
        (tmp_path / "tests" / "conftest.py").write_text(CONFTEST.format(workers), "utf-8")
        for name, text in files.items():
            (tmp_path / "tests" / name).write_text(text.replace("NAME", name), "utf-8")
        done = subprocess.run([*PYTEST, *options, "tests"], capture_output=True, text=True, check=False, cwd=tmp_path)
        seen = [path.name.split() for path in (tmp_path / "seen").iterdir()]
        return done.returncode, done.stdout + done.stderr, seen

    return perform


def failures(said):
    """Each with what it printed."""
    return sorted(re.findall(r"_ (test_\w+|ERROR at teardown of \w+) _", said)), sorted(
        re.findall(r"^said by .*", said, re.MULTILINE)
    )


def test_in_workers_all_comes_out_as_in_one_process_and_each_ends_what_it_began(run):
    files = {f"test_{letter}.py": MANY for letter in "abcdef"}
    code, alone, _ = run(files, 0)
    many, told, seen = run({}, 3)
    assert code == many == 1
    counts = "6 failed, 24 passed, 6 skipped, 6 xfailed, 6 errors"
    assert counts in alone
    assert counts in told
    assert failures(told) == failures(alone)
    assert len(failures(told)[1]) == len(files)
    parts = {what: {number for each, number in seen if each == what} for what in ("begun", "ended")}
    assert parts["begun"] == parts["ended"]
    assert 1 < len(parts["begun"]) <= 3 + 1  # the one process before, too


def test_what_a_worker_that_dies_leaves_undone_fails_and_the_others_go_on(run):
    fine = {f"test_{letter}.py": "def test_fine():\n    pass\n" for letter in "abcdef"}
    code, said, _ = run({"test_0.py": DYING, **fine}, 2)
    assert code == 1
    assert "2 failed, 7 passed" in said
    assert "a worker ended with 7" in said
    assert re.findall(r"FAILED tests/test_0.py::(\w+)", said) == ["test_dies", "test_after"]


def test_one_that_hangs_is_ended_and_told_as_failed_and_the_others_go_on(run, monkeypatch):
    monkeypatch.setenv("HUNG_AFTER", "1")
    hangs = "import threading\n\ndef test_hangs():\n    threading.Event().wait()\n\ndef test_after():\n    pass\n"
    code, said, _ = run({"test_0.py": hangs, "test_a.py": "def test_fine():\n    pass\n"}, 1)
    assert code == 1
    assert "1 failed, 2 passed" in said
    assert "test_hangs" in said
    assert "Hung: not at its end after 1 s" in said


def test_one_alone_that_dies_leaves_all_undone(run):
    code, said, _ = run({"test_0.py": DYING, "test_a.py": "def test_fine():\n    pass\n"}, 1)
    assert code == 1
    assert "3 failed, 1 passed" in said


def test_the_first_failure_ends_the_run_where_that_is_asked_for(run):
    code, said, _ = run({f"test_{n:02}.py": "def test_fails():\n    assert 1 == 2\n" for n in range(30)}, 1, "-x")
    assert code == 1
    assert "1 failed" in said


def test_files_that_cannot_be_read_are_told_and_nothing_is_run(run):
    code, said, _ = run({"test_a.py": "def test_fine():\n    pass\n", "test_b.py": "import nothing_of_this_name\n"}, 2)
    assert code == pytest.ExitCode.INTERRUPTED
    assert "nothing_of_this_name" in said
    assert "passed" not in said


def test_a_worker_ends_with_the_run_however_that_ends(tmp_path):
    shutil.copy(TESTS / "workers.py", tmp_path)
    (tmp_path / "conftest.py").write_text(CONFTEST.format(1), "utf-8")
    (tmp_path / "test_a.py").write_text(STUBBORN, "utf-8")
    seen, told = os.pipe()
    with subprocess.Popen(
        [*PYTEST, str(tmp_path)], cwd=tmp_path, env=os.environ | {"SEEN": str(told)}, pass_fds=[told],
        stdout=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        os.close(told)
        worker = os.pidfd_open(int(os.read(seen, 20)))
        process.kill()
    os.close(seen)
    assert select.select([worker], [], [], PATIENCE)[0]
    os.close(worker)
