"""What the commands for tokens of programs do, and say. Each stands in the audit log before anything is changed."""

from __future__ import annotations

import getpass
import time
from contextlib import closing
from typing import TYPE_CHECKING

import typer

from gateway.cli.county import storage_of
from gateway.cli.looking import DOOR, enter
from gateway.console.accounts import tokens
from gateway.console.accounts.books import FILE, opened
from gateway.console.accounts.tokens import Token
from gateway.errors import UserFault
from gateway.journal.controls import Audited, printable
from gateway.words.audit_list import stamped
from gateway.words.phrases import LANGUAGE, phrase

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from gateway.settings.model import Configuration


def add(configuration: Configuration, name: str, office: str, *, places: bool) -> None:
    """Make one, which is shown once.

    Raises:
        UserFault: the name is taken or none, or no person is of the office.
        TransientFault, OurFault: it cannot be stored or written down.
    """
    offices = sorted({one.office for one in configuration.people.values()})
    if office not in offices:
        raise UserFault(phrase("token_office", office=office, known=", ".join(offices) or "-"))
    if not name or name != printable(name) or " " in name:
        raise UserFault(phrase("token_name", name=printable(name)))
    with closing(opened(storage_of(configuration) / FILE)) as db:
        if any(one.name == name for one in tokens.listed(db)):
            raise UserFault(phrase("token_there", name=name))
        _note(configuration, "token_added", f"{name} {office}{' places' * places}")
        made = tokens.fresh()
        with db.transaction():
            tokens.put(db, Token(name, office, places, time.time()), made)
    typer.echo(phrase("token_made", name=name, office=office, token=made).of(LANGUAGE.get()))


def revoke(configuration: Configuration, name: str) -> None:
    """It reads no more.

    Raises:
        UserFault: there is none of the name.
    """
    with closing(opened(storage_of(configuration) / FILE)) as db:
        if all(one.name != name for one in tokens.listed(db)):
            raise UserFault(phrase("token_none", name=printable(name)))
        _note(configuration, "token_revoked", name)
        with db.transaction():
            tokens.revoke(db, name)
    typer.echo(phrase("token_revoked", name=name).of(LANGUAGE.get()))


def show(configuration: Configuration, zone: ZoneInfo) -> None:
    """A line each: name, office, since when, and whether with places."""
    with closing(opened(storage_of(configuration) / FILE)) as db:
        for one in tokens.listed(db):
            scope = phrase("token_places" if one.places else "token_no_places").of(LANGUAGE.get())
            typer.echo(f"{one.name}  {one.office}  {stamped(one.made, zone)}  {scope}")


def _note(configuration: Configuration, what: str, about: str) -> None:
    enter(configuration, [Audited(what, getpass.getuser(), door=DOOR, about=about)])
