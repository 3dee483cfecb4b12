import type { DatabaseSync } from 'node:sqlite';
import type { Settlement } from '../relay/event-store.ts';
import { nextHealth } from '../relay/subscriber-health.ts';

type Held = { seq: number; lease: string | null; state: string };
type Health = { consecutive_failures: number; held_until: number };

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
	const pause = database.prepare(
		`UPDATE subscriber SET pause_reason = ?, paused_by = 'relay', paused_at = ? WHERE subscriber_id = ? AND paused_by IS NULL`,
	);
	const readHealth = database.prepare(
		'SELECT consecutive_failures, held_until FROM subscriber WHERE subscriber_id = ?',
	);
	const writeHealth = database.prepare(
		'UPDATE subscriber SET consecutive_failures = ?, held_until = ? WHERE subscriber_id = ?',
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
		} else if (outcome.kind === 'retry') {
			putBack.run(outcome.dueAt, attempt.reason, held.seq, subscriberId);
		} else {
			putBack.run(now, attempt.reason, held.seq, subscriberId);
			pause.run(outcome.disable ? `disabled: ${attempt.reason}` : attempt.reason, now, subscriberId);
		}
	}

	return function settle(settlement: Settlement): void {
		const { subscriberId, attempt, outcome, health: signal } = settlement;
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
		const health = { consecutiveFailures: before.consecutive_failures, heldUntil: before.held_until };
		const next = nextHealth(health, signal, now);
		if (next.consecutiveFailures !== health.consecutiveFailures || next.heldUntil !== health.heldUntil) {
			writeHealth.run(next.consecutiveFailures, next.heldUntil, subscriberId);
		}
		if (outcome.kind === 'delivered') noteSuccess.run(now, subscriberId);
		else noteFailure.run(now, attempt.reason, subscriberId);
	};
}
