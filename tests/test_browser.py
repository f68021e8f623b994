"""What all tests of pages stand on: a page's complaints, whom it asks, and what keeps people from using it are seen."""

from __future__ import annotations

import hashlib
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from browser import AXE, assert_accessible, findings_of

VENDOR = Path(__file__).parent / "vendor"
ROW = re.compile(r"^\| `([^`]+)` \|.*\| ([\d.]+) \|.*`([0-9a-f]{64})` \|$", re.MULTILINE)
PAGE = (
    "<!doctype html><html lang='en'><head><title>t</title>{head}</head>"
    "<body><main><h1>h</h1>{body}</main></body></html>"
)
PAGES = {
    "/well": ("", "<p>well</p>"),
    "/favicon.ico": ("", ""),
    "/script": ("<script>console.error('spoilt')</script>", ""),
    "/thrown": ("<script>throw new Error('thrown')</script>", ""),
    "/outside": ("<link rel='stylesheet' href='http://elsewhere.example/style.css'>", ""),
    "/absent": ("<link rel='stylesheet' href='/nothing.css'>", ""),
    "/nameless": ("", "<button></button>"),
}


class Pages(BaseHTTPRequestHandler):
    def do_GET(self):
        head, body = PAGES.get(self.path, ("", ""))
        self.send_response(200 if self.path in PAGES else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        # As strict as the console's own: looking through axe must not need more.
        self.send_header("Content-Security-Policy", "default-src *; script-src 'unsafe-inline'")
        self.end_headers()
        self.wfile.write(PAGE.format(head=head, body=body).encode())

    def log_message(self, *_line):
        pass


@pytest.fixture(scope="module")
def site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_page_that_is_well_is_let_be(browser_page, site):
    browser_page.goto(f"{site}/well")
    assert_accessible(browser_page)


@pytest.mark.parametrize(
    ("page", "words"),
    [("script", "spoilt"), ("thrown", "thrown"), ("absent", "404"), ("outside", "ERR_NAME_NOT_RESOLVED")],
)
def test_what_a_page_complains_of_is_expected_or_fails_the_test(visitor, site, page, words):
    one = visitor()
    with one.expecting(words):
        one.context.new_page().goto(f"{site}/{page}")
    one.origins &= {site}
    one.check()
    one.complaints.append(words)
    with pytest.raises(AssertionError, match=words):
        one.check()
    one.complaints.clear()


def test_a_complaint_that_is_expected_has_to_come(visitor, site, monkeypatch):
    monkeypatch.setattr("browser.PATIENCE_MS", 2000)
    one = visitor()
    with pytest.raises(AssertionError, match="nothing complained of '403'"), one.expecting("403"):
        one.context.new_page().goto(f"{site}/well")


def test_whoever_else_is_asked_is_named(visitor, site):
    one = visitor()
    with one.expecting("ERR_NAME_NOT_RESOLVED"):
        one.context.new_page().goto(f"{site}/outside")
    assert one.origins == {site, "http://elsewhere.example"}
    with pytest.raises(AssertionError, match=r"elsewhere\.example"):
        one.check()
    one.origins &= {site}


def test_a_button_without_a_name_is_found(browser_page, site):
    browser_page.goto(f"{site}/nameless")
    (found,) = findings_of(browser_page)
    assert found.startswith("button-name: ")


def test_what_tests_bring_along_is_what_was_published():
    rows = ROW.findall((VENDOR / "README.md").read_text("utf-8"))
    assert [name for name, *_ in rows] == [str(AXE.relative_to(VENDOR))]
    for name, version, digest in rows:
        text = (VENDOR / name).read_bytes()
        assert hashlib.sha256(text).hexdigest() == digest
        assert f"v{version}".encode() in text[:200]
