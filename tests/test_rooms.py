"""The walls between the rooms: each is there, is drawn in docs/architecture.md, and stops whoever walks into it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("gateway", "protocols", "fencing", "formulas", "firmware_sim")
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
ROOMS = {path.parent.name for path in (ROOT / "gateway").glob("*/__init__.py")}
FROM_FUSE = ["time", "random", "gateway.journal"]
"""What is planted in the engine's `fuse`."""
LINE = re.compile(r"^\| `(\w+)` \| .* \| (.*) \|$", re.MULTILINE)


def linted(tree: Path) -> str:
    lint = Path(sys.executable).parent / "lint-imports"
    return subprocess.run([lint, "--no-cache"], cwd=tree, capture_output=True, text=True, check=False).stdout


def copied(tree: Path) -> Path:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tree / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tree)
    return tree


def plant(tree: Path, source: str, imported: list[str]) -> str:
    """Imports at the end of a module of a room; returns the module's name."""
    path = tree / source.removesuffix(".*").replace(".", "/")
    path = (
        next(one for one in sorted(path.glob("*.py")) if one.stem != "__init__")
        if path.is_dir()
        else path.with_suffix(".py")
    )
    with path.open("a", encoding="utf-8") as module:
        module.writelines(f"\nimport {name}" for name in imported)
    return ".".join(path.relative_to(tree).with_suffix("").parts)


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> tuple[str, list[tuple[str, str, str]]]:
    """What the linter says of a tree in which every wall is walked into, and what was planted."""
    tree = copied(tmp_path_factory.mktemp("tree"))
    planted = []
    for contract in CONTRACTS:
        for source in contract["source_modules"]:
            module = plant(tree, source, contract["forbidden_modules"])
            planted += [(contract["name"], module, name) for name in contract["forbidden_modules"]]
    plant(tree, "gateway.engine.fuse", FROM_FUSE)
    return linted(tree), planted


@pytest.mark.torture  # and `make lint` says it, which `make test` runs
def test_as_it_stands_nobody_walks_through_a_wall():
    said = linted(ROOT)
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken." in said


def test_a_violation_of_each_wall_is_caught(report):
    said, planted = report
    parts = re.split(r"^(\S.*)\n-+$", said[said.index("Broken contracts") :], flags=re.MULTILINE)
    caught = dict(zip(parts[1::2], parts[2::2], strict=True))
    missed = [
        (name, f"{module} -> {forbidden}")
        for name, module, forbidden in planted
        if f"{module} -> {forbidden}" not in caught.get(name, "")
    ]
    assert len(planted) > 300
    assert missed == []


def test_a_clock_chance_and_the_journal_in_the_engine_are_caught(report):
    assert all(f"gateway.engine.fuse -> {name}" in report[0] for name in FROM_FUSE)


def walls_of(room: str) -> set[str]:
    """What no module of a room may import."""
    ours = [one["forbidden_modules"] for one in CONTRACTS if f"gateway.{room}" in one["source_modules"]]
    return {name for names in ours for name in names}


def doors_of(room: str) -> set[str]:
    """Modules behind a wall that a room may import all the same."""
    ignored = [one.get("ignore_imports", []) for one in CONTRACTS if one["source_modules"] == [f"gateway.{room}"]]
    return {each.partition(" -> gateway.")[2] for names in ignored for each in names}


def named_in(words: str) -> set[str]:
    """What a row of the table names; where it says all, everything but that."""
    named = set(re.findall(r"`([\w.]+)`", words))
    return (ROOMS | set(PACKAGES)) - named if words.startswith("all") else named


def test_every_room_has_its_row_and_walls_against_whatever_the_row_does_not_name():
    rows = dict(LINE.findall((ROOT / "docs" / "architecture.md").read_text("utf-8")))
    assert set(rows) == ROOMS
    for room, words in rows.items():
        walls = {name.removeprefix("gateway.") for name in walls_of(room)}
        others = (ROOMS | {"protocols", "fencing"}) - {room, "settings"}
        assert {one for one in others if one not in walls} == named_in(words) & others, room


def test_doors_in_the_walls_are_those_of_the_table():
    rows = dict(LINE.findall((ROOT / "docs" / "architecture.md").read_text("utf-8")))
    entries = {"journal.entries", "journal.controls", "journal.facts"}
    for room, words in rows.items():
        named = {one for one in named_in(words) if "." in one}
        expected = named | (entries if "journal.entries" in named else set())
        assert doors_of(room) - {"settings.model"} == expected, room


def test_no_module_of_the_engine_is_beside_its_face():
    (wall,) = [one["forbidden_modules"] for one in CONTRACTS if one["name"] == "the engine is reached by its face"]
    modules = {f"gateway.engine.{path.stem}" for path in (ROOT / "gateway" / "engine").glob("*.py")}
    assert set(wall) == modules - {"gateway.engine.__init__", "gateway.engine.step"}
