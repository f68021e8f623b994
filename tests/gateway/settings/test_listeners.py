"""The ways in: each kind as written, its limits, and every fault at its place."""

import pytest

from gateway.settings.load import examine, load
from gateway.settings.model import Credential, Limits, ListenerKind, SerialLine, Tls

MAIN = "gateway.yaml"
TCP = 'tcp: "127.0.0.1:7611"'
MQTTS = 'mqtt: "mqtts://broker.example"'
PLACE = "gateway.yaml:3:"


def only(written, text, protocol="jt808, profile: g10ls"):
    """The one listener of the county, written so."""
    written.replace(MAIN, f"protocol: jt808, profile: g10ls, {TCP}", f"protocol: {protocol}, {text}")
    return load(written.write()).listeners[0]


def test_an_old_configuration_means_what_it_meant(written):
    (way,) = load(written.write()).listeners
    assert (way.kind, way.host, way.port, way.profile) == (ListenerKind.TCP, "127.0.0.1", 7611, "g10ls")
    assert (way.max_connections, way.idle_seconds, way.limits) == (4096, 900.0, Limits())


def test_udp(written):
    way = only(written, 'udp: "[::1]:7612", idle: 5min')
    assert (way.kind, way.host, way.port, way.idle_seconds) == (ListenerKind.UDP, "::1", 7612, 300.0)


def test_mqtt_has_a_client_id_that_stays_and_that_every_broker_takes(written):
    way = only(written, 'mqtt: "mqtts://broker.example:8883", credential: city')
    assert way.broker is not None
    assert way.broker.url == "mqtts://broker.example:8883"
    assert way.broker.credential != Credential()
    assert way.broker.client == load(written.write()).listeners[0].broker.client
    assert len(way.broker.client) == 23
    assert way.broker.client.isalnum()


def test_serial(written):
    line = "serial: /dev/ttyUSB0, baud: 115200, parity: even, stop_bits: 2, data_bits: 7, flow: hardware"
    way = only(written, line)
    assert (way.kind, way.line) == (
        ListenerKind.SERIAL, SerialLine("/dev/ttyUSB0", 115_200, 7, "even", 2, "hardware")
    )  # fmt: skip


def test_a_wire_without_names_says_whose_it_is(written):
    way = only(written, 'serial: /dev/ttyS1, identity: "000123"', "modem")
    assert (way.protocol, way.identity) == ("modem", "123")


def test_the_protocol_may_be_told_by_the_first_bytes(written):
    way = only(written, TCP, "auto")
    assert (way.protocol, way.profile) == ("auto", "")


def test_limits(written):
    way = only(
        written,
        f"{TCP}, max_connections: 50, max_per_source: 5, max_strangers: 9, max_frame: 1000, frames_per_second: 2.5, "
        "bytes_per_second: 500, burst: 4s, login: 30s, rubbish: 999, checksum: warn",
    )
    assert way.max_connections == 50
    assert way.checksum == "warn"
    assert way.limits == Limits(1000, 5, 2.5, 500.0, 4.0, 30.0, 9, 999)


def test_certificates_are_files_beside_the_configuration_and_are_noted_while_they_cannot_be_used(written):
    way = only(written, f"{TCP}, tls: {{certificate: own.pem, key: own.key, ca_file: ca.pem}}")
    assert way.tls == Tls(*(str(written.directory / name) for name in ("ca.pem", "own.pem", "own.key")))
    notes = {language: examine(written.directory, language)[2] for language in ("en", "zh")}
    assert any("note: these certificates cannot be used now (ca_file " in str(note) for note in notes["en"])
    assert any("改好之前设备从该接入连不上" in str(note) for note in notes["zh"])


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        ("{certificate: own.pem}", "tls takes certificate and key together", "tls 须同时写 certificate 和 key"),
        ("{ca_file: ca.pem}", "tls takes certificate and key together", "tls 须同时写 certificate 和 key"),
        ("{psk: keys.csv}", "no pre-shared keys: Python has them from 3.13 on (here is 3.", "不支持预共享密钥"),
    ],
)
def test_what_tls_cannot_be_is_told_at_its_place_in_both_languages(written, text, english, chinese):
    written.replace(MAIN, TCP, f"{TCP}, tls: {text}")
    for language, said in (("en", english), ("zh", chinese)):
        (fault,) = written.faults(language)
        assert fault.startswith(PLACE)
        assert said in fault


