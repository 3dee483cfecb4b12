import { ClockWatch } from '@instagram-insights/webhook-relay/admin/retention';
import type { Database } from './database.ts';

/** A new replica begins with what the others have seen. */
const READ = `
SELECT coalesce((SELECT at FROM relay.clock WHERE writer = $1), (SELECT max(at) FROM relay.clock), 0) AS at`;
const WRITE = `
INSERT INTO relay.clock (writer, at) VALUES ($1, $2) ON CONFLICT (writer) DO UPDATE SET at = excluded.at`;
/** Served by delivery_due, all of what waits. */
const PULL_DELIVERIES = `
UPDATE relay.delivery SET due_at = greatest($1::bigint, due_at - $2::bigint) WHERE state = 'pending' AND due_at > $1::bigint`;
const PULL_SUBSCRIBERS = `
UPDATE relay.subscriber SET held_until = greatest(0, held_until - $2::bigint), rate_at = least(rate_at, $1::bigint),
	refused_since = least(refused_since, $1::bigint), paused_at = least(paused_at, $1::bigint)`;
const PULL_ANSWERS = `
UPDATE relay.subscriber_clock SET last_success_at = least(last_success_at, $1::bigint),
	last_failure_at = least(last_failure_at, $1::bigint)`;
const PULL_ACCOUNTS = 'UPDATE relay.account_field SET last_received_at = least(last_received_at, $1::bigint)';

/** The time is written down at most this often. */
const WRITE_TIME_EVERY_MS = 10_000;

/**
 * What waits for a time goes on waiting as long as it would have, when the clock of a replica is set back. Each replica
 * compares with its own last time: replicas whose clocks differ do not pull at each other's deliveries.
 */
export async function watchClock(database: Database, writer: number) {
	const [row] = await database.query<{ at: number }>('read', READ, [writer]);
	let written = row?.at ?? 0;
	const watch = new ClockWatch(written);
	return {
		async see(now: number): Promise<void> {
			const back = watch.see(now, performance.now());
			if (back === 0 && watch.latest < written + WRITE_TIME_EVERY_MS) return;
			written = watch.latest;
			await database.transaction('deliver', async (connection) => {
				if (back > 0) {
					await connection.query(PULL_DELIVERIES, [now, back]);
					await connection.query(PULL_SUBSCRIBERS, [now, back]);
					await connection.query(PULL_ANSWERS, [now]);
					await connection.query(PULL_ACCOUNTS, [now]);
				}
				await connection.query(WRITE, [writer, written]);
			});
		},
		mayRemove: () => watch.mayRemove(performance.now()),
	};
}
