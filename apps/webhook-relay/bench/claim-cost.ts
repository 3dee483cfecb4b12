import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { driver as postgres } from '@instagram-insights/relay-postgres';
import { startPostgres } from '@instagram-insights/relay-postgres/test/postgres-server';
import type { AdminStore } from '../src/admin/admin-store.ts';
import type { RoutedSubscriber } from '../src/relay/store.ts';
import { openSqliteStore } from '../src/sqlite/sqlite-event-store.ts';
import { claimBy, commentReceipt, subscriber } from '../test/relay/sample-receipt.ts';
import { removeFolder } from './bench-relay.ts';
import { count, median, ms, table } from './table.ts';

const BACKLOGS = [1000, 1_000_000];
const BATCH = 50;
const CLAIMS = 200;
const ROUTES: readonly RoutedSubscriber[] = [subscriber('any'), subscriber('ordered', { order: 'account' })];

/** What it costs to lease ten deliveries and settle them, with a thousand and with a million waiting. */
export async function claimCost(): Promise<string> {
	const folder = mkdtempSync(join(tmpdir(), 'relay-bench-'));
	const server = await startPostgres({ durable: true, settings: ['shared_buffers = 256MB', 'max_wal_size = 4GB'] });
	try {
		const stores = {
			SQLite: await openSqliteStore({ path: join(folder, 'relay.db'), dedupMs: 1 }),
			PostgreSQL: await postgres.open({ url: await server.createDatabase(), dedupMs: 1, replica: 'bench' }),
		};
		const rows: (string | number)[][] = [];
		for (const [name, store] of Object.entries(stores)) {
			await store.route(ROUTES);
			let stored = 0;
			for (const backlog of BACKLOGS) {
				await fill(store, stored, backlog);
				stored = backlog;
				rows.push([name, count(backlog), ...(await cost(store, 'any')), ...(await cost(store, 'ordered'))]);
			}
			await store.close();
		}
		return table(
			[
				'store',
				'waiting, for each of two subscribers',
				'claim of 10',
				'its settlement',
				'claim of 10, in order of the account',
				'its settlement',
			],
			rows,
		);
	} finally {
		await server.remove();
		removeFolder(folder);
	}
}

async function fill(store: AdminStore, from: number, to: number): Promise<void> {
	for (let first = from; first < to; first += BATCH * 8) {
		await Promise.all(
			Array.from({ length: 8 }, (_, part) => {
				const start = first + part * BATCH;
				const ids = Array.from({ length: Math.max(0, Math.min(BATCH, to - start)) }, (_, index) => `${start + index}`);
				if (ids.length === 0) return null;
				return store.append(commentReceipt(ids, { accountId: `${(start / BATCH) % 200}`, receivedAt: start }));
			}),
		);
	}
}

async function cost(store: AdminStore, id: 'any' | 'ordered'): Promise<[string, string]> {
	const order = id === 'ordered' ? 'account' : 'none';
	const claims: number[] = [];
	const settlements: number[] = [];
	for (let index = 0; index < CLAIMS; index += 1) {
		const startedAt = performance.now();
		const { deliveries } = await store.claim(claimBy(id, { order, limit: 10, now: Date.now() }));
		const claimedAt = performance.now();
		if (deliveries.length !== 10) throw new Error(`${deliveries.length} claimed`);
		await store.settle(
			deliveries.map(({ eventId, subscriberId, lease }) => ({
				...{ eventId, subscriberId, lease },
				attempt: { startedAt: Date.now(), durationMs: 1, status: 200, reason: 'ok', excerpt: '' },
				outcome: { kind: 'retry', dueAt: 0 },
				verdict: { kind: 'delivered', reason: 'ok' },
			})),
		);
		claims.push(claimedAt - startedAt);
		settlements.push(performance.now() - claimedAt);
	}
	return [ms(median(claims)), ms(median(settlements))];
}
