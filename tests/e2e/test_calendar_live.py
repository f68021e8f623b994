"""A running gateway says which year's holidays it does not know, also after a start from what was kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from gateway_process import Gateway, eventually
from pressed_county import County, write_county

from gateway.demo.broker import free_port
from gateway.settings.files import HOLIDAYS
from gateway.settings.load import load

CURFEW = '{zone: home, from: "22:00", until: "06:00", days: workdays}'
RULE = f"  - {{id: nights, people: [P0000], basis: o-2, curfew: {CURFEW}}}\n"


def county_of(tmp_path, more: str = "") -> County:
    county = write_county(tmp_path / "county", free_port(), 1)
    path = county.directory / "gateway.yaml"
    stay = "rules: [{id: stay, people: all, basis: order-1, stay_inside: county}]\n"
    text = path.read_text("utf-8")
    assert stay in text
    rules = f"rules:\n  - {{id: stay, people: all, basis: order-1, stay_inside: county}}\n{RULE}"
    path.write_text(text.replace(stay, rules) + more, "utf-8")
    return county


def missing_now(county: County) -> list[int]:
    today = (datetime.now(UTC) + timedelta(hours=8)).date()
    years = [today.year, today.year + 1] if today.month >= 10 else [today.year]
    return [year for year in years if year not in load(county.directory).calendar.published]


def test_the_status_names_years_that_are_not_known_until_they_are_written(tmp_path):
    county = county_of(tmp_path)
    gateway = Gateway(county, "", {})
    gateway.start()
    try:
        eventually(lambda: gateway.status()["configuration"], "it has begun")
        assert gateway.status()["holidays_missing"] == missing_now(county)
        first = gateway.status()["configuration"]
        gateway.stop()
        gateway.start()
        eventually(lambda: gateway.status()["configuration"], "it has begun again")
        assert gateway.status()["configuration"] == first == load(county.directory).digest
        assert HOLIDAYS in load(county.directory).sources
        gateway.stop()
        years = "".join(
            f"  - {{year: {year}, document: notice, off: [{year}-01-01]}}\n" for year in missing_now(county)
        )
        path = county.directory / "gateway.yaml"
        path.write_text(path.read_text("utf-8") + (f"holidays:\n{years}" if years else ""), "utf-8")
        gateway.start()
        eventually(lambda: gateway.status()["configuration"], "it has begun with them")
        assert gateway.status()["holidays_missing"] == []
    finally:
        gateway.finish()
