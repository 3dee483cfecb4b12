import type { DatabaseSync } from 'node:sqlite';
import { type ReadEvent, type Receipt, readReceipt } from '../relay/event.ts';
import { fanOut, type RoutingRule } from '../relay/rules.ts';
import type { Appended } from '../relay/store.ts';

export type AppendOptions = {
	/** how long a repetition is recognised */
	readonly dedupMs: number;
	readonly newEventId: (nowMs: number) => string;
	/** throws when no more may be taken in */
	readonly checkRoom: () => void;
	/** who gets events, as of now */
	readonly rules: () => readonly RoutingRule[];
};
type Stored = Omit<Appended, 'commitMs'>;

/** Storing receipts: their bytes, new events, dedup keys and all deliveries. Runs inside the transaction of the caller. */
export function prepareAppend(database: DatabaseSync, options: AppendOptions) {
	const { dedupMs, newEventId, checkRoom } = options;
	const lastSeq = database.prepare('SELECT coalesce(max(seq), 0) AS seq FROM event');
	const insertReceipt = database.prepare(
		'INSERT INTO receipt (id, events, received_at, body, signature, secret_name) VALUES (?, ?, ?, ?, ?, ?)',
	);
	const insertEvent = database.prepare(
		`INSERT INTO event (seq, event_id, receipt_id, object, account_id, field, origin, sample, occurred_at, received_at, value)
		 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
	);
	const insertDelivery = database.prepare(
		`INSERT INTO delivery (event_seq, subscriber_id, order_key, state, due_at) VALUES (?, ?, ?, 'pending', ?)`,
	);
	const judge = prepareRecognition(database, dedupMs);
	const noteAccounts = prepareAccountNotes(database);

	/** @param before the number of the last event stored before */
	function append(receipt: Receipt, rules: readonly RoutingRule[], before: number): Stored {
		const { receivedAt, body, signature, secretName } = receipt;
		const judged = readReceipt(receipt).map((event) => ({ event, verdict: judge(event, receivedAt) }));
		const fresh = judged.filter(({ verdict }) => verdict !== 'duplicate').map(({ event }) => event);
		const repeated = judged
			.filter(({ verdict }) => verdict === 'duplicate')
			.map(({ event: { object, field, accountId, sample } }) => ({ object, field, accountId, sample }));
		const duplicates = repeated.length;
		if (fresh.length === 0) return { stored: [], duplicates, repeated, changed: 0, subscribers: [] };

		// A receipt has the number of its first event, and the others follow.
		const first = before + 1;
		insertReceipt.run(first, fresh.length, receivedAt, Buffer.from(body, 'latin1'), signature, secretName);
		const stored = fresh.map((event, index) => {
			const { object, accountId, field, origin, sample, occurredAt, value } = event;
			const eventId = newEventId(receivedAt);
			const kind = [object, accountId, field, origin, sample ? 1 : 0] as const;
			insertEvent.run(first + index, eventId, first, ...kind, occurredAt, receivedAt, value);
			return { eventId, object, field, accountId, sample };
		});
		const deliveries = fanOut(rules, fresh);
		for (const [index, { id, order }] of deliveries) {
			const orderKey = order === 'account' ? (fresh[index]?.accountId ?? null) : null;
			insertDelivery.run(first + index, id, orderKey, receivedAt);
		}
		return {
			stored,
			duplicates,
			repeated,
			changed: judged.filter(({ verdict }) => verdict === 'changed').length,
			subscribers: [...new Set(deliveries.map(([, rule]) => rule.id))],
		};
	}

	return function appendAll(receipts: readonly Receipt[]): readonly Stored[] {
		checkRoom();
		const rules = options.rules();
		let before = Number(lastSeq.get()?.seq);
		const results = receipts.map((receipt) => {
			const stored = append(receipt, rules, before);
			before += stored.stored.length;
			return stored;
		});
		noteAccounts(results, receipts.at(-1)?.receivedAt ?? 0);
		return results;
	};
}

/** Look the event up and remember it: is it new, new under a known key, or a repetition? */
function prepareRecognition(database: DatabaseSync, dedupMs: number) {
	// Both served by the primary key of seen.
	const find = database.prepare('SELECT content_hash, seen_at FROM seen WHERE key = ?');
	const remember = database.prepare('INSERT OR REPLACE INTO seen (key, content_hash, seen_at) VALUES (?, ?, ?)');
	return ({ key, contentHash }: ReadEvent, receivedAt: number): 'new' | 'changed' | 'duplicate' => {
		if (key === null) return 'new';
		const known = find.all(key).filter((row) => Number(row.seen_at) > receivedAt - dedupMs);
		if (known.some((row) => row.content_hash === contentHash)) return 'duplicate';
		remember.run(key, contentHash, receivedAt);
		return known.length > 0 ? 'changed' : 'new';
	};
}

/** When each account was last heard of: written once for all events of a commit, not once for each. */
function prepareAccountNotes(database: DatabaseSync) {
	const note = database.prepare(
		`INSERT INTO account_field (account_id, field, events, last_received_at) VALUES (?, ?, ?, ?)
		 ON CONFLICT DO UPDATE SET events = events + excluded.events,
			last_received_at = max(last_received_at, excluded.last_received_at)`,
	);
	return (results: readonly Stored[], receivedAt: number): void => {
		const counts = new Map<string, { accountId: string; field: string; events: number }>();
		for (const { stored } of results) {
			for (const { accountId, field } of stored) {
				const name = `${accountId}\n${field}`;
				const count = counts.get(name);
				if (count === undefined) counts.set(name, { accountId, field, events: 1 });
				else count.events += 1;
			}
		}
		for (const { accountId, field, events } of counts.values()) note.run(accountId, field, events, receivedAt);
	};
}
