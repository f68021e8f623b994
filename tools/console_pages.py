"""make pages: pictures of the desk's pages for docs/console.md, in both languages, from the night shift of the tests.

A real daemon is told the night; then each page is opened by whoever it is for. Text is drawn with the fonts of this
machine: Chinese needs one (Debian: fonts-wqy-microhei).
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from browser import Watched, started
from console_process import DeskProcess
from PIL import Image
from playwright.sync_api import sync_playwright
from shift import Shift
from story_night import Night

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

FOLDER = Path(__file__).parents[1] / "docs" / "console"
WIDE, NARROW = {"width": 1200, "height": 820}, {"width": 360, "height": 1000}
COLOURS, MOST = 128, 150_000
"""Of a picture; bytes that one may have."""
SETTLED = "() => !document.querySelector('.htmx-request') && document.fonts.status === 'loaded'"
MAP_DRAWN = "() => [...document.querySelectorAll('[data-map]')].every((one) => one.querySelector('canvas'))"


@dataclass(frozen=True)
class Shot:
    """One picture: its name, the page, and whom it is for; ``{late}`` and ``{strap}`` are alarms of the night."""

    name: str
    path: str
    number: str
    size: tuple[tuple[str, int], ...] = tuple(WIDE.items())
    keys: tuple[str, ...] = ()
    has: str = "main"
    """A selector of what the page has once all of it has come."""
    whole: bool = False
    """Also what lies below the window."""


SHOTS = (
    Shot("login", "/login", ""),
    Shot("queue", "/", "D01"),
    Shot("queue-phone", "/", "D01", tuple(NARROW.items())),
    Shot("alarm", "/alarm/{late}", "D01", has=".map-table tbody tr:nth-child(9)", whole=True),
    Shot("close", "/alarm/{strap}", "D01", keys=("c",)),
    Shot("person", "/person/P0001?alarm={late}", "D01", has=".map-table tbody tr:nth-child(9)", whole=True),
    Shot("map", "/map", "D01", has="[data-told-of]:not(:empty)"),
    Shot("registers", "/registers", "D01"),
    Shot("help", "/help", "D01"),
    Shot("audit", "/audit", "A01"),
)


def told(night: Night) -> dict[str, str]:
    """Tell the night up to half past two; returns alarms by name."""
    night.to_the_last()
    night.until("11-27 22:16")
    late = night.unresolved()[0]["alarm"]
    night.act(late, "acknowledge", "D01")
    night.act(late, "attempt", "D01", whom="wearer", result="reached", note="称20分钟到家")
    night.until("11-28 02:32")
    # Tracks are read from what is written when it stops.
    night.restart()
    (strap,) = (one["alarm"] for one in night.unresolved() if one["kind"] == "strap_cut")
    return {"late": late, "strap": strap}


def small(picture: bytes) -> bytes:
    """The same with few colours.

    Raises:
        SystemExit: that is still too large.
    """
    out = io.BytesIO()
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS, Image.Quantize.FASTOCTREE).save(
        out, "PNG", optimize=True
    )
    if out.tell() > MOST:
        sys.exit(f"a picture has {out.tell()} bytes, more than {MOST}")
    return out.getvalue()


def shown(page: Page, shot: Shot, address: str) -> bytes:
    """A page as it stands once it has come."""
    page.set_viewport_size(dict(shot.size))  # type: ignore[arg-type]
    page.goto(address)
    for key in shot.keys:
        page.keyboard.press(key)
        page.wait_for_selector("dialog[open]")
    page.wait_for_function(SETTLED)
    page.wait_for_selector(shot.has, state="attached")
    page.wait_for_function(MAP_DRAWN)
    # What is drawn moves into its place for half a second.
    page.wait_for_timeout(1_000)
    return page.screenshot(full_page=shot.whole)


def pictures(browser: Browser, desk: DeskProcess, night: Night, alarms: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    """Every picture, by the name of its file."""

    def come(**settings: Any) -> Watched:
        return Watched(browser.new_context(**settings))

    for language in ("zh", "en"):
        door = Shift(language, night, desk, come)
        seats = {number: door.log_in(number).page for number in sorted({shot.number for shot in SHOTS} - {""})}
        outside = come().context
        outside.add_cookies([{"name": "language", "value": language, "url": desk.address}])
        seats[""] = outside.new_page()
        for shot in SHOTS:
            address = desk.address + shot.path.format(**alarms)
            yield f"{shot.name}.{language}.png", small(shown(seats[shot.number], shot, address))


def main() -> None:
    """Write the pictures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--into", type=Path, default=FOLDER)
    folder = options.parse_args().into
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        night = Night.begun(Path(made))
        desk = DeskProcess(night.gateway)
        try:
            alarms = told(night)
            desk.start()
            with sync_playwright() as driver:
                browser = started(driver)
                for name, picture in pictures(browser, desk, night, alarms):
                    (folder / name).write_bytes(picture)
                    print(f"{name}: {len(picture) // 1000} kB")
                browser.close()
        finally:
            desk.finish()
            night.end()


if __name__ == "__main__":
    main()
