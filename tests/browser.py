"""A real browser for tests of pages. What a page complains of, and whom else it asks, fails the test that opened it."""

from __future__ import annotations

import json
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

NAMES = ("chromium", "chromium-browser", "google-chrome")
WITHOUT = (
    # A page of its own in every window, for what somebody types into the address line: a seventh of what a test costs.
    "WebUIOmniboxPopup", "WebUIOmniboxFullPopup",
    # Of several such lists the last is heard alone: these are playwright's, as it names them for this chromium.
    "AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose", "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades", "LensOverlay", "MediaRouter",
    "NetworkTimeServiceQuerying", "OptimizationHints", "PaintHolding", "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)  # fmt: skip
"""Features of chromium that tests do without."""
ARGUMENTS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
    f"--disable-features={','.join(WITHOUT)}",
    # Nothing leaves this machine, whatever a page asks for: the request is seen, and fails.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]  # fmt: skip
PATIENCE_MS = 60_000
"""For what a page is to show: a machine may be busy elsewhere."""
LOOK_MS = 20
"""Between two looks at what a page has not said yet."""
AXE = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"


def installed() -> str:
    """Path of this machine's chromium; empty: none."""
    return next((found for found in map(shutil.which, NAMES) if found), "")


def started(driver: Any) -> Browser:
    """An installed chromium with a profile of its own, which goes with it.

    Args:
        driver: a playwright that runs.
    """
    return driver.chromium.launch(executable_path=installed(), args=ARGUMENTS)


@dataclass
class Watched:
    """The pages of one visitor: errors on the console and in scripts, and the origins that were asked."""

    context: BrowserContext
    complaints: list[str] = field(default_factory=list)
    origins: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.on("console", self._said)
        self.context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.context.on("request", self._asked)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"{message.text} ({message.location.get('url', '')})")

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.netloc:
            self.origins.add(f"{address.scheme}://{address.netloc}")

    @contextmanager
    def expecting(self, words: str) -> Iterator[None]:
        """Within it a complaint with these words is right, and has to come: a refusal that the test is about."""
        before = len(self.complaints)
        yield
        for _ in range(PATIENCE_MS // LOOK_MS):
            if any(words in each for each in self.complaints[before:]):
                break
            self.context.pages[0].wait_for_timeout(LOOK_MS)
        new = self.complaints[before:]
        assert any(words in each for each in new), f"nothing complained of {words!r}: {new}"
        self.complaints[before:] = [each for each in new if words not in each]

    def check(self) -> None:
        """No complaint, and nobody asked but the one server."""
        assert not self.complaints, f"a page complained: {self.complaints}"
        assert len(self.origins) <= 1, f"more than one server was asked: {sorted(self.origins)}"


def findings_of(page: Page) -> list[str]:
    """What axe finds on a page as it is shown: rule, where, and what to do."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{rule['id']}: {json.dumps(node['target'])}: {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def assert_accessible(page: Page) -> None:
    """axe finds nothing."""
    found = findings_of(page)
    assert not found, f"{page.url}: {found}"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One at a time in a worker. Not longer than a file: its driver keeps a loop in this thread, which others need."""
    if not installed():
        pytest.skip("NOT SHOWN HERE: no chromium is installed (apt-get install chromium)")
    from playwright.sync_api import expect, sync_playwright  # noqa: PLC0415  other tests do without it

    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as driver:
        one = started(driver)
        yield one
        one.close()


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Callable[..., Watched]]:
    """Somebody at a computer of their own; ``settings``: of the browser's context. Checked when the test ends."""
    came: list[Watched] = []

    def come(**settings: Any) -> Watched:
        came.append(Watched(browser.new_context(**settings)))
        return came[-1]

    yield come
    for one in came:
        one.context.close()
    for one in came:
        one.check()


@pytest.fixture
def browser_page(visitor: Callable[..., Watched]) -> Page:
    """An empty page of a visitor; a complaint or a request to another origin fails the test."""
    return visitor().context.new_page()
