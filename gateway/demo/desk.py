"""The demo's duty desk: its pages on loopback, and a way in that ends with the demo."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gateway.console.accounts import account
from gateway.console.accounts.books import FILE, opened
from gateway.console.accounts.passwords import Passwords, given_once
from gateway.demo.broker import free_port
from gateway.demo.lifeline import end_with_parent
from gateway.private import private

if TYPE_CHECKING:
    from gateway.clock import FollowedClock

OFFICER, AUDITOR = "D01", "A01"
STAFF: Final = """
console: {idle: 12h}
staff:
  - {number: D01, roles: [duty]}
  - {number: D02, roles: [duty]}
  - {number: L01, roles: [leader]}
  - {number: A01, roles: [auditor]}
"""
PATIENCE = 20.0
"""Real seconds for pages that are just being served at the end."""


@dataclass(slots=True)
class DemoDesk:
    """Pages over a county that has been written; one password for all who work there, and no second factor."""

    county: Path
    storage: Path
    port: int = field(default_factory=free_port)
    password: str = field(default_factory=given_once)
    numbers: tuple[str, ...] = (OFFICER, AUDITOR)
    """Who has an account."""
    options: tuple[str, ...] = ()
    """Further ones of the command ``console``."""
    _pages: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def way_in(self) -> str:
        """The address, who comes in there, and by which password."""
        return f"http://127.0.0.1:{self.port}/  {', '.join(self.numbers)}  {self.password}"

    def prepare(self) -> None:
        """Staff, their accounts, and whom to call: all of it made up."""
        with (self.county / "gateway.yaml").open("a", encoding="utf-8") as file:
            file.write(STAFF)
        people = (self.county / "people.csv").read_text("utf-8").splitlines()[1:]
        rows = [f"{row.split(',')[0]},示范{at:02d},000-0000-{at:04d}" for at, row in enumerate(people, 1)]
        private(self.county / "contacts.csv").write_text("\n".join(["person,name,phone", *rows, ""]), "utf-8")
        kept = Passwords().kept(self.password)
        with closing(opened(self.storage / FILE)) as db:
            for number in self.numbers:
                account.put(db, account.Account(number, kept, "", must_change=False, chosen=time.time()))

    def open(self, clock: FollowedClock) -> None:
        """Begin to serve them, by the story's clock."""
        program = str(Path(sys.executable).parent / "bracelet-gateway")
        options = ["--config", str(self.county), "--listen", f"127.0.0.1:{self.port}", "--clock", clock.name]
        with (self.county.parent / "console.log").open("ab") as log:
            self._pages = subprocess.Popen(  # noqa: S603  ours
                [program, "console", *options, *self.options], stdout=log, stderr=log, start_new_session=True,
                preexec_fn=end_with_parent,  # noqa: PLW1509  the hook takes no lock
            )  # fmt: skip

    def close(self) -> None:
        """Serve no more."""
        if self._pages is not None and self._pages.poll() is None:
            os.kill(self._pages.pid, signal.SIGTERM)
            self._pages.wait(PATIENCE)
