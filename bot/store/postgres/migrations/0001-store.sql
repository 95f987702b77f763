-- The tables of the store. Moments are milliseconds UTC, days are counted from 1970. What is compared or sorted is so by
-- its bytes, whatever the database's locale. Each statement ends with a semicolon at the end of its line.
CREATE TABLE papers (
  key BIGINT PRIMARY KEY,       -- as on every engine: newest first is key DESC
  id TEXT NOT NULL,
  version BIGINT NOT NULL,
  title TEXT NOT NULL, abstract TEXT NOT NULL,
  title_raw TEXT NOT NULL, authors_raw TEXT NOT NULL, abstract_raw TEXT NOT NULL,
  authors TEXT NOT NULL,        -- JSON
  categories TEXT NOT NULL,     -- separated by one space, primary first
  published BIGINT, updated BIGINT,
  listed BIGINT,
  comment TEXT NOT NULL, doi TEXT NOT NULL, journal_ref TEXT NOT NULL, license TEXT NOT NULL,
  withdrawn BIGINT NOT NULL,
  source TEXT NOT NULL,
  change BIGINT NOT NULL        -- the number of its last change
);
CREATE INDEX papers_listed ON papers(listed ASC) WHERE listed IS NOT NULL;
CREATE UNIQUE INDEX papers_change ON papers(change ASC);
CREATE TABLE paper_versions (
  key BIGINT NOT NULL,
  version BIGINT NOT NULL,
  updated BIGINT,
  withdrawn BIGINT NOT NULL,
  title_raw TEXT NOT NULL, abstract_raw TEXT NOT NULL,
  PRIMARY KEY (key, version)
);
-- Changes of papers are numbered in the order in which they are committed: whoever writes papers holds this row until
-- then. So who has followed up to a number has missed nothing below it. Another history (a restored copy) has another
-- name.
CREATE TABLE paper_changes (
  one BIGINT PRIMARY KEY CHECK (one = 1),
  last BIGINT NOT NULL,
  history TEXT NOT NULL
);
INSERT INTO paper_changes VALUES (1, 0, gen_random_uuid()::text);
CREATE TABLE named_values (name TEXT COLLATE "C" PRIMARY KEY, value BYTEA NOT NULL);
CREATE TABLE listings (
  category TEXT COLLATE "C" NOT NULL, day BIGINT NOT NULL,
  frozen BIGINT NOT NULL,
  source TEXT NOT NULL, fetched BIGINT NOT NULL, note TEXT NOT NULL,
  entries TEXT NOT NULL,        -- JSON: [[id, version, type], …] in source order
  PRIMARY KEY (category, day)
);
CREATE SEQUENCE digest_numbers;
CREATE TABLE digests (
  number BIGINT PRIMARY KEY DEFAULT nextval('digest_numbers'),
  key TEXT COLLATE "C" NOT NULL UNIQUE,
  day BIGINT NOT NULL,
  categories TEXT NOT NULL,     -- " cs.CV cs.RO "
  body TEXT NOT NULL            -- JSON of the whole record
);
CREATE INDEX digests_day ON digests(day ASC);
-- Message bodies, once for each text however many chats get it.
CREATE TABLE contents (
  hash TEXT COLLATE "C" PRIMARY KEY,
  body TEXT NOT NULL, preview TEXT NOT NULL,
  used BIGINT NOT NULL          -- when a row last came to need it
);
-- Never gives a number twice.
CREATE SEQUENCE outbox_ids;
CREATE TABLE outbox (
  id BIGINT PRIMARY KEY DEFAULT nextval('outbox_ids'),
  key TEXT COLLATE "C" NOT NULL UNIQUE,
  platform TEXT COLLATE "C" NOT NULL, target TEXT COLLATE "C" NOT NULL, grp TEXT COLLATE "C" NOT NULL,
  part BIGINT NOT NULL,
  kind TEXT NOT NULL, in_thread BIGINT NOT NULL,
  content TEXT COLLATE "C" NOT NULL,
  state BIGINT NOT NULL, attempt BIGINT NOT NULL DEFAULT 0,
  first_t0 BIGINT NOT NULL DEFAULT 0, t0 BIGINT NOT NULL DEFAULT 0,
  due BIGINT NOT NULL, expires BIGINT NOT NULL,
  on_unknown TEXT NOT NULL,
  remote_id TEXT NOT NULL DEFAULT '', error TEXT NOT NULL DEFAULT '',
  times_unknown BIGINT NOT NULL DEFAULT 0,
  ended BIGINT,                 -- when it was finished; NULL while it is open
  owner TEXT COLLATE "C",       -- a worker's name; NULL: nobody's yet
  term BIGINT NOT NULL DEFAULT 0,  -- grows with each owner
  claim TEXT COLLATE "C" NOT NULL DEFAULT ''  -- which claim made it the owner's
);
CREATE INDEX outbox_free ON outbox(platform ASC, id ASC) WHERE ended IS NULL AND owner IS NULL;
CREATE INDEX outbox_owned ON outbox(target ASC, owner ASC) WHERE ended IS NULL AND owner IS NOT NULL;
CREATE INDEX outbox_target ON outbox(target ASC, grp ASC, part ASC);
CREATE INDEX outbox_content ON outbox(content ASC);
CREATE INDEX outbox_ended ON outbox(ended ASC) WHERE ended IS NOT NULL;
CREATE TABLE workers (
  platform TEXT COLLATE "C" NOT NULL, name TEXT COLLATE "C" NOT NULL,
  until BIGINT NOT NULL,        -- when its lease ends; 0: it has ended
  PRIMARY KEY (platform, name)
);
CREATE TABLE leases (
  role TEXT COLLATE "C" PRIMARY KEY,
  holder TEXT COLLATE "C" NOT NULL, term BIGINT NOT NULL,
  until BIGINT NOT NULL         -- 0: free
);
CREATE TABLE slots (
  name TEXT COLLATE "C" PRIMARY KEY,  -- what an enqueue fills; filled once
  filled BIGINT NOT NULL
);
CREATE TABLE targets (
  target TEXT COLLATE "C" PRIMARY KEY,
  off_why TEXT,                 -- NULL: on
  last_id TEXT NOT NULL DEFAULT ''
);
CREATE TABLE holds (bucket TEXT COLLATE "C" PRIMARY KEY, until BIGINT NOT NULL);
CREATE TABLE inbox (
  platform TEXT COLLATE "C" NOT NULL, event TEXT COLLATE "C" NOT NULL,
  payload TEXT,                 -- NULL: done
  seen BIGINT NOT NULL, expires BIGINT NOT NULL,
  PRIMARY KEY (platform, event)
);
CREATE INDEX inbox_waiting ON inbox(seen ASC) WHERE payload IS NOT NULL;
CREATE INDEX inbox_expires ON inbox(expires ASC);
CREATE TABLE subscriptions (
  id TEXT COLLATE "C" PRIMARY KEY,
  target TEXT COLLATE "C" NOT NULL, number BIGINT NOT NULL,
  categories TEXT NOT NULL,     -- "cs.CV cs.RO"
  options TEXT NOT NULL,        -- JSON
  state BIGINT NOT NULL, why TEXT NOT NULL, fixed BIGINT NOT NULL,
  made_by TEXT NOT NULL, created BIGINT NOT NULL,
  UNIQUE (target, number)
);
CREATE TABLE subscription_numbers (target TEXT COLLATE "C" PRIMARY KEY, last BIGINT NOT NULL);
CREATE TABLE covered (subscription TEXT COLLATE "C" PRIMARY KEY, day BIGINT NOT NULL);
CREATE TABLE posts (
  subscription TEXT COLLATE "C" NOT NULL, day BIGINT NOT NULL,
  state TEXT NOT NULL, detail TEXT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (subscription, day)
);
