"""Two real gateways tell a real city's desk, one by HTTPS's way and one by a broker; the one that dies turns grey."""

from __future__ import annotations

import json
import re
import signal
import struct
import subprocess
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import httpx
from gateway_process import PATIENCE, Gateway, eventually
from plain_terminal import POSITION, SOS, Terminal, position
from pressed_county import ACT_KEY, CODE, phone, write_county
from programs import GATEWAY, begun

from gateway.clock import FollowedClock
from gateway.console.accounts import account
from gateway.console.accounts.books import FILE, opened
from gateway.console.accounts.passwords import Passwords
from gateway.demo.broker import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gateway.demo.broker import LocalBroker

PASSWORD = "well guarded 7"  # noqa: S105  nobody's
POSTS, SAYS = "450203", "450204"


class Running:
    """A city's desk as a process; ``clock`` is its own, which stands until it is moved."""

    def __init__(self, directory: Path, broker: int) -> None:
        self.directory, self.port, self.clock = directory, free_port(), directory / "clock"
        directory.mkdir()
        counties = [
            f'  - {{code: "{POSTS}", name: 甲县, credential: hook}}',
            f'  - {{code: "{SAYS}", name: 乙县, mqtt: "mqtt://127.0.0.1:{broker}"}}',
        ]
        text = ["city: {code: '4502', name: 示例市}", "storage: {directory: state, alarm_days: 365}",
                "staff: [{number: C01, roles: [leader]}]", "counties:", *counties, ""]  # fmt: skip
        (directory / "city.yaml").write_text("\n".join(text), "utf-8")
        (directory / "credentials.yaml").write_text(f"hook: {{sign_key: {ACT_KEY}}}\n", "utf-8")
        FollowedClock.begin(self.clock, time.time(), 1.0)
        with closing(opened(directory / "state" / FILE)) as db:
            kept = Passwords().kept(PASSWORD)
            account.put(db, account.Account("C01", kept, "", must_change=False, chosen=time.time()))

    @contextmanager
    def open(self) -> Iterator[httpx.Client]:
        """The desk, and a browser of somebody who is in."""
        line = [GATEWAY, "console", "--city", "--config", self.directory, "--listen", f"127.0.0.1:{self.port}",
                "--clock", f"file:{self.clock}"]  # fmt: skip
        with begun(line, stderr=subprocess.PIPE, text=True) as process:
            try:
                url = json.loads(process.stderr.readline())["url"]
                with httpx.Client(base_url=url, timeout=PATIENCE) as client:
                    csrf = client.get("/login").text.split('name="csrf" value="')[1].split('"')[0]
                    client.post("/login", data={"number": "C01", "password": PASSWORD, "csrf": csrf})
                    yield client
            finally:
                process.send_signal(signal.SIGTERM)
                said = process.communicate(timeout=PATIENCE)[1]
        assert "Traceback" not in said

    def move(self, seconds: float) -> None:
        """Its clock goes on by so much."""
        with self.clock.open("r+b") as file:
            (now,) = struct.unpack("d", file.read(8))
            file.seek(0)
            file.write(struct.pack("d", now + seconds))


def row(client: httpx.Client, county: str) -> str:
    """A county's row: grey or not, then its words."""
    found = client.get("/counties/rows").text.split(f'id="county-{county}"')[1].split("</tr>")[0]
    grey = "grey " if found.startswith(' class="is-cut"') else ""
    return grey + " ".join(re.sub(r"<[^>]*>", " ", found.partition(">")[2]).split())


def county_of(directory: Path, code: str, way: str) -> Gateway:
    """A county with one bracelet, whose gateway tells a city by this way alone."""
    county = write_county(directory, free_port(), 1)
    main = directory / "gateway.yaml"
    text = main.read_text("utf-8").replace(f"code: {CODE},", f'code: "{code}",')
    text = re.sub(r"^upstreams: .*$", f"upstreams: [{{name: city, heartbeat: 5s, {way}}}]", text, flags=re.MULTILINE)
    main.write_text(text, "utf-8")
    (directory / "credentials.yaml").write_text(f"city: {{sign_key: {ACT_KEY}}}\n", "utf-8")
    return Gateway(county)


def call_for_help(gateway: Gateway) -> None:
    """Its bracelet's button is pressed."""
    with Terminal(gateway.county.port, phone(0)) as terminal:
        terminal.log_in()
        terminal.ask(POSITION, position(time.time(), alarm=SOS))


def test_counties_are_heard_either_way_and_one_that_dies_is_grey_within_a_minute_and_never_zero(
    tmp_path: Path, broker: LocalBroker
) -> None:
    city = Running(tmp_path / "city", broker.port)
    posts = county_of(
        tmp_path / POSTS, POSTS, f'webhook: "http://127.0.0.1:{city.port}/from/{POSTS}", credential: city'
    )
    says = county_of(tmp_path / SAYS, SAYS, f'mqtt: "mqtt://127.0.0.1:{broker.port}"')
    try:
        with city.open() as client:
            assert "grey 甲县 不明" in row(client, POSTS)
            for gateway in (posts, says):
                gateway.start()
            for gateway in (posts, says):
                call_for_help(gateway)
            for county, name in ((POSTS, "甲县"), (SAYS, "乙县")):
                eventually(lambda c=county, n=name: row(client, c).startswith(f"{n} 1 0 0 0 1"), f"{county} is heard")
            posts.kill()
            city.move(61)
            eventually(lambda: row(client, SAYS).startswith("乙县 1"), "who lives is heard again")
            assert row(client, POSTS).startswith("grey 甲县 1 0 0 0 1")
            assert "数据中断 1分钟" in row(client, POSTS)
            assert says.stop() == 0
            eventually(lambda: "已停机" in row(client, SAYS), "who stops says so")
            assert row(client, SAYS).startswith("grey 乙县 1")
    finally:
        for gateway in (posts, says):
            gateway.finish()
    held = b"".join(path.read_bytes() for path in (city.directory / "state").glob("city.db*"))
    assert b"P0000" in held
    assert not re.search(rb"109\.\d{3}|home_m|coordinates", held)
