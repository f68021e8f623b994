"""What the doctor finds: each trouble planted once, and nothing of it where the machine is well."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import ssl
import threading
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from types import SimpleNamespace

import pytest
from certificates import Authority
from timeline import county

from gateway.daemon import doctor
from gateway.daemon.doctor import Grade, examine, patient
from gateway.demo.broker import LocalBroker, free_port
from gateway.fault_table import FAULTS
from gateway.settings.alarm_policy import Modem, Notices
from gateway.settings.model import (
    Credential,
    Listener,
    ListenerKind,
    SerialLine,
    Storage,
    Syslog,
    Tls,
    Upstream,
    UpstreamKind,
)
from gateway.settings.windows import Console

WELL, NOTE, FAULT = Grade.WELL, Grade.NOTE, Grade.FAULT


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "data").mkdir(mode=0o700)
    (tmp_path / "data" / "lock").touch()
    return tmp_path


def found(folder, subject: str, **changes: object) -> list[tuple[Grade, str]]:
    """What is said of one subject in a county."""
    configuration = county(storage=Storage(str(folder / "data"), 30), **({"listeners": (), "upstreams": ()} | changes))
    seen = examine(patient(configuration, folder))
    return [(one.grade, one.said.of("en")) for one in seen if one.subject == subject]


@contextmanager
def locked(folder):
    """As by a gateway that runs."""
    with (folder / "data" / "lock").open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def listener(port: int, kind: ListenerKind = ListenerKind.TCP) -> Listener:
    return Listener("bracelets", "jt808", "g10ls", "127.0.0.1", port, kind=kind)


@pytest.mark.parametrize("kind", [ListenerKind.TCP, ListenerKind.UDP])
def test_a_port_that_somebody_else_holds(folder, kind):
    way = socket.SOCK_STREAM if kind is ListenerKind.TCP else socket.SOCK_DGRAM
    with closing(socket.socket(socket.AF_INET, way)) as other:
        other.bind(("127.0.0.1", 0))
        if kind is ListenerKind.TCP:
            other.listen()
        port = other.getsockname()[1]
        [(grade, said)] = found(folder, "ports", listeners=(listener(port, kind),))
        assert grade is FAULT
        assert f"127.0.0.1:{port} (Address already in use)" in said
        with locked(folder):
            assert found(folder, "ports", listeners=(listener(port, kind),))[0][0] is WELL
    assert found(folder, "ports", listeners=(listener(port, kind),))[0][0] is WELL
    with locked(folder):
        [(grade, said)] = found(folder, "ports", listeners=(listener(port, kind),))
        assert grade is FAULT
        assert "nobody listens" in said


def test_a_port_that_systemd_holds_for_us(folder, monkeypatch):
    """Asked for by the unit's name; as systemctl answers."""
    asked = []
    monkeypatch.setattr(doctor.shutil, "which", lambda _: "/bin/systemctl")
    monkeypatch.setattr(
        doctor.subprocess, "run", lambda words, **_: asked.append(words) or SimpleNamespace(returncode=0)
    )
    with closing(socket.create_server(("127.0.0.1", 0))) as held:
        port = held.getsockname()[1]
        [(grade, said)] = found(folder, "ports", listeners=(listener(port),))
    assert grade is WELL
    assert f"systemd holds 127.0.0.1:{port} for the gateway" in said
    assert asked == [["/bin/systemctl", "is-active", "--quiet", f"bracelet-gateway-tcp@{port}.socket"]]


def test_a_serial_device_that_is_not_there_or_is_none(folder):
    (folder / "file").touch()
    paths = {"/dev/null": WELL, str(folder / "gone"): FAULT, str(folder / "file"): FAULT}
    lines = tuple(
        replace(listener(0, ListenerKind.SERIAL), name=path, line=SerialLine(path)) for path in paths
    )  # fmt: skip
    seen = found(folder, "serial lines", listeners=lines, notices=Notices(modem=Modem(str(folder / "modem"), 9600)))
    assert [grade for grade, _ in seen] == [*paths.values(), FAULT]
    assert "gone cannot be used (No such file or directory)" in seen[1][1]
    assert "notices: serial device" in seen[3][1]


def test_secrets_that_others_can_read(folder):
    (folder / "credentials.yaml").write_text("{}", "utf-8")
    (folder / "credentials.yaml").chmod(0o644)
    (folder / "staff.csv").touch(0o640)
    seen = found(folder, "permissions")
    assert [grade for grade, _ in seen] == [WELL, FAULT, WELL]
    assert "credentials.yaml has mode 644, so that others can read it: chmod 600 " in seen[1][1]
    (folder / "data").chmod(0o755)
    assert found(folder, "permissions")[0][0] is FAULT


