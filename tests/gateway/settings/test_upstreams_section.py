"""Receivers of alarms as they may be written, and what is said of those that may not."""

from __future__ import annotations

import pytest
from small_county import Written

from gateway.settings.load import examine, load
from gateway.settings.model import Delivery, Telemetry, Tls, UpstreamKind

HOOK = "  - {name: province, webhook: 'https://platform.example/alarms', credential: hook"
SECRETS = "city: {username: demo, password: hidden-word, act_key: hidden-key-of-32-bytes-or-even-more}\n"
SIGNED = SECRETS + "hook: {sign_key: another-hidden-key-of-32-bytes-or-more}\n"


def with_line(tmp_path, line: str, secrets: str = SIGNED) -> Written:
    county = Written(tmp_path)
    county.replace("gateway.yaml", "accept_acts: true}\n", f"accept_acts: true}}\n{line}\n")
    county.texts["credentials.yaml"] = secrets
    return county


def test_a_webhook_has_its_address_its_key_and_its_patience(tmp_path):
    line = HOOK + ", severity: [critical], heartbeat: 10s, per_second: 5, tries: 3, publish_wait: 20s}"
    city, found = load(with_line(tmp_path, line).write()).upstreams
    assert (city.kind, found.kind, found.url) == (
        UpstreamKind.MQTT, UpstreamKind.WEBHOOK, "https://platform.example/alarms",
    )  # fmt: skip
    assert found.credential.sign_key == "another-hidden-key-of-32-bytes-or-more"
    assert found.delivery == Delivery(publish_wait=20.0, tries=3, per_second=5.0, heartbeat=10.0)
    assert found.severities == ("critical",)
    assert (found.tls, found.telemetry) == (Tls(), None)
    assert "another-hidden" not in repr(found)


def test_a_nats_server_has_its_domain_and_may_bring_acts(tmp_path):
    line = (
        "  - {name: leaf, nats: 'nats://127.0.0.1:4222', domain: city, credential: city, accept_acts: true, tries: 3}"
    )
    found = load(with_line(tmp_path, line).write()).upstreams[1]
    assert (found.kind, found.url, found.domain) == (UpstreamKind.NATS, "nats://127.0.0.1:4222", "city")
    assert (found.credential.username, found.accept_acts, found.delivery.tries) == ("demo", True, 3)


def test_files_of_tls_stand_beside_the_configuration(tmp_path):
    line = HOOK + ", tls: {ca_file: tls/ca.pem, certificate: tls/us.pem, key: tls/us.key}}"
    county = with_line(tmp_path, line)
    found = load(county.write()).upstreams[1]
    folder = county.directory / "tls"
    assert found.tls == Tls(*(str(folder / name) for name in ("ca.pem", "us.pem", "us.key")))


def test_what_else_goes_there_is_written_with_its_basis(tmp_path):
    line = HOOK + ", telemetry: {basis: order 7, every: 30s, positions: true}}"
    found = load(with_line(tmp_path, line).write()).upstreams[1]
    assert found.telemetry == Telemetry("order 7", 30.0, positions=True)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8080/a", "http://localhost/a", "http://[::1]:8080/", "https://a.b/c?d=e"]
)
def test_without_tls_it_goes_to_this_machine_alone(tmp_path, url):
    line = HOOK.replace("https://platform.example/alarms", url) + "}"
    assert load(with_line(tmp_path, line).write()).upstreams[1].url == url


@pytest.mark.parametrize(
    ("more", "said", "chinese"),
    [
        ({"url": "http://platform.example/alarms"}, "is not an address to post to", "http:// 只许本机"),
        ({"url": "https://"}, "is not an address to post to", "不是平台的接收地址"),
        ({"url": "ftp://platform.example/"}, "is not an address to post to", "不是平台的接收地址"),
        ({"url": "https://platform.example:port/"}, "is not an address to post to", "不是平台的接收地址"),
        ({"url": "https://u:p@platform.example/"}, "no user name or password", "地址里不要写用户名和密码"),
        ({"secrets": SECRETS}, "write sign_key (openssl rand -hex 32) under “hook”", "sign_key"),
        ({"keys": ", accept_acts: true"}, "accept_acts does nothing for webhook", "accept_acts 对 webhook 不起作用"),
        ({"keys": ", fence_wait: 3s"}, "fence_wait does nothing for webhook", "请删去，或改用 mqtt"),
        ({"keys": ", heartbeat: 5min"}, "30s", "30s"),
        ({"keys": ", per_second: 0"}, "1", "1"),
        ({"keys": ", tls: {certificate: a.pem}"}, "certificate and key belong together", "要一起写"),
        ({"keys": ", tls: {}"}, "tls names no file", "没有写文件"),
        ({"url": "http://127.0.0.1/", "keys": ", tls: {ca_file: a.pem}"}, "uses no TLS", "不用 TLS"),
        ({"keys": ", telemetry: {basis: x}"}, "telemetry says nothing", "没有写送什么"),
        ({"keys": ", telemetry: {positions: true}"}, "basis", "basis"),
        ({"line": "  - {name: disk, file: a.jsonl, heartbeat: 10s}"}, "nothing for file", "对 file 不起作用"),
        ({"line": "  - {name: leaf, nats: 'mqtt://a:1'}"}, "is not a NATS address", "不是 NATS 地址"),
        ({"line": "  - {name: leaf, nats: 'tls://a:1', repeat_wait: 3s}"}, "nothing for nats", "对 nats 不起作用"),
        ({"line": "  - {name: leaf, mqtt: 'mqtts://a:1', domain: city}"}, "or use nats", "或改用 nats"),
        ({"line": "  - {name: leaf, nats: 'tls://a:1', accept_acts: true}"}, "accept_acts needs a key", "需要密钥"),
        ({"line": "  - {name: both, file: a.jsonl, webhook: 'https://a.b/'}"}, "exactly one of", "只须写一种"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_both_languages(tmp_path, more, said, chinese):
    line = HOOK.replace("https://platform.example/alarms", more.get("url", "https://platform.example/alarms"))
    county = with_line(tmp_path, more.get("line", line + more.get("keys", "") + "}"), more.get("secrets", SIGNED))
    for language, words in (("en", said), ("zh", chinese)):
        faults = [str(one) for one in examine(county.write(), language)[1]]
        assert len(faults) == 1, faults
        assert words in faults[0]
        assert "gateway.yaml:7:" in faults[0]


def test_certificates_that_cannot_be_used_and_a_broker_without_tls_are_worth_a_note(tmp_path):
    line = (
        HOOK
        + ", tls: {ca_file: none.pem}}\n  - {name: old, mqtt: 'mqtt://broker.example:1883'}\n  - {name: leaf, nats: 'nats://leaf.example:4222'}"
    )
    _, faults, notes = examine(with_line(tmp_path, line).write(), "en")
    assert faults == []
    said = sorted(str(one) for one in notes)
    assert "certificates cannot be used now (ca_file" in said[0]
    assert "none.pem: No such file or directory" in said[0]
    assert "“mqtt://broker.example:1883” is not encrypted" in said[1]
    assert "“nats://leaf.example:4222” is not encrypted" in said[2]
