"""What the commands for accounts do, and say. Each stands in the audit log, which they do not read."""

from __future__ import annotations

import getpass
import json
import time
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from gateway.cli.county import storage_of
from gateway.cli.looking import DOOR, enter, enter_aside
from gateway.console.accounts import account, knocks, second_factor
from gateway.console.accounts.books import FILE, opened
from gateway.console.accounts.passwords import Passwords, given_once
from gateway.console.accounts.sessions import end_all
from gateway.errors import UserFault
from gateway.journal.controls import Audited
from gateway.words.phrases import LANGUAGE, phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from gateway.console.accounts.books import ConsoleConnection
    from gateway.settings.city import CityConfiguration
    from gateway.settings.model import Configuration, Staff
    from gateway.settings.windows import Console as Window


@dataclass(frozen=True, slots=True)
class Staffed:
    """Whose accounts they are.

    Attributes:
        code: of the county or the city.
        zone: its time zone.
        storage: where console.db is.
        staff: by number.
        console: how long passwords last.
        note: writes down what is done.
    """

    code: str
    zone: ZoneInfo
    storage: Path
    staff: Mapping[str, Staff]
    console: Window
    note: Callable[[Audited], None]


def of_county(configuration: Configuration) -> Staffed:
    """Those of a county's desk."""
    county = configuration.county
    return Staffed(
        county.code, ZoneInfo(county.timezone), storage_of(configuration), configuration.staff, configuration.console,
        lambda looked: enter(configuration, [looked]),
    )  # fmt: skip


def of_city(configuration: CityConfiguration) -> Staffed:
    """Those of a city's desk."""
    city, storage = configuration.county, Path(configuration.directory)
    return Staffed(
        city.code, ZoneInfo(city.timezone), storage, configuration.staff, configuration.console,
        lambda looked: enter_aside(storage, looked),
    )  # fmt: skip


def add(desk: Staffed, number: str) -> None:
    """A new account.

    Raises:
        UserFault: the number is not in the staff, or has one.
    """
    if number not in desk.staff:
        known = ", ".join(desk.staff) or "-"
        raise UserFault(phrase("account_stranger", number=number, known=known))
    with _books(desk) as db:
        if account.one(db, number) is not None:
            raise UserFault(phrase("account_there", number=number))
        _give(db, desk, number, "account_added")


def reset(desk: Staffed, number: str) -> None:
    """Another password and second factor; whoever is in under the number is out.

    Raises:
        UserFault: the number has no account.
    """
    with _books(desk) as db:
        _known(db, number)
        _give(db, desk, number, "account_reset")


def unlock(desk: Staffed, number: str) -> None:
    """Let a number try again.

    Raises:
        UserFault: the number has no account.
    """
    with _books(desk) as db:
        _known(db, number)
        _note(desk, "account_unlocked", number)
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


def show(desk: Staffed, *, as_json: bool) -> None:
    """The staff and their accounts: a table, or a line of JSON each."""
    with _books(desk) as db:
        found = {one.number: one for one in account.listed(db)}
        locked = knocks.locked(db, time.time())
    lines = [_line(desk, number, found.get(number), locked) for number in sorted({*desk.staff, *found})]
    if as_json:
        for line in lines:
            typer.echo(json.dumps(asdict(line), ensure_ascii=False))
    else:
        Console().print(_table(lines, desk.zone))


def _line(desk: Staffed, number: str, found: account.Account | None, locked: Mapping[str, float]) -> Line:
    member, one = desk.staff.get(number), found or account.NOBODY
    roles = sorted(member.roles) if member else []
    return Line(
        number, [str(role) for role in roles], member.office if member else "", found is not None,
        found is not None and one.must_change,
        found is not None and account.is_expired(one.chosen, time.time(), desk.console.password_days),
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
def _books(desk: Staffed) -> Iterator[ConsoleConnection]:
    """console.db, which the storage's owner has, also where root makes it."""
    with closing(opened(desk.storage / FILE)) as db:
        yield db


def _known(db: ConsoleConnection, number: str) -> None:
    if account.one(db, number) is None:
        raise UserFault(phrase("account_none_of", number=number))


def _give(db: ConsoleConnection, desk: Staffed, number: str, what: str) -> None:
    password, secret = given_once(), second_factor.new_secret()
    kept = Passwords().kept(password)
    _note(desk, what, number)
    now = time.time()
    with db.transaction():
        account.retire(db, number, now, desk.console.password_history)
        account.put(db, account.Account(number, kept, secret, chosen=now))
        knocks.unlock(db, number)
        end_all(db, number, now)
    uri = second_factor.uri(secret, number, desk.code)
    for line in (
        phrase(what, number=number).of(LANGUAGE.get()),
        phrase("account_password", password=password).of(LANGUAGE.get()),
        phrase("account_factor").of(LANGUAGE.get()),
        second_factor.drawn(uri),
        uri,
    ):
        typer.echo(line)


def _note(desk: Staffed, what: str, number: str) -> None:
    desk.note(Audited(what, getpass.getuser(), door=DOOR, about=number))
