"""`evidence`: written beside a running daemon, checked by its verifier alone; a look that is approved and audited."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sqlite3
import subprocess
import sys
import time
import zipfile
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from gateway_process import Gateway, eventually
from looked import looked_in
from plain_terminal import POSITION, SOS, Terminal, position
from pressed_county import phone, write_county

from gateway.demo.broker import free_port
from gateway.evidence import verify
from gateway.journal import FileJournal
from gateway.journal.entries import EntryKind

CAFE = "{id: cafe, name: cafe 3, datum: wgs84, longitude: 109.42, latitude: 24.33, radius_m: 300}"
RULE = "{id: stay, people: all, basis: order-1, stay_inside: county}"
BAR = "{id: bar, people: [P0001], basis: order-9, keep_out: cafe}"
LEAVE = ("registers", "leave", "P0001", "--until", "2040-01-01 00:00", "--approved-by", "head", "--by", "D01")
FOR = ("--to", "court", "--purpose", "penalty", "--document", "D-7", "--approved-by", "L01", "--by", "D01")


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    """A daemon under SM3 whose county bars P0001 from where he is; two wearers report; the alarm is closed with a note.

    The note names the other wearer.
    """
    directory = tmp_path_factory.mktemp("handed") / "county"
    one = Gateway(write_county(directory, free_port(), 3))
    main = directory / "gateway.yaml"
    text = (
        main.read_text("utf-8")
        .replace(RULE, f"{RULE}, {BAR}")
        .replace("keep_days: 90", "keep_days: 90, evidence_digest: sm3")
    )
    text = text.replace(
        "P0000, level: strict, office: S01, minor: false", "P0000, level: strict, office: S01, minor: true"
    )
    main.write_text(text.replace("file: county.geojson}]", f"file: county.geojson}}, {CAFE}]"), "utf-8")
    one.start()
    now = time.time()
    with (
        Terminal(one.county.port, phone(1)) as mine,
        Terminal(one.county.port, phone(2)) as other,
        Terminal(one.county.port, phone(0)) as minor,
    ):
        for each in (mine, other, minor):
            each.log_in()
        for ago in range(600, -1, -60):
            mine.ask(POSITION, position(now - ago, alarm=0))
            other.ask(POSITION, position(now - ago, alarm=0 if ago else SOS))
        minor.ask(POSITION, position(now, alarm=SOS))
    eventually(lambda: len(one.events()) >= 3, "all are raised")
    closing_it = (
        "alarms",
        "close",
        alarm_of(one, "exclusion_enter"),
        "--by",
        "D01",
        "--outcome",
        "excused",
        "--note",
        "met P0002, at hospital",
    )
    done = one.command(*closing_it)
    assert done.returncode == 0, done.stderr
    one.settle()
    yield one
    one.finish()
    shutil.rmtree(directory, ignore_errors=True)


def alarm_of(gateway, kind, person="P0001"):
    found = (each["data"] for each in gateway.events())
    return next(each["alarm"] for each in found if each["kind"] == kind and each["person"] == person)


def asked(gateway, code, *words, command="evidence"):
    done = gateway.command(command, *words)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def file(gateway, tmp_path_factory):
    path = tmp_path_factory.mktemp("out") / "evidence.zip"
    said = asked(gateway, 0, alarm_of(gateway, "exclusion_enter")[:10], "-o", str(path), *FOR)
    assert data_of(path)["sums"]["whole"] in said
    return path


def data_of(path):
    page = verify._unpacked(path.read_bytes())[0].decode() if path.suffix == ".zip" else path.read_text("utf-8")
    return json.loads(page.split(verify.OPEN)[1].split(verify.CLOSE)[0])


def table(data, name):
    return next(one for one in data["tables"] if one["id"] == name)


def test_it_is_verified_alone_and_made_the_same_again(gateway, file, tmp_path):
    """Whatever has come since, and been entered for that time."""
    blob = file.read_bytes()
    (tmp_path / "verify.py").write_bytes(verify._unpacked(blob)[1])
    done = subprocess.run(
        [sys.executable, "-I", "-S", "verify.py", file], cwd=tmp_path, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout.decode()
    again = tmp_path / "again.zip"
    with Terminal(gateway.county.port, phone(1)) as mine:
        mine.log_in()
        mine.ask(POSITION, position(time.time(), alarm=0))
    done = gateway.command(*LEAVE, "--from", f"{datetime.now(UTC) - timedelta(hours=3):%Y-%m-%d %H:%M}")
    assert done.returncode == 0, done.stderr
    gateway.settle()
    asked(gateway, 0, alarm_of(gateway, "exclusion_enter"), "-o", str(again), *FOR)
    assert again.read_bytes() == blob
    assert again.stat().st_mode & 0o777 == 0o600


def test_all_that_was_asked_for_is_in_it_in_both_languages(gateway, file):
    data = data_of(file)
    assert data["digest"] == "sm3"
    frames = [entry for entry in data["entries"] if entry.get("kind") == EntryKind.FRAME]
    mine = [raw for kind, origin, _, raw in gateway.journal() if kind is EntryKind.FRAME and origin.device == "B0001"]
    assert [bytes.fromhex(entry["payload"]) for entry in frames] == [raw for raw in mine if raw[1:3] == b"\x02\x00"][
        :11
    ]
    assert len(table(data, "decoded")["rows"]) == len(frames) == 11
    assert len(table(data, "track")["rows"]) == 11
    (act,) = table(data, "history")["rows"]
    assert "excused" in act[2]
    assert "有正当理由" in act[1]
    assert {one["id"] for one in data["pictures"]} == {"map", "curve_zh", "curve_en"}
    assert any("cafe 3" in one["svg"] for one in data["pictures"])
    versions = [row[3] for row in table(data, "versions")["rows"]]
    first = next(said for kind, _, _, said in gateway.journal() if kind is EntryKind.CONFIGURATION)
    assert json.loads(first)["digest"] in versions, "not that of the leave, which came later"
    assert table(data, "presence")["rows"]
    assert any("order-9" in row[1] for row in table(data, "explained")["rows"])
    assert any(row[1] == "order-1" for row in table(data, "alarm")["rows"])


def test_nobody_else_is_in_it(file):
    """The act's note names another wearer: its entry is there as a leaf alone, and the words without the id."""
    data, text = data_of(file), verify._unpacked(file.read_bytes())[0].decode()
    for other in ("P0000", "P0002", "B0000", "B0002", phone(2), phone(2).encode().hex()):
        assert other not in text, other
    assert [entry["why"] for entry in data["entries"] if "leaf" in entry] == ["withheld"]
    assert "met （另一人 somebody else）, at hospital" in table(data, "history")["rows"][0][2]
    assert "acts" not in {one["id"] for one in data["tables"]}


