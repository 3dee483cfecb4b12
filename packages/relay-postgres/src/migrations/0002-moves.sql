-- The move of a SQLite store into this database by the command `migrate`, if there was one. Until it is finished no relay
-- starts here. Times are ms since 1970.
CREATE TABLE relay.move (
	id           smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1), -- a database takes one
	last_receipt bigint NOT NULL,
	last_event   bigint NOT NULL, -- a higher number was not moved but received here
	started_at   bigint NOT NULL,
	finished_at  bigint
);

-- What the source held when the move began, and how far it came: changed in the transaction that brings the rows.
CREATE TABLE relay.moved_table (
	name        text   PRIMARY KEY,
	source_rows bigint NOT NULL,
	source_hash text   NOT NULL,
	moved_rows  bigint NOT NULL DEFAULT 0,
	place       text -- key of the last row moved, as JSON
);
