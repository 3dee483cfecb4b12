import { randomBytes } from 'node:crypto';
import { allow, type ClaimRow, type HealthRow, refuseClaim } from '@instagram-insights/webhook-relay/guard/limits';
import type { Claimed, ClaimedDelivery, ClaimRequest } from '@instagram-insights/webhook-relay/relay/store';
import type { Connection, Database } from './database.ts';

type Preview = HealthRow & { due: boolean; next_due: number | null };
/** Is there anything to do? Locks nothing and writes nothing, so that lanes at rest cost PostgreSQL a look at an index. */
const LOOK = `
SELECT paused_by, consecutive_failures, held_until, refused_since,
	EXISTS (SELECT 1 FROM relay.delivery
		WHERE subscriber_id = $1 AND state = 'pending' AND due_at <= $2) AS due,
	(SELECT due_at FROM relay.delivery
		WHERE subscriber_id = $1 AND state = 'pending' AND due_at > $2 ORDER BY due_at LIMIT 1) AS next_due
FROM relay.subscriber WHERE subscriber_id = $1`;

/** The row's lock makes claims of one subscriber wait for each other, on all replicas: the limits are checked behind it. */
const LOCK_SUBSCRIBER = `
SELECT paused_by, consecutive_failures, held_until, refused_since, rate_tokens, rate_at
FROM relay.subscriber WHERE subscriber_id = $1 FOR UPDATE`;
/** Served by delivery_leased. A statement of its own: it must see what was committed while we waited for the lock. */
const COUNT_LEASED = `
SELECT count(*)::int AS leased FROM relay.delivery WHERE subscriber_id = $1 AND lease IS NOT NULL AND due_at > $2`;

/** Served by delivery_due: due time, then order of receiving. Rows that a settlement holds are passed over. */
const DUE_BY_TIME = `
SELECT event_seq, due_at FROM relay.delivery
WHERE subscriber_id = $1 AND state = 'pending' AND due_at <= $2`;
/**
 * The oldest pending delivery of each account, leased ones included; of them those that are due, of accounts that have
 * no other under way. The recursion steps from account to account on delivery_in_order: one look-up per account.
 */
const DUE_BY_ACCOUNT = `
SELECT event_seq, due_at FROM relay.delivery
WHERE subscriber_id = $1 AND state = 'pending' AND due_at <= $2 AND event_seq IN (
	WITH RECURSIVE account (id) AS (
		(SELECT account_id FROM relay.delivery WHERE subscriber_id = $1 AND state = 'pending' ORDER BY account_id LIMIT 1)
		UNION ALL
		SELECT (SELECT account_id FROM relay.delivery
			WHERE subscriber_id = $1 AND state = 'pending' AND account_id > account.id ORDER BY account_id LIMIT 1)
		FROM account WHERE account.id IS NOT NULL
	)
	SELECT (SELECT event_seq FROM relay.delivery
		WHERE subscriber_id = $1 AND state = 'pending' AND account_id = account.id ORDER BY event_seq LIMIT 1)
	FROM account WHERE account.id IS NOT NULL AND account.id NOT IN (
		SELECT account_id FROM relay.delivery WHERE subscriber_id = $1 AND lease IS NOT NULL AND due_at > $2)
)`;
const OLDEST = 'ORDER BY due_at, event_seq LIMIT $3 FOR UPDATE SKIP LOCKED';
/** Not the last due: that is one which failed before. */
const NEWEST = 'ORDER BY event_seq DESC LIMIT $3 FOR UPDATE SKIP LOCKED';

/** What a delivery carries of its event: the columns of `EventPayload` in relay.event. */
export const CARRIED = `event.event_id AS "eventId", event.object, event.sample, event.field, event.account_id AS "accountId",
	event.occurred_at AS "occurredAt", event.received_at AS "receivedAt", event.value`;
