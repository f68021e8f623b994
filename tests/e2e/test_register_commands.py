"""The registers by command: entered, listed, written back into the files; refusals come by value, in both languages."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from desk_deeds import local, standing
from gateway_process import eventually
from pressed_county import phone

from gateway.settings.load import inspect
from gateway.settings.registers import are_equal

if TYPE_CHECKING:
    from gateway_process import Gateway


def day(ahead: int) -> str:
    return f"{datetime.now(UTC).date() + timedelta(days=ahead)}"


def entered(gateway: Gateway, *words: str) -> str:
    done = gateway.command("registers", *words, "--by", "D01")
    assert done.returncode == 0, done.stderr
    return done.stdout


def all_of_it(gateway: Gateway) -> None:
    """Each command once."""
    new = ("--protocol", "jt808", "--identity", phone(9), "--profile", "g10ls")
    entered(gateway, "swap", "P0000", "B0000", "B0009", *new)
    entered(gateway, "remove", "B0001")
    entered(gateway, "put-away", "B0000")
    entered(gateway, "fit", "B0001", "P0001")
    entered(gateway, "leave", "P0002", "--from", local(-3600), "--until", local(-9000), "--approved-by", "office")
    entered(gateway, "leave", "P0001", "--from", local(86_400), "--until", local(-90_000), "--approved-by", "office")
    entered(gateway, "return", "P0001")
    entered(gateway, "removal", "P0002", "--reason", "hospital", "--until", local(-90_000), "--approved-by", "head")
    terms = ("--from", day(31), "--until", day(90), "--informed", day(0), "--ground", "left_without_leave")
    said = entered(
        gateway, "extend", "P0001", "--document", "order-9", "--assessment", "sheet 7", "--approved-by", "head", *terms
    )
    assert day(61) in said


def test_all_that_is_entered_is_listed_and_written_back_and_holds_as_before(gateway):
    main = gateway.county.directory / "gateway.yaml"
    main.write_text(main.read_text("utf-8").replace("people:\n", "# who they are\npeople:\n"), "utf-8")
    assert gateway.stop() == 0
    gateway.start()
    all_of_it(gateway)
    listed = [json.loads(line) for line in gateway.command("registers", "list", "--json").stdout.splitlines()]
    assert [one["do"] for one in listed] == [
        "swap", "remove", "put_away", "fit", "leave", "leave", "return", "removal", "extend",
    ]  # fmt: skip
    assert {one["by"] for one in listed} == {"D01"}
    assert "taken off for good" in gateway.command("registers", "list").stdout
    assert "取下" in gateway.command("registers", "list", "--lang", "zh").stdout
    above, _ = inspect(gateway.county.directory)
    eventually(lambda: gateway.status()["configuration"], "its rules are in force")
    before, digest = main.read_text("utf-8").splitlines(), gateway.status()["configuration"]
    done = gateway.command("registers", "write-back")
    assert (done.returncode, "9 deeds" in done.stdout) == (0, True), done.stderr
    assert standing(gateway) == []
    assert not (gateway.county.storage / "desk.json").exists()
    written, faults = inspect(gateway.county.directory, deeds=False)
    assert faults == []
    assert are_equal(above, written)
    after = main.read_text("utf-8").splitlines()
    assert "# who they are" in after
    assert len([line for line in before if line not in after]) <= 3
    assert gateway.status()["configuration"] not in ("", digest)
    assert gateway.stop() == 0
    gateway.start()
    assert standing(gateway) == []
    again = gateway.command("registers", "write-back")
    assert (again.returncode, "0 deeds" in again.stdout) == (0, True), again.stderr
    assert gateway.tracebacks() == 0


def test_files_that_say_more_than_what_was_done_are_not_taken_over_without_a_restart(gateway):
    entered(gateway, "remove", "B0001")
    main = gateway.county.directory / "gateway.yaml"
    main.write_text(main.read_text("utf-8").replace("basis: order-1", "basis: order-2"), "utf-8")
    done = gateway.command("registers", "write-back", "--lang", "en")
    assert (done.returncode, "say otherwise" in done.stderr) == (2, True)
    assert len(standing(gateway)) == 1
    assert gateway.stop() == 0
    gateway.start()
    assert standing(gateway) == []


@pytest.mark.parametrize(("language", "words"), [("zh", "没有人佩戴"), ("en", "nobody wears")])
def test_what_cannot_be_is_refused_in_words(gateway, language, words):
    done = gateway.command("registers", "remove", "B0001", "--at", "2020-01-01 00:00", "--lang", language)
    assert (done.returncode, words in done.stderr) == (2, True), done.stderr
    assert standing(gateway) == []


def test_without_a_daemon_nothing_is_entered(gateway):
    gateway.kill()
    assert gateway.command("registers", "remove", "B0001").returncode == 1
    assert gateway.command("registers", "write-back").returncode == 1