def test_a_password_or_a_key_that_the_group_can_read(folder):
    """Officers are in the group; of names they are given a look so, of secrets nobody is."""
    keys = [folder / name for name in ("way.key", "platform.key", "desk.key")]
    for path in (folder / "credentials.yaml", *keys):
        path.touch(0o640)
    keys[1].chmod(0o604)
    keys[2].chmod(0o600)
    way = replace(listener(0), tls=Tls(certificate_file="way.pem", key_file=str(keys[0])))
    platform = Upstream("city", UpstreamKind.FILE, "a", Credential(), tls=Tls(key_file=str(keys[1])))
    desk = Console(key=str(keys[2]))
    seen = found(folder, "permissions", listeners=(way, way), upstreams=(platform,), console=desk)
    assert [grade for grade, _ in seen] == [WELL, NOTE, NOTE, FAULT, WELL]
    assert "credentials.yaml has mode 640, so that its group reads" in seen[1][1]
    assert "platform.key has mode 604, so that others can read it: chmod 600 " in seen[3][1]
    assert "desk.key has mode 600: other accounts cannot read it" in seen[4][1]


def test_a_storage_directory_that_is_not_there_yet(folder):
    (folder / "data" / "lock").unlink()
    (folder / "data").rmdir()
    assert found(folder, "permissions")[0][0] is NOTE
    assert found(folder, "disk") == []


def test_a_storage_directory_that_the_account_cannot_write(folder, monkeypatch):
    monkeypatch.setattr(doctor.os, "access", lambda *_: False)
    assert found(folder, "permissions")[0][0] is FAULT


def test_a_disk_that_is_full_or_slow(folder, monkeypatch):
    assert [grade for grade, _ in found(folder, "disk")] == [WELL]
    monkeypatch.setattr(doctor, "LEAST_FREE", 1 << 62)
    monkeypatch.setattr(doctor, "SLOW_SYNC", -1.0)
    assert [grade for grade, _ in found(folder, "disk")] == [FAULT, NOTE]


def test_a_folder_for_alarms_that_is_not_there(folder):
    def to(path: str) -> Upstream:
        return Upstream("files", UpstreamKind.FILE, path, Credential())

    assert found(folder, "folders", upstreams=(to(str(folder / "alarms.jsonl")),))[0][0] is WELL
    [(grade, said)] = found(folder, "folders", upstreams=(to(str(folder / "none" / "alarms.jsonl")),))
    assert grade is FAULT
    assert "(No such file or directory)" in said


def test_a_broker_that_does_not_answer(folder):
    upstream = Upstream("city", UpstreamKind.MQTT, f"mqtt://127.0.0.1:{free_port()}", Credential())
    [(grade, said)] = found(folder, "brokers", upstreams=(upstream,))
    assert grade is FAULT
    assert said.startswith("city: 127.0.0.1:")


def test_a_broker_that_answers(folder):
    broker = LocalBroker(folder / "broker")
    broker.start()
    try:
        upstream = Upstream("city", UpstreamKind.MQTT, f"mqtt://127.0.0.1:{broker.port}", Credential())
        assert [one for one, _ in found(folder, "brokers", upstreams=(upstream,))] == [WELL]
    finally:
        broker.stop()


def test_a_stream_server_lets_us_in_or_is_named(folder, stream_server):
    there = Upstream("leaf", UpstreamKind.NATS, stream_server.url, Credential())
    away = Upstream("gone", UpstreamKind.NATS, f"nats://127.0.0.1:{free_port()}", Credential())
    (first, _), (second, said) = found(folder, "brokers", upstreams=(there, away))
    assert (first, second) == (WELL, FAULT)
    assert "the message server is not reached" in said


@contextmanager
def listening_by(tls):
    """Somebody who shakes hands by TLS, in a thread; the port."""
    with socket.create_server(("127.0.0.1", 0)) as plain, tls.wrap_socket(plain, server_side=True) as server:

        def serve():
            with suppress(OSError):
                while True:
                    with suppress(ssl.SSLError):
                        server.accept()[0].close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_a_platform_is_known_by_an_authority_of_our_own_and_its_certificate_has_an_end(folder, tmp_path):
    ours = Authority(tmp_path)
    with listening_by(ours.serving(ours.vouches_for("platform"))) as port:

        def to(tls: Tls) -> Upstream:
            return Upstream("hook", UpstreamKind.WEBHOOK, f"https://127.0.0.1:{port}/in", Credential(), tls=tls)

        (_, said), (grade, ends) = found(folder, "platforms", upstreams=(to(Tls(str(ours.file))),))
        assert said == f"hook: 127.0.0.1:{port} answers"
        assert grade is NOTE
        assert "ends in 1 days" in ends
        [(grade, _)] = found(folder, "platforms", upstreams=(to(Tls()),))
        assert grade is FAULT
        [(grade, said)] = found(folder, "platforms", upstreams=(to(Tls(str(tmp_path / "none.pem"))),))
        assert (grade, "none.pem" in said) == (FAULT, True)


