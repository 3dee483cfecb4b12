-- The tables of the SQLite store, shaped for several replicas. Times are ms since 1970. Rows refer to each other without
-- foreign keys: prune alone removes, children first, and a key check would lock the parent row at each insert.

-- One verified POST of Meta. The bytes are kept as they came: passthrough deliveries need them.
CREATE SEQUENCE relay.receipt_id;
CREATE TABLE relay.receipt (
	id          bigint PRIMARY KEY,
	received_at bigint NOT NULL,
	body        bytea  NOT NULL,
	signature   text   NOT NULL, -- the header that was verified
	secret_name text   NOT NULL
);

-- One update of one account, stored once. seq is the order of receiving.
CREATE SEQUENCE relay.event_seq;
CREATE TABLE relay.event (
	seq         bigint PRIMARY KEY,
	event_id    text   NOT NULL UNIQUE, -- grows with time: the index is written near its end
	receipt_id  bigint NOT NULL,
	object      text   NOT NULL,
	account_id  text   NOT NULL,
	field       text   NOT NULL,
	origin      text   NOT NULL,
	sample      boolean NOT NULL DEFAULT false, -- Meta's Test button sent it
	occurred_at bigint,
	received_at bigint NOT NULL,
	value       text   NOT NULL -- Meta's own JSON text: jsonb would refuse \u0000 and change numbers
);

-- Retention asks whether a receipt still has events.
CREATE INDEX event_of_receipt ON relay.event (receipt_id);

-- What was seen, longer or shorter than the events themselves live. Its primary key is what keeps two replicas from
-- storing one event twice: the second waits for the first one's commit.
CREATE TABLE relay.seen (
	key          text   NOT NULL, -- a hash of core's eventKey
	content_hash text   NOT NULL,
	seen_at      bigint NOT NULL,
	PRIMARY KEY (key, content_hash)
);
CREATE INDEX seen_by_age ON relay.seen (seen_at);

-- An event for one subscriber. A lease is a pending delivery whose due_at lies ahead and whose lease is set:
-- when it ends without settlement the delivery is due again by itself.
CREATE TABLE relay.delivery (
	event_seq     bigint  NOT NULL,
	subscriber_id text    NOT NULL,
	account_id    text    NOT NULL, -- shortened: it is part of an index
	state         text    NOT NULL CHECK (state IN ('pending', 'delivered', 'dead')),
	due_at        bigint  NOT NULL,
	attempts      integer NOT NULL DEFAULT 0, -- since it was made or replayed
	tries         integer NOT NULL DEFAULT 0, -- ever; the number of its last attempt
	lease         text, -- holder:number
	replay        boolean NOT NULL DEFAULT false, -- somebody asked for it again
	settled_at    bigint,
	reason        text, -- of the last attempt
	PRIMARY KEY (event_seq, subscriber_id)
);

-- What a claim reads: nothing but what waits, in the order it is due.
CREATE INDEX delivery_due ON relay.delivery (subscriber_id, due_at, event_seq) WHERE state = 'pending';
CREATE INDEX delivery_in_order ON relay.delivery (subscriber_id, account_id, event_seq) WHERE state = 'pending';
CREATE INDEX delivery_leased ON relay.delivery (subscriber_id, due_at) WHERE lease IS NOT NULL;
CREATE INDEX delivery_dead ON relay.delivery (subscriber_id, event_seq) WHERE state = 'dead';

-- One HTTP try.
CREATE TABLE relay.attempt (
	event_seq     bigint  NOT NULL,
	subscriber_id text    NOT NULL,
	number        integer NOT NULL, -- goes on counting over replays
	started_at    bigint  NOT NULL,
	duration_ms   integer NOT NULL,
	status        integer,
	reason        text    NOT NULL,
	excerpt       text    NOT NULL,
	PRIMARY KEY (event_seq, subscriber_id, number)
);

-- What is remembered of a subscriber between attempts, for all replicas. A claim locks its row, and so the limits hold.
CREATE TABLE relay.subscriber (
	subscriber_id        text PRIMARY KEY,
	known                boolean NOT NULL DEFAULT false, -- in the file as last read
	revision             text,
	pause_reason         text,
	paused_by            text CHECK (paused_by IN ('operator', 'relay')),
	paused_at            bigint,
	consecutive_failures integer NOT NULL DEFAULT 0,
	held_until           bigint  NOT NULL DEFAULT 0,
	refused_since        bigint, -- 401, 403 or 410 since then, and no success
	rate_tokens          double precision,
	rate_at              bigint
) WITH (fillfactor = 50);

-- The subscribers file as it last could be read, for a start at which it cannot. It may hold secrets.
CREATE TABLE relay.subscriber_list (
	id   smallint PRIMARY KEY CHECK (id = 1),
	text text NOT NULL
);

-- What the admin side remembers: subscribers added on the dashboard (with their secrets), dismissed warnings, counts of charts.
CREATE TABLE relay.note (
	name text PRIMARY KEY,
	text text NOT NULL
);

-- Counters that every commit touches have one row per writer, or replicas would wait for each other's commits.

-- When a subscriber last answered.
CREATE TABLE relay.subscriber_clock (
	subscriber_id       text     NOT NULL,
	writer              smallint NOT NULL,
	last_success_at     bigint,
	last_failure_at     bigint,
	last_failure_reason text,
	PRIMARY KEY (subscriber_id, writer)
) WITH (fillfactor = 50);

-- When an account was last heard of, by field: for warnings of silence and of standby.
CREATE TABLE relay.account_field (
	account_id       text     NOT NULL, -- shortened: it is part of an index
	field            text     NOT NULL,
	writer           smallint NOT NULL,
	events           bigint   NOT NULL,
	last_received_at bigint   NOT NULL,
	PRIMARY KEY (account_id, field, writer)
) WITH (fillfactor = 50);

-- The clock of each replica as it last saw it: one that was set back while the replica was down is noticed by it. check()
-- writes here.
CREATE TABLE relay.clock (
	writer smallint PRIMARY KEY,
	at     bigint NOT NULL DEFAULT 0,
	checks bigint NOT NULL DEFAULT 0
);

-- A row of delivery dies at each claim and each settlement: clean up after thousands, not after a fifth of the table.
ALTER TABLE relay.delivery SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);
ALTER TABLE relay.subscriber SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
ALTER TABLE relay.subscriber_clock SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
