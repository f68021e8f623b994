"""The log server as it may be written, and what is said of what may not."""

from __future__ import annotations

import pytest
from small_county import Written

from gateway.settings.load import examine, load
from gateway.settings.model import Syslog, Tls


def with_line(tmp_path, line: str) -> Written:
    county = Written(tmp_path)
    county.replace("gateway.yaml", "accept_acts: true}\n", f"accept_acts: true}}\n{line}\n")
    return county


def test_left_out_no_log_server_is_told(tmp_path):
    assert load(Written(tmp_path).write()).syslog is None


def test_it_has_its_address_its_certificates_and_what_it_is_told(tmp_path):
    line = 'syslog: {address: "tls://log.example", tls: {ca_file: ca.pem}, send: [audit], enterprise: 12345}'
    county = with_line(tmp_path, line)
    found = load(county.write()).syslog
    assert found == Syslog("tls://log.example", Tls(str(county.directory / "ca.pem")), ("audit",), 12345)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:601", "udp://localhost", "tcp://[::1]:601"])
def test_on_this_machine_it_needs_no_tls_and_is_told_all(tmp_path, address):
    found = load(with_line(tmp_path, f'syslog: {{address: "{address}"}}').write()).syslog
    assert found == Syslog(address, Tls(), ("audit", "alarms", "faults"), 32473)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('address: "tcp://log.example:601"', "is not encrypted"),
        ('address: "udp://192.0.2.1"', "is not encrypted"),
        ('address: "https://log.example"', "is not a log server"),
        ('address: "tls://log.example/path"', "is not a log server"),
        ('address: "tls://name:word@log.example"', "is not a log server"),
        ('address: "tls://[log"', "is not a log server"),
        ('address: "tcp://127.0.0.1", tls: {ca_file: ca.pem}', "tls"),
        ('address: "tls://log.example", tls: {certificate: us.pem}', "belong together"),
        ('address: "tls://log.example", send: []', "1 items or more"),
        ('address: "tls://log.example", send: [places]', "places"),
        ("send: [audit]", "address"),
    ],
)
def test_what_may_not_be_written_is_said_with_its_place(tmp_path, written, said):
    _, faults, _ = examine(with_line(tmp_path, f"syslog: {{{written}}}").write(), "en")
    (fault,) = map(str, faults)
    assert said in fault
    assert "gateway.yaml:" in fault
