"""By what people are told by SMS, as it may be written; and of what a wearer is never told."""

from __future__ import annotations

import pytest
from small_county import Written

from gateway.kinds import NEVER_THE_WEARER
from gateway.settings.alarm_policy import HttpGateway, Modem, Notices
from gateway.settings.load import examine, load, load_sources
from gateway.settings.model import Credential

SECTION = "notices: {modem: /dev/ttyUSB2}\n"
HTTP = (
    "notices:\n"
    "  credential: city\n"
    "  http:\n"
    "    url: https://sms.example/send\n"
    "    headers: {Content-Type: application/json, X-User: '{username}'}\n"
    '    body: \'{"to": "{number}", "text": "{text}"}\'\n'
    "    accepts: [200, 202]\n"
    "    accepts_text: ok\n"
)


def with_section(tmp_path, text: str) -> Written:
    county = Written(tmp_path)
    county.texts["gateway.yaml"] += text
    return county


def test_a_modem_has_its_line(tmp_path):
    assert load(Written(tmp_path).write()).notices is None
    assert load(with_section(tmp_path, SECTION).write()).notices == Notices(Modem("/dev/ttyUSB2", 115_200))
    slow = "notices: {modem: /dev/ttyS0, baud: 9600}\n"
    assert load(with_section(tmp_path, slow).write()).notices == Notices(Modem("/dev/ttyS0", 9600))


def test_a_gateway_is_a_template_and_its_password_stands_elsewhere(tmp_path):
    found = load(with_section(tmp_path, HTTP).write())
    assert found.notices is not None
    assert found.notices.http == HttpGateway(
        "POST", "https://sms.example/send", (("Content-Type", "application/json"), ("X-User", "{username}")),
        '{"to": "{number}", "text": "{text}"}', (200, 202), "ok",
    )  # fmt: skip
    assert found.notices.credential == Credential("demo", "hidden-word")
    kept = load_sources(found.sources).notices
    assert kept is not None
    assert kept.credential == Credential()
    assert "hidden-word" not in repr(found.notices)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("notices: {}\n", "exactly one of modem"),
        ("notices: {modem: /dev/a, http: {url: 'https://a/{number}/{text}'}}\n", "exactly one of modem"),
        ("notices: {http: {url: 'ftp://a/{number}/{text}'}}\n", "not a gateway's address"),
        ("notices: {http: {url: 'https://u:p@a/{number}/{text}'}}\n", "no user name or password"),
        ("notices: {http: {url: 'https://a/{number}'}}\n", "has to have {text} in it"),
        ("notices: {http: {url: 'https://a/', body: '{text}'}}\n", "has to have {number} in it"),
        ("notices: {http: {url: 'https://a/{number}/{text}', body: '{password}'}}\n", "{password} is used"),
        ("notices: {modem: /dev/a, baud: 300}\n", "1200"),
    ],
)
def test_what_is_wrong_is_said(tmp_path, text, said):
    faults = [str(one) for one in examine(with_section(tmp_path, text).write())]
    assert faults
    assert any(said in one for one in faults), faults


def test_an_upstream_with_a_modem_is_short_for_it(tmp_path):
    county, line = Written(tmp_path), "  - {name: duty, sms: /dev/ttyUSB0, severity: [critical]}\n"
    county.replace("gateway.yaml", "accept_acts: true}\n", f"accept_acts: true}}\n{line}")
    found = load(county.write())
    assert found.notices == Notices(Modem("/dev/ttyUSB0", 115_200), severities=("critical",))
    assert [one.name for one in found.upstreams] == ["city"]
    county.texts["gateway.yaml"] += SECTION
    assert any("one modem alone" in str(one) for one in examine(county.write()))


@pytest.mark.parametrize("kind", sorted(NEVER_THE_WEARER))
@pytest.mark.parametrize("way", ["notify: [wearer]", "escalate_after: 1min, to: [wearer]"])
def test_the_wearer_is_never_told_of_some_kinds(tmp_path, kind, way):
    county = Written(tmp_path)
    county.replace("rules/rules.yaml", "alarms:\n", f"alarms:\n  {kind}: {{{way}}}\n")
    faults = [str(one) for one in examine(county.write())]
    assert any("the wearer is never told" in one for one in faults), faults


@pytest.mark.parametrize(
    ("url", "noted"),
    [("http://10.0.0.8/send", True), ("http://127.0.0.1:8080/send", False), ("https://10.0.0.8/send", False)],
)
def test_a_gateway_that_is_asked_without_tls_beyond_this_machine_is_worth_a_note(tmp_path, url, noted):
    county = with_section(tmp_path, HTTP.replace("https://sms.example/send", url))
    lines = county.texts["gateway.yaml"].splitlines()
    place = [(index + 1, line.index(url) + 1) for index, line in enumerate(lines) if url in line]
    for language, said in (
        ("zh", "注意：“{}”不加密；号码和位置是个人信息"),
        ("en", "note: “{}” is not encrypted; numbers"),
    ):
        _, faults, notes = examine(county.write(), language)
        found = [(one.line, one.column) for one in notes if one.message.startswith(said.format(url))]
        assert (faults, found) == ([], place * noted)