def test_tls_is_for_tcp_and_brokers_alone(written):
    written.replace(MAIN, TCP, 'udp: "127.0.0.1:7611", tls: {certificate: own.pem, key: own.key}')
    assert any("“tls” is for tcp, mqtt only; delete it" in fault for fault in written.faults())


def test_a_broker_is_known_by_an_authority_of_ones_own_and_we_by_a_certificate(written):
    way = only(written, f"{MQTTS}, tls: {{certificate: own.pem, key: own.key, ca_file: ca.pem}}")
    assert way.tls is None
    assert way.broker.tls == Tls(*(str(written.directory / name) for name in ("ca.pem", "own.pem", "own.key")))
    _, _, notes = examine(written.directory, "en")
    assert any("no device gets in here before" in str(note) for note in notes)
    written.replace(MAIN, "certificate: own.pem, key: own.key, ", "")
    assert load(written.write()).listeners[0].broker.tls == Tls(str(written.directory / "ca.pem"))


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("{certificate: own.pem}", "certificate and key belong together"),
        ("{}", "tls names no file"),
        ("{psk: keys.csv}", "no pre-shared keys"),
    ],
)
def test_what_tls_of_a_broker_cannot_be_is_told(written, text, english):
    written.replace(MAIN, TCP, f"{MQTTS}, tls: {text}")
    (fault,) = written.faults("en")
    assert english in fault


def test_tls_of_a_broker_that_is_reached_openly_does_nothing(written):
    written.replace(MAIN, TCP, 'mqtt: "mqtt://127.0.0.1", tls: {ca_file: ca.pem}')
    (fault,) = written.faults("en")
    assert "uses no TLS, tls does nothing" in fault


def test_networks(written):
    way = only(written, f'{TCP}, networks: [10.20.0.0/16, "2001:db8::/32", 192.0.2.7]')
    assert list(map(str, way.networks)) == ["10.20.0.0/16", "2001:db8::/32", "192.0.2.7/32"]


def test_a_network_that_is_none_is_told_how_to_be_written(written):
    written.replace(MAIN, TCP, f"{TCP}, networks: [192.0.2.7, 10.20.3.4/16]")
    (english,), (chinese,) = written.faults("en"), written.faults("zh")
    assert english.startswith(f"{PLACE}101: “10.20.3.4/16” is no network; write 10.20.0.0/16")
    assert chinese.startswith(f"{PLACE}101: “10.20.3.4/16”不是网段；请写成 10.20.0.0/16")


@pytest.mark.parametrize(
    ("protocol", "text", "fault"),
    [
        ("jt808", "serial: /dev/ttyS0, networks: [10.0.0.0/8]", "70: “networks” is for tcp, udp only; delete it"),
        ("jt808", f"{TCP}, networks: []", "73: "),
        ("jt808", "checksum: warn", "12: the listener “bracelets” takes exactly one of tcp, udp, mqtt, serial"),
        ("jt808", f'{TCP}, udp: "127.0.0.1:1"', "12: the listener “bracelets” takes exactly one of"),
        ("jt808", f"{TCP}, baud: 9600", "69: “baud” is for serial only; delete it"),
        ("jt808", f"{TCP}, credential: city", "75: “credential” is for mqtt only"),
        ("jt808", "serial: /dev/ttyS0, login: 30s", "67: “login” is for tcp only"),
        ("jt808", 'udp: "127.0.0.1"', "45: “127.0.0.1” is not an address to listen on"),
        ("jt808", 'mqtt: "http://x"', "46: “http://x” is not an MQTT address"),
        ("jt808", 'mqtt: "mqtt://name:secret@x"', "46: no user name or password in the address"),
        ("jt808", 'mqtt: "mqtt://x:1883", credential: nobody', "75: there is no “nobody” in credentials.yaml"),
        ("jt808", "serial: COM3", "48: “COM3” is not a serial port"),
        ("jt808", "serial: /dev/ttyS0, parity: mark", "68: “mark” is not a choice; write one of: none, even, odd"),
        ("jt808", "serial: /dev/ttyS0, baud: 5", "66: 5 is out of range"),
        ("jt808", f"{TCP}, max_frame: 10", "74: 10 is out of range"),
        ("modem", "serial: /dev/ttyS0", "33: frames of modem do not say whose they are; write identity"),
        ("modem", TCP, "33: modem is spoken on serial ports only"),
        ("auto", 'mqtt: "mqtt://x:1883"', "33: the wire format is not told by itself on mqtt"),
        ("auto", f"{TCP}, profile: g10ls", "71: with protocol: auto the profile stands with the devices"),
        ("jt809", TCP, "33: the protocol “jt809” is not known"),
    ],
)
def test_each_fault_is_named_at_its_place(written, protocol, text, fault):
    written.replace(MAIN, f"protocol: jt808, profile: g10ls, {TCP}", f"protocol: {protocol}, {text}")
    found = written.faults()
    assert len(found) == 1, found
    assert found[0].startswith(f"{PLACE}{fault}")


