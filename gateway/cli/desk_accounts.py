"""What the commands for accounts do, and say. Each stands in the audit log, which they do not read."""

from __future__ import annotations

import getpass
import json
import time
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from gateway.cli.county import storage_of
from gateway.cli.looking import DOOR, enter
from gateway.console.accounts import account, knocks, second_factor
from gateway.console.accounts.books import FILE, opened
from gateway.console.accounts.passwords import Passwords, given_once
from gateway.console.accounts.sessions import end_all
from gateway.errors import UserFault
from gateway.journal.controls import Audited
from gateway.words.phrases import LANGUAGE, phrase

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gateway.console.accounts.books import ConsoleConnection
    from gateway.settings.model import Configuration


def add(configuration: Configuration, number: str) -> None:
    """A new account.

    Raises:
        UserFault: the number is not in the staff, or has one.
    """
    if number not in configuration.staff:
        known = ", ".join(configuration.staff) or "-"
        raise UserFault(phrase("account_stranger", number=number, known=known))
    with _books(configuration) as db:
        if account.one(db, number) is not None:
            raise UserFault(phrase("account_there", number=number))
        _give(db, configuration, number, "account_added")


def reset(configuration: Configuration, number: str) -> None:
    """Another password and second factor; whoever is in under the number is out.

    Raises:
        UserFault: the number has no account.
    """
    with _books(configuration) as db:
        _known(db, number)
        _give(db, configuration, number, "account_reset")


def unlock(configuration: Configuration, number: str) -> None:
    """Let a number try again.

    Raises:
        UserFault: the number has no account.
    """
    with _books(configuration) as db:
        _known(db, number)
        _note(configuration, "account_unlocked", number)
        with db.transaction():
            was = knocks.unlock(db, number)
    typer.echo(phrase("account_open" if was else "account_not_locked", number=number).of(LANGUAGE.get()))


@dataclass(frozen=True, slots=True)
class Line:
    """A member of the staff, or an account whose number is no longer in it.

    ``expired``: the password is too old, and renewed at the next login.
    ``locked_until``: UTC epoch seconds; 0: it is not locked.
    """

    number: str
    roles: list[str]
    office: str
    account: bool
    must_change: bool
    expired: bool
    second_factor: bool
    locked_until: float


def show(configuration: Configuration, *, as_json: bool) -> None:
    """The staff and their accounts: a table, or a line of JSON each."""
    with _books(configuration) as db:
        found = {one.number: one for one in account.listed(db)}
        locked = knocks.locked(db, time.time())
    lines = [
        _line(configuration, number, found.get(number), locked) for number in sorted({*configuration.staff, *found})
    ]
    if as_json:
        for line in lines:
            typer.echo(json.dumps(asdict(line), ensure_ascii=False))
    else:
        Console().print(_table(lines, ZoneInfo(configuration.county.timezone)))


def _line(
    configuration: Configuration, number: str, found: account.Account | None, locked: Mapping[str, float]
) -> Line:
    member, one = configuration.staff.get(number), found or account.NOBODY
    roles = sorted(member.roles) if member else []
    return Line(
        number, [str(role) for role in roles], member.office if member else "", found is not None,
        found is not None and one.must_change,
        found is not None and account.is_expired(one.chosen, time.time(), configuration.console.password_days),
        bool(one.factor), locked.get(number, 0.0),
    )  # fmt: skip


def _table(lines: list[Line], zone: ZoneInfo) -> Table:
    table = Table(box=box.SIMPLE)
    for name in ("number", "roles", "office", "state"):
        table.add_column(phrase(f"account_column_{name}").of(LANGUAGE.get()))
    for line in lines:
        table.add_row(line.number, ", ".join(line.roles), line.office, _state(line, zone))
    return table


def _state(line: Line, zone: ZoneInfo) -> str:
    until = datetime.fromtimestamp(line.locked_until, zone).strftime("%H:%M")
    keys = {
        "account_none": not line.account,
        "account_no_staff": line.account and not line.roles,
        "account_locked": line.locked_until > 0,
        "account_must_change": line.must_change,
        "account_expired": line.expired and not line.must_change,
    }
    said = [phrase(key, until=until).of(LANGUAGE.get()) for key, is_so in keys.items() if is_so]
    return "; ".join(said) or phrase("account_good").of(LANGUAGE.get())


@contextmanager
def _books(configuration: Configuration) -> Iterator[ConsoleConnection]:
    """console.db, which the storage's owner has, also where root makes it."""
    with closing(opened(storage_of(configuration) / FILE)) as db:
        yield db


def _known(db: ConsoleConnection, number: str) -> None:
    if account.one(db, number) is None:
        raise UserFault(phrase("account_none_of", number=number))


def _give(db: ConsoleConnection, configuration: Configuration, number: str, what: str) -> None:
    password, secret = given_once(), second_factor.new_secret()
    kept = Passwords().kept(password)
    _note(configuration, what, number)
    now = time.time()
    with db.transaction():
        account.retire(db, number, now, configuration.console.password_history)
        account.put(db, account.Account(number, kept, secret, chosen=now))
        knocks.unlock(db, number)
        end_all(db, number, now)
    uri = second_factor.uri(secret, number, configuration.county.code)
    for line in (
        phrase(what, number=number).of(LANGUAGE.get()),
        phrase("account_password", password=password).of(LANGUAGE.get()),
        phrase("account_factor").of(LANGUAGE.get()),
        second_factor.drawn(uri),
        uri,
    ):
        typer.echo(line)


def _note(configuration: Configuration, what: str, number: str) -> None:
    enter(configuration, [Audited(what, getpass.getuser(), door=DOOR, about=number)])
