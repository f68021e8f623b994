"""``towers import``, ``learn`` and ``info``: what they do, and the lines that they print."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import msgspec
import typer
from rich.console import Console
from rich.progress import Progress, TaskID

from fencing.plane import LocalPlane
from gateway.cli.county import storage_of
from gateway.errors import UserFault
from gateway.replay.learning import learn_version
from gateway.replay.run import opened as opened_journal
from gateway.towers.importing import Watch, import_files
from gateway.towers.rows import MOST_NETWORK, Radio
from gateway.towers.versions import TowerVersions
from gateway.words.phrases import LANGUAGE, phrase
from gateway.words.tower_phrases import TOWER_REASONS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gateway.settings.model import Configuration
    from gateway.towers.store import Counts
    from gateway.towers.versions import Counted
    from gateway.words.texts import Text

DAY = 86_400.0


def import_towers(configuration: Configuration, paths: Sequence[Path], mcc: str, most: int, *, as_json: bool) -> None:
    """Import tables, and print what became of each; broken rows and the progress bar go to standard error.

    Args:
        configuration: whose storage it is.
        paths: the tables.
        mcc: countries as typed.
        most: broken rows that are shown of a file.
        as_json: a line a file and one for the version, for scripts.

    Raises:
        UserFault: ``mcc`` cannot be read; or see :func:`import_files`.
        TransientFault, OurFault: as there.
    """
    mccs, console = mccs_of(mcc), Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as bar:
        told = _Told(bar, most, as_json=as_json)
        watch = Watch(told.begins, told.goes_on, told.broken, told.ends)
        import_files(storage_of(configuration), paths, mccs, watch, time.time())
    tell_towers(configuration, as_json=as_json)


def learn_towers(configuration: Configuration, days: int, *, as_json: bool) -> None:
    """Learn from the journal, and print the version that is in use then; a progress bar goes to standard error.

    Args:
        configuration: whose storage it is.
        days: newest ones that are read; 0: all that are kept.
        as_json: a line for scripts.

    Raises:
        UserFault: there is no journal.
        TransientFault, OurFault: see :func:`learn_version`.
    """
    storage, now = storage_of(configuration), time.time()
    journal, policies = opened_journal(storage / "journal")
    since, console = now - DAY * (days or configuration.storage.keep_days), Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("towers learn", total=journal.next_offset)
        plane = LocalPlane(*configuration.county.centre)
        learn_version(storage, journal, policies, plane, since, now, lambda offset: bar.update(task, completed=offset))
    tell_towers(configuration, as_json=as_json)


def tell_towers(configuration: Configuration, *, as_json: bool) -> None:
    """Print the version in use; where there is none, that and how to get one."""
    versions = TowerVersions(storage_of(configuration))
    digest = versions.current()
    if not digest:
        typer.echo('{"version":null}' if as_json else phrase("towers_none").of(LANGUAGE.get()))
        return
    version = versions.about(digest)
    if as_json:
        typer.echo(msgspec.json.encode({"version": digest, **msgspec.to_builtins(version)}).decode())
        return
    zone = ZoneInfo(configuration.county.timezone)
    days = int(max(0.0, time.time() - version.made) // DAY)
    made, newest = (_moment(each, zone) for each in (version.made, version.newest))
    _say(phrase("towers_version", digest=digest, cells=version.cells, made=made, days=days, newest=newest))
    for each in version.counted:
        _say(_counted(each))
    if version.lessons is not None:
        moments = {name: _moment(getattr(version.lessons, name), zone) for name in ("since", "until")}
        _say(phrase("towers_learnt", **{**msgspec.to_builtins(version.lessons), **moments}))


def _counted(each: Counted) -> Text:
    if each.radio == Radio.WIFI.name:
        return phrase("towers_points", points=each.cells)
    return phrase("towers_counted", radio=each.radio, mcc=each.mcc, cells=each.cells)


def mccs_of(text: str) -> frozenset[int]:
    """Countries as typed; none: all.

    Raises:
        UserFault: one of them is none.
    """
    words = [word.strip() for word in text.split(",")] if text.strip() else []
    if not all(word.isascii() and word.isdigit() and 0 < int(word) <= MOST_NETWORK for word in words):
        raise UserFault(phrase("towers_mcc", value=text))
    return frozenset(map(int, words))


def _say(text: Text, *, err: bool = False) -> None:
    typer.echo(text.of(LANGUAGE.get()), err=err)


def _moment(seconds: float, zone: ZoneInfo) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC).astimezone(zone):%Y-%m-%d %H:%M%z}" if seconds else "-"


@dataclass(slots=True)
class _Told:
    """Prints what an import tells."""

    bar: Progress
    most: int
    as_json: bool = field(kw_only=True)
    shown: Counter[Path] = field(default_factory=Counter)
    task: TaskID | None = None

    def begins(self, path: Path, size: int) -> None:
        self.task = self.bar.add_task(path.name, total=size)

    def goes_on(self, read: int) -> None:
        if self.task is not None:
            self.bar.update(self.task, completed=read)

    def broken(self, path: Path, line: int, said: Text) -> None:
        self.shown[path] += 1
        if self.shown[path] <= self.most:
            self.bar.console.print(
                f"{path}:{line}: {said.of(LANGUAGE.get())}", markup=False, highlight=False, soft_wrap=True
            )

    def ends(self, path: Path, counts: Counts, known: bool) -> None:  # noqa: FBT001  as an import tells it
        if self.as_json:
            typer.echo(msgspec.json.encode(stated(path, counts, known=known)).decode())
            return
        more = self.shown[path] - self.most
        if more > 0:
            _say(phrase("towers_more", path=path, count=more), err=True)
        if known:
            _say(phrase("towers_file_known", path=path))
        for line in lines(path, counts):
            _say(line)


def lines(path: Path, counts: Counts) -> list[Text]:
    """What became of a file's rows, and of the broken ones how many for which reason."""
    figures = {name: getattr(counts, name) for name in counts.__slots__} | {"broken": sum(counts.broken.values())}
    reasons = [
        phrase("towers_reason", reason=TOWER_REASONS[reason], count=count)
        for reason, count in sorted(counts.broken.items())
    ]
    return [phrase("towers_file", path=path, **figures), *reasons]


def stated(path: Path, counts: Counts, *, known: bool) -> dict[str, Any]:
    """The same for scripts."""
    return {"file": str(path), "known": known, **msgspec.to_builtins(counts)}
