import { isDeepStrictEqual } from 'node:util';
import { healthOf, nextHealth, type SubscriberHealth } from '@instagram-insights/webhook-relay/guard/limits';
import type { Settlement } from '@instagram-insights/webhook-relay/relay/store';
import type { Connection } from './database.ts';
import { storableText } from './storable-text.ts';

type Held = {
	place: number;
	event_seq: number;
	lease: string | null;
	state: string;
	due_at: number;
	attempts: number;
	tries: number;
	settled_at: number | null;
	reason: string | null;
};

/** Served by the unique index on event_id, then by the primary key of delivery. Locked in one order: no circles. */
const HOLD = `
SELECT given.place::int, delivery.event_seq, delivery.lease, delivery.state, delivery.due_at, delivery.attempts, delivery.tries,
	delivery.settled_at, delivery.reason
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS given (event_id, subscriber_id, place)
	JOIN relay.event ON event.event_id = given.event_id
	JOIN relay.delivery ON delivery.event_seq = event.seq AND delivery.subscriber_id = given.subscriber_id
ORDER BY delivery.event_seq, delivery.subscriber_id FOR UPDATE OF delivery`;
/** Served by the primary key of delivery. */
const UPDATE = `
UPDATE relay.delivery SET state = given.state, due_at = given.due_at, attempts = given.attempts, tries = given.tries,
	lease = given.lease, settled_at = given.settled_at, reason = given.reason
FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::int[], $6::int[], $7::text[], $8::bigint[], $9::text[])
	AS given (event_seq, subscriber_id, state, due_at, attempts, tries, lease, settled_at, reason)
WHERE delivery.event_seq = given.event_seq AND delivery.subscriber_id = given.subscriber_id`;
const LOG = `
INSERT INTO relay.attempt (event_seq, subscriber_id, number, started_at, duration_ms, status, reason, excerpt)
SELECT * FROM unnest($1::bigint[], $2::text[], $3::int[], $4::bigint[], $5::int[], $6::int[], $7::text[], $8::text[])`;
const HEALTH = `
SELECT subscriber_id, paused_by, consecutive_failures, held_until, refused_since
FROM relay.subscriber WHERE subscriber_id = ANY ($1)`;
const SET_HEALTH = `
UPDATE relay.subscriber SET consecutive_failures = $2, held_until = $3, refused_since = $4 WHERE subscriber_id = $1`;
/** An operator's pause is the operator's to end. */
const SET_PAUSE = `
UPDATE relay.subscriber SET pause_reason = $2, paused_by = $3, paused_at = $4
WHERE subscriber_id = $1 AND paused_by IS DISTINCT FROM 'operator'`;
/** Served by the primary key of subscriber_clock. */
const KEEP_TIME = `
INSERT INTO relay.subscriber_clock AS clock (subscriber_id, writer, last_success_at, last_failure_at, last_failure_reason)
SELECT subscriber_id, $1::smallint, success_at, failure_at, failure_reason
FROM unnest($2::text[], $3::bigint[], $4::bigint[], $5::text[]) AS given (subscriber_id, success_at, failure_at, failure_reason)
ON CONFLICT (subscriber_id, writer) DO UPDATE SET
	last_success_at = greatest(clock.last_success_at, excluded.last_success_at),
	last_failure_at = coalesce(excluded.last_failure_at, clock.last_failure_at),
	last_failure_reason = coalesce(excluded.last_failure_reason, clock.last_failure_reason)`;

/**
 * Record attempts and what follows from them, in one transaction that the caller commits.
 *
 * @param settlements no delivery twice: see `withoutRepetition`
 */
export async function settleAttempts(
	connection: Connection,
	settlements: readonly Settlement[],
	writer: number,
): Promise<void> {
	const { rows } = await connection.query<Held>({
		name: 'hold-deliveries',
		text: HOLD,
		values: [settlements.map(({ eventId }) => eventId), settlements.map(({ subscriberId }) => subscriberId)],
	});
	const changes = rows.flatMap((held) => {
		const settlement = settlements[held.place - 1];
		return settlement === undefined ? [] : [changeOf(settlement, held)];
	});
	const column = <Key extends keyof Change>(key: Key) => changes.map((change) => change[key]);
	const attempts = changes.map(({ settlement }) => settlement.attempt);
	const ids = changes.map(({ settlement }) => settlement.subscriberId);
	const [seqs, tries] = [column('seq'), column('tries')];
	const reasons = attempts.map(({ reason }) => storableText(reason));
	await Promise.all([
		connection.query({
			...{ name: 'update-deliveries', text: UPDATE },
			values: [
				...[seqs, ids, column('state'), column('dueAt'), column('attempts'), tries],
				...[column('lease'), column('settledAt'), column('reason')],
			],
		}),
		connection.query({
			...{ name: 'log-attempts', text: LOG },
			values: [
				...[seqs, ids, tries, attempts.map(({ startedAt }) => startedAt), attempts.map(({ durationMs }) => durationMs)],
				...[attempts.map(({ status }) => status), reasons, attempts.map(({ excerpt }) => storableText(excerpt))],
			],
		}),
		connection.query({ name: 'keep-time', text: KEEP_TIME, values: [writer, ...clockValues(settlements)] }),
	]);
	await settleHealth(connection, settlements);
}

