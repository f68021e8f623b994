-- console.db, version 2: who looked at what stands in the journal, password by password stands here.
CREATE TABLE carried (
  last INTEGER PRIMARY KEY          -- id of the last row of audit that was entered in the journal
) STRICT;

CREATE TABLE former (
  number TEXT NOT NULL,             -- staff number
  password TEXT NOT NULL,           -- one that was in force before, Argon2id
  at REAL NOT NULL,                 -- until when, UTC epoch seconds
  PRIMARY KEY (number, at)
) STRICT, WITHOUT ROWID;

-- When the password was chosen, UTC epoch seconds; 0: by a version that did not write it down.
ALTER TABLE account ADD COLUMN chosen REAL NOT NULL DEFAULT 0;
