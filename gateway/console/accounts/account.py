"""Accounts: a row of console.db each. What somebody may do stands in the configuration, not here."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from gateway.console.accounts.books import ConsoleConnection

COLUMNS: Final = "number, password, factor, next_factor, step, must_change, chosen"
DAY: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class Account:
    """Of one member of staff.

    Attributes:
        number: staff number.
        password: what is kept of it.
        factor: secret of the second factor; empty: there is none.
        next_factor: one that was shown, and is in force once it is proved.
        step: of the last code that was taken.
        must_change: somebody else has seen the password.
        chosen: when the password was, people's time, UTC epoch seconds.
    """

    number: str
    password: str
    factor: str
    next_factor: str = ""
    step: int = 0
    must_change: bool = True
    chosen: float = 0.0


NOBODY: Final = Account("", "", "")


def one(db: ConsoleConnection, number: str) -> Account | None:
    """Somebody's account, if there is one."""
    rows = db.rows(f"SELECT {COLUMNS} FROM account WHERE number = ?", (number,))  # noqa: S608  fixed words
    return _account(rows[0]) if rows else None


def listed(db: ConsoleConnection) -> list[Account]:
    """All accounts by number."""
    rows = db.rows(f"SELECT {COLUMNS} FROM account ORDER BY number")  # noqa: S608  fixed words
    return [_account(row) for row in rows]


def _account(row: tuple[object, ...]) -> Account:
    number, password, factor, next_factor, step, must_change, chosen = row
    return Account(number, password, factor, next_factor, step, bool(must_change), chosen)  # type: ignore[arg-type]


def put(db: ConsoleConnection, account: Account) -> None:
    """Make an account, or what it now is; called inside a change."""
    db.execute(f"INSERT OR REPLACE INTO account ({COLUMNS}) VALUES (?,?,?,?,?,?,?)", astuple(account))  # noqa: S608


def take_step(db: ConsoleConnection, number: str, step: int) -> bool:
    """Take a code; False: one as late was taken before, so that it is somebody's who looked on."""
    statement = "UPDATE account SET step = ? WHERE number = ? AND step < ?"
    return db.execute(statement, (step, number, step)).rowcount == 1


def set_password(db: ConsoleConnection, number: str, kept: str, now: float, most: int) -> None:
    """What somebody has chosen himself ``now``; it and those before it are remembered, ``most`` in all."""
    retire(db, number, now, most)
    db.execute("UPDATE account SET password = ?, must_change = 0, chosen = ? WHERE number = ?", (kept, now, number))


def retire(db: ConsoleConnection, number: str, now: float, most: int) -> None:
    """Remember the password that is in force as a former one: ``most`` with the one that follows."""
    db.execute(
        "INSERT OR REPLACE INTO former SELECT number, password, ? FROM account WHERE number = ?", (now, number)
    )  # fmt: skip
    db.execute(
        "DELETE FROM former WHERE number = ?1 AND at NOT IN"
        " (SELECT at FROM former WHERE number = ?1 ORDER BY at DESC LIMIT ?2)",
        (number, most - 1),
    )


def former(db: ConsoleConnection, number: str) -> list[str]:
    """What is kept of the passwords that somebody had before, the latest first."""
    return [kept for (kept,) in db.rows("SELECT password FROM former WHERE number = ? ORDER BY at DESC", (number,))]


def is_expired(chosen: float, at: float, days: int) -> bool:
    """Whether a password that was chosen once is too old at a time."""
    return at >= chosen + days * DAY


def offer_factor(db: ConsoleConnection, number: str, secret: str) -> None:
    """A second factor that is in force once it is proved."""
    db.execute("UPDATE account SET next_factor = ? WHERE number = ?", (secret, number))


def take_factor(db: ConsoleConnection, number: str, step: int) -> None:
    """The one that was offered is in force; the code that proved it is taken."""
    db.execute(
        "UPDATE account SET factor = next_factor, next_factor = '', step = ? WHERE number = ? AND next_factor <> ''",
        (step, number),
    )