/** Parts in which no delivery stands twice, in order. Twice happens only when a lease ran out under an attempt. */
export function withoutRepetition(settlements: readonly Settlement[]): readonly (readonly Settlement[])[] {
	const parts: Settlement[][] = [];
	const turns = new Map<string, number>();
	for (const settlement of settlements) {
		const name = `${settlement.eventId} ${settlement.subscriberId}`;
		const turn = turns.get(name) ?? 0;
		turns.set(name, turn + 1);
		parts[turn] ??= [];
		parts[turn].push(settlement);
	}
	return parts;
}

type Change = ReturnType<typeof changeOf>;

/** What becomes of a delivery. Without the lease only `delivered` counts: it arrived, so it need not be tried again. */
function changeOf(settlement: Settlement, held: Held) {
	const { attempt, outcome, lease, subscriberId } = settlement;
	const isOurs = held.lease === lease && held.state === 'pending';
	const counts = isOurs || outcome.kind === 'delivered';
	const ends = counts && (outcome.kind === 'delivered' || outcome.kind === 'dead');
	const dueAt = outcome.kind === 'retry' ? outcome.dueAt : held.due_at;
	return {
		settlement,
		seq: held.event_seq,
		subscriberId,
		state: ends ? outcome.kind : held.state,
		dueAt: counts ? dueAt : held.due_at,
		attempts: held.attempts + (counts ? 1 : 0),
		tries: held.tries + 1,
		lease: counts ? null : held.lease,
		settledAt: ends ? endOf(settlement) : held.settled_at,
		reason: counts ? storableText(attempt.reason) : held.reason,
	};
}

function endOf({ attempt }: Settlement): number {
	return attempt.startedAt + attempt.durationMs;
}

/** Health changes rarely: it is read without a lock, and the row is locked only to be changed. */
async function settleHealth(connection: Connection, settlements: readonly Settlement[]): Promise<void> {
	const bySubscriber = Map.groupBy(settlements, ({ subscriberId }) => subscriberId);
	const affected = (rows: readonly HealthRow[]) =>
		rows.flatMap((row) => {
			const settled = bySubscriber.get(row.subscriber_id) ?? [];
			const before = healthOf(row);
			const after = settled.reduce<SubscriberHealth>(
				(health, settlement) => nextHealth(health, settlement.verdict, endOf(settlement)),
				before,
			);
			return isDeepStrictEqual(before, after) ? [] : [{ id: row.subscriber_id, before, after, last: settled.at(-1) }];
		});
	const ids = [...bySubscriber.keys()].sort();
	const { rows } = await connection.query<HealthRow>({ name: 'read-health', text: HEALTH, values: [ids] });
	const changing = affected(rows).map(({ id }) => id);
	if (changing.length === 0) return;
	const locked = await connection.query<HealthRow>(`${HEALTH} ORDER BY subscriber_id FOR UPDATE`, [changing]);
	for (const { id, before, after, last } of affected(locked.rows)) {
		await connection.query(SET_HEALTH, [id, after.failures, after.heldUntil, after.refusedSince]);
		if (before.paused === after.paused || last === undefined) continue;
		const pause = after.paused ? [last.attempt.reason, 'relay', endOf(last)] : [null, null, null];
		await connection.query(SET_PAUSE, [id, ...pause]);
	}
}

type HealthRow = Parameters<typeof healthOf>[0] & { subscriber_id: string };

function clockValues(settlements: readonly Settlement[]): unknown[][] {
	const groups = [...Map.groupBy(settlements, ({ subscriberId }) => subscriberId)].sort(([a], [b]) => (a < b ? -1 : 1));
	const rows = groups.map(([id, group]) => {
		const success = group.findLast(({ outcome }) => outcome.kind === 'delivered');
		const failure = group.findLast(({ outcome }) => outcome.kind !== 'delivered');
		return {
			id,
			successAt: success === undefined ? null : endOf(success),
			failureAt: failure === undefined ? null : endOf(failure),
			failureReason: failure === undefined ? null : storableText(failure.attempt.reason),
		};
	});
	return [
		rows.map(({ id }) => id),
		rows.map(({ successAt }) => successAt),
		rows.map(({ failureAt }) => failureAt),
		rows.map(({ failureReason }) => failureReason),
	];
}
