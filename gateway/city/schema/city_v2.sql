-- city.db, version 2: what the city's own staff did about a county's alarm, on its way to the county.
CREATE TABLE act (
  id TEXT PRIMARY KEY,
  county TEXT NOT NULL,
  alarm TEXT NOT NULL,
  who TEXT NOT NULL,                -- city and staff number, as the county gets them
  doing TEXT NOT NULL,              -- acknowledge or note
  note TEXT NOT NULL,               -- what was written with it
  at REAL NOT NULL,                 -- when it was done, UTC epoch seconds
  sent REAL                         -- since when the stream has it; NULL: not yet
) STRICT, WITHOUT ROWID;
CREATE INDEX act_of_alarm ON act (county, alarm);
CREATE INDEX act_unsent ON act (county) WHERE sent IS NULL;