const lease = (due: string, withBody: boolean) => `
WITH due AS MATERIALIZED (${due}), leased AS (
	UPDATE relay.delivery SET lease = $4, due_at = $5 FROM due
	WHERE delivery.event_seq = due.event_seq AND delivery.subscriber_id = $1
	RETURNING delivery.event_seq, delivery.attempts, delivery.replay, due.due_at
)
SELECT leased.attempts, leased.replay, ${CARRIED},
	${withBody ? 'receipt.body, receipt.signature' : 'NULL AS body, NULL AS signature'}
FROM leased JOIN relay.event ON event.seq = leased.event_seq
	${withBody ? 'JOIN relay.receipt ON receipt.id = event.receipt_id' : ''}
ORDER BY leased.due_at, leased.event_seq`;
const leases = (due: string) => ({
	body: { oldest: lease(`${due} ${OLDEST}`, true), newest: lease(`${due} ${NEWEST}`, true) },
	bare: { oldest: lease(`${due} ${OLDEST}`, false), newest: lease(`${due} ${NEWEST}`, false) },
});
const LEASE = { none: leases(DUE_BY_TIME), account: leases(DUE_BY_ACCOUNT) };
/** Served by delivery_due. */
const NEXT_DUE = `
SELECT due_at FROM relay.delivery WHERE subscriber_id = $1 AND state = 'pending' AND due_at > $2 ORDER BY due_at LIMIT 1`;
const SPEND = 'UPDATE relay.subscriber SET rate_tokens = $2, rate_at = $3 WHERE subscriber_id = $1';

const NOTHING: Claimed = { deliveries: [], wakeAt: null, hold: null };

/** Leasing due deliveries within the limits of their subscriber. */
export function prepareClaim(database: Database) {
	/** Subscribers whose last claim gave something: there is likely more, so the look is left out. */
	const busy = new Set<string>();
	// Makes lease tokens unique to this process, whatever its name.
	const origin = randomBytes(6).toString('hex');
	let leases = 0;

	return async function claim(request: ClaimRequest): Promise<Claimed> {
		const { subscriberId, now } = request;
		if (!busy.has(subscriberId)) {
			const [preview] = await database.query<Preview>('deliver', LOOK, [subscriberId, now]);
			if (preview === undefined) return NOTHING;
			const refused = refuseClaim(preview, now);
			if (refused !== null) return refused;
			if (!preview.due) {
				const { hold } = allow({ ...preview, rate_tokens: null, rate_at: null }, request, 0);
				return { deliveries: [], wakeAt: preview.next_due, hold };
			}
		}
		leases += 1;
		const claimed = await database.transaction('deliver', (connection) =>
			leaseDue(connection, request, `${request.holder}:${origin}:${leases}`),
		);
		if (claimed.deliveries.length > 0) busy.add(subscriberId);
		else busy.delete(subscriberId);
		return claimed;
	};
}

async function leaseDue(connection: Connection, request: ClaimRequest, token: string): Promise<Claimed> {
	const { subscriberId, now } = request;
	const [, { rows: states }, { rows: counts }] = await Promise.all([
		// A lease need not be durable: lost with the server, it is as if it had ended.
		connection.query('SET LOCAL synchronous_commit = off'),
		connection.query<ClaimRow>({ name: 'lock-subscriber', text: LOCK_SUBSCRIBER, values: [subscriberId] }),
		connection.query<{ leased: number }>({ name: 'count-leased', text: COUNT_LEASED, values: [subscriberId, now] }),
	]);
	const [state] = states;
	if (state === undefined) return NOTHING;
	const refused = refuseClaim(state, now);
	if (refused !== null) return refused;
	const { limit, from, hold, spend } = allow(state, request, counts[0]?.leased ?? 0);
	const deliveries = limit === 0 ? [] : await leaseRows(connection, request, { token, limit, from });
	const spent = spend(deliveries.length);
	if (spent !== null && deliveries.length > 0) {
		await connection.query(SPEND, [subscriberId, spent.budget.tokens, spent.budget.at]);
	}
	if (spent !== null && spent.wakeAt !== null) return { deliveries, wakeAt: spent.wakeAt, hold };
	const { rows } = await connection.query<{ due_at: number }>({
		...{ name: 'next-due', text: NEXT_DUE },
		values: [subscriberId, now],
	});
	return { deliveries, wakeAt: rows[0]?.due_at ?? null, hold };
}

async function leaseRows(
	connection: Connection,
	{ subscriberId, order, withBody, now, leaseMs }: ClaimRequest,
	{ token, limit, from }: { token: string; limit: number; from: 'oldest' | 'newest' },
): Promise<readonly ClaimedDelivery[]> {
	const carried = withBody ? 'body' : 'bare';
	const { rows } = await connection.query<Omit<ClaimedDelivery, 'subscriberId' | 'lease'>>({
		name: `lease-${order}-${carried}-${from}`,
		text: LEASE[order][carried][from],
		values: [subscriberId, now, limit, token, now + leaseMs],
	});
	return rows.map((row) => ({ ...row, subscriberId, lease: token }));
}
