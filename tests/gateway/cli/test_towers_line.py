"""``towers import`` and ``towers info`` as operators type and script them."""

from __future__ import annotations

import json
import os
import pty
import sqlite3
import subprocess
import time
from contextlib import closing

import msgspec
import pytest
from programs import GATEWAY, ran

from firmware_sim.firmware.wire import Edition, build_frame
from gateway.cli.tower_lines import mccs_of
from gateway.errors import UserFault
from gateway.journal import FileJournal
from gateway.journal.controls import Configured, Start
from gateway.journal.entries import NO_ORIGIN, EntryKind, Gathering, Origin
from gateway.settings.init import write_sample
from gateway.settings.load import load

HEADER = "radio,mcc,net,area,cell,unit,lon,lat,range,samples,changeable,created,updated,averageSignal\n"
GOOD = "LTE,460,0,6334,{},,109.41,24.33,1000,7,1,1400000000,1500000000,\n"


@pytest.fixture
def county(tmp_path):
    write_sample(tmp_path / "county", "en")
    return tmp_path / "county"


@pytest.fixture
def towers(county):
    def run(*words, lang="en"):
        return ran([GATEWAY, "towers", *words, "--config", county, "--lang", lang])

    return run


def table(path, *rows):
    path.write_text(HEADER + "".join(rows), "utf-8")
    return path


def test_without_towers_it_says_how_to_get_them(towers):
    assert towers("info").stdout == "no towers have been imported: bracelet-gateway towers import FILE\n"
    assert "还没有导入基站表" in towers("info", lang="zh").stdout
    assert json.loads(towers("info", "--json").stdout) == {"version": None}


def test_an_import_says_what_became_of_each_row_and_ends_with_0(towers, tmp_path):
    path = table(tmp_path / "c.csv", *(GOOD.format(cell) for cell in (1, 2)), *["rubbish\n"] * 12)
    done = towers("import", path)
    assert done.returncode == 0
    assert done.stdout.splitlines()[:2] == [
        f"{path}: 14 rows, 2 of use (2 are new, 0 changed); left out by --mcc: 0, CDMA: 0, broken: 12",
        "  number of columns: 12",
    ]
    shown = done.stderr.splitlines()
    assert shown[:10] == [f"{path}:{line}: 1 columns instead of 14" for line in range(4, 14)]
    assert shown[10:] == [f"{path}: 2 more broken rows are not shown"]
    told = towers("info").stdout
    assert ": 2 cells, made 20" in told
    assert "(0 days ago), newest row 2017-07-14 10:40+0800" in told
    assert "  LTE 460: 2" in told


def test_a_terminal_sees_how_far_it_is(county, tmp_path):
    path = table(tmp_path / "c.csv", GOOD.format(1))
    ours, its = pty.openpty()
    line = [GATEWAY, "towers", "import", str(path), "--config", str(county)]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "120"}
    with os.fdopen(ours, "rb", buffering=0) as terminal:
        subprocess.run(line, stdout=subprocess.DEVNULL, stderr=its, check=True, timeout=120, env=environment)
        os.write(its, b"the end")
        seen = b""
        while not seen.endswith(b"the end"):
            seen += terminal.read(65_536)
        os.close(its)
    assert b"c.csv" in seen
    assert b"100%" in seen


def test_scripts_read_a_line_a_file_and_one_for_the_version(towers, tmp_path):
    path = table(tmp_path / "c.csv", GOOD.format(1), "rubbish\n")
    done = towers("import", path, "--json", "--show", 0)
    file, version = map(json.loads, done.stdout.splitlines())
    assert file == {
        "file": str(path), "known": False, "rows": 2, "good": 1, "other_country": 0, "other_radio": 0,
        "broken": {"columns": 1}, "new": 1, "changed": 0,
    }  # fmt: skip
    assert version == json.loads(towers("info", "--json").stdout)
    assert version["counted"] == [{"radio": "LTE", "mcc": 460, "cells": 1}]
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("content", "mcc", "said"),
    [
        ("", "", "the file is empty"), ("county: {}\n", "", "no table of cell towers"),
        (HEADER + "x\n", "", "none can be used"), (HEADER + GOOD.format(1), "466", "none is of --mcc 466"),
        (HEADER + GOOD.format(1), "4x", "write country codes"),
    ],
    ids=["empty", "foreign", "nothing of use", "another country", "no country"],
)  # fmt: skip
def test_input_that_is_wrong_ends_with_2_and_one_line(towers, tmp_path, content, mcc, said):
    path = tmp_path / "c.csv"
    path.write_text(content, "utf-8")
    done = towers("import", path, "--show", 0, *(["--mcc", mcc] if mcc else []))
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) <= 2


