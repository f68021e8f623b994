"""The sampler on a tiny invented tree: what is drawn, which tests are tried in which order, and what survives."""

from __future__ import annotations

import pytest

from tools.mutant_trials import Copy, concerned, times_of, within
from tools.mutants import Score, draw, run

CLAMP = """
def clamp(value, most=5):
    if value > most:
        return most
    return value
"""
UNTESTED = "def double(value): return value * 2\n"
TEST = "from fencing.small import clamp\n\ndef test_clamp():\n    assert (clamp(9), clamp(3)) == (5, 3)\n"


@pytest.fixture
def tree(tmp_path):
    root = tmp_path / "tree"
    files = {
        "pyproject.toml": "[tool.pytest.ini_options]\npythonpath = ['.']\n", "fencing/__init__.py": "",
        "fencing/small.py": CLAMP, "fencing/lonely.py": UNTESTED, "tests/fencing/test_small.py": TEST,
    }  # fmt: skip
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def test_the_same_seed_draws_the_same_sample_and_another_one_another(tree):
    (tree / "fencing/table.py").write_text("".join(f"A{n} = {n}\n" for n in range(200)), encoding="utf-8")
    first, again, other = (list(map(str, draw(tree, (), 30, seed))) for seed in (1, 1, 2))
    assert len(first) == 30
    assert first == again != other


def test_lines_are_drawn_first_so_that_a_full_one_counts_no_more_than_another(tree):
    (tree / "fencing/table.py").write_text(f"A = {list(range(20, 500))}\nB = 1\n", encoding="utf-8")
    drawn = draw(tree, ("*table.py",), 400, 1)
    assert sorted((one.path, one.mutation.line) for one in drawn) == [("fencing/table.py", 1), ("fencing/table.py", 2)]


def test_only_modules_that_match_are_drawn_from(tree):
    assert {one.path for one in draw(tree, ("*small.py",), 400, 1)} == {"fencing/small.py"}
    assert {one.path for one in draw(tree, (), 400, 1)} == {"fencing/small.py", "fencing/lonely.py"}


def test_what_the_tests_do_not_see_survives_and_the_tree_is_left_as_it_was(tree, capsys):
    before = {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()}
    sample = draw(tree, (), 400, 3)
    score = run(tree, sample, 2, 60.0)
    assert {one.path for one in score.survivors} >= {"fencing/lonely.py"}
    assert score.found >= 2
    assert score.found + len(score.survivors) == len(sample)
    assert capsys.readouterr().out.splitlines() == list(map(str, score.survivors))
    assert {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()} == before


def test_when_the_time_is_over_the_rest_is_said_to_be_untried(tree):
    sample = draw(tree, (), 400, 1)
    assert str(run(tree, sample, 1, 0.0)) == f"nothing found: 0 of 0; {len(sample)} not tried, the time was over"
    assert str(Score(3, sample[:1])) == "75.0 % found: 3 of 4"


def test_tests_that_fail_without_a_fault_end_it(tree):
    (tree / "tests/fencing/test_small.py").write_text("def test_wrong(): assert 1 == 2\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="without any fault the tests fail"):
        run(tree, draw(tree, (), 1, 1), 1, 60.0)


def test_a_file_of_tests_that_fails_without_a_fault_is_named_and_finds_nothing(tree, capsys):
    (tree / "tests/fencing/test_wrong.py").write_text("def test_wrong(): assert 1 == 2\n", encoding="utf-8")
    sample = draw(tree, ("*lonely.py",), 1, 1)
    assert run(tree, sample, 1, 60.0).survivors == sample
    assert "left out, for they fail without any fault: tests/fencing/test_wrong.py" in capsys.readouterr().out


def test_a_test_that_never_ends_is_ended_and_finds_its_fault(tree, tmp_path):
    copy = Copy.of(tree, tmp_path / "copy")
    copy.write("fencing/small.py", "def clamp(value):\n    while True: pass\n")
    assert not copy.run(["tests/fencing/test_small.py"], 0.2).passed


@pytest.mark.torture
def test_a_copy_is_what_its_tests_import_and_a_module_may_change_within_the_second(tree, tmp_path):
    copy = Copy.of(tree, tmp_path / "copy")
    assert copy.imports("fencing") == copy.root / "fencing"
    for text, passes in ((CLAMP, True), (CLAMP.replace(">", "<"), False), (CLAMP, True)):
        copy.write("fencing/small.py", text)
        assert copy.run(["tests/fencing/test_small.py"]).passed is passes


def test_the_nearest_tests_come_first_and_of_each_kind_the_quickest():
    texts = {
        "tests/gateway/engine/test_curfew_all_day.py": "", "tests/gateway/engine/test_curfew.py": "",
        "tests/gateway/engine/test_law.py": "", "tests/gateway/daemon/test_recovery.py": "",
        "tests/gateway/words/test_texts.py": "from gateway.engine.curfew import x", "tests/fencing/test_zones.py": "",
    }  # fmt: skip
    seconds = dict(zip(texts, (9.0, 2.0, 1.0, 0.5, 0.1, 0.1), strict=True))
    assert concerned("gateway/engine/curfew.py", texts, seconds) == [
        "tests/gateway/engine/test_curfew.py", "tests/gateway/engine/test_curfew_all_day.py",
        "tests/gateway/words/test_texts.py", "tests/gateway/engine/test_law.py",
        "tests/gateway/daemon/test_recovery.py",
    ]  # fmt: skip
    del seconds["tests/gateway/engine/test_law.py"]
    assert len(concerned("gateway/engine/curfew.py", texts, seconds)) == 4


def test_a_fault_gets_so_many_seconds_of_tests_and_the_nearest_in_any_case():
    seconds = {"a": 5.0, "b": 50.0, "c": 20.0, "d": 30.0}
    assert within(60.0, list("abcd"), seconds) == ["a", "b"]
    assert within(56.0, list("acdb"), seconds) == ["a", "c", "d"]
    assert within(30.0, list("abc"), seconds) == ["a", "c"]
    assert within(1.0, list("ba"), seconds) == ["b"]
    assert within(1.0, [], seconds) == []


def test_times_are_summed_by_file(tmp_path):
    report = tmp_path / "report.xml"
    cases = "".join(f'<testcase file="{file}" time="{time}"/>' for file, time in (("a", 1.5), ("b", 2.0), ("a", 0.25)))
    report.write_text(f"<testsuites><testsuite>{cases}</testsuite></testsuites>", encoding="utf-8")
    times = times_of([report])
    assert (times.files, times.longest) == ({"a": 1.75, "b": 2.0}, 2.0)
