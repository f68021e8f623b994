-- console.db, version 4: tokens of programs that read alarms.
CREATE TABLE token (
  name TEXT PRIMARY KEY,            -- what stands in the audit log
  digest TEXT NOT NULL UNIQUE,      -- SHA-256 of the token, which nobody keeps
  office TEXT NOT NULL,             -- whose people's alarms alone
  places INTEGER NOT NULL,          -- 1: with places
  made REAL NOT NULL                -- UTC epoch seconds
) STRICT, WITHOUT ROWID;