def test_what_the_chain_was_at_any_row_of_it_is_held_against_it(gateway, file):
    """As heartbeats tell it: the journal's head at some moment, from the journal itself."""
    heads, first = [], data_of(file)["chain"][0]["first"]
    for path in FileJournal(gateway.county.storage / "journal", read_only=True).segments():
        with closing(sqlite3.connect(path)) as db:
            heads += [f"{until}:{chain.hex()}" for until, chain in db.execute("SELECT first + count, chain FROM batch")]
    told = [each for each in heads if int(each.split(":")[0]) > first][:12]
    assert len(told) == 12
    assert not verify.faults(file.read_bytes(), told)


def test_each_look_and_each_refusal_stands_in_the_audit_log(gateway, file, tmp_path):
    alarm, minor, out = (
        alarm_of(gateway, "exclusion_enter"),
        alarm_of(gateway, "sos", "P0000"),
        str(tmp_path / "x.html"),
    )

    def instead(option, value):
        words = list(FOR)
        words[words.index(option) + 1] = value
        return words

    assert "another person" in asked(gateway, 2, alarm, "-o", out, *instead("--approved-by", "D01"))
    assert "is a minor" in asked(gateway, 2, minor, "-o", out, *FOR)
    asked(gateway, 0, minor, "-o", out, *FOR, "--minor")
    assert not verify.faults((tmp_path / "x.html").read_bytes())
    rows = looked_in(gateway.county.storage, what="evidence")
    whole = data_of(file)["sums"]["whole"]
    assert (rows[0].number, rows[0].person, rows[0].door, rows[0].ok) == ("D01", "P0001", "files", True)
    assert (rows[0].about, rows[0].purpose) == (f"{whole} {alarm[:8]}", "court penalty D-7 L01")
    assert [row.ok for row in rows].count(False) == 2
    assert rows[-1].person == "P0000"


