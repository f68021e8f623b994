-- console.db, version 2: who looked at what stands in the journal; passwords have an age, and those before are known.
CREATE TABLE carried (
  last INTEGER PRIMARY KEY          -- id of the last row of audit that was entered in the journal
) STRICT;

CREATE TABLE former (
  number TEXT NOT NULL,             -- staff number
  password TEXT NOT NULL,           -- one that was in force before, Argon2id
  at REAL NOT NULL,                 -- until when, UTC epoch seconds
  PRIMARY KEY (number, at)
) STRICT, WITHOUT ROWID;

-- When the password was chosen, UTC epoch seconds; of those that there were, when this step was taken.
ALTER TABLE account ADD COLUMN chosen REAL NOT NULL DEFAULT 0;
UPDATE account SET chosen = CAST(strftime('%s', 'now') AS REAL);
