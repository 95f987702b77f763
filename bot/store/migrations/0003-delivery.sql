-- Message bodies, once for each text however many chats get it.
CREATE TABLE contents (
  hash TEXT PRIMARY KEY,
  body TEXT NOT NULL, preview TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never given twice: who has read up to an id finds what came later
  key TEXT NOT NULL UNIQUE,
  platform TEXT NOT NULL, target TEXT NOT NULL, grp TEXT NOT NULL, part INTEGER NOT NULL,
  kind TEXT NOT NULL, in_thread INTEGER NOT NULL,
  content TEXT NOT NULL,
  state INTEGER NOT NULL, attempt INTEGER NOT NULL DEFAULT 0,
  first_t0 INTEGER NOT NULL DEFAULT 0, t0 INTEGER NOT NULL DEFAULT 0,
  due INTEGER NOT NULL, expires INTEGER NOT NULL,
  on_unknown TEXT NOT NULL,
  remote_id TEXT NOT NULL DEFAULT '', error TEXT NOT NULL DEFAULT '',
  times_unknown INTEGER NOT NULL DEFAULT 0,
  ended INTEGER                  -- when it was finished; NULL while it is open
) STRICT;
CREATE INDEX outbox_open ON outbox(platform, id) WHERE ended IS NULL;
CREATE INDEX outbox_target ON outbox(target, grp, part);
CREATE INDEX outbox_ended ON outbox(ended) WHERE ended IS NOT NULL;
CREATE TABLE slots (
  name TEXT PRIMARY KEY,         -- what an enqueue fills; filled once
  filled INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE targets (
  target TEXT PRIMARY KEY,
  off_why TEXT,                  -- NULL: on
  last_id TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
CREATE TABLE holds (
  bucket TEXT PRIMARY KEY, until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE inbox (
  platform TEXT NOT NULL, event TEXT NOT NULL,
  payload TEXT,                  -- NULL: done
  seen INTEGER NOT NULL, expires INTEGER NOT NULL,
  PRIMARY KEY (platform, event)
) STRICT, WITHOUT ROWID;
CREATE INDEX inbox_expires ON inbox(expires);
CREATE TABLE subscriptions (
  id TEXT PRIMARY KEY,
  target TEXT NOT NULL, number INTEGER NOT NULL,
  categories TEXT NOT NULL,      -- "cs.CV cs.RO"
  options TEXT NOT NULL,         -- JSON
  state INTEGER NOT NULL, why TEXT NOT NULL, fixed INTEGER NOT NULL,
  made_by TEXT NOT NULL, created INTEGER NOT NULL,
  UNIQUE (target, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE subscription_numbers (target TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE option_layers (scope TEXT PRIMARY KEY, options TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE covered (subscription TEXT PRIMARY KEY, day INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE posts (
  subscription TEXT NOT NULL, day INTEGER NOT NULL,
  state TEXT NOT NULL, detail TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (subscription, day)
) STRICT, WITHOUT ROWID;
