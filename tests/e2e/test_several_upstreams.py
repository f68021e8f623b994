"""Several platforms at once, one of them dead: each gets what is owed and signs of life, and knows when we are gone."""

from __future__ import annotations

import json
import socket
import threading
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from gateway_process import Gateway, eventually
from paho.mqtt.client import CallbackAPIVersion, Client
from plain_terminal import POSITION, SOS, Terminal, position
from pressed_county import phone, write_county

from gateway.demo.broker import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from platform_end import PlatformEnd

    from gateway.demo.broker import LocalBroker

SIGN_KEY = "made-up-sign-key-of-32-bytes-or-more"


@dataclass
class Posts:
    """What came by HTTP, in order."""

    came: list[dict[str, Any]] = field(default_factory=list)

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [each for each in list(self.came) if each["type"] == f"bracelet.{kind}"]


@contextmanager
def posts() -> Iterator[tuple[int, Posts]]:
    """A platform that takes everything, and its port."""
    seen = Posts()

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            seen.came.append(json.loads(body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Taking) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1], seen
        server.shutdown()


@contextmanager
def lives(port: int) -> Iterator[list[str]]:
    """The last parts of the types of what the broker tells whoever subscribes to signs of life."""
    seen: list[str] = []
    client = Client(CallbackAPIVersion.VERSION2, client_id="lives")
    client.on_connect = lambda client, *_: client.subscribe("bracelet/+/gateway/alive", qos=1)
    client.on_message = lambda *came: seen.append(json.loads(came[2].payload)["type"].rpartition(".")[2])
    client.connect("127.0.0.1", port)
    client.loop_start()
    try:
        yield seen
    finally:
        client.disconnect()
        client.loop_stop()


def county_of(directory: Path, broker: int, *ports: int) -> Gateway:
    """A county whose alarms go to a broker, and to each of these ports."""
    county = write_county(directory, free_port(), 1, broker)
    hooks = "".join(
        f', {{name: hook{port}, webhook: "http://127.0.0.1:{port}/in", credential: hook}}' for port in ports
    )
    main, secrets = directory / "gateway.yaml", directory / "credentials.yaml"
    main.write_text(main.read_text("utf-8").replace("accept_acts: true}]", f"accept_acts: true}}{hooks}]"), "utf-8")
    secrets.write_text(secrets.read_text("utf-8") + f"hook: {{sign_key: {SIGN_KEY}}}\n", "utf-8")
    return Gateway(county)


def with_another(gateway: Gateway) -> Path:
    """The county gets one upstream more; where it tells."""
    main = gateway.county.directory / "gateway.yaml"
    told = gateway.county.directory / "later.jsonl"
    text = main.read_text("utf-8").replace("accept_acts: true}", f"accept_acts: true}}, {{name: later, file: {told}}}")
    main.write_text(text, "utf-8")
    return told


def test_a_dead_one_delays_no_other_and_a_county_that_is_gone_is_known(
    tmp_path: Path, broker: LocalBroker, platform: PlatformEnd
) -> None:
    with closing(socket.socket()) as dead, posts() as (port, posted), lives(broker.port) as alive:
        dead.bind(("127.0.0.1", 0))
        gateway = county_of(tmp_path / "county", broker.port, dead.getsockname()[1], port)
        try:
            gateway.start()
            with Terminal(gateway.county.port, phone(0)) as terminal:
                terminal.log_in()
                terminal.ask(POSITION, position(1_700_000_000, alarm=SOS))
            eventually(lambda: posted.of("alarm.raised") and platform.raised(), "both living ones have the alarm")
            assert {each["id"] for each in posted.of("alarm.raised")} <= set(platform.events)
            eventually(lambda: alive and posted.of("gateway.heartbeat"), "and signs of life")
            beat = posted.of("gateway.heartbeat")[0]["data"]
            assert (beat["county"], len(beat["journal"]["chain"]), beat["every_seconds"]) == ("pressed", 64, 20.0)
            connected = gateway.status()["upstreams"]
            assert connected == {"city": True, f"hook{port}": True, f"hook{dead.getsockname()[1]}": False}
            eventually(lambda: gateway.owed() == 1, "nothing is owed but to the dead one")
            gateway.kill()
            eventually(lambda: alive[-1] == "lost", "the broker says that we are gone")
            told = with_another(gateway)
            gateway.start()
            eventually(lambda: told.exists() and told.read_text("utf-8"), "one that is new has what is unresolved")
            eventually(lambda: alive[-1] == "heartbeat" and len(posted.of("gateway.heartbeat")) > 1, "and back")
            assert len({each["data"]["run"] for each in posted.of("gateway.heartbeat")}) == 2
            assert gateway.owed() == 1
            assert gateway.stop(8.0) == 0
            eventually(lambda: alive[-1] == "stopped" and posted.of("gateway.stopped"), "and that we stop on purpose")
        finally:
            gateway.finish()
        assert len(posted.of("alarm.raised")) == 1
        (line,) = [json.loads(each) for each in told.read_text("utf-8").splitlines()]
        assert line["id"] == posted.of("alarm.raised")[0]["id"]
        assert gateway.tracebacks() == 0
