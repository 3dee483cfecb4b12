import { hash } from 'node:crypto';
import { type ReadEvent, type Receipt, readReceipt } from '@instagram-insights/webhook-relay/relay/event';
import { fanOut, type Routable, type RoutingRule } from '@instagram-insights/webhook-relay/relay/rules';
import type { Appended } from '@instagram-insights/webhook-relay/relay/store';
import type { Connection } from './database.ts';
import { indexableText, storableText } from './storable-text.ts';

export type AppendOptions = {
	readonly dedupMs: number;
	readonly newEventId: (nowMs: number) => string;
	/** which rows of the counters this replica writes */
	readonly writer: number;
};
export type Stored = Omit<Appended, 'commitMs'>;

type Judged = {
	readonly receipt: Receipt;
	readonly verdicts: readonly Verdict[];
	readonly fresh: readonly FreshEvent[];
	readonly repeated: readonly Routable[];
};
type FreshEvent = ReadEvent & { readonly eventId: string };

/**
 * Held until the commit: events of one account get their place and become visible in the same order on all replicas.
 * Without it a later event could be claimed while an earlier one is still being committed.
 */
const LOCK_ACCOUNTS = 'SELECT pg_advisory_xact_lock(1785096, account) FROM unnest($1::int[]) AS account';

/** All rows of a batch in one statement. Sequences give ids and places in the order of the arrays. */
const INSERT = `
WITH receipts AS (
	SELECT nextval('relay.receipt_id') AS id, given.*
	FROM unnest($1::bigint[], $2::bytea[], $3::text[], $4::text[]) WITH ORDINALITY
		AS given (received_at, body, signature, secret_name, place)
), events AS (
	SELECT nextval('relay.event_seq') AS seq, given.*
	FROM unnest($5::int[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::bigint[], $12::text[], $16::boolean[])
		WITH ORDINALITY AS given (receipt, event_id, object, account_id, field, origin, occurred_at, value, sample, place)
), new_receipts AS (
	INSERT INTO relay.receipt (id, received_at, body, signature, secret_name)
	SELECT id, received_at, body, signature, secret_name FROM receipts
), new_events AS (
	INSERT INTO relay.event (seq, event_id, receipt_id, object, account_id, field, origin, sample, occurred_at, received_at, value)
	SELECT events.seq, events.event_id, receipts.id, events.object, events.account_id, events.field, events.origin,
		events.sample, events.occurred_at, receipts.received_at, events.value
	FROM events JOIN receipts ON receipts.place = events.receipt
)
INSERT INTO relay.delivery (event_seq, subscriber_id, account_id, state, due_at)
SELECT events.seq, given.subscriber_id, given.account_id, 'pending', receipts.received_at
FROM unnest($13::int[], $14::text[], $15::text[]) AS given (event, subscriber_id, account_id)
	JOIN events ON events.place = given.event JOIN receipts ON receipts.place = events.receipt`;

/** Served by the primary key of account_field. */
const TOUCH_ACCOUNTS = `
INSERT INTO relay.account_field AS known (account_id, field, writer, events, last_received_at)
SELECT account_id, field, $1::smallint, events, last_received_at
FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[]) AS given (account_id, field, events, last_received_at)
ON CONFLICT (account_id, field, writer) DO UPDATE SET events = known.events + excluded.events,
	last_received_at = greatest(known.last_received_at, excluded.last_received_at)`;

/** Store receipts in one transaction, which the caller commits: bytes, new events, dedup keys, all deliveries. */
export async function appendReceipts(
	connection: Connection,
	receipts: readonly Receipt[],
	{ rules, dedupMs, newEventId, writer }: AppendOptions & { readonly rules: readonly RoutingRule[] },
): Promise<readonly Stored[]> {
	const read = receipts.map((receipt) => ({ receipt, events: readReceipt(receipt) }));
	const flat = read.flatMap(({ receipt, events }) =>
		events.map((event) => ({ event, receivedAt: receipt.receivedAt })),
	);
	if (rules.some(({ order }) => order === 'account')) {
		await connection.query({ name: 'lock-accounts', text: LOCK_ACCOUNTS, values: [accountLocks(flat)] });
	}
	const verdicts = await judgeEvents(connection, flat, dedupMs);

	let place = 0;
	const judged = read.map(({ receipt, events }): Judged => {
		const own = verdicts.slice(place, place + events.length);
		place += events.length;
		const fresh = events.filter((_, index) => own[index] !== 'duplicate');
		const repeated = events.filter((_, index) => own[index] === 'duplicate');
		return {
			receipt,
			verdicts: own,
			fresh: fresh.map((event) => ({ ...event, eventId: newEventId(receipt.receivedAt) })),
			repeated: repeated.map(({ object, field, accountId, sample }) => ({ object, field, accountId, sample })),
		};
	});
	const deliveries = judged.map(({ fresh }) => fanOut(rules, fresh));
	const kept = judged.flatMap((one, index) =>
		one.fresh.length > 0 ? [{ ...one, deliveries: deliveries[index] ?? [] }] : [],
	);
	if (kept.length > 0) {
		await Promise.all([
			connection.query({ name: 'insert-batch', text: INSERT, values: insertValues(kept) }),
			connection.query({ name: 'touch-accounts', text: TOUCH_ACCOUNTS, values: [writer, ...accountValues(kept)] }),
		]);
	}
	return judged.map(({ verdicts: own, fresh, repeated }, index) => ({
		stored: fresh.map(({ eventId, object, field, accountId, sample }) => ({
			eventId,
			object,
			field,
			accountId,
			sample,
		})),
		duplicates: repeated.length,
		repeated,
		changed: own.filter((verdict) => verdict === 'changed').length,
		subscribers: [...new Set(deliveries[index]?.map(([, rule]) => rule.id))],
	}));
}

