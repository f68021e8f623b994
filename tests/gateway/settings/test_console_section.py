"""The section ``console``: where the pages are, how long sessions last, what lies beside them."""

from __future__ import annotations

import pytest
from small_county import Written

from fencing.datum import Datum
from gateway.settings.load import examine, load, load_sources
from gateway.settings.windows import AskingCity, Console


def with_section(tmp_path, text: str) -> Written:
    county = Written(tmp_path)
    county.texts["gateway.yaml"] += text
    return county


def test_without_it_the_pages_are_for_this_machine(tmp_path):
    found = load(Written(tmp_path).write()).console
    assert found == Console()
    assert (found.listen, found.idle, found.session, found.audit_days) == (("127.0.0.1", 8443), 900, 43_200, 184)


def test_all_of_it_is_read_and_files_are_those_beside_it(tmp_path):
    text = (
        "console: {listen: '0.0.0.0:443', certificate: tls/a.pem, key: /etc/b.key, idle: 5min, session: 8h,"
        " operators: 2, alarms_each: 200, audit_days: 365, contacts: people, contacts_link: 'https://host/p/{person}',"
        " base_map: {file: map.pmtiles, datum: gcj02}}\n"
    )
    found = load(with_section(tmp_path, text).write())
    assert found.console == Console(
        ("0.0.0.0", 443), str(tmp_path / "tls" / "a.pem"), "/etc/b.key", 300.0, 28_800.0, 365, str(tmp_path / "people"),  # noqa: S104
        "https://host/p/{person}", (str(tmp_path / "map.pmtiles"), Datum.GCJ02), 2, 200,
    )  # fmt: skip
    assert load_sources(found.sources).console.audit_days == 365


def test_the_city_that_may_ask_is_named_and_its_key_stands_in_the_credentials(tmp_path):
    county = with_section(tmp_path, 'console: {city: {code: "4502", credential: asker, longest: 2d}}\n')
    _, (fault,), _ = examine(county.write(), "en")
    assert "sign_key" in str(fault)
    county.texts["credentials.yaml"] += f"asker: {{sign_key: {'k' * 32}}}\n"
    found = load(county.write()).console
    assert (found.city, Console().city) == (AskingCity("4502", "asker", 172_800.0), None)
    assert "k" * 32 not in repr(found)


@pytest.mark.parametrize(
    ("text", "where", "said"),
    [
        ("{listen: '0.0.0.0:8443'}", "listen", "it takes TLS"),
        ("{listen: '[::]:8443'}", "listen", "it takes TLS"),
        ("{listen: 'desk.example:8443'}", "listen", "it takes TLS"),
        ("{listen: '192.0.2.1:8443'}", "listen", "it takes TLS"),
        ("{listen: '127.0.0.1'}", "listen", "no address for the pages"),
        ("{listen: '127.0.0.1:0'}", "listen", "no address for the pages"),
        ("{listen: 8443}", "listen", "not an address to listen on"),
        ("{certificate: a.pem}", "certificate", "belong together"),
        ("{key: a.key}", "key", "belong together"),
        ("{idle: 2h, session: 1h}", "idle", "cannot be longer"),
        ("{idle: 10s}", "idle", ""),
        ("{session: 2d}", "session", ""),
        ("{audit_days: 183}", "audit_days", "184 or more"),
        ("{audit_days: 0}", "audit_days", "184 or more"),
        ("{contacts_link: 'https://host/person'}", "contacts_link", "no link to contacts"),
        ("{contacts_link: 'javascript:x({person})'}", "contacts_link", "no link to contacts"),
        ("{contacts_link: 'https://host/{person}/{office}'}", "contacts_link", "no link to contacts"),
        ("{base_map: {file: a.pmtiles}}", "base_map", "datum"),
        ("{base_map: {file: a.pmtiles, datum: nad27}}", "datum", ""),
        ("{port: 8443}", "port", ""),
    ],
)
def test_what_cannot_be_is_named_with_its_place(tmp_path, text, where, said):
    county = with_section(tmp_path, f"console: {text}\n")
    line = county.texts["gateway.yaml"].splitlines()[-1]
    configuration, faults, _ = examine(county.write(), "en")
    assert configuration is None
    (fault,) = faults
    assert said in fault.message
    value = line.index(f"{where}:") + 1
    assert value <= fault.column <= value + len(where) + 3, (fault, line)


def test_the_audit_apart_from_all_other_work_is_recommended(tmp_path):
    text = "staff:\n  - {number: D01, roles: [duty]}\n  - {number: L01, roles: [leader, auditor]}\n"
    configuration, faults, warnings = examine(with_section(tmp_path, text).write(), "en")
    assert configuration is not None, faults
    assert [one.message.startswith("note: audit is to be apart") for one in warnings].count(True) == 1
