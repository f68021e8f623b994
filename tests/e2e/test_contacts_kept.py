"""Names and telephone numbers are nowhere but in their files and on the page: every byte that is left is looked at."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import httpx
from gateway_process import PATIENCE, eventually
from pressed_bracelets import Bracelet
from programs import GATEWAY, begun

from gateway.console.accounts import account
from gateway.console.accounts.books import FILE, opened
from gateway.console.accounts.passwords import Passwords
from gateway.store.state_db import StateStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gateway_process import Gateway

STAFF = "staff: [{number: D01, roles: [duty]}, {number: L01, roles: [leader]}]"
FOR = ("--to", "court", "--purpose", "penalty", "--document", "D-7", "--approved-by", "L01", "--by", "D01")
NAME, PHONE, KIN = "Nemo Nusquam", "13800138555", "0772-5557777"
CONTACTS = f"person,name,phone,kin_phone,care\nP0000,{NAME},{PHONE},{KIN},C7\nP9999,{NAME},{PHONE},{KIN},\n"
OFFICE, AT_OFFICE, CAMERA = "Officium Nusquam", "0772-5558888", "https://video.example/nusquam"
OFFICES = f"- {{code: S01, name: {OFFICE}, phone: '{AT_OFFICE}', links: [{{name: door, url: '{CAMERA}'}}]}}\n"
FILES = ("contacts.csv", "staff.csv", "offices.yaml")
PASSWORD = "well guarded 7"  # noqa: S105  nobody's


@contextmanager
def console(gateway: Gateway) -> Iterator[str]:
    """The desk of a gateway, its log beside the gateway's: where it is."""
    line = [GATEWAY, "console", "--config", gateway.county.directory, "--listen", "127.0.0.1:0"]
    log = gateway.county.directory / "console.log"
    with begun(line, stderr=subprocess.PIPE, text=True) as process:
        try:
            first = process.stderr.readline()
            yield json.loads(first)["url"]
        finally:
            process.send_signal(signal.SIGTERM)
            log.write_text(first + process.communicate(timeout=PATIENCE)[1], "utf-8")


def shown(gateway: Gateway) -> str:
    """What an officer sees who logs in and asks for a number."""
    with closing(opened(gateway.county.storage / FILE)) as db:
        account.put(db, account.Account("D01", Passwords().kept(PASSWORD), "", must_change=False, chosen=time.time()))
    with console(gateway) as url, httpx.Client(base_url=url, timeout=PATIENCE) as client:
        csrf = client.get("/login").text.split('name="csrf" value="')[1].split('"')[0]
        client.post("/login", data={"number": "D01", "password": PASSWORD, "csrf": csrf})
        return client.get("/contact/P0000?purpose=a+call").text


async def _live(number: int, port: int, seconds: float) -> None:
    end = asyncio.Event()
    life = asyncio.create_task(Bracelet(number, port, time.time() - 20_000).live(end))
    await asyncio.sleep(seconds)
    end.set()
    await life


def test_after_a_run_with_alarms_a_look_evidence_and_a_backup_they_are_nowhere(
    make_gateway: Callable[..., Gateway],
) -> None:
    gateway = make_gateway(more=STAFF)
    directory = gateway.county.directory
    for name, text in zip(FILES, (CONTACTS, f"number,name,phone\nD01,{NAME},{PHONE}\n", OFFICES), strict=True):
        (directory / name).write_text(text, "utf-8")
        (directory / name).chmod(0o600)
    asyncio.run(_live(0, gateway.county.port, 2))
    eventually(lambda: gateway.events() and not gateway.owed(), "alarms are told")
    page = shown(gateway)
    secrets = (NAME, PHONE, KIN, OFFICE, AT_OFFICE, CAMERA)
    assert all(each in page for each in secrets)
    alarm = next(one["data"]["alarm"] for one in gateway.events() if one["data"]["person"] == "P0000")
    handed = gateway.command("evidence", alarm, "-o", str(directory / "evidence.html"), *FOR)
    assert handed.returncode == 0, handed.stderr
    assert gateway.command("backup", str(directory / "copy")).returncode == 0
    assert gateway.stop() == 0
    gateway.start()
    assert gateway.stop() == 0
    kept = {path: path.read_bytes() for path in directory.rglob("*") if path.is_file() and path.name not in FILES}
    with closing(StateStore(gateway.county.storage / "state.db", read_only=True)) as store:
        snapshot = store.load_snapshot()
    assert snapshot is not None
    kept |= {part.name: part.data for part in snapshot.parts}
    assert {"gateway.log", "console.log", "alarms.jsonl", "state.db", "evidence.html", FILE} <= {
        path.name for path in kept if not isinstance(path, str)
    }
    assert "contacts have faults" in (directory / "console.log").read_text("utf-8")
    said = [path for path, data in kept.items() for secret in secrets if secret.encode() in data]
    assert said == []
