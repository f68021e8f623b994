"""A run says what it skipped, and fails on what CONTRIBUTING.md does not list; with workers as without."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from listed_skips import HEADING, ROW, listed

TESTS = Path(__file__).parent
ROOT = TESTS.parent
TABLE = f"# Guide\n\n| `not in this table` | x |\n\n{HEADING}\n\n| it says | where |\n| --- | --- |\n"
ROWS = "| `nothing [here] *` | anywhere |\n| `no root` | as nobody |\n\n## Next\n\n| `nor in this one` | x |\n"
LISTED = """
import pytest

@pytest.mark.skipif(True, reason="no root")
def test_by_mark():
    pass

def test_by_call():
    pytest.skip("nothing [here] but a path")

@pytest.mark.xfail(reason="not done")
def test_expected():
    raise ValueError

def test_that_runs():
    pass
"""
WHOLE_FILE = 'import pytest\n\npytest.skip("{}", allow_module_level=True)\n'
ONE_BY_ONE = 'import pytest\n\n@pytest.mark.parametrize("n", range(2))\ndef test_other(n):\n    pytest.skip("{}")\n'
NOT_LISTED = ["nothing there", "no root at all", "not in this table", "nor in this one", "*"]
SHARED = (
    "conftest", "browser", "effort", "listed_skips", "order", "quick", "stream_loop", "stream_server", "workers"
)  # fmt: skip
WORKERS = pytest.mark.parametrize("workers", [0, 2])


@pytest.fixture
def run(tmp_path):
    """Files in, what the run said and its exit out; the guide is the one above unless given."""
    (tmp_path / "tests").mkdir()
    for name in SHARED:
        shutil.copy(TESTS / f"{name}.py", tmp_path / "tests")

    def perform(files, workers=0, guide=TABLE + ROWS, option="--listed-skips"):
        (tmp_path / "CONTRIBUTING.md").write_text(guide, "utf-8")
        for name, text in files.items():
            (tmp_path / "tests" / name).write_text(text, "utf-8")
        line = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--workers", str(workers), option, "tests"]
        done = subprocess.run([sys.executable, *line], capture_output=True, text=True, check=False, cwd=tmp_path)
        return done.returncode, done.stdout + done.stderr

    return perform


@WORKERS
def test_what_is_listed_is_printed_and_passes(run, workers):
    code, said = run({"test_a.py": LISTED, "test_b.py": WHOLE_FILE.format("no root")}, workers)
    assert code == 0, said
    assert "skipped: 3" in said
    assert "tests/test_a.py::test_by_mark: no root" in said
    assert "tests/test_a.py::test_by_call: nothing [here] but a path" in said
    assert "tests/test_b.py: no root" in said
    assert "NOT LISTED" not in said
    assert "1 passed, 3 skipped, 1 xfailed" in said.replace("4 skipped", "3 skipped")  # a file, once by each worker


@WORKERS
def test_what_is_not_listed_fails_the_run(run, workers):
    files = {f"test_file_{n}.py": WHOLE_FILE.format(reason) for n, reason in enumerate(NOT_LISTED)}
    tests = {f"test_each_{n}.py": ONE_BY_ONE.format(reason) for n, reason in enumerate(NOT_LISTED)}
    code, said = run({"test_a.py": LISTED, **files, **tests}, workers)
    assert code == 1, said
    for n, reason in enumerate(NOT_LISTED):
        assert said.count(f"NOT LISTED in CONTRIBUTING.md: tests/test_file_{n}.py: {reason}\n") == 1
        assert said.count(f"NOT LISTED in CONTRIBUTING.md: tests/test_each_{n}.py::test_other[0]: {reason}\n") == 1
    assert said.count("NOT LISTED") == 3 * len(NOT_LISTED)


@pytest.mark.parametrize("text", [WHOLE_FILE, ONE_BY_ONE], ids=["a file", "tests"])
def test_one_alone_fails_the_run(run, text):
    code, said = run({"test_a.py": LISTED, "test_b.py": text.format("nothing there")})
    assert code == 1, said


def test_a_failure_stays_one_and_without_the_option_nothing_is_asked(run):
    code, said = run({"test_a.py": LISTED, "test_b.py": "def test_b():\n    assert 1 == 2\n"})
    assert code == 1, said
    assert "1 failed" in said
    code, said = run({"test_b.py": ONE_BY_ONE.format("nothing there")}, option="-v")
    assert code == 0, said


def test_a_guide_without_the_table_is_refused(run):
    code, said = run({"test_a.py": LISTED}, guide="# Guide\n")
    assert code == pytest.ExitCode.USAGE_ERROR, said
    assert "has no table" in said


def reasons():
    """Every reason that a test of ours gives, as the source has it; a ``*`` for what is filled in."""
    for path in sorted(TESTS.rglob("*.py")):
        text = path.read_text("utf-8")
        if path == Path(__file__) or "skip" not in text:
            continue
        for call in ast.walk(ast.parse(text)):
            name = ast.unparse(call.func) if isinstance(call, ast.Call) else ""
            if name == "pytest.skip":
                yield text_of(call.args[0])
            elif name.startswith("pytest.mark.skip"):
                yield text_of(next(each.value for each in call.keywords if each.arg == "reason"))
            assert name != "pytest.importorskip", f"{path}: say in words what is not shown"


def text_of(node):
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(part) for part in node.values)
    return node.value if isinstance(node, ast.Constant) else "*"


def test_the_guide_lists_every_reason_that_a_test_may_give_and_no_other():
    guide, given = ROOT / "CONTRIBUTING.md", set(reasons())
    assert len(given) > 5
    assert [reason for reason in given if not any(each.fullmatch(reason) for each in listed(guide))] == []
    rows = ROW.findall(guide.read_text("utf-8").partition(HEADING)[2])
    assert sorted(set(rows) - given) == []
