"""The console as a process of its own beside a daemon, and accounts of its staff."""

from __future__ import annotations

import re
import time
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

import httpx
import pyotp
from gateway_process import PATIENCE, eventually
from programs import GATEWAY, begun

from gateway.console.accounts.account import Account, put
from gateway.console.accounts.books import FILE, opened
from gateway.console.accounts.passwords import Passwords
from gateway.demo.broker import free_port

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from gateway_process import Gateway

CSRF = re.compile(r'name="csrf" value="([^"]+)"')
STEP = 30
"""Seconds of a code."""
TYPING = 8.0
"""Seconds that a code has to be good for: until it is typed the next half minute may have begun."""


@dataclass
class Person:
    """A member of staff at the door: password, secret of the second factor, and the last code's step."""

    number: str
    password: str
    secret: str
    step: int = 0

    def code(self) -> str:
        """One that was not used before: each is taken once, and those of the next half minute are taken, too."""
        self.step = max(int(time.time() + TYPING) // STEP - 1, self.step + 1)
        return pyotp.TOTP(self.secret).generate_otp(self.step)


@dataclass
class DeskProcess:
    """One console; ``log`` is its standard error."""

    gateway: Gateway
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return self.gateway.county.directory / "console.log"

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def account(self, number: str) -> Person:
        """An account that somebody has used before: the password is his own."""
        who = Person(number, f"made up for {number[0]} of {self.port}", pyotp.random_base32())
        kept = Passwords().kept(who.password)
        with closing(opened(self.gateway.county.storage / FILE)) as db, db.transaction():
            put(db, Account(number, kept, who.secret, must_change=False, chosen=time.time()))
        return who

    def cookies_of(self, number: str) -> httpx.Cookies:
        """The cookies of somebody who has logged in."""
        who = self.account(number)
        with httpx.Client(base_url=self.address) as client:
            door = client.get("/login").text
            typed = {"number": who.number, "password": who.password, "code": who.code(), "csrf": CSRF.findall(door)[0]}
            assert client.post("/login", data=typed).status_code == httpx.codes.SEE_OTHER
            return client.cookies

    def start(self) -> None:
        """Start and wait until it serves."""
        clock = ["--clock", self.gateway.clock] if self.gateway.clock else []
        line = [GATEWAY, "console", "--config", self.gateway.county.directory, "--listen", f"127.0.0.1:{self.port}"]
        with self.log.open("ab") as log:
            self.process = begun([*line, *clock], log, log)
        eventually(self._serves, "the console serves")

    def _serves(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log.read_text("utf-8")[-2000:]
        try:
            with urlopen(f"{self.address}/login", timeout=PATIENCE) as answer:  # noqa: S310  our own
                return answer.status == 200
        except URLError:
            return False

    def stop(self) -> int:
        """SIGTERM; returns the exit code."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(PATIENCE)

    def finish(self) -> None:
        """Whatever the test left running."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