def test_two_ways_cannot_share_an_address_but_tcp_and_udp_can(written):
    second = 'name: other, protocol: jt808, udp: "127.0.0.1:7611"'
    written.replace(MAIN, "storage:", f"  - {{{second}}}\nstorage:")
    assert [way.kind for way in load(written.write()).listeners] == [ListenerKind.TCP, ListenerKind.UDP]
    third = 'name: third, protocol: jt808, udp: "127.0.0.1:7611"'
    written.replace(MAIN, "storage:", f"  - {{{third}}}\nstorage:")
    (fault,) = written.faults()
    assert fault.startswith("gateway.yaml:5:41: “127.0.0.1:7611” is already used at ")
    assert "gateway.yaml:4:41" in fault


MQTT_OPEN = {
    "en": "note: “{}” is not encrypted; places are personal data: beyond this machine use mqtts://",
    "zh": "注意：“{}”不加密；位置是个人信息，出本机须用 mqtts://",
}
UNASKED = {
    "en": "note: “bracelets” asks for no authentication: who knows a number can pose as one; require it, or write"
    " network",
    "zh": "注意：接入“bracelets”不要求鉴权，知道号码就能冒充设备；能鉴权的请写 required，否则在设备上写 network",
}


def noted(written, text, language, protocol="jt808"):
    """What `check` says of the one listener, written so, beside its faults, of which there are none."""
    written.replace(MAIN, f"protocol: jt808, profile: g10ls, {TCP}", f"protocol: {protocol}, {text}")
    _, faults, notes = examine(written.write(), language)
    assert faults == []
    return [str(one).removeprefix(f"{written.directory}/") for one in notes if one.line == 3]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_broker_beyond_this_machine_without_tls_is_worth_a_note(written, language):
    open_way = 'mqtt: "mqtt://10.0.0.9:1883", authentication: required'
    assert noted(written, open_way, language) == [f"{PLACE}46: {MQTT_OPEN[language].format('mqtt://10.0.0.9:1883')}"]


@pytest.mark.parametrize("url", ["mqtt://127.0.0.1:1883", "mqtt://localhost", "mqtt://[::1]", "mqtts://10.0.0.9"])
def test_a_broker_of_this_machine_or_by_tls_is_not(written, url):
    assert noted(written, f'mqtt: "{url}", authentication: required', "en") == []


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("text", "column"),
    [
        ('tcp: "0.0.0.0:7611"', 45),
        ('udp: "[::]:7611", authentication: optional', 74),
        ('mqtt: "mqtts://10.0.0.9"', 46),
    ],
)
def test_a_way_in_from_elsewhere_that_asks_for_no_authentication_is_worth_a_note(written, language, text, column):
    assert noted(written, text, language) == [f"{PLACE}{column}: {UNASKED[language]}"]


@pytest.mark.parametrize(
    ("protocol", "text"),
    [
        ("jt808", 'tcp: "0.0.0.0:7611", authentication: required'),
        ("jt808", f"{TCP}, authentication: optional"),
        ("gt06", 'tcp: "0.0.0.0:7611"'),
        ("jt808", "serial: /dev/ttyS0"),
    ],
)
def test_where_it_is_asked_for_or_nobody_else_reaches_it_or_there_are_no_codes_nothing_is_said(written, protocol, text):
    assert noted(written, text, "en", protocol) == []
