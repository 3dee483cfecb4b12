import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { isDeepStrictEqual } from 'node:util';
import { allow, type ClaimRow, type HealthRow, healthOf, nextHealth, refuseClaim } from '../guard/limits.ts';
import type { Claimed, ClaimedDelivery, ClaimRequest, Settlement } from '../relay/store.ts';

/** SQLite has no booleans. */
type DueRow = Omit<ClaimedDelivery, 'subscriberId' | 'lease' | 'sample' | 'replay'> & {
	seq: number;
	sample: number;
	replay: number;
};

const NOTHING: Claimed = { deliveries: [], wakeAt: null, hold: null };

/** What a delivery carries of its event: the columns of `EventPayload` in the table event. */
export const CARRIED = `e.event_id AS eventId, e.object, e.sample, e.field, e.account_id AS accountId,
	e.occurred_at AS occurredAt, e.received_at AS receivedAt, e.value`;
const SELECT = `SELECT e.seq, d.attempts, d.replay, ${CARRIED},
		iif(:withBody, r.body, NULL) AS body, iif(:withBody, r.signature, NULL) AS signature
	FROM delivery d JOIN event e ON e.seq = d.event_seq JOIN receipt r ON r.id = e.receipt_id`;

/** Served by delivery_due: due time, then order of receiving. */
const BY_DUE_TIME = "WHERE d.subscriber_id = :subscriber AND d.state = 'pending' AND d.due_at <= :now";
/** Served by the primary key of delivery, from its end: the sign keeps the planner from sorting all that is due. */
const BY_RECEIVING = BY_DUE_TIME.replace('d.state', '+d.state');
/**
 * The oldest pending delivery of each account, leased ones included; of them those that are due, of accounts that have
 * no other under way. The recursion steps from account to account on delivery_in_order: one look-up per account.
 */
const PENDING_IN_ORDER = "subscriber_id = :subscriber AND state = 'pending' AND order_key IS NOT NULL";
const BY_ACCOUNT = `${BY_DUE_TIME}
	AND d.event_seq IN (
		WITH RECURSIVE account (id) AS (
			SELECT min(order_key) FROM delivery WHERE ${PENDING_IN_ORDER}
			UNION ALL
			SELECT (SELECT min(order_key) FROM delivery WHERE ${PENDING_IN_ORDER} AND order_key > account.id)
			FROM account WHERE account.id IS NOT NULL
		)
		SELECT (SELECT min(event_seq) FROM delivery WHERE ${PENDING_IN_ORDER} AND order_key = account.id)
		FROM account WHERE account.id IS NOT NULL AND account.id NOT IN (
			SELECT order_key FROM delivery
			WHERE subscriber_id = :subscriber AND lease IS NOT NULL AND due_at > :now AND order_key IS NOT NULL)
	)`;
const FROM = {
	oldest: 'ORDER BY d.due_at, d.event_seq LIMIT :limit',
	// Not the one that was due last: it has failed before.
	newest: 'ORDER BY d.event_seq DESC LIMIT :limit',
};

/** Leasing due deliveries within the limits of their subscriber. Runs inside the caller's transaction. */
export function prepareClaim(database: DatabaseSync) {
	const readSubscriber = database.prepare(
		`SELECT paused_by, consecutive_failures, held_until, refused_since, rate_tokens, rate_at
		 FROM subscriber WHERE subscriber_id = ?`,
	);
	// Served by delivery_leased; at most `concurrency` rows.
	const countLeased = database.prepare(
		'SELECT count(*) AS leased FROM delivery WHERE subscriber_id = ? AND lease IS NOT NULL AND due_at > ?',
	);
	// Served by delivery_due.
	const findNextDue = database.prepare(
		`SELECT min(due_at) AS due FROM delivery WHERE subscriber_id = ? AND state = 'pending' AND due_at > ?`,
	);
	const select = (due: string, received = due) => ({
		oldest: database.prepare(`${SELECT} ${due} ${FROM.oldest}`),
		newest: database.prepare(`${SELECT} ${received} ${FROM.newest}`),
	});
	const selects = { none: select(BY_DUE_TIME, BY_RECEIVING), account: select(BY_ACCOUNT) };
	const lease = database.prepare('UPDATE delivery SET lease = ?, due_at = ? WHERE event_seq = ? AND subscriber_id = ?');
	const writeBudget = database.prepare('UPDATE subscriber SET rate_tokens = ?, rate_at = ? WHERE subscriber_id = ?');
	// Makes lease tokens unique to this process: a late settlement of another process matches nothing.
	const origin = randomBytes(6).toString('hex');
	let leases = 0;

	return function claim(request: ClaimRequest): Claimed {
		const { subscriberId, now } = request;
		const state = readSubscriber.get(subscriberId) as ClaimRow | undefined;
		if (state === undefined) return NOTHING;
		const refused = refuseClaim(state, now);
		if (refused !== null) return refused;
		const { leased } = countLeased.get(subscriberId, now) as { leased: number };
		const { limit, from, hold, spend } = allow(state, request, leased);
		const wanted = { subscriber: subscriberId, now, limit, withBody: request.withBody ? 1 : 0 };
		const rows = limit === 0 ? [] : (selects[request.order][from].all(wanted) as DueRow[]);
		const deliveries = rows.map(({ seq, ...row }): ClaimedDelivery => {
			leases += 1;
			const token = `${request.holder}:${origin}:${leases}`;
			lease.run(token, now + request.leaseMs, seq, subscriberId);
			return { ...row, sample: row.sample === 1, replay: row.replay === 1, subscriberId, lease: token };
		});
		const spent = spend(rows.length);
		if (spent !== null && rows.length > 0) writeBudget.run(spent.budget.tokens, spent.budget.at, subscriberId);
		if (spent !== null && spent.wakeAt !== null) return { deliveries, wakeAt: spent.wakeAt, hold };
		const next = findNextDue.get(subscriberId, now) as { due: number | null };
		return { deliveries, wakeAt: next.due, hold };
	};
}

