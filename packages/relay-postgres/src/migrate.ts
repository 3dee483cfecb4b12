import { readdirSync, readFileSync } from 'node:fs';
import type { ClientBase } from 'pg';

const FOLDER = new URL('./migrations/', import.meta.url);
/** Any number that nothing else in the database locks. */
const MIGRATION_LOCK = 7_251_904_418;

/**
 * Bring the schema `relay` up to date: each numbered file once, in order, each in a transaction with its number. Replicas
 * that start together wait for the first and find the work done.
 *
 * @param client a connection of its own, not pooled
 * @throws {Error} the database was written by a newer relay, or the user may not create a schema
 */
export async function migrate(client: ClientBase): Promise<void> {
	const files = readdirSync(FOLDER)
		.filter((name) => /^\d{4}-.*\.sql$/.test(name))
		.sort();
	await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
	try {
		const done = await readVersion(client);
		if (done > files.length) {
			throw new Error(`the database has schema ${done}, this relay knows ${files.length}: start the newer relay`);
		}
		for (const [index, name] of files.entries()) {
			if (index < done) continue;
			const sql = readFileSync(new URL(name, FOLDER), 'utf8');
			const number = `INSERT INTO relay.migration (number, name) VALUES (${index + 1}, '${name}')`;
			// One simple query: all of it is one transaction.
			await client.query(`BEGIN;\n${sql};\n${number};\nCOMMIT`);
		}
	} finally {
		await client.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
	}
}

async function readVersion(client: ClientBase): Promise<number> {
	const { rows } = await client.query<{ known: boolean }>(`SELECT to_regclass('relay.migration') IS NOT NULL AS known`);
	if (rows[0]?.known !== true) {
		await client.query(
			`CREATE SCHEMA IF NOT EXISTS relay;
			 CREATE TABLE relay.migration (number integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`,
		);
	}
	const versions = await client.query<{ done: number }>('SELECT coalesce(max(number), 0) AS done FROM relay.migration');
	return versions.rows[0]?.done ?? 0;
}