def test_the_whole_record_of_a_person_is_exported(gateway, tmp_path):
    words = ("--to", "wearer", "--purpose", "own_record", "--document", "D-8", "--approved-by", "L01", "--by", "D01")
    path = tmp_path / "record.json"
    assert "alarms: 1)" in asked(gateway, 0, "P0001", "-o", str(path), *words, command="export")
    assert path.stat().st_mode & 0o777 == 0o600
    whole, text = json.loads(path.read_bytes()), path.read_text("utf-8")
    assert len(whole["fixes"]) == len(whole["told"]) >= 11
    assert [alarm["kind"] for alarm in whole["alarms"]] == ["exclusion_enter"]
    assert (whole["alarms"][0]["outcome"], len(whole["alarms"][0]["acts"])) == ("excused", 1)
    assert ([one["device"] for one in whole["wearings"]], whole["authorities"][0]["document"]) == (["B0001"], "order-1")
    assert whole["presence"]
    assert whole["mark"].startswith("For the wearer alone: a copy of one's own record. Document D-8")
    assert not re.search("P0000|P0002|B0000|B0002", text)
    out = str(tmp_path / "none.gpx")
    assert "P0099" in asked(gateway, 2, "P0099", "-o", out, *words, command="export")
    rows = looked_in(gateway.county.storage, what="export")
    assert [(one.person, one.ok) for one in rows] == [("P0001", True), ("P0099", False)]


def test_a_statement_of_a_track_and_a_record_are_the_same_bytes_of_the_same_time(gateway, tmp_path):
    now = datetime.now(UTC)
    times = ("--since", f"{now - timedelta(hours=1):%Y-%m-%d %H:%M}+00:00", "--at", f"{now:%Y-%m-%d %H:%M:%S}+00:00")
    for name in ("one", "again"):
        asked(gateway, 0, "track", "P0001", "-o", str(tmp_path / f"{name}.html"), *times, *FOR, command="document")
    page = (tmp_path / "one.html").read_text("utf-8")
    assert page == (tmp_path / "again.html").read_text("utf-8")
    assert re.search(r"Places received</th><td>1[12], of which 1[12] were used; sources: satellites 1[12]<", page)
    for words in ("Document D-7; made by D01, approved by L01", "order-9", "at or near home", "<svg", "B0001"):
        assert words in page, words
    assert not re.search("P0000|P0002|B0000|B0002", page)
    record = tmp_path / "record.html"
    alarm = alarm_of(gateway, "exclusion_enter")
    asked(gateway, 0, "alarm", alarm, "-o", str(record), "--by", "D01", command="document")
    assert "excused, by D01" in record.read_text("utf-8")
    looks = looked_in(gateway.county.storage, what="export")
    assert [(one.person, one.purpose) for one in looks[-2:]] == [("P0001", "court penalty D-7 L01")] * 2


def unpacked(path, into):
    with zipfile.ZipFile(path) as archive:
        archive.extractall(into)
    return {str(one.relative_to(into)) for one in into.rglob("*") if one.is_file()}


def test_a_package_of_one_case_is_whole_by_its_sums_and_the_same_again(gateway, tmp_path):
    now = datetime.now(UTC)
    times = ("--since", f"{now - timedelta(hours=1):%Y-%m-%d %H:%M}+00:00", "--at", now.isoformat())
    for name in ("one", "again"):
        said = asked(gateway, 0, "P0001", "-o", str(tmp_path / f"{name}.zip"), *times, *FOR, command="disclose")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "again.zip").read_bytes()
    files, alarm = unpacked(tmp_path / "one.zip", tmp_path / "one"), alarm_of(gateway, "exclusion_enter")[:8]
    assert {
        "cover.html", "acts.html", "statement.html", f"alarms/{alarm}.html", f"evidence/{alarm}.zip", "manifest.json",
        "SHA256SUMS",
    } <= files  # fmt: skip
    sums = (tmp_path / "one" / "SHA256SUMS").read_bytes()
    assert hashlib.sha256(sums).hexdigest() in said
    check = ("sha256sum", "--strict", "--quiet", "-c", "SHA256SUMS")
    assert subprocess.run(check, cwd=tmp_path / "one", check=False).returncode == 0
    assert len(sums.splitlines()) == len(files) - 1, "each but itself"
    assert not verify.faults((tmp_path / "one" / "evidence" / f"{alarm}.zip").read_bytes())
    for page in (tmp_path / "one").rglob("*.html"):
        text = page.read_text("utf-8")
        assert text.count("Document D-7; made by D01, approved by L01") == 2, page
        assert not re.search("P0000|P0002|B0000|B0002", text), page
    (tmp_path / "one" / "acts.html").write_text("changed", "utf-8")
    assert subprocess.run(check, cwd=tmp_path / "one", check=False, capture_output=True).returncode == 1
    rows = looked_in(gateway.county.storage, what="disclose")
    assert [(one.person, one.number, one.purpose, one.ok) for one in rows] == [
        ("P0001", "D01", "court penalty D-7 L01", True)
    ] * 2  # fmt: skip


