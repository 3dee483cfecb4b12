import type { AdminStore } from '@instagram-insights/webhook-relay/admin/admin-store';
import type { Connection, Database } from './database.ts';

const CLEAR =
	'pause_reason = NULL, paused_by = NULL, paused_at = NULL, consecutive_failures = 0, held_until = 0, refused_since = NULL';

const FORGET = 'UPDATE relay.subscriber SET known = false WHERE known AND subscriber_id <> ALL ($1)';
/** Changed settings may have fixed what made the relay pause it; an operator's pause is the operator's to end. */
const REVIVE = `
UPDATE relay.subscriber SET ${CLEAR} FROM unnest($1::text[], $2::text[]) AS given (subscriber_id, revision)
WHERE subscriber.subscriber_id = given.subscriber_id AND subscriber.revision IS DISTINCT FROM given.revision
	AND paused_by IS DISTINCT FROM 'operator'`;
const REMEMBER = `
INSERT INTO relay.subscriber (subscriber_id, known, revision)
SELECT subscriber_id, true, revision FROM unnest($1::text[], $2::text[]) AS given (subscriber_id, revision)
ORDER BY subscriber_id
ON CONFLICT (subscriber_id) DO UPDATE SET known = true, revision = excluded.revision`;
const PAUSE = `
INSERT INTO relay.subscriber (subscriber_id, pause_reason, paused_by, paused_at) VALUES ($1, $2, 'operator', $3)
ON CONFLICT (subscriber_id) DO UPDATE SET pause_reason = excluded.pause_reason, paused_by = excluded.paused_by,
	paused_at = excluded.paused_at`;
const KEEP_LIST = `
INSERT INTO relay.subscriber_list (id, text) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET text = excluded.text`;
/** Served by delivery_leased. */
const END_LEASES = `
UPDATE relay.delivery SET lease = NULL, due_at = $2
WHERE subscriber_id IN (SELECT subscriber_id FROM relay.subscriber) AND lease IS NOT NULL AND state = 'pending'
	AND starts_with(lease, $1)`;
/** Replicas that read the same change at once take turns, because the rows are locked in no fixed order. */
const ONE_AT_A_TIME = 'SELECT pg_advisory_xact_lock(1785097)';

/** What is remembered of subscribers, for all replicas. */
export function keepSubscribers(
	database: Database,
): Pick<AdminStore, 'route' | 'lastList' | 'pause' | 'resume' | 'releaseLeases'> {
	const run = (text: string, values: readonly unknown[]) =>
		database.transaction('deliver', async (connection: Connection) => {
			await connection.query(text, [...values]);
		});
	return {
		route: (subscribers, list) =>
			database.transaction('deliver', async (connection) => {
				const ids = subscribers.map(({ id }) => id);
				const rows = [ids, subscribers.map(({ revision }) => revision)];
				await connection.query(ONE_AT_A_TIME);
				if (list !== undefined) await connection.query(KEEP_LIST, [list]);
				await connection.query(FORGET, [ids]);
				await connection.query(REVIVE, rows);
				await connection.query(REMEMBER, rows);
			}),
		async lastList() {
			const [row] = await database.query<{ text: string }>('read', 'SELECT text FROM relay.subscriber_list', []);
			return row?.text ?? null;
		},
		pause: (subscriberId, { reason, now }) => run(PAUSE, [subscriberId, reason, now]),
		resume: (subscriberId) => run(`UPDATE relay.subscriber SET ${CLEAR} WHERE subscriber_id = $1`, [subscriberId]),
		releaseLeases: (holder, now) => run(END_LEASES, [`${holder}:`, now]),
	};
}
