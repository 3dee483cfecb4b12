import type { DatabaseSync } from 'node:sqlite';
import { isDeepStrictEqual } from 'node:util';
import { nextHealth } from '../relay/rules.ts';
import type { Settlement } from '../relay/store.ts';
import { healthOf } from './claim-deliveries.ts';

type Held = { seq: number; lease: string | null; state: string };
type Health = Parameters<typeof healthOf>[0];

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
		`UPDATE subscriber SET pause_reason = ?, paused_by = ?, paused_at = ? WHERE subscriber_id = ? AND paused_by IS NOT 'operator'`,
	);
	const noteSuccess = database.prepare('UPDATE subscriber SET last_success_at = ? WHERE subscriber_id = ?');
	const noteFailure = database.prepare(
		'UPDATE subscriber SET last_failure_at = ?, last_failure_reason = ? WHERE subscriber_id = ?',
	);

	function settleDelivery(settlement: Settlement, held: Held, now: number): void {
		const { subscriberId, attempt, outcome } = settlement;
		if (outcome.kind === 'delivered') {
			// Also without the lease: it arrived, so nobody need try again.
			finish.run('delivered', now, attempt.reason, held.seq, subscriberId);
			return;
		}
		if (held.lease !== settlement.lease || held.state !== 'pending') return;
		if (outcome.kind === 'dead') {
			finish.run('dead', now, attempt.reason, held.seq, subscriberId);
		} else {
			putBack.run(outcome.dueAt, attempt.reason, held.seq, subscriberId);
		}
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
		const before = readHealth.get(subscriberId) as Health | undefined;
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
