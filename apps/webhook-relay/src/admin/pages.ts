// What both stores make of the rows they read for people.
import type { AttemptRow, DeliveryRow, EventDetail, Page } from './admin-store.ts';

/** @param rows one more than the limit, if there are more */
export function pageOf<Row extends { seq: number }>(rows: readonly Row[], limit: number): Page<Row> {
	const shown = rows.slice(0, limit);
	return { rows: shown, next: rows.length > limit ? (shown.at(-1)?.seq ?? null) : null };
}

/** A page of deliveries keeps those of one event together, since the next page begins before its seq. */
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
