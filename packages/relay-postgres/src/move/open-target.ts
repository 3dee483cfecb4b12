import type { Client } from 'pg';
import { openDatabase, RELAY_NAME } from '../database.ts';
import { storeErrorOf } from '../postgres-failure.ts';
import { serverAddresses } from '../server-addresses.ts';
import { MoveError } from './move-error.ts';

/** Steps take as long as they take; commits need not be durable one by one, since the progress is lost with the rows. */
const SETTINGS = `
SET application_name = '${RELAY_NAME} migrate'; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0;
SET lock_timeout = '10s'; SET synchronous_commit = off`;
/** One move at a time. Held by the session: it goes with the process, however that ends. */
const TAKE_TURN = 'SELECT pg_advisory_lock(1785099)';
const RELAYS = `
SELECT count(*)::int AS relays FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1`;

/**
 * Work on the target with a connection that no other move shares, and that no relay disturbs.
 *
 * @throws {MoveError} a relay or another move works on it
 * @throws {StoreError} no server answers, or PostgreSQL refused something
 */
export async function withTarget<Result>(url: string, work: (client: Client) => Promise<Result>): Promise<Result> {
	const database = openDatabase(serverAddresses(url));
	try {
		const client = await database.connect();
		try {
			await client.query(SETTINGS);
			await takeTurn(client);
			await refuseRelays(client);
			return await work(client);
		} finally {
			await client.end().catch(() => {});
		}
	} catch (error) {
		throw isOfPostgres(error) ? storeErrorOf(error) : error;
	} finally {
		await database.close();
	}
}

/** Refused by the server, or the connection broke; anything else keeps its stack. */
function isOfPostgres(error: unknown): boolean {
	return storeErrorOf(error).kind !== 'failed' || (error instanceof Error && 'severity' in error);
}

async function takeTurn(client: Client): Promise<void> {
	try {
		await client.query(TAKE_TURN);
	} catch (error) {
		if (storeErrorOf(error).kind !== 'locked') throw error;
		throw new MoveError('target-in-use', 'another migrate works on the target: let it end', { cause: error });
	}
}

/**
 * Only relays of the same PostgreSQL user show their name. One that starts later finds the unfinished move.
 *
 * @throws {MoveError} a relay has a connection to the target
 */
export async function refuseRelays(client: Client): Promise<void> {
	const { rows } = await client.query<{ relays: number }>(RELAYS, [RELAY_NAME]);
	if (rows[0]?.relays === 0) return;
	throw new MoveError('target-in-use', 'a relay works on the target: stop every replica, then move the store');
}
