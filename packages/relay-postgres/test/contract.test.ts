import { describeAdminContract } from '@instagram-insights/webhook-relay/test/admin/store-contract';
import { type ContractOptions, describeStoreContract } from '@instagram-insights/webhook-relay/test/relay/contract';
import { afterAll, beforeAll } from 'vitest';
import { openPostgresStore } from '../src/postgres-store.ts';
import { type PostgresServer, startPostgres } from './postgres-server.ts';

let server: PostgresServer;
beforeAll(async () => {
	server = await startPostgres();
});
afterAll(() => server.remove());

let url = '';
const options: ContractOptions = {
	open: async ({ dedupMs }) => {
		url = await server.createDatabase();
		return openPostgresStore({ url, dedupMs, replica: 'one' });
	},
	// Another replica on the same database: it knows nothing but what was committed.
	reopen: () => openPostgresStore({ url, dedupMs: 7 * 86_400_000, replica: 'two' }),
	async refuseDeliveries() {
		const database = new URL(url).pathname.slice(1);
		await server.query(
			`CREATE FUNCTION relay.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$`,
			database,
		);
		await server.query(
			'CREATE TRIGGER refuse BEFORE UPDATE ON relay.delivery EXECUTE FUNCTION relay.refuse()',
			database,
		);
		return async () => void (await server.query('DROP TRIGGER refuse ON relay.delivery', database));
	},
	async hideTable(name) {
		const database = new URL(url).pathname.slice(1);
		await server.query(`ALTER TABLE relay.${name} RENAME TO hidden`, database);
		return async () => void (await server.query(`ALTER TABLE relay.hidden RENAME TO ${name}`, database));
	},
};
describeStoreContract('the PostgreSQL store', options);
describeAdminContract('the PostgreSQL store', options);
