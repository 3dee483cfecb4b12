-- One verified POST of Meta. The bytes are kept as they came: passthrough deliveries need them.
CREATE TABLE receipt (
	id          INTEGER PRIMARY KEY, -- the number of its first event
	events      INTEGER NOT NULL, -- their numbers follow each other
	received_at INTEGER NOT NULL, -- ms since 1970
	body        BLOB    NOT NULL,
	signature   TEXT    NOT NULL, -- the header that was verified
	secret_name TEXT    NOT NULL
) STRICT;

-- One update of one account, stored once. seq is the order of receiving.
CREATE TABLE event (
	seq         INTEGER PRIMARY KEY,
	event_id    TEXT    NOT NULL UNIQUE, -- grows with time: the index is written at its end
	receipt_id  INTEGER NOT NULL REFERENCES receipt (id),
	object      TEXT    NOT NULL,
	account_id  TEXT    NOT NULL,
	field       TEXT    NOT NULL,
	origin      TEXT    NOT NULL,
	sample      INTEGER NOT NULL DEFAULT 0, -- 1: Meta's Test button sent it
	occurred_at INTEGER,
	received_at INTEGER NOT NULL,
	value       TEXT    NOT NULL -- Meta's own JSON text
) STRICT;

-- What was seen, longer or shorter than the events themselves live. Both names are hashes, see relay/event.ts.
CREATE TABLE seen (
	key          TEXT    NOT NULL, -- of core's eventKey
	content_hash TEXT    NOT NULL,
	seen_at      INTEGER NOT NULL,
	PRIMARY KEY (key, content_hash)
) STRICT, WITHOUT ROWID;

-- An event for one subscriber. A lease is a pending delivery whose due_at lies ahead and whose lease is set:
-- when it ends without settlement the delivery is due again by itself.
CREATE TABLE delivery (
	event_seq     INTEGER NOT NULL REFERENCES event (seq),
	subscriber_id TEXT    NOT NULL,
	order_key     TEXT, -- the account, where its subscriber asks for order; NULL keeps it out of delivery_in_order
	state         TEXT    NOT NULL CHECK (state IN ('pending', 'delivered', 'dead')),
	due_at        INTEGER NOT NULL,
	attempts      INTEGER NOT NULL DEFAULT 0, -- since it was made or replayed
	lease         TEXT, -- holder:number
	replay        INTEGER NOT NULL DEFAULT 0, -- 1: somebody asked for it again
	settled_at    INTEGER,
	reason        TEXT, -- of the last attempt
	PRIMARY KEY (event_seq, subscriber_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX delivery_due ON delivery (subscriber_id, due_at) WHERE state = 'pending';
CREATE INDEX delivery_in_order ON delivery (subscriber_id, order_key, event_seq)
	WHERE state = 'pending' AND order_key IS NOT NULL;
CREATE INDEX delivery_leased ON delivery (subscriber_id, due_at) WHERE lease IS NOT NULL;
CREATE INDEX delivery_dead ON delivery (subscriber_id, event_seq) WHERE state = 'dead';

-- One HTTP try.
CREATE TABLE attempt (
	event_seq     INTEGER NOT NULL,
	subscriber_id TEXT    NOT NULL,
	number        INTEGER NOT NULL, -- goes on counting over replays
	started_at    INTEGER NOT NULL,
	duration_ms   INTEGER NOT NULL,
	status        INTEGER,
	reason        TEXT    NOT NULL,
	excerpt       TEXT    NOT NULL,
	PRIMARY KEY (event_seq, subscriber_id, number)
) STRICT, WITHOUT ROWID;

-- What is remembered of a subscriber between attempts.
CREATE TABLE subscriber (
	subscriber_id        TEXT PRIMARY KEY,
	known                INTEGER NOT NULL DEFAULT 0, -- in the file as last read
	revision             TEXT,
	ordered              INTEGER NOT NULL DEFAULT 0, -- 1: its pending deliveries carry their order_key
	pause_reason         TEXT,
	paused_by            TEXT CHECK (paused_by IN ('operator', 'relay')),
	paused_at            INTEGER,
	consecutive_failures INTEGER NOT NULL DEFAULT 0,
	held_until           INTEGER NOT NULL DEFAULT 0,
	refused_since        INTEGER, -- 401, 403 or 410 since then, and no success
	rate_tokens          REAL,
	rate_at              INTEGER,
	last_success_at      INTEGER,
	last_failure_at      INTEGER,
	last_failure_reason  TEXT
) STRICT, WITHOUT ROWID;

-- The subscribers file as it last could be read, for a start at which it cannot. It may hold secrets.
CREATE TABLE subscriber_list (
	id   INTEGER PRIMARY KEY CHECK (id = 1),
	text TEXT    NOT NULL
) STRICT;

-- What the admin side remembers: subscribers added on the dashboard (with their secrets), dismissed warnings, counts of charts.
CREATE TABLE note (
	name TEXT PRIMARY KEY,
	text TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- When an account was last heard of, by field: for warnings of silence and of standby.
CREATE TABLE account_field (
	account_id       TEXT    NOT NULL,
	field            TEXT    NOT NULL,
	events           INTEGER NOT NULL,
	last_received_at INTEGER NOT NULL,
	PRIMARY KEY (account_id, field)
) STRICT, WITHOUT ROWID;

-- The clock as the relay last saw it: one that was set back while the relay was down is noticed by it. check() writes here.
CREATE TABLE clock (
	id     INTEGER PRIMARY KEY CHECK (id = 1),
	at     INTEGER NOT NULL,
	checks INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO clock (id, at) VALUES (1, 0);
