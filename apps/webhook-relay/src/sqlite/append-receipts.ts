import type { DatabaseSync } from 'node:sqlite';
import { type Receipt, readReceipt } from '../relay/event.ts';
import { fanOut, type RoutingRule } from '../relay/rules.ts';
import type { Appended } from '../relay/store.ts';
import type { prepareRecognition } from './recognise-events.ts';

export type AppendOptions = {
	/** throws when no more may be taken in */
	readonly checkRoom: () => void;
	readonly recognise: ReturnType<typeof prepareRecognition>;
	readonly newEventId: (nowMs: number) => string;
};
type Stored = Omit<Appended, 'commitMs'>;

/**
 * Storing receipts: their bytes, their new events, the dedup keys, all deliveries. Runs inside the transaction of the
 * caller, which commits for many receipts at once.
 */
export function prepareAppend(database: DatabaseSync, { recognise, checkRoom, newEventId }: AppendOptions) {
	const insertReceipt = database.prepare(
		'INSERT INTO receipt (received_at, body, signature, secret_name) VALUES (?, ?, ?, ?)',
	);
	const insertEvent = database.prepare(
		`INSERT INTO event (event_id, receipt_id, object, account_id, field, origin, sample, occurred_at, received_at, value)
		 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
	);
	const insertDelivery = database.prepare(
		`INSERT INTO delivery (event_seq, subscriber_id, order_key, state, due_at) VALUES (?, ?, ?, 'pending', ?)`,
	);
	const noteAccounts = prepareAccountNotes(database);

	function append(receipt: Receipt, rules: readonly RoutingRule[]): Stored {
		const { receivedAt, body, signature, secretName } = receipt;
		const judged = readReceipt(receipt).map((event) => ({ event, verdict: recognise.judge(event, receivedAt) }));
		const fresh = judged.filter(({ verdict }) => verdict !== 'duplicate').map(({ event }) => event);
		const repeated = judged
			.filter(({ verdict }) => verdict === 'duplicate')
			.map(({ event: { object, field, accountId } }) => ({ object, field, accountId }));
		const duplicates = repeated.length;
		if (fresh.length === 0) return { stored: [], duplicates, repeated, changed: 0, subscribers: [] };

		const receiptId = insertReceipt.run(receivedAt, Buffer.from(body, 'latin1'), signature, secretName).lastInsertRowid;
		const deliveries = fanOut(rules, fresh);
		const seqs: (number | bigint)[] = [];
		const stored = fresh.map(({ object, accountId, field, origin, sample, occurredAt, value }) => {
			const eventId = newEventId(receivedAt);
			const kind = [object, accountId, field, origin, sample ? 1 : 0] as const;
			seqs.push(insertEvent.run(eventId, receiptId, ...kind, occurredAt, receivedAt, value).lastInsertRowid);
			return { eventId, object, field, accountId, sample };
		});
		for (const [index, { id, order }] of deliveries) {
			const orderKey = order === 'account' ? (fresh[index]?.accountId ?? null) : null;
			insertDelivery.run(seqs[index] ?? null, id, orderKey, receivedAt);
		}
		return {
			stored,
			duplicates,
			repeated,
			changed: judged.filter(({ verdict }) => verdict === 'changed').length,
			subscribers: [...new Set(deliveries.map(([, rule]) => rule.id))],
		};
	}

	return function appendAll(receipts: readonly Receipt[], rules: readonly RoutingRule[]): readonly Stored[] {
		checkRoom();
		recognise.catchUp();
		const results = receipts.map((receipt) => append(receipt, rules));
		noteAccounts(results, receipts.at(-1)?.receivedAt ?? 0);
		return results;
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
