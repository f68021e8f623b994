#!/bin/sh
# python-dateutil 4.0.0: in a rule whose DTSTART has an hour, a day as UNTIL is that day's midnight, so that the evening of
# the last day is left out, and a day as EXDATE leaves out nothing; neither is said. A rule that never holds is looked
# for up to the year 9999 (a rule of years here; one of days takes a minute and more), and INTERVAL=0 never ends.
# What we do: fencing/recurrence.py takes a day as all of it, and refuses the others before the library is asked.
# Fails if this has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check python-dateutil==4.0.0
"$folder/venv/bin/python" - <<'PYTHON'
from datetime import datetime
from itertools import islice
from time import process_time

from dateutil.rrule import rrulestr

evening = datetime(2026, 1, 5, 22)
until = [day.day for day in rrulestr("FREQ=DAILY;UNTIL=20260107", dtstart=evening)]
left_out = [day.day for day in rrulestr("DTSTART:20260105T220000\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE:20260106")]
stuck = {str(day) for day in islice(rrulestr("FREQ=WEEKLY;INTERVAL=0", dtstart=evening), 1000)}
began = process_time()
never = next(iter(rrulestr("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", dtstart=evening)), None)
print("until the 7th:", until, "| without the 6th:", left_out, "| 1,000 of INTERVAL=0:", len(stuck), "day")
print(f"30 February: {never}, after {process_time() - began:.1f} s")
assert until == [5, 6]
assert left_out == [5, 6, 7]
assert len(stuck) == 1
assert never is None
PYTHON
