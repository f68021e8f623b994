#!/bin/sh
# python-dateutil 4.0.0: in a rule whose DTSTART has an hour, a day as UNTIL is that day's midnight, so that the evening of
# the last day is left out, and a day as EXDATE leaves out nothing; neither is said.
# What we do: fencing/recurrence.py takes a day as all of it.
# Fails if this has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check python-dateutil==4.0.0
"$folder/venv/bin/python" - <<'PYTHON'
from datetime import datetime

from dateutil.rrule import rrulestr

evening = datetime(2026, 1, 5, 22)
until = [day.day for day in rrulestr("FREQ=DAILY;UNTIL=20260107", dtstart=evening)]
left_out = [day.day for day in rrulestr("DTSTART:20260105T220000\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE:20260106")]
print("until the 7th:", until, "| without the 6th:", left_out)
assert until == [5, 6]
assert left_out == [5, 6, 7]
PYTHON
