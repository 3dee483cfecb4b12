import { BEGINNING_LENGTH } from '@instagram-insights/webhook-relay/admin/admin-store';

/** An event as lists show it. */
export const EVENT = `event.seq, event.event_id AS "eventId", event.object, event.field, event.account_id AS "accountId", event.origin, event.sample,
	event.occurred_at AS "occurredAt", event.received_at AS "receivedAt",
	left(event.value, ${BEGINNING_LENGTH}) AS beginning,
	(SELECT count(*) FROM relay.delivery WHERE event_seq = event.seq AND state = 'pending') AS pending,
	(SELECT count(*) FROM relay.delivery WHERE event_seq = event.seq AND state = 'delivered') AS delivered,
	(SELECT count(*) FROM relay.delivery WHERE event_seq = event.seq AND state = 'dead') AS dead`;
/** A delivery as lists show it, and where it is from. */
export const DELIVERY = `event.seq, event.event_id AS "eventId", delivery.subscriber_id AS "subscriberId", event.field,
	event.account_id AS "accountId", event.received_at AS "receivedAt", delivery.state, delivery.attempts,
	delivery.due_at AS "dueAt", delivery.lease IS NOT NULL AS leased, delivery.replay, delivery.settled_at AS "settledAt", delivery.reason
	FROM relay.delivery JOIN relay.event ON event.seq = delivery.event_seq`;