type Kept = Judged & { readonly deliveries: readonly [number, RoutingRule][] };

/** The columns of a batch, one array each. Places count from one, as ORDINALITY does. */
function insertValues(kept: readonly Kept[]): unknown[] {
	const events = kept.flatMap(({ fresh }, receipt) => fresh.map((event) => ({ ...event, receipt: receipt + 1 })));
	let before = 0;
	const deliveries = kept.flatMap(({ fresh, deliveries: own }) => {
		const rows = own.map(([index, { id }]) => {
			return { event: before + index + 1, id, accountId: indexableText(fresh[index]?.accountId ?? '') };
		});
		before += fresh.length;
		return rows;
	});
	return [
		kept.map(({ receipt }) => receipt.receivedAt),
		kept.map(({ receipt }) => Buffer.from(receipt.body, 'latin1')),
		kept.map(({ receipt }) => storableText(receipt.signature)),
		kept.map(({ receipt }) => receipt.secretName),
		events.map(({ receipt }) => receipt),
		events.map(({ eventId }) => eventId),
		events.map(({ object }) => storableText(object)),
		events.map(({ accountId }) => storableText(accountId)),
		events.map(({ field }) => storableText(field)),
		events.map(({ origin }) => origin),
		events.map(({ occurredAt }) => occurredAt),
		events.map(({ value }) => storableText(value)),
		deliveries.map(({ event }) => event),
		deliveries.map(({ id }) => id),
		deliveries.map(({ accountId }) => accountId),
		events.map(({ sample }) => sample),
	];
}

function accountValues(kept: readonly Kept[]): unknown[][] {
	const events = kept.flatMap(({ receipt, fresh }) =>
		fresh.map(({ accountId, field }) => ({
			account: indexableText(accountId),
			field: indexableText(field),
			receivedAt: receipt.receivedAt,
		})),
	);
	const rows = [...Map.groupBy(events, ({ account, field }) => `${account}\n${field}`)]
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([, group]) => group);
	return [
		rows.map(([first]) => first?.account ?? ''),
		rows.map(([first]) => first?.field ?? ''),
		rows.map((group) => group.length),
		rows.map((group) => Math.max(...group.map(({ receivedAt }) => receivedAt))),
	];
}

/** Sorted, so that two batches with the same accounts cannot wait for each other in a circle. */
function accountLocks(events: readonly { readonly event: ReadEvent }[]): number[] {
	const accounts = new Set(events.map(({ event }) => event.accountId));
	return [...accounts].map((account) => hash('sha256', account, 'buffer').readInt32BE(0)).sort((a, b) => a - b);
}

export type Verdict = 'new' | 'changed' | 'duplicate';
type Judgeable = { readonly event: ReadEvent; readonly receivedAt: number };

/**
 * Remember what was not seen within the dedup time, and return which that was. Served by the primary key of seen: two
 * replicas that insert one key at the same moment wait for each other there, and the second finds a duplicate. Keys come
 * sorted, so that two such transactions cannot wait for each other in a circle.
 */
const REMEMBER = `
WITH given AS (
	SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[]) AS given (key, content_hash, seen_at)
), known AS (
	SELECT key, content_hash, seen_at FROM relay.seen WHERE key = ANY ($1::text[])
), remembered AS (
	INSERT INTO relay.seen AS seen (key, content_hash, seen_at)
	SELECT key, content_hash, seen_at FROM given ORDER BY key, content_hash
	ON CONFLICT (key, content_hash) DO UPDATE SET seen_at = excluded.seen_at
		WHERE seen.seen_at <= excluded.seen_at - $4::bigint
	RETURNING key, content_hash
)
SELECT key, content_hash, EXISTS (
	SELECT 1 FROM known WHERE known.key = given.key AND known.content_hash <> given.content_hash
		AND known.seen_at > given.seen_at - $4::bigint
) AS changed
FROM remembered JOIN given USING (key, content_hash)`;

/** Is each event new, new under a known key, or a repetition? Verdicts come in the order of the events. */
export async function judgeEvents(
	connection: Connection,
	events: readonly Judgeable[],
	dedupMs: number,
): Promise<readonly Verdict[]> {
	const asked = new Map<string, { key: string; hash: string; seenAt: number }>();
	for (const { event, receivedAt } of events) {
		const { key, contentHash: hash } = event;
		if (key !== null && !asked.has(nameOf(key, hash))) asked.set(nameOf(key, hash), { key, hash, seenAt: receivedAt });
	}
	const fresh = new Map<string, boolean>();
	if (asked.size > 0) {
		const sorted = [...asked].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
		const { rows } = await connection.query<{ key: string; content_hash: string; changed: boolean }>({
			name: 'remember-seen',
			text: REMEMBER,
			values: [
				sorted.map(({ key }) => key),
				sorted.map(({ hash }) => hash),
				sorted.map(({ seenAt }) => seenAt),
				dedupMs,
			],
		});
		for (const row of rows) fresh.set(nameOf(row.key, row.content_hash), row.changed);
	}

	const keys = new Set<string>();
	return events.map(({ event }): Verdict => {
		const { key, contentHash: hash } = event;
		if (key === null) return 'new';
		const name = nameOf(key, hash);
		const changed = fresh.get(name);
		// The first of its kind takes the place; those after it in the batch repeat it.
		if (changed === undefined) return 'duplicate';
		fresh.delete(name);
		const before = keys.has(key);
		keys.add(key);
		return changed || before ? 'changed' : 'new';
	});
}

function nameOf(key: string, hash: string): string {
	return `${key}\n${hash}`;
}
