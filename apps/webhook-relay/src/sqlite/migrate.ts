import { readdirSync, readFileSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';

const FOLDER = new URL('./migrations/', import.meta.url);

/**
 * Bring the schema up to date: each numbered file once, in order, each in a transaction with its number.
 *
 * @throws {Error} the database was written by a newer relay
 */
export function migrate(database: DatabaseSync): void {
	const files = schemaFiles();
	const done = readVersion(database);
	if (done > files.length) {
		throw new Error(`the database has schema ${done}, this relay knows ${files.length}: start the newer relay`);
	}
	for (const [index, name] of files.entries()) {
		if (index < done) continue;
		database.exec('BEGIN IMMEDIATE');
		try {
			// Another process may have been first while this one waited for the lock.
			if (readVersion(database) === index) {
				database.exec(readFileSync(new URL(name, FOLDER), 'utf8'));
				database.exec(`PRAGMA user_version = ${index + 1}`);
			}
			database.exec('COMMIT');
		} catch (error) {
			if (database.isTransaction) database.exec('ROLLBACK');
			throw error;
		}
	}
}

/** Which schema a database has, and which one this relay knows; 0: none. */
export function schemaVersions(database: DatabaseSync): { readonly stands: number; readonly known: number } {
	return { stands: readVersion(database), known: schemaFiles().length };
}

function schemaFiles(): readonly string[] {
	return readdirSync(FOLDER)
		.filter((name) => /^\d{4}-.*\.sql$/.test(name))
		.sort();
}

function readVersion(database: DatabaseSync): number {
	return Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);
}