def test_a_store_that_cannot_be_written_ends_with_1(towers, tmp_path, county):
    path = table(tmp_path / "c.csv", GOOD.format(1))
    assert towers("import", path).returncode == 0
    (county / "data" / "towers.db").write_bytes(b"no database, " * 1000)
    done = towers("import", path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "is damaged" in done.stderr


def test_countries_as_they_are_typed():
    assert mccs_of(" 460, 461") == {460, 461}
    assert mccs_of("") == mccs_of("  ") == frozenset()
    for text in ("460;461", "0", "1000", "460,", "x", "４６０", "-1"):
        with pytest.raises(UserFault, match="--mcc"):
            mccs_of(text)


def test_a_kill_loses_nothing_that_was_committed_and_the_old_version_stays(towers, tmp_path, county):
    """It cannot end before it is killed: nobody reads what it says of broken rows, behind two chunks of good ones."""
    towers("import", table(tmp_path / "before.csv", GOOD.format(1)))
    before = towers("info", "--json").stdout
    good, broken = [GOOD.format(cell) for cell in range(1, 100_001)], ["rubbish\n"] * 3000
    path = table(tmp_path / "c.csv", *good, *broken, GOOD.format(100_001))
    line = [GATEWAY, "towers", "import", str(path), "--config", str(county), "--show", "3000"]
    with subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as running:
        try:
            assert running.stderr is not None
            assert running.stderr.readline().startswith(f"{path}:100002: ")
        finally:
            running.kill()
    with closing(sqlite3.connect(county / "data" / "towers.db")) as db:
        assert db.execute("SELECT count(*) FROM staged").fetchone() == (100_000,)
    assert towers("info", "--json").stdout == before
    done = towers("import", path, "--json", "--show", 0)
    file, version = map(json.loads, done.stdout.splitlines())
    assert (done.returncode, file["rows"], file["good"], file["new"]) == (0, 103_001, 100_001, 100_000)
    assert file["broken"] == {"columns": 3000}
    assert version["cells"] == 100_001


@pytest.fixture
def journal(county):
    """One that a gateway of the county has left: heartbeats of its bracelets."""
    configuration = load(county)
    device = next(each for each in configuration.devices.values() if each.protocol == "jt808")
    entries, now = Gathering(), time.time()
    entries.add(EntryKind.START, now, NO_ORIGIN, msgspec.json.encode(Start("test")))
    entries.add(EntryKind.CONFIGURATION, now, NO_ORIGIN, msgspec.json.encode(Configured(configuration.digest)))
    origin = Origin(device.device, "bracelets", "", "jt808", device.profile or "g10ls")
    for serial in range(3):
        entries.add(EntryKind.FRAME, now, origin, build_frame(2, "013900000001", serial, b"", Edition.Y2013))
    file = FileJournal(county / "data" / "journal")
    file.store_configuration(configuration.digest, configuration.sources)
    file.append(entries.batch())
    file.close()


def test_without_a_journal_there_is_nothing_to_learn_from(towers):
    done = towers("learn")
    assert done.returncode == 2
    assert "journal" in done.stderr


@pytest.mark.usefixtures("journal")
def test_learning_says_of_how_many_reports(towers, tmp_path):
    done = towers("learn", "--days", 2)
    assert (done.returncode, done.stderr) == (0, "")
    assert "  learnt here: 0 cells, 0 access points, how 0 devices hear; of 0 out of 3 reports from 20" in done.stdout
    assert "取自" in towers("info", lang="zh").stdout
    told = json.loads(towers("learn", "--json").stdout)
    assert told["lessons"]["reports"] == 3
    assert told == json.loads(towers("info", "--json").stdout)
    towers("import", table(tmp_path / "c.csv", GOOD.format(1)))
    assert "of 0 out of 3 reports" in towers("info").stdout


def test_a_survey_is_counted_as_wifi(towers, tmp_path):
    path = tmp_path / "w.csv"
    path.write_text("bssid,lat,lon\n00:00:5e:00:53:01,24.33,109.41\nff:ff:ff:ff:ff:ff,24.33,109.41\n", "utf-8")
    done = towers("import", path)
    assert done.returncode == 0
    assert f"{path}:3: bssid 'ff:ff:ff:ff:ff:ff' is a group address" in done.stderr
    assert "  group addresses: 1" in done.stdout
    assert ": 0 cells, made" in done.stdout
    assert "  WiFi access points: 1" in done.stdout
    assert "  WiFi 热点：1 个" in towers("info", lang="zh").stdout