type Held = { seq: number; lease: string | null; state: string };

/** Recording attempts and what follows from them. Runs inside the caller's transaction. */
export function prepareSettle(database: DatabaseSync) {
	// Served by the unique index on event_id, then by the primary key of delivery.
	const findDelivery = database.prepare(
		`SELECT e.seq, d.lease, d.state FROM event e JOIN delivery d ON d.event_seq = e.seq AND d.subscriber_id = ?
		 WHERE e.event_id = ?`,
	);
	const logAttempt = database.prepare(
		`INSERT INTO attempt (event_seq, subscriber_id, number, started_at, duration_ms, status, reason, excerpt)
		 VALUES (:seq, :subscriber,
			1 + (SELECT coalesce(max(number), 0) FROM attempt WHERE event_seq = :seq AND subscriber_id = :subscriber),
			:started, :duration, :status, :reason, :excerpt)`,
	);
	const finish = database.prepare(
		`UPDATE delivery SET state = ?, settled_at = ?, reason = ?, attempts = attempts + 1, lease = NULL
		 WHERE event_seq = ? AND subscriber_id = ?`,
	);
	const putBack = database.prepare(
		`UPDATE delivery SET due_at = ?, reason = ?, attempts = attempts + 1, lease = NULL
		 WHERE event_seq = ? AND subscriber_id = ?`,
	);
	const readHealth = database.prepare(
		'SELECT consecutive_failures, held_until, refused_since, paused_by FROM subscriber WHERE subscriber_id = ?',
	);
	const writeHealth = database.prepare(
		'UPDATE subscriber SET consecutive_failures = ?, held_until = ?, refused_since = ? WHERE subscriber_id = ?',
	);
	// An operator's pause is the operator's to end.
	const writePause = database.prepare(
		`UPDATE subscriber SET pause_reason = ?, paused_by = ?, paused_at = ?
		 WHERE subscriber_id = ? AND paused_by IS NOT 'operator'`,
	);
	const noteSuccess = database.prepare('UPDATE subscriber SET last_success_at = ? WHERE subscriber_id = ?');
	const noteFailure = database.prepare(
		'UPDATE subscriber SET last_failure_at = ?, last_failure_reason = ? WHERE subscriber_id = ?',
	);

	function settleDelivery(settlement: Settlement, held: Held, now: number): void {
		const { subscriberId, attempt, outcome } = settlement;
		if (outcome.kind === 'delivered') {
			// Also without the lease: it arrived, so it need not be tried again.
			finish.run('delivered', now, attempt.reason, held.seq, subscriberId);
			return;
		}
		if (held.lease !== settlement.lease || held.state !== 'pending') return;
		if (outcome.kind === 'dead') finish.run('dead', now, attempt.reason, held.seq, subscriberId);
		else putBack.run(outcome.dueAt, attempt.reason, held.seq, subscriberId);
	}

	return function settle(settlement: Settlement): void {
		const { subscriberId, attempt, outcome, verdict } = settlement;
		const now = attempt.startedAt + attempt.durationMs;
		const held = findDelivery.get(subscriberId, settlement.eventId) as Held | undefined;
		if (held !== undefined) {
			logAttempt.run({
				seq: held.seq,
				subscriber: subscriberId,
				started: attempt.startedAt,
				duration: attempt.durationMs,
				status: attempt.status,
				reason: attempt.reason,
				excerpt: attempt.excerpt,
			});
			settleDelivery(settlement, held, now);
		}
		const before = readHealth.get(subscriberId) as HealthRow | undefined;
		if (before === undefined) return;
		const health = healthOf(before);
		const next = nextHealth(health, verdict, now);
		if (!isDeepStrictEqual(next, health)) {
			writeHealth.run(next.failures, next.heldUntil, next.refusedSince, subscriberId);
		}
		if (next.paused !== health.paused) {
			const pause = next.paused ? ([attempt.reason, 'relay', now] as const) : ([null, null, null] as const);
			writePause.run(...pause, subscriberId);
		}
		if (outcome.kind === 'delivered') noteSuccess.run(now, subscriberId);
		else noteFailure.run(now, attempt.reason, subscriberId);
	};
}