def test_the_procuratorate_gets_alarms_acts_and_looks_without_places_and_a_minor_needs_a_reason(gateway, tmp_path):
    since = ("--since", f"{datetime.now(UTC) - timedelta(hours=1):%Y-%m-%d %H:%M}+00:00")
    words = (*since, "--to", "procuratorate", "--purpose", "supervision", "--document", "J-1", "--approved-by", "L01")
    asked(gateway, 0, "P0001", "-o", str(tmp_path / "j.zip"), *words, "--by", "D01", command="disclose")
    files = unpacked(tmp_path / "j.zip", tmp_path / "j")
    assert {name.split("/")[0] for name in files} >= {"cover.html", "acts.html", "looks.html", "alarms"}
    assert not {name for name in files if name.startswith(("statement", "evidence"))}
    text = "".join(page.read_text("utf-8") for page in (tmp_path / "j").rglob("*.html"))
    assert not re.search(r"109\.4|24\.3\d", text)
    assert "excused, by D01" in text
    assert "Package of one case" in (tmp_path / "j" / "looks.html").read_text("utf-8"), "who looked before"
    minor = ("P0000", "-o", str(tmp_path / "m.zip"), *since, *FOR)
    assert "is a minor" in asked(gateway, 2, *minor, command="disclose")
    asked(gateway, 0, *minor, "--minor", "asked for by D-7", command="disclose")
    unpacked(tmp_path / "m.zip", tmp_path / "m")
    assert "asked for by D-7" in (tmp_path / "m" / "cover.html").read_text("utf-8")
    rows = looked_in(gateway.county.storage, what="disclose", person="P0000")
    assert [one.ok for one in rows] == [False, True]
    assert rows[1].about.endswith("asked for by D-7")


def test_another_systems_alarms_are_compared_beside_the_daemon(gateway, tmp_path):
    """What is entered now is of a minor and of a wearer of whom nothing like it is known."""
    now = datetime.now(UTC)
    lines = (f"{device},{kind},{now:%Y-%m-%dT%H:%M:%S}+00:00" for device, kind in (
        ("B0001", "exclusion_enter"), ("B0002", "strap_cut"), ("B0000", "strap_cut"),
    ))  # fmt: skip
    (tmp_path / "theirs.csv").write_text("\n".join(["device,kind,from", *lines]) + "\n", "utf-8")
    day = timedelta(days=1)
    span = ("--since", f"{now - day:%Y-%m-%d %H:%M}+00:00", "--until", f"{now + day:%Y-%m-%d %H:%M}+00:00")
    words = (str(tmp_path / "theirs.csv"), *span, "-o", str(tmp_path / "one.json"), "--document", "D-9", "--by", "D01")
    asked(gateway, 0, *words, command="shadow")
    data = json.loads((tmp_path / "one.json").read_text("utf-8"))
    assert [one["ours"]["kind"] for one in data["both"]] == ["exclusion_enter"]
    assert [(one["theirs"]["person"], one["theirs"]["said"]) for one in data["only_theirs"]] == [("P0002", "strap_cut")]
    assert data["withheld"]["minor"] >= 1
    assert not re.search("P0000|B0000", json.dumps(data))
    rows = looked_in(gateway.county.storage, what="shadow")
    assert [(one.person, one.purpose) for one in rows] == [("", "D-9"), ("P0002", "D-9")]


def test_entries_that_were_erased_since_are_still_certain(gateway, file, tmp_path):
    """The daemon has ended: the files are all that is needed."""
    gateway.stop()
    storage = gateway.county.storage
    gone = table(data_of(file), "decoded")["rows"][3][0]
    with closing(FileJournal(storage / "journal")) as journal:
        journal.erase([gone], "term over", by="D09", time=time.time())
    after = tmp_path / "after.html"
    asked(gateway, 0, alarm_of(gateway, "exclusion_enter"), "-o", str(after), *FOR)
    assert not verify.faults(after.read_bytes())
    data = data_of(after)
    hidden = {entry["offset"]: entry["said"] for entry in data["entries"] if entry.get("why") == "erased"}
    assert list(hidden) == [gone]
    assert hidden[gone].endswith("D09: term over")
    assert gone not in [row[0] for row in table(data, "decoded")["rows"]]
    assert gateway.tracebacks() == 0
