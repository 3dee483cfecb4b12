// What both stores make of the rows they read.
import { wants } from '../relay/rules.ts';
import type { AttemptRow, DeliveryRow, EventDetail, Page, ReplayRequest, ReplayStep } from './admin-store.ts';

/** @param rows one more than the limit, if there are more */
export function pageOf<Row extends { seq: number }>(rows: readonly Row[], limit: number): Page<Row> {
	const shown = rows.slice(0, limit);
	return { rows: shown, next: rows.length > limit ? (shown.at(-1)?.seq ?? null) : null };
}

/** A page of deliveries keeps the deliveries of one event together, because the next page begins before its seq. */
export function pageOfDeliveries(rows: readonly DeliveryRow[], limit: number): Page<DeliveryRow> {
	if (rows.length <= limit) return { rows, next: null };
	const last = rows.at(-1)?.seq;
	const whole = rows.filter(({ seq }) => seq !== last);
	const shown = whole.length > 0 ? whole : rows.slice(0, limit);
	return { rows: shown, next: shown.at(-1)?.seq ?? null };
}

export type SubscriberAttempt = AttemptRow & Pick<DeliveryRow, 'subscriberId'>;

/** Each delivery of an event with its attempts. */
export function withAttempts(
	deliveries: readonly DeliveryRow[],
	attempts: readonly SubscriberAttempt[],
): EventDetail['deliveries'] {
	return deliveries.map((delivery) => ({
		...delivery,
		attemptLog: attempts
			.filter(({ subscriberId }) => subscriberId === delivery.subscriberId)
			.map(({ subscriberId: _, ...attempt }) => attempt),
	}));
}

/** An event that a step of a replay looks at, with the state of this subscriber's delivery; null: it has none. */
export type ReplayRow = {
	readonly seq: number;
	readonly object: string;
	readonly field: string;
	readonly account_id: string;
	/** SQLite has no booleans */
	readonly sample: boolean | number;
	readonly received_at: number;
	readonly receipt_id: number;
	readonly state: string | null;
};

/**
 * Which of these events a replay delivers again, and where the next step begins. A body that goes as a whole has one
 * delivery, at one of its events.
 *
 * @param hasSibling has another event of the same receipt a delivery to this subscriber?
 */
export function chooseReplayed<Row extends ReplayRow>(
	rows: readonly Row[],
	request: ReplayRequest,
	hasSibling: (row: Row) => boolean,
): { readonly chosen: readonly Row[]; readonly step: ReplayStep } {
	const {
		rule,
		fields,
		accounts,
		since = 0,
		until = Number.POSITIVE_INFINITY,
		state,
		eventIds,
		after,
		limit,
	} = request;
	const carried = new Set<number>();
	const chosen = rows.filter((row) => {
		if (row.state === 'pending' || row.state !== (state ?? row.state)) return false;
		if (row.received_at < since || row.received_at >= until) return false;
		if (fields?.includes(row.field) === false || accounts?.includes(row.account_id) === false) return false;
		if (row.state !== null) return true;
		const { object, field, account_id: accountId } = row;
		if (!wants(rule, { object, field, accountId, sample: Boolean(row.sample) })) return false;
		if (rule.mode === 'event') return true;
		if (carried.has(row.receipt_id) || hasSibling(row)) return false;
		carried.add(row.receipt_id);
		return true;
	});
	const place =
		eventIds === undefined
			? { after: rows.at(-1)?.seq ?? after, done: rows.length < limit }
			: { after: after + limit, done: after + limit >= eventIds.length };
	return { chosen, step: { replayed: chosen.length, ...place } };
}
