"""The documents against the code: what they name exists, and what exists is named."""

import ast
import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest
import typer.main

from firmware_sim.cli import app as simulator
from gateway import kinds
from gateway.cli.app import app as gateway
from gateway.control.status import BROKEN
from gateway.engine.episode import Change, Episode
from gateway.engine.ledger import Outcome
from gateway.intake.admission import Reason
from gateway.kinds import KINDS, NOT_RAISED
from gateway.signing import headers
from gateway.upstream.acts import verify
from gateway.upstream.cloudevents import event_of
from gateway.words.change_texts import OUTCOMES
from gateway.words.texts import MEASURED
from protocols.framing import _KINDS, ENDLESS, RUBBISH

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
GUIDES = [ROOT / "docs" / "operations.md", ROOT / "docs" / "operations.zh.md"]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`[^`\n]*`")
CODE = re.compile(r"`([^`\n]*)`|^ {4}(.+)$", re.MULTILINE)
FILE = re.compile(
    r"`((?:gateway|protocols|fencing|firmware_sim|tests|tools|systemd|requirements|config|docs)/[\w/-]*\.\w+)(?:::(\w+))?`"
)
COUNTERS = {"count", "PeerFault", "Refused"}
"""What is called with the reason under which something is counted or refused."""
DECODE_ONLY = {"no_flags", "several_frames"}
"""Faults of a line given to `decode`; the gateway never sees one."""


def words(path):
    return path.read_text("utf-8")


def anchors(path):
    """Anchors of a document's headings, as common renderers make them."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", words(path)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def strings_of(call):
    """Constant texts among a call's arguments."""
    return {each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str)}


def name_of(call):
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def trees(*rooms):
    for room in rooms:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield ast.parse(words(path))


@cache
def reasons():
    """Every reason counted by gateway and protocols."""
    found = set()
    for tree in trees("gateway", "protocols"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and name_of(node) in COUNTERS:
                found |= {text for text in strings_of(node) if re.fullmatch(r"[a-z]+(_[a-z0-9]+)*", text)}
            elif isinstance(node, ast.Subscript) and getattr(node.value, "attr", "") == "counts":
                found |= {node.slice.value} if isinstance(node.slice, ast.Constant) else set()
    return (found | {kind for _, kind in _KINDS} | {RUBBISH, ENDLESS} | set(map(str, Reason))) - DECODE_ONLY


@cache
def raised_kinds():
    """Kinds that stand in the engine as texts, other than as the reason of a count, or by their name in the root."""
    found = set()
    for tree in trees("gateway/engine"):
        counted = {
            id(each) for node in ast.walk(tree) if isinstance(node, ast.Call) and name_of(node) == "count"
            for each in node.args
        }  # fmt: skip
        found |= {
            node.value for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and id(node) not in counted and node.value in KINDS
        }  # fmt: skip
        named = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} & vars(kinds).keys()
        found |= {
            value for value in (getattr(kinds, name) for name in named) if isinstance(value, str) and value in KINDS
        }
    return found


def commands(app, name):
    """(command line, options) of every command, hidden options left out."""

    def walk(command, line):
        if hasattr(command, "commands"):
            for each, below in command.commands.items():
                yield from walk(below, f"{line} {each}")
        else:
            shown = [one for one in command.params if not getattr(one, "hidden", False)]
            options = [opt for one in shown for opt in (*one.opts, *one.secondary_opts) if opt.startswith("--")]
            yield line, sorted(set(options) - {"--help"})

    return list(walk(typer.main.get_command(app), name))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_relative_link_resolves(path):
    text = INLINE.sub("", FENCE.sub("", words(path)))
    for link in LINK.findall(text):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = unquote(link).partition("#")
        target = (path.parent / name).resolve() if name else path
        assert target.exists(), f"{link} leads nowhere"
        assert not anchor or anchor in anchors(target), f"{target.name} has no heading for #{anchor}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_and_test_that_is_named_exists(path):
    for name, function in FILE.findall(words(path)):
        assert (ROOT / name).exists(), f"{name} is named but not there"
        assert not function or f"def {function}(" in words(ROOT / name), f"{name} has no {function}"


def test_every_command_and_option_stands_in_the_documents():
    text = "\n".join(words(path) for path in DOCUMENTS)
    for line, options in [*commands(gateway, "bracelet-gateway"), *commands(simulator, "bracelet-sim")]:
        spoken = line.replace("bracelet-gateway alarms", "alarms")
        assert line in text or f"`{spoken}" in text, f"{line} is not described"
        for option in options:
            assert re.search(rf"{re.escape(option)}(?![\w-])", text), f"{line} {option} is not described"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_that_is_spoken_of_exists(path):
    known = [line for line, _ in [*commands(gateway, "bracelet-gateway"), *commands(simulator, "bracelet-sim")]]
    for code in ("".join(found) for found in CODE.findall(words(path))):
        for line in re.findall(r"(?<![\w/-])bracelet-(?:gateway|sim) [a-z]+(?:-[a-z]+)*(?: [a-z]+(?:-[a-z]+)*)?", code):
            assert any(f"{line} ".startswith(f"{each} ") or f"{each} ".startswith(f"{line} ") for each in known), line


def test_the_recipe_for_acts_gives_a_message_the_gateway_takes():
    (recipe,) = re.findall(r"^```python\n(.*?)^```", words(ROOT / "docs" / "alarms.md"), re.MULTILINE | re.DOTALL)
    done = subprocess.run([sys.executable, "-c", recipe, "a key", "f" * 32], capture_output=True, check=True)
    act = verify(done.stdout.strip(), "a key", "upstream city")
    assert (act.do, act.alarm, act.by, act.outcome) == ("close", "f" * 32, "D07", "excused")
    assert act.note


def test_the_worked_example_of_a_signature_is_right_and_its_program_knows_it():
    """By our own code, and by the program that the page gives to receivers."""
    page = words(ROOT / "docs" / "webhook.md")
    (shown,) = re.findall(r"^```text\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    (body,) = re.findall(r"^```json\n(.*?)\n```", page, re.MULTILINE | re.DOTALL)
    (program,) = re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    (key,) = re.findall(r"With the key `(\w+)`", page)
    head = dict(line.split(": ", 1) for line in shown.splitlines())
    ours = headers(key, head["webhook-id"], body.encode(), float(head["webhook-timestamp"]) + 0.9)
    assert {name: ours[name] for name in head} == head
    for sent, code in ((body, 0), (body + " ", 1)):
        done = subprocess.run(
            [sys.executable, "-c", program, key, *head.values()], input=sent.encode(), capture_output=True, check=False
        )
        assert done.returncode == code, done.stderr


def test_the_example_message_has_the_fields_of_a_real_one():
    (text,) = re.findall(r"^```json\n(.*?)^```", words(ROOT / "docs" / "alarms.md"), re.MULTILINE | re.DOTALL)
    shown = json.loads(text)
    episode = Episode(
        id=shown["subject"], kind="exclusion_enter", severity="critical", ends="self", person="P0001", device="B0001",
        office="S01", level="strict", zone="cafes", zone_name="网吧4号", rule="no-cafes", basis="禁止令2026-88",
        onset=1793628995.0, decided=1793634875.4, received=1793634875.4, first_offset=1632, last_offset=1828,
        probability=0.9916, latitude=24.3346653, longitude=109.475528, radius_m=22.6, revision=1,
        facts={
            "fixes": 48, "placed": 1793634865.0, "source": "gnss", "home_m": 1874, "home_deg": 62, "inside": "网吧",
            "verify_by": 1793635775.4,
        },
    )  # fmt: skip
    outcome = Outcome(Change.RAISED, episode, episode.decided, (1828, 0, 0.0, "", ""))
    assert json.loads(event_of(outcome, "sim", "Asia/Shanghai").body) == shown


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.name)
def test_every_kind_that_is_raised_stands_in_the_guides(path):
    kinds = raised_kinds()
    assert len(kinds) >= 13
    text = words(path)
    assert not {kind for kind in kinds if f"`{kind}`" not in text}


def test_check_says_which_kinds_are_never_raised():
    coming = {"location_lost", "clock_fault"}
    assert not raised_kinds() & NOT_RAISED
    assert set(KINDS) - raised_kinds() - coming == NOT_RAISED


def test_every_kind_that_is_raised_has_a_text_of_its_own():
    assert raised_kinds() == set(MEASURED)


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.name)
def test_every_counted_reason_stands_in_the_guides(path):
    text = words(path)
    assert {"unknown_device", "bad_checksum", "report_late", "too_many_connections"} <= reasons()
    assert not {reason for reason in reasons() if f"`{reason}`" not in text}


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.name)
def test_the_guides_name_outcomes_columns_and_exit_codes(path):
    text = words(path)
    assert all(f"| `{outcome}` |" in text for outcome in OUTCOMES)
    assert "`device,time,received_at,source,latitude,longitude,accuracy_m,speed_kmh,course_deg,cells,wifi`" in text
    assert f"| {BROKEN} |" in text
    assert "--init-groups bracelet-gateway run" in text


def test_the_two_commands_of_the_readme_are_targets_of_the_makefile():
    readme, makefile = words(ROOT / "README.md"), words(ROOT / "Makefile")
    named = set(re.findall(r"(?:^|`)\s*make ([a-z]+)", readme, re.MULTILINE))
    assert {"run", "test"} <= named
    for target in named:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"make {target} is not there"


def test_an_alarm_has_one_name_in_chinese():
    """A word for sirens and air raids is no word for a lead."""
    named = [*(ROOT / "gateway").rglob("*.py"), *(ROOT / "gateway").rglob("*.yaml"), *(ROOT / "config").rglob("*.yaml")]
    assert {path.name for path in [*named, *DOCUMENTS] if "警报" in words(path)} == {"glossary.md"}, "which says so"


def test_no_guide_calls_an_alarm_a_finding():
    for path in GUIDES:
        assert not re.search(r"违规|脱逃|\bviolat|\babscond|\bescapee", words(path))
