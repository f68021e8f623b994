"""``doctor``: what the machine has to give, in words and for scripts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import typer

from gateway.cli.options import DEFAULT_CONFIG, ConfigOption, CountyLanguageOption, JsonOption

if TYPE_CHECKING:
    from gateway.daemon.doctor import Finding

BROKEN: Final = 3
"""Exit code while something is broken, as that of ``status``."""
MARKS: Final = {"well": "✓", "note": "!", "fault": "✗"}


def doctor(
    config: ConfigOption = DEFAULT_CONFIG, *, as_json: JsonOption = False, lang: CountyLanguageOption = ""
) -> None:
    """Look at clock, disk, permissions, ports, lines, brokers and certificates; exit code 3 where one is broken."""
    from gateway.cli.county import opened
    from gateway.daemon.doctor import examine, patient
    from gateway.words.phrases import LANGUAGE, phrase

    configuration = opened(config, lang, secrets=True)
    found, language = list[str](), LANGUAGE.get()
    for finding in examine(patient(configuration, config if config.is_dir() else config.parent)):
        found.append(finding.grade)
        typer.echo(_line(finding, language, as_json=as_json))
    faults, notes = found.count("fault"), found.count("note")
    if not as_json:
        typer.echo(phrase("doctor_sum", faults=faults, notes=notes).of(language))
    raise typer.Exit(BROKEN if faults else 0)


def _line(finding: Finding, language: str, *, as_json: bool) -> str:
    said = finding.said.of(language)
    if as_json:
        return json.dumps({"subject": finding.subject, "grade": finding.grade, "said": said}, ensure_ascii=False)
    return f"{MARKS[finding.grade]} {said}"