def test_a_log_server_is_reached_and_known_or_not_and_of_datagrams_nothing_can_be_known(folder, tmp_path):
    ours = Authority(tmp_path)

    def to(address: str, tls: Tls) -> list[tuple[Grade, str]]:
        return found(folder, "log server", syslog=Syslog(address, tls, ("audit",), 32473))

    with listening_by(ours.serving(ours.vouches_for("log"))) as port:
        address = f"tls://127.0.0.1:{port}"
        (_, said), (grade, ends) = to(address, Tls(str(ours.file)))
        assert (said, grade) == (f"log server: 127.0.0.1:{port} answers", NOTE)
        assert "ends in 1 days" in ends
        assert [each for each, _ in to(address, Tls())] == [FAULT]
    assert [each for each, _ in to("udp://127.0.0.1", Tls())] == [NOTE]
    assert found(folder, "log server") == []


def test_the_certificate_that_devices_are_shown_has_an_end_or_is_faulty(folder, tmp_path):
    ours = Authority(tmp_path)
    own, other = ours.vouches_for("gateway"), ours.vouches_for("other")

    def by(key) -> Listener:
        return replace(listener(0), tls=Tls(str(ours.file), str(own.certificate), str(key)))

    [(grade, said)] = found(folder, "certificates", listeners=(by(own.key), listener(0)))
    assert grade is NOTE
    assert said == f"bracelets: the certificate of {own.certificate} ends in 1 days: have it renewed"
    [(grade, said)] = found(folder, "certificates", listeners=(by(other.key),))
    assert grade is FAULT
    assert "cannot be used (certificate " in said


def test_a_platform_without_tls_is_reached_or_not(folder):
    def to(port: int) -> Upstream:
        return Upstream("hook", UpstreamKind.WEBHOOK, f"http://127.0.0.1:{port}/in", Credential())

    with socket.create_server(("127.0.0.1", 0)) as server:
        assert [each for each, _ in found(folder, "platforms", upstreams=(to(server.getsockname()[1]),))] == [WELL]
    assert [each for each, _ in found(folder, "platforms", upstreams=(to(free_port()),))] == [FAULT]


def test_a_gateway_that_runs_and_does_not_answer_and_one_that_does_not_run(folder):
    assert found(folder, "gateway") == [(NOTE, "the gateway does not run")]
    with locked(folder):
        [(grade, said)] = found(folder, "gateway")
    assert grade is NOTE
    assert "does not answer this account" in said


def test_the_kernels_word_on_the_clock(folder, monkeypatch):
    class Kernel:
        """adjtimex(2), which writes ``status`` behind modes and four longs."""

        def __init__(self, status: int) -> None:
            self.status = status

        def adjtimex(self, timex) -> int:
            timex[40:44] = self.status.to_bytes(4, "little")
            return 0

    for status, grade in ((0x2001, WELL), (0x2041, NOTE)):
        monkeypatch.setattr(doctor.ctypes, "CDLL", lambda *_, status=status, **__: Kernel(status))
        assert found(folder, "clock")[0][0] is grade


def test_a_disk_that_takes_nothing_is_said_in_words(folder, monkeypatch):
    (folder / "data").mkdir(exist_ok=True)

    def full(_directory):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(doctor, "_sync_seconds", full)
    [(grade, said)] = found(folder, "disk")
    assert grade is FAULT
    assert said.endswith(f"cannot be written: {FAULTS['full'].told('No space left on device').en}")


def test_what_the_running_gateway_says_of_its_store_is_handed_on(folder, monkeypatch):
    said = FAULTS["io"].told("disk I/O error")
    status = {"healthy": False, "broken": ["journal"], "troubles": {"journal": {"zh": said.zh, "en": said.en}}}
    monkeypatch.setattr(doctor, "ask", lambda *_: SimpleNamespace(data=status))
    with locked(folder):
        seen = found(folder, "gateway")
    assert seen[0] == (FAULT, f"the gateway says of journal: {said.en}")
    assert seen[1][0] is FAULT
