"""The console as a process: its address, its certificate, and what it says where neither will do."""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
import ssl
import subprocess
from contextlib import closing, contextmanager

import httpx
import pyotp
import pytest
from desk_accounts import PASSWORD, SECRET, admit, csrf_in
from opened_desk import written
from programs import GATEWAY, PATIENCE, ran

from gateway.clock import SystemClock
from gateway.console.accounts.books import FILE, opened
from gateway.console.desk import Desk
from gateway.console.running import address, context, listening
from gateway.errors import UserFault
from gateway.settings.load import inspect
from gateway.settings.windows import Console


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate of our own making, and its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("NOT SHOWN HERE: no openssl to make a certificate with")
    pair = [tmp_path_factory.mktemp("tls") / name for name in ("desk.pem", "desk.key")]
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=desk", "-addext", "subjectAltName=IP:127.0.0.1", "-out", pair[0], "-keyout", pair[1]],
        check=True, capture_output=True,
    )  # fmt: skip
    return pair


@contextmanager
def served(config, *options):
    """The console, and where it says it is."""
    command = [GATEWAY, "console", "--config", config, "--listen", "127.0.0.1:0", *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process, json.loads(process.stderr.readline())["url"]
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=PATIENCE)


def test_by_tls_somebody_comes_in_and_his_cookie_goes_by_tls_alone(tmp_path, certificate):
    config = written(tmp_path)
    main = config / "gateway.yaml"
    pem, key = certificate
    main.write_text(main.read_text("utf-8") + f"console: {{certificate: '{pem}', key: '{key}'}}\n", "utf-8")
    configuration, _ = inspect(config, "en")
    desk = Desk.of(configuration, SystemClock())
    asyncio.run(admit(desk, "D01"))
    desk.books.close()
    trust = ssl.create_default_context(cafile=str(pem))
    with served(config) as (process, url), httpx.Client(base_url=url, verify=trust, timeout=PATIENCE) as client:
        assert url.startswith("https://127.0.0.1:")
        form = {"number": "D01", "password": PASSWORD, "code": pyotp.TOTP(SECRET).now()}
        form |= {"csrf": csrf_in(client.get("/login").text), "next": "/help"}
        answer = client.post("/login", data=form)
        assert (answer.status_code, answer.headers["location"]) == (303, "/help")
        assert all("Secure" in cookie for cookie in answer.headers.get_list("set-cookie") if cookie.startswith("desk="))
        assert "D01" in client.get("/help").text
        with pytest.raises(httpx.TransportError):
            httpx.get(url.replace("https", "http"))
        assert process.poll() is None
    assert process.returncode == -signal.SIGTERM


@pytest.mark.torture
def test_without_a_certificate_it_serves_this_machine(tmp_path):
    with served(written(tmp_path)) as (_, url):
        answer = httpx.get(f"{url}help", timeout=PATIENCE)
        assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=%2Fhelp")


@pytest.mark.parametrize("listen", ["0.0.0.0:8443", "[::]:8443", "192.0.2.1:8443", "desk.example:8443"])
def test_beyond_this_machine_it_takes_a_certificate(listen):
    with pytest.raises(UserFault, match="which takes TLS"):
        address(Console(), listen)
    assert address(Console(certificate="a", key="b"), listen)[1] == 8443


@pytest.mark.parametrize("listen", ["8443", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:70000", "::1:8443"])
def test_what_is_no_address_is_said(listen):
    with pytest.raises(UserFault, match="HOST:PORT"):
        address(Console(), listen)


def test_what_is_said_elsewhere_overrides_the_configuration():
    assert address(Console(listen=("127.0.0.1", 1)), "") == ("127.0.0.1", 1)
    assert address(Console(listen=("127.0.0.1", 1)), "[::1]:2") == ("::1", 2)


def test_an_address_that_is_taken_is_said():
    with listening("127.0.0.1", 0) as first, pytest.raises(UserFault, match="cannot be served at"):
        listening("127.0.0.1", first.getsockname()[1])


@pytest.mark.parametrize("broken", ["missing", "swapped", "other"])
def test_a_certificate_that_cannot_be_used_is_said(tmp_path, certificate, broken):
    pem, key = map(str, certificate)
    other = tmp_path / "other.key"
    other.write_text("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
    pairs = {"missing": (pem, f"{key}.gone"), "swapped": (key, pem), "other": (pem, str(other))}
    with pytest.raises(UserFault, match="certificate or key cannot be used"):
        context(Console(certificate=pairs[broken][0], key=pairs[broken][1]))


def test_a_key_with_a_password_is_refused_and_asks_nobody(tmp_path, certificate):
    pem, key = certificate
    locked = tmp_path / "locked.key"
    subprocess.run(
        ["openssl", "pkey", "-in", key, "-aes256", "-passout", "pass:secret", "-out", locked],  # noqa: S607
        check=True, capture_output=True,
    )  # fmt: skip
    with pytest.raises(UserFault, match="certificate or key cannot be used"):
        context(Console(certificate=str(pem), key=str(locked)))


def test_a_fault_of_the_county_is_one_line_and_no_traceback(tmp_path):
    done = ran([GATEWAY, "console", "--config", written(tmp_path), "--listen", "0.0.0.0:1"])
    assert done.returncode == 2
    assert "须用 TLS" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("newer", [True, False])
def test_a_store_that_cannot_be_used_is_said_before_anybody_comes(tmp_path, newer):
    config = written(tmp_path)
    path = config / "data" / FILE
    with closing(opened(path)) as db:
        db.execute("PRAGMA user_version = 99")
    if not newer:
        path.write_bytes(b"no database" * 1000)
    done = ran([GATEWAY, "console", "--config", config, "--listen", "127.0.0.1:0"])
    assert done.returncode == 1
    assert FILE in done.stderr
    assert "Traceback" not in done.stderr
    assert "the duty desk is open" not in done.stderr
