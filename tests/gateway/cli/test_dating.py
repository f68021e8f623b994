"""``dates`` at the command line: what ends, for whom it is, and that the look is written down."""

from __future__ import annotations

import contextvars
import json
import sys

import pytest
from ending_county import NOW, ending

from gateway.cli import date_lines
from gateway.cli.app import main
from gateway.journal.audit import audited
from gateway.journal.controls import Sought


class Standing:
    def now(self) -> float:
        return NOW


@pytest.fixture
def typed(monkeypatch, capsys, tmp_path):
    directory = ending(tmp_path / "county")
    monkeypatch.setattr(date_lines, "SystemClock", Standing)
    monkeypatch.setenv("COLUMNS", "240")

    def run(*words: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["bracelet-gateway", "dates", *words, "--config", str(directory)])
        with pytest.raises(SystemExit) as left:
            contextvars.copy_context().run(main)
        said = capsys.readouterr()
        return int(left.value.code or 0), said.out + said.err

    run.journal = directory / "data" / "journal"
    return run


def test_it_lists_what_ends_within_the_days_that_were_asked_for(typed):
    code, said = typed("--by", "D01")
    assert (code, "Traceback" in said) == (2, False)
    typed.journal.parent.mkdir()
    code, said = typed("--days", "365", "--by", "D01", "--json")
    found = json.loads(said)
    assert code == 0
    assert [one["until"] for one in found] == sorted(one["until"] for one in found)
    assert {one["kind"] for one in found} == {"authority", "term", "rule", "leave"}
    assert json.loads(typed("--days", "5", "--by", "D01", "--json")[1]) == [one for one in found if one["days"] <= 5]
    offices = {one["office"] for one in json.loads(typed("--days", "365", "--by", "S01", "--json")[1])}
    assert offices == {"SFS-01"} < {one["office"] for one in found}
    table = typed("--days", "365", "--office", "SFS-02", "--by", "D01", "--lang", "en")[1]
    assert "authority for the bracelet" in table
    assert "SFS-01" not in table
    assert typed("--office", "none", "--by", "D01")[1].strip() == "没有即将到期的期限。"
    looks = [one for one in audited(typed.journal, Sought()) if one[2].what == "dates"]
    assert len(looks) == 5
