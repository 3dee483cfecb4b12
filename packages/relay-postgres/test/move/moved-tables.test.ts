import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { temporaryFolder } from '@instagram-insights/webhook-relay/test/temporary-folder';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COLUMN_KINDS } from '../../src/move/column-kind.ts';
import { MOVED_TABLES } from '../../src/move/moved-tables.ts';
import { openPostgresStore } from '../../src/postgres-store.ts';
import { type PostgresServer, startPostgres } from '../postgres-server.ts';
import { openSample } from './sample-source.ts';

let server: PostgresServer;
beforeAll(async () => {
	server = await startPostgres();
});
afterAll(() => server.remove());

describe('MOVED_TABLES', () => {
	test('fills every column of every table of the PostgreSQL store, by its type', async () => {
		await (await openPostgresStore({ url: server.url(), dedupMs: 1, replica: 'one' })).close();
		const columns = await server.query(
			`SELECT table_name AS name, column_name AS column, data_type AS type FROM information_schema.columns
			 WHERE table_schema = 'relay' AND table_name NOT IN ('migration', 'move', 'moved_table', 'clock')`,
		);
		const lines = (rows: readonly Record<string, unknown>[]) =>
			rows.map(({ name, column, type }) => `${name}.${column} ${type}`).sort();
		const moved = MOVED_TABLES.flatMap(({ name, columns: own }) =>
			Object.entries(own).map(([column, kind]) => ({ name, column, type: COLUMN_KINDS[kind].type })),
		);
		expect(lines(moved)).toEqual(lines(columns));
	});

	test('reads every column of the SQLite store', async () => {
		const path = join(temporaryFolder(), 'relay.db');
		await (await openSample(path)).close();
		const database = new DatabaseSync(path, { readOnly: true });
		const columns = database
			.prepare(
				`SELECT tables.name || '.' || columns.name AS column FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns
				 WHERE tables.type = 'table'`,
			)
			.all()
			.map(({ column }) => String(column));
		database.close();
		const sql = MOVED_TABLES.map(({ read }) => read).join('\n');
		const unread = columns.filter((column) => !new RegExp(`\\b${column.split('.')[1]}\\b`).test(sql));
		// The order, worked out anew from the account, and a sign of that; the clock.
		expect(unread).toEqual(['delivery.order_key', 'subscriber.ordered', 'clock.at', 'clock.checks']);
	});
});
