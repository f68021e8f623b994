"""A city's file: what is read of it, and every fault with its place and without a secret."""

from __future__ import annotations

import io

import pytest

from gateway.settings.check import run
from gateway.settings.city import CITY, examine_city, load_city, sentences_of
from gateway.settings.faults import ConfigurationRefused
from gateway.settings.model import Role

KEY = "0123456789abcdef0123456789abcdef"
TEXT = """\
city: {code: "4502", name: 示例市, name_en: Sample City}
storage: {directory: state, alarm_days: 1095}
console: {listen: "127.0.0.1:8444", idle: 10min}
staff:
  - {number: C01, roles: [leader]}
  - {number: C02, roles: [auditor]}
counties:
  - {code: "450203", name: 甲县, name_en: First, credential: hook, desk: "https://first.example:8443/"}
  - {code: "450204", name: 乙县, mqtt: "mqtts://broker.example", credential: mqtt}
  - {code: "450205", name: 丙县, mqtt: "mqtt://127.0.0.1:1883"}
"""
CREDENTIALS = f"hook: {{sign_key: {KEY}}}\nmqtt: {{username: city, password: whatever}}\n"


@pytest.fixture
def city(tmp_path):
    (tmp_path / CITY).write_text(TEXT, "utf-8")
    (tmp_path / "credentials.yaml").write_text(CREDENTIALS, "utf-8")
    return tmp_path


def written(city, old, new):
    (city / CITY).write_text(TEXT.replace(old, new), "utf-8")
    return examine_city(city, "en")


def test_what_is_written_is_read(city):
    found = load_city(city)
    assert (found.county.code, found.county.called("zh"), found.county.called("en")) == (
        "4502",
        "示例市",
        "Sample City",
    )
    assert (found.directory, found.alarm_days) == (str(city / "state"), 1095)
    assert (found.console.listen, found.console.idle) == (("127.0.0.1", 8444), 600.0)
    assert {number: one.roles for number, one in found.staff.items()} == {"C01": {Role.LEADER}, "C02": {Role.AUDITOR}}
    first, second, third = found.counties.values()
    assert (first.broker, first.credential.sign_key, first.desk) == ("", KEY, "https://first.example:8443")
    assert (second.broker, second.credential.username, second.called("en")) == (
        "mqtts://broker.example",
        "city",
        "乙县",
    )
    assert (third.broker, third.credential.username) == ("mqtt://127.0.0.1:1883", "")
    assert found.people == {}
    assert load_city(city / CITY, secrets=False).counties["450203"].credential.sign_key == ""


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("city: {", "town: {", 1, "town"),
        ('code: "4502", ', "", 1, "code"),
        ("alarm_days: 1095", "alarm_days: 7", 2, "62"),
        ("alarm_days: 1095", "keep_days: 7", 2, "keep_days"),
        ("127.0.0.1:8444", "0.0.0.0:8444", 3, "certificate"),
        ("idle: 10min", "operators: 2", 3, "operators"),
        ("roles: [auditor]", "roles: [technician]", 6, "duty"),
        ("number: C02", "number: C01", 6, "C01"),
        ('"450204"', '"450203"', 9, "450203"),
        ("credential: hook", "credential: hoook", 8, "sign_key"),
        (", credential: hook", "", 8, "sign_key"),
        ("credential: mqtt}", "credential: other}", 9, "other"),
        ("mqtts://broker.example", "https://broker.example", 9, "mqtt://"),
        ("https://first.example:8443/", "http://first.example/", 8, "https://"),
        ('mqtt: "mqtts:', "nats: 'tls://a:1', mqtt: \"mqtts:", 9, "not by both"),
        ("mqtts://broker.example", 'mqtts://broker.example", domain: "city', 9, "domain is for nats alone"),
        ('mqtt: "mqtts://broker.example', 'nats: "mqtts://broker.example', 9, "not a NATS address"),
        (', desk: "https://first.example:8443/"', ", tls: {ca_file: a.pem}", 8, "posts to us"),
        (TEXT[TEXT.index("counties") :], "", 1, "counties"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place_and_no_secret(city, old, new, line, said):
    found = written(city, old, new)
    assert found.configuration is None
    assert any(one.line == line and said in one.message for one in found.faults), found.faults
    assert not any(KEY in one.message for one in found.faults)
    with pytest.raises(ConfigurationRefused):
        load_city(city)


def test_a_file_that_is_not_there_is_a_fault(tmp_path):
    assert [one.file for one in examine_city(tmp_path).faults] == [str(tmp_path / CITY)]


def test_an_open_broker_elsewhere_gets_a_note(city):
    found = written(city, "mqtts://broker.example", "mqtt://broker.example")
    assert found.configuration is not None
    assert [one.line for one in found.warnings] == [9]


def test_a_county_in_the_streams_is_read_with_whose_verdicts_count_and_whether_it_takes_acts(city):
    (city / "credentials.yaml").write_text(CREDENTIALS + f"streams: {{username: city, act_key: {KEY}}}\n", "utf-8")
    line = "nats: 'tls://a:4222,tls://b:4222', domain: city, source: worker, credential: streams"
    found = written(city, 'mqtt: "mqtts://broker.example", credential: mqtt', line)
    one = found.configuration.counties["450204"]
    assert (one.streams, one.domain, one.source) == ("tls://a:4222,tls://b:4222", "city", "worker")
    assert [each.takes_acts for each in found.configuration.counties.values()] == [False, True, False]
    said = sentences_of(found.configuration, "en")[1]
    assert said.startswith("乙县 (450204): read from the streams at tls://a:4222,tls://b:4222 (worker);")


def test_check_knows_a_citys_file_by_its_name_and_looks_at_its_offices_when_asked(city):
    def checked(*, contacts=False):
        said = io.StringIO()
        return run([city / CITY], "en", said, contacts=contacts), said.getvalue().splitlines()

    code, lines = checked()
    assert code == 0
    assert lines == [
        "First (450203): posted by its gateway to /from/450203; its desk: https://first.example:8443",
        "乙县 (450204): read from mqtts://broker.example; its desk: not written: by telephone alone",
        "丙县 (450205): read from mqtt://127.0.0.1:1883; its desk: not written: by telephone alone",
    ]
    (city / "offices.yaml").write_text("- {code: A, name: a, parent: B}\n", "utf-8")
    (city / "offices.yaml").chmod(0o600)
    assert checked() == (code, lines)
    assert checked(contacts=True)[0] == 2
    written(city, "storage", "store")
    assert checked()[0] == 2
