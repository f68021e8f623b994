"""The best that a rule could say of approaches, if reports told places and ways without error."""

import re

from tools.approach_limit import main


def test_true_places_warn_of_nearly_all_and_of_hardly_anybody_else(capsys):
    main(["3", "--days", "8", "--devices", "5"])
    told = re.fullmatch(
        r"warned before the buffer: (\d+) of (\d+); false: (\d+) in 1\.1 pair-months\n", capsys.readouterr().out
    )
    warned, approaches, false = map(int, told.groups())
    assert approaches >= 10
    assert warned >= approaches - 1
    assert false <= 2
