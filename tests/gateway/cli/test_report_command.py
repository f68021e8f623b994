"""``report``: the figures of the page, on the terminal and as a file; for whom it is; and what is written down."""

from __future__ import annotations

import contextvars
import csv
import io
import sys
from contextlib import closing
from pathlib import Path

import pytest
from story_month import NOW, alarms, written

from gateway.cli import report_lines
from gateway.cli.app import main
from gateway.journal.audit import audited
from gateway.journal.controls import Sought
from gateway.store.state_db import Event, StateStore


class Standing:
    def now(self) -> float:
        return NOW


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    directory = written(tmp_path_factory.mktemp("november") / "county")
    (directory / "data").mkdir(exist_ok=True)
    with closing(StateStore(directory / "data" / "state.db")) as store:
        store.commit([Event(one.id, one.id, one.severity, b"{}", one) for one in alarms()], [], 1)
    return directory


@pytest.fixture
def typed(monkeypatch, capsys, county):
    """Types a command; returns its exit code and what it says."""
    monkeypatch.setattr(report_lines, "SystemClock", Standing)
    monkeypatch.setenv("COLUMNS", "240")

    def run(*words: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["bracelet-gateway", "report", *words, "--config", str(county)])
        with pytest.raises(SystemExit) as left:
            contextvars.copy_context().run(main)
        said = capsys.readouterr()
        return int(left.value.code or 0), said.out + said.err

    return run


def test_the_terminal_and_the_file_have_the_figures_of_the_page(typed, tmp_path):
    code, said = typed("--month", "2026-11", "--by", "L01")
    assert code == 0
    for figure in ("45条", "6.4条", "4/45 8.9% [3.5, 20.7]", "42/45 93.3% [82.1, 97.7]", "5/5 100% [56.6, 100]"):
        assert figure in said
    assert typed("--by", "L01")[1] == said, "the last month that is over"
    file = tmp_path / "november.csv"
    assert typed("--month", "2026-11", "--csv", "-o", str(file), "--by", "A01") == (0, "")
    assert typed("--month", "2026-11", "--csv", "--by", "A01")[1].replace("\r", "") == file.read_text("utf-8")
    lines = list(csv.reader(io.StringIO(file.read_text("utf-8-sig"))))
    assert ["误报率（95%区间）", "4/45 8.9% [3.5, 20.7]"] in lines
    assert "样本少，不排名" in next(line for line in lines if line and line[0] == "SFS-02")[-2]


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("necessity", "评估-01"), ("appraisal", "不分先后"), ("noise", "每名值班员每天报警"),
        ("month", "本表考评工作，不评价社区矫正对象"),
    ],
)  # fmt: skip
def test_each_part_is_told(typed, part, said):
    code, told = typed("--month", "2026-11", "--part", part, "--by", "L01")
    assert (code, said in told) == (0, True)
    assert "P0020" not in told


def test_it_is_for_whom_it_is_and_each_time_stands_in_the_log(typed, county):
    assert typed("--month", "2026-11", "--by", "D01")[0] == 2
    assert typed("--month", "2026-11", "--part", "noise", "--by", "A01")[0] == 2
    assert typed("--month", "2026-11", "--part", "noise", "--by", "L01")[0] == 0
    rows = [one for _, _, one in audited(county / "data" / "journal", Sought())][:3]
    assert [(one.what, one.number, one.purpose, one.ok) for one in reversed(rows)] == [
        ("report", "D01", "2026-11 month", False), ("load", "A01", "2026-11 noise", False),
        ("load", "L01", "2026-11 noise", True),
    ]  # fmt: skip


def test_what_is_no_month_and_where_nothing_can_be_written_is_said(typed, tmp_path):
    code, said = typed("--month", "november", "--by", "L01")
    assert (code, "不是月份" in said) == (2, True)
    code, said = typed("--month", "2026-11", "--csv", "-o", str(tmp_path / "none" / "x.csv"), "--by", "L01")
    assert (code, "Traceback" in said, "x.csv" in said) == (1, False, True)
    assert not Path(tmp_path / "none").exists()
