import type { AttemptRow, DeliveryRow, EventDetail } from '@instagram-insights/webhook-relay/admin/admin-store';
import type { Database } from './database.ts';
import { DELIVERY, EVENT } from './shown-columns.ts';
import { storableText } from './storable-text.ts';

const ONE = `SELECT ${EVENT}, event.value, receipt.secret_name AS "secretName"
	FROM relay.event JOIN relay.receipt ON receipt.id = event.receipt_id WHERE event.event_id = $1`;
const ITS_DELIVERIES = `SELECT ${DELIVERY} WHERE delivery.event_seq = $1 ORDER BY delivery.subscriber_id`;
const ITS_ATTEMPTS = `
SELECT subscriber_id AS "subscriberId", number, started_at AS "startedAt", duration_ms AS "durationMs", status, reason, excerpt
FROM relay.attempt WHERE event_seq = $1 ORDER BY subscriber_id, number`;

/** One event whole, with its deliveries and their attempts. */
export async function readEvent(database: Database, eventId: string): Promise<EventDetail | null> {
	const [event] = await database.query<EventDetail['event']>('read', ONE, [storableText(eventId)]);
	if (event === undefined) return null;
	const [deliveries, attempts] = await Promise.all([
		database.query<DeliveryRow>('read', ITS_DELIVERIES, [event.seq]),
		database.query<AttemptRow & Pick<DeliveryRow, 'subscriberId'>>('read', ITS_ATTEMPTS, [event.seq]),
	]);
	return {
		event,
		deliveries: deliveries.map((delivery) => ({
			...delivery,
			attemptLog: attempts
				.filter(({ subscriberId }) => subscriberId === delivery.subscriberId)
				.map(({ subscriberId: _, ...attempt }) => attempt),
		})),
	};
}
