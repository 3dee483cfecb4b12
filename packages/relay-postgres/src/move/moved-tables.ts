import type { ColumnKind } from './column-kind.ts';

/** A table of the target and where its rows come from. */
export type MovedTable = {
	/** in the schema `relay` */
	readonly name: string;
	/** in the order of `read` */
	readonly columns: Readonly<Record<string, ColumnKind>>;
	/** columns that name a row of `read` and give its order, served by a primary key of the source */
	readonly key: readonly string[];
	/** SELECT on the source */
	readonly read: string;
	/** for tables where several rows of the source make one of the target */
	readonly merge?: {
		/** the merged rows, as SELECT on the source */
		readonly read: string;
		/** how rows of one batch are merged: a SELECT on `given` */
		readonly given: string;
		/** how a batch meets rows that are there */
		readonly conflict: string;
	};
};

/** Counters have a row a replica in the target; the moved ones count under a number that no replica has. */
const MOVED_WRITER = -1;

/** Every table of the store, events before what refers to them. */
export const MOVED_TABLES: readonly MovedTable[] = [
	{
		name: 'receipt',
		columns: { id: 'bigint', received_at: 'bigint', body: 'bytes', signature: 'text', secret_name: 'text' },
		key: ['id'],
		read: 'SELECT id, received_at, body, signature, secret_name FROM receipt',
	},
	{
		name: 'event',
		columns: {
			...{ seq: 'bigint', event_id: 'text', receipt_id: 'bigint', object: 'text', account_id: 'text', field: 'text' },
			...{ origin: 'text', sample: 'flag', occurred_at: 'bigint', received_at: 'bigint', value: 'long' },
		},
		key: ['seq'],
		read: `SELECT seq, event_id, receipt_id, object, account_id, field, origin, sample, occurred_at, received_at, value FROM event`,
	},
	{
		name: 'seen',
		columns: { key: 'text', content_hash: 'text', seen_at: 'bigint' },
		key: ['key', 'content_hash'],
		read: 'SELECT key, content_hash, seen_at FROM seen',
	},
	{
		name: 'delivery',
		columns: {
			...{ event_seq: 'bigint', subscriber_id: 'text', account_id: 'indexed', state: 'text', due_at: 'bigint' },
			...{ attempts: 'integer', tries: 'integer', lease: 'text', replay: 'flag', settled_at: 'bigint', reason: 'text' },
		},
		key: ['event_seq', 'subscriber_id'],
		// Nobody holds a lease when the relay is stopped: what was leased had been due, and is due again at once.
		read: `SELECT d.event_seq, d.subscriber_id, coalesce(e.account_id, '') AS account_id, d.state,
			iif(d.lease IS NULL, d.due_at, coalesce(e.received_at, 0)) AS due_at, d.attempts,
			(SELECT coalesce(max(number), 0) FROM attempt a
				WHERE a.event_seq = d.event_seq AND a.subscriber_id = d.subscriber_id) AS tries,
			NULL AS lease, d.replay, d.settled_at, d.reason
			FROM delivery d LEFT JOIN event e ON e.seq = d.event_seq`,
	},
	{
		name: 'attempt',
		columns: {
			...{
				event_seq: 'bigint',
				subscriber_id: 'text',
				number: 'integer',
				started_at: 'bigint',
				duration_ms: 'integer',
			},
			...{ status: 'integer', reason: 'text', excerpt: 'text' },
		},
		key: ['event_seq', 'subscriber_id', 'number'],
		read: `SELECT event_seq, subscriber_id, number, started_at, duration_ms, status, reason, excerpt FROM attempt`,
	},
	{
		name: 'subscriber',
		columns: {
			...{ subscriber_id: 'text', known: 'flag', revision: 'text', pause_reason: 'text', paused_by: 'text' },
			...{ paused_at: 'bigint', consecutive_failures: 'integer', held_until: 'bigint', rate_tokens: 'double' },
			...{ refused_since: 'bigint', rate_at: 'bigint' },
		},
		key: ['subscriber_id'],
		read: `SELECT subscriber_id, known, revision, pause_reason, paused_by, paused_at, consecutive_failures, held_until,
			rate_tokens, refused_since, rate_at FROM subscriber`,
	},
	{
		name: 'subscriber_list',
		columns: { id: 'smallint', text: 'text' },
		key: ['id'],
		read: 'SELECT id, text FROM subscriber_list',
	},
	{
		name: 'note',
		columns: { name: 'text', text: 'text' },
		key: ['name'],
		read: 'SELECT name, text FROM note',
	},
	{
		name: 'subscriber_clock',
		columns: {
			...{ subscriber_id: 'text', writer: 'smallint', last_success_at: 'bigint', last_failure_at: 'bigint' },
			...{ last_failure_reason: 'text' },
		},
		key: ['subscriber_id'],
		read: `SELECT subscriber_id, ${MOVED_WRITER} AS writer, last_success_at, last_failure_at, last_failure_reason
			FROM subscriber WHERE coalesce(last_success_at, last_failure_at) IS NOT NULL`,
	},
	{
		name: 'account_field',
		columns: {
			...{ account_id: 'indexed', field: 'indexed', writer: 'smallint', events: 'bigint', last_received_at: 'bigint' },
		},
		key: ['account_id', 'field'],
		read: `SELECT account_id, field, ${MOVED_WRITER} AS writer, events, last_received_at FROM account_field`,
		// Two names may become one text where PostgreSQL cannot hold a letter of them.
		merge: {
			read: `SELECT indexable(account_id), indexable(field), ${MOVED_WRITER}, sum(events), max(last_received_at)
				FROM account_field GROUP BY 1, 2`,
			given: `SELECT account_id, field, writer, sum(events)::bigint, max(last_received_at)
				FROM given GROUP BY account_id, field, writer`,
			conflict: `(account_id, field, writer) DO UPDATE SET events = known.events + excluded.events,
				last_received_at = greatest(known.last_received_at, excluded.last_received_at)`,
		},
	},
];
