-- state.db, version 5: what people are to be told of alarms by SMS, and how each notice stands. No number, no name.
CREATE TABLE notice (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  alarm TEXT NOT NULL,
  state TEXT NOT NULL,              -- as the engine last said: 'owed', 'sent', 'delivered' ...
  rank INTEGER NOT NULL,            -- 0: of a critical alarm
  owed REAL NOT NULL,               -- receive time
  body TEXT NOT NULL,               -- a NoticeRecord as JSON
  tries INTEGER NOT NULL DEFAULT 0  -- how often it was given to the network: counted before that
) STRICT;
CREATE INDEX notice_state ON notice (state, rank, seq);
CREATE INDEX notice_alarm ON notice (alarm);
