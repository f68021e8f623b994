"""The demo's duty desk: whoever reads its line on the screen comes in, and nobody once the demo has ended."""

from __future__ import annotations

import time
from pathlib import Path

import httpx
import pytest

from gateway.clock import FollowedClock
from gateway.demo.desk import OFFICER, DemoDesk
from gateway.settings.check import run
from gateway.settings.init import write_sample
from gateway.settings.load import inspect

PATIENCE = 120.0


@pytest.fixture
def desk(tmp_path):
    county = tmp_path / "county"
    write_sample(county, "zh")
    one = DemoDesk(county, tmp_path / "county" / "data")
    one.prepare()
    yield one
    one.close()


def answered(url: str) -> httpx.Response:
    """The first answer, once there is one."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return httpx.get(url, timeout=PATIENCE)
        except httpx.ConnectError:
            assert time.monotonic() < deadline


def test_the_line_on_the_screen_leads_in_and_the_end_closes_it(desk, tmp_path):
    url, number, password = desk.way_in.replace(",", "").split()[0], OFFICER, desk.way_in.split()[-1]
    desk.open(FollowedClock.begin(tmp_path / "clock", 1_793_630_000.0, 60.0))
    answered(url)
    with httpx.Client(base_url=url, timeout=PATIENCE) as client:
        csrf = client.get("/login").text.split('name="csrf" value="')[1].split('"')[0]
        client.post("/login", data={"number": number, "password": password, "csrf": csrf})
        assert OFFICER in client.get("/help").text
        assert "示范01" in client.get("/contact/P0001?purpose=a+look").text
    desk.close()
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)


def test_what_it_adds_to_the_county_is_sound_and_names_nobody(desk, tmp_path):
    said = (tmp_path / "said").open("w+", encoding="utf-8")
    with said:
        assert run([desk.county], "zh", said, contacts=True) == 0
    configuration, _ = inspect(desk.county, "zh")
    assert configuration is not None
    assert OFFICER in configuration.staff
    assert "示范" in Path(desk.county / "contacts.csv").read_text("utf-8")
