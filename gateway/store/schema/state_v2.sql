-- state.db, version 2: orders to devices, as the engine says they stand.
CREATE TABLE command (
  id TEXT PRIMARY KEY,
  log_offset INTEGER NOT NULL,      -- of the COMMAND entry: the order of the queue
  device TEXT NOT NULL,
  issued REAL NOT NULL,
  ended REAL,                       -- NULL: still to be brought to its end
  body TEXT NOT NULL                -- the whole record, JSON
) STRICT;
CREATE INDEX command_pending ON command (log_offset) WHERE ended IS NULL;
CREATE INDEX command_device ON command (device, log_offset);
CREATE INDEX command_ended ON command (ended) WHERE ended IS NOT NULL;
