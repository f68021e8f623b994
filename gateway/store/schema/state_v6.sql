-- state.db, version 6: sheets of the office as they stand: handed over, ticked, signed. No name, no place.
CREATE TABLE paper (
  id TEXT PRIMARY KEY,
  form TEXT NOT NULL,               -- as gateway.papers.forms has it
  office TEXT NOT NULL,             -- empty: the county's
  since REAL NOT NULL,              -- of which time it is, UTC epoch seconds
  until REAL NOT NULL,
  made REAL NOT NULL,               -- receive time of its first act
  frozen REAL,                      -- receive time of its last signature; NULL: it can still be changed
  body TEXT NOT NULL                -- a Paper as JSON
) STRICT;
CREATE INDEX paper_form ON paper (form, until);
