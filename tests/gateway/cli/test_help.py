"""The help: in the language asked for, of the county, or of the terminal; every word of it in both."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
import typer.main

from gateway.cli.app import app
from gateway.cli.help import language_of, speak
from gateway.settings.init import write_sample

PROGRAM = Path(sys.executable).parent / "bracelet-gateway"
NOWHERE = ("--config", "/nowhere")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize(
    ("arguments", "environment", "language"),
    [
        (("--help", *NOWHERE), {}, "en"),
        (("--help", *NOWHERE), {"LANG": "C.UTF-8"}, "en"),
        (("--help", *NOWHERE), {"LANG": "zh_CN.UTF-8"}, "zh"),
        (("--help", *NOWHERE), {"LANG": "zh_CN.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        (("--help", *NOWHERE), {"LANG": "en_GB.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh"),
        (("--help", *NOWHERE), {"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, "zh"),
        (("status", *NOWHERE, "--lang", "zh", "--help"), {"LANG": "C"}, "zh"),
        (("status", *NOWHERE, "--lang=en", "--help"), {"LANG": "zh_CN.UTF-8"}, "en"),
        (("status", *NOWHERE, "--lang"), {"LANG": "zh_CN.UTF-8"}, "zh"),
    ],
)
def test_the_language(arguments, environment, language):
    assert language_of(arguments, environment) == language


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_countys_language_comes_before_the_terminals(tmp_path, language):
    write_sample(tmp_path, language)
    for config in (tmp_path, tmp_path / "gateway.yaml"):
        assert (
            language_of(("status", "--config", str(config), "--help"), {"LANG": "zh_CN" * (language == "en")})
            == language
        )
        assert language_of((f"--config={config}",), {}) == language


@pytest.mark.parametrize(
    "text",
    ["county: {code: a, language: zh}\n", "county:\n  language: 'zh'\n", 'county:\n\tcode: a\n\tlanguage: "zh"\n'],
)
def test_however_the_county_writes_it(tmp_path, text):
    (tmp_path / "gateway.yaml").write_text(text, "utf-8")
    assert language_of(("--config", str(tmp_path)), {}) == "zh"


@pytest.mark.parametrize("content", [b"", b"\xff\xfe" * 50, b"county: [", b"language: zh\n"])
def test_a_configuration_that_says_nothing_of_it_is_no_fault(tmp_path, content):
    (tmp_path / "gateway.yaml").write_bytes(content)
    assert language_of(("--config", str(tmp_path)), {}) == "en"


def every(command):
    yield command
    for below in getattr(command, "commands", {}).values():
        yield from every(below)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_help_is_in_the_language(language):
    command = typer.main.get_command(app)
    speak(command, language)
    said = [each.help for each in every(command)]
    said += [
        option.help for each in every(command) for option in each.params if option.help and not option.hidden
    ]  # fmt: skip
    assert len(said) > 50
    assert [text for text in said if bool(CHINESE.search(text)) != (language == "zh") and text != "zh 或 en"] == []


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh_CN.UTF-8", ("选项", "网关的运行情况", "显示本说明")), ("C.UTF-8", ("Options", "What the running"))],
)
def test_the_program_speaks_as_the_terminal_does(language, words):
    done = subprocess.run(
        [str(PROGRAM), "status", "--config", "/nowhere", "--help"], capture_output=True, text=True, check=True,
        env={**os.environ, "LANG": language, "LC_ALL": "", "LC_MESSAGES": ""}, timeout=120,
    )  # fmt: skip
    assert all(word in done.stdout for word in words)


def test_the_version():
    done = subprocess.run([str(PROGRAM), "--version"], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout == f"bracelet-gateway {metadata.version('bracelet-gateway')}\n"
