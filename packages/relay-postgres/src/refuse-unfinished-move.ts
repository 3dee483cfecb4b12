import { StoreError } from '@instagram-insights/webhook-relay/relay/store';
import type { ClientBase } from 'pg';

/**
 * A relay that starts while `migrate` fills the database would deliver half of it, and store again what is still to come.
 *
 * @throws {StoreError} a move is not finished
 */
export async function refuseUnfinishedMove(client: ClientBase): Promise<void> {
	const { rows } = await client.query('SELECT 1 FROM relay.move WHERE finished_at IS NULL');
	if (rows.length === 0) return;
	throw new StoreError(
		'locked',
		'a store is being moved into this database, and that is not finished: run "instagram-webhook-relay migrate" to its end, then start the relay',
	);
}
