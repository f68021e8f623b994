"""What the daemon keeps beside its stores: the secret, the lock, the directory."""

from __future__ import annotations

import asyncio
import socket

import pytest
from timeline import county

from gateway.clock import SystemClock
from gateway.daemon.daemon import Daemon
from gateway.daemon.lock import Lock
from gateway.daemon.storage import SECRET_BYTES, make, secret_of
from gateway.errors import OurFault, UserFault
from gateway.journal.controls import Act
from gateway.listeners.tcp import TcpListener
from gateway.listeners.udp import UdpListener
from gateway.settings.model import Listener
from gateway.words.phrases import spoken

ACT = Act("a1", "note", "f" * 32, "D01", "", "a word")


class Waiting:
    """As much of a pipeline as an act sees."""

    def __init__(self) -> None:
        self.acts = {}
        self.intake = self

    def expect_act(self, identity):
        return self.acts.setdefault(identity, asyncio.get_running_loop().create_future())

    def control(self, *_):
        pass

    wake = control


def test_the_secret_is_made_once_and_for_its_owner_alone(tmp_path):
    path = tmp_path / "secret"
    made = secret_of(path)
    assert len(made) == SECRET_BYTES
    assert secret_of(path) == made
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [b"", b"short"])
def test_a_damaged_secret_is_refused_and_left_as_it_is(tmp_path, content):
    path = tmp_path / "secret"
    path.write_bytes(content)
    with pytest.raises(OurFault, match="damaged"):
        secret_of(path)
    assert path.read_bytes() == content


def test_a_secret_half_written_in_a_crash_is_made_anew(tmp_path):
    (tmp_path / "secret.new").write_bytes(b"half")
    assert len(secret_of(tmp_path / "secret")) == SECRET_BYTES


def test_a_second_daemon_is_kept_out_until_the_first_has_gone(tmp_path):
    with Lock(tmp_path / "lock"), pytest.raises(UserFault, match="another gateway"), Lock(tmp_path / "lock"):
        pass
    with Lock(tmp_path / "lock"):
        assert (tmp_path / "lock").exists()


def test_a_directory_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UserFault, match="cannot be made"):
        make(tmp_path / "file" / "state")


def test_an_act_outlives_who_waits_for_it_and_is_told_to_all_who_ask_again():
    """A broker says an act again when the connection that brought it was lost."""

    async def run():
        daemon, pipeline = Daemon(county(), SystemClock()), Waiting()
        first = asyncio.create_task(daemon.act(pipeline, ACT))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.wait((first,))
        again = asyncio.create_task(daemon.act(pipeline, ACT))
        await asyncio.sleep(0)
        pipeline.acts["a1"].set_result("done")
        assert await again == "done"

    asyncio.run(run())


@pytest.mark.parametrize("listener", [TcpListener, UdpListener])
def test_a_port_that_cannot_be_had_is_named_in_the_countys_language(listener):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM if listener is TcpListener else socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        one = listener(Listener("腕带", "jt808", "", "127.0.0.1", port), None, lambda: None)
        with pytest.raises(OurFault) as refused:
            asyncio.run(one.start())
    assert spoken(refused.value, "zh").startswith(f"接入“腕带”不能在 127.0.0.1:{port} 监听（端口已被占用）")
    assert spoken(refused.value, "en").startswith(f"listener 腕带: cannot listen on 127.0.0.1:{port}")
