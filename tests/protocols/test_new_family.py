"""A family added as docs/adding-a-protocol.md says: its texts written into a copy of protocols/, one line added."""

import csv
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import textwrap
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.demo.broker import free_port

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "adding-a-protocol.md"
BLOCK = re.compile(r"^ {3}```(\w+)\n(.*?)^ {3}```$", re.MULTILINE | re.DOTALL)
GATEWAY = Path(sys.executable).parent / "bracelet-gateway"
IMEI = "861000000000001"
PATIENCE = 120.0


def blocks(language):
    text = DOCUMENT.read_text("utf-8")
    return [textwrap.dedent(body) for kind, body in BLOCK.findall(text) if kind == language]


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """Environment of a process in which the documented family is registered."""
    place = tmp_path_factory.mktemp("with_beacon")
    shutil.copytree(ROOT / "protocols", place / "protocols", ignore=shutil.ignore_patterns("__pycache__"))
    for text in blocks("python"):
        path = place / re.fullmatch(r"# (protocols/beacon/\w+\.py)", text.splitlines()[0])[1]
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    (line,) = blocks("text")
    registry = place / "protocols" / "registry.py"
    before = registry.read_text("utf-8")
    after = before.replace("_NAMES = (\n", f"_NAMES = (\n    {line.strip()}\n")
    assert len(after.splitlines()) == len(before.splitlines()) + 1
    registry.write_text(after, "utf-8")
    return {**os.environ, "PYTHONPATH": str(place)}


def run(environment, *arguments, **more):
    return subprocess.run(
        [str(GATEWAY), *arguments],
        env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False, **more,
    )  # fmt: skip


def test_the_document_has_a_file_for_each_step_and_one_line():
    paths = [text.splitlines()[0] for text in blocks("python")]
    assert [path.split("/")[-1] for path in paths] == ["line.py", "session.py", "__init__.py"]
    assert len(blocks("text")) == 1


def test_without_the_line_nobody_knows_it():
    done = run(dict(os.environ), "decode", "--protocol", "beacon", input="00\n")
    assert done.returncode == 2
    assert "unknown protocol 'beacon'" in done.stderr


def test_decode_reads_its_frames(environment):
    lines = [f"!{IMEI},1795435200,24.33,109.42", f"!{IMEI},x,0,0", "rubbish"]
    done = run(environment, "decode", "--protocol", "beacon", input="".join(f"{one.encode().hex()}\n" for one in lines))
    assert done.returncode == 0, done.stderr
    first, second, third = map(json.loads, done.stdout.splitlines())
    assert (first["device"], first["reply"], first["error"]) == (IMEI, b"+OK\n".hex(), None)
    report = first["reports"][0]
    assert (report["time"], report["latitude"], report["longitude"]) == ("2026-11-23T12:00:00Z", 24.33, 109.42)
    assert second["reports"][0]["located"] is False
    assert third["error"].startswith("malformed")


def test_a_session_takes_any_split_and_counts_rubbish(environment):
    program = """
from protocols.registry import FAMILIES
frame, session = b"!861000000000001,1795435200,24.33,109.42\\n", FAMILIES["beacon"].session("standard")
stream = b"noise\\n" + frame + b"\\r\\n" + frame + b"!\\xff\\n"
whole = FAMILIES["beacon"].session("standard").feed(stream, 0.0)
assert [event for byte in stream for event in session.feed(bytes([byte]), 0.0)] == whole
assert [type(event).__name__ for event in whole] == ["Refused", "Frame", "Frame", "Refused"]
assert session.discarded == {"malformed": 7}
"""
    done = subprocess.run(
        [sys.executable, "-P", "-c", program], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def county(directory, port):
    today = datetime.now(UTC).date()
    since, until = today - timedelta(days=30), today + timedelta(days=30)
    directory.mkdir()
    (directory / "gateway.yaml").write_text(
        f"""\
county: {{code: beacons, timezone: Asia/Shanghai, language: en, bounds: county.geojson, datum: wgs84}}
listeners: [{{name: beacons, protocol: beacon, tcp: "127.0.0.1:{port}"}}]
storage: {{directory: data, keep_days: 30}}
upstreams: [{{name: city, file: alarms.jsonl}}]
zones: [{{id: county, name: county, datum: wgs84, file: county.geojson}}]
rules: [{{id: stay, people: all, basis: order-1, stay_inside: county}}]
people:
  - {{person: P0001, level: strict, office: S01, minor: false, home_longitude: 109.42, home_latitude: 24.33,
     home_datum: wgs84, home_radius_m: 200}}
devices: [{{device: B0001, protocol: beacon, identity: "{IMEI}"}}]
assignments: [{{device: B0001, person: P0001, from: "{since} 00:00"}}]
authorities:
  - {{person: P0001, kind: bracelet, ground: prohibition_order_breach, document: order-1, approved_by: head,
     wearer_informed: {since}, from: {since}, until: {until}}}
""",
        "utf-8",
    )
    (directory / "county.geojson").write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": "county"}, "geometry":'
        ' {"type": "Polygon", "coordinates": [[[109, 24], [110, 24], [110, 25], [109, 25], [109, 24]]]}}]}',
        "utf-8",
    )
    return directory


@contextmanager
def gateway(environment, directory):
    """A daemon as a process; stopped in order at the end."""
    with (directory / "gateway.log").open("wb") as log:
        process = subprocess.Popen(
            [str(GATEWAY), "run", "--config", str(directory)], env=environment, stdout=log, stderr=log
        )
    try:
        yield process
        process.terminate()
        assert process.wait(PATIENCE) == 0
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def connected(port, process, directory):
    deadline, pause = time.monotonic() + PATIENCE, threading.Event()
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), PATIENCE)
        except OSError:
            assert process.poll() is None, (directory / "gateway.log").read_text("utf-8")[-2000:]
            assert time.monotonic() < deadline, "the listener did not come up"
            pause.wait(0.05)


def test_a_gateway_listens_for_it_answers_after_the_commit_and_replays_the_report(environment, tmp_path):
    port = free_port()
    directory = county(tmp_path / "county", port)
    with gateway(environment, directory) as process, connected(port, process, directory) as line:
        line.sendall(f"!{IMEI},{round(time.time())},24.33,109.42\n".encode())
        assert line.recv(64) == b"+OK\n"
    track = tmp_path / "track.csv"
    journal = directory / "data" / "journal"
    done = run(environment, "replay", "--config", str(directory), "--journal", str(journal), "--track", str(track))
    assert done.returncode == 0, done.stderr
    (row,) = csv.DictReader(track.read_text("utf-8").splitlines())
    assert row["device"] == "B0001"
    assert (float(row["latitude"]), float(row["longitude"])) == pytest.approx((24.33, 109.42), abs=1e-4)
